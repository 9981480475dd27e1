package knn

import (
	"context"
	"math"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/kernel"
)

// prefixFrom is the number of rows from which looking for directions can pay. Tests lower it, and force
// a length of the prefix and the share of denseShare.
var (
	prefixFrom  = 6_000
	forcePrefix = 0
	forceDense  = 0.0
)

// wideFrom is the number of rows from which more directions, learned from more rows, pay.
const wideFrom = 40_000

// mostDense is how many bytes the panels of all columns may take beside those of a prefix.
const mostDense = 256 << 20

// prefix sieves by the scores of rows on the few directions along which they vary most.
type prefix struct {
	project panels
	dims    int
	error   float64 // of the scores, per |w|
}

// usePrefix learns directions from a sample, puts the rows in an order where like ones are together,
// and sieves by scores if the sample says that it is faster. None of it changes a result.
func (c *coder) usePrefix(ctx context.Context, rows []int32, p Params) ([]int32, error) {
	d := c.g.x.Dims
	dims, learn := min(96, d/2)&^15, samplesOfBasis
	if len(rows) < wideFrom && forcePrefix == 0 { // a better basis would cost more than it saves
		dims, learn = min(64, dims), learn/2
	}
	if dims < 16 {
		return rows, nil // too few columns to save any
	}
	some := sample(rows, learn)
	values, err := c.vectorsOf(ctx, some, p)
	if err != nil {
		return nil, err
	}
	if forcePrefix == 0 {
		if flat, err := c.flat(ctx, values, d, min(32, dims), p); flat || err != nil {
			return rows, err
		}
	}
	b, err := principal(ctx, c.set, values, len(some), d, dims, p)
	if err != nil {
		return nil, err
	}
	first := min(32, dims)
	scores, stride, err := projectAll(ctx, c.g, c.set, rows, c.scale, b, first, p)
	if err != nil {
		return nil, err
	}
	places, err := inOrder(ctx, c.set, scores, len(rows), first, stride, p)
	if err != nil {
		return nil, err
	}
	ordered := make([]int32, len(rows))
	for i, place := range places {
		ordered[i] = rows[place]
	}
	best := min(forcePrefix, dims)
	if best == 0 {
		if best, err = c.bestPrefix(ctx, ordered, values, some, b, p); err != nil {
			return nil, err
		}
	}
	if best > 0 {
		c.sieveBy(b.mixed(d, best), sample(rows, 4096))
	}
	return ordered, nil
}

// vectorsOf are the scaled vectors of some rows, row-major.
func (c *coder) vectorsOf(ctx context.Context, rows []int32, p Params) ([]float32, error) {
	const part = 128
	d := c.g.x.Dims
	values := make([]float32, len(rows)*d)
	tasks := (len(rows) + part - 1) / part
	err := inParallel(ctx, threads(p, tasks), tasks, func() func(task int) error {
		return func(task int) error {
			rowsOf(c.g, rows[task*part:min((task+1)*part, len(rows))], c.scale, values[task*part*d:])
			return nil
		}
	})
	return values, err
}

// flat tells from a few rows whether no few directions hold a fair part of the rows, so that looking
// for them further cannot pay: directions learned from half of them, the share that they hold of the others.
func (c *coder) flat(ctx context.Context, values []float32, d, dims int, p Params) (bool, error) {
	all := len(values) / d
	n := min(512, all/2)
	learn, try := make([]float32, 0, n*d), make([]float32, 0, n*d)
	for i := range n {
		at := 2 * i * all / (2 * n) * d
		learn = append(learn, values[at:at+d]...)
		try = append(try, values[at+d:at+2*d]...)
	}
	b, err := principal(ctx, c.set, learn, n, d, dims, p)
	if err != nil {
		return false, err
	}
	project := packColumns(c.set, b.values, d, dims, dims)
	scores := make([]float32, n*project.columns)
	if err := project.multiplyAll(ctx, try, n, d, scores, p); err != nil {
		return false, err
	}
	return squares(scores) < 0.35*squares(try), nil
}

func squares(values []float32) (sum float64) {
	for _, v := range values {
		sum += float64(v) * float64(v)
	}
	return sum
}

