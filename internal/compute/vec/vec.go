// Package vec holds the elementary numbers about float32 vectors: inner product, squared distance,
// norm, and the exact distance of each metric.
//
// It promises that a result depends on the values only, never on the processor, the thread or the
// path that computed it. Sums are taken in float64 in one fixed order: [Lanes] partial sums, element
// i going to lane i mod Lanes in rising order of i, then a fixed tree that folds the upper half of
// the lanes on the lower half (8 → 4 → 2 → 1). Eight lanes are what scalar Go keeps in registers
// and what one 512-bit register holds, so an assembly kernel can give the same bytes. Products and
// sums are rounded one by one: nothing is fused, on any processor.
//
// It does not check its input: slices of one call have equal lengths, NaN gives NaN.
package vec

import (
	"math"
	"unsafe"
)

// Lanes is the number of partial sums of every kernel here.
const Lanes = 8

// lanes is one set of partial sums.
type lanes [Lanes]float64

// fold adds the lanes by the fixed tree.
func (s *lanes) fold() float64 {
	a, b := s[0]+s[4], s[1]+s[5]
	c, d := s[2]+s[6], s[3]+s[7]
	return (a + c) + (b + d)
}

// Dot is the inner product of two rows of equal length, in float64.
func Dot(a, b []float32) float64 {
	b = b[:len(a)]
	var s0, s1, s2, s3, s4, s5, s6, s7 float64
	for len(a) >= Lanes && len(b) >= Lanes {
		s0 += mul(a[0], b[0])
		s1 += mul(a[1], b[1])
		s2 += mul(a[2], b[2])
		s3 += mul(a[3], b[3])
		s4 += mul(a[4], b[4])
		s5 += mul(a[5], b[5])
		s6 += mul(a[6], b[6])
		s7 += mul(a[7], b[7])
		a, b = a[Lanes:], b[Lanes:]
	}
	s := lanes{s0, s1, s2, s3, s4, s5, s6, s7}
	for i := range a {
		s[i] += mul(a[i], b[i])
	}
	return s.fold()
}

// Finite tells whether no value is NaN or infinite.
func Finite(a []float32) bool {
	// All ones in the exponent, and one more: the sign bit. Two values at a time.
	const exponent, one = 0x7f800000_7f800000, 0x00800000_00800000
	var seen uint64
	if odd := len(a) % 2; odd == 1 {
		seen = uint64(math.Float32bits(a[0]))&exponent + one
		a = a[1:]
	}
	if len(a) == 0 { // a pointer beyond the end must not become one to a pair
		return seen&0x80000000_80000000 == 0
	}
	pairs := unsafe.Slice((*uint64)(unsafe.Pointer(unsafe.SliceData(a))), len(a)/2)
	for ; len(pairs) >= 4; pairs = pairs[4:] {
		seen |= (pairs[0]&exponent + one) | (pairs[1]&exponent + one) | (pairs[2]&exponent + one) | (pairs[3]&exponent + one)
	}
	for _, pair := range pairs {
		seen |= pair&exponent + one
	}
	return seen&0x80000000_80000000 == 0
}

// mul is x·y, exact: two 24-bit significands fit in 53 bits. The conversion forbids fusing.
func mul(x, y float32) float64 { return float64(float64(x) * float64(y)) }

// SquaredL2 is the sum of (a−b)² over two rows of equal length, by direct differences in float64.
// It is symmetric to the last bit, and 0 exactly for equal rows.
func SquaredL2(a, b []float32) float64 {
	b = b[:len(a)]
	var s0, s1, s2, s3, s4, s5, s6, s7 float64
	for len(a) >= Lanes && len(b) >= Lanes {
		s0 += gap(a[0], b[0])
		s1 += gap(a[1], b[1])
		s2 += gap(a[2], b[2])
		s3 += gap(a[3], b[3])
		s4 += gap(a[4], b[4])
		s5 += gap(a[5], b[5])
		s6 += gap(a[6], b[6])
		s7 += gap(a[7], b[7])
		a, b = a[Lanes:], b[Lanes:]
	}
	s := lanes{s0, s1, s2, s3, s4, s5, s6, s7}
	for i := range a {
		s[i] += gap(a[i], b[i])
	}
	return s.fold()
}

// gap is (x−y)², rounded twice and not fused with the sum around it.
func gap(x, y float32) float64 {
	d := float64(x) - float64(y)
	return float64(d * d)
}

// ScaledSquaredL2 is the sum of (fa·a − fb·b)², where every scaled value is rounded to float64
// before the difference is taken. With fa = 1/‖a‖ and fb = 1/‖b‖ it is |u−v|² of the unit rows.
func ScaledSquaredL2(a []float32, fa float64, b []float32, fb float64) float64 {
	b = b[:len(a)]
	var s0, s1, s2, s3, s4, s5, s6, s7 float64
	for len(a) >= Lanes && len(b) >= Lanes {
		s0 += scaledGap(a[0], fa, b[0], fb)
		s1 += scaledGap(a[1], fa, b[1], fb)
		s2 += scaledGap(a[2], fa, b[2], fb)
		s3 += scaledGap(a[3], fa, b[3], fb)
		s4 += scaledGap(a[4], fa, b[4], fb)
		s5 += scaledGap(a[5], fa, b[5], fb)
		s6 += scaledGap(a[6], fa, b[6], fb)
		s7 += scaledGap(a[7], fa, b[7], fb)
		a, b = a[Lanes:], b[Lanes:]
	}
	s := lanes{s0, s1, s2, s3, s4, s5, s6, s7}
	for i := range a {
		s[i] += scaledGap(a[i], fa, b[i], fb)
	}
	return s.fold()
}

func scaledGap(x float32, fx float64, y float32, fy float64) float64 {
	d := float64(float64(x)*fx) - float64(float64(y)*fy)
	return float64(d * d)
}

// Norm is the L2 norm of a row in float64. No finite float32 row overflows or vanishes in it.
func Norm(a []float32) float64 { return math.Sqrt(Dot(a, a)) }
