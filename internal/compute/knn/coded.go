package knn

import (
	"context"
	"math"
	"sync"
	"sync/atomic"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/kernel"
)

// maxCodedDims bounds the sums of 8-bit products: 2·127·127·D and the bases stay within 32 bits.
const maxCodedDims = 16384

// codedJoin is the join on a processor with kernels: it looks at every pair of rows once, by 8-bit
// codes with a proven error bound (codes.go), and ranks exactly what the bound does not rule out.
type codedJoin struct {
	g      *gauge
	p      Params
	set    *kernel.Set
	coder  *coder
	blocks []*codedBlock
	asked  int                     // the first blocks: the rows of the others are not asked about
	apart  bool                    // what is asked about are queries, and no rows: they are nobody's neighbours
	few    bool                    // and so few that no panel is worth it
	dense  float64                 // the share of a tile's pairs from which all columns are sieved; 0: never
	places [kernel.BlockRows]int32 // 0, 1, 2, …: the columns of a tile
	rows   [kernel.BlockRows]int32 // the same shifted by 16: its rows
	work   progress
}

// codedBlock is a run of rows with all that tiles need to know of them.
type codedBlock struct {
	listed // beyond n the first row again, whose sums never survive
	n      int
	sieve  sieved
	whole  sieved // by all columns where sieve goes by a prefix; without panels unless the join has a dense share

	// The codes of all columns, the same for both sides, and what is known of them: |w|² (0 for dot),
	// h and e of codes.go, the sum of the codes, and whether none of it says anything.
	codes  []int8
	stride int
	size   []float32
	length []float32
	spread []float32
	sums   []int32
	vague  []bool
	centre []float32 // the mean of the scores; nil without a prefix

	mu    sync.Mutex
	tau   []float64 // no greater rank value can enter the row's list
	near  []uint32  // the same, scaled and rounded up, as the bits of a float32: read without the lock
	lists []nearest
}

// sieved is what tiles read of a block: the codes of one coder.
type sieved struct {
	panelA []int8
	panelB []uint8
	baseA  []int32 // rowBase of the tiles
	baseB  []int32 // columnBase
	limit  []int32 // no pair below it can enter the row's list; kernels read it without the lock
	fixed  []bool  // the row's codes say nothing: its limit stays open
}

func newSieved(c *coder) sieved {
	const all = kernel.BlockRows
	return sieved{
		panelA: make([]int8, all*4*c.depth), panelB: make([]uint8, all*4*c.depth),
		baseA: make([]int32, all), baseB: make([]int32, all), limit: make([]int32, all), fixed: make([]bool, all),
	}
}

// lower sets the limit of row i.
func (s *sieved) lower(i int, limit int32) {
	if !s.fixed[i] {
		// Kernels read it meanwhile: an older, lower limit lets more through, never less.
		atomic.StoreInt32(&s.limit[i], limit)
	}
}

// empty makes place i one that no pair survives with: codes of zero, a base far below.
func (s *sieved) empty(c *coder, i int) {
	zeros := make([]byte, 4*c.depth)
	for d := range c.width {
		zeros[d] = 128
	}
	c.place(zeros, i, c.set.PanelB, s.panelB)
	s.baseA[i], s.baseB[i], s.limit[i] = emptyBase, emptyBase, emptyLimit
}

func newCodedJoin(ctx context.Context, g *gauge, rows []int32, want wanted, p Params) (*codedJoin, error) {
	j := &codedJoin{g: g, p: p, set: p.Kernel}
	for i := range j.places {
		j.places[i], j.rows[i] = int32(i), int32(i)<<16
	}
	j.coder = newCoder(g, p.Kernel, rows)
	if len(rows) >= prefixFrom {
		var err error
		if rows, err = j.coder.usePrefix(ctx, rows, p); err != nil {
			return nil, err
		}
	}
	j.dense = j.coder.denseShare(len(rows))
	rows, asked := want.first(rows)
	parts := append(alike(rows[:asked]), alike(rows[asked:])...)
	j.asked = len(alike(rows[:asked]))
	j.blocks = make([]*codedBlock, len(parts))
	j.work = progress{tell: p.Progress, total: int64(pairsOfBlocks(j.asked, len(parts), false) + j.asked)}
	err := inParallel(ctx, threads(p, len(j.blocks)), len(j.blocks), func() func(task int) error {
		scratch := j.coder.scratch()
		return func(task int) error {
			j.blocks[task] = j.encode(parts[task], task < j.asked, scratch)
			return nil
		}
	})
	return j, err
}

// alike cuts the rows into blocks of like size.
func alike(rows []int32) [][]int32 {
	blocks := make([][]int32, (len(rows)+kernel.BlockRows-1)/kernel.BlockRows)
	for i := range blocks {
		blocks[i] = rows[i*len(rows)/len(blocks) : (i+1)*len(rows)/len(blocks)]
	}
	return blocks
}

