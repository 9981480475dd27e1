package measure

import (
	"context"
	"math"
	"slices"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
)

// ListNames are the measures that [Columns] gives.
var ListNames = []string{"overlap", "r_nx_auc", "rbo", "rank_similarity", "joint_rank_jaccard"}

// Columns gives a value for each list of the tables, by name. Lists that are not scored are left out, as in
// [Rule.Values]. Errors: those of [Compare].
func Columns(a, b *knn.Table, k int) (map[string][]float64, error) {
	l, shared, err := list(a, b, k)
	if err != nil {
		return nil, err
	}
	return map[string][]float64{"overlap": Overlap.Values(shared, k), "r_nx_auc": l.areas, "rbo": l.biased, "rank_similarity": l.ranked, "joint_rank_jaccard": l.joint}, nil
}

// PartNames are the columns that [Moments.Parts] gives.
var PartNames = []string{"alignment", "cka_share", "procrustes_residual"}

// Parts gives by name what each row has of the measures that read inner products:
//
//   - alignment: the cosine between its inner products with all rows in x and in y, the pointwise kernel alignment of
//     Kolling et al. (2023): x̃ᵀ·(x̃ᵀỹ)·ỹ over the roots of x̃ᵀ·(x̃ᵀx̃)·x̃ and ỹᵀ·(ỹᵀỹ)·ỹ; 0 for a row at a mean;
//   - cka_share: x̃ᵀ·(x̃ᵀỹ)·ỹ/‖x̃ᵀỹ‖², which sums to 1; it is below 0 for a row that lowers the CKA;
//   - procrustes_residual: √N·‖x̃·Q/‖x̃‖ − ỹ/‖ỹ‖‖, lengths without a row number being those of all rows and Q the best
//     turn, the narrower space filled up with zeros: the mean of the squares is 2 − 2·procrustes.
//
// x and y are what the moments were made from. Nothing when all rows of a space are equal. It looks at ctx once for each
// block of rows.
func (m *Moments) Parts(ctx context.Context, x, y knn.Matrix) (map[string][]float64, error) {
	turn, ok := m.Turn()
	tx, ty, xy := trace(m.XX), trace(m.YY), squaredNorm(m.XY)
	if !ok || tx == 0 || ty == 0 {
		return map[string][]float64{}, nil
	}
	on, d, e := m.on, m.XX.Rows, m.YY.Rows
	byXX, byYY := on.panelled(d, d, m.XX.Data, m.XX.Stride), on.panelled(e, e, m.YY.Data, m.YY.Stride)
	byXY, byTurn := on.panelled(d, e, m.XY.Data, m.XY.Stride), on.panelled(d, e, turn.RawMatrix().Data, turn.RawMatrix().Stride)
	alignment, share, residual := make([]float64, m.Rows), make([]float64, m.Rows), make([]float64, m.Rows)
	tall, _ := on.tile()
	some := 16 * tall
	on.parallel((m.Rows+some-1)/some, func(task int) {
		if ctx.Err() != nil {
			return
		}
		from, n := task*some, min(some, m.Rows-task*some)
		inX, inY := make([]float64, some*d), make([]float64, some*e)
		for i := range n {
			scaled{x, nil}.write(inX[i*d:(i+1)*d], from+i, m.meanX)
			scaled{y, nil}.write(inY[i*e:(i+1)*e], from+i, m.meanY)
		}
		xx, yy, both, turned := on.times(inX, some, byXX), on.times(inY, some, byYY), on.times(inX, some, byXY), on.times(inX, some, byTurn)
		for i := range n {
			a, b := inX[i*d:(i+1)*d], inY[i*e:(i+1)*e]
			part := dotOf(b, both[i*byXY.wide:])
			if size := math.Sqrt(dotOf(a, xx[i*byXX.wide:])) * math.Sqrt(dotOf(b, yy[i*byYY.wide:])); size > 0 {
				alignment[from+i] = part / size
			}
			share[from+i] = over(part, xy)
			to := turned[i*byTurn.wide:]
			gap := max(0, dotOf(a, a)-dotOf(to[:e], to)) / tx // what a wider x has beyond y, which is filled up with zeros
			for c, v := range b {
				off := to[c]/math.Sqrt(tx) - v/math.Sqrt(ty)
				gap += off * off
			}
			residual[from+i] = math.Sqrt(gap * float64(m.Rows))
		}
	})
	if ctx.Err() != nil {
		return nil, catalog.Errorf(catalog.Canceled, "the columns were stopped: %w", context.Cause(ctx))
	}
	return map[string][]float64{"alignment": alignment, "cka_share": share, "procrustes_residual": residual}, nil
}

