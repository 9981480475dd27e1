package vec

import (
	"math"

	"github.com/pentoai/vectory/internal/catalog"
)

// Distance is the exact reference distance of two rows of equal length:
//
//   - euclidean: the square root of [SquaredL2];
//   - cosine: 1 − cos, computed as |u−v|²/2 of the rows scaled by [Unit], which is 0 exactly for
//     equal rows and does not cancel for close ones. NaN when a row is all zeros;
//   - dot: minus the inner product (0, not −0, for orthogonal rows).
//
// An unknown metric gives NaN: metrics are checked where they enter, by catalog.ParseMetric.
func Distance(metric catalog.Metric, a, b []float32) float64 {
	switch metric {
	case catalog.Euclidean:
		return math.Sqrt(SquaredL2(a, b))
	case catalog.Cosine:
		return ScaledSquaredL2(a, Unit(a), b, Unit(b)) / 2
	case catalog.Dot:
		return 0 - Dot(a, b)
	}
	return math.NaN()
}

// Unit is 1/‖a‖, the factor that turns a into its unit row; NaN for a row of zeros.
func Unit(a []float32) float64 {
	norm := Norm(a)
	if norm == 0 {
		return math.NaN()
	}
	return 1 / norm
}
