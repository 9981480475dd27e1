package measure_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/measure"
	"github.com/pentoai/vectory/internal/testkit"
)

// TestMeasuresOfLabelsAreThoseOfIndependentPackages: testdata/labels.py made the values.
func TestMeasuresOfLabelsAreThoseOfIndependentPackages(t *testing.T) {
	text, err := os.ReadFile("testdata/labels.json")
	if err != nil {
		t.Fatal(err)
	}
	var want struct {
		Spaces map[string]struct {
			Euclidean, Cosine map[string]float64
			Gride             float64 `json:"dimension_gride_k10"`
			Probe             float64 `json:"label_probe"`
		}
		Spacing    float64 `json:"neighbour_distances_epoch05_epoch20_k10"`
		Partitions []struct {
			A, B []int32
			AMI  float64 `json:"cluster_ami"`
			ARI  float64 `json:"cluster_ari"`
			V    float64 `json:"cluster_v"`
		}
	}
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	labels := testkit.DigitLabels(t)
	for name, w := range want.Spaces {
		if !oneOfThem(name, "epoch20") {
			continue
		}
		x := digits(t, "digits_"+name)
		for metric, values := range map[catalog.Metric]map[string]float64{catalog.Euclidean: w.Euclidean, catalog.Cosine: w.Cosine} {
			got, err := measure.Retrieval(t.Context(), x, metric, labels, 10, machine())
			if err != nil {
				t.Fatal(err)
			}
			for measureName, v := range values {
				relative(t, name+" "+string(metric)+" "+measureName, got[measureName], v, 1e-12)
			}
		}
		relative(t, name+" Gride", measure.IntrinsicDimension(tables(t, x, "euclidean", 10), x, catalog.Euclidean, 10)["dimension_gride"], w.Gride, 1e-6)
		probe, err := measure.Probe(t.Context(), x, labels, 10, machine())
		if err != nil {
			t.Fatal(err)
		}
		relative(t, name+" probe", probe, w.Probe, 1e-12)
	}
	x, y := digits(t, "digits_epoch05"), digits(t, "digits_epoch20")
	rows, err := measure.NewRows(x, y, catalog.Euclidean, catalog.Euclidean, x.Rows, machine()).Pair(t.Context(), tables(t, x, "euclidean", 10), tables(t, y, "euclidean", 10), 10, every)
	if err != nil {
		t.Fatal(err)
	}
	relative(t, "neighbour distances", rows["neighbour_distances"], want.Spacing, 1e-9)
	for _, p := range want.Partitions {
		got := measure.Partitions(p.A, p.B)
		relative(t, "AMI", got["cluster_ami"], p.AMI, 1e-9)
		relative(t, "ARI", got["cluster_ari"], p.ARI, 1e-9)
		relative(t, "V", got["cluster_v"], p.V, 1e-9)
	}
}

func TestKMeansFindsWhatIsFarApart(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	x, labels := normal(r, 600, 8), make([]int32, 600)
	for i := range labels {
		labels[i] = int32(i % 4)
		x.Row(i)[labels[i]] += 30
	}
	labels[3] = -1 // a row without a label is left out
	for _, threads := range []int{1, 3} {
		on := machine()
		on.Threads = threads
		got, err := measure.Clusters(t.Context(), x, catalog.Euclidean, labels, 4, on)
		if err != nil {
			t.Fatal(err)
		}
		for name, r := range got {
			if math.Abs(r.Value-1) > 1e-12 {
				t.Errorf("%d threads: %s is %g (%s), want 1", threads, name, r.Value, r.Reason)
			}
		}
	}
}

// Labels at random: what is corrected for chance is near 0, and a map guesses no better than chance.
func TestLabelsAtRandomAreNotFound(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	x, labels := normal(r, 2000, 6), make([]int32, 2000)
	for i := range labels {
		labels[i] = int32(r.IntN(5))
	}
	clusters, err := measure.Clusters(t.Context(), x, catalog.Cosine, labels, 5, machine())
	if err != nil {
		t.Fatal(err)
	}
	probe, err := measure.Probe(t.Context(), x, labels, 5, machine())
	if err != nil {
		t.Fatal(err)
	}
	for name, v := range map[string]float64{"AMI": clusters["cluster_ami"].Value, "ARI": clusters["cluster_ari"].Value, "probe less 1/5": probe.Value - 0.2} {
		if math.Abs(v) > 0.04 {
			t.Errorf("%s is %.4f", name, v)
		}
	}
}

