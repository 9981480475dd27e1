package knn_test

import (
	"context"
	"math"
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
					for turn, prefix := range []int{0, 16} {
						if testing.Short() && (kind+turn)%2 > 0 {
							continue
						}
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
	shapes := []struct{ n, m, d, k int }{{2, 1, 3, 1}, {90, 40, 33, 5}, {900, 500, 40, 17}}
	if testing.Short() {
		shapes[2].n, shapes[2].m = 400, 200
	}
	for kind, of := range kinds {
		t.Run(of.name, func(t *testing.T) {
			for at, shape := range shapes {
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
					scannedIDs, scanned, err := knn.Query(t.Context(), x, q, p, skip)
					if err != nil || !slices.Equal(ids, scannedIDs) || !slices.Equal(distances, scanned) {
						t.Errorf("%s, %s, %d×%d, %d queries, k=%d, scanned: %v, or the lists differ", pathName(p.Kernel), metric, shape.n, shape.d, shape.m, shape.k, err)
					}
					for _, prefix := range []int{0, 16} {
						restorePrefix, restore := knn.ForcePrefix(prefix), knn.JoinQueries()
						gotIDs, gotDistances, err := knn.Query(t.Context(), x, q, p, skip)
						codes, codesErr := knn.Encode(t.Context(), x, p)
						restore()
						restorePrefix()
						if err != nil || codesErr != nil {
							t.Fatal(err, codesErr)
						}
						if !slices.Equal(ids, gotIDs) || !slices.Equal(distances, gotDistances) {
							t.Errorf("%s, %s, %d×%d, %d queries, k=%d, prefix %d: the lists differ", pathName(p.Kernel), metric, shape.n, shape.d, shape.m, shape.k, prefix)
						}
						for _, some := range []int{shape.m, min(shape.m, 3)} { // codes serve one question after the other
							if codes == nil {
								break
							}
							gotIDs, gotDistances, err := codes.Query(t.Context(), x, q[:some*shape.d], shape.k, 2, skip[:some])
							if err != nil || !slices.Equal(ids[:some*shape.k], gotIDs) || !slices.Equal(distances[:some*shape.k], gotDistances) {
								t.Errorf("%s, %s, %d×%d, %d queries of codes, k=%d: %v, or the lists differ", pathName(p.Kernel), metric, shape.n, shape.d, some, shape.k, err)
							}
						}
					}
				}
			}
		})
	}
}

// What cannot be asked of codes is refused as by Query, and codes do not serve another matrix.
func TestCodesRefuseWhatQueryRefuses(t *testing.T) {
	defer knn.JoinQueries()()
	for _, p := range []knn.Params{{Metric: catalog.Cosine}, {Metric: catalog.Euclidean}} {
		for _, p.Kernel = range paths() {
			x := gaussian(40, 3, 1)
			codes, err := knn.Encode(t.Context(), x, p)
			if err != nil {
				t.Fatal(err)
			}
			if p.Kernel == nil {
				if codes != nil {
					t.Error("codes without kernels")
				}
				continue
			}
			for _, tt := range []struct {
				name string
				x    knn.Matrix
				q    []float32
				k    int
				code catalog.Code
			}{
				{"k", x, []float32{1, 2, 3}, 41, catalog.Invalid},
				{"no k", x, []float32{1, 2, 3}, 0, catalog.Invalid},
				{"width", x, []float32{1, 2}, 2, catalog.Invalid},
				{"not finite", x, []float32{1, float32(math.NaN()), 3}, 2, catalog.Invalid},
				{"other matrix", gaussian(41, 3, 1), []float32{1, 2, 3}, 2, catalog.Internal},
			} {
				if _, _, err := codes.Query(t.Context(), tt.x, tt.q, tt.k, 1, nil); catalog.CodeOf(err) != tt.code {
					t.Errorf("%s, %s: error %v", p.Metric, tt.name, err)
				}
			}
			canceled, cancel := context.WithCancel(t.Context())
			cancel()
			if _, _, err := codes.Query(canceled, x, x.Row(0), 2, 1, nil); catalog.CodeOf(err) != catalog.Canceled {
				t.Errorf("canceled: error %v", err)
			}
		}
	}
}
