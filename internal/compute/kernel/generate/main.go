// Command generate writes the assembly of package kernel. It is a module of its own, so that avo and
// its dependencies never reach the product. Run it in the package's folder with: go generate
package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"   //nolint:revive // avo is made to be read this way
	. "github.com/mmcloughlin/avo/operand" //nolint:revive // the same
	"github.com/mmcloughlin/avo/reg"
)

var (
	zmm = []reg.VecPhysical{
		reg.Z0, reg.Z1, reg.Z2, reg.Z3, reg.Z4, reg.Z5, reg.Z6, reg.Z7, reg.Z8, reg.Z9, reg.Z10, reg.Z11, reg.Z12, reg.Z13, reg.Z14, reg.Z15,
		reg.Z16, reg.Z17, reg.Z18, reg.Z19, reg.Z20, reg.Z21, reg.Z22, reg.Z23, reg.Z24, reg.Z25, reg.Z26, reg.Z27, reg.Z28, reg.Z29, reg.Z30, reg.Z31,
	}
	ymm = []reg.VecPhysical{reg.Y0, reg.Y1, reg.Y2, reg.Y3, reg.Y4, reg.Y5, reg.Y6, reg.Y7, reg.Y8, reg.Y9, reg.Y10, reg.Y11, reg.Y12, reg.Y13, reg.Y14, reg.Y15}
	xmm = []reg.VecPhysical{reg.X0, reg.X1, reg.X2, reg.X3, reg.X4, reg.X5, reg.X6, reg.X7}
)

func load(name string) reg.Register        { return Load(Param(name), GP64()) }
func at(base reg.Register, offset int) Mem { return Mem{Base: base, Disp: offset} }

// advance adds a small constant to a pointer.
func advance(p reg.Register, bytes int) {
	if bytes < 128 {
		ADDQ(Imm(uint64(bytes)), p)
		return
	}
	ADDQ(U32(uint32(bytes)), p)
}

func main() {
	ConstraintExpr("amd64")
	masks := maskTable()
	for _, fused := range []bool{true, false} {
		tileVNNI(fused)
		tileAVX2(fused)
	}
	for _, metric := range []string{"SquaredL2", "ScaledSquaredL2", "Dot"} {
		ranks(metric, true, masks)
		ranks(metric, false, masks)
	}
	codeDotsVNNI()
	codeDotsAVX2()
	gemm(true)
	gemm(false)
	gemm64(true)
	gemm64(false)
	quantise()
	hadamard(true)
	hadamard(false)
	moments()
	pull()
	Generate()
}

// maskTable holds, for n = 0..3, four 32-bit masks of which the first n are set.
func maskTable() Mem {
	table := GLOBL("masks", attr.RODATA|attr.NOPTR)
	for n := range 4 {
		for lane := range 4 {
			mask := uint32(0)
			if lane < n {
				mask = 0xffffffff
			}
			DATA(4*(4*n+lane), U32(mask))
		}
	}
	return table
}

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

