package measure_test

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/measure"
)

// published are the spaces of published examples; testdata/literal.py made the file.
func published(t *testing.T) map[string]knn.Matrix {
	t.Helper()
	text, err := os.ReadFile("testdata/literal.json")
	if err != nil {
		t.Fatal(err)
	}
	var sent map[string]struct {
		Rows   int
		Values []float32
	}
	if err := json.Unmarshal(text, &sent); err != nil {
		t.Fatal(err)
	}
	out := map[string]knn.Matrix{}
	for name, s := range sent {
		out[name] = knn.Matrix{Rows: s.Rows, Dims: len(s.Values) / s.Rows, Data: s.Values}
	}
	return out
}

// columns are some of a space's.
func columns(x knn.Matrix, which ...int) knn.Matrix {
	out := knn.Matrix{Rows: x.Rows, Dims: len(which)}
	for i := range x.Rows {
		for _, c := range which {
			out.Data = append(out.Data, x.Row(i)[c])
		}
	}
	return out
}

func literal(t *testing.T, what string, got measure.Result, want, tolerance float64) {
	t.Helper()
	if got.Reason != "" || math.Abs(got.Value-want) > tolerance {
		t.Errorf("%s = %.6f (%s), published %.6f", what, got.Value, got.Reason, want)
	}
}

// DADApy's own tests print these.
func TestLiteralValuesOfDADApy(t *testing.T) {
	data := published(t)
	flat := data["3d_gauss_small_z_var"]
	whole := tables(t, flat, "euclidean", 20)
	for _, c := range []struct {
		which    []int
		to, from float64
	}{{[]int{0}, .144, .5978}, {[]int{1}, .15, .5128}, {[]int{2}, .968, .9696}, {[]int{0, 1}, .02, .02}, {[]int{0, 2}, .1426, .6208}, {[]int{1, 2}, .1492, .5434}} {
		part := columns(flat, c.which...)
		other := tables(t, part, "euclidean", 20)
		literal(t, "imbalance to a part", imbalance(t, whole, other, part, "euclidean"), c.to, 5e-5)
		literal(t, "imbalance from a part", imbalance(t, other, whole, flat, "euclidean"), c.from, 5e-5)
	}
	two := data["2gaussians_in_2d_overlap"]
	if got := compare(t, tables(t, two, "euclidean", 30), tables(t, columns(two, 1), "euclidean", 30), 30).Overlap.Mean; math.Abs(got-0.78) > 1e-3 {
		t.Errorf("overlap %.5f", got)
	}
	labels := make([]int32, two.Rows)
	for i := range labels {
		if two.Row(i)[0] >= 0 {
			labels[i] = 1
		}
	}
	literal(t, "label overlap", measure.Labels(tables(t, two, "euclidean", 5), labels, 2, 5)["label_purity"], 1, 1e-12)
	for i := 30; i < 40; i++ {
		labels[i] = 2
	}
	// By class the share of as many neighbours as a quarter of the class: 5, 2 and 2 of them.
	five, fewer := measure.Classes(tables(t, two, "euclidean", 5), labels, 3, 5), measure.Classes(tables(t, two, "euclidean", 2), labels, 3, 2)
	unweighted := (20*five[0].Purity + 10*fewer[1].Purity + 10*fewer[2].Purity) / 40
	literal(t, "label overlap by class", measure.Result{Value: unweighted}, 0.675, 1e-3)
	literal(t, "the same, classes weighing alike", measure.Result{Value: (five[0].Purity + fewer[1].Purity + fewer[2].Purity) / 3}, 0.5666, 1e-3)

	points := data["2gaussians_in_2d"]
	table := tables(t, points, "euclidean", 64)
	literal(t, "TwoNN", measure.IntrinsicDimension(table, points, catalog.Euclidean, 2)["dimension_twonn_fit"], 1.85491, 1e-5)
	literal(t, "TwoNN, posterior", measure.IntrinsicDimension(table, points, catalog.Euclidean, 2)["dimension_twonn_bayes"], 1.8722, 1e-4)
	for k, want := range map[int]float64{2: 2.0007, 4: 2.0321, 8: 1.9118, 16: 2.0005, 32: 1.6747, 64: .7208} {
		literal(t, "Gride", measure.IntrinsicDimension(table, points, catalog.Euclidean, k)["dimension_gride"], want, 1e-4)
	}
}

