package measure_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/measure"
)

func TestBenjaminiHochbergAsPublished(t *testing.T) {
	// The fifteen p of their own example (1995, section 3.1): four are found at 5 %.
	p := []float64{0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1}
	found := 0
	for i, q := range measure.BenjaminiHochberg(p) {
		if q < 0.05 {
			found++
		}
		if q < p[i] || q > 1 {
			t.Errorf("q of %g is %g", p[i], q)
		}
	}
	if found != 4 {
		t.Errorf("%d are found", found)
	}
	if len(measure.BenjaminiHochberg(nil)) != 0 {
		t.Error("nothing has a q")
	}
}

func TestFlowCountsNeighboursByLabel(t *testing.T) {
	table := &knn.Table{Rows: 4, K: 2, IDs: []int32{1, 2, 0, 3, 3, 0, -1, -1}, Distances: make([]float32, 8)}
	got := measure.Flow(table, []int32{0, 0, 1, -1}, 2, 2)
	for i, want := range []float64{0.5, 0.25, 0.5, 0} {
		if got[i] != want {
			t.Fatalf("flow %v", got)
		}
	}
}

// Groups that are drawn at random are rarely called unlike the rest, and one that is unlike is found.
func TestGroupsThatDifferAreFound(t *testing.T) {
	manyRounds(t)
	r := rand.New(rand.NewPCG(6, 6))
	const n, k, rounds = 600, 10, 150
	a, b := ring(r, n, k, 0), ring(r, n, k, 1) // the further down, the less they agree
	shared := measure.Shared(a, b, k)
	wrong := 0
	for range rounds {
		labels := make([]int32, n)
		for i := range labels {
			labels[i] = int32(r.IntN(6))
		}
		groups, err := measure.Groups(a, b, shared, k, labels, 6)
		if err != nil {
			t.Fatal(err)
		}
		any := false
		for _, g := range groups {
			any = any || *g.Q < 0.05
		}
		if any {
			wrong++
		}
	}
	if share := float64(wrong) / rounds; share > 0.05+3*math.Sqrt(0.05*0.95/rounds) {
		t.Errorf("random groups are called unlike in %.3f of the cases", share)
	}
	labels := make([]int32, n)
	for i := range labels {
		labels[i] = int32(i / 100)
	}
	groups, err := measure.Groups(a, b, shared, k, labels, 6)
	if err != nil {
		t.Fatal(err)
	}
	if *groups[0].Q > 1e-6 || *groups[5].Q > 1e-6 {
		t.Errorf("the first and the last hundred: q %g and %g", *groups[0].Q, *groups[5].Q)
	}
}