// ranks gives the number of vec's function of that name for a list of pairs, with the same bytes: 8
// lanes, element d in lane d mod 8, products and sums rounded one by one, the upper half of the lanes
// folded on the lower. A pair is row<<16 | column; rows[row] and columns[column] are row numbers of x.
func ranks(metric string, wide bool, masks Mem) {
	scaled := metric == "ScaledSquaredL2"
	name, signature := "ranks"+metric+"AVX2", "func(x *float32, d int, rows, columns *int32, pairs *uint32, n int, out *float64)"
	if wide {
		name = "ranks" + metric + "AVX512"
	}
	if scaled {
		signature = "func(x *float32, d int, rows, columns *int32, rowScales, columnScales *float64, pairs *uint32, n int, out *float64)"
	}
	label := func(s string) string { return name + "_" + s }
	TEXT(name, NOSPLIT, signature)
	x, d, rows, columns, pairs, n, out := load("x"), load("d"), load("rows"), load("columns"), load("pairs"), load("n"), load("out")
	i, j, k, nextI, nextJ, ahead := GP64(), GP64(), GP64(), GP64(), GP64(), GP64()
	pointers := func(pair reg.Register, i, j reg.GPVirtual) {
		MOVL(at(pair, 0), i.As32())
		MOVWLZX(i.As16(), j.As32())
		SHRL(Imm(16), i.As32())
		if scaled && pair == pairs {
			scales, vector := GP64(), zmm
			if !wide {
				vector = ymm
			}
			Load(Param("rowScales"), scales)
			VBROADCASTSD(Mem{Base: scales, Index: i, Scale: 8}, vector[6])
			Load(Param("columnScales"), scales)
			VBROADCASTSD(Mem{Base: scales, Index: j, Scale: 8}, vector[7])
		}
		MOVLQSX(Mem{Base: rows, Index: i, Scale: 4}, i)
		MOVLQSX(Mem{Base: columns, Index: j, Scale: 4}, j)
		IMULQ(d, i)
		IMULQ(d, j)
		LEAQ(Mem{Base: x, Index: i, Scale: 4}, i)
		LEAQ(Mem{Base: x, Index: j, Scale: 4}, j)
	}
	Label(label("pair"))
	pointers(pairs, i, j)
	LEAQ(at(pairs, 4), ahead)
	CMPQ(n, Imm(1))
	CMOVQEQ(pairs, ahead)
	pointers(ahead, nextI, nextJ)
	MOVQ(d, k)
	lanes := lanesOf(metric, wide)
	lanes.clear()
	SUBQ(Imm(8), k)
	JLT(LabelRef(label("tail")))
	Label(label("loop"))
	lanes.add(i, j)
	PREFETCHT0(at(nextI, 0))
	PREFETCHT0(at(nextJ, 0))
	for _, p := range []reg.Register{i, j, nextI, nextJ} {
		ADDQ(Imm(32), p)
	}
	SUBQ(Imm(8), k)
	JGE(LabelRef(label("loop")))
	Label(label("tail"))
	ADDQ(Imm(8), k)
	JEQ(LabelRef(label("fold")))
	lanes.tail(i, j, k, masks, label)
	Label(label("fold"))
	lanes.fold()
	VMOVSD(xmm[0], at(out, 0))
	ADDQ(Imm(8), out)
	ADDQ(Imm(4), pairs)
	DECQ(n)
	JNZ(LabelRef(label("pair")))
	VZEROUPPER()
	RET()
}

const codeDotsSignature = "func(a, b *int8, stride int, pairs *uint32, n int, out *int32)"

// openPair sets i and j to the rows of codes of the pair, and the others to those of three pairs ahead,
// which are fetched meanwhile.
func openPair(a, b, stride, pairs, n reg.Register, i, j, nextI, nextJ, ahead reg.GPVirtual) {
	point := func(pair reg.Register, i, j reg.GPVirtual) {
		MOVL(at(pair, 0), i.As32())
		MOVWLZX(i.As16(), j.As32())
		SHRL(Imm(16), i.As32())
		IMULQ(stride, i)
		IMULQ(stride, j)
		ADDQ(a, i)
		ADDQ(b, j)
	}
	point(pairs, i, j)
	LEAQ(at(pairs, 12), ahead)
	CMPQ(n, Imm(4))
	CMOVQLT(pairs, ahead)
	point(ahead, nextI, nextJ)
}

// sum32 leaves the sum of the eight 32-bit numbers of ymm 0 in out.
func sum32(out reg.Register) {
	VEXTRACTI128(Imm(1), ymm[0], xmm[1])
	VPADDD(xmm[0], xmm[1], xmm[0])
	VPSHUFD(Imm(0xee), xmm[0], xmm[1])
	VPADDD(xmm[0], xmm[1], xmm[0])
	VPSHUFD(Imm(0x55), xmm[0], xmm[1])
	VPADDD(xmm[0], xmm[1], xmm[0])
	VMOVD(xmm[0], at(out, 0))
}

