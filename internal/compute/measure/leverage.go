package measure

import (
	"cmp"
	"slices"

	"github.com/pentoai/vectory/internal/compute/knn"
)

// Leverage finds the row that carries the largest part of the CKA, and that part: row i adds x̃ᵢᵀ·(x̃ᵀỹ)·ỹᵢ to
// ‖x̃ᵀỹ‖² (Davari et al. 2022 show how one point can rule CKA). It computes the part of the ten rows that are
// farthest from the means of both spaces. x and y are what the moments were made from.
func (m *Moments) Leverage(x, y knn.Matrix) (row int, share float64) {
	sx, sy := scaled{x, nil}, scaled{y, nil}
	a, b := make([]float64, x.Dims), make([]float64, y.Dims)
	weights, rows := make([]float64, x.Rows), make([]int, x.Rows)
	for i := range x.Rows {
		rows[i], weights[i] = i, sx.write(a, i, m.meanX)*sy.write(b, i, m.meanY)
	}
	slices.SortStableFunc(rows, func(i, j int) int { return cmp.Compare(weights[j], weights[i]) })
	all := squaredNorm(m.XY)
	if all == 0 {
		return 0, 0
	}
	for _, i := range rows[:min(10, len(rows))] {
		sx.write(a, i, m.meanX)
		sy.write(b, i, m.meanY)
		var part float64
		for r, v := range a {
			var dot float64
			for c, w := range b {
				dot += m.XY.Data[r*m.XY.Stride+c] * w
			}
			part += v * dot
		}
		if part/all > share {
			row, share = i, part/all
		}
	}
	return row, share
}
