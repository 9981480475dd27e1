package main

// Pairs of rows: exact ranks, and products of codes.

import (
	. "github.com/mmcloughlin/avo/build"   //nolint:revive // avo is made to be read this way
	. "github.com/mmcloughlin/avo/operand" //nolint:revive // the same
	"github.com/mmcloughlin/avo/reg"
)

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
