// Command generate writes the assembly of package kernel. It is a module of its own, so that avo and
// its dependencies never reach the product. Run it in the package's folder with: go generate
package main

import (
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

func load(name string) reg.Register { return Load(Param(name), GP64()) }

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
