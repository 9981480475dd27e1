package measure

import (
	"cmp"
	"slices"

	"gonum.org/v1/gonum/blas/blas64"

	"github.com/pentoai/vectory/internal/compute/knn"
)

// Leverage finds the row that carries the largest part of one of the three sums that CKA compares, and that
// part: of ‖x̃ᵀx̃‖² row i carries x̃ᵢᵀ·(x̃ᵀx̃)·x̃ᵢ, of the others alike (Davari et al. 2022 show how one point can rule
// CKA, even one that is far away in one space only). It computes the parts of the ten rows that are farthest
// from the mean in each space. x and y are what the moments were made from.
func (m *Moments) Leverage(x, y knn.Matrix) (row int, share float64) {
	sx, sy := scaled{x, nil}, scaled{y, nil}
	a, b := make([]float64, x.Dims), make([]float64, y.Dims)
	lengthsX, lengthsY := make([]float64, x.Rows), make([]float64, x.Rows)
	for i := range x.Rows {
		lengthsX[i], lengthsY[i] = sx.write(a, i, m.meanX), sy.write(b, i, m.meanY)
	}
	for _, i := range append(longest(lengthsX, 10), longest(lengthsY, 10)...) {
		sx.write(a, i, m.meanX)
		sy.write(b, i, m.meanY)
		for _, part := range []float64{partOf(m.XX, a, a), partOf(m.YY, b, b), partOf(m.XY, a, b)} {
			if part > share {
				row, share = i, part
			}
		}
	}
	return row, share
}

// longest gives the rows of the n largest values, ties by row.
func longest(values []float64, n int) []int {
	rows := make([]int, len(values))
	for i := range rows {
		rows[i] = i
	}
	slices.SortStableFunc(rows, func(i, j int) int { return cmp.Compare(values[j], values[i]) })
	return rows[:min(n, len(rows))]
}

// partOf is aᵀ·g·b/‖g‖².
func partOf(g blas64.General, a, b []float64) float64 {
	all := squaredNorm(g)
	if all == 0 {
		return 0
	}
	return form(g, a, b) / all
}

// form is aᵀ·g·b.
func form(g blas64.General, a, b []float64) (sum float64) {
	for r, v := range a {
		var dot float64
		for c, w := range b {
			dot += g.Data[r*g.Stride+c] * w
		}
		sum += v * dot
	}
	return sum
}
