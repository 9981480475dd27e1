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

// Many queries are joined: the same ids and the same distances, to the last bit, as when all are computed.
func TestJoinedQueriesAreThoseOfAScan(t *testing.T) {
	for kind, of := range kinds {
		t.Run(of.name, func(t *testing.T) {
			for at, shape := range []struct{ n, m, d, k int }{{2, 1, 3, 1}, {90, 40, 33, 5}, {900, 500, 40, 17}} {
				x := makeMatrix(kind, shape.n, shape.d, uint64(at))
				metric := metrics[(kind+at)%3]
				both := makeMatrix(kind, shape.n+shape.m, shape.d, uint64(at)+5)
				q := both.Data[shape.n*shape.d:]
				skip := make([]int32, shape.m)
				for i := range skip {
					skip[i] = int32(i%(2*shape.n)) - int32(shape.n/2)
					if skip[i] < 0 || int(skip[i]) >= shape.n {
						skip[i] = -1
					} else { // a row of the space asks about itself
						copy(q[i*shape.d:(i+1)*shape.d], x.Row(int(skip[i])))
					}
				}
				p := knn.Params{K: shape.k, Metric: metric, Threads: 2}
				ids, distances, err := knn.Query(t.Context(), x, q, p, skip)
				if err != nil {
					if catalog.CodeOf(err) == catalog.Invalid { // too few rows take part, or a query of zeros
						continue
					}
					t.Fatal(err)
				}
				for _, p.Kernel = range paths() {
					for _, prefix := range []int{0, 16} {
						restorePrefix, restore := knn.ForcePrefix(prefix), knn.JoinQueries()
						gotIDs, gotDistances, err := knn.Query(t.Context(), x, q, p, skip)
						restore()
						restorePrefix()
						if err != nil {
							t.Fatal(err)
						}
						if !slices.Equal(ids, gotIDs) || !slices.Equal(distances, gotDistances) {
							t.Errorf("%s, %s, %d×%d, %d queries, k=%d, prefix %d: the lists differ", pathName(p.Kernel), metric, shape.n, shape.d, shape.m, shape.k, prefix)
						}
					}
				}
			}
		})
	}
}
