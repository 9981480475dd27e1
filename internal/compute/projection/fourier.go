package projection

import (
	"math"
	"math/bits"
	"math/cmplx"
)

// fourier transforms many sequences of a length at once: value t of sequence c of width is x[t*width+c]. It is Stockham's
// method, which needs no reordering, in steps of 4, 3 and 2.
type fourier struct {
	length int
	steps  []fourierStep
}

// fourierStep cuts sequences of radix·parts into radix; the twiddles are e^(−2πi·p·j/(radix·parts)), j from 1, p by p.
type fourierStep struct {
	radix, parts int
	twiddles     []complex128
}

// fourierLength is the least length of at least n that is 1, 3 or 9 times a power of 2, and a multiple of 16.
func fourierLength(n int) int {
	best := 16 << bits.Len(uint(max(n-1, 0)/16))
	for _, odd := range []int{3, 9} {
		if l := odd * 16 << bits.Len(uint(max(n-1, 0)/(16*odd))); l < best {
			best = l
		}
	}
	return best
}

func newFourier(length int) *fourier {
	f := &fourier{length: length}
	for left := length; left > 1; {
		radix := 2
		switch {
		case left%4 == 0:
			radix = 4
		case left%3 == 0:
			radix = 3
		}
		s := fourierStep{radix: radix, parts: left / radix}
		for p := range s.parts {
			for j := 1; j < radix; j++ {
				s.twiddles = append(s.twiddles, cmplx.Rect(1, -2*math.Pi*float64(p*j)/float64(left)))
			}
		}
		f.steps = append(f.steps, s)
		left = s.parts
	}
	return f
}

// run transforms x, and gives the result in x or in other, which is as long: the one that it does not give holds
// nothing of use. The inverse is not divided by the length.
func (f *fourier) run(x, other []complex128, inverse bool) []complex128 {
	stride := len(x) / f.length
	for _, s := range f.steps {
		for p := range s.parts {
			w := s.twiddles[p*(s.radix-1) : (p+1)*(s.radix-1)]
			switch s.radix {
			case 4:
				butterfly4(x[p*stride:], other[4*p*stride:], stride, s.parts*stride, w, inverse)
			case 3:
				butterfly3(x[p*stride:], other[3*p*stride:], stride, s.parts*stride, w, inverse)
			default:
				butterfly2(x[p*stride:], other[2*p*stride:], stride, s.parts*stride, w, inverse)
			}
		}
		x, other = other, x
		stride *= s.radix
	}
	return x
}

func turn(w complex128, inverse bool) complex128 {
	if inverse {
		return cmplx.Conj(w)
	}
	return w
}

func butterfly2(x, y []complex128, stride, gap int, w []complex128, inverse bool) {
	w1 := turn(w[0], inverse)
	a, b := x[:stride], x[gap:gap+stride]
	p, q := y[:stride], y[stride:2*stride]
	for i, u := range a {
		v := b[i]
		p[i], q[i] = u+v, (u-v)*w1
	}
}

func butterfly3(x, y []complex128, stride, gap int, w []complex128, inverse bool) {
	w1, w2 := turn(w[0], inverse), turn(w[1], inverse)
	high := math.Sqrt(3) / 2
	if inverse {
		high = -high
	}
	a, b, c := x[:stride], x[gap:gap+stride], x[2*gap:2*gap+stride]
	p, q, r := y[:stride], y[stride:2*stride], y[2*stride:3*stride]
	for i, u := range a {
		sum, apart := b[i]+c[i], b[i]-c[i]
		middle := complex(real(u)-real(sum)/2, imag(u)-imag(sum)/2)
		side := complex(high*imag(apart), -high*real(apart)) // −i·high·apart
		p[i], q[i], r[i] = u+sum, (middle+side)*w1, (middle-side)*w2
	}
}

func butterfly4(x, y []complex128, stride, gap int, w []complex128, inverse bool) {
	w1, w2, w3 := turn(w[0], inverse), turn(w[1], inverse), turn(w[2], inverse)
	sign := 1.0
	if inverse {
		sign = -1
	}
	a, b, c, d := x[:stride], x[gap:gap+stride], x[2*gap:2*gap+stride], x[3*gap:3*gap+stride]
	p, q, r, s := y[:stride], y[stride:2*stride], y[2*stride:3*stride], y[3*stride:4*stride]
	for i, u := range a {
		even, odd := u+c[i], u-c[i]
		sum, apart := b[i]+d[i], b[i]-d[i]
		side := complex(sign*imag(apart), -sign*real(apart)) // −i·apart
		p[i], q[i], r[i], s[i] = even+sum, (odd+side)*w1, (even-sum)*w2, (odd-side)*w3
	}
}
