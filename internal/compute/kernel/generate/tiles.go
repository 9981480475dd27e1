package main

// Tiles of codes: the sieve and the plain product.

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"   //nolint:revive // avo is made to be read this way
	. "github.com/mmcloughlin/avo/operand" //nolint:revive // the same
	"github.com/mmcloughlin/avo/reg"
)

const (
	sievingTile  = "func(a *int8, b *uint8, depth, panels int, rowBase, rowLimit, rowID, columnBase, columnLimit, columnID *int32, out *uint32) int"
	multiplyTile = "func(a *int8, b *uint8, depth, panels int, rowBase *int32, out *int32, stride int)"
)

// tile is the state shared by the four tile kernels: pointers that walk over the panels of A.
type tile struct {
	a, b, panelB, depth, k, panels, rowBase, rowLimit, rowID, out, stride, t reg.Register
}

func openTile(sieve bool) tile {
	x := tile{a: load("a"), panelB: load("b"), depth: load("depth"), panels: load("panels"), rowBase: load("rowBase"), out: load("out")}
	if sieve {
		x.rowLimit, x.rowID = load("rowLimit"), load("rowID")
	} else {
		x.stride = load("stride")
		SHLQ(Imm(2), x.stride)
	}
	x.b, x.k, x.t = GP64(), GP64(), GP64()
	return x
}

// next goes on to the next panel of A, whose rows take rowBytes in the tables.
func (x tile) next(label string, rowBytes int) {
	ADDQ(Imm(uint64(rowBytes)), x.rowBase)
	if x.rowLimit != nil {
		ADDQ(Imm(uint64(rowBytes)), x.rowLimit)
		ADDQ(Imm(uint64(rowBytes)), x.rowID)
	}
	DECQ(x.panels)
	JNZ(LabelRef(label))
	VZEROUPPER()
	if x.rowLimit != nil {
		Load(Param("out"), x.t)
		SUBQ(x.t, x.out)
		SHRQ(Imm(2), x.out)
		Store(x.out, ReturnIndex(0))
	}
	RET()
}

// tileVNNI multiplies panels of 12 rows with one panel of 32 columns: 24 sums stay in registers.
// Sieving, a sum starts at rowBase + max(columnBase − rowLimit, columnBase − columnLimit), so that a
// pair survives when its sum ends at 0 or above: the sign bit is the whole test.
func tileVNNI(sieve bool) {
	name, signature := "multiplyVNNI", multiplyTile
	if sieve {
		name, signature = "sieveVNNI", sievingTile
	}
	label := func(s string) string { return name + "_" + s }
	TEXT(name, NOSPLIT, signature)
	x := openTile(sieve)
	sum := func(row, half int) reg.VecPhysical { return zmm[8+2*row+half] }
	Label(label("panel"))
	if sieve {
		startVNNI(x, sum)
	} else {
		for row := range 12 {
			VPBROADCASTD(at(x.rowBase, 4*row), sum(row, 0))
			VMOVDQA32(sum(row, 0), sum(row, 1))
		}
	}
	MOVQ(x.panelB, x.b)
	MOVQ(x.depth, x.k)
	Label(label("depth"))
	VMOVDQU32(at(x.b, 0), zmm[0])
	VMOVDQU32(at(x.b, 64), zmm[1])
	for row := range 12 {
		v := zmm[2+row%6]
		VPBROADCASTD(at(x.a, 4*row), v)
		VPDPBUSD(v, zmm[0], sum(row, 0))
		VPDPBUSD(v, zmm[1], sum(row, 1))
	}
	advance(x.a, 48)
	advance(x.b, 128)
	DECQ(x.k)
	JNZ(LabelRef(label("depth")))
	if !sieve {
		for row := range 12 {
			VMOVDQU32(sum(row, 0), at(x.out, 0))
			VMOVDQU32(sum(row, 1), at(x.out, 64))
			ADDQ(x.stride, x.out)
		}
		x.next(label("panel"), 48)
		return
	}
	emitVNNI(x, sum, label)
	Label(label("next"))
	x.next(label("panel"), 48)
}

