package knn

import (
	"context"
	"math"
	"strconv"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/vec"
)

// A gauge turns rows into the float64 vectors w whose inner products drive the join, and knows how
// far a product may be from the truth.
//
// Pairs are judged by their rank value r, which orders like the distance: |x−y|² for euclidean,
// |u−v|² of unit rows for cosine, −2·x·y for dot. For every pair the join computes
//
//	key(i,j) = h(i) + h(j) − 2·w(i)·w(j)
//
// and promises key ≤ r ≤ key + slack(i,j), where r is the value that the exact ranking will compute
// (itself rounded). With unit roundoff u = 2⁻⁵³ and D columns:
//
// Euclidean and cosine: w is the row (or its unit row, as float64) minus a centre, each element
// rounded once, so w is off by at most u|w|; any centre is right, a good one makes |w| small. With
// s = |w|², the computed s is off by (D+2)u·s, the product by (D+2)u·|w(i)||w(j)| ≤ (D+2)u·(s(i)+s(j))/2,
// the ranking sum by (D/8+8)u·r with r ≤ 2(s(i)+s(j)), the rounding of w moves r by at most
// 9u·(s(i)+s(j)), and forming key costs 4u·(s(i)+s(j)). The sum is below (2.25·D+40)u·(s(i)+s(j));
// e = (4D+128)u covers it nearly twice. Hence h = (1−e)·s and slack = 2e·(s(i)+s(j)).
//
// Dot: w is the row, exact in float64, and the error is at most 2(D+2)u·|x||y| for the product and
// half of that for the ranking sum; e·|x||y| with the same e covers both. One more column √(e/2)·|x|
// in w puts −e·|x||y| into the key; h = 0 and slack = 2e·|x||y|.
//
// Nothing overflows or vanishes: squares of float32 values stay within 1e±91, far inside float64.
type gauge struct {
	x      Matrix
	metric catalog.Metric
	unit   []float64 // by row: 1/‖x‖; cosine only
	size   []float64 // by row: s, or ‖x‖ for dot
	centre []float64 // D values; nil for dot
	e      float64
	depth  int // length of w, even, the tail filled with zeros

	fresh []query // rows of no matrix, numbered after those of x
}

// row is row i of the matrix, or a fresh one.
func (g *gauge) row(i int32) []float32 {
	if int(i) < g.x.Rows {
		return g.x.Row(int(i))
	}
	return g.fresh[int(i)-g.x.Rows].row
}

// measureFresh notes what is known of a fresh row, whose values are finite.
func (g *gauge) measureFresh(i int32, w []float64) {
	if g.metric == catalog.Dot {
		g.size[i] = vec.Norm(g.row(i))
		return
	}
	_ = g.spread(i, w) // never fails
}

func newGauge(ctx context.Context, x Matrix, rows []int32, p Params) (*gauge, error) {
	g := &gauge{x: x, metric: p.Metric, size: make([]float64, x.Rows), depth: (x.Dims + 1) &^ 1}
	g.e = (4*float64(x.Dims) + 128) * 0x1p-53
	if p.Metric == catalog.Dot {
		g.depth = (x.Dims + 2) &^ 1 // room for one more column
	}
	if p.Metric == catalog.Cosine {
		g.unit = make([]float64, x.Rows)
	}
	if err := g.measure(ctx, rows, p, g.length); err != nil || p.Metric == catalog.Dot {
		return g, err
	}
	if err := g.findCentre(ctx, rows); err != nil {
		return nil, err
	}
	return g, g.measure(ctx, rows, p, g.spread)
}

// measure calls do for every row that takes part, on all threads.
func (g *gauge) measure(ctx context.Context, rows []int32, p Params, do func(i int32, w []float64) error) error {
	const part = 256
	tasks := (len(rows) + part - 1) / part
	return inParallel(ctx, threads(p, tasks), tasks, func() func(task int) error {
		w := make([]float64, g.depth)
		return func(task int) error {
			for _, i := range rows[task*part : min((task+1)*part, len(rows))] {
				if err := do(i, w); err != nil {
					return err
				}
			}
			return nil
		}
	})
}

// length notes the length of row i, and refuses values that are not finite.
func (g *gauge) length(i int32, _ []float64) error {
	row := g.x.Row(int(i))
	if err := finite(row, "row", int(i)); err != nil {
		return err
	}
	switch g.metric {
	case catalog.Cosine:
		g.unit[i] = vec.Unit(row)
	case catalog.Dot:
		g.size[i] = vec.Norm(row)
	case catalog.Euclidean: // lengths play no part
	}
	return nil
}