func TestLabelsThatCannotBeMeasuredHaveAReason(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	x := normal(r, 40, 3)
	alone, same, none := make([]int32, 40), make([]int32, 40), make([]int32, 40)
	for i := range alone {
		alone[i], none[i] = int32(i), -1
	}
	equal := knn.Matrix{Rows: 40, Dims: 3, Data: make([]float32, 120)}
	for name, c := range map[string]struct {
		x      knn.Matrix
		labels []int32
		count  int
		silent []string // measures that must have a reason
	}{
		"every row alone":  {x, alone, 40, []string{"label_r_precision", "label_map_at_r", "cluster_ami", "label_purity", "label_accuracy", "label_precision_at_1", "label_recall", "label_ndcg", "label_silhouette", "label_probe"}},
		"one label":        {x, same, 1, []string{"label_probe", "cluster_ami", "cluster_v", "label_r_precision", "label_map_at_r", "label_purity", "label_silhouette"}},
		"no label":         {x, none, 0, []string{"label_r_precision", "label_probe", "cluster_ari"}},
		"rows of zeros":    {equal, same, 1, []string{"label_probe", "cluster_ami", "label_r_precision"}},
		"many more labels": {x, alone, 501, []string{"label_probe", "cluster_ami"}},
	} {
		got, err := measure.Retrieval(t.Context(), c.x, catalog.Cosine, c.labels, c.count, machine())
		if err != nil {
			t.Fatal(err)
		}
		clusters, err := measure.Clusters(t.Context(), c.x, catalog.Cosine, c.labels, c.count, machine())
		if err != nil {
			t.Fatal(err)
		}
		for k, v := range clusters {
			got[k] = v
		}
		for k, v := range measure.Labels(tables(t, c.x, "euclidean", 5), c.labels, c.count, 5) {
			got[k] = v
		}
		got["label_silhouette"] = measure.Silhouette(c.x, c.labels, c.count)
		if got["label_probe"], err = measure.Probe(t.Context(), c.x, c.labels, c.count, machine()); err != nil {
			t.Fatal(err)
		}
		for _, silent := range c.silent {
			if got[silent].Reason == "" {
				t.Errorf("%s: %s has the value %g", name, silent, got[silent].Value)
			}
		}
		for k, v := range got {
			if math.IsNaN(v.Value) || math.IsInf(v.Value, 0) {
				t.Errorf("%s: %s is %g", name, k, v.Value)
			}
		}
	}
}

// Chances and z of labels are those of sharing the labels out at random.
func TestChancesOfLabelsAreThoseOfSharingThemOut(t *testing.T) {
	manyRounds(t)
	r := rand.New(rand.NewPCG(15, 16))
	x, labels := normal(r, 150, 3), make([]int32, 150)
	for i := range labels {
		labels[i] = int32(r.IntN(4) * r.IntN(3) / 2) // unequal labels
	}
	const k, rounds = 7, 400
	table := tables(t, x, "euclidean", k)
	of := func(labels []int32) map[string]measure.Result {
		out := measure.Labels(table, labels, 4, k)
		found, err := measure.Retrieval(t.Context(), x, catalog.Euclidean, labels, 4, machine())
		if err != nil {
			t.Fatal(err)
		}
		for name, r := range found {
			out[name] = r
		}
		return out
	}
	want := of(labels)
	sums, squares := map[string]float64{}, map[string]float64{}
	for range rounds {
		r.Shuffle(len(labels), func(i, j int) { labels[i], labels[j] = labels[j], labels[i] })
		for name, got := range of(labels) {
			sums[name] += got.Value / rounds
			squares[name] += got.Value * got.Value / rounds
		}
	}
	for _, name := range []string{"label_purity", "label_precision_at_1", "label_recall", "label_ndcg", "label_r_precision", "label_map_at_r"} {
		spread := math.Sqrt(squares[name] - sums[name]*sums[name])
		if got := *want[name].Chance; math.Abs(got-sums[name]) > 4*spread/math.Sqrt(rounds) {
			t.Errorf("%s: chance is said to be %.5f, %d shuffles give %.5f ± %.5f", name, got, rounds, sums[name], spread/math.Sqrt(rounds))
		}
		if z := want[name].Z; z != nil {
			if said := (want[name].Value - *want[name].Chance) / *z; math.Abs(said/spread-1) > 0.12 {
				t.Errorf("%s: the spread is said to be %.5f, %d shuffles give %.5f", name, said, rounds, spread)
			}
		}
	}
	if want["label_purity"].Z == nil {
		t.Error("the purity has no z")
	}
}