// codeDotsVNNI multiplies rows of codes, a with b + 128: the instruction wants one side unsigned.
func codeDotsVNNI() {
	TEXT("codeDotsVNNI", NOSPLIT, codeDotsSignature)
	a, b, stride, pairs, n, out := load("a"), load("b"), load("stride"), load("pairs"), load("n"), load("out")
	i, j, k, nextI, nextJ, ahead := GP64(), GP64(), GP64(), GP64(), GP64(), GP64()
	MOVL(U32(0x80808080), k.As32())
	VPBROADCASTD(k.As32(), zmm[7])
	Label("codeDotsVNNI_pair")
	openPair(a, b, stride, pairs, n, i, j, nextI, nextJ, ahead)
	VPXORD(zmm[0], zmm[0], zmm[0])
	MOVQ(stride, k)
	Label("codeDotsVNNI_loop")
	VPXORD(at(j, 0), zmm[7], zmm[2])
	VPDPBUSD(at(i, 0), zmm[2], zmm[0])
	PREFETCHT0(at(nextI, 0))
	PREFETCHT0(at(nextJ, 0))
	for _, p := range []reg.Register{i, j, nextI, nextJ} {
		ADDQ(Imm(64), p)
	}
	SUBQ(Imm(64), k)
	JG(LabelRef("codeDotsVNNI_loop"))
	VEXTRACTI64X4(Imm(1), zmm[0], ymm[1])
	VPADDD(ymm[0], ymm[1], ymm[0])
	sum32(out)
	ADDQ(Imm(4), out)
	ADDQ(Imm(4), pairs)
	DECQ(n)
	JNZ(LabelRef("codeDotsVNNI_pair"))
	VZEROUPPER()
	RET()
}

// codeDotsAVX2 multiplies rows of codes.
func codeDotsAVX2() {
	TEXT("codeDotsAVX2", NOSPLIT, codeDotsSignature)
	a, b, stride, pairs, n, out := load("a"), load("b"), load("stride"), load("pairs"), load("n"), load("out")
	i, j, k, nextI, nextJ, ahead := GP64(), GP64(), GP64(), GP64(), GP64(), GP64()
	Label("codeDotsAVX2_pair")
	openPair(a, b, stride, pairs, n, i, j, nextI, nextJ, ahead)
	VPXOR(ymm[0], ymm[0], ymm[0])
	VPXOR(ymm[1], ymm[1], ymm[1])
	MOVQ(stride, k)
	Label("codeDotsAVX2_loop")
	for u := range 4 {
		v, w := ymm[2+2*(u%2)], ymm[3+2*(u%2)]
		VPMOVSXBW(at(i, 16*u), v)
		VPMOVSXBW(at(j, 16*u), w)
		VPMADDWD(v, w, w)
		VPADDD(w, ymm[u%2], ymm[u%2])
	}
	PREFETCHT0(at(nextI, 0))
	PREFETCHT0(at(nextJ, 0))
	for _, p := range []reg.Register{i, j, nextI, nextJ} {
		ADDQ(Imm(64), p)
	}
	SUBQ(Imm(64), k)
	JG(LabelRef("codeDotsAVX2_loop"))
	VPADDD(ymm[0], ymm[1], ymm[0])
	sum32(out)
	ADDQ(Imm(4), out)
	ADDQ(Imm(4), pairs)
	DECQ(n)
	JNZ(LabelRef("codeDotsAVX2_pair"))
	VZEROUPPER()
	RET()
}

