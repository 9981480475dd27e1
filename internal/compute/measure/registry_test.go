package measure_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/kernel"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/measure"
	"github.com/pentoai/vectory/internal/testkit"
)

// known are the values that independent packages gave; see the file.
type known struct {
	Spaces map[string]struct {
		Global            map[string]float64
		Euclidean, Cosine knownSpace
	}
	Pairs map[string]struct {
		Global            map[string]json.RawMessage
		Euclidean, Cosine knownPair
	}
}

type knownSpace struct {
	Hubness    map[string]map[string]float64
	Accuracy   map[string]map[string]float64 `json:"label_knn_loo_accuracy"`
	Purity     map[string]float64            `json:"label_purity"`
	Dimension  map[string]float64            `json:"intrinsic_dimension"`
	Silhouette float64
}

type knownPair struct {
	Imbalance map[string]float64 `json:"information_imbalance"`
	K10, K50  map[string]float64
}

func readKnown(t *testing.T) known {
	t.Helper()
	text, err := os.ReadFile("testdata/measures.json")
	if err != nil {
		t.Fatal(err)
	}
	var k known
	if err := json.Unmarshal(text, &k); err != nil {
		t.Fatal(err)
	}
	return k
}

// manyRounds leaves a test out in -short: what it draws again and again is slow under the race detector, which the tests
// of one round show to. .ci/run runs all of them without it.
func manyRounds(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("draws many rounds; run without -short")
	}
}

// oneOfThem leaves the others of many alike out in -short, for the same reason: each goes the same ways.
func oneOfThem(name, chosen string) bool { return !testing.Short() || name == chosen }

// relative checks within rtol, and that there is a value at all.
func relative(t *testing.T, what string, got measure.Result, want, rtol float64) {
	t.Helper()
	if got.Reason != "" {
		t.Errorf("%s has no value: %s", what, got.Reason)
		return
	}
	if !(math.Abs(got.Value-want) <= rtol*math.Max(math.Abs(want), 1e-3)) {
		t.Errorf("%s = %.15g, want %.15g (off by %.2g)", what, got.Value, want, got.Value-want)
	}
}

func TestMeasuresOfOneSpaceAreThoseOfIndependentPackages(t *testing.T) {
	labels := testkit.DigitLabels(t)
	for name, want := range readKnown(t).Spaces {
		if !oneOfThem(name, "digits_epoch20") {
			continue
		}
		t.Run(name, func(t *testing.T) {
			x := digits(t, name)
			got, err := measure.Shape(t.Context(), x, machine())
			if err != nil {
				t.Fatal(err)
			}
			for ours, theirs := range map[string]string{"participation_ratio": "participation_ratio", "effective_rank": "effective_rank_centred_variances", "rankme": "rankme_uncentred_singular_values",
				"stable_rank": "stable_rank_centred", "anisotropy": "mean_cosine_all_pairs", "isoscore": "isoscore_formula", "vendi": "vendi_cosine"} {
				relative(t, ours, got[ours], want.Global[theirs], 1e-9)
			}
			relative(t, "uniformity", measure.Uniformity(x, machine()), want.Global["uniformity_t2_distinct_pairs"], 1e-9)
			relative(t, "silhouette", measure.Silhouette(x, labels, 10), want.Cosine.Silhouette, 1e-9)
			for metric, want := range map[string]knownSpace{"euclidean": want.Euclidean, "cosine": want.Cosine} {
				table := tables(t, x, metric, 50)
				for k, text := range map[int]string{10: "10", 50: "50"} {
					hubs := measure.Hubness(table, k)
					relative(t, metric+" skewness", hubs["hubness_skew"], want.Hubness[text]["skewness"], 1e-9)
					relative(t, metric+" Robin Hood", hubs["hubness_robin_hood"], want.Hubness[text]["robin_hood"], 1e-12)
					relative(t, metric+" antihubs", hubs["antihubs"], want.Hubness[text]["antihubs"]/float64(x.Rows), 1e-12)
					relative(t, metric+" purity", measure.Labels(table, labels, 10, k)["label_purity"], want.Purity[text], 1e-12)
				}
				for k, text := range map[int]string{1: "1", 5: "5", 10: "10", 20: "20"} {
					relative(t, metric+" accuracy at "+text, measure.Labels(table, labels, 10, k)["label_accuracy"], want.Accuracy[text]["tie_to_nearest"], 1e-12)
				}
				if metric != "euclidean" {
					continue
				}
				for k, text := range map[int]string{10: "10", 20: "20"} {
					dims := measure.IntrinsicDimension(table, x, catalog.Euclidean, k)
					relative(t, "TwoNN", dims["dimension_twonn"], want.Dimension["twonn_mle"], 1e-9)
					relative(t, "TwoNN by a line", dims["dimension_twonn_fit"], want.Dimension["twonn_regression_90"], 1e-9)
					relative(t, "MLE", dims["dimension_mle"], want.Dimension["mle_k"+text+"_harmonic_mackay"], 1e-9)
				}
			}
		})
	}
}