// encode makes the block of the rows. Rows that are not asked about have no list, and a limit that no
// pair reaches for their sake.
func (j *codedJoin) encode(rows []int32, asked bool, s *scratch) *codedBlock {
	const all = kernel.BlockRows
	b := &codedBlock{
		listed: j.g.listed(all), n: len(rows), sieve: newSieved(j.coder),
		size: make([]float32, all), length: make([]float32, all), spread: make([]float32, all), sums: make([]int32, all), vague: make([]bool, all),
		tau: make([]float64, len(rows)), near: make([]uint32, len(rows)), lists: make([]nearest, len(rows)),
		stride: (j.coder.full + 63) &^ 63,
	}
	b.codes = make([]int8, all*b.stride)
	if j.dense > 0 {
		b.whole = newSieved(j.coder.whole)
	}
	j.coder.loadBlock(rows, s)
	b.centre = j.coder.centreOf(len(rows), s)
	var entries []neighbour
	room := roomFor(j.p.K)
	if asked {
		entries = make([]neighbour, len(rows)*room)
	}
	for i := range all {
		b.rows[i] = rows[0]
		if i >= len(rows) {
			b.sieve.empty(j.coder, i)
			if j.dense > 0 {
				b.whole.empty(j.coder.whole, i)
			}
			continue
		}
		b.set(j.g, i, rows[i])
		j.coder.encode(b, i, s)
		if !asked {
			b.tau[i], b.near[i] = math.Inf(-1), math.Float32bits(float32(math.Inf(-1)))
			b.sieve.lower(i, maxLimit)
			if j.dense > 0 {
				b.whole.lower(i, maxLimit)
			}
			continue
		}
		b.tau[i], b.near[i] = math.Inf(1), math.Float32bits(float32(math.Inf(1)))
		b.lists[i] = newNearest(j.p.K, entries[i*room:])
	}
	return b
}

// run looks at every pair of a row that is asked about and any row, and hands each row's list, in order, to emit.
func (j *codedJoin) run(ctx context.Context, emit func(row int32, list []neighbour) error) error {
	centres := make([][]float32, len(j.blocks))
	for i, b := range j.blocks {
		centres[i] = b.centre
	}
	tiles := newSchedule(centres, j.asked, j.apart, j.p.K)
	var print uint64
	if j.p.Resume != nil || j.p.Checkpoint != nil {
		print = j.print(tiles)
	}
	done := 0
	// The diagonal first: it gives every row a first bound.
	diagonal := j.asked
	if j.apart {
		diagonal = 0
	}
	if r := j.p.Resume; r.fits(print, tiles.count(), j.entriesOf()) && j.restore(r) {
		done = r.Tiles
		j.work.advance(int64(diagonal + done))
		diagonal = 0
	}
	err := inParallel(ctx, threads(j.p, diagonal), diagonal, func() func(task int) error {
		w := newTileWorker(j)
		return func(task int) error { j.p.yield(ctx); w.diagonal(j.blocks[task]); return nil }
	})
	if err != nil {
		return err
	}
	err = inRounds(ctx, j.p, done, tiles.count(), func() func(task int) error {
		w := newTileWorker(j)
		return func(task int) error {
			j.p.yield(ctx)
			t := tiles.at(task)
			w.tile(j.blocks[t.a], j.blocks[t.b])
			return nil
		}
	}, func(tiles int) *Partial { return j.partial(print, tiles) })
	if err != nil {
		return err
	}
	return inParallel(ctx, threads(j.p, j.asked), j.asked, func() func(task int) error {
		return func(task int) error {
			b := j.blocks[task]
			for i := range b.n {
				if err := emit(b.rows[i], b.lists[i].sorted()); err != nil {
					return err
				}
			}
			b.lists = nil
			return nil
		}
	})
}

// bound lowers the rank value that row i's newcomers must not exceed. The caller holds the lock.
func (j *codedJoin) bound(b *codedBlock, i int, tau float64) {
	if tau >= b.tau[i] {
		return
	}
	b.tau[i] = tau
	atomic.StoreUint32(&b.near[i], math.Float32bits(j.coder.roundedUp(tau)))
	b.sieve.lower(i, j.coder.limit(tau))
	if j.dense > 0 {
		b.whole.lower(i, j.coder.whole.limit(tau))
	}
}

// offer gives row i of the block a candidate with its exact rank value. The caller holds the lock.
func (j *codedJoin) offer(b *codedBlock, i int, rank float64, id int32) {
	if rank > b.tau[i] {
		return
	}
	list := &b.lists[i]
	if list.offer(neighbour{distance: j.g.distance(rank), id: id}) {
		j.bound(b, i, j.g.rankWithin(list.worst))
	}
}