func startVNNI(x tile, sum func(row, half int) reg.VecPhysical) {
	Load(Param("columnBase"), x.t)
	VMOVDQU32(at(x.t, 0), zmm[0])
	VMOVDQU32(at(x.t, 64), zmm[1])
	Load(Param("columnLimit"), x.t)
	VPSUBD(at(x.t, 0), zmm[0], zmm[2])
	VPSUBD(at(x.t, 64), zmm[1], zmm[3])
	for row := range 12 {
		for half := range 2 {
			VPSUBD_BCST(at(x.rowLimit, 4*row), zmm[half], sum(row, half))
			VPMAXSD(zmm[2+half], sum(row, half), sum(row, half))
			VPADDD_BCST(at(x.rowBase, 4*row), sum(row, half), sum(row, half))
		}
	}
}

// emitVNNI appends rowID + columnID of each survivor. Most panels have none: their largest sums are
// looked at first.
func emitVNNI(x tile, sum func(row, half int) reg.VecPhysical, label func(string) string) {
	for c := range 4 {
		VPMAXSD(sum(c/2, c%2), sum(c/2+2, c%2), zmm[2+c])
	}
	for row := 4; row < 12; row += 2 {
		for c := range 4 {
			VPMAXSD(sum(row+c/2, c%2), zmm[2+c], zmm[2+c])
		}
	}
	VPMAXSD(zmm[2], zmm[3], zmm[2])
	VPMAXSD(zmm[4], zmm[5], zmm[4])
	VPMAXSD(zmm[2], zmm[4], zmm[2])
	VPMOVD2M(zmm[2], reg.K1)
	KMOVW(reg.K1, x.t.(reg.GPVirtual).As32())
	CMPL(x.t.(reg.GPVirtual).As32(), U32(0xffff))
	JEQ(LabelRef(label("next")))
	count := GP64()
	Load(Param("columnID"), x.t)
	VMOVDQU32(at(x.t, 0), zmm[0])
	VMOVDQU32(at(x.t, 64), zmm[1])
	for row := range 12 {
		none := label(fmt.Sprintf("row%d", row))
		VPMOVD2M(sum(row, 0), reg.K1)
		VPMOVD2M(sum(row, 1), reg.K2)
		KNOTW(reg.K1, reg.K1)
		KNOTW(reg.K2, reg.K2)
		KORTESTW(reg.K1, reg.K2)
		JEQ(LabelRef(none))
		for half, k := range []reg.OpmaskPhysical{reg.K1, reg.K2} {
			// Compressed in a register first: VPCOMPRESSD to memory is slow on Zen 4.
			VPCOMPRESSD_Z(zmm[half], k, zmm[2+half])
			VPADDD_BCST(at(x.rowID, 4*row), zmm[2+half], zmm[2+half])
			KMOVW(k, count.As32())
			POPCNTL(count.As32(), count.As32())
			VMOVDQU32(zmm[2+half], at(x.out, 0))
			LEAQ(Mem{Base: x.out, Index: count, Scale: 4}, x.out)
		}
		Label(none)
	}
}

