package knn

import (
	"context"
	"math"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/vec"
)

// From how many rows distances are measured at once, and to how many: both stay in the cache.
const (
	fromAtOnce = 8
	toAtOnce   = 64
)

// Distances calls each for every place of rows with the distances of that row to all of x, those of vec.Distance; it is called
// from several goroutines, and the slice is used again afterwards. Rows that take no part are infinitely far, as is the
// row from itself. p.K and p.Queries play no part. Errors: those of [SelfJoin].
func Distances(ctx context.Context, x Matrix, rows []int32, p Params, each func(at int, distances []float64)) error {
	p.K = 1
	if err := check(x, p); err != nil {
		return err
	}
	m := meter{x: x, p: p, taking: taking(x, p)}
	m.measure()
	tasks := (len(rows) + fromAtOnce - 1) / fromAtOnce
	return inParallel(ctx, threads(p, tasks), tasks, func() func(task int) error {
		out := make([][]float64, fromAtOnce)
		for i := range out {
			out[i] = make([]float64, x.Rows)
		}
		pairs, values := make([]uint32, 0, fromAtOnce*toAtOnce), make([]float64, fromAtOnce*toAtOnce)
		return func(task int) error {
			if ctx.Err() != nil {
				return canceled(ctx)
			}
			from := rows[task*fromAtOnce : min((task+1)*fromAtOnce, len(rows))]
			m.fill(from, out, pairs, values)
			for i := range from {
				each(task*fromAtOnce+i, out[i])
			}
			return nil
		}
	})
}

// meter measures rows of a matrix against each other.
type meter struct {
	x      Matrix
	p      Params
	taking []int32
	units  []float64 // 1/‖row‖ of those that take part; cosine only
}

func (m *meter) measure() {
	if m.p.Metric != catalog.Cosine {
		return
	}
	m.units = make([]float64, m.x.Rows)
	for _, row := range m.taking {
		m.units[row] = vec.Unit(m.x.Row(int(row)))
	}
}

// fill writes the distances of some rows.
func (m *meter) fill(from []int32, out [][]float64, pairs []uint32, values []float64) {
	for i := range from {
		for j := range out[i] {
			out[i][j] = math.Inf(1)
		}
	}
	for at := 0; at < len(m.taking); at += toAtOnce {
		to := m.taking[at:min(at+toAtOnce, len(m.taking))]
		pairs = pairs[:0]
		for i := range from {
			for j := range to {
				pairs = append(pairs, uint32(i)<<16|uint32(j))
			}
		}
		m.pairs(from, to, pairs, values)
		for q, pair := range pairs {
			if i, row := pair>>16, to[pair&0xffff]; row != from[i] {
				out[i][row] = values[q]
			}
		}
	}
}

// pairs writes the distance of each pair: by the kernel, whose bytes are those of vec, or in plain Go.
func (m *meter) pairs(from, to []int32, pairs []uint32, out []float64) {
	set, x := m.p.Kernel, m.x
	if set == nil {
		for q, pair := range pairs {
			out[q] = m.distance(from[pair>>16], to[pair&0xffff])
		}
		return
	}
	switch m.p.Metric {
	case catalog.Cosine:
		var fromUnits [fromAtOnce]float64
		var toUnits [toAtOnce]float64
		for i, row := range from {
			fromUnits[i] = m.units[row]
		}
		for j, row := range to {
			toUnits[j] = m.units[row]
		}
		set.ScaledSquaredL2(&x.Data[0], x.Dims, &from[0], &to[0], &fromUnits[0], &toUnits[0], &pairs[0], len(pairs), &out[0])
		for q := range pairs {
			out[q] /= 2
		}
	case catalog.Dot:
		set.Dot(&x.Data[0], x.Dims, &from[0], &to[0], &pairs[0], len(pairs), &out[0])
		for q := range pairs {
			out[q] = 0 - out[q]
		}
	default:
		set.SquaredL2(&x.Data[0], x.Dims, &from[0], &to[0], &pairs[0], len(pairs), &out[0])
		for q := range pairs {
			out[q] = math.Sqrt(out[q])
		}
	}
}

// distance is vec.Distance with the lengths of both rows known.
func (m *meter) distance(a, b int32) float64 {
	if m.units != nil {
		return vec.ScaledSquaredL2(m.x.Row(int(a)), m.units[a], m.x.Row(int(b)), m.units[b]) / 2
	}
	return vec.Distance(m.p.Metric, m.x.Row(int(a)), m.x.Row(int(b)))
}
