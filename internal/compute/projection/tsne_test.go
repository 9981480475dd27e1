package projection_test

import (
	"context"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/projection"
)

func tsne(t testing.TB, x knn.Matrix, perplexity float64, p projection.Params, on projection.Machine, tell projection.Tell) (*projection.Graph, projection.Layout) {
	t.Helper()
	start, err := projection.PCA(t.Context(), x, 2, false, on)
	if err != nil {
		t.Fatal(err)
	}
	neighbours, err := knn.SelfJoin(t.Context(), x, knn.Params{K: min(projection.NeighboursFor(perplexity), x.Rows-1), Metric: catalog.Euclidean, Kernel: best(t)})
	if err != nil {
		t.Fatal(err)
	}
	g := projection.Affinities(neighbours, perplexity, on)
	l, err := projection.TSNE(t.Context(), g, start, p, on, tell)
	if err != nil {
		t.Fatal(err)
	}
	return g, l
}

// divergence is Kullback and Leibler's, every pair counted.
func divergence(g *projection.Graph, l projection.Layout) float64 {
	near := func(i, j int) float64 {
		dx, dy := float64(l.Row(i)[0])-float64(l.Row(j)[0]), float64(l.Row(i)[1])-float64(l.Row(j)[1])
		return 1 / (1 + dx*dx + dy*dy)
	}
	var all, sum float64
	for i := range l.Rows() {
		for j := range i {
			all += 2 * near(i, j)
		}
	}
	for i := range l.Rows() {
		for at := g.Starts[i]; at < g.Starts[i+1]; at++ {
			if p := float64(g.Weights[at]) / float64(l.Rows()); p > 0 {
				sum += p * math.Log(p*all/near(i, int(g.Ends[at])))
			}
		}
	}
	return sum
}

// TestTSNEIsAsNearAsTheReference: testdata/tsne.py made the values, with openTSNE.
func TestTSNEIsAsNearAsTheReference(t *testing.T) {
	if testing.Short() {
		t.Skip("the whole of three layouts is made in full, without the race detector")
	}
	text, err := os.ReadFile("testdata/tsne.json")
	if err != nil {
		t.Fatal(err)
	}
	var want struct {
		Edges              int
		Entropy            float64
		Affinities         map[string]map[string]float64
		Divergences, Trust []float64
	}
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	x := digits(t, "digits_pixels")
	n := float64(x.Rows)
	for _, seed := range []uint64{1, 42, 43} {
		g, l := tsne(t, x, 30, projection.Params{Seed: seed}, projection.Machine{Kernel: best(t)}, nothing)
		var entropy float64
		for _, w := range g.Weights {
			entropy -= float64(w) / n * math.Log(float64(w)/n)
		}
		// Pixels are small integers: the last neighbour is often one of several as far.
		if math.Abs(float64(len(g.Ends)-want.Edges)) > 20 || math.Abs(entropy-want.Entropy) > 1e-5*want.Entropy {
			t.Errorf("%d affinities of entropy %.6f, want %d of %.6f", len(g.Ends), entropy, want.Edges, want.Entropy)
		}
		for row, edges := range want.Affinities {
			i, err := strconv.Atoi(row)
			if err != nil {
				t.Fatal(err)
			}
			for end, w := range edges {
				j, err := strconv.Atoi(end)
				if err != nil {
					t.Fatal(err)
				}
				from := int(g.Starts[i])
				at := slices.Index(g.Ends[from:g.Starts[i+1]], int32(j))
				if at < 0 || math.Abs(float64(g.Weights[from+at])/n-w) > 1e-4*w {
					t.Errorf("the affinity of %d and %d is not %g", i, j, w)
				}
			}
		}
		q := judge(t, x, l, nil)
		got := divergence(g, l)
		t.Logf("seed %d: divergence %.4f, trust %.4f, continuity %.4f, recall %.4f; openTSNE %.4f, trust %.4f", seed, got, q.Trust, q.Continuity, q.Recall, want.Divergences, want.Trust)
		if low, high := slices.Min(want.Divergences), slices.Max(want.Divergences); got < 0.98*low || got > 1.02*high {
			t.Errorf("seed %d: the divergence is %.4f, openTSNE's %.4f", seed, got, want.Divergences)
		}
		if q.Trust < slices.Min(want.Trust)-0.004 {
			t.Errorf("seed %d: trust %.4f, openTSNE's %.4f", seed, q.Trust, want.Trust)
		}
	}
}