// bestPrefix estimates the time of a pair for some lengths of the prefix, from the share of pairs that
// it would let through, and gives the fastest; 0: all columns. Pairs are those of a few rows with the
// sample; how near their k-th neighbour is, is looked up exactly.
func (c *coder) bestPrefix(ctx context.Context, ordered []int32, values []float32, some []int32, b basis, p Params) (int, error) {
	d := c.g.x.Dims
	asked := sample(ordered, 16)
	near, err := c.kthRanks(ctx, asked, ordered, p)
	if err != nil {
		return 0, err
	}
	project := packColumns(c.set, b.values, d, b.dims, b.dims)
	these := c.scoresOf(project, asked, nil)
	others := c.scoresOf(project, some, values)
	perCode, again := c.costs()
	lengths := []int{16, 32, 48, 64, 80, 96}
	for len(lengths) > 0 && (lengths[len(lengths)-1] > b.dims || float64(lengths[len(lengths)-1]) > 0.6*float64(c.full)) {
		lengths = lengths[:len(lengths)-1]
	}
	through := make([]int, len(lengths))
	for i, x := range these {
		for j, y := range others {
			if asked[i] != some[j] {
				c.passes(x, y, near[i], through)
			}
		}
	}
	best, least := 0, perCode*float64(c.full)
	for at, dims := range lengths {
		share := 2 * float64(through[at]) / float64(len(these)*len(others))
		if cost := perCode*float64(dims+8) + share*again; cost < 0.9*least {
			best, least = dims, cost
		}
	}
	return best, nil
}

// costs are those of a code of a sieved pair and of a second look at a pair, in nanoseconds of one core; only
// their ratio matters.
func (c *coder) costs() (perCode, again float64) {
	perCode, again = 1.9e-3, 6+0.02*float64(c.full)
	if c.set.MaxA != 127 {
		perCode *= 4
	}
	return perCode, again
}

// denseShare is the share of pairs that survive a prefix from which a sieve of all columns is cheaper than a second
// look at each; 0: there is no prefix, or its panels would take too much.
func (c *coder) denseShare(rows int) float64 {
	if c.prefix == nil || denseBytes(rows, c.full) > mostDense {
		return 0
	}
	if forceDense > 0 {
		return forceDense
	}
	perCode, again := c.costs()
	return perCode * float64(4*c.whole.depth) / again
}

// denseBytes is what those panels take, bounds included.
func denseBytes(rows, full int) int64 { return int64(rows) * int64(2*(full+8)) }

// kthRanks gives the scaled rank value of the k-th nearest of each of a few rows.
func (c *coder) kthRanks(ctx context.Context, asked, rows []int32, p Params) ([]float64, error) {
	const part = kernel.BlockRows
	queries := c.g.listed(len(asked))
	for i, row := range asked {
		queries.set(c.g, i, row)
	}
	var mu sync.Mutex
	all := make([]nearest, len(asked))
	for i := range all {
		all[i] = newNearest(p.K, make([]neighbour, roomFor(p.K)))
	}
	tasks := (len(rows) + part - 1) / part
	err := inParallel(ctx, threads(p, tasks), tasks, func() func(task int) error {
		others, pairs, ranks := c.g.listed(part), make([]uint32, part), make([]float64, part)
		for at := range pairs {
			pairs[at] = uint32(at)
		}
		return func(task int) error {
			some := rows[task*part : min((task+1)*part, len(rows))]
			for at, row := range some {
				others.set(c.g, at, row)
			}
			for i, row := range asked {
				one := listed{rows: queries.rows[i:]}
				if queries.scales != nil {
					one.scales = queries.scales[i:]
				}
				c.g.ranks(c.set, one, others, pairs[:len(some)], ranks)
				mu.Lock()
				for at, rank := range ranks[:len(some)] {
					if some[at] != row {
						all[i].offer(neighbour{distance: rank, id: some[at]})
					}
				}
				mu.Unlock()
			}
			return nil
		}
	})
	if err != nil {
		return nil, err
	}
	out := make([]float64, len(asked))
	for i := range all {
		all[i].cut()
		out[i] = all[i].worst * c.scale * c.scale
	}
	return out, nil
}

// scored is a row's scores, widest direction first, and its squared length.
type scored struct {
	scores []float32
	square float64
}

// scoresOf projects rows; values holds their scaled vectors if they are at hand.
func (c *coder) scoresOf(project panels, rows []int32, values []float32) []scored {
	d := c.g.x.Dims
	if values == nil {
		values = make([]float32, len(rows)*d)
		rowsOf(c.g, rows, c.scale, values)
	}
	scores := make([]float32, len(rows)*project.columns)
	project.multiply(values, len(rows), d, scores)
	out := make([]scored, len(rows))
	for i, row := range rows {
		length := c.norm(row) * c.scale
		out[i] = scored{scores[i*project.columns : (i+1)*project.columns], length * length}
	}
	return out
}

// passes counts for which prefixes of 16, 32, … columns the pair may rank within limit, as far as the prefix and its
// codes can tell.
func (c *coder) passes(x, y scored, limit float64, through []int) {
	var product, heldX, heldY float32
	for at := range through {
		a, b := x.scores[16*at:16*at+16], y.scores[16*at:16*at+16]
		for s, v := range a {
			product += v * b[s]
			heldX += v * v
			heldY += b[s] * b[s]
		}
		tail := math.Sqrt(math.Max(0, x.square-float64(heldX)) * math.Max(0, y.square-float64(heldY)))
		low := -2 * (float64(product) + tail + 0.015*math.Sqrt(float64(heldX)*float64(heldY)))
		if c.g.metric != catalog.Dot {
			low += x.square + y.square
		}
		if low <= limit {
			through[at]++
		}
	}
}

