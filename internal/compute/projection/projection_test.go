package projection_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/kernel"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/projection"
	"github.com/pentoai/vectory/internal/testkit"
)

// full is of tests that look at what layouts are like: under the race detector they take minutes, and say no more. What runs in
// parallel has tests of its own, which are short.
func full(t testing.TB) {
	t.Helper()
	if testing.Short() {
		t.Skip("what layouts are like is looked at in full only")
	}
}

// short is how many of some epochs are enough to see that threads do not matter.
func short(epochs int) int {
	if testing.Short() {
		return epochs / 3
	}
	return epochs
}

func best(t testing.TB) *kernel.Set {
	t.Helper()
	set, err := kernel.Named("")
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func table(t testing.TB, x knn.Matrix) *knn.Table {
	t.Helper()
	k := min(15, x.Rows-1)
	out, err := knn.SelfJoin(t.Context(), x, knn.Params{K: k, Metric: catalog.Euclidean, Kernel: best(t)})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func nothing(int, int, func() []projection.Layout) error { return nil }

func usual(seed uint64) projection.Params {
	return projection.Params{Dims: 2, K: 15, MinDist: 0.1, Spread: 1, Seed: seed}
}

func umap(t testing.TB, x knn.Matrix, p projection.Params, on projection.Machine, tell projection.Tell) projection.Layout {
	t.Helper()
	start, err := projection.PCA(t.Context(), x, p.Dims, false, on)
	if err != nil {
		t.Fatal(err)
	}
	p.K = min(p.K, x.Rows-1)
	l, err := projection.Run(t.Context(), projection.NewGraph(table(t, x), p.K, on), start, p, on, tell)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func judge(t testing.TB, x knn.Matrix, l projection.Layout, labels []int32) *projection.Quality {
	t.Helper()
	q, err := projection.Judge(t.Context(), x, catalog.Euclidean, table(t, x), l, labels, 10, projection.Machine{Kernel: best(t)})
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func digits(t testing.TB, name string) knn.Matrix {
	m := testkit.Space(t, name)
	return knn.Matrix{Data: m.Data, Rows: m.Rows, Dims: m.Dims}
}

func normal(r *rand.Rand, rows, dims int) knn.Matrix {
	x := knn.Matrix{Rows: rows, Dims: dims, Data: make([]float32, rows*dims)}
	for i := range x.Data {
		x.Data[i] = float32(r.NormFloat64())
	}
	return x
}

// rotated is x through a random rotation.
func rotated(r *rand.Rand, x knn.Matrix) knn.Matrix {
	d := x.Dims
	basis := make([][]float64, d)
	for i := range basis {
		basis[i] = make([]float64, d)
		for c := range basis[i] {
			basis[i][c] = r.NormFloat64()
		}
		for range 2 {
			for _, before := range basis[:i] {
				var dot float64
				for c, v := range before {
					dot += v * basis[i][c]
				}
				for c, v := range before {
					basis[i][c] -= dot * v
				}
			}
		}
		var length float64
		for _, v := range basis[i] {
			length += v * v
		}
		for c := range basis[i] {
			basis[i][c] /= math.Sqrt(length)
		}
	}
	out := knn.Matrix{Rows: x.Rows, Dims: d, Data: make([]float32, len(x.Data))}
	for i := range x.Rows {
		for c := range d {
			var sum float64
			for j, v := range x.Row(i) {
				sum += float64(v) * basis[c][j]
			}
			out.Row(i)[c] = float32(sum)
		}
	}
	return out
}

func sane(t *testing.T, what string, l projection.Layout) {
	t.Helper()
	for i, v := range l.Points {
		if f := float64(v); math.IsNaN(f) || math.IsInf(f, 0) {
			t.Fatalf("%s: coordinate %d is %g", what, i, v)
		}
	}
}

func TestTheSameBytesForAnyThreadsAndAnyLook(t *testing.T) {
	x := digits(t, "digits_epoch20")
	for _, dims := range []int{2, 3} {
		p := usual(42)
		p.Dims, p.Epochs = dims, short(30)
		want := umap(t, x, p, projection.Machine{Threads: 1}, nothing)
		for _, threads := range []int{2, 3, 8} {
			looks := 0
			got := umap(t, x, p, projection.Machine{Threads: threads, Kernel: best(t)}, func(epoch, _ int, look func() []projection.Layout) error {
				if epoch%threads == 0 {
					look()[0].Points[0] = 7 // what is looked at is a copy
					looks++
				}
				return nil
			})
			if looks == 0 || !slices.Equal(want.Points, got.Points) {
				t.Errorf("%d dimensions, %d threads: the layout differs after %d looks", dims, threads, looks)
			}
		}
		p.Seed = 43
		if slices.Equal(want.Points, umap(t, x, p, projection.Machine{}, nothing).Points) {
			t.Error("another seed gives the same layout")
		}
	}
}

// A layout goes on from where it is: it stays near, settles, and gives the same bytes for any threads.
func TestALayoutGoesOn(t *testing.T) {
	full(t)
	x := digits(t, "digits_epoch20")
	p := usual(42)
	p.Epochs = 40
	first := umap(t, x, p, projection.Machine{}, nothing)
	g := projection.NewGraph(table(t, x), 15, projection.Machine{})
	p.Epochs, p.Gently = 30, true
	var want projection.Layout
	for _, threads := range []int{1, 3} {
		on := projection.Machine{Threads: threads}
		got, err := projection.Run(t.Context(), g, first, p, on, nothing)
		if err != nil {
			t.Fatal(err)
		}
		sane(t, "one that goes on", got)
		gaps := moved(first, projection.Turn(first, got))
		slices.Sort(gaps)
		if median := gaps[len(gaps)/2]; median == 0 || median > 0.1 {
			t.Errorf("the median row moved by %.4f of the radius", median)
		}
		if threads > 1 && !slices.Equal(want.Points, got.Points) {
			t.Error("the layout differs by threads")
		}
		want = got
	}
	before, after := judge(t, x, first, nil), judge(t, x, want, nil)
	if after.Trust < before.Trust-0.002 || after.Recall < before.Recall-0.01 {
		t.Errorf("trust %.4f, recall %.4f before; %.4f, %.4f after", before.Trust, before.Recall, after.Trust, after.Recall)
	}
}

func TestALayoutThatIsTheSpaceIsPerfect(t *testing.T) {
	x := normal(rand.New(rand.NewPCG(1, 2)), 400, 2)
	q := judge(t, x, projection.Layout{Dims: 2, Points: x.Data}, nil)
	if q.Trust != 1 || q.Continuity != 1 || q.Recall != 1 || q.Triplets != 1 || q.RNXAUC != 1 || q.LabelHere != nil {
		t.Errorf("%+v", q)
	}
	shuffled := projection.Layout{Dims: 2}
	for _, i := range rand.New(rand.NewPCG(3, 4)).Perm(400) {
		shuffled.Points = append(shuffled.Points, x.Row(i)...)
	}
	q = judge(t, x, shuffled, nil)
	if q.Trust > 0.6 || q.Recall > 0.1 || math.Abs(q.Triplets-0.5) > 0.03 || q.Missing[0]+int32(15*q.Local[0]+0.5) != 15 {
		t.Errorf("of a shuffled layout: %+v", []float64{q.Trust, q.Continuity, q.Recall, q.Triplets})
	}
}

func radius(l projection.Layout) float64 {
	var mean [2]float64
	for i, v := range l.Points {
		mean[i%2] += float64(v) / float64(l.Rows())
	}
	var sum float64
	for i, v := range l.Points {
		sum += (float64(v) - mean[i%2]) * (float64(v) - mean[i%2])
	}
	return math.Sqrt(sum / float64(l.Rows()))
}

func moved(a, b projection.Layout) []float64 {
	out := make([]float64, a.Rows())
	for i := range out {
		out[i] = math.Hypot(float64(a.Row(i)[0]-b.Row(i)[0]), float64(a.Row(i)[1]-b.Row(i)[1])) / radius(a)
	}
	return out
}

func jointly(t *testing.T, x, y knn.Matrix) (a, b projection.Layout) {
	t.Helper()
	on := projection.Machine{Kernel: best(t)}
	start, err := projection.PCA(t.Context(), x, 2, false, on)
	if err != nil {
		t.Fatal(err)
	}
	made, err := projection.Joint(t.Context(), []*projection.Graph{projection.NewGraph(table(t, x), 15, on), projection.NewGraph(table(t, y), 15, on)}, []projection.Layout{start}, usual(42), on, nothing)
	if err != nil {
		t.Fatal(err)
	}
	return made[0], made[1]
}

func TestARotatedSpaceDoesNotMove(t *testing.T) {
	full(t)
	x := digits(t, "digits_epoch20")
	a, b := jointly(t, x, rotated(rand.New(rand.NewPCG(5, 6)), x))
	gaps := moved(a, b)
	slices.Sort(gaps)
	if median := gaps[len(gaps)/2]; median >= 0.01 {
		t.Errorf("the median row moved by %.4f of the radius", median)
	}
}

func TestRowsThatMovedAreFound(t *testing.T) {
	full(t)
	r := rand.New(rand.NewPCG(7, 8))
	x := digits(t, "digits_epoch20")
	y := rotated(r, x)
	mover := make([]bool, x.Rows)
	for i := range mover {
		if r.IntN(20) == 0 { // to where another row is
			mover[i] = true
			copy(y.Row(i), y.Row(r.IntN(x.Rows)))
			for c := range y.Row(i) {
				y.Row(i)[c] += 0.05 * float32(r.NormFloat64())
			}
		}
	}
	a, b := jointly(t, x, y)
	gaps := moved(a, b)
	var right, pairs float64
	for i, is := range mover {
		for j, other := range mover {
			if is && !other {
				pairs++
				if gaps[i] > gaps[j] {
					right++
				}
			}
		}
	}
	t.Logf("AUC %.4f", right/pairs)
	if auc := right / pairs; auc < 0.99 {
		t.Errorf("movers are told from others with an AUC of %.4f", auc)
	}
	for name, of := range map[string]struct {
		x knn.Matrix
		l projection.Layout
	}{"a": {x, a}, "b": {y, b}} {
		own := judge(t, of.x, umap(t, of.x, usual(42), projection.Machine{Kernel: best(t)}, nothing), nil)
		if q := judge(t, of.x, of.l, nil); q.Trust < own.Trust-0.01 {
			t.Errorf("space %s: trust %.4f together, %.4f alone", name, q.Trust, own.Trust)
		}
	}
}

func TestAlignUndoesATurn(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	for _, dims := range []int{2, 3} {
		x := normal(r, 50, dims)
		y := rotated(r, x)
		for i := range y.Data {
			y.Data[i] = -3*y.Data[i] + 5 // mirrored (in 3-D), scaled, shifted
		}
		got := projection.Align(projection.Layout{Dims: dims, Points: x.Data}, projection.Layout{Dims: dims, Points: y.Data})
		for i, v := range got.Points {
			if math.Abs(float64(v-x.Data[i])) > 1e-4 {
				t.Fatalf("%d dimensions: coordinate %d is %g, want %g", dims, i, v, x.Data[i])
			}
		}
	}
	flat := projection.Layout{Dims: 2, Points: make([]float32, 20)}
	sane(t, "equal points", projection.Align(flat, flat))
}

func TestCurveIsThatOfTheReference(t *testing.T) {
	for _, c := range []struct{ minDist, spread, a, b float64 }{ // scipy's curve_fit, as umap-learn calls it
		{0.1, 1, 1.576943460405378, 0.8950608781227859}, {0.5, 1, 0.5830300205483709, 1.334166992455648}, {0.01, 1, 1.8956058664239412, 0.8006378441176886},
	} {
		if a, b := projection.Curve(c.minDist, c.spread); math.Abs(a-c.a) > 1e-4 || math.Abs(b-c.b) > 1e-4 {
			t.Errorf("min_dist %g: a=%.6f b=%.6f, want %.6f %.6f", c.minDist, a, b, c.a, c.b)
		}
	}
}

func TestPCAIsThatOfTheCovariance(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 1))
	for _, shape := range [][2]int{{900, 7}, {900, 600}, {500, 600}} { // all directions, by iteration, and by the rows
		n, dims := shape[0], shape[1]
		x := normal(r, n, dims)
		for i := range x.Rows { // two directions stand out
			u, v := 9*r.NormFloat64(), 5*r.NormFloat64()
			x.Row(i)[1] += float32(u)
			x.Row(i)[2] += float32(v + 3)
		}
		l, err := projection.PCA(t.Context(), x, 2, false, projection.Machine{Kernel: best(t)})
		if err != nil {
			t.Fatal(err)
		}
		// The scores are uncorrelated, centred, and their variances the eigenvalues: checked by the residual of x̃ᵀx̃·v = λ·v.
		var m [2]float64
		var c [3]float64
		for i := range x.Rows {
			a, b := float64(l.Row(i)[0]), float64(l.Row(i)[1])
			m[0], m[1] = m[0]+a/float64(n), m[1]+b/float64(n)
			c[0], c[1], c[2] = c[0]+a*a/float64(n), c[1]+b*b/float64(n), c[2]+a*b/float64(n)
		}
		if math.Abs(m[0])+math.Abs(m[1]) > 1e-4 || math.Abs(c[2]) > 1e-3 || c[0] < c[1] || c[0] < 70 || c[1] < 20 {
			t.Errorf("%d columns: means %v, variances %v", dims, m, c)
		}
	}
}

// oddities are spaces that break what is not made for them.
func oddities() map[string]knn.Matrix {
	r := rand.New(rand.NewPCG(13, 1))
	kinds := map[string]knn.Matrix{}
	for _, n := range []int{2, 3, 4, 9, 10, 16, 40} {
		kinds[fmt.Sprintf("%d rows", n)] = normal(r, n, 5)
	}
	equal := knn.Matrix{Rows: 60, Dims: 4, Data: make([]float32, 240)}
	for i := range equal.Data {
		equal.Data[i] = float32(i % 4)
	}
	kinds["equal rows"] = equal
	pairs := normal(r, 100, 4)
	for i := range 50 {
		copy(pairs.Row(2*i), pairs.Row(2*i+1))
	}
	kinds["every row twice"] = pairs
	apart := normal(r, 90, 3)
	for i := range 30 {
		apart.Row(i)[0] += 1e6
		apart.Row(30 + i)[1] -= 1e6
	}
	kinds["three parts far apart"] = apart
	outlier := normal(r, 70, 3)
	outlier.Row(7)[2] = 1e12
	kinds["an outlier"] = outlier
	kinds["one column"] = normal(r, 64, 1)
	return kinds
}

func TestNothingBreaksALayout(t *testing.T) {
	for name, x := range oddities() {
		p := usual(3)
		p.Epochs = 40
		l := umap(t, x, p, projection.Machine{}, nothing)
		sane(t, name, l)
		if l.Rows() != x.Rows {
			t.Errorf("%s: %d points", name, l.Rows())
		}
		q := judge(t, x, l, nil)
		for _, v := range []float64{q.Trust, q.Continuity, q.Recall, q.Triplets} {
			if math.IsNaN(v) || v < -1 || v > 1 {
				t.Errorf("%s: quality %g", name, v)
			}
		}
	}
}

func TestACanceledLayoutEndsWithCanceled(t *testing.T) {
	x := normal(rand.New(rand.NewPCG(1, 1)), 300, 4)
	ctx, cancel := context.WithCancel(t.Context())
	start, err := projection.PCA(ctx, x, 2, false, projection.Machine{})
	if err != nil {
		t.Fatal(err)
	}
	epochs := 0
	_, err = projection.Run(ctx, projection.NewGraph(table(t, x), 15, projection.Machine{}), start, usual(1), projection.Machine{}, func(epoch, _ int, _ func() []projection.Layout) error {
		if epochs = epoch; epoch == 5 {
			cancel()
		}
		return nil
	})
	if catalog.CodeOf(err) != catalog.Canceled || epochs != 5 {
		t.Errorf("%v after %d epochs", err, epochs)
	}
}

// film lays steps out one after the other.
func film(t *testing.T, steps []knn.Matrix, p projection.Params, on projection.Machine) (made []projection.Layout) {
	t.Helper()
	var former []projection.Step
	for i, x := range steps {
		g := projection.NewGraph(table(t, x), p.K, on)
		l := umap(t, x, p, on, nothing)
		if i > 0 {
			before := slices.Clone(former[0].Made.Points)
			var err error
			if l, err = projection.Anchored(t.Context(), g, former, p, on, nothing); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(before, former[0].Made.Points) {
				t.Error("the step before moved")
			}
		}
		made = append(made, l)
		former = slices.Insert(former, 0, projection.Step{Graph: g, Made: l})
		former = former[:min(len(former), projection.AnchorSteps)]
	}
	return made
}

func median(gaps []float64) float64 {
	slices.Sort(gaps)
	return gaps[len(gaps)/2]
}

// What does not change between steps stays where it is, step after step; what is learnt moves, and the layout of each
// step is about as good as its own.
func TestStepsShareAFrame(t *testing.T) {
	full(t)
	on := projection.Machine{Kernel: best(t)}
	r := rand.New(rand.NewPCG(5, 6))
	still := []knn.Matrix{digits(t, "digits_epoch20")}
	for range 3 {
		still = append(still, rotated(r, still[0]))
	}
	made := film(t, still, usual(42), on)
	for i := range made[1:] {
		if m := median(moved(made[i], made[i+1])); m > 0.01 {
			t.Errorf("nothing changed at step %d, and the median row moved by %.4f", i+1, m)
		}
	}
	if m := median(moved(made[0], made[3])); m > 0.02 {
		t.Errorf("nothing changed, and the median row drifted by %.4f in three steps", m)
	}
	training := []knn.Matrix{digits(t, "digits_epoch00"), digits(t, "digits_epoch05"), digits(t, "digits_epoch20")}
	made = film(t, training, usual(42), on)
	early, late := median(moved(made[0], made[1])), median(moved(made[1], made[2]))
	if early < 0.05 || late > early/2 {
		t.Errorf("the median row moved by %.4f in the first five epochs, by %.4f in the next fifteen", early, late)
	}
	for i, x := range training {
		own, q := judge(t, x, umap(t, x, usual(42), on, nothing), nil), judge(t, x, made[i], nil)
		if q.Trust < own.Trust-0.01 || q.Continuity < own.Continuity-0.01 {
			t.Errorf("step %d: trust %.4f and continuity %.4f, alone %.4f and %.4f", i, q.Trust, q.Continuity, own.Trust, own.Continuity)
		}
	}
}

func TestStepsAndManySpacesGiveTheSameBytesForAnyThreads(t *testing.T) {
	spaces := []knn.Matrix{digits(t, "digits_epoch00"), digits(t, "digits_epoch05"), digits(t, "digits_epoch20")}
	p := usual(42)
	p.Epochs = short(20)
	var want [2][]projection.Layout
	for _, threads := range []int{1, 3} {
		on := projection.Machine{Threads: threads, Kernel: best(t)}
		var graphs []*projection.Graph
		for _, x := range spaces {
			graphs = append(graphs, projection.NewGraph(table(t, x), p.K, on))
		}
		start, err := projection.PCA(t.Context(), spaces[0], 2, false, on)
		if err != nil {
			t.Fatal(err)
		}
		together, err := projection.Joint(t.Context(), graphs, []projection.Layout{start}, p, on, nothing)
		if err != nil {
			t.Fatal(err)
		}
		got := [2][]projection.Layout{film(t, spaces, p, on), together}
		if threads == 1 {
			want = got
			continue
		}
		for kind := range got {
			for i, l := range got[kind] {
				if !slices.Equal(l.Points, want[kind][i].Points) {
					t.Errorf("%s, space %d: %d threads give another layout", []string{"steps", "together"}[kind], i, threads)
				}
			}
		}
	}
}

// A third space that has nothing to do with two that are the same neither parts them nor is bent by them.
func TestManySpacesAreHeldByWhatTheyShare(t *testing.T) {
	full(t)
	on := projection.Machine{Kernel: best(t)}
	r := rand.New(rand.NewPCG(5, 6))
	x := digits(t, "digits_epoch20")
	other := knn.Matrix{Rows: x.Rows, Dims: x.Dims}
	for _, i := range r.Perm(x.Rows) {
		other.Data = append(other.Data, x.Row(i)...)
	}
	spaces := []knn.Matrix{x, rotated(r, x), other}
	var graphs []*projection.Graph
	for _, s := range spaces {
		graphs = append(graphs, projection.NewGraph(table(t, s), 15, on))
	}
	start, err := projection.PCA(t.Context(), x, 2, false, on)
	if err != nil {
		t.Fatal(err)
	}
	made, err := projection.Joint(t.Context(), graphs, []projection.Layout{start}, usual(42), on, nothing)
	if err != nil {
		t.Fatal(err)
	}
	if same, apart := median(moved(made[0], made[1])), median(moved(made[0], made[2])); same > 0.01 || apart < 0.5 {
		t.Errorf("the median row moved by %.4f between equal spaces, by %.4f to one that is unlike", same, apart)
	}
	for i, s := range spaces {
		own, q := judge(t, s, umap(t, s, usual(42), on, nothing), nil), judge(t, s, made[i], nil)
		if q.Trust < own.Trust-0.01 {
			t.Errorf("space %d: trust %.4f together, %.4f alone", i, q.Trust, own.Trust)
		}
	}
}

// Half of the digits have no label: the others gather by it, and their neighbours with them.
func TestSupervisedLabelsGather(t *testing.T) {
	full(t)
	x, labels := digits(t, "digits_epoch00"), testkit.DigitLabels(t)
	on := projection.Machine{Kernel: best(t)}
	some := slices.Clone(labels)
	for i := range some {
		if i%2 == 0 {
			some[i] = -1
		}
	}
	start, err := projection.PCA(t.Context(), x, 2, false, on)
	if err != nil {
		t.Fatal(err)
	}
	p := usual(42)
	p.Epochs = 100
	g := projection.NewGraph(table(t, x), 15, on)
	before := slices.Clone(g.Weights)
	var known [3]float64
	for i, graph := range []*projection.Graph{g, g.Supervised(some), g.Supervised(labels)} {
		l, err := projection.Run(t.Context(), graph, start, p, on, nothing)
		if err != nil {
			t.Fatal(err)
		}
		sane(t, "supervised", l)
		known[i] = *judge(t, x, l, labels).LabelHere
	}
	if !slices.Equal(before, g.Weights) {
		t.Error("the graph itself was changed")
	}
	if known[1] < known[0]+0.005 || known[2] < known[1] || known[2] < 0.98 {
		t.Errorf("labels known to neighbours: %.4f alone, %.4f half supervised, %.4f supervised", known[0], known[1], known[2])
	}
	for i, w := range g.Supervised(labels).Weights {
		if !(w >= 0 && w <= 1) {
			t.Fatalf("weight %d is %g", i, w)
		}
	}
}

// A layout that is the space stretches nothing; where a part of it is drawn twice as large, its rows say so.
func TestStretchTellsWhatIsPulledApart(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	x := normal(r, 600, 2)
	for i := range 200 {
		x.Row(i)[0] += 100
	}
	l := projection.Layout{Dims: 2, Points: slices.Clone(x.Data)}
	for i, s := range judge(t, x, l, nil).Stretch {
		if math.Abs(float64(s)) > 1e-3 {
			t.Fatalf("row %d of an equal layout is stretched by %g", i, s)
		}
	}
	for i := range 200 {
		l.Row(i)[0], l.Row(i)[1] = 2*l.Row(i)[0], 2*l.Row(i)[1]
	}
	for i, s := range judge(t, x, l, nil).Stretch {
		want := 0.0
		if i < 200 {
			want = math.Log(2)
		}
		if math.Abs(float64(s)-want) > 1e-3 {
			t.Fatalf("row %d is stretched by %g, want %g", i, s, want)
		}
	}
}
