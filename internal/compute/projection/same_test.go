package projection_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/projection"
)

// likeness asks that two layouts of about the same space are as good as each other, by about twice what seeds differ by.
func likeness(t *testing.T, what string, a, b *projection.Quality) {
	t.Helper()
	for _, c := range []struct {
		name       string
		a, b, band float64
	}{{"trust", a.Trust, b.Trust, 0.003}, {"continuity", a.Continuity, b.Continuity, 0.003}, {"recall", a.Recall, b.Recall, 0.012}, {"triplets", a.Triplets, b.Triplets, 0.03}} {
		if math.Abs(c.a-c.b) > c.band {
			t.Errorf("%s: %s is %.4f, and was %.4f", what, c.name, c.b, c.a)
		}
	}
}

// A space that is turned, larger or in another order has the same graph and a layout that is as good; larger by a power of
// two, where no number is rounded, nearly the same one.
func TestWhatDoesNotChangeASpaceDoesNotChangeItsLayout(t *testing.T) {
	full(t)
	r := rand.New(rand.NewPCG(31, 7))
	x := digits(t, "digits_epoch20")
	on := projection.Machine{Kernel: best(t)}
	g, first := projection.NewGraph(table(t, x), 15, on), judge(t, x, umap(t, x, usual(42), on, nothing), nil)
	order := r.Perm(x.Rows)
	shuffled, larger := knn.Matrix{Rows: x.Rows, Dims: x.Dims}, knn.Matrix{Rows: x.Rows, Dims: x.Dims}
	for _, from := range order {
		shuffled.Data = append(shuffled.Data, x.Row(from)...)
	}
	for _, v := range x.Data {
		larger.Data = append(larger.Data, 1024*v)
	}
	same := func(what string, y knn.Matrix, rowOf func(int) int) {
		t.Helper()
		h := projection.NewGraph(table(t, y), 15, on)
		if len(h.Ends) != len(g.Ends) {
			t.Errorf("%s: %d edges, and there were %d", what, len(h.Ends), len(g.Ends))
		}
		other := 0
		for i := range y.Rows {
			ends := map[int32]float32{}
			from := rowOf(i)
			for p := g.Starts[from]; p < g.Starts[from+1]; p++ {
				ends[g.Ends[p]] = g.Weights[p]
			}
			for p := h.Starts[i]; p < h.Starts[i+1]; p++ {
				w, known := ends[int32(rowOf(int(h.Ends[p])))]
				if !known || math.Abs(float64(w-h.Weights[p])) > 1e-3 {
					other++
				}
			}
		}
		if other > len(g.Ends)/1000 { // a turn rounds distances: among equal ones another may be the nearest
			t.Errorf("%s: %d of %d edges are others", what, other, len(g.Ends))
		}
		likeness(t, what, first, judge(t, y, umap(t, y, usual(42), on, nothing), nil))
	}
	self := func(i int) int { return i }
	same("turned", rotated(r, x), self)
	same("larger", larger, self)
	same("in another order", shuffled, func(i int) int { return order[i] })
}

// Equal rows have the same neighbours but for each other, and lie beside each other.
func TestEqualRowsLieTogether(t *testing.T) {
	x := digits(t, "digits_epoch20")
	twice := knn.Matrix{Rows: 600, Dims: x.Dims}
	for i := range 600 {
		twice.Data = append(twice.Data, x.Row(i/2)...)
	}
	l := umap(t, twice, usual(42), projection.Machine{Kernel: best(t)}, nothing)
	var gaps, any []float64
	for i := 0; i < 600; i += 2 {
		apart := func(j int) float64 {
			return math.Hypot(float64(l.Row(i)[0]-l.Row(j)[0]), float64(l.Row(i)[1]-l.Row(j)[1])) / radius(l)
		}
		gaps, any = append(gaps, apart(i+1)), append(any, apart((i+300)%600))
	}
	if near, far := median(gaps), median(any); near > far/20 {
		t.Errorf("the median pair of equal rows is %.4f of the radius apart, any %.4f", near, far)
	}
}

// What is not made for two spaces, or steps, breaks neither: of the oddities each is laid out with itself in another order, with itself
// turned, and after it.
func TestNothingBreaksJointLayouts(t *testing.T) {
	on := projection.Machine{Threads: 2}
	for name, x := range oddities() {
		r := rand.New(rand.NewPCG(17, 1))
		p := usual(3)
		p.K, p.Epochs = min(p.K, x.Rows-1), 40
		other := knn.Matrix{Rows: x.Rows, Dims: x.Dims}
		for _, i := range r.Perm(x.Rows) {
			other.Data = append(other.Data, x.Row(i)...)
		}
		var graphs []*projection.Graph
		for _, s := range []knn.Matrix{x, other, rotated(r, x)} {
			graphs = append(graphs, projection.NewGraph(table(t, s), p.K, on))
		}
		start, err := projection.PCA(t.Context(), x, 2, false, on)
		if err != nil {
			t.Fatal(err)
		}
		for many := 2; many <= 3; many++ {
			made, err := projection.Joint(t.Context(), graphs[:many], []projection.Layout{start}, p, on, nothing)
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range made {
				sane(t, name+" together", l)
				if l.Rows() != x.Rows {
					t.Errorf("%s: %d points", name, l.Rows())
				}
			}
			if gaps := projection.Displacements(made[0], made[1]); slices.ContainsFunc(gaps, func(g float32) bool { return math.IsNaN(float64(g)) || math.IsInf(float64(g), 0) }) {
				t.Errorf("%s: rows move by %v", name, gaps)
			}
			sane(t, name+" aligned", projection.Align(made[0], made[many-1]))
		}
		steps := []projection.Step{{Graph: graphs[0], Made: start}}
		for _, g := range graphs[1:] {
			l, err := projection.Anchored(t.Context(), g, steps, p, on, nothing)
			if err != nil {
				t.Fatal(err)
			}
			sane(t, name+" after it", l)
			steps = slices.Insert(steps, 0, projection.Step{Graph: g, Made: l})
		}
	}
}
