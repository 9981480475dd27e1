package vec_test

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/vec"
)

// row makes d values of very different sizes.
func row(r *rand.Rand, d int) []float32 {
	a := make([]float32, d)
	for i := range a {
		a[i] = float32(r.NormFloat64() * math.Pow(10, float64(r.IntN(9)-4)))
	}
	return a
}

// laned is the documented order: element i in lane i mod 8, then 8 → 4 → 2 → 1.
func laned(n int, term func(i int) float64) float64 {
	var s [vec.Lanes]float64
	for i := range n {
		s[i%vec.Lanes] += float64(term(i))
	}
	for half := vec.Lanes / 2; half > 0; half /= 2 {
		for l := range half {
			s[l] += s[l+half]
		}
	}
	return s[0]
}

func TestSumsFollowTheDocumentedOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for d := range 130 {
		a, b := row(r, d), row(r, d)
		fa, fb := r.Float64(), r.Float64()
		for name, pair := range map[string][2]float64{
			"Dot": {vec.Dot(a, b), laned(d, func(i int) float64 { return float64(a[i]) * float64(b[i]) })},
			"SquaredL2": {vec.SquaredL2(a, b), laned(d, func(i int) float64 {
				gap := float64(a[i]) - float64(b[i])
				return gap * gap
			})},
			"ScaledSquaredL2": {vec.ScaledSquaredL2(a, fa, b, fb), laned(d, func(i int) float64 {
				gap := float64(float64(a[i])*fa) - float64(float64(b[i])*fb)
				return gap * gap
			})},
		} {
			if pair[0] != pair[1] {
				t.Errorf("%s of %d values: %g, in the documented order %g", name, d, pair[0], pair[1])
			}
		}
	}
}

func TestSumsAreExactToRounding(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, d := range []int{1, 7, 8, 9, 384, 1100} {
		a, b := row(r, d), row(r, d)
		dot, l2, size := new(big.Float).SetPrec(300), new(big.Float).SetPrec(300), 0.0
		for i := range a {
			x, y := big.NewFloat(float64(a[i])).SetPrec(300), big.NewFloat(float64(b[i])).SetPrec(300)
			dot.Add(dot, new(big.Float).Mul(x, y))
			gap := new(big.Float).Sub(x, y)
			l2.Add(l2, gap.Mul(gap, gap))
			size += math.Abs(float64(a[i]) * float64(b[i]))
		}
		bound := (float64(d)/8 + 8) * 0x1p-53
		if want, _ := dot.Float64(); math.Abs(vec.Dot(a, b)-want) > bound*size {
			t.Errorf("Dot of %d values is %g, want %g", d, vec.Dot(a, b), want)
		}
		if want, _ := l2.Float64(); math.Abs(vec.SquaredL2(a, b)-want) > bound*want {
			t.Errorf("SquaredL2 of %d values is %g, want %g", d, vec.SquaredL2(a, b), want)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, tt := range []struct {
		name   string
		metric catalog.Metric
		a, b   []float32
		want   float64
	}{
		{"euclidean 3-4-5", catalog.Euclidean, []float32{1, 1}, []float32{4, 5}, 5},
		{"euclidean of equal rows", catalog.Euclidean, []float32{0.1, 0.7}, []float32{0.1, 0.7}, 0},
		{"euclidean of the largest values", catalog.Euclidean, []float32{math.MaxFloat32}, []float32{-math.MaxFloat32}, 2 * math.MaxFloat32},
		{"euclidean of the smallest values", catalog.Euclidean, []float32{math.SmallestNonzeroFloat32}, []float32{0}, math.SmallestNonzeroFloat32},
		{"cosine at a right angle", catalog.Cosine, []float32{2, 0}, []float32{0, 5}, 1},
		{"cosine of opposites", catalog.Cosine, []float32{2, 0}, []float32{-7, 0}, 2},
		{"cosine of equal rows", catalog.Cosine, []float32{0.1, 0.7, 3}, []float32{0.1, 0.7, 3}, 0},
		{"cosine ignores doubling", catalog.Cosine, []float32{0.1, 0.7, 3}, []float32{0.2, 1.4, 6}, 0},
		{"cosine of tiny rows", catalog.Cosine, []float32{1e-42, 0}, []float32{0, 1e-42}, 1},
		{"dot", catalog.Dot, []float32{1, 2, 3}, []float32{4, 5, 6}, -32},
		{"cosine of a zero row", catalog.Cosine, []float32{0, 0}, []float32{1, 0}, math.NaN()},
		{"unknown metric", "manhattan", []float32{0}, []float32{1}, math.NaN()},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, back := vec.Distance(tt.metric, tt.a, tt.b), vec.Distance(tt.metric, tt.b, tt.a)
			if math.IsNaN(tt.want) {
				if !math.IsNaN(got) {
					t.Errorf("%g, want NaN", got)
				}
				return
			}
			if math.Abs(got-tt.want) > 1e-15*math.Abs(tt.want) || got != back {
				t.Errorf("%g and back %g, want %g", got, back, tt.want)
			}
		})
	}
	if d := vec.Distance(catalog.Dot, []float32{1, 0}, []float32{0, 1}); math.Signbit(d) {
		t.Error("dot of orthogonal rows is −0")
	}
}

func TestNorm(t *testing.T) {
	if got := vec.Norm([]float32{3, 4}); got != 5 {
		t.Errorf("norm of (3,4) is %g", got)
	}
	if got := vec.Norm(nil); got != 0 {
		t.Errorf("norm of nothing is %g", got)
	}
}

func BenchmarkKernels(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, d := range []int{64, 384} {
		x, y := row(r, d), row(r, d)
		for name, kernel := range map[string]func() float64{
			"Dot":             func() float64 { return vec.Dot(x, y) },
			"SquaredL2":       func() float64 { return vec.SquaredL2(x, y) },
			"ScaledSquaredL2": func() float64 { return vec.ScaledSquaredL2(x, 0.3, y, 0.4) },
		} {
			b.Run(fmt.Sprintf("%s/%d", name, d), func(b *testing.B) {
				var sum float64
				for b.Loop() {
					sum += kernel()
				}
				_ = sum
			})
		}
	}
}

func TestFiniteSeesOneBadValueAnywhere(t *testing.T) {
	sound := []float32{0, float32(math.Copysign(0, -1)), math.MaxFloat32, -math.MaxFloat32, math.SmallestNonzeroFloat32, 1e-40}
	for n := range 40 {
		a := make([]float32, n)
		for i := range a {
			a[i] = sound[i%len(sound)]
		}
		if !vec.Finite(a) {
			t.Fatalf("%v is said not to be finite", a)
		}
		for i := range a {
			for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
				was := a[i]
				a[i] = float32(bad)
				if vec.Finite(a) {
					t.Fatalf("%v at %d of %d is not seen", bad, i, n)
				}
				a[i] = was
			}
		}
	}
}
