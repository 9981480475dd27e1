package kernel

import (
	"math"
	"unsafe"
)

// quantise is Set.Quantise in plain Go. Adding and taking off 1.5·2²³ rounds to the nearest whole
// number, ties to even, as the processor's own conversion does.
func quantise(y *float32, n int, inverse, step float32, most int32, q *int8) (sum int32, errors float32, squares int32) {
	const magic = 12582912
	values, codes := unsafe.Slice(y, n), unsafe.Slice(q, n)
	for i, v := range values {
		z := float32(v * inverse)
		var code int32
		switch {
		case z >= float32(most):
			code = most
		case z <= -float32(most):
			code = -most
		default:
			code = int32(math.Float32bits(z+magic)) - 0x4B400000
		}
		codes[i] = int8(code)
		sum += code
		squares += code * code
		e := v - float32(step*float32(code))
		errors += e * e
	}
	return sum, errors, squares
}