// tileAVX2 is the same for panels of 4 rows and 16 columns. VPMADDUBSW saturates at 16 bits, so codes
// of A must stay within ±64.
func tileAVX2(sieve bool) {
	name, signature := "multiplyAVX2", multiplyTile
	if sieve {
		name, signature = "sieveAVX2", sievingTile
	}
	label := func(s string) string { return name + "_" + s }
	TEXT(name, NOSPLIT, signature)
	x := openTile(sieve)
	sum := func(row, half int) reg.VecPhysical { return ymm[8+2*row+half] }
	Label(label("panel"))
	if sieve {
		startAVX2(x, sum)
	} else {
		for row := range 4 {
			VPBROADCASTD(at(x.rowBase, 4*row), sum(row, 0))
			VMOVDQA(sum(row, 0), sum(row, 1))
		}
	}
	VPCMPEQW(ymm[7], ymm[7], ymm[7])
	VPSRLW(Imm(15), ymm[7], ymm[7])
	MOVQ(x.panelB, x.b)
	MOVQ(x.depth, x.k)
	Label(label("depth"))
	VMOVDQU(at(x.b, 0), ymm[0])
	VMOVDQU(at(x.b, 32), ymm[1])
	for row := range 4 {
		VPBROADCASTD(at(x.a, 4*row), ymm[2+row%2])
		for half := range 2 {
			v := ymm[4+half]
			VPMADDUBSW(ymm[2+row%2], ymm[half], v)
			VPMADDWD(ymm[7], v, v)
			VPADDD(v, sum(row, half), sum(row, half))
		}
	}
	advance(x.a, 16)
	advance(x.b, 64)
	DECQ(x.k)
	JNZ(LabelRef(label("depth")))
	if !sieve {
		for row := range 4 {
			VMOVDQU(sum(row, 0), at(x.out, 0))
			VMOVDQU(sum(row, 1), at(x.out, 32))
			ADDQ(x.stride, x.out)
		}
		x.next(label("panel"), 16)
		return
	}
	emitAVX2(x, sum, label)
	Label(label("next"))
	x.next(label("panel"), 16)
}

func startAVX2(x tile, sum func(row, half int) reg.VecPhysical) {
	Load(Param("columnBase"), x.t)
	VMOVDQU(at(x.t, 0), ymm[0])
	VMOVDQU(at(x.t, 32), ymm[1])
	Load(Param("columnLimit"), x.t)
	VPSUBD(at(x.t, 0), ymm[0], ymm[2])
	VPSUBD(at(x.t, 32), ymm[1], ymm[3])
	for row := range 4 {
		VPBROADCASTD(at(x.rowLimit, 4*row), ymm[4])
		VPBROADCASTD(at(x.rowBase, 4*row), ymm[5])
		for half := range 2 {
			VPSUBD(ymm[4], ymm[half], sum(row, half))
			VPMAXSD(ymm[2+half], sum(row, half), sum(row, half))
			VPADDD(ymm[5], sum(row, half), sum(row, half))
		}
	}
}

func emitAVX2(x tile, sum func(row, half int) reg.VecPhysical, label func(string) string) {
	for row := range 4 {
		VPMAXSD(sum(row, 0), sum(row, 1), ymm[row])
	}
	VPMAXSD(ymm[0], ymm[1], ymm[0])
	VPMAXSD(ymm[2], ymm[3], ymm[2])
	VPMAXSD(ymm[0], ymm[2], ymm[0])
	t := x.t.(reg.GPVirtual)
	VMOVMSKPS(ymm[0], t.As32())
	CMPL(t.As32(), U32(0xff))
	JEQ(LabelRef(label("next")))
	left, bit, ids, row0 := GP64(), GP64(), GP64(), GP64()
	Load(Param("columnID"), ids)
	for row := range 4 {
		again, none := label(fmt.Sprintf("again%d", row)), label(fmt.Sprintf("row%d", row))
		VMOVMSKPS(sum(row, 0), left.As32())
		VMOVMSKPS(sum(row, 1), bit.As32())
		SHLL(Imm(8), bit.As32())
		ORL(bit.As32(), left.As32())
		XORL(U32(0xffff), left.As32())
		JEQ(LabelRef(none))
		MOVL(at(x.rowID, 4*row), row0.As32())
		Label(again)
		BSFL(left.As32(), bit.As32())
		MOVL(Mem{Base: ids, Index: bit, Scale: 4}, bit.As32())
		ADDL(row0.As32(), bit.As32())
		MOVL(bit.As32(), at(x.out, 0))
		ADDQ(Imm(4), x.out)
		LEAL(at(left, -1), bit.As32())
		ANDL(bit.As32(), left.As32())
		JNE(LabelRef(again))
		Label(none)
	}
}