func TestMeasuresOfPairsAreThoseOfIndependentPackages(t *testing.T) {
	for name, want := range readKnown(t).Pairs {
		if !oneOfThem(name, "digits_epoch10|digits_epoch20") {
			continue
		}
		t.Run(name, func(t *testing.T) {
			first, second, _ := strings.Cut(name, "|")
			x, y := digits(t, first), digits(t, second)
			m, err := measure.NewMoments(t.Context(), x, y, machine())
			if err != nil {
				t.Fatal(err)
			}
			theirs := func(key string) (v float64) {
				if err := json.Unmarshal(want.Global[key], &v); err != nil {
					t.Fatalf("%s: %s", key, err)
				}
				return v
			}
			got, cca := m.Pair(every), m.CCA()
			relative(t, "CKA", got["cka"], theirs("cka_linear"), 1e-9)
			relative(t, "debiased CKA", got["cka_debiased"], theirs("cka_linear_debiased"), 1e-9)
			relative(t, "Procrustes", got["procrustes"], theirs("procrustes_similarity_nbs"), 1e-9)
			relative(t, "angular", got["angular_shape"], theirs("procrustes_angular"), 1e-9)
			relative(t, "CCA ρ²", got["cca"], theirs("cca_mean_rho_squared"), 1e-7)
			relative(t, "CCA ρ", cca.Mean, theirs("cca_mean_rho"), 1e-7)
			relative(t, "SVCCA", got["svcca"], theirs("svcca_0.99_variance"), 1e-7)
			relative(t, "PWCCA of x", measure.Result{Value: cca.PWCCAOf[0]}, theirs("pwcca_weights_from_x"), 1e-7)
			relative(t, "PWCCA of y", measure.Result{Value: cca.PWCCAOf[1]}, theirs("pwcca_weights_from_y"), 1e-7)
			first1000, everyRow := make([]int, int(theirs("rsa_rows"))), make([]int, x.Rows)
			for i := range everyRow {
				everyRow[i] = i
			}
			copy(first1000, everyRow)
			some, err := measure.PairwiseOf(t.Context(), x, y, first1000, machine())
			if err != nil {
				t.Fatal(err)
			}
			relative(t, "RSA", some.RSA(), theirs("rsa_spearman_euclidean"), 1e-9)
			all, err := measure.PairwiseOf(t.Context(), x, y, everyRow, machine())
			if err != nil {
				t.Fatal(err)
			}
			relative(t, "distance correlation", all.DistanceCorrelation(), theirs("dcor_u"), 1e-9)
			relative(t, "R² in sample", m.InSample(), theirs("linear_r2_y_from_x"), 1e-7)
			for metric, want := range map[string]knownPair{"euclidean": want.Euclidean, "cosine": want.Cosine} {
				a, b := tables(t, x, metric, 50), tables(t, y, metric, 50)
				rtol := 1e-12
				if metric == "cosine" {
					rtol = 5e-6 // two neighbours that differ in the last bit stand the other way round there
				}
				for k, want := range map[int]map[string]float64{10: want.K10, 50: want.K50} {
					got, err := measure.Lists(a, b, k)
					if err != nil {
						t.Fatal(err)
					}
					relative(t, metric+" RBO", got["rbo"], want["rbo_ext_p0.9"], rtol)
					relative(t, metric+" rank similarity", got["rank_similarity"], want["rank_similarity"], rtol)
					relative(t, metric+" joint rank Jaccard", got["joint_rank_jaccard"], want["joint_rank_jaccard"], rtol)
				}
				for key, value := range want.Imbalance {
					var got measure.Result
					switch {
					case strings.Contains(key, "x_to_y"):
						got = imbalance(t, a, b, y, metric)
					case strings.Contains(key, "y_to_x"):
						got = imbalance(t, b, a, x, metric)
					default:
						continue
					}
					relative(t, metric+" imbalance "+key, got, value, 1e-12)
				}
			}
			rows, err := measure.NewRows(x, y, "cosine", "cosine", x.Rows, machine()).Pair(t.Context(), tables(t, x, "cosine", 10), tables(t, y, "cosine", 10), 10, every)
			if err != nil {
				t.Fatal(err)
			}
			relative(t, "second-order cosine", rows["second_order_cosine"], want.Cosine.K10["second_order_cosine_of_distances_resi"], 1e-12)
		})
	}
}