// gemm64 adds to 12 (6) rows of a row-major result the product of as many rows with a panel of 16 (8) columns,
// in float64, each element one chain of fused products in order.
func gemm64(wide bool) {
	name, rows, vector, bytes, first := "gemm64AVX2", 6, ymm, 32, 4
	if wide {
		name, rows, vector, bytes, first = "gemm64AVX512", 12, zmm, 64, 8
	}
	TEXT(name, NOSPLIT, "func(a *float64, strideA int, b *float64, k int, out *float64, stride int)")
	a, strideA, b, k, out, stride := load("a"), load("strideA"), load("b"), load("k"), load("out"), load("stride")
	SHLQ(Imm(3), strideA)
	SHLQ(Imm(3), stride)
	pointers := []reg.Register{a} // of every third row
	for row := 3; row < rows; row += 3 {
		p := GP64()
		LEAQ(Mem{Base: pointers[len(pointers)-1], Index: strideA, Scale: 2}, p)
		ADDQ(strideA, p)
		pointers = append(pointers, p)
	}
	sum := func(row, half int) reg.VecPhysical { return vector[first+2*row+half] }
	from := GP64()
	MOVQ(out, from)
	for row := range rows {
		VMOVUPD(at(from, 0), sum(row, 0))
		VMOVUPD(at(from, bytes), sum(row, 1))
		ADDQ(stride, from)
	}
	Label(name + "_loop")
	VMOVUPD(at(b, 0), vector[0])
	VMOVUPD(at(b, bytes), vector[1])
	for row := range rows {
		v := vector[2+row%(first-2)]
		from := Mem{Base: pointers[row/3]}
		if row%3 > 0 {
			from.Index, from.Scale = strideA, uint8(row%3)
		}
		VBROADCASTSD(from, v)
		VFMADD231PD(v, vector[0], sum(row, 0))
		VFMADD231PD(v, vector[1], sum(row, 1))
	}
	for _, p := range pointers {
		ADDQ(Imm(8), p)
	}
	advance(b, 2*bytes)
	DECQ(k)
	JNZ(LabelRef(name + "_loop"))
	for row := range rows {
		VMOVUPD(sum(row, 0), at(out, 0))
		VMOVUPD(sum(row, 1), at(out, bytes))
		ADDQ(stride, out)
	}
	VZEROUPPER()
	RET()
}

// gemm multiplies 12 (6) rows of a row-major matrix with a panel of 32 (16) columns, in float32.
func gemm(wide bool) {
	name, rows, vector, bytes, first := "gemmAVX2", 6, ymm, 32, 4
	if wide {
		name, rows, vector, bytes, first = "gemmAVX512", 12, zmm, 64, 8
	}
	TEXT(name, NOSPLIT, "func(a *float32, strideA int, b *float32, k int, out *float32, stride int)")
	a, strideA, b, k, out, stride := load("a"), load("strideA"), load("b"), load("k"), load("out"), load("stride")
	SHLQ(Imm(2), strideA)
	SHLQ(Imm(2), stride)
	pointers := []reg.Register{a} // of every third row
	for row := 3; row < rows; row += 3 {
		p := GP64()
		LEAQ(Mem{Base: pointers[len(pointers)-1], Index: strideA, Scale: 2}, p)
		ADDQ(strideA, p)
		pointers = append(pointers, p)
	}
	sum := func(row, half int) reg.VecPhysical { return vector[first+2*row+half] }
	for row := range rows {
		for half := range 2 {
			if wide {
				VPXORD(sum(row, half), sum(row, half), sum(row, half))
			} else {
				VXORPS(sum(row, half), sum(row, half), sum(row, half))
			}
		}
	}
	Label(name + "_loop")
	VMOVUPS(at(b, 0), vector[0])
	VMOVUPS(at(b, bytes), vector[1])
	for row := range rows {
		v := vector[2+row%(first-2)]
		from := Mem{Base: pointers[row/3]}
		if row%3 > 0 {
			from.Index, from.Scale = strideA, uint8(row%3)
		}
		VBROADCASTSS(from, v)
		VFMADD231PS(v, vector[0], sum(row, 0))
		VFMADD231PS(v, vector[1], sum(row, 1))
	}
	for _, p := range pointers {
		ADDQ(Imm(4), p)
	}
	advance(b, 2*bytes)
	DECQ(k)
	JNZ(LabelRef(name + "_loop"))
	for row := range rows {
		VMOVUPS(sum(row, 0), at(out, 0))
		VMOVUPS(sum(row, 1), at(out, bytes))
		ADDQ(stride, out)
	}
	VZEROUPPER()
	RET()
}

