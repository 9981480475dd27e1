package main

// The making of codes.

import (
	. "github.com/mmcloughlin/avo/build"   //nolint:revive // avo is made to be read this way
	. "github.com/mmcloughlin/avo/operand" //nolint:revive // the same
)

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