// spread notes |w(i)|².
func (g *gauge) spread(i int32, w []float64) error {
	g.write(w, 1, i)
	g.size[i] = inner(w, w)
	return nil
}

// findCentre takes the mean of a sample of the rows that take part: any centre is right.
func (g *gauge) findCentre(ctx context.Context, rows []int32) error {
	sum := make([]float64, g.x.Dims)
	rows = sample(rows, 1024)
	for at, i := range rows {
		if at%256 == 0 && ctx.Err() != nil {
			return canceled(ctx)
		}
		f := g.factor(i)
		for c, v := range g.x.Row(int(i)) {
			sum[c] += float64(v) * f
		}
	}
	for c := range sum {
		sum[c] /= float64(max(len(rows), 1))
	}
	g.centre = sum
	return nil
}

// factor is what row i is multiplied with before anything else.
func (g *gauge) factor(i int32) float64 {
	if g.unit == nil {
		return 1
	}
	return g.unit[i]
}

// write puts w(i) into dst at 0, stride, 2·stride, …: depth values.
func (g *gauge) write(dst []float64, stride int, i int32) {
	row := g.row(i)
	at := 0
	if g.metric == catalog.Dot {
		for _, v := range row {
			dst[at] = float64(v)
			at += stride
		}
		dst[at] = math.Sqrt(g.e/2) * g.size[i]
		at += stride
	} else {
		f := g.factor(i)
		if stride == 1 {
			at = len(row)
			g.writeNext(dst[:at], row, f)
			row = nil
		}
		for c, v := range row {
			scaled := float64(float64(v) * f) // rounded as vec does, before the centre is taken off
			dst[at] = scaled - g.centre[c]
			at += stride
		}
	}
	for ; at < g.depth*stride; at += stride {
		dst[at] = 0
	}
}

// writeNext is write's loop for values that stand side by side.
func (g *gauge) writeNext(dst []float64, row []float32, f float64) {
	dst, centre := dst[:len(row)], g.centre[:len(row)]
	for c, v := range row {
		scaled := float64(float64(v) * f)
		dst[c] = scaled - centre[c]
	}
}

// vector puts w(i) times scale into dst as float32: one value for each column.
func (g *gauge) vector(dst []float32, i int32, scale float64) {
	row := g.row(i)
	dst = dst[:len(row)]
	if g.metric == catalog.Dot {
		for c, v := range row {
			dst[c] = float32(float64(v) * scale)
		}
		return
	}
	f, centre := g.factor(i), g.centre[:len(row)]
	for c, v := range row {
		scaled := float64(float64(v) * f) // as write does
		dst[c] = float32((scaled - centre[c]) * scale)
	}
}

// base is h(i) of the key.
func (g *gauge) base(i int32) float64 {
	if g.metric == catalog.Dot {
		return 0
	}
	return (1 - g.e) * g.size[i]
}

// slack bounds r − key for the pair.
func (g *gauge) slack(i, j int32) float64 {
	if g.metric == catalog.Dot {
		return 2 * g.e * g.size[i] * g.size[j]
	}
	return 2 * g.e * (g.size[i] + g.size[j])
}

// rank is r(i,j), exactly as the definition computes it.
func (g *gauge) rank(i, j int32) float64 {
	a, b := g.row(i), g.row(j)
	switch g.metric {
	case catalog.Euclidean:
		return vec.SquaredL2(a, b)
	case catalog.Cosine:
		return vec.ScaledSquaredL2(a, g.unit[i], b, g.unit[j])
	default:
		return 0 - 2*vec.Dot(a, b)
	}
}

// distance turns a rank value into the distance.
func (g *gauge) distance(rank float64) float64 {
	if g.metric == catalog.Euclidean {
		return math.Sqrt(rank)
	}
	return rank / 2
}

// rankWithin is the greatest rank value whose distance may be d.
func (g *gauge) rankWithin(d float64) float64 {
	if g.metric == catalog.Euclidean {
		return above(d * d)
	}
	return above(2 * d)
}

// above is a little more than rank: enough that a greater rank value has a greater distance, which
// the rounding of the square root alone would not grant.
func above(rank float64) float64 { return rank + 16*0x1p-53*math.Abs(rank) }

// countRows words a number of rows for a message.
func countRows(taking, rows int) string {
	if taking == rows {
		return itoa(rows)
	}
	return itoa(taking) + " (" + itoa(rows-taking) + " of its " + itoa(rows) + " are left out)"
}

func itoa(n int) string { return strconv.Itoa(n) }
