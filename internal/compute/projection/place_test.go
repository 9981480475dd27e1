package projection_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/projection"
	"github.com/pentoai/vectory/internal/testkit"
)

// placer lays old rows out and places fresh ones.
type placer struct {
	k    int
	made projection.Layout
	put  func(fresh projection.Fresh) (projection.Layout, error)
}

func placers(t *testing.T, old knn.Matrix, epochs int, on projection.Machine) map[string]placer {
	p := usual(42)
	p.Epochs = epochs
	all := map[string]placer{}
	axes, err := projection.AxesOf(t.Context(), old, 2, false, on)
	if err != nil {
		t.Fatal(err)
	}
	all["pca"] = placer{1, axes.Scores(old, on), func(f projection.Fresh) (projection.Layout, error) {
		return axes.Scores(f.X, on), nil
	}}
	byUMAP := umap(t, old, p, on, nothing)
	all["umap"] = placer{15, byUMAP, func(f projection.Fresh) (projection.Layout, error) {
		return projection.PlaceUMAP(t.Context(), f, byUMAP, p, on)
	}}
	_, byTSNE := tsne(t, old, 30, p, on, nothing)
	all["tsne"] = placer{projection.NeighboursFor(30), byTSNE, func(f projection.Fresh) (projection.Layout, error) {
		return projection.PlaceTSNE(t.Context(), f, byTSNE, 30, on)
	}}
	byPaCMAP := pacmap(t, old, catalog.Euclidean, p, on, nothing)
	all["pacmap"] = placer{projection.NearFor(old.Rows), byPaCMAP, func(f projection.Fresh) (projection.Layout, error) {
		return projection.PlacePaCMAP(t.Context(), f, byPaCMAP, on)
	}}
	return all
}

func (p placer) place(t *testing.T, old, x knn.Matrix) projection.Layout {
	t.Helper()
	f := projection.Fresh{X: x, Old: old, K: min(p.k, old.Rows)}
	var err error
	if f.IDs, f.Distances, err = knn.Query(t.Context(), old, x.Data, knn.Params{K: f.K, Metric: catalog.Euclidean}, nil); err != nil {
		t.Fatal(err)
	}
	l, err := p.put(f)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// split takes every sixth row away.
func split(x knn.Matrix, labels []int32) (old, fresh knn.Matrix, oldLabels, freshLabels []int32) {
	old.Dims, fresh.Dims = x.Dims, x.Dims
	for i := range x.Rows {
		if i%6 == 0 {
			fresh.Data, freshLabels = append(fresh.Data, x.Row(i)...), append(freshLabels, labels[i])
			continue
		}
		old.Data, oldLabels = append(old.Data, x.Row(i)...), append(oldLabels, labels[i])
	}
	old.Rows, fresh.Rows = len(oldLabels), len(freshLabels)
	return old, fresh, oldLabels, freshLabels
}

// What is placed lies among its own kind, near the rows that it is near to in the space.
func TestFreshRowsLieWhereTheyBelong(t *testing.T) {
	full(t)
	old, fresh, oldLabels, freshLabels := split(digits(t, "digits_pixels"), testkit.DigitLabels(t))
	truly, _, err := knn.Query(t.Context(), old, fresh.Data, knn.Params{K: 15, Metric: catalog.Euclidean}, nil)
	if err != nil {
		t.Fatal(err)
	}
	least := map[string][2]float64{"pca": {0.6, 0.1}, "umap": {0.975, 0.49}, "tsne": {0.975, 0.55}, "pacmap": {0.975, 0.47}}
	for name, p := range placers(t, old, 0, projection.Machine{Kernel: best(t)}) {
		l := p.place(t, old, fresh)
		sane(t, name, l)
		here, _, err := knn.Query(t.Context(), knn.Matrix{Data: p.made.Points, Rows: old.Rows, Dims: 2}, l.Points, knn.Params{K: 15, Metric: catalog.Euclidean}, nil)
		if err != nil {
			t.Fatal(err)
		}
		right, shared := 0, 0
		for i := range fresh.Rows {
			var votes [10]int
			for _, j := range here[i*15 : (i+1)*15] {
				votes[oldLabels[j]]++
				if slices.Contains(truly[i*15:(i+1)*15], j) {
					shared++
				}
			}
			if slices.Index(votes[:], slices.Max(votes[:])) == int(freshLabels[i]) {
				right++
			}
		}
		known, recall := float64(right)/float64(fresh.Rows), float64(shared)/float64(15*fresh.Rows)
		t.Logf("%s: label known %.4f, recall %.4f", name, known, recall)
		if known < least[name][0] || recall < least[name][1] {
			t.Errorf("%s: label known %.4f, recall %.4f, less than %v", name, known, recall, least[name])
		}
	}
}

// A row lies at the same place alone, among others and in any order; on a row that it equals; and nothing else moves.
func TestFreshRowsAreIndependent(t *testing.T) {
	old, fresh, _, _ := split(digits(t, "digits_epoch20"), testkit.DigitLabels(t))
	copy(fresh.Row(5), old.Row(77))
	for name, p := range placers(t, old, short(30), projection.Machine{Threads: 3}) {
		before := slices.Clone(p.made.Points)
		all := p.place(t, old, fresh)
		for _, i := range []int{0, 5, 17, fresh.Rows - 1} {
			if alone := p.place(t, old, knn.Matrix{Data: fresh.Row(i), Rows: 1, Dims: fresh.Dims}); !slices.Equal(alone.Points, all.Row(i)) {
				t.Errorf("%s: row %d lies at %v alone, at %v among others", name, i, alone.Points, all.Row(i))
			}
		}
		turned := knn.Matrix{Rows: fresh.Rows, Dims: fresh.Dims}
		for i := range fresh.Rows {
			turned.Data = append(turned.Data, fresh.Row(fresh.Rows-1-i)...)
		}
		for i, l := 0, p.place(t, old, turned); i < fresh.Rows; i++ {
			if !slices.Equal(l.Row(fresh.Rows-1-i), all.Row(i)) {
				t.Errorf("%s: row %d lies elsewhere in another order", name, i)
				break
			}
		}
		if !slices.Equal(all.Row(5), p.made.Row(77)) {
			t.Errorf("%s: a row that equals one lies at %v, not at %v", name, all.Row(5), p.made.Row(77))
		}
		if !slices.Equal(before, p.made.Points) {
			t.Errorf("%s: rows of the layout moved", name)
		}
	}
}

func TestNothingBreaksAPlacing(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 1))
	for kind, x := range oddities() {
		if x.Rows < 10 {
			continue
		}
		fresh := normal(r, 7, x.Dims)
		copy(fresh.Row(0), x.Row(0))
		fresh.Row(1)[0] = 1e9 // far from all
		for name, p := range placers(t, x, 60, projection.Machine{}) {
			sane(t, kind+" by "+name, p.place(t, x, fresh))
		}
	}
}
