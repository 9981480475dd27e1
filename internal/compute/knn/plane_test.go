package knn_test

import (
	"slices"
	"testing"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
)

// Rows of few columns are searched by a tree: the lists are those of brute force, ties and all.
func TestListsOfAPlaneAreThoseOfBruteForce(t *testing.T) {
	defer knn.PlaneFrom(2)()
	for kind, of := range kinds {
		t.Run(of.name, func(t *testing.T) {
			for at, shape := range []struct{ n, d, k int }{{2, 1, 1}, {13, 2, 3}, {26, 3, 25}, {300, 1, 10}, {500, 2, 15}, {450, 3, 40}} {
				x := makeMatrix(kind, shape.n, shape.d, uint64(at))
				agree(t, x, catalog.Euclidean, shape.k, nil, 1+at%3)
				exclude := make([]bool, shape.n)
				for i := range exclude {
					exclude[i] = i%5 == 2
				}
				agree(t, x, catalog.Euclidean, shape.k, exclude, 2)
			}
		})
	}
}

// The tree gives the bytes of the join, at a size where both serve, of all rows and of some.
func TestAPlaneHasTheBytesOfTheJoin(t *testing.T) {
	n := 6000
	if testing.Short() {
		n = 2000
	}
	for _, d := range []int{2, 3} {
		x := gaussian(n, d, uint64(d))
		for i := range x.Data { // on a grid, so that many tie and some are the same
			if i%3 != 0 {
				x.Data[i] = float32(int(x.Data[i] * 20))
			}
		}
		for _, queries := range [][]int32{nil, someRows(n, n/12, 1)} {
			p := knn.Params{K: 15, Metric: catalog.Euclidean, Threads: 2, Queries: queries}
			restore := knn.PlaneFrom(1 << 30)
			want := selfJoin(t, x, p)
			restore()
			got := selfJoin(t, x, p)
			if !slices.Equal(want.IDs, got.IDs) || !slices.Equal(want.Distances, got.Distances) {
				t.Errorf("%d columns, %d queries: the lists differ", d, len(queries))
			}
		}
	}
}
