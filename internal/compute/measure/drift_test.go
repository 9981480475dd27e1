package measure_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/measure"
)

func drift(t *testing.T, x, y knn.Matrix) map[string]measure.Result {
	t.Helper()
	got, err := measure.Drift(t.Context(), x, y, machine())
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range got {
		info, ok := measure.InfoOf(name)
		if !ok || info.Of != "drift" {
			t.Errorf("%s is in no registry", name)
		}
		if math.IsNaN(r.Value) || math.IsInf(r.Value, 0) {
			t.Errorf("%s is %g", name, r.Value)
		}
	}
	return got
}

func TestLiteralValueOfTheEnergyDistance(t *testing.T) {
	// As dcor's own test has it: 4×4 of 1..16 against 3×4 of zeros and ones.
	x := knn.Matrix{Rows: 4, Dims: 4}
	for i := range 16 {
		x.Data = append(x.Data, float32(i+1))
	}
	y := knn.Matrix{Rows: 3, Dims: 4, Data: []float32{1, 0, 0, 1, 0, 1, 1, 1, 1, 1, 1, 1}}
	if got := drift(t, x, y)["drift_energy"]; math.Abs(got.Value-20.5780594) > 1e-6 {
		t.Errorf("energy distance %.7f", got.Value)
	}
}

func TestDriftIsFoundAndNotInvented(t *testing.T) {
	r, few := rand.New(rand.NewPCG(8, 8)), 1
	if testing.Short() {
		few = 2
	}
	x, same := normal(r, 900/few, 12), normal(r, 700/few, 12)
	got := drift(t, x, same)
	if auc := got["drift_auc"]; math.Abs(auc.Value-0.5) > 0.06 || math.Abs(*auc.Z) > 4 {
		t.Errorf("equal samples: AUC %.3f, z %.1f", auc.Value, *auc.Z)
	}
	if e := got["drift_energy"]; *e.P < 0.01 {
		t.Errorf("equal samples: energy %.4f, p %.3f", e.Value, *e.P)
	}
	if c := got["drift_coverage"]; math.Abs(c.Value-*c.Chance) > 0.05 {
		t.Errorf("equal samples: coverage %.3f, expected %.3f", c.Value, *c.Chance)
	}
	if f := got["drift_frechet"]; f.Value > 3**f.Chance {
		t.Errorf("equal samples: Fréchet %.4f, of halves %.4f", f.Value, *f.Chance)
	}
	moved := through(same, nil, 1, 0.5)
	got = drift(t, x, moved)
	// Two gaussians √12/2 apart: the best direction separates them with AUC Φ(√12/2/√2).
	if auc, want := got["drift_auc"], 0.5*math.Erfc(-math.Sqrt(12)/2/2); math.Abs(auc.Value-want) > 0.03 {
		t.Errorf("moved: AUC %.3f, want %.3f", auc.Value, want)
	}
	if e := got["drift_energy"]; *e.P > 0.01 {
		t.Errorf("moved: p %.3f", *e.P)
	}
	if f := got["drift_frechet"]; math.Abs(f.Value-12*0.25) > 0.5 {
		t.Errorf("moved: Fréchet %.3f, want about 3", f.Value)
	}
	if s := got["drift_mean"]; math.Abs(s.Value-0.5) > 0.05 {
		t.Errorf("moved: the means are %.3f apart", s.Value)
	}
}

// With equal covariances only the means are apart (as pytorch-fid's own tests have it).
func TestFrechetOfAShift(t *testing.T) {
	x := normal(rand.New(rand.NewPCG(2, 9)), 500, 5)
	moved := through(x, nil, 1, 2)
	if got := drift(t, x, moved)["drift_frechet"]; math.Abs(got.Value-20) > 1e-3 {
		t.Errorf("Fréchet %.6f, want 20", got.Value)
	}
}

func TestDriftOfFewAndOfEqualRows(t *testing.T) {
	few := normal(rand.New(rand.NewPCG(2, 2)), 3, 4)
	for name, r := range drift(t, few, few) {
		if r.Reason == "" && name != "drift_energy" {
			t.Errorf("%s of three rows is %g", name, r.Value)
		}
	}
	equal := knn.Matrix{Rows: 50, Dims: 3, Data: make([]float32, 150)}
	drift(t, equal, equal)
	drift(t, equal, normal(rand.New(rand.NewPCG(2, 2)), 50, 3))
}

// The intervals hold what the samples are drawn from as often as they say: of gaussians, whose distances are known. Energy: of one
// number each, E|x − y| in closed form.
func TestIntervalsOfDriftHold(t *testing.T) {
	manyRounds(t)
	r := rand.New(rand.NewPCG(41, 1))
	const rounds = 120
	absolute := func(mean, sd float64) float64 { // E|N(mean, sd²)|
		return sd*math.Sqrt(2/math.Pi)*math.Exp(-mean*mean/2/sd/sd) + mean*math.Erf(mean/sd/math.Sqrt2)
	}
	for _, c := range []struct {
		name         string
		dims         int
		mean, sd     float64 // of the first column of B; all else is 0 and 1
		rowsA, rowsB int
	}{{"apart", 6, 0.5, 1.3, 300, 200}, {"far apart", 1, 1.5, 2, 150, 400}, {"nearly the same", 6, 0.1, 1, 400, 300}, {"the same", 3, 0, 1, 200, 200}} {
		held := map[string]int{}
		half := (float64(c.dims) + float64(c.dims-1) + c.sd*c.sd) / 2
		want := map[string]float64{"drift_mean": c.mean / math.Sqrt(half), "drift_frechet": c.mean*c.mean + (c.sd-1)*(c.sd-1)}
		if c.dims == 1 {
			want["drift_energy"] = 2*absolute(c.mean, math.Sqrt(1+c.sd*c.sd)) - absolute(0, math.Sqrt2) - absolute(0, c.sd*math.Sqrt2)
		}
		if c.mean == 0 && c.sd == 1 {
			want["drift_energy"] = 0
		}
		for range rounds {
			x, y := normal(r, c.rowsA, c.dims), normal(r, c.rowsB, c.dims)
			for i := range y.Rows {
				y.Row(i)[0] = float32(c.mean) + float32(c.sd)*y.Row(i)[0]
			}
			got, err := measure.DriftIntervals(t.Context(), x, y, machine())
			if err != nil {
				t.Fatal(err)
			}
			for name, v := range want {
				ci := got[name]
				if ci == nil {
					t.Fatalf("%s, %s: no interval", c.name, name)
				}
				if ci[0] > ci[1] {
					t.Errorf("%s, %s: from %g to %g", c.name, name, ci[0], ci[1])
				}
				if ci[0] <= v && v <= ci[1] {
					held[name]++
				}
			}
		}
		for name := range want {
			t.Logf("%s: %s holds in %d of %d", c.name, name, held[name], rounds)
			if held[name] < 106 { // 114 is 95 %; fewer than 106 come once in a thousand times
				t.Errorf("%s: the interval of %s holds in %d of %d", c.name, name, held[name], rounds)
			}
		}
	}
}
