package measure_test

import (
	"encoding/json"
	"maps"
	"math"
	"os"
	"testing"

	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/measure"
)

// awkward is a pair of spaces that breaks careless formulas; testdata/adversarial.py made them and the values.
type awkward struct {
	Rows   int
	X, Y   []int // 64ths
	Pair   map[string]*float64
	Spaces [2]map[string]float64
}

func awkwardPairs(t *testing.T) map[string]awkward {
	t.Helper()
	text, err := os.ReadFile("testdata/adversarial.json")
	if err != nil {
		t.Fatal(err)
	}
	var sent struct{ Pairs map[string]awkward }
	if err := json.Unmarshal(text, &sent); err != nil {
		t.Fatal(err)
	}
	if len(sent.Pairs) != 12 {
		t.Fatalf("%d pairs", len(sent.Pairs))
	}
	return sent.Pairs
}

func (p awkward) spaces() (x, y knn.Matrix) {
	of := func(values []int) knn.Matrix {
		m := knn.Matrix{Rows: p.Rows, Dims: len(values) / p.Rows}
		for _, v := range values {
			m.Data = append(m.Data, float32(v)/64)
		}
		return m
	}
	return of(p.X), of(p.Y)
}

// everyPair measures all that can be measured of two spaces.
func everyPair(t *testing.T, x, y knn.Matrix, k int) map[string]measure.Result {
	t.Helper()
	a, b := tables(t, x, "euclidean", k+1), tables(t, y, "euclidean", k+1)
	agreement := compare(t, a, b, k)
	out := map[string]measure.Result{"jaccard": {Value: agreement.Jaccard.Mean}, "overlap": {Value: agreement.Overlap.Mean}, "r_nx": {Value: *agreement.RNX}}
	lists, err := measure.Lists(a, b, k)
	if err != nil {
		t.Fatal(err)
	}
	if err := measure.NullOfLists(lists, a, b, k, machine()); err != nil {
		t.Fatal(err)
	}
	maps.Copy(out, lists)
	out["imbalance_a_to_b"], out["imbalance_b_to_a"] = imbalance(t, a, b, y, "euclidean"), imbalance(t, b, a, x, "euclidean")
	rows, err := measure.NewRows(x, y, "euclidean", "euclidean", a.Rows, machine()).Pair(t.Context(), a, b, k, every)
	if err != nil {
		t.Fatal(err)
	}
	maps.Copy(out, rows)
	m, err := measure.NewMoments(t.Context(), x, y, machine())
	if err != nil {
		t.Fatal(err)
	}
	moments := m.Pair(every)
	if err := m.Null(t.Context(), moments, x, y, every, machine()); err != nil {
		t.Fatal(err)
	}
	maps.Copy(out, moments)
	p, err := measure.NewPairwise(t.Context(), x, y, machine())
	if err != nil {
		t.Fatal(err)
	}
	pairs := p.Pair(every)
	pairs["cka_rbf"] = rbf(t, x, y)
	if err := p.Null(pairs, every, machine()); err != nil {
		t.Fatal(err)
	}
	maps.Copy(out, pairs)
	return out
}

// checkSound checks that nothing is NaN or infinite, that values lie in their range and intervals around their values.
func checkSound(t *testing.T, name string, r measure.Result) {
	t.Helper()
	info, ok := measure.InfoOf(name)
	if !ok {
		t.Fatalf("%s is in no registry", name)
	}
	if r.Reason != "" {
		return
	}
	numbers := []float64{r.Value}
	for _, v := range []*float64{r.Chance, r.Z, r.P} {
		if v != nil {
			numbers = append(numbers, *v)
		}
	}
	if r.CI95 != nil {
		numbers = append(numbers, r.CI95[0], r.CI95[1])
		if r.CI95[0] > r.Value+1e-9 || r.CI95[1] < r.Value-1e-9 {
			t.Errorf("%s: %g is not in %v", name, r.Value, *r.CI95)
		}
	}
	for _, v := range numbers {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			t.Errorf("%s: %+v", name, r)
		}
	}
	if info.Range != nil && (r.Value < info.Range[0]-1e-9 || r.Value > info.Range[1]+1e-9) {
		t.Errorf("%s: %g is not in %v", name, r.Value, *info.Range)
	}
}

