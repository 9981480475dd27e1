package measure

import (
	"context"
	"math"
	"slices"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/random"
	"github.com/pentoai/vectory/internal/compute/vec"
)

// Rows are the rows of two spaces, which are the same items in the same order, for the measures that look at a row
// beside its lists. Row by row, and by name:
//
//   - second_order_cosine: the cosine between the row's cosine distances in x and in y to the neighbours of either
//     list (Hamilton et al. 2016, in the form of ReSi);
//   - second_order_similarity: the same of cosine similarities, Hamilton's own form, which lies near 1 where all
//     rows point the same way;
//   - neighbour_distances: the rank correlation between its distances to those neighbours, each in the metric of its
//     space: whether the same are near and far;
//   - moved and moved_cosine: ‖x − y‖/‖x‖ and the cosine of x and y, of spaces in the same coordinates (checkpoints of
//     one model, a quantised copy). Unlike all other measures they change when a space is merely rotated.
type Rows struct {
	x, y             points
	metricX, metricY catalog.Metric
	order            []int32 // the row of y in the place of each; nil: its own
	asked            []int32 // rows of which is told how they moved; nil: all
	on               Machine
}

// NewRows prepares measures of as many lists as are asked.
func NewRows(x, y knn.Matrix, metricX, metricY catalog.Metric, asked int, on Machine) *Rows {
	return &Rows{x: pointsOf(x, asked, on), y: pointsOf(y, asked, on), metricX: metricX, metricY: metricY, on: on}
}

var (
	nearNames  = []string{"second_order_cosine", "second_order_similarity", "neighbour_distances"}
	movedNames = []string{"moved", "moved_cosine"}

	// RowNames are the measures that [Rows] gives.
	RowNames = append(append([]string{}, nearNames...), movedNames...)
)

// Columns gives a value for each list of the tables, of the measures that are wanted; NaN for a list that is not scored
// and for a row that has no value. Measures that the spaces do not allow are left out. Errors: those of [Compare],
// Canceled.
func (r *Rows) Columns(ctx context.Context, a, b *knn.Table, k int, want func(name string) bool) (map[string][]float64, error) {
	out, err := r.near(ctx, a, b, k, want)
	if err != nil || r.x.Dims != r.y.Dims {
		return out, err
	}
	for name, values := range r.moves(want) {
		for i := range a.Lists() {
			v := math.NaN()
			if !a.Excluded(i) && !b.Excluded(i) {
				v = values[a.RowOf(i)]
			}
			out[name] = append(out[name], v)
		}
	}
	return out, nil
}

// Pair gives the means, of the measures that are wanted. How far rows moved is that of all rows, scored or not; rows
// of zeros in x, and for the cosine in y, do not count.
func (r *Rows) Pair(ctx context.Context, a, b *knn.Table, k int, want func(name string) bool) (map[string]Result, error) {
	out := map[string]Result{}
	columns, err := r.near(ctx, a, b, k, want)
	if err != nil {
		return nil, err
	}
	for name, values := range columns {
		values = slices.DeleteFunc(values, math.IsNaN)
		if len(values) == 0 {
			out[name] = Result{Reason: map[bool]string{true: "no row has three neighbours at different distances", false: "no row has neighbours at a distance"}[name == "neighbour_distances"]}
			continue
		}
		out[name] = Result{Value: meanOf(values), CI95: stretched(values, func(scores []float64) *[2]float64 { return interval(scores, a.Queries != nil, a.Rows) }),
			Note: map[string]string{"second_order_cosine": "of distances, as ReSi", "second_order_similarity": "of similarities, as Hamilton et al."}[name]}
	}
	if r.x.Dims != r.y.Dims {
		for _, name := range movedNames {
			if want(name) {
				out[name] = Result{Reason: "needs spaces of the same dimensions and coordinates"}
			}
		}
		return out, nil
	}
	for name, values := range r.moves(want) {
		values = slices.DeleteFunc(values, math.IsNaN)
		if len(values) == 0 {
			out[name] = Result{Reason: "every row is zero"}
			continue
		}
		mean := finite(meanOf(values))
		mean.Note = "means something only when both spaces have the same coordinates"
		if mean.Reason == "" {
			mean.CI95 = intervalOf(values)
		}
		out[name] = mean
	}
	return out, nil
}

// near gives what reads the neighbours of either list, those that are wanted, by list.
func (r *Rows) near(ctx context.Context, a, b *knn.Table, k int, want func(name string) bool) (map[string][]float64, error) {
	if err := comparable(a, b, k); err != nil {
		return nil, err
	}
	out := map[string][]float64{}
	for _, name := range nearNames {
		if want(name) {
			out[name] = make([]float64, a.Lists())
		}
	}
	if len(out) == 0 {
		return out, nil
	}
	cosines, similarities, spacing := out["second_order_cosine"], out["second_order_similarity"], out["neighbour_distances"]
	err := eachUnion(ctx, a, b, k, r.on, func() func(i int, union []int32) {
		inX, inY, others := make([]float64, 2*k), make([]float64, 2*k), make([]int32, 2*k)
		return func(i int, union []int32) {
			n := len(union)
			row, other := int32(a.RowOf(i)), r.standing(int32(a.RowOf(i)))
			for at, j := range union {
				others[at] = r.standing(j)
			}
			if spacing != nil {
				r.x.distances(r.metricX, row, union, inX)
				r.y.distances(r.metricY, other, others[:n], inY)
				spacing[i] = spaced(inX[:n], inY[:n])
			}
			if cosines == nil && similarities == nil {
				return
			}
			r.x.dots(row, union, inX)
			r.y.dots(other, others[:n], inY)
			unitX, unitY := r.x.unit(row), r.y.unit(other)
			for at, j := range union {
				inX[at], inY[at] = inX[at]*unitX*r.x.unit(j), inY[at]*unitY*r.y.unit(others[at])
			}
			if cosines != nil {
				cosines[i] = cosineOf(inX[:n], inY[:n], 1)
			}
			if similarities != nil {
				similarities[i] = cosineOf(inX[:n], inY[:n], 0)
			}
		}
	})
	return out, err
}

