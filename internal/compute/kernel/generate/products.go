package main

// Products of matrices in floats.

import (
	. "github.com/mmcloughlin/avo/build"   //nolint:revive // avo is made to be read this way
	. "github.com/mmcloughlin/avo/operand" //nolint:revive // the same
	"github.com/mmcloughlin/avo/reg"
)

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
