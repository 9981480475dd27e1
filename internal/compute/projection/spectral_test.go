package projection_test

import (
	"math"
	"slices"
	"testing"

	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/projection"
)

func spectral(t *testing.T, x knn.Matrix, on projection.Machine) (*projection.Graph, projection.Layout, bool) {
	t.Helper()
	start, err := projection.PCA(t.Context(), x, 2, false, on)
	if err != nil {
		t.Fatal(err)
	}
	g := projection.NewGraph(table(t, x), min(15, x.Rows-1), on)
	l, found, err := projection.Spectral(t.Context(), g, start, 42, on)
	if err != nil {
		t.Fatal(err)
	}
	return g, l, found
}

// u = D^−½·v solves W·u = λ·D·u, is perpendicular to 1 under D, and λ is near 1.
func TestTheSpectrumIsThatOfTheGraph(t *testing.T) {
	g, l, found := spectral(t, digits(t, "digits_epoch20"), projection.Machine{})
	if !found {
		t.Fatal("the vectors did not settle")
	}
	var last = 1.0
	for c := range 2 {
		var up, down, mean, residual, size float64
		images := make([]float64, l.Rows())
		degrees := make([]float64, l.Rows())
		for i := range l.Rows() {
			for p := g.Starts[i]; p < g.Starts[i+1]; p++ {
				images[i] += float64(g.Weights[p]) * float64(l.Row(int(g.Ends[p]))[c])
				degrees[i] += float64(g.Weights[p])
			}
			u := float64(l.Row(i)[c])
			up, down, mean = up+u*images[i], down+degrees[i]*u*u, mean+degrees[i]*u
		}
		value := up / down
		for i := range l.Rows() {
			d := images[i] - value*degrees[i]*float64(l.Row(i)[c])
			residual += d * d / degrees[i]
			size += degrees[i] * float64(l.Row(i)[c]) * float64(l.Row(i)[c])
		}
		t.Logf("eigenvalue %.6f, residual %.2e", value, math.Sqrt(residual/size))
		if math.Sqrt(residual/size) > 1e-3 || math.Abs(mean) > 1e-4*math.Sqrt(size*float64(l.Rows())) || value > last+1e-6 || value < 0.9 {
			t.Errorf("vector %d: eigenvalue %.6f after %.6f, residual %g, mean %g", c, value, last, math.Sqrt(residual/size), mean)
		}
		last = value
	}
}

// A line that is rolled up twice is unrolled.
func TestTheSpectrumUnrolls(t *testing.T) {
	roll := knn.Matrix{Rows: 600, Dims: 2}
	for i := range roll.Rows {
		turn := 3 * math.Pi * (0.5 + float64(i)/600)
		roll.Data = append(roll.Data, float32(turn*math.Cos(turn)), float32(turn*math.Sin(turn)))
	}
	_, l, _ := spectral(t, roll, projection.Machine{})
	rising, falling := 0, 0
	for i := 20; i < roll.Rows; i++ {
		switch a, b := l.Row(i - 20)[0], l.Row(i)[0]; {
		case a < b:
			rising++
		case a > b:
			falling++
		}
	}
	if max(rising, falling) < 570 {
		t.Errorf("along the line it rises %d times and falls %d times", rising, falling)
	}
}

func TestTheSpectrumIsTheSameForAnyThreadsAndNothingBreaksIt(t *testing.T) {
	x := digits(t, "digits_epoch20")
	_, want, _ := spectral(t, x, projection.Machine{Threads: 1})
	for _, threads := range []int{2, 3, 8} {
		if _, got, _ := spectral(t, x, projection.Machine{Threads: threads}); !slices.Equal(got.Points, want.Points) {
			t.Errorf("%d threads: another start", threads)
		}
	}
	for name, x := range oddities() {
		if x.Rows < 10 {
			continue
		}
		_, l, _ := spectral(t, x, projection.Machine{})
		sane(t, name, l)
	}
}