// lanes are the 8 partial sums: one zmm (0), or two ymm (0 and 1). Registers 6 and 7 hold the scales.
type lanes struct {
	metric string
	wide   bool
}

func lanesOf(metric string, wide bool) lanes { return lanes{metric, wide} }

func (l lanes) clear() {
	if l.wide {
		VPXORD(zmm[0], zmm[0], zmm[0])
		return
	}
	VXORPD(ymm[0], ymm[0], ymm[0])
	VXORPD(ymm[1], ymm[1], ymm[1])
}

// take adds the term of the float64 values in a and b to the sum.
func (l lanes) take(a, b, sum reg.VecPhysical) {
	if l.metric == "Dot" {
		VMULPD(b, a, a)
		VADDPD(a, sum, sum)
		return
	}
	if l.metric == "ScaledSquaredL2" {
		scaleA, scaleB := zmm[6], zmm[7]
		if !l.wide {
			scaleA, scaleB = ymm[6], ymm[7]
		}
		VMULPD(scaleA, a, a)
		VMULPD(scaleB, b, b)
	}
	VSUBPD(b, a, a)
	VMULPD(a, a, a)
	VADDPD(a, sum, sum)
}

// add takes the next 8 elements.
func (l lanes) add(i, j reg.Register) {
	if l.wide {
		VCVTPS2PD(at(i, 0), zmm[2])
		VCVTPS2PD(at(j, 0), zmm[3])
		l.take(zmm[2], zmm[3], zmm[0])
		return
	}
	for half := range 2 {
		VCVTPS2PD(at(i, 16*half), ymm[2+2*half])
		VCVTPS2PD(at(j, 16*half), ymm[3+2*half])
		l.take(ymm[2+2*half], ymm[3+2*half], ymm[half])
	}
}

// tail takes the last k elements, 0 < k < 8. What lies beyond is not read and counts as 0.
func (l lanes) tail(i, j reg.Register, k reg.GPVirtual, masks Mem, label func(string) string) {
	if l.wide {
		bits := GP64()
		MOVL(U32(0xff), bits.As32())
		BZHIL(k.As32(), bits.As32(), bits.As32())
		KMOVW(bits.As32(), reg.K1)
		VCVTPS2PD_Z(at(i, 0), reg.K1, zmm[2])
		VCVTPS2PD_Z(at(j, 0), reg.K1, zmm[3])
		l.take(zmm[2], zmm[3], zmm[0])
		return
	}
	few := label("few")
	upper := label("upper")
	CMPQ(k, Imm(4))
	JLT(LabelRef(few))
	VCVTPS2PD(at(i, 0), ymm[2])
	VCVTPS2PD(at(j, 0), ymm[3])
	l.take(ymm[2], ymm[3], ymm[0])
	ADDQ(Imm(16), i)
	ADDQ(Imm(16), j)
	SUBQ(Imm(4), k)
	JEQ(LabelRef(label("fold")))
	JMP(LabelRef(upper))
	Label(few)
	l.masked(i, j, k, masks, ymm[0])
	JMP(LabelRef(label("fold")))
	Label(upper)
	l.masked(i, j, k, masks, ymm[1])
}

