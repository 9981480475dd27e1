package main

// Sums over rows and over points.

import (
	. "github.com/mmcloughlin/avo/build"   //nolint:revive // avo is made to be read this way
	. "github.com/mmcloughlin/avo/operand" //nolint:revive // the same
	"github.com/mmcloughlin/avo/reg"
)

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
