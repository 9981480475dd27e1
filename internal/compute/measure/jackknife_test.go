package measure_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/measure"
)

// Intervals are those of other items like these: over many draws of items from one law the values spread as wide as the
// intervals say.
func TestIntervalsAreAsWideAsDrawingOtherItemsMakesThem(t *testing.T) {
	manyRounds(t)
	r := rand.New(rand.NewPCG(21, 22))
	const n, d, rounds = 400, 8, 60
	turn := orthogonal(r, d)
	values, halves := map[string][]float64{}, map[string]float64{}
	for range rounds {
		x := normal(r, n, d)
		for i := range n {
			for c := range d {
				x.Row(i)[c] *= float32(math.Pow(0.8, float64(c)))
			}
		}
		y := through(x, turn, 1, 0)
		for i := range y.Data {
			y.Data[i] += 0.4 * float32(r.NormFloat64())
		}
		m, err := measure.NewMoments(t.Context(), x, y, machine())
		if err != nil {
			t.Fatal(err)
		}
		found := m.Pair(every)
		if p, err := measure.PairwiseOf(t.Context(), x, y, ofRange(200), machine()); err == nil {
			for name, r := range p.Pair(every) {
				found[name] = r
			}
		}
		for name, r := range found {
			if r.CI95 == nil {
				t.Fatalf("%s has no interval", name)
			}
			values[name] = append(values[name], r.Value)
			halves[name] += (r.CI95[1] - r.CI95[0]) / 2 / 2.093 / rounds
		}
	}
	for name, all := range values {
		var mean, variance float64
		for _, v := range all {
			mean += v / rounds
		}
		for _, v := range all {
			variance += (v - mean) * (v - mean) / (rounds - 1)
		}
		if ratio := halves[name] / math.Sqrt(variance); ratio < 0.7 || ratio > 1.45 {
			t.Errorf("%s: the intervals are for a standard error %.2f times that of %d draws (%.4f)", name, ratio, rounds, math.Sqrt(variance))
		}
	}
}

func ofRange(n int) []int {
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	return rows
}

// Unrelated spaces: the interval of the debiased CKA holds 0 about as often as it should.
func TestTheIntervalOfUnrelatedSpacesHoldsZero(t *testing.T) {
	r := rand.New(rand.NewPCG(23, 24))
	held := 0
	const rounds = 60
	for range rounds {
		m, err := measure.NewMoments(t.Context(), normal(r, 200, 10), normal(r, 200, 6), machine())
		if err != nil {
			t.Fatal(err)
		}
		if ci := m.DebiasedCKA().CI95; ci[0] <= 0 && ci[1] >= 0 {
			held++
		}
	}
	if held < rounds*85/100 {
		t.Errorf("0 lies in %d of %d", held, rounds)
	}
}

// What is drawn in place of pairing rows at random has the mean and the spread of pairing them: with few rows for the dimensions,
// too, where products are not normal, and with rows that are not.
func TestDrawnSpacesStandForPairings(t *testing.T) {
	r := rand.New(rand.NewPCG(25, 26))
	for _, c := range []struct {
		name          string
		rows, in, out int
		heavy         bool
	}{{"many rows", 2500, 12, 9, false}, {"few rows", 200, 40, 30, false}, {"wider second", 300, 30, 45, false}, {"long and short rows", 1500, 20, 20, true}} {
		if !oneOfThem(c.name, "few rows") {
			continue
		}
		x, y := normal(r, c.rows, c.in), normal(r, c.rows, c.out)
		for i := range x.Rows {
			longer := float32(1)
			if c.heavy {
				longer = float32(math.Exp(r.NormFloat64() / 3))
			}
			for d := range x.Row(i) {
				x.Row(i)[d] *= float32(1+d) * longer
			}
		}
		var means [2]map[string]measure.Result
		for at, drawn := range []bool{false, true} {
			m, err := measure.NewMoments(t.Context(), x, y, machine())
			if err != nil {
				t.Fatal(err)
			}
			found := m.Pair(every)
			if err := m.NullBy(t.Context(), found, x, y, drawn, machine()); err != nil {
				t.Fatal(err)
			}
			means[at] = found
		}
		for _, name := range []string{"procrustes", "angular_shape", "svcca", "pwcca", "cca"} {
			a, b := means[0][name], means[1][name]
			spread := math.Abs((a.Value - *a.Chance) / *a.Z)
			t.Logf("%s, %s: chance %.5f and %.5f, z %.2f and %.2f", c.name, name, *a.Chance, *b.Chance, *a.Z, *b.Z)
			if a.P == nil || b.P == nil || name != "cca" && math.Abs(*a.Chance-*b.Chance) > spread/2 { // chance of CCA is known
				t.Errorf("%s, %s: chance of pairings %.5f, of draws %.5f (they differ by %.5f)", c.name, name, *a.Chance, *b.Chance, spread)
			}
			if off := (*a.Chance - a.Value) / *a.Z / ((*b.Chance - b.Value) / *b.Z); off < 0.8 || off > 1.25 {
				t.Errorf("%s, %s: the spread of pairings is %.2f that of draws", c.name, name, off)
			}
		}
	}
}

