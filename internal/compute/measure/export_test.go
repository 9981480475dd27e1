package measure

import (
	"context"

	"github.com/pentoai/vectory/internal/compute/knn"
)

// Partitions compares two ways to part the same rows.
func Partitions(a, b []int32) map[string]Result { return partitions(a, b) }

// NullBy is Null by one of its two ways.
func (m *Moments) NullBy(ctx context.Context, results map[string]Result, x, y knn.Matrix, drawn bool, on Machine) error {
	all := func(string) bool { return true }
	if drawn {
		return m.draw(ctx, results, nullTrials, all)
	}
	return m.pair(ctx, results, x, y, all, on)
}

// PrecisionAtR is R-precision and average precision at R.
func PrecisionAtR(r int, right func(place int) bool) (precision, average float64) {
	return precisionAtR(r, right)
}
