package knn_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
)

func TestRefusals(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	eight := gaussian(8, 2, 1)
	for _, tt := range []struct {
		name    string
		x       knn.Matrix
		p       knn.Params
		message string
	}{
		{"k is too large", eight, knn.Params{K: 10, Metric: catalog.Euclidean}, "k=10 needs at least 11 rows, the space has 8; the largest legal k is 7"},
		{"k equals the rows", eight, knn.Params{K: 8, Metric: catalog.Euclidean}, "k=8 needs at least 9 rows, the space has 8; the largest legal k is 7"},
		{
			"rows are left out", eight,
			knn.Params{K: 7, Metric: catalog.Dot, Exclude: []bool{true, false, false, true, false, false, false, false}},
			"k=7 needs at least 8 rows, the space has 6 (2 of its 8 are left out); the largest legal k is 5",
		},
		{"zero rows under cosine", written([][]float32{{1, 0}, {0, 0}, {0, 1}}), knn.Params{K: 2, Metric: catalog.Cosine}, "k=2 needs at least 3 rows, the space has 2 (1 of its 3 are left out); the largest legal k is 1"},
		{"one row", gaussian(1, 2, 1), knn.Params{K: 1, Metric: catalog.Euclidean}, "k=1 needs at least 2 rows, the space has 1"},
		{"no row", knn.Matrix{Dims: 2}, knn.Params{K: 1, Metric: catalog.Euclidean}, "k=1 needs at least 2 rows, the space has 0"},
		{"k is zero", eight, knn.Params{Metric: catalog.Euclidean}, "k=0: k must be at least 1"},
		{"unknown metric", eight, knn.Params{K: 1, Metric: "manhattan"}, `unknown metric "manhattan"`},
		{"NaN", written([][]float32{{1, 2}, {3, nan}, {5, 6}}), knn.Params{K: 1, Metric: catalog.Euclidean}, "row 1, column 1 is NaN"},
		{"infinite", written([][]float32{{1, 2}, {3, 4}, {inf, 6}}), knn.Params{K: 1, Metric: catalog.Cosine}, "row 2, column 0 is +Inf"},
		{"too far for float32", written([][]float32{{3e38}, {-3e38}, {3e38}}), knn.Params{K: 2, Metric: catalog.Euclidean}, "rows 0 and 1 are 6e+38 apart, more than a 32-bit number can hold"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := knn.SelfJoin(context.Background(), tt.x, tt.p)
			var e *catalog.Error
			if !errors.As(err, &e) || e.Code != catalog.Invalid || e.Hint == "" {
				t.Fatalf("error %#v, want an Invalid one with a hint", err)
			}
			if e.Message != tt.message {
				t.Errorf("message %q, want %q", e.Message, tt.message)
			}
		})
	}
}

func TestQueryRefusals(t *testing.T) {
	x := written([][]float32{{1, 0}, {0, 0}, {0, 1}})
	for _, tt := range []struct {
		name    string
		q       []float32
		p       knn.Params
		skip    []int32
		message string
	}{
		{"half a row", []float32{1}, knn.Params{K: 1, Metric: catalog.Dot}, nil, "the queries hold 1 values, rows of the space 2"},
		{"skip of another length", []float32{1, 2}, knn.Params{K: 1, Metric: catalog.Dot}, []int32{1, 2}, "the queries hold 2 values, rows of the space 2"},
		{"zeros under cosine", []float32{1, 1, 0, 0}, knn.Params{K: 1, Metric: catalog.Cosine}, nil, "query row 1 holds zeros only: cosine is not defined for it"},
		{"NaN", []float32{1, float32(math.NaN())}, knn.Params{K: 1, Metric: catalog.Cosine}, nil, "query row 0, column 1 is NaN"},
		{"k is too large", []float32{1, 2}, knn.Params{K: 4, Metric: catalog.Euclidean}, nil, "k=4 needs at least 4 rows, the space has 3; the largest legal k is 3"},
		{"k is too large without itself", []float32{1, 0}, knn.Params{K: 3, Metric: catalog.Euclidean}, []int32{0}, "k=3 needs at least 4 rows, the space has 3; the largest legal k is 2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := knn.Query(context.Background(), x, tt.q, tt.p, tt.skip)
			if catalog.CodeOf(err) != catalog.Invalid || err.Error() != tt.message {
				t.Errorf("error %v, want %q", err, tt.message)
			}
		})
	}
}

func TestQueryRefusesASpaceThatIsNotFinite(t *testing.T) {
	x := written([][]float32{{1, 0}, {3, float32(math.NaN())}, {0, 1}})
	for _, metric := range metrics {
		_, _, err := knn.Query(context.Background(), x, []float32{1, 2}, knn.Params{K: 1, Metric: metric}, nil)
		if catalog.CodeOf(err) != catalog.Invalid || err.Error() != "row 1, column 1 is NaN" {
			t.Errorf("%s: error %v", metric, err)
		}
	}
}

