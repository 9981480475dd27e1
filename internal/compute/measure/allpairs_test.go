package measure_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/measure"
)

// akin are rows like those of x: some of their columns with noise.
func akin(r *rand.Rand, x knn.Matrix, dims int) knn.Matrix {
	y := normal(r, x.Rows, dims)
	for i := range x.Rows {
		for c := range y.Row(i) {
			y.Row(i)[c] += x.Row(i)[c%x.Dims]
		}
	}
	return y
}

func allRows(n int) []int {
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	return rows
}

// Of more than a thousand rows the distance correlation is that of all pairs, far from the origin and with duplicates, too.
func TestDistanceCorrelationOfAllRows(t *testing.T) {
	r := rand.New(rand.NewPCG(61, 62))
	x := normal(r, 1100, 7)
	y := akin(r, x, 4)
	for i := range 200 {
		copy(x.Row(i), x.Row(500))
		copy(y.Row(i), y.Row(500+i%2))
	}
	for i := range x.Data {
		x.Data[i] += 100
	}
	p, err := measure.PairwiseOf(t.Context(), x, y, allRows(x.Rows), machine())
	if err != nil {
		t.Fatal(err)
	}
	want := p.DistanceCorrelation()
	for _, on := range []measure.Machine{machine(), {Threads: 1}} {
		got, err := measure.DistanceCorrelation(t.Context(), x, y, on)
		if err != nil || got.Reason != "" || math.Abs(got.Value-want.Value) > 1e-9*want.Value || got.Note != "" {
			t.Errorf("%+v (%v), not %.12f", got, err, want.Value)
		}
		if got.CI95 == nil || got.CI95[0] >= got.Value || got.CI95[1] <= got.Value || got.P == nil || *got.P > 1e-5 || *got.Chance != 0 {
			t.Errorf("%+v", got)
		}
	}
	for i := range x.Rows {
		copy(x.Row(i), x.Row(500))
	}
	if got, err := measure.DistanceCorrelation(t.Context(), x, y, machine()); err != nil || got.Reason == "" {
		t.Errorf("rows that are all equal give %+v (%v)", got, err)
	}
}

// Blocks of all rows give about what all pairs do, and say that they are blocks.
func TestDistanceCorrelationWithinBlocks(t *testing.T) {
	if testing.Short() {
		t.Skip("some seconds")
	}
	r := rand.New(rand.NewPCG(63, 64))
	x := normal(r, 1500, 1900)
	for i := range x.Rows { // a few directions matter
		for c := range 5 {
			x.Row(i)[c] *= 30
		}
	}
	y := akin(r, x, 1900)
	p, err := measure.PairwiseOf(t.Context(), x, y, allRows(x.Rows), machine())
	if err != nil {
		t.Fatal(err)
	}
	want := p.DistanceCorrelation().Value
	got, err := measure.DistanceCorrelation(t.Context(), x, y, machine())
	if err != nil || !strings.Contains(got.Note, "blocks of all rows") || math.Abs(got.Value-want) > 0.01 {
		t.Errorf("%+v (%v), of all pairs %g", got, err, want)
	}
}

// What RSA is like over all pairings, against pairings: mean, spread, and how often the 5 % point is passed.
func TestLawOfRSA(t *testing.T) {
	const rounds = 3000
	r := rand.New(rand.NewPCG(65, 66))
	for name, dims := range map[string][2]int{"lines": {1, 1}, "a line and a plane": {1, 2}, "wide": {3, 40}} {
		x, y := normal(r, 150, dims[0]), normal(r, 150, dims[1])
		x.Row(3)[0] *= 4
		p, err := measure.PairwiseOf(t.Context(), x, y, allRows(x.Rows), machine())
		if err != nil {
			t.Fatal(err)
		}
		mean, sd, skew, of := p.LawOfRanks()
		found := make([]float64, rounds)
		for i := range found {
			found[i] = of(r.Perm(x.Rows))
		}
		var middle, spread float64
		for _, v := range found {
			middle += v / rounds
		}
		passed := 0
		for _, v := range found {
			spread += (v - middle) * (v - middle) / rounds
			if measure.PearsonTail((v-mean)/sd, skew) <= 0.05 {
				passed++
			}
		}
		slices.Sort(found)
		share := float64(passed) / rounds
		if math.Abs(middle-mean) > 4*sd/math.Sqrt(rounds) || math.Abs(math.Sqrt(spread)/sd-1) > 0.08 || share > 0.065 || share < 0.03 {
			t.Errorf("%s: mean %.5f, not %.5f; spread %.5f, not %.5f; %.3f of all pass the 5 %% point (skewness %.2f)", name, middle, mean, math.Sqrt(spread), sd, share, skew)
		}
		t.Logf("%s: %.3f pass, skewness %.2f", name, share, skew)
	}
}