// tileWorker holds the buffers of one goroutine.
type tileWorker struct {
	*codedJoin
	pairs    []uint32
	ranks    []float64
	dots     []int32
	panelA   []int8 // of the diagonal
	panelB   []uint8
	bases    []int32
	rounded  []int8
	table    [255]int8
	products []int32
	lower    []float32 // bounds of the diagonal
	upper    []float32
	nearest  []float32
	copies   copied // of queries and rows
}

const (
	rankAtOnce = 1024 // pairs of one call of a rank kernel: well below half a millisecond
	flushFrom  = 16 << 10
)

func newTileWorker(j *codedJoin) *tileWorker {
	return &tileWorker{codedJoin: j, pairs: make([]uint32, flushFrom+kernel.BlockRows*j.set.PanelB+32), ranks: make([]float64, rankAtOnce)}
}

// tile looks at every pair of a row of a and a row of b. Where a prefix lets many pairs of a panel through, a
// sieve of all columns is cheaper than a second look at each.
func (w *tileWorker) tile(a, b *codedBlock) {
	if w.few {
		w.each(a, b)
		return
	}
	many := int(w.dense * float64(a.n*w.set.PanelB))
	found := 0
	for c := 0; c < b.n; c += w.set.PanelB {
		n := w.sieve(w.coder, &a.sieve, &b.sieve, c, w.pairs[found:])
		if w.dense > 0 && n > many {
			n = w.sieve(w.coder.whole, &a.whole, &b.whole, c, w.pairs[found:])
			w.rank(a, b, w.pairs[found:found+n])
			continue
		}
		found += n
		if found >= flushFrom {
			w.rank(a, b, w.lookAgain(a, b, w.pairs[:found]))
			found = 0
		}
	}
	w.rank(a, b, w.lookAgain(a, b, w.pairs[:found]))
	w.work.advance(1)
}

// sieve puts the pairs of a's rows and the panel of b's from `column` on that survive into out, and counts them.
func (w *tileWorker) sieve(c *coder, a, b *sieved, column int, out []uint32) int {
	return w.set.Sieve(&a.panelA[0], &b.panelB[column*4*c.depth], c.depth, kernel.BlockRows/w.set.PanelA,
		&a.baseA[0], &a.limit[0], &w.rows[0], &b.baseB[column], &b.limit[column], &w.places[column], &out[0])
}

// rank ranks the pairs exactly and offers each to both of its rows.
func (w *tileWorker) rank(a, b *codedBlock, pairs []uint32) {
	for len(pairs) > 0 {
		some := pairs[:min(len(pairs), rankAtOnce)]
		pairs = pairs[len(some):]
		if w.g.fresh != nil {
			w.ranksFresh(a.listed, b.listed, some, w.ranks)
		} else {
			w.g.ranks(w.set, a.listed, b.listed, some, w.ranks)
		}
		a.mu.Lock()
		for at, pair := range some {
			w.offer(a, int(pair>>16), w.ranks[at], b.rows[pair&0xffff])
		}
		a.mu.Unlock()
		if w.apart {
			continue
		}
		b.mu.Lock()
		for at, pair := range some {
			w.offer(b, int(pair&0xffff), w.ranks[at], a.rows[pair>>16])
		}
		b.mu.Unlock()
	}
}

// listed are row numbers, and 1/‖x‖ of each for cosine.
type listed struct {
	rows   []int32
	scales []float64
}

func (g *gauge) listed(n int) listed {
	l := listed{rows: make([]int32, n)}
	if g.unit != nil {
		l.scales = make([]float64, n)
	}
	return l
}

func (l *listed) set(g *gauge, i int, row int32) {
	l.rows[i] = row
	if l.scales != nil {
		l.scales[i] = g.unit[row]
	}
}

// ranks puts the exact rank values of at most rankAtOnce pairs into out, with the bytes of gauge.rank.
func (g *gauge) ranks(set *kernel.Set, a, b listed, pairs []uint32, out []float64) {
	x := g.x
	switch g.metric {
	case catalog.Euclidean:
		set.SquaredL2(&x.Data[0], x.Dims, &a.rows[0], &b.rows[0], &pairs[0], len(pairs), &out[0])
	case catalog.Cosine:
		set.ScaledSquaredL2(&x.Data[0], x.Dims, &a.rows[0], &b.rows[0], &a.scales[0], &b.scales[0], &pairs[0], len(pairs), &out[0])
	case catalog.Dot:
		set.Dot(&x.Data[0], x.Dims, &a.rows[0], &b.rows[0], &pairs[0], len(pairs), &out[0])
		for at := range pairs {
			out[at] = 0 - 2*out[at]
		}
	}
}

// progress adds up work and tells who asked, from one goroutine at a time.
type progress struct {
	tell  func(done, total int64)
	mu    sync.Mutex
	done  int64
	total int64
}

func (p *progress) advance(work int64) {
	if p.tell == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done += work
	p.tell(p.done, p.total)
}
