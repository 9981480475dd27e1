package measure

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/pentoai/vectory/internal/compute/knn"
)

// Of a matrix whose variances are known, whichever side is the longer.
func TestDirectionsAreThoseOfTheCovariance(t *testing.T) {
	// Rows ±aᵢ along axis i: the variance along it is that of aᵢ, and the axes are the directions.
	axes := func(dims int, lengths ...float64) knn.Matrix {
		x := knn.Matrix{Rows: 2 * len(lengths), Dims: dims}
		x.Data = make([]float32, x.Rows*dims)
		for i, a := range lengths {
			x.Data[2*i*dims+i], x.Data[(2*i+1)*dims+i] = float32(a), float32(-a)
		}
		return x
	}
	entropyOf := func(lengths ...float64) float64 {
		var sum, h float64
		for _, a := range lengths {
			sum += a * a
		}
		for _, a := range lengths {
			h -= a * a / sum * math.Log(a*a/sum)
		}
		return math.Exp(h)
	}
	for _, c := range []struct {
		name      string
		x         knn.Matrix
		rank      int
		effective float64
	}{
		{"equal axes", axes(4, 1, 1, 1, 1), 4, 4},
		{"more dimensions than rows", axes(100, 3, 2, 1), 3, entropyOf(3, 2, 1)},
		{"more rows than dimensions", axes(3, 3, 2, 1), 3, entropyOf(3, 2, 1)},
		{"one below a thousandth", axes(3, 1, 0.5, 0.0009), 2, entropyOf(1, 0.5, 0.0009)},
		{"one above a thousandth", axes(3, 1, 0.5, 0.0011), 3, entropyOf(1, 0.5, 0.0011)},
		{"equal rows", knn.Matrix{Data: []float32{0.1, 0.7, 0.1, 0.7, 0.1, 0.7}, Rows: 3, Dims: 2}, 0, 0},
		{"one row", knn.Matrix{Data: []float32{1, 2}, Rows: 1, Dims: 2}, 0, 0},
	} {
		rank, effective := Directions(c.x, 1e-3)
		if rank != c.rank || math.Abs(effective-c.effective) > 1e-6*(1+c.effective) {
			t.Errorf("%s: rank %d, effective rank %v; want %d, %v", c.name, rank, effective, c.rank, c.effective)
		}
	}
}

// The effective rank is that of Shape, which goes another way.
func TestDirectionsAgreeWithShape(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	x := knn.Matrix{Rows: 200, Dims: 30}
	for i := range x.Rows * x.Dims {
		x.Data = append(x.Data, float32(5+r.NormFloat64()/float64(1+i%x.Dims)))
	}
	shape, err := Shape(t.Context(), x, Machine{})
	if err != nil {
		t.Fatal(err)
	}
	rank, effective := Directions(x, 1e-3)
	if want := shape["effective_rank"].Value; rank != x.Dims || math.Abs(effective-want) > 1e-9*want {
		t.Errorf("rank %d, effective rank %v, and Shape says %v", rank, effective, want)
	}
}
