package measure_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/measure"
	"github.com/pentoai/vectory/internal/compute/vec"
)

// The parts of rows add up to the measures, whichever space is wider, with kernels and without.
func TestPartsAddUp(t *testing.T) {
	r := rand.New(rand.NewPCG(41, 42))
	for _, widths := range [][2]int{{5, 5}, {9, 4}, {4, 9}} {
		x, y := normal(r, 500, widths[0]), knn.Matrix{Rows: 500, Dims: widths[1], Data: make([]float32, 500*widths[1])}
		for i := range 500 {
			for c := range y.Row(i) {
				y.Row(i)[c] = x.Row(i)[c%widths[0]] + float32(r.NormFloat64()) + 3
			}
		}
		for _, on := range []measure.Machine{machine(), {Threads: 1}} {
			m, err := measure.NewMoments(t.Context(), x, y, on)
			if err != nil {
				t.Fatal(err)
			}
			parts, err := m.Parts(t.Context(), x, y)
			if err != nil {
				t.Fatal(err)
			}
			var share, squares float64
			for i, v := range parts["cka_share"] {
				share += v
				squares += parts["procrustes_residual"][i] * parts["procrustes_residual"][i] / 500
			}
			similarity, _ := m.Procrustes()
			if math.Abs(share-1) > 1e-12 || math.Abs(squares-(2-2*similarity.Value)) > 1e-12 {
				t.Errorf("%v: shares of %.15f, squares of %.15f for a similarity of %.15f", widths, share, squares, similarity.Value)
			}
		}
	}
}

func TestAdjusted(t *testing.T) {
	chance := 0.25
	for name, want := range map[string]float64{"rbo": 0.6, "linear_a_to_b": 0.6, "angular_shape": -1.8, "moved": -1.8, "drift_auc": 0, "occurrences_a": 0} {
		info, ok := measure.InfoOf(name)
		if !ok {
			t.Fatal(name)
		}
		got := info.Adjusted(measure.Result{Value: 0.7, Chance: &chance})
		switch {
		case want == 0 && got != nil:
			t.Errorf("%s: %g, where no value is better than chance", name, *got)
		case want != 0 && (got == nil || math.Abs(*got-want) > 1e-12):
			t.Errorf("%s: %v, not %g", name, got, want)
		}
		if info.Adjusted(measure.Result{Value: 0.7}) != nil || info.Adjusted(measure.Result{Reason: "none", Chance: &chance}) != nil {
			t.Errorf("%s is adjusted without chance or value", name)
		}
	}
}

// A row between two clusters of unlike density is found, and rows of the wide cluster are not.
func TestIsolationFindsTheOutlierOfAnyDensity(t *testing.T) {
	r := rand.New(rand.NewPCG(43, 44))
	x := normal(r, 401, 3)
	for i := range 200 {
		for c := range x.Row(i) {
			x.Row(i)[c] = x.Row(i)[c]/100 + 50
		}
	}
	copy(x.Row(400), []float32{50.5, 50.5, 50.5}) // near, in units of the wide cluster
	table := tables(t, x, "euclidean", 10)
	isolation := measure.Isolation(table, measure.Reach(table, x, "euclidean", 10, machine()), "euclidean", 10)
	for i, v := range isolation[:400] {
		if v > isolation[400]/4 || v <= 0 {
			t.Errorf("row %d has %.2f, the outlier %.2f", i, v, isolation[400])
		}
	}
	if measure.Isolation(table, make([]float64, 401), "euclidean", 10) != nil {
		t.Error("equal rows have outliers")
	}
}

