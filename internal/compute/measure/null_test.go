package measure_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/measure"
)

// repaired is y with its rows in a random order, so that a pairing at random can be measured from scratch.
func repaired(r *rand.Rand, y knn.Matrix) knn.Matrix {
	out := knn.Matrix{Rows: y.Rows, Dims: y.Dims}
	for _, row := range r.Perm(y.Rows) {
		out.Data = append(out.Data, y.Row(row)...)
	}
	return out
}

// measured measures x and y, with all that pairs rows at random if null.
func measured(t *testing.T, x, y knn.Matrix, null bool) map[string]measure.Result {
	t.Helper()
	return measuredFor(t, x, y, null, every)
}

// measuredFor reads the measures that are wanted against chance.
func measuredFor(t *testing.T, x, y knn.Matrix, null bool, want func(name string) bool) map[string]measure.Result {
	t.Helper()
	a, b := tables(t, x, "euclidean", 10), tables(t, y, "euclidean", 10)
	out, err := measure.Lists(a, b, 10)
	if err != nil {
		t.Fatal(err)
	}
	agreement := compare(t, a, b, 10)
	for name, s := range map[string]measure.Score{"jaccard": agreement.Jaccard, "overlap": agreement.Overlap} {
		out[name] = measure.Result{Value: s.Mean, Chance: &s.Chance}
		if name == "overlap" {
			out[name] = measure.Result{Value: s.Mean, Chance: &s.Chance, Z: agreement.Z}
		}
	}
	m, err := measure.NewMoments(t.Context(), x, y, machine())
	if err != nil {
		t.Fatal(err)
	}
	moments := m.Pair(every)
	p, err := measure.NewPairwise(t.Context(), x, y, machine())
	if err != nil {
		t.Fatal(err)
	}
	pairs := p.Pair(every)
	pairs["cka_rbf"] = rbf(t, x, y)
	if null {
		if err := errors.Join(measure.NullOfLists(out, a, b, 10, machine()), p.Null(pairs, every, machine()), m.Null(t.Context(), moments, x, y, want, machine())); err != nil {
			t.Fatal(err)
		}
	}
	for _, more := range []map[string]measure.Result{moments, pairs} {
		for name, r := range more {
			out[name] = r
		}
	}
	return out
}

func rbf(t testing.TB, x, y knn.Matrix) measure.Result {
	t.Helper()
	r, err := measure.RBFCKA(t.Context(), x, y, machine())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestEveryMeasureOfAPairIsReadAgainstChance(t *testing.T) {
	manyRounds(t)
	r := rand.New(rand.NewPCG(8, 8))
	x := normal(r, 300, 6)
	y := through(x, orthogonal(r, 6), 2, 1)
	for i := range y.Data {
		y.Data[i] += float32(r.NormFloat64())
	}
	alike, apart := measured(t, x, y, true), measured(t, x, normal(r, 300, 5), true)
	for name, got := range alike {
		if got.Chance == nil || (got.P == nil && got.Z == nil) {
			t.Errorf("%s has no chance", name)
			continue
		}
		if got.P != nil && *got.P > 1.0/200+1e-12 {
			t.Errorf("%s of spaces that are alike: p = %g", name, *got.P)
		}
		other := apart[name]
		if other.Z != nil && math.Abs(*other.Z) > 5 {
			t.Errorf("%s of unrelated spaces: z = %g", name, *other.Z)
		}
	}
	// Chance is what pairing the rows themselves at random gives.
	sums, squares := map[string]float64{}, map[string]float64{}
	const trials = 100
	for range trials {
		found := measured(t, x, repaired(r, y), false)
		for name, v := range found {
			sums[name] += v.Value / trials
			squares[name] += v.Value * v.Value / trials
		}
	}
	for name, mean := range sums {
		got := alike[name]
		spread := math.Sqrt((squares[name] - mean*mean) * trials / (trials - 1))
		if math.Abs(mean-*got.Chance) > 4*spread/math.Sqrt(trials) {
			t.Errorf("%s: chance is said to be %.5f, %d pairings give %.5f (they differ by %.5f)", name, *got.Chance, trials, mean, spread)
		}
		if got.Z == nil {
			continue
		}
		if said := math.Abs((got.Value - *got.Chance) / *got.Z); said/spread < 0.75 || said/spread > 1.33 {
			t.Errorf("%s: pairings are said to differ by %.6f, %d differ by %.6f", name, said, trials, spread)
		}
	}
}

// Rows that take no part in a space are not paired.
func TestNullOfListsLeavesOutWhatIsLeftOut(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	x, y := normal(r, 200, 4), normal(r, 200, 4)
	for i := range 40 {
		clear(x.Row(5 * i))
		clear(y.Row(5 * i))
	}
	a, b := tables(t, x, "cosine", 5), tables(t, y, "cosine", 5)
	got, err := measure.Lists(a, b, 5)
	if err != nil {
		t.Fatal(err)
	}
	if err := measure.NullOfLists(got, a, b, 5, machine()); err != nil {
		t.Fatal(err)
	}
	for name, v := range got {
		if v.Reason == "" && (v.P == nil || *v.P < 1.0/200 || *v.P > 1 || math.Abs(*v.Z) > 5) {
			t.Errorf("%s: %+v", name, v)
		}
	}
}