func (l lanes) masked(i, j reg.Register, k reg.GPVirtual, masks Mem, sum reg.VecPhysical) {
	table, offset := GP64(), GP64()
	LEAQ(masks, table)
	MOVQ(k, offset)
	SHLQ(Imm(4), offset)
	VMOVDQU(Mem{Base: table, Index: offset, Scale: 1}, reg.X8)
	VMASKMOVPS(at(i, 0), reg.X8, reg.X9)
	VMASKMOVPS(at(j, 0), reg.X8, reg.X10)
	VCVTPS2PD(reg.X9, ymm[2])
	VCVTPS2PD(reg.X10, ymm[3])
	l.take(ymm[2], ymm[3], sum)
}

// fold leaves the total in the lowest element of register 0.
func (l lanes) fold() {
	if l.wide {
		VEXTRACTF64X4(Imm(1), zmm[0], ymm[1])
	}
	VADDPD(ymm[1], ymm[0], ymm[0])
	VEXTRACTF128(Imm(1), ymm[0], xmm[1])
	VADDPD(xmm[1], xmm[0], xmm[0])
	VUNPCKHPD(xmm[0], xmm[0], xmm[1])
	VADDSD(xmm[1], xmm[0], xmm[0])
}

// quantise turns n (a multiple of 16) floats into codes: q = clamp(round(y/step)). It returns the sum
// of the codes, of their squares, and of the squared errors.
func quantise() {
	TEXT("quantiseAVX512", NOSPLIT, "func(y *float32, n int, inverse, step float32, most int32, q *int8) (sum int32, errors float32, squares int32)")
	y, n, q, t := load("y"), load("n"), load("q"), GP64()
	Load(Param("inverse"), xmm[1])
	VBROADCASTSS(xmm[1], zmm[8])
	Load(Param("step"), xmm[1])
	VBROADCASTSS(xmm[1], zmm[9])
	Load(Param("most"), t.As32())
	VPBROADCASTD(t.As32(), zmm[10])
	for _, z := range []int{0, 2, 3} {
		VPXORD(zmm[z], zmm[z], zmm[z])
	}
	VPSUBD(zmm[10], zmm[0], zmm[11])
	VCVTDQ2PS(zmm[10], zmm[12])
	Label("quantise_loop")
	VMOVUPS(at(y, 0), zmm[4])
	VMULPS(zmm[8], zmm[4], zmm[5])
	VMINPS(zmm[12], zmm[5], zmm[5]) // beyond 2³¹ the conversion would give the least number
	VCVTPS2DQ(zmm[5], zmm[5])
	VPMINSD(zmm[10], zmm[5], zmm[5])
	VPMAXSD(zmm[11], zmm[5], zmm[5])
	VPADDD(zmm[5], zmm[0], zmm[0])
	VPMULLD(zmm[5], zmm[5], zmm[6])
	VPADDD(zmm[6], zmm[3], zmm[3])
	VPMOVDB(zmm[5], at(q, 0))
	VCVTDQ2PS(zmm[5], zmm[5])
	VFNMADD231PS(zmm[9], zmm[5], zmm[4])
	VFMADD231PS(zmm[4], zmm[4], zmm[2])
	ADDQ(Imm(64), y)
	ADDQ(Imm(16), q)
	SUBQ(Imm(16), n)
	JG(LabelRef("quantise_loop"))
	for _, r := range [][2]int{{0, 0}, {2, 3}} { // result, register
		result, z := r[0], r[1]
		VEXTRACTI64X4(Imm(1), zmm[z], ymm[1])
		VPADDD(ymm[z], ymm[1], ymm[z])
		VEXTRACTI128(Imm(1), ymm[z], xmm[1])
		VPADDD(xmm[z], xmm[1], xmm[z])
		VPSHUFD(Imm(0xee), xmm[z], xmm[1])
		VPADDD(xmm[z], xmm[1], xmm[z])
		VPSHUFD(Imm(0x55), xmm[z], xmm[1])
		VPADDD(xmm[z], xmm[1], xmm[z])
		VMOVD(xmm[z], t.As32())
		Store(t.As32(), ReturnIndex(result))
	}
	VEXTRACTF64X4(Imm(1), zmm[2], ymm[1])
	VADDPS(ymm[1], ymm[2], ymm[2])
	VEXTRACTF128(Imm(1), ymm[2], xmm[1])
	VADDPS(xmm[1], xmm[2], xmm[2])
	VPSHUFD(Imm(0xee), xmm[2], xmm[1])
	VADDPS(xmm[1], xmm[2], xmm[2])
	VPSHUFD(Imm(0x55), xmm[2], xmm[1])
	VADDPS(xmm[1], xmm[2], xmm[2])
	Store(xmm[2], ReturnIndex(1))
	VZEROUPPER()
	RET()
}