func imbalance(t *testing.T, a, b *knn.Table, y knn.Matrix, metric string) measure.Result {
	t.Helper()
	r, err := measure.Imbalance(t.Context(), a, b, y, knn.Params{Metric: catalog.Metric(metric)})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// machine is the best that is here.
func machine() measure.Machine {
	set, err := kernel.Named("")
	if err != nil {
		panic(err)
	}
	return measure.Machine{Kernel: set}
}

// The sums are the same to the last bit on every kernel and for any number of threads.
func TestMomentsDoNotDependOnTheMachine(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 7))
	for _, shape := range [][3]int{{7, 3, 2}, {600, 17, 33}, {1300, 40, 1}} {
		x, y := normal(r, shape[0], shape[1]), normal(r, shape[0], shape[2])
		want, err := measure.NewMoments(t.Context(), x, y, measure.Machine{Threads: 1})
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{kernel.Portable, "avx2", "avx512"} {
			set, err := kernel.Named(name)
			if err != nil {
				t.Logf("%s is not here", name)
				continue
			}
			for _, threads := range []int{1, 2, 3, 8} {
				got, err := measure.NewMoments(t.Context(), x, y, measure.Machine{Threads: threads, Kernel: set})
				if err != nil {
					t.Fatal(err)
				}
				if !slices.Equal(got.XX.Data, want.XX.Data) || !slices.Equal(got.XY.Data, want.XY.Data) || !slices.Equal(got.YY.Data, want.YY.Data) {
					t.Errorf("%s, %d threads, %v: the sums differ", name, threads, shape)
				}
				if a, b := got.CKA(), want.CKA(); a.Value != b.Value {
					t.Errorf("%s, %d threads, %v: CKA %g and %g", name, threads, shape, a.Value, b.Value)
				}
			}
		}
	}
}

func BenchmarkMoments(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	x, y := normal(r, 20000, 384), normal(r, 20000, 384)
	for b.Loop() {
		if _, err := measure.NewMoments(b.Context(), x, y, machine()); err != nil {
			b.Fatal(err)
		}
	}
}

func every(string) bool { return true }

func normal(r *rand.Rand, n, d int) knn.Matrix {
	x := knn.Matrix{Rows: n, Dims: d, Data: make([]float32, n*d)}
	for i := range x.Data {
		x.Data[i] = float32(r.NormFloat64())
	}
	return x
}

// The exact mean and spread of CKA under random pairing are those of many random pairings.
func TestNullOfCKA(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	const n, rounds = 60, 1500
	x, y := normal(r, n, 20), normal(r, n, 8)
	for i := range n { // heavy tails
		for c := range y.Row(i) {
			y.Row(i)[c] *= float32(math.Exp(r.NormFloat64() / 2))
		}
	}
	var values []float64
	var sum, squares float64
	var chance, sd float64
	for range rounds {
		mixed := knn.Matrix{Rows: n, Dims: 8}
		for _, i := range r.Perm(n) {
			mixed.Data = append(mixed.Data, y.Row(i)...)
		}
		m, err := measure.NewMoments(t.Context(), x, mixed, machine())
		if err != nil {
			t.Fatal(err)
		}
		got := m.CKA()
		values = append(values, got.Value)
		sum += got.Value
		chance, sd = *got.Chance, (got.Value-*got.Chance) / *got.Z
		squares += got.Value * got.Value
	}
	mean := sum / rounds
	spread := math.Sqrt(squares/rounds - mean*mean)
	if math.Abs(mean-chance) > 4*spread/math.Sqrt(rounds) || math.Abs(spread/sd-1) > 0.1 {
		t.Errorf("simulated %.5f ± %.5f, the formula says %.5f ± %.5f", mean, spread, chance, sd)
	}
	if len(values) != rounds {
		t.Fatal("not all rounds ran")
	}
}