func TestTSNEGivesTheSameBytesForAnyThreads(t *testing.T) {
	x := digits(t, "digits_epoch20")
	few := knn.Matrix{Data: x.Data[:300*x.Dims], Rows: 300, Dims: x.Dims} // every pair, not the grid
	for _, of := range []knn.Matrix{few, x} {
		p := projection.Params{Seed: 42, Epochs: short(30)}
		_, want := tsne(t, of, 30, p, projection.Machine{Threads: 1}, nothing)
		for _, threads := range []int{2, 3, 8} {
			_, got := tsne(t, of, 30, p, projection.Machine{Threads: threads, Kernel: best(t)}, func(_, _ int, look func() []projection.Layout) error {
				look()[0].Points[0] = 7 // what is looked at is a copy
				return nil
			})
			if !slices.Equal(want.Points, got.Points) {
				t.Errorf("%d rows, %d threads: the layout differs", of.Rows, threads)
			}
		}
		p.Seed = 43
		if _, got := tsne(t, of, 30, p, projection.Machine{}, nothing); slices.Equal(want.Points, got.Points) {
			t.Error("another seed gives the same layout")
		}
	}
}

func TestNothingBreaksTSNE(t *testing.T) {
	for name, x := range oddities() {
		for _, perplexity := range []float64{1, projection.LargestPerplexity(x.Rows), 30} {
			_, l := tsne(t, x, perplexity, projection.Params{Seed: 3, Epochs: 60}, projection.Machine{}, nothing)
			sane(t, name, l)
			if l.Rows() != x.Rows {
				t.Errorf("%s: %d points", name, l.Rows())
			}
		}
	}
}

// Rows of zeros have no neighbours under cosine: they take no part.
func TestTSNELeavesOutRowsOfZeros(t *testing.T) {
	x := normal(rand.New(rand.NewPCG(5, 5)), 40, 6)
	clear(x.Row(0))
	clear(x.Row(21))
	neighbours, err := knn.SelfJoin(t.Context(), x, knn.Params{K: 15, Metric: catalog.Cosine})
	if err != nil {
		t.Fatal(err)
	}
	start, err := projection.PCA(t.Context(), x, 2, true, projection.Machine{})
	if err != nil {
		t.Fatal(err)
	}
	l, err := projection.TSNE(t.Context(), projection.Affinities(neighbours, 5, projection.Machine{}), start, projection.Params{Seed: 1}, projection.Machine{}, nothing)
	if err != nil {
		t.Fatal(err)
	}
	sane(t, "with rows of zeros", l)
	if !slices.Equal(l.Row(0), l.Row(21)) || slices.Equal(l.Row(1), l.Row(2)) {
		t.Errorf("rows of zeros lie at %v and %v, others at %v and %v", l.Row(0), l.Row(21), l.Row(1), l.Row(2))
	}
}

func TestACanceledTSNEEndsWithCanceled(t *testing.T) {
	x := normal(rand.New(rand.NewPCG(1, 1)), 300, 4)
	ctx, cancel := context.WithCancel(t.Context())
	epochs := 0
	_, err := projection.TSNE(ctx, projection.Affinities(table(t, x), 5, projection.Machine{}), projection.Layout{Dims: 2, Points: x.Data[:600]}, projection.Params{}, projection.Machine{}, func(epoch, _ int, _ func() []projection.Layout) error {
		if epochs = epoch; epoch == 5 {
			cancel()
		}
		return nil
	})
	if catalog.CodeOf(err) != catalog.Canceled || epochs != 5 {
		t.Errorf("%v after %d epochs", err, epochs)
	}
}