func TestAwkwardPairsScoreAsTheirDefinitionsSay(t *testing.T) {
	worst, worstOf := 0.0, ""
	for name, pair := range awkwardPairs(t) {
		t.Run(name, func(t *testing.T) {
			x, y := pair.spaces()
			got := everyPair(t, x, y, 5)
			for measureName, r := range got {
				checkSound(t, measureName, r)
				want, known := pair.Pair[measureName]
				switch {
				case !known, name == "one outlier" && measureName == "pwcca": // seven correlations are 1: any directions do, and their weights differ
				case want == nil && r.Reason == "":
					t.Errorf("%s is %g and should have none", measureName, r.Value)
				case want != nil && r.Reason != "":
					t.Errorf("%s has no value: %s", measureName, r.Reason)
				case want != nil:
					off := math.Abs(r.Value-*want) / max(math.Abs(*want), 1e-3)
					tolerance := 1e-9
					if *want == 1 || measureName == "angular_shape" && *want < 1e-6 {
						off, tolerance = math.Abs(r.Value-*want), 3e-8 // the arc cosine near 1, and what rounding leaves of a perfect fit
					}
					if off > tolerance {
						t.Errorf("%s = %.15g, want %.15g (off by %.2g)", measureName, r.Value, *want, off)
					}
					if off > worst && *want != 1 && measureName != "angular_shape" {
						worst, worstOf = off, name+" "+measureName
					}
				}
			}
			for measureName := range pair.Pair {
				if _, ok := got[measureName]; !ok {
					t.Errorf("%s is missing", measureName)
				}
			}
			for i, m := range []knn.Matrix{x, y} {
				shape, err := measure.Shape(t.Context(), m, machine())
				if err != nil {
					t.Fatal(err)
				}
				shape["uniformity"] = measure.Uniformity(m, machine())
				table := tables(t, m, "euclidean", 5)
				maps.Copy(shape, measure.Hubness(table, 5))
				maps.Copy(shape, measure.IntrinsicDimension(table, m, "euclidean", 5))
				for measureName, r := range shape {
					checkSound(t, measureName, r)
					if want, known := pair.Spaces[i][measureName]; known {
						relative(t, measureName, r, want, 1e-9)
					}
				}
			}
		})
	}
	t.Logf("worst relative error %.2g (%s)", worst, worstOf)
}

// What is the same is called the same, what is shuffled is not called related, and a row that rules is named.
func TestAwkwardPairsMakeNoWrongClaim(t *testing.T) {
	pairs := awkwardPairs(t)
	x, y := pairs["identical"].spaces()
	for name, r := range everyPair(t, x, y, 5) {
		info, _ := measure.InfoOf(name)
		switch {
		case r.Reason != "":
			t.Errorf("identical: %s has no value: %s", name, r.Reason)
		case name == "imbalance_a_to_b" || name == "imbalance_b_to_a": // 2/N is the least
		case info.Better == "higher" && math.Abs(r.Value-1) > 1e-7, info.Better == "lower" && math.Abs(r.Value) > 3e-7:
			t.Errorf("identical: %s is %.12g", name, r.Value)
		}
	}
	x, y = pairs["permuted"].spaces()
	for name, r := range everyPair(t, x, y, 5) {
		if r.Z != nil && math.Abs(*r.Z) > 4 {
			t.Errorf("permuted: %s has z %.1f", name, *r.Z)
		}
		if r.P != nil && *r.P < 1.0/40+1e-9 && math.Abs(*r.Z) > 3 {
			t.Errorf("permuted: %s has p %.3f", name, *r.P)
		}
	}
	x, y = pairs["one outlier"].spaces()
	m, err := measure.NewMoments(t.Context(), x, y, machine())
	if err != nil {
		t.Fatal(err)
	}
	if row, share := m.Leverage(x, y); row != 7 || share < 0.5 {
		t.Errorf("row %d carries %.3f", row, share)
	}
}
