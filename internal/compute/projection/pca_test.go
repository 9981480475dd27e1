package projection_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/projection"
)

// The first picture of many rows is about their principal components, the same on any number of threads, and that of few
// rows exactly.
func TestTheStartIsAboutThePrincipalComponents(t *testing.T) {
	r := rand.New(rand.NewPCG(12, 1))
	for _, dims := range []int{20, 600} {
		x := normal(r, 6000, dims)
		for i := range x.Rows {
			x.Row(i)[1] += float32(9 * r.NormFloat64())
			x.Row(i)[2] += float32(5*r.NormFloat64() + 3)
		}
		exact, err := projection.PCA(t.Context(), x, 2, false, projection.Machine{Kernel: best(t)})
		if err != nil {
			t.Fatal(err)
		}
		var starts []projection.Layout
		for _, threads := range []int{1, 3} {
			l, err := projection.Start(t.Context(), x, 2, false, projection.Machine{Threads: threads, Kernel: best(t)})
			if err != nil {
				t.Fatal(err)
			}
			starts = append(starts, l)
		}
		if !slices.Equal(starts[0].Points, starts[1].Points) {
			t.Errorf("%d columns: the start differs by threads", dims)
		}
		for c := range 2 {
			var both, one, other float64
			for i := range x.Rows {
				a, b := float64(exact.Row(i)[c]), float64(starts[0].Row(i)[c])
				both, one, other = both+a*b, one+a*a, other+b*b
			}
			if cos := both / math.Sqrt(one*other); cos < 0.99 {
				t.Errorf("%d columns: the start's axis %d is at %.4f to the principal one", dims, c, cos)
			}
		}
		few := knn.Matrix{Data: x.Data[:500*dims], Rows: 500, Dims: dims}
		l, err := projection.Start(t.Context(), few, 2, false, projection.Machine{})
		if err != nil {
			t.Fatal(err)
		}
		if exact, err = projection.PCA(t.Context(), few, 2, false, projection.Machine{}); err != nil || !slices.Equal(l.Points, exact.Points) {
			t.Errorf("%d columns: the start of few rows is not their principal components (%v)", dims, err)
		}
	}
}
