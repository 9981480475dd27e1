package projection_test

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/projection"
	"github.com/pentoai/vectory/internal/testkit"
)

func pacmap(t testing.TB, x knn.Matrix, metric catalog.Metric, p projection.Params, on projection.Machine, tell projection.Tell) projection.Layout {
	t.Helper()
	start, err := projection.PCA(t.Context(), x, p.Dims, metric == catalog.Cosine, on)
	if err != nil {
		t.Fatal(err)
	}
	taking := x.Rows
	for i := range x.Rows {
		if metric == catalog.Cosine && slices.Max(x.Row(i)) == 0 && slices.Min(x.Row(i)) == 0 {
			taking--
		}
	}
	neighbours, err := knn.SelfJoin(t.Context(), x, knn.Params{K: min(projection.PaCMAPNeighbours(x.Rows), taking-1), Metric: metric, Kernel: best(t)})
	if err != nil {
		t.Fatal(err)
	}
	l, err := projection.PaCMAP(t.Context(), x, metric, neighbours, start, p, on, tell)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestPaCMAPIsAsGoodAsTheReference: testdata/pacmap.py made the values, with pacmap. The band is what its seeds differ by
// and more.
func TestPaCMAPIsAsGoodAsTheReference(t *testing.T) {
	full(t)
	text, err := os.ReadFile("testdata/pacmap.json")
	if err != nil {
		t.Fatal(err)
	}
	var want struct {
		Spaces map[string][]struct{ Trust, Continuity, Recall, Triplets, Labels float64 }
	}
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	labels := testkit.DigitLabels(t)
	seeds := []uint64{1, 42, 43}
	if testing.Short() {
		seeds = seeds[:1]
	}
	for name, runs := range want.Spaces {
		for _, seed := range seeds {
			x := digits(t, name)
			q := judge(t, x, pacmap(t, x, catalog.Euclidean, projection.Params{Dims: 2, Seed: seed}, projection.Machine{Kernel: best(t)}, nothing), labels)
			t.Logf("%s, seed %d: trust %.4f continuity %.4f recall %.4f triplets %.4f labels %.4f; pacmap %.4f", name, seed, q.Trust, q.Continuity, q.Recall, q.Triplets, *q.LabelHere, runs)
			for _, run := range runs {
				if q.Trust < run.Trust-0.003 || q.Continuity < run.Continuity-0.003 || q.Recall < run.Recall-0.012 || q.Triplets < run.Triplets-0.025 || *q.LabelHere < run.Labels-0.005 {
					t.Errorf("%s, seed %d: worse than %.4f", name, seed, run)
				}
			}
		}
	}
}

func TestPaCMAPGivesTheSameBytesForAnyThreads(t *testing.T) {
	x := digits(t, "digits_epoch20")
	for _, dims := range []int{2, 3} {
		p := projection.Params{Dims: dims, Seed: 42, Epochs: short(90)}
		want := pacmap(t, x, catalog.Euclidean, p, projection.Machine{Threads: 1}, nothing)
		for _, threads := range []int{2, 3, 8} {
			got := pacmap(t, x, catalog.Euclidean, p, projection.Machine{Threads: threads, Kernel: best(t)}, func(_, _ int, look func() []projection.Layout) error {
				look()[0].Points[0] = 7 // what is looked at is a copy
				return nil
			})
			if !slices.Equal(want.Points, got.Points) {
				t.Errorf("%d dimensions, %d threads: the layout differs", dims, threads)
			}
		}
		p.Seed = 43
		if slices.Equal(want.Points, pacmap(t, x, catalog.Euclidean, p, projection.Machine{}, nothing).Points) {
			t.Error("another seed gives the same layout")
		}
	}
}

func TestNothingBreaksPaCMAP(t *testing.T) {
	for name, x := range oddities() {
		for _, dims := range []int{2, 3} {
			l := pacmap(t, x, catalog.Euclidean, projection.Params{Dims: dims, Seed: 3, Epochs: 90}, projection.Machine{Kernel: best(t)}, nothing)
			sane(t, name, l)
			if l.Rows() != x.Rows {
				t.Errorf("%s: %d points", name, l.Rows())
			}
		}
	}
}

// Rows of zeros have no neighbours under cosine: they take no part.
func TestPaCMAPLeavesOutRowsOfZeros(t *testing.T) {
	x := normal(rand.New(rand.NewPCG(5, 5)), 100, 6)
	clear(x.Row(0))
	clear(x.Row(21))
	l := pacmap(t, x, catalog.Cosine, projection.Params{Dims: 2, Seed: 1}, projection.Machine{}, nothing)
	sane(t, "with rows of zeros", l)
	if !slices.Equal(l.Row(0), l.Row(21)) || slices.Equal(l.Row(1), l.Row(2)) {
		t.Errorf("rows of zeros lie at %v and %v, others at %v and %v", l.Row(0), l.Row(21), l.Row(1), l.Row(2))
	}
}

func TestNearRowsFitTheRows(t *testing.T) {
	for n := 10; n < 30_000; n++ {
		if near := projection.NearFor(n); near < 1 || near+near/2+2*near > n || near > 17 || n > 40 && near < 10 {
			t.Fatalf("%d near rows of %d", near, n)
		}
	}
	if near := projection.NearFor(60_000); near != 22 { // as pacmap says it
		t.Errorf("%d near rows of 60000", near)
	}
}

func TestACanceledPaCMAPEndsWithCanceled(t *testing.T) {
	x := normal(rand.New(rand.NewPCG(1, 1)), 300, 4)
	ctx, cancel := context.WithCancel(t.Context())
	epochs := 0
	_, err := projection.PaCMAP(ctx, x, catalog.Euclidean, table(t, x), projection.Layout{Dims: 2, Points: x.Data[:600]}, projection.Params{}, projection.Machine{}, func(epoch, _ int, _ func() []projection.Layout) error {
		if epochs = epoch; epoch == 5 {
			cancel()
		}
		return nil
	})
	if catalog.CodeOf(err) != catalog.Canceled || epochs != 5 {
		t.Errorf("%v after %d epochs", err, epochs)
	}
}
