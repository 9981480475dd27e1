package knn_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
)

// The lists of some rows are those that the table of all rows has, on every path.
func TestListsOfQueryRowsAreThoseOfTheFullTable(t *testing.T) {
	shapes := []struct{ n, d, k int }{{2, 3, 1}, {70, 32, 5}, {430, 40, 10}, {1300, 65, 17}}
	if testing.Short() {
		shapes = shapes[:3]
	}
	for kind, of := range kinds {
		t.Run(of.name, func(t *testing.T) {
			for at, shape := range shapes {
				x := makeMatrix(kind, shape.n, shape.d, uint64(at))
				metric := metrics[(kind+at)%3]
				exclude := knn.Exclusions(x, metric)
				k := shape.k
				if exclude != nil {
					taking := 0
					for _, out := range exclude {
						if !out {
							taking++
						}
					}
					if k = min(k, taking-1); k < 1 {
						continue
					}
				}
				full := selfJoin(t, x, knn.Params{K: k, Metric: metric, Threads: 2})
				for _, asked := range []int{1, shape.n / 7, shape.n / 2, shape.n} {
					rows := someRows(shape.n, max(asked, 1), uint64(asked))
					want := &knn.Table{Rows: x.Rows, K: k, Queries: rows}
					for _, row := range rows {
						want.IDs = append(want.IDs, full.Neighbours(int(row))...)
						want.Distances = append(want.Distances, full.Distances[int(row)*k:int(row+1)*k]...)
					}
					for _, prefix := range []int{0, 16} {
						restore := knn.ForcePrefix(prefix)
						got := selfJoin(t, x, knn.Params{K: k, Metric: metric, Threads: 1 + at%3, Queries: rows})
						restore()
						if !cmp.Equal(want, got) {
							t.Errorf("%s, %d×%d, k=%d, %d queries, prefix %d: the lists differ", metric, shape.n, shape.d, k, len(rows), prefix)
						}
					}
				}
			}
		})
	}
}

func someRows(n, m int, seed uint64) []int32 {
	rows := make([]int32, 0, m)
	for _, row := range rand.New(rand.NewPCG(seed, 3)).Perm(n)[:m] {
		rows = append(rows, int32(row))
	}
	slices.Sort(rows)
	return rows
}

func TestQueryRowsMustRise(t *testing.T) {
	for _, rows := range [][]int32{{1, 1}, {3, 2}, {-1}, {8}} {
		_, err := knn.SelfJoin(t.Context(), gaussian(8, 2, 1), knn.Params{K: 2, Metric: catalog.Dot, Queries: rows})
		if catalog.CodeOf(err) != catalog.Internal {
			t.Errorf("%v: error %v", rows, err)
		}
	}
}