// hadamard transforms n (a power of two) groups of 16 floats across the groups, in place, unscaled:
// element e of every group with element e of the others, so that nothing is shuffled.
func hadamard(wide bool) {
	name, vector, bytes := "hadamardAVX2", ymm, 32
	if wide {
		name, vector, bytes = "hadamardAVX512", zmm, 64
	}
	label := func(s string) string { return name + "_" + s }
	TEXT(name, NOSPLIT, "func(v *float32, n int)")
	v, n, end, half, block, p, stop := load("v"), load("n"), GP64(), GP64(), GP64(), GP64(), GP64()
	SHLQ(Imm(6), n)
	LEAQ(Mem{Base: v, Index: n, Scale: 1}, end)
	MOVQ(U32(64), half)
	Label(label("stage"))
	CMPQ(half, n)
	JGE(LabelRef(label("done")))
	MOVQ(v, block)
	Label(label("block"))
	MOVQ(block, p)
	LEAQ(Mem{Base: block, Index: half, Scale: 1}, stop)
	Label(label("pair"))
	VMOVUPS(at(p, 0), vector[0])
	VMOVUPS(Mem{Base: p, Index: half, Scale: 1}, vector[1])
	VADDPS(vector[1], vector[0], vector[2])
	VSUBPS(vector[1], vector[0], vector[3])
	VMOVUPS(vector[2], at(p, 0))
	VMOVUPS(vector[3], Mem{Base: p, Index: half, Scale: 1})
	ADDQ(Imm(uint64(bytes)), p)
	CMPQ(p, stop)
	JLT(LabelRef(label("pair")))
	LEAQ(Mem{Base: block, Index: half, Scale: 2}, block)
	CMPQ(block, end)
	JLT(LabelRef(label("block")))
	SHLQ(Imm(1), half)
	JMP(LabelRef(label("stage")))
	Label(label("done"))
	VZEROUPPER()
	RET()
}

// moments keeps sixteen columns' origins, sums and sums of squares in registers while it goes down the rows. Products are
// not fused, so that plain Go has the same bytes.
func moments() {
	TEXT("moments", NOSPLIT, "func(x *float32, stride, n int, origin *float32, sums, squares *float64)")
	x, stride, n, origin, sums, squares := load("x"), load("stride"), load("n"), load("origin"), load("sums"), load("squares")
	SHLQ(Imm(2), stride)
	base, sum, square := ymm[0:4], ymm[4:8], ymm[8:12]
	for i := range 4 {
		VCVTPS2PD(at(origin, 16*i), base[i])
		VMOVUPD(at(sums, 32*i), sum[i])
		VMOVUPD(at(squares, 32*i), square[i])
	}
	Label("moments_row")
	for i := range 4 {
		way := ymm[12+i]
		VCVTPS2PD(at(x, 16*i), way)
		VSUBPD(base[i], way, way)
		VADDPD(way, sum[i], sum[i])
		VMULPD(way, way, way)
		VADDPD(way, square[i], square[i])
	}
	ADDQ(stride, x)
	DECQ(n)
	JNZ(LabelRef("moments_row"))
	for i := range 4 {
		VMOVUPD(sum[i], at(sums, 32*i))
		VMOVUPD(square[i], at(squares, 32*i))
	}
	VZEROUPPER()
	RET()
}