// By class: the recalls weighed by their rows are the accuracy, the purities the purity.
func TestClassesAddUp(t *testing.T) {
	labels := testkit.DigitLabels(t)
	table := tables(t, digits(t, "digits_epoch20"), "euclidean", 10)
	all := measure.Labels(table, labels, 10, 10)
	var rows int
	var recall, purity float64
	for _, c := range measure.Classes(table, labels, 10, 10) {
		rows += c.Rows
		recall += float64(c.Rows) * c.Recall
		purity += float64(c.Rows) * c.Purity
		if c.F1 < min(c.Recall, c.Precision)-1e-12 || c.F1 > max(c.Recall, c.Precision)+1e-12 {
			t.Errorf("%+v", c)
		}
	}
	if rows != len(labels) || math.Abs(recall/float64(rows)-all["label_accuracy"].Value) > 1e-12 || math.Abs(purity/float64(rows)-all["label_purity"].Value) > 1e-12 {
		t.Errorf("%d rows, recall %.5f, purity %.5f", rows, recall/float64(rows), purity/float64(rows))
	}
}

// Rows that are as far from many centres, as those of rare words are, do not let rounding choose: the clusters are the same when
// every value is changed in its last digits, and on any machine. They are as tight as those of scikit-learn 1.9.1, whose
// KMeans(n_init=10, random_state=0) of the unit rows leaves the inertia that is given.
func TestClustersDoNotHangOnRounding(t *testing.T) {
	for name, c := range map[string]struct {
		k       int
		inertia float64
	}{"words_tfidf": {45, 2778.3520}, "digits_pixels": {10, 0}} {
		if !oneOfThem(name, "digits_pixels") {
			continue
		}
		x := digits(t, name)
		of := func(much float64, on measure.Machine) []int32 {
			r := rand.New(rand.NewPCG(51, 52))
			clusters, spread := measure.ClustersOf(t.Context(), x, catalog.Cosine, c.k, func() float64 { return much * r.NormFloat64() }, on)
			if c.inertia > 0 && spread > 1.01*c.inertia {
				t.Errorf("%s: inertia %.1f, scikit-learn's is %.1f", name, spread, c.inertia)
			}
			return clusters
		}
		want := of(0, machine())
		for _, much := range []float64{1e-16, 1e-13, 1e-12} {
			differ := 0
			for i, cluster := range of(much, machine()) {
				if cluster != want[i] {
					differ++
				}
			}
			if differ > 0 {
				t.Errorf("%s, values changed by %g of themselves: %d of %d rows are in another cluster", name, much, differ, len(want))
			}
		}
		if name == "digits_pixels" && !slices.Equal(want, of(0, measure.Machine{Threads: 3})) {
			t.Errorf("%s: other clusters without kernels", name)
		}
	}
}

// The share of rows that are nobody's neighbour is their count over the rows, to the last bit.
func TestAntihubsAreCounted(t *testing.T) {
	r := rand.New(rand.NewPCG(81, 82))
	table, none := tables(t, normal(r, 999, 12), "euclidean", 3), 0
	for _, n := range measure.Occurrences(table, 3) {
		if n == 0 {
			none++
		}
	}
	if got := measure.Hubness(table, 3)["antihubs"].Value; none == 0 || got != float64(none)/999 {
		t.Errorf("%v of %d in 999", got, none)
	}
}