func TestMomentsIgnoreWhatTheySay(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	x, z := normal(r, 300, 12), normal(r, 300, 9)
	for i := range x.Rows { // the second space is partly made of the first
		for c := range z.Row(i) {
			z.Row(i)[c] = z.Row(i)[c]/2 + x.Row(i)[c]
		}
	}
	of := func(x knn.Matrix) map[string]measure.Result {
		m, err := measure.NewMoments(t.Context(), x, z, machine())
		if err != nil {
			t.Fatal(err)
		}
		return m.Pair(every)
	}
	plain := of(x)
	rotation := orthogonal(r, 12)
	stretch := orthogonal(r, 12)
	for i := range stretch {
		for j := range stretch[i] {
			stretch[i][j] *= 1 + float64(j)
		}
	}
	for letter, changed := range map[string]knn.Matrix{
		"O": through(x, rotation, 1, 0), "S": through(x, nil, 3.5, 0), "T": through(x, nil, 1, 4), "L": through(x, stretch, 1, 0),
	} {
		got := of(changed)
		for name, before := range plain {
			info, ok := measure.InfoOf(name)
			if !ok {
				t.Fatalf("%s is in no registry", name)
			}
			same := math.Abs(got[name].Value-before.Value) < 2e-5 // the rows are float32
			ignores := strings.Contains(info.Ignores, letter)
			if letter == "L" && strings.HasPrefix(name, "linear_a") {
				continue // ignores it on one side
			}
			if ignores != same {
				t.Errorf("%s under %s: %.6f became %.6f", name, letter, before.Value, got[name].Value)
			}
		}
	}
}

func orthogonal(r *rand.Rand, d int) [][]float64 {
	q := make([][]float64, d)
	for i := range q {
		q[i] = make([]float64, d)
		for c := range q[i] {
			q[i][c] = r.NormFloat64()
		}
		for j := range i {
			var dot float64
			for c := range q[i] {
				dot += q[i][c] * q[j][c]
			}
			for c := range q[i] {
				q[i][c] -= dot * q[j][c]
			}
		}
		var norm float64
		for _, v := range q[i] {
			norm += v * v
		}
		for c := range q[i] {
			q[i][c] /= math.Sqrt(norm)
		}
	}
	return q
}

// through maps every row by a matrix (nil: none), a scale and a shift.
func through(x knn.Matrix, m [][]float64, scale, shift float64) knn.Matrix {
	out := knn.Matrix{Rows: x.Rows, Dims: x.Dims, Data: make([]float32, len(x.Data))}
	for i := range x.Rows {
		for c := range x.Dims {
			v := float64(x.Row(i)[c])
			if m != nil {
				v = 0
				for j, w := range x.Row(i) {
					v += float64(w) * m[j][c]
				}
			}
			out.Row(i)[c] = float32(scale*v + shift)
		}
	}
	return out
}

// Held-out R² by the sums of five folds is that of fitting the rows themselves.
func TestPredictivityOfAKnownMap(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 1))
	x := normal(r, 4000, 6)
	exact := through(x, orthogonal(r, 6), 2, 1)
	noisy := knn.Matrix{Rows: x.Rows, Dims: 6, Data: make([]float32, len(x.Data))}
	for i, v := range exact.Data {
		noisy.Data[i] = v + 2*float32(r.NormFloat64()) // as much noise as signal
	}
	none := normal(r, 4000, 6)
	for _, c := range []struct {
		y         knn.Matrix
		want, tol float64
	}{{exact, 1, 1e-9}, {noisy, 0.5, 0.02}, {none, 0, 0.01}} {
		m, err := measure.NewMoments(t.Context(), x, c.y, machine())
		if err != nil {
			t.Fatal(err)
		}
		got := m.Predictivity()
		if got.Reason != "" || math.Abs(got.Value-c.want) > c.tol {
			t.Errorf("R² = %.6f (%s), want about %g", got.Value, got.Reason, c.want)
		}
		if got.Value > m.InSample().Value {
			t.Errorf("held-out %.6f is above in-sample %.6f", got.Value, m.InSample().Value)
		}
	}
}