// Procrustes of a few draws is known as well as of many, as far as the sum of squares that goes with it tells: the spread to a tenth.
func TestFewDrawsTellTheSpreadOfProcrustes(t *testing.T) {
	r := rand.New(rand.NewPCG(27, 27))
	var values, beside []float64
	for range 20000 { // two normal numbers that correlate by 0.9
		b := r.NormFloat64()
		beside, values = append(beside, 5+2*b), append(values, 3*(0.9*b+math.Sqrt(1-0.81)*r.NormFloat64()))
	}
	var spread, means, tails float64
	const few = 20
	for at := 0; at < len(values); at += few {
		mean, sd, freedom, off := measure.Regressed(5, 2, values[at:at+few], beside[at:at+few])
		spread += (sd - 3) * (sd - 3) / 9
		means += mean * mean / 9
		further := 3 * r.NormFloat64() // is called far off as often as it should be
		if measure.StudentTail((further-mean)/sd*off, freedom) <= 0.05 {
			tails++
		}
	}
	rounds := float64(len(values) / few)
	if err := math.Sqrt(spread / rounds); err > 0.11 {
		t.Errorf("the standard deviation is off by %.3f", err)
	}
	if err := math.Sqrt(means / rounds); err > 0.11 {
		t.Errorf("the mean is off by %.3f standard deviations", err)
	}
	if share := tails / rounds; share > 0.05+3*math.Sqrt(0.05*0.95/rounds) {
		t.Errorf("5 %% are %.3f", share)
	}
}

// Chance of a linear map is what pairing at random gives, in closed form.
func TestChanceOfAMapIsThatOfPairings(t *testing.T) {
	r := rand.New(rand.NewPCG(27, 28))
	x, y := normal(r, 150, 20), normal(r, 150, 5)
	m, err := measure.NewMoments(t.Context(), x, y, machine())
	if err != nil {
		t.Fatal(err)
	}
	want, mean := *m.Predictivity().Chance, 0.0
	const rounds = 200
	for range rounds {
		paired, err := measure.NewMoments(t.Context(), x, repaired(r, y), machine())
		if err != nil {
			t.Fatal(err)
		}
		mean += paired.Predictivity().Value / rounds
	}
	if math.Abs(mean-want) > 0.02 {
		t.Errorf("chance is said to be %.4f, %d pairings give %.4f", want, rounds, mean)
	}
}

// A row that is every row's nearest makes ranks depend on each other: z must not call that information.
func TestZOfTheImbalanceKnowsHubs(t *testing.T) {
	r := rand.New(rand.NewPCG(29, 30))
	far := 0
	const rounds = 100
	for range rounds {
		x, y := normal(r, 80, 6), normal(r, 80, 6)
		for i := range 40 { // half of all rows have one row as their nearest
			for c := range x.Row(i) {
				x.Row(i)[c] = x.Row(0)[c] + float32(1+i%7)*0.01*float32(c+1+i)
			}
		}
		a, b := tables(t, x, "euclidean", 5), tables(t, y, "euclidean", 5)
		got, err := measure.Imbalance(t.Context(), a, b, y, knn.Params{Metric: "euclidean"})
		if err != nil {
			t.Fatal(err)
		}
		if *got.Z < -1.645 {
			far++
		}
	}
	if far > 12 {
		t.Errorf("unrelated spaces are called related in %d of %d cases", far, rounds)
	}
}

// The intervals of one space hold what very many rows give about as often as they should, whatever the mean.
func TestTheIntervalsOfOneSpaceHoldWhatManyRowsGive(t *testing.T) {
	manyRounds(t)
	r := rand.New(rand.NewPCG(61, 62))
	draw := func(n int) knn.Matrix {
		x := normal(r, n, 12)
		for i := range x.Rows {
			for c := range x.Row(i) {
				x.Row(i)[c] = x.Row(i)[c]*float32(1+0.5*float64(c)) + float32(c%3)
			}
		}
		return x
	}
	of := func(n int) map[string]measure.Result {
		shape, err := measure.Shape(t.Context(), draw(n), machine())
		if err != nil {
			t.Fatal(err)
		}
		return shape
	}
	truth := of(200_000)
	const rounds = 100
	held := map[string]int{}
	for range rounds {
		for name, got := range of(2000) {
			if got.CI95 == nil || got.CI95[0] > got.Value || got.CI95[1] < got.Value {
				t.Fatalf("%s: %+v", name, got)
			}
			if got.CI95[0] <= truth[name].Value && truth[name].Value <= got.CI95[1] {
				held[name]++
			}
		}
	}
	if len(truth) != 8 {
		t.Errorf("%d measures", len(truth))
	}
	for name := range truth {
		if held[name] < 85 || held[name] == rounds {
			t.Errorf("%s: the interval holds the value of many rows in %d of %d cases", name, held[name], rounds)
		}
	}
}