func TestRowsLeftOutAreNeitherQueriesNorNeighbours(t *testing.T) {
	x := written([][]float32{{1, 0}, {0, 0}, {1, 1}, {0, 1}, {1, 0.1}})
	got := selfJoin(t, x, knn.Params{K: 2, Metric: catalog.Cosine, Exclude: []bool{false, false, false, false, true}})
	want := &knn.Table{
		Rows: 5, K: 2,
		IDs:       []int32{2, 3, -1, -1, 0, 3, 2, 0, -1, -1},
		Distances: []float32{0.29289323, 1, -1, -1, 0.29289323, 0.29289323, 0.29289323, 1, -1, -1},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if diff := cmp.Diff([]bool{false, true, false, false, false}, knn.Exclusions(x, catalog.Cosine)); diff != "" {
		t.Errorf("exclusions: -want +got\n%s", diff)
	}
	if knn.Exclusions(x, catalog.Euclidean) != nil {
		t.Error("euclidean leaves rows out")
	}
}

func TestDuplicatesOfARowAreItsNeighbours(t *testing.T) {
	x := written([][]float32{{7, 7}, {0, 0}, {7, 7}, {7, 7}})
	got := selfJoin(t, x, knn.Params{K: 3, Metric: catalog.Euclidean})
	if diff := cmp.Diff([]int32{2, 3, 1, 0, 2, 3, 0, 3, 1, 0, 2, 1}, got.IDs); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestCanceledRunEndsWithCanceled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, path := range paths() {
		running, stop := context.WithCancel(context.Background())
		var after atomic.Int64
		p := knn.Params{K: 5, Metric: catalog.Euclidean, Threads: 2, Kernel: path, Progress: func(done, total int64) {
			stop()
			after.Add(1)
		}}
		table, err := knn.SelfJoin(running, gaussian(3000, 32, 1), p)
		if catalog.CodeOf(err) != catalog.Canceled || !errors.Is(err, context.Canceled) || table != nil {
			t.Errorf("%s: a table: %t, error %v, want Canceled", pathName(path), table != nil, err)
		}
		if n := after.Load(); n > 4 {
			t.Errorf("%s: %d more blocks were computed after the cancel, want at most one by thread", pathName(path), n)
		}
	}
	if _, _, err := knn.Query(ctx, gaussian(30, 2, 1), []float32{1, 2}, knn.Params{K: 1, Metric: catalog.Dot}, nil); catalog.CodeOf(err) != catalog.Canceled {
		t.Errorf("Query under an ended context: %v", err)
	}
}

func TestEveryPathYieldsBetweenTiles(t *testing.T) {
	x := gaussian(900, 8, 1)
	for _, path := range paths() {
		var calls atomic.Int64
		table := joinOn(t, x, knn.Params{K: 5, Metric: catalog.Dot, Kernel: path, Yield: func(context.Context) { calls.Add(1) }})
		if calls.Load() < 6 || table.Excluded(0) {
			t.Errorf("%s: it yielded %d times", pathName(path), calls.Load())
		}
	}
}

func TestProgressRisesToTheTotal(t *testing.T) {
	var inside atomic.Bool
	var last, end int64
	p := knn.Params{K: 5, Metric: catalog.Cosine, Threads: 3, Progress: func(done, total int64) {
		if inside.Swap(true) {
			t.Error("two goroutines report at once")
		}
		if done <= last || (end != 0 && total != end) {
			t.Errorf("progress went from %d of %d to %d of %d", last, end, done, total)
		}
		last, end = done, total
		inside.Store(false)
	}}
	x := gaussian(500, 3, 1)
	for _, p.Kernel = range paths() {
		last, end = 0, 0
		joinOn(t, x, p)
		if last != end || end == 0 {
			t.Errorf("%s: progress ended at %d of %d", pathName(p.Kernel), last, end)
		}
	}
	last, end = 0, 0
	if _, _, err := knn.Query(context.Background(), x, x.Row(0), p, nil); err != nil || last != 500 || end != 500 {
		t.Errorf("progress of a query ended at %d of %d, error %v", last, end, err)
	}
}

func TestTiesAreThoseOfExactDistances(t *testing.T) {
	x := written([][]float32{{0}, {1}, {-1}, {3}, {1 + 1e-7}})
	table := selfJoin(t, x, knn.Params{K: 3, Metric: catalog.Euclidean})
	for k, want := range map[int][]bool{
		1: {true, false, false, false, false}, // row 0: rows 1 and 2 at 1; row 3 sees 4 and 1 apart by 1e-7
		2: {false, false, false, false, false},
	} {
		got, err := table.TiesAt(x, catalog.Euclidean, k)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("k=%d: -want +got\n%s", k, diff)
		}
	}
	if _, err := table.TiesAt(x, catalog.Euclidean, 3); err == nil || !strings.Contains(err.Error(), "4 neighbours") {
		t.Errorf("a table without place k+1 answers: %v", err)
	}
	whole := selfJoin(t, x, knn.Params{K: 4, Metric: catalog.Euclidean})
	if got, err := whole.TiesAt(x, catalog.Euclidean, 4); err != nil || cmp.Diff(make([]bool, 5), got) != "" {
		t.Errorf("with every other row listed: %v, %v", got, err)
	}
}