// standing is the row of y that stands in the place of a row.
func (r *Rows) standing(row int32) int32 {
	if r.order == nil {
		return row
	}
	return r.order[row]
}

// spaced is the rank correlation of the distances; NaN for fewer than three, and where all of a space are equal.
func spaced(x, y []float64) float64 {
	if len(x) < 3 {
		return math.NaN()
	}
	if c, ok := correlation(midRanks(x), midRanks(y)); ok {
		return c
	}
	return math.NaN()
}

// cosineOf is the cosine of the values taken from `from`, or of the values themselves where that is 0; those that are no
// number, of rows of zeros, do not count. NaN when none is left.
func cosineOf(x, y []float64, from float64) float64 {
	var xx, yy, xy float64
	for at, v := range x {
		if w := y[at]; !math.IsNaN(v) && !math.IsNaN(w) {
			dx, dy := from-v, from-w
			xx += dx * dx
			yy += dy * dy
			xy += dx * dy
		}
	}
	if xx > 0 && yy > 0 {
		return xy / sqrt(xx) / sqrt(yy)
	}
	return math.NaN()
}

// moves gives moved and moved_cosine by row, those that are wanted; NaN where a length of 0 forbids it.
func (r *Rows) moves(want func(name string) bool) map[string][]float64 {
	out, rows := map[string][]float64{}, r.x.Rows
	if r.asked != nil {
		rows = len(r.asked)
	}
	for _, name := range movedNames {
		if want(name) {
			out[name] = make([]float64, rows)
		}
	}
	moved, cosines := out["moved"], out["moved_cosine"]
	if len(out) == 0 {
		return out
	}
	const some = 256
	r.on.parallel((rows+some-1)/some, func(task int) {
		for i := task * some; i < min((task+1)*some, rows); i++ {
			row := int32(i)
			if r.asked != nil {
				row = r.asked[i]
			}
			other := r.standing(row)
			x, y := r.x.Row(int(row)), r.y.Row(int(other))
			if norm := r.x.norm(row); moved != nil {
				moved[i] = math.NaN()
				if norm > 0 {
					moved[i] = vec.Distance(catalog.Euclidean, x, y) / norm
				}
			}
			if cosines != nil { // NaN when either is all zeros
				cosines[i] = 1 - vec.ScaledSquaredL2(x, r.x.unit(row), y, r.y.unit(other))/2
			}
		}
	})
	return out
}

// Null pairs at random what reads two tables and the rows themselves: the lists of both tables, and the rows of the
// second space in another order. Of many rows some are asked, which makes chance less sure and z smaller than it is.
func (r *Rows) Null(ctx context.Context, results map[string]Result, a, b *knn.Table, k int, want func(name string) bool) error {
	if a.Queries != nil || float64(a.Rows)*float64(k)*nullTrials > nullSteps {
		return nil
	}
	most := max(rowsLeast, int(rowsWork/float64(2*k*(r.x.Dims+r.y.Dims))/nullTrials))
	var asked []int32
	for _, i := range random.New(nullSeed).Permutation(a.Rows) {
		if len(asked) < most && !a.Excluded(i) && !b.Excluded(i) {
			asked = append(asked, int32(i))
		}
	}
	slices.Sort(asked)
	return Null(results, a.Rows, r.on, func(order []int) (map[string]Result, error) {
		other, to := paired(a, b, order, k)
		trial := *r
		trial.order, trial.asked, trial.on.Threads = to, asked, 1
		return trial.Pair(ctx, someLists(a, asked, k), someLists(other, asked, k), k, want)
	})
}

// eachUnion calls with the neighbours of either list, those of a first; none for a row that is not scored. What begin
// gives is called from one goroutine at a time, with lists of which begin was called for others.
func eachUnion(ctx context.Context, a, b *knn.Table, k int, on Machine, begin func() func(i int, union []int32)) error {
	const some = 256
	on.parallel((a.Lists()+some-1)/some, func(task int) {
		union, do := make([]int32, 0, 2*k), begin()
		for i := task * some; i < min((task+1)*some, a.Lists()) && ctx.Err() == nil; i++ {
			union = union[:0]
			if !a.Excluded(i) && !b.Excluded(i) {
				first := a.Neighbours(i)[:k]
				union = append(union, first...)
				for _, j := range b.Neighbours(i)[:k] {
					if place(first, j) == 0 {
						union = append(union, j)
					}
				}
			}
			do(i, union)
		}
	})
	if ctx.Err() != nil {
		return catalog.Errorf(catalog.Canceled, "the measure was stopped: %w", context.Cause(ctx))
	}
	return nil
}
