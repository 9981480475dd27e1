package projection_test

import (
	"encoding/json"
	"math"
	"os"
	"strconv"
	"testing"

	"github.com/pentoai/vectory/internal/compute/projection"
)

// TestTheStagesAreThoseOfTheReference: testdata/reference.py made the values, with umap-learn.
func TestTheStagesAreThoseOfTheReference(t *testing.T) {
	text, err := os.ReadFile("testdata/reference.json")
	if err != nil {
		t.Fatal(err)
	}
	var want struct {
		Curves     map[string][2]float64
		Rho, Sigma map[string]float64
		Edges      int
		Weight     float64
		Graph      map[string]map[string]float64
	}
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	for minDist, ab := range want.Curves {
		d, err := strconv.ParseFloat(minDist, 64)
		if err != nil {
			t.Fatal(err)
		}
		if a, b := projection.Curve(d, 1); math.Abs(a-ab[0]) > 1e-3 || math.Abs(b-ab[1]) > 1e-3 {
			t.Errorf("min_dist %s: a=%.6f b=%.6f, want %v", minDist, a, b, ab)
		}
	}
	x := digits(t, "digits_epoch20")
	neighbours := table(t, x)
	rho, sigma := projection.Smooth(neighbours, 15, projection.Machine{})
	g := projection.NewGraph(neighbours, 15, projection.Machine{})
	near := func(what string, got float32, want float64) {
		t.Helper()
		if math.Abs(float64(got)-want) > 2e-4*math.Max(want, 1e-2) {
			t.Errorf("%s is %.6f, want %.6f", what, got, want)
		}
	}
	for text, weights := range want.Graph {
		i, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		near("rho of "+text, rho[i], want.Rho[text])
		near("sigma of "+text, sigma[i], want.Sigma[text])
		if n := int(g.Starts[i+1] - g.Starts[i]); n != len(weights) {
			t.Errorf("row %d has %d edges, want %d", i, n, len(weights))
		}
		for p := g.Starts[i]; p < g.Starts[i+1]; p++ {
			near("the edge "+text+"–"+strconv.Itoa(int(g.Ends[p])), g.Weights[p], weights[strconv.Itoa(int(g.Ends[p]))])
		}
	}
	var sum float64
	for _, w := range g.Weights {
		sum += float64(w)
	}
	if len(g.Ends) != want.Edges || math.Abs(sum-want.Weight) > 1e-4*want.Weight {
		t.Errorf("%d edges of weight %.4f, want %d of %.4f", len(g.Ends), sum, want.Edges, want.Weight)
	}
}