// sieveBy makes the coder sieve by the scores on the basis. Their errors: the basis is off from an
// orthonormal one by its defect, and a float32 sum of D products by D·2⁻²⁴ of the lengths, in each of
// the scores.
func (c *coder) sieveBy(b basis, some []int32) {
	d := c.g.x.Dims
	whole := *c
	c.whole = &whole
	c.prefix = &prefix{project: packColumns(c.set, b.values, d, b.dims, b.dims), dims: b.dims}
	c.prefix.error = b.defect(d) + math.Sqrt(float64(b.dims))*float64(d+8)*0x1p-24*1.01 + 1e-6
	c.width = b.dims // a multiple of 16
	s := c.scratch()
	var lengths, tails []float64
	for row := range c.loaded(sample(some, 1024), s) {
		r := measured{length: c.norm(row) * c.scale}
		c.prefix.load(s, &r)
		var z float64
		for _, v := range s.z[:b.dims] {
			z += float64(v) * float64(v)
		}
		lengths, tails = append(lengths, math.Sqrt(z)), append(tails, r.tail)
	}
	slices.Sort(lengths)
	slices.Sort(tails)
	middle, top := lengths[len(lengths)/2], lengths[len(lengths)-1]
	if middle == 0 {
		middle = math.Max(top, 1e-3)
	}
	c.chooseSteps(4 * middle / math.Sqrt(float64(c.width)) / 127)
	// Enough columns that nearly every tail fits.
	product, long := c.stepA*c.stepB, 1.1*tails[len(tails)*199/200]
	mostA := float64(c.set.MaxA)
	for c.tails = 2; c.tails < 32 && long*long > 0.9*float64(c.tails)*product*mostA*255; c.tails += 2 {
	}
	c.stepTA = math.Sqrt(product * 255 / mostA)
	c.repeats = 1
	c.chooseBounds(some, math.Min(1.05*math.Max(top, middle), 3*middle))
}

// load puts the row's scores into s.y and the length of what they leave out into r.tail; it returns
// the error of the scores.
func (p *prefix) load(s *scratch, r *measured) (slack float64) {
	copy(s.y, s.z[:p.dims])
	var z float64
	for _, v := range s.z[:p.dims] {
		z += float64(v) * float64(v)
	}
	slack = p.error * r.length
	held := math.Max(0, math.Sqrt(z)-slack)
	r.tail = math.Sqrt(math.Max(0, r.length*r.length-held*held))*1.000001 + 1e-9*r.length
	return slack + 1e-6*r.length
}

// roundedUp is tau as the codes of all columns are compared with it.
func (c *coder) roundedUp(tau float64) float32 {
	f := float32(tau * c.scale * c.scale)
	return math.Nextafter32(f, float32(math.Inf(1)))
}

// lookAgain keeps of the pairs that survived a prefix those that the codes of all columns let through.
func (w *tileWorker) lookAgain(a, b *codedBlock, pairs []uint32) []uint32 {
	if w.coder.prefix == nil {
		return pairs
	}
	return w.within(a, b, pairs)
}

// within keeps the pairs that the codes of all columns let through.
func (w *tileWorker) within(a, b *codedBlock, pairs []uint32) []uint32 {
	if w.dots == nil {
		w.dots = make([]int32, rankAtOnce)
	}
	unit := float32(2 * w.coder.step * w.coder.step)
	kept := pairs[:0]
	for len(pairs) > 0 {
		some := pairs[:min(len(pairs), rankAtOnce)]
		pairs = pairs[len(some):]
		w.set.CodeDots(&a.codes[0], &b.codes[0], a.stride, &some[0], len(some), &w.dots[0])
		for at, pair := range some {
			i, j := int(pair>>16), int(pair&0xffff)
			dot := w.dots[at]
			if w.set.Biased {
				dot -= 128 * a.sums[i]
			}
			sum := a.size[i] + b.size[j]
			slack := 2*(a.length[i]*b.spread[j]+a.spread[i]*b.length[j]) + 4e-6*sum + 1e-6*a.length[i]*b.length[j]
			low := sum - unit*float32(dot) - slack
			near := max(math.Float32frombits(atomic.LoadUint32(&a.near[i])), math.Float32frombits(atomic.LoadUint32(&b.near[j])))
			if low <= near || a.vague[i] || b.vague[j] {
				kept = append(kept, pair)
			}
		}
	}
	return kept
}

// centreOf is the mean of the first scores of a block that was loaded.
func (c *coder) centreOf(n int, s *scratch) []float32 {
	if c.prefix == nil {
		return nil
	}
	stride := c.prefix.project.columns
	centre := make([]float32, c.prefix.dims)
	for i := range n {
		for d, v := range s.scores[i*stride : i*stride+c.prefix.dims] {
			centre[d] += v / float32(n)
		}
	}
	return centre
}
