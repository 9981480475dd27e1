package measure_test

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/measure"
	"github.com/pentoai/vectory/internal/compute/vec"
)

// With kernels and without, distances have the bytes of package vec, whatever number of rows one call takes.
func TestDistancesHaveTheBytesOfVec(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 32))
	for _, d := range []int{1, 7, 16, 50} {
		x := normal(r, 1200, d)
		clear(x.Row(9)) // no direction
		for _, metric := range []catalog.Metric{catalog.Euclidean, catalog.Cosine, catalog.Dot} {
			for _, on := range []measure.Machine{machine(), {Threads: 1}} {
				distances, dots := measure.DistancesFrom(x, metric, on)
				for i, got := range distances {
					want, dot := vec.Distance(metric, x.Row(0), x.Row(i+1)), vec.Dot(x.Row(0), x.Row(i+1))
					if got != want && !(math.IsNaN(got) && math.IsNaN(want)) || dots[i] != dot {
						t.Fatalf("%s, %d values, row %d: %v and %v, not %v and %v", metric, d, i+1, got, dots[i], want, dot)
					}
				}
			}
		}
	}
}

// Few values are sorted by comparing, many by their digits: the ranks are those of counting.
func TestMidRanks(t *testing.T) {
	r := rand.New(rand.NewPCG(33, 34))
	for _, n := range []int{0, 1, 2, 999, 1000, 5000} {
		values := make([]float64, n)
		for i := range values {
			values[i] = math.Round(r.NormFloat64()*50) / 8 // many are equal, half below 0
			if r.IntN(10) == 0 {
				values[i] = math.Copysign(0, -1)
			}
		}
		sorted := slices.Clone(values)
		slices.Sort(sorted)
		for i, rank := range measure.MidRanks(values) {
			from, _ := slices.BinarySearch(sorted, values[i])
			to, _ := slices.BinarySearchFunc(sorted, values[i], func(v, target float64) int {
				if v <= target {
					return -1
				}
				return cmp.Compare(v, target)
			})
			if want := float64(from+1+to) / 2; rank != want {
				t.Fatalf("%d values: rank %g of %g, not %g", n, rank, values[i], want)
			}
		}
	}
}