// Reach is the distance from each list's row to its k-th neighbour; NaN for a list that was left out. x and metric are
// what the table was made from.
func Reach(t *knn.Table, x knn.Matrix, metric catalog.Metric, k int, on Machine) []float64 {
	of := pointsOf(x, t.Lists(), on)
	out := make([]float64, t.Lists())
	const some = 256
	on.parallel((len(out)+some-1)/some, func(task int) {
		for i := task * some; i < min((task+1)*some, len(out)); i++ {
			out[i] = math.NaN()
			if !t.Excluded(i) {
				of.distances(metric, int32(t.RowOf(i)), t.Neighbours(i)[k-1:k], out[i:])
			}
		}
	})
	return out
}

// Isolation is how far each row of a full table is from its k-th neighbour, of how far its neighbours are from theirs on
// average: about 1 inside a cluster of any density, far above it for an outlier (the idea of Breunig et al. 2000, local outlier
// factors, of the plain distances). Where all neighbours have reach 0, being duplicates, the median of all rows stands for
// them. NaN for rows that were left out; nil under dot, which is no distance, and where half of all rows have reach 0. reach is that of [Reach].
func Isolation(t *knn.Table, reach []float64, metric catalog.Metric, k int) []float64 {
	sorted := slices.DeleteFunc(slices.Clone(reach), math.IsNaN)
	slices.Sort(sorted)
	if metric == catalog.Dot || len(sorted) == 0 || sorted[len(sorted)/2] == 0 {
		return nil
	}
	out := make([]float64, len(reach))
	for i := range out {
		out[i] = math.NaN()
		if t.Excluded(i) {
			continue
		}
		var around float64
		for _, j := range t.Neighbours(i)[:k] {
			around += reach[j] / float64(k)
		}
		if around == 0 {
			around = sorted[len(sorted)/2]
		}
		out[i] = reach[i] / around
	}
	return out
}

// LocalDimension estimates for each list of the table how many coordinates the rows need around its row: (k−1)/Σ ln(r_k/r_j)
// (Levina and Bickel 2004), of which dimension_mle is the harmonic mean. NaN for a list that was left out, for a row with a
// duplicate and where all k are equally far. k is at least 3, and metric not dot; under cosine r is the distance of the unit rows.
func LocalDimension(t *knn.Table, x knn.Matrix, metric catalog.Metric, k int, on Machine) []float64 {
	of := pointsOf(x, t.Lists(), on)
	out := make([]float64, t.Lists())
	const some = 256
	on.parallel((len(out)+some-1)/some, func(task int) {
		r := make([]float64, k)
		for i := task * some; i < min((task+1)*some, len(out)); i++ {
			if out[i] = math.NaN(); t.Excluded(i) {
				continue
			}
			of.distances(metric, int32(t.RowOf(i)), t.Neighbours(i)[:k], r)
			var logs float64
			for _, d := range r[:k-1] {
				logs += math.Log(r[k-1] / d)
			}
			if metric == catalog.Cosine {
				logs /= 2 // which is the root of twice the distance
			}
			if r[0] > 0 && logs > 0 {
				out[i] = float64(k-1) / logs
			}
		}
	})
	return out
}

// Sparser compares how far the k-th neighbours are: ln of the reach in a, of the median there, less that in b, list by list. 0: a
// row is as far from others in b as it is in a, above 0 it is farther in a. NaN where a reach is 0 or none. a and b are lengths:
// of cosine distances the roots.
func Sparser(a, b []float64) []float64 {
	usual := func(values []float64) float64 {
		sorted := slices.DeleteFunc(slices.Clone(values), func(v float64) bool { return !(v > 0) })
		slices.Sort(sorted)
		if len(sorted) == 0 {
			return 1
		}
		return (sorted[(len(sorted)-1)/2] + sorted[len(sorted)/2]) / 2
	}
	out, inA, inB := make([]float64, len(a)), usual(a), usual(b)
	for i := range out {
		if out[i] = math.NaN(); a[i] > 0 && b[i] > 0 {
			out[i] = math.Log(a[i]/inA) - math.Log(b[i]/inB)
		}
	}
	return out
}
