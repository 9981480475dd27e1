package measure_test

import (
	"encoding/json"
	"maps"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/measure"
	"github.com/pentoai/vectory/internal/testkit"
)

// Every measure that is registered has the value that packages or its plain definition give on the digits of the demo, by
// testdata/digits.py. `bash .ci/bench --measures` prints the table: value, what it was checked by, relative error.
func TestEveryMeasureHasAnIndependentValue(t *testing.T) {
	manyRounds(t)
	text, err := os.ReadFile("testdata/digits.json")
	if err != nil {
		t.Fatal(err)
	}
	var known struct {
		Versions map[string]string
		Measures map[string]struct {
			Value   float64
			Squares *float64 // of rows: the mean of the squares
			By      string
		}
	}
	if err := json.Unmarshal(text, &known); err != nil {
		t.Fatal(err)
	}
	found, rows := measuresOfDigits(t)
	worst, worstOf := 0.0, ""
	t.Logf("%-6s %-24s %-12s %-9s checked by (%s)", "of", "measure", "value", "off by", versions(known.Versions))
	for _, info := range measure.Registry {
		want, ok := known.Measures[info.Name]
		if !ok {
			t.Errorf("%s has no independent value", info.Name)
			continue
		}
		got := found[info.Name]
		off := math.Abs(got.Value-want.Value) / max(math.Abs(want.Value), 1e-3)
		if column, ok := rows[info.Name]; ok && want.Squares != nil {
			var sum, squares float64
			for _, v := range column {
				sum += v / float64(len(column))
				squares += v * v / float64(len(column))
			}
			got.Value = sum
			off = max(math.Abs(sum-want.Value)/max(math.Abs(want.Value), 1e-3), math.Abs(squares-*want.Squares)/max(*want.Squares, 1e-3))
		}
		tolerance := 1e-9
		if slices.Contains([]string{"cca", "svcca", "pwcca", "dimension_gride"}, info.Name) {
			tolerance = 1e-7 // nearly dead directions; a maximum is found by search
		}
		if got.Reason != "" || !(off <= tolerance) {
			t.Errorf("%s = %.15g (%s), want %.15g (off by %.2g)", info.Name, got.Value, got.Reason, want.Value, off)
		}
		if off > worst {
			worst, worstOf = off, info.Name
		}
		t.Logf("%-6s %-24s %-12.6g %-9.1e %s", info.Of, info.Name, got.Value, off, want.By)
	}
	t.Logf("%d measures, worst relative error %.1e (%s)", len(measure.Registry), worst, worstOf)
}

func versions(of map[string]string) (text string) {
	for _, name := range slices.Sorted(maps.Keys(of)) {
		text += name + " " + of[name] + " "
	}
	return text[:len(text)-1]
}

// measuresOfDigits measures what digits.py does; rows are the measures of rows.
func measuresOfDigits(t *testing.T) (found map[string]measure.Result, rows map[string][]float64) {
	const k = 10
	x, five, y := digits(t, "digits_pixels"), digits(t, "digits_epoch05"), digits(t, "digits_epoch20")
	labels := testkit.DigitLabels(t)
	found = everyPair(t, x, y, k)
	a, b := tables(t, x, "euclidean", k), tables(t, y, "euclidean", k)
	must := func(more map[string]measure.Result, err error) {
		if err != nil {
			t.Fatal(err)
		}
		maps.Copy(found, more)
	}
	must(measure.NewRows(five, y, "euclidean", "euclidean", y.Rows, machine()).Pair(t.Context(), tables(t, five, "euclidean", k), b, k,
		func(name string) bool { return name == "moved" || name == "moved_cosine" }))
	must(measure.Shape(t.Context(), x, machine()))
	found["uniformity"] = measure.Uniformity(x, machine())
	must(measure.Hubness(a, k), nil)
	must(measure.IntrinsicDimension(a, x, "euclidean", k), nil)
	must(measure.Labels(a, labels, 10, k), nil)
	must(measure.Retrieval(t.Context(), x, "euclidean", labels, 10, machine()))
	rests := make([]int32, len(labels))
	for i, label := range labels {
		rests[i] = label % 4
	}
	must(measure.Partitions(labels, rests), nil)
	found["label_silhouette"] = measure.Silhouette(x, labels, 10)
	probe, err := measure.Probe(t.Context(), x, labels, 10, machine())
	must(map[string]measure.Result{"label_probe": probe}, err)
	const first = 900
	part := func(from, to int) knn.Matrix {
		return knn.Matrix{Rows: to - from, Dims: x.Dims, Data: x.Data[from*x.Dims : to*x.Dims]}
	}
	must(measure.Drift(t.Context(), part(0, first), part(first, x.Rows), machine()))

	m, err := measure.NewMoments(t.Context(), x, y, machine())
	if err != nil {
		t.Fatal(err)
	}
	if rows, err = m.Parts(t.Context(), x, y); err != nil {
		t.Fatal(err)
	}
	for side, of := range map[string]struct {
		x     knn.Matrix
		table *knn.Table
	}{"a": {x, a}, "b": {y, b}} {
		var occurrences []float64
		for _, n := range measure.Occurrences(of.table, k) {
			occurrences = append(occurrences, float64(n))
		}
		silhouettes, _ := measure.Silhouettes(of.x, labels, 10)
		maps.Copy(rows, map[string][]float64{
			"occurrences_" + side: occurrences, "silhouette_" + side: silhouettes,
			"reach_" + side:     measure.Reach(of.table, of.x, "euclidean", k, machine()),
			"dimension_" + side: measure.LocalDimension(of.table, of.x, "euclidean", k, machine()),
			"purity_" + side:    measure.Purity(of.table, labels, k),
			"margin_" + side:    measure.Margin(of.table, labels, 10, k),
		})
	}
	rows["sparser"], rows["flip"] = measure.Sparser(rows["reach_a"], rows["reach_b"]), measure.Flips(a, b, labels)
	return found, rows
}
