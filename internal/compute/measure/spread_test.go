package measure_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/pentoai/vectory/internal/compute/measure"
)

// How far the measures of samples of one law lie apart is what their intervals say, from half of it to the double.
func TestIntervalsOfOneSpaceAreAsWideAsSamplesDiffer(t *testing.T) {
	manyRounds(t)
	const rounds, rows, k, labels = 60, 300, 10, 3
	r := rand.New(rand.NewPCG(71, 72))
	values, halves := map[string][]float64{}, map[string]float64{}
	for range rounds {
		x, y, own := normal(r, rows, 6), normal(r, rows, 6), make([]int32, rows)
		for i := range own {
			own[i] = int32(r.IntN(labels))
			x.Row(i)[own[i]] += 2
			y.Row(i)[0] += 0.7
		}
		table := tables(t, x, "euclidean", k)
		found := measure.Hubness(table, k)
		for name, one := range measure.IntrinsicDimension(table, x, "euclidean", k) {
			found[name] = one
		}
		found["uniformity"] = measure.Uniformity(x, machine())
		clusters, err := measure.Clusters(t.Context(), x, "euclidean", own, labels, machine())
		if err != nil {
			t.Fatal(err)
		}
		for name, one := range clusters {
			found[name] = one
		}
		drift, err := measure.Drift(t.Context(), x, y, machine())
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"drift_auc", "drift_precision", "drift_recall", "drift_density", "drift_coverage"} {
			found[name] = drift[name]
		}
		for name, one := range found {
			if one.CI95 == nil || !(one.CI95[0] <= one.Value && one.Value <= one.CI95[1]) {
				t.Fatalf("%s has no interval around it: %+v", name, one)
			}
			values[name] = append(values[name], one.Value)
			halves[name] += (one.CI95[1] - one.CI95[0]) / 2 / rounds
		}
	}
	for name, list := range values {
		var mean, variance float64
		for _, v := range list {
			mean += v / rounds
		}
		for _, v := range list {
			variance += (v - mean) * (v - mean) / (rounds - 1)
		}
		ratio := halves[name] / 2 / math.Sqrt(variance)
		t.Logf("%s: %.2f of the spread", name, ratio)
		if ratio < 0.5 || ratio > 2 {
			t.Errorf("%s: an interval of ± %.4f where samples differ by %.4f (2 standard deviations)", name, halves[name], 2*math.Sqrt(variance))
		}
	}
}