// pull takes eight ends at a time, x and y of each in a lane of its own. Products are not fused, so that plain Go has the
// same bytes.
func pull() {
	TEXT("pull", NOSPLIT, "func(points, own *float32, starts, ends *int32, n int, strength, offset float32, out *float32)")
	points, own, starts, ends, n, out := load("points"), load("own"), load("starts"), load("ends"), load("n"), load("out")
	px, py, sumX, sumY, strength, offset := ymm[0], ymm[1], ymm[2], ymm[3], ymm[4], ymm[5]
	strengthAt, err := Param("strength").Resolve()
	check(err)
	VBROADCASTSS(strengthAt.Addr, strength)
	offsetAt, err := Param("offset").Resolve()
	check(err)
	VBROADCASTSS(offsetAt.Addr, offset)
	end, stop := GP64(), GP64()
	MOVLQSX(at(starts, 0), end)
	LEAQ(Mem{Base: ends, Index: end, Scale: 4}, end)
	Label("pull_row")
	MOVLQSX(at(starts, 4), stop)
	LEAQ(Mem{Base: ends, Index: stop, Scale: 4}, stop)
	VBROADCASTSS(at(own, 0), px)
	VBROADCASTSS(at(own, 4), py)
	VXORPS(sumX, sumX, sumX)
	VXORPS(sumY, sumY, sumY)
	CMPQ(end, stop)
	JGE(LabelRef("pull_fold"))
	Label("pull_ends")
	// The points' pairs come as (0 1 | 4 5) and (2 3 | 6 7), whose x and y then part into order.
	for half, first := range []int{0, 2} {
		for part, low := range []int{first, first + 4} {
			to := []reg.VecPhysical{xmm[6+half], reg.X8}[part]
			for i := range 2 {
				row := GP64()
				MOVLQSX(at(end, 4*(low+i)), row)
				if from := (Mem{Base: points, Index: row, Scale: 8}); i == 0 {
					VMOVSD(from, to)
				} else {
					VMOVHPS(from, to, to)
				}
			}
		}
		VINSERTF128(Imm(1), reg.X8, ymm[6+half], ymm[6+half])
	}
	x, y, d, square := ymm[8], ymm[9], ymm[10], ymm[11]
	VSHUFPS(Imm(0x88), ymm[7], ymm[6], x)
	VSHUFPS(Imm(0xdd), ymm[7], ymm[6], y)
	VSUBPS(x, px, x)
	VSUBPS(y, py, y)
	VMULPS(x, x, d)
	VMULPS(y, y, square)
	VADDPS(square, d, d)
	VADDPS(offset, d, d)
	VMULPS(d, d, d)
	VDIVPS(d, strength, d)
	VMULPS(d, x, x)
	VMULPS(d, y, y)
	VADDPS(x, sumX, sumX)
	VADDPS(y, sumY, sumY)
	ADDQ(Imm(32), end)
	CMPQ(end, stop)
	JLT(LabelRef("pull_ends"))
	Label("pull_fold")
	for i, sum := range []int{2, 3} {
		VEXTRACTF128(Imm(1), ymm[sum], reg.X8)
		VADDPS(reg.X8, xmm[sum], xmm[sum])
		VMOVHLPS(xmm[sum], xmm[sum], reg.X8)
		VADDPS(reg.X8, xmm[sum], xmm[sum])
		VMOVSHDUP(xmm[sum], reg.X8)
		VADDSS(reg.X8, xmm[sum], xmm[sum])
		VADDSS(at(out, 4*i), xmm[sum], xmm[sum])
		VMOVSS(xmm[sum], at(out, 4*i))
	}
	ADDQ(Imm(8), own)
	ADDQ(Imm(8), out)
	ADDQ(Imm(4), starts)
	DECQ(n)
	JNZ(LabelRef("pull_row"))
	VZEROUPPER()
	RET()
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
