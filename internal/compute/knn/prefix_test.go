package knn_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/pentoai/vectory/internal/compute/knn"
)

// Whatever the prefix, its rotation and the order of the rows: every kind of data, every metric.
func TestPrefixesGiveTheListsOfBruteForce(t *testing.T) {
	shapes := []struct{ n, d, k int }{{70, 32, 5}, {300, 33, 10}, {500, 65, 10}, {430, 130, 30}, {90, 777, 5}, {800, 40, 10}}
	if testing.Short() { // the race detector makes everything slow
		shapes = shapes[:2]
	}
	for kind, of := range kinds {
		t.Run(of.name, func(t *testing.T) {
			for at, shape := range shapes {
				for _, dims := range []int{16, 48, 96} {
					prefix := knn.ForcePrefix(dims)
					// All columns are sieved where much survives, everywhere, and nowhere.
					dense := knn.ForceDense([]float64{0.1, 1e-9, 2}[(kind+at/3+dims/48)%3])
					agree(t, makeMatrix(kind, shape.n, shape.d, uint64(at)), metrics[(at+dims/16)%3], shape.k, nil, 1+at%3)
					dense()
					prefix()
				}
			}
		})
	}
}

// lowRank is what embeddings are like: few directions and some noise, in clusters.
func lowRank(n, d, rank int, noise float64, seed uint64) knn.Matrix {
	r := rand.New(rand.NewPCG(seed, 2))
	directions := make([]float64, rank*d)
	for i := range directions {
		directions[i] = r.NormFloat64()
	}
	x := knn.Matrix{Data: make([]float32, n*d), Rows: n, Dims: d}
	score := make([]float64, rank)
	for i := range n {
		for s := range score {
			score[s] = r.NormFloat64()/math.Sqrt(float64(s+1)) + float64((i*7+s)%5)
		}
		for c := range d {
			v := 3 + noise*r.NormFloat64()
			for s := range score {
				v += score[s] * directions[s*d+c]
			}
			x.Data[i*d+c] = float32(v)
		}
	}
	return x
}

func TestPrefixesOfLowRankData(t *testing.T) {
	widths, n := []int{34, 64, 130}, 1300
	if testing.Short() {
		widths, n = widths[:1], 900
	}
	for _, d := range widths {
		for turn, dims := range []int{16, 32} {
			t.Run(fmt.Sprintf("%d of %d", dims, d), func(t *testing.T) {
				defer knn.ForcePrefix(dims)()
				for _, metric := range someMetrics(turn) {
					agree(t, lowRank(n, d, 8, 0.1, uint64(d)), metric, 10, nil, 2)
				}
			})
		}
	}
}

// The path that a larger space takes by itself, order and all, against plain Go.
func TestALargerSpaceHasTheSameBytesOnEveryPath(t *testing.T) {
	defer knn.ChoosePrefix()()
	n := 4000
	if testing.Short() {
		n = 1600
	}
	x := lowRank(n, 64, 10, 0.2, 5)
	for i := range n / 50 { // equal rows, and rows of another size
		copy(x.Row(i*40), x.Row(i))
		x.Data[(i*41+7)%n*64] *= 30
	}
	for _, metric := range metrics {
		var want *knn.Table
		for _, path := range paths() {
			got := selfJoin(t, x, knn.Params{K: 10, Metric: metric, Kernel: path})
			if want == nil {
				want = got
			}
			if !slices.Equal(got.IDs, want.IDs) || !slices.Equal(got.Distances, want.Distances) {
				t.Errorf("%s: the path %s gives another table", metric, pathName(path))
			}
		}
	}
}