func TestWhatCannotBeMeasuredHasAReason(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	equal := knn.Matrix{Rows: 40, Dims: 3, Data: make([]float32, 120)}
	wide := normal(r, 12, 40)
	for name, pair := range map[string][2]knn.Matrix{"equal rows": {equal, normal(r, 40, 5)}, "wide": {wide, normal(r, 12, 4)}, "three rows": {normal(r, 3, 2), normal(r, 3, 2)}} {
		m, err := measure.NewMoments(t.Context(), pair[0], pair[1], machine())
		if err != nil {
			t.Fatal(err)
		}
		for measureName, got := range m.Pair(every) {
			if math.IsNaN(got.Value) || math.IsInf(got.Value, 0) {
				t.Errorf("%s: %s is %g", name, measureName, got.Value)
			}
			if name == "equal rows" && got.Reason == "" {
				t.Errorf("%s: %s has the value %g", name, measureName, got.Value)
			}
		}
		shape, err := measure.Shape(t.Context(), pair[0], machine())
		if err != nil {
			t.Fatal(err)
		}
		for measureName, got := range shape {
			if math.IsNaN(got.Value) || math.IsInf(got.Value, 0) {
				t.Errorf("%s: %s is %g", name, measureName, got.Value)
			}
		}
	}
}

// A list of random order under ties, many times: the expectation is their mean.
func TestExpectedJaccardIsTheMeanOverRandomOrders(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 2))
	const n, k, rounds = 60, 6, 4000
	grid := func() knn.Matrix { // few values, many ties
		x := knn.Matrix{Rows: n, Dims: 2}
		for range 2 * n {
			x.Data = append(x.Data, float32(r.IntN(4)))
		}
		return x
	}
	x, y := grid(), grid()
	a, b := tables(t, x, "euclidean", n-1), tables(t, y, "euclidean", n-1)
	shared := measure.Shared(a, b, k)
	block := func(t *knn.Table, x knn.Matrix) func(i int) (int, int) {
		return func(i int) (int, int) { return t.TieBlock(x, catalog.Euclidean, i, k) }
	}
	got := measure.ExpectedScore(a, b, shared, k, func(m int32) float64 { return measure.Jaccard.Value(m, k) }, block(a, x), block(b, y))
	self := measure.ExpectedScore(a, b, shared, k, func(m int32) float64 { return measure.Vectory.Value(m, k+1) }, block(a, x), block(b, y))
	var mean, meanSelf float64
	for range rounds {
		counts := measure.Counts(measure.Shared(shuffled(r, a, block(a, x)), shuffled(r, b, block(b, y)), k), k)
		mean += measure.Jaccard.Mean(counts, k) / rounds
		meanSelf += measure.Vectory.Mean(counts, k+1) / rounds
	}
	if math.Abs(got-mean) > 0.002 || math.Abs(self-meanSelf) > 0.002 {
		t.Errorf("expected %.5f and, the row itself counted, %.5f; over random orders %.5f and %.5f", got, self, mean, meanSelf)
	}
	if byRow := measure.Jaccard.Mean(measure.Counts(shared, k), k); math.Abs(byRow-got) < 0.001 {
		t.Errorf("ties make no difference here: %.5f and %.5f", byRow, got)
	}
}

// shuffled puts the neighbours of each tied block in random order.
func shuffled(r *rand.Rand, t *knn.Table, block func(i int) (int, int)) *knn.Table {
	out := &knn.Table{Rows: t.Rows, K: t.K, IDs: append([]int32(nil), t.IDs...), Distances: t.Distances}
	for i := range t.Rows {
		from, to := block(i)
		tied := out.Neighbours(i)[from:to]
		r.Shuffle(len(tied), func(a, b int) { tied[a], tied[b] = tied[b], tied[a] })
	}
	return out
}

// With inner products as kernel the unbiased HSIC of pairs is that of features.
func TestLiteralValuesOfDistanceCorrelation(t *testing.T) {
	column := func(v ...float32) knn.Matrix { return knn.Matrix{Rows: len(v), Dims: 1, Data: v} }
	p, err := measure.PairwiseOf(t.Context(), column(1, 2, 3, 4, 5, 6), column(1, 7, 5, 5, 6, 2), []int{0, 1, 2, 3, 4, 5}, machine())
	if err != nil {
		t.Fatal(err)
	}
	if got := p.DistanceCorrelation(); math.Abs(got.Value-(-0.41613)) > 1e-5 { // as dcor's own test has it
		t.Errorf("U-statistic %.6f", got.Value)
	}
	if got := p.RSA(); got.Reason != "" || got.Value < -1 || got.Value > 1 {
		t.Errorf("RSA %+v", got)
	}
}