// The notebook of Kornblith et al. (2019) prints these. (Its Gaussian kernel is not debiased, so that its
// value is no test of ours.)
func TestLiteralValuesOfKornblith(t *testing.T) {
	data := published(t)
	m, err := measure.NewMoments(t.Context(), data["kornblith_x"], data["kornblith_y"], machine())
	if err != nil {
		t.Fatal(err)
	}
	literal(t, "CKA", m.CKA(), .55761, 5e-6)
	literal(t, "debiased CKA", m.DebiasedCKA(), .51346, 5e-6)
	literal(t, "R² of CCA, of centred rows", m.CCA().MeanSquared, .5453963, 1e-6)
}

// scikit-hubness has these distances of five points, two neighbours each, and this skewness.
func TestLiteralValueOfHubness(t *testing.T) {
	between := [5][5]float64{}
	at := 0
	condensed := []float64{.2, .1, .8, .4, .3, .5, .7, 1, .6, .9}
	for i := range 5 {
		for j := i + 1; j < 5; j++ {
			between[i][j], between[j][i] = condensed[at], condensed[at]
			at++
		}
	}
	table := &knn.Table{Rows: 5, K: 2}
	for i := range 5 {
		first, second := -1, -1
		for j := range 5 {
			switch {
			case j == i:
			case first < 0 || between[i][j] < between[i][first]:
				first, second = j, first
			case second < 0 || between[i][j] < between[i][second]:
				second = j
			}
		}
		table.IDs = append(table.IDs, int32(first), int32(second))
	}
	literal(t, "skewness", measure.Hubness(table, 2)["hubness_skew"], -0.2561204163, 1e-10)
}

// Webber, Moffat and Zobel (2010, figure 5) and the rbo package have these lists.
func TestLiteralValuesOfRankBiasedOverlap(t *testing.T) {
	// Row 0 has the lists; all other rows agree in everything, and count 1.
	lists := func(of []int32, rows int) *knn.Table {
		table := &knn.Table{Rows: rows, K: len(of), IDs: append([]int32(nil), of...)}
		for i := 1; i < rows; i++ {
			for j := range of {
				table.IDs = append(table.IDs, int32((i+1+j)%rows))
			}
		}
		return table
	}
	const rows = 20
	found, err := measure.Lists(lists([]int32{1, 2, 3, 4, 5}, rows), lists([]int32{2, 3, 4, 1, 5}, rows), 5)
	if err != nil {
		t.Fatal(err)
	}
	literal(t, "RBO", measure.Result{Value: found["rbo"].Value*rows - (rows - 1)}, 0.828, 5e-4)
	curve, err := measure.Curve(lists([]int32{1, 2, 3, 4, 5, 6, 7}, rows), lists([]int32{17, 3, 1, 18, 19, 16, 15}, rows), 7)
	if err != nil {
		t.Fatal(err)
	}
	var average float64 // of the overlaps at all depths: RBO with p = 1
	for _, d := range curve {
		average += (d.Overlap*rows - (rows - 1)) / 7
	}
	literal(t, "average overlap", measure.Result{Value: average}, 0.312, 5e-4)
}

// Vendi scores: the kernel of the package's first example, here as the inner products of three rows.
func TestLiteralValueOfVendi(t *testing.T) {
	x := knn.Matrix{Rows: 3, Dims: 3, Data: []float32{1, 0, 0, .9, float32(math.Sqrt(1 - .81)), 0, 0, 0, 1}}
	found, err := measure.Shape(t.Context(), x, machine())
	if err != nil {
		t.Fatal(err)
	}
	literal(t, "Vendi", found["vendi"], 2.1573, 5e-5)
}

// pytorch-metric-learning's suite of lists: what stands at each place of five queries, and how many there are to find.
func TestLiteralValuesOfMAPAtR(t *testing.T) {
	for _, c := range []struct {
		hits               string
		r                  int
		precision, average float64
	}{
		{"0110", 3, 2. / 3, (1./2 + 2./3) / 3}, {"1011", 3, 2. / 3, (1 + 2./3) / 3}, {"00001", 5, 1. / 5, (1. / 5) / 5},
		{"1010", 4, 2. / 4, (1 + 2./3) / 4}, {"00100", 5, 1. / 5, (1. / 3) / 5}, {"1", 1, 1, 1},
	} {
		at := 0
		precision, average := measure.PrecisionAtR(c.r, func(place int) bool { at++; return c.hits[place] == '1' })
		if math.Abs(precision-c.precision) > 1e-12 || math.Abs(average-c.average) > 1e-12 || at != c.r {
			t.Errorf("%s: %g and %g, want %g and %g", c.hits, precision, average, c.precision, c.average)
		}
	}
}