// Row by row against the definitions, with rows of zeros, duplicates and rows without a label among them.
func TestColumnsOfLabelsAndDistances(t *testing.T) {
	r := rand.New(rand.NewPCG(51, 52))
	const rows, k, count = 120, 5, 4
	x, y := normal(r, rows, 6), normal(r, rows, 3)
	clear(y.Row(9))
	labels := make([]int32, rows)
	for i := range labels {
		labels[i] = int32(r.IntN(count+1)) - 1
		if labels[i] >= 0 {
			x.Row(i)[labels[i]] += 3
		}
	}
	copy(x.Row(7), x.Row(8))
	ta, tb := tables(t, x, "cosine", k), tables(t, y, "cosine", k)
	margins, flips := measure.Margin(ta, labels, count, k), measure.Flips(ta, tb, labels)
	silhouettes, reason := measure.Silhouettes(x, labels, count)
	dimensions := measure.LocalDimension(ta, x, catalog.Cosine, k, machine())
	if reason != "" {
		t.Fatal(reason)
	}
	cosine := func(i, j int) float64 { return vec.Distance(catalog.Cosine, x.Row(i), x.Row(j)) }
	for i := range rows {
		votes := map[int32]float64{}
		for _, j := range ta.Neighbours(i)[:k] {
			votes[labels[j]] += 1.0 / k
		}
		others, flip := 0.0, math.NaN()
		for label, share := range votes {
			if label >= 0 && label != labels[i] {
				others = max(others, share)
			}
		}
		margin, silhouette := votes[labels[i]]-others, math.NaN()
		if labels[i] < 0 {
			margin = math.NaN()
		} else {
			if i != 9 {
				flip = 0
				if labels[tb.Neighbours(i)[0]] == labels[i] {
					flip++
				}
				if labels[ta.Neighbours(i)[0]] == labels[i] {
					flip--
				}
			}
			sums, sizes := make([]float64, count), make([]float64, count)
			for j := range rows {
				if j != i && labels[j] >= 0 {
					sums[labels[j]] += cosine(i, j)
					sizes[labels[j]]++
				}
			}
			own, next := sums[labels[i]]/sizes[labels[i]], math.Inf(1)
			for label := range int32(count) {
				if label != labels[i] {
					next = min(next, sums[label]/sizes[label])
				}
			}
			silhouette = (next - own) / max(next, own)
		}
		dimension := math.NaN()
		if i != 7 && i != 8 {
			var logs float64
			far := math.Sqrt(2 * cosine(i, int(ta.Neighbours(i)[k-1])))
			for _, j := range ta.Neighbours(i)[:k-1] {
				logs += math.Log(far / math.Sqrt(2*cosine(i, int(j))))
			}
			dimension = (k - 1) / logs
		}
		for name, pair := range map[string][2]float64{"margin": {margins[i], margin}, "flip": {flips[i], flip}, "silhouette": {silhouettes[i], silhouette}, "dimension": {dimensions[i], dimension}} {
			if math.IsNaN(pair[0]) != math.IsNaN(pair[1]) || math.Abs(pair[0]-pair[1]) > 1e-9 {
				t.Errorf("%s of row %d is %g, not %g", name, i, pair[0], pair[1])
			}
		}
	}
	var inverse, used float64
	for _, v := range dimensions {
		if !math.IsNaN(v) {
			inverse, used = inverse+1/v, used+1
		}
	}
	if all := measure.IntrinsicDimension(ta, x, catalog.Cosine, k)["dimension_mle"]; math.Abs(all.Value-used/inverse) > 1e-9 {
		t.Errorf("the harmonic mean is %g, the dimension %g", used/inverse, all.Value)
	}
	none := math.NaN()
	for at, v := range measure.Sparser([]float64{1, 2, 4, 0, none}, []float64{3, 3, 6, 1, 1}) {
		want := []float64{math.Log(1.0 / 3), math.Log(2.0 / 3), math.Log(4.0 / 6), none, none}[at] - math.Log(2.0/3)
		if math.IsNaN(v) != math.IsNaN(want) || math.Abs(v-want) > 1e-12 {
			t.Errorf("sparser %d: %g, not %g", at, v, want)
		}
	}
}
