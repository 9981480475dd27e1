package projection

import (
	"math"
	"math/cmplx"
	"math/rand/v2"
	"testing"
)

func TestTheTransformIsThatOfTheDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, length := range []int{16, 32, 48, 96, 144, 576} {
		const width = 3
		x := make([]complex128, width*length)
		for i := range x {
			x[i] = complex(r.NormFloat64(), r.NormFloat64())
		}
		f := newFourier(length)
		got := f.run(append([]complex128(nil), x...), make([]complex128, len(x)), false)
		for k := range length {
			for c := range width {
				var want complex128
				for at := range length {
					want += x[at*width+c] * cmplx.Rect(1, -2*math.Pi*float64(k*at%length)/float64(length))
				}
				if cmplx.Abs(got[k*width+c]-want) > 1e-10*float64(length) {
					t.Fatalf("length %d, frequency %d: %v, want %v", length, k, got[k*width+c], want)
				}
			}
		}
		back := f.run(got, make([]complex128, len(x)), true)
		for i, v := range back {
			if cmplx.Abs(v/complex(float64(length), 0)-x[i]) > 1e-12*float64(length) {
				t.Fatalf("length %d: not back at value %d", length, i)
			}
		}
	}
	for n := range 3000 {
		l := fourierLength(n)
		odd := l
		for odd%2 == 0 {
			odd /= 2
		}
		if l < n || l > max(16, 3*n/2+16) || l%16 != 0 || odd != 1 && odd != 3 && odd != 9 {
			t.Fatalf("length %d for %d", l, n)
		}
	}
}

// The grid against every pair, at the extents that a layout goes through.
func TestTheFieldIsThatOfEveryPair(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, extent := range []float64{1e-4, 1, 20, 150, 3000} {
		n := fieldPairs + 2
		points := make([]float64, 2*n)
		for i := range n { // half in clusters, as neighbours lie, and half anywhere
			if i%2 == 1 {
				points[2*i], points[2*i+1] = points[2*i-2]+r.NormFloat64()/2, points[2*i-1]+r.NormFloat64()/2
				continue
			}
			points[2*i], points[2*i+1] = extent*r.NormFloat64()/4, extent*r.NormFloat64()/4
		}
		got, want := make([]float64, 2*n), make([]float64, 2*n)
		f := &field{}
		total, all := f.repel(points, got), f.pairs(points, want)
		var apart, size float64
		for i, w := range want {
			apart += (got[i] - w) * (got[i] - w)
			size += w * w
		}
		share := math.Sqrt(apart / size)
		t.Logf("extent %g: forces differ by %.5f, sums by %.6f; %d cells of %g", extent, share, total/all-1, f.cells, f.spacing)
		// The pushes of lone pairs are the hardest: openTSNE's grid errs by 0.06 on them. The last extent is wider than the
		// finest grid: nothing is near anything, and what must hold is that the push stays small.
		if extent < 1000 && (share > 0.055 || math.Abs(total/all-1) > 0.01) || share > 1 {
			t.Errorf("extent %g: forces differ by %.5f, sums by %.6f", extent, share, total/all-1)
		}
	}
}

func BenchmarkField(b *testing.B) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, n := range []int{2000, 7600, 60_000} {
		points, force := make([]float64, 2*n), make([]float64, 2*n)
		for i := range points {
			points[i] = 30 * math.Tanh(r.NormFloat64()) * math.Sqrt(float64(n)/2000)
		}
		f := &field{}
		b.Run("", func(b *testing.B) {
			for b.Loop() {
				f.repel(points, force)
			}
			b.ReportMetric(float64(f.cells), "cells")
		})
	}
}