// As Davari et al. (2022) move one point of many: CKA falls, neighbours stay.
func TestOneMovedPointRulesCKAAndNotTheNeighbours(t *testing.T) {
	x := digits(t, "digits_pixels")
	moved := knn.Matrix{Rows: x.Rows, Dims: x.Dims, Data: append([]float32(nil), x.Data...)}
	same, err := measure.NewMoments(t.Context(), x, moved, machine())
	if err != nil {
		t.Fatal(err)
	}
	if _, share := same.Leverage(x, moved); share > 0.01 {
		t.Errorf("a row of the digits carries %.3f", share)
	}
	for c := range moved.Row(7) {
		moved.Row(7)[c] += 100 * 2.1664 / 8 // a hundred total standard deviations, over 64 columns
	}
	m, err := measure.NewMoments(t.Context(), x, moved, machine())
	if err != nil {
		t.Fatal(err)
	}
	if cka := m.CKA().Value; cka > 0.1 {
		t.Errorf("CKA is %.4f", cka)
	}
	if row, share := m.Leverage(x, moved); row != 7 || share < 0.5 {
		t.Errorf("row %d carries %.3f", row, share)
	}
	if j := compare(t, tables(t, x, "euclidean", 10), tables(t, moved, "euclidean", 10), 10).Jaccard.Mean; j < 0.99 {
		t.Errorf("Jaccard is %.4f", j)
	}
}

// Keeping the first principal components has closed forms (Ding, Denain and Steinhardt 2021).
func TestClosedFormsOfPrincipalComponents(t *testing.T) {
	x, first := digits(t, "digits_pixels"), digits(t, "digits_pca16")
	m, err := measure.NewMoments(t.Context(), x, first, machine())
	if err != nil {
		t.Fatal(err)
	}
	got := m.Pair(every)
	// Measured in the note for 16 of 61 components.
	for name, want := range map[string]float64{"cka": 0.9930, "procrustes": 0.9216} {
		if math.Abs(got[name].Value-want) > 5e-5 {
			t.Errorf("%s is %.5f, want %.4f", name, got[name].Value, want)
		}
	}
}

// What is unrelated is called related no more often than it should be (the grid of Gröger et al. 2026).
func TestUnrelatedSpacesAreRarelyCalledRelated(t *testing.T) {
	manyRounds(t)
	const rounds = 200
	r := rand.New(rand.NewPCG(11, 12))
	for _, shape := range [][2]int{{96, 48}, {96, 96}, {96, 192}, {128, 384}} {
		var byNeighbours, byCKA int
		for range rounds {
			x, y := normal(r, shape[0], shape[1]), normal(r, shape[0], shape[1])
			m, err := measure.NewMoments(t.Context(), x, y, machine())
			if err != nil {
				t.Fatal(err)
			}
			const oneSided = 1.645
			if z := m.CKA().Z; z != nil && *z > oneSided {
				byCKA++
			}
			if z := compare(t, tables(t, x, "euclidean", 10), tables(t, y, "euclidean", 10), 10).Z; *z > oneSided {
				byNeighbours++
			}
		}
		// 5 % and three standard errors of the simulation; the null of CKA is skewed to the right.
		limit := 0.05 + 3*math.Sqrt(0.05*0.95/float64(rounds)) + 0.015
		for name, n := range map[string]int{"neighbours": byNeighbours, "CKA": byCKA} {
			if share := float64(n) / float64(rounds); share > limit {
				t.Errorf("%d×%d: %s say related in %.3f of the cases, above %.3f", shape[0], shape[1], name, share, limit)
			}
		}
		t.Logf("%d×%d: type-I at 5 %%: neighbours %.3f, CKA %.3f", shape[0], shape[1], float64(byNeighbours)/float64(rounds), float64(byCKA)/float64(rounds))
	}
}

func TestRegistryNamesAreUnique(t *testing.T) {
	seen := map[string]bool{}
	for _, info := range measure.Registry {
		if seen[info.Name] || info.Meaning == "" || info.Source == "" || info.Of != "pair" && info.Of != "space" && info.Of != "drift" && info.Of != "row" {
			t.Errorf("%+v", info)
		}
		seen[info.Name] = true
	}
}
