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
	apart  bool                    // rows that are asked about are not each other's neighbours
	places [kernel.BlockRows]int32 // 0, 1, 2, …: the columns of a tile
	rows   [kernel.BlockRows]int32 // the same shifted by 16: its rows
	work   progress
}

// codedBlock is a run of rows with all that tiles need to know of them.
type codedBlock struct {
	listed // beyond n the first row again, whose sums never survive
	n      int
	panelA []int8
	panelB []uint8
	baseA  []int32 // rowBase of the tiles
	baseB  []int32 // columnBase

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
	limit []int32   // no pair below it can enter the row's list; read by kernels without the lock
	tau   []float64 // the rank value that belongs to it: no greater one can enter
	near  []uint32  // the same, scaled and rounded up, as the bits of a float32: read without the lock
	fixed []bool    // the row's codes say nothing: its limit stays open
	lists []nearest
}

func newCodedJoin(ctx context.Context, g *gauge, rows []int32, want wanted, apart bool, p Params) (*codedJoin, error) {
	j := &codedJoin{g: g, p: p, set: p.Kernel, apart: apart}
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
	rows, asked := want.first(rows)
	parts := append(alike(rows[:asked]), alike(rows[asked:])...)
	j.asked = len(alike(rows[:asked]))
	j.blocks = make([]*codedBlock, len(parts))
	j.work = progress{tell: p.Progress, total: int64(pairsOfBlocks(j.asked, len(parts), apart))}
	if !apart {
		j.work.total += int64(j.asked)
	}
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
		listed: j.g.listed(all), n: len(rows),
		panelA: make([]int8, all*4*j.coder.depth), panelB: make([]uint8, all*4*j.coder.depth),
		baseA: make([]int32, all), baseB: make([]int32, all), limit: make([]int32, all), fixed: make([]bool, all),
		size: make([]float32, all), length: make([]float32, all), spread: make([]float32, all), sums: make([]int32, all), vague: make([]bool, all),
		tau: make([]float64, len(rows)), near: make([]uint32, len(rows)), lists: make([]nearest, len(rows)),
		stride: (j.coder.full + 63) &^ 63,
	}
	b.codes = make([]int8, all*b.stride)
	j.coder.loadBlock(rows, s)
	b.centre = j.coder.centreOf(len(rows), s)
	var entries []neighbour
	if asked {
		entries = make([]neighbour, len(rows)*j.p.K)
	}
	for i := range all {
		b.rows[i] = rows[0]
		if i >= len(rows) {
			j.coder.empty(b, i)
			continue
		}
		b.set(j.g, i, rows[i])
		j.coder.encode(b, i, s)
		if !asked {
			b.tau[i], b.near[i] = math.Inf(-1), math.Float32bits(float32(math.Inf(-1)))
			if !b.fixed[i] {
				b.limit[i] = maxLimit
			}
			continue
		}
		b.tau[i], b.near[i] = math.Inf(1), math.Float32bits(float32(math.Inf(1)))
		b.lists[i] = nearest{entries[i*j.p.K : i*j.p.K : (i+1)*j.p.K]}
	}
	return b
}

// run looks at every pair of a row that is asked about and any row, and hands each row's list, in order, to emit.
func (j *codedJoin) run(ctx context.Context, emit func(row int32, list []neighbour) error) error {
	centres := make([][]float32, len(j.blocks))
	for i, b := range j.blocks {
		centres[i] = b.centre
	}
	tiles := newSchedule(centres, j.asked, j.apart)
	print, done := j.print(tiles), 0
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
				list := b.lists[i].entries
				slices.SortFunc(list, byDistance)
				if err := emit(b.rows[i], list); err != nil {
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
	if !b.fixed[i] {
		// Kernels read it meanwhile: an older, lower limit lets more through, never less.
		atomic.StoreInt32(&b.limit[i], j.coder.limit(tau))
	}
}

// offer gives row i of the block a candidate with its exact rank value. The caller holds the lock.
func (j *codedJoin) offer(b *codedBlock, i int, rank float64, id int32) {
	if rank > b.tau[i] {
		return
	}
	list := &b.lists[i]
	if list.offer(neighbour{rank: rank, distance: j.g.distance(rank), id: id}) {
		j.bound(b, i, j.g.rankWithin(list.entries[0].distance))
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
}

const (
	rankAtOnce = 1024 // pairs of one call of a rank kernel: well below half a millisecond
	flushFrom  = 16 << 10
)

func newTileWorker(j *codedJoin) *tileWorker {
	return &tileWorker{codedJoin: j, pairs: make([]uint32, flushFrom+kernel.BlockRows*j.set.PanelB+32), ranks: make([]float64, rankAtOnce)}
}

// tile looks at every pair of a row of a and a row of b.
func (w *tileWorker) tile(a, b *codedBlock) {
	found := 0
	for c := 0; c < b.n; c += w.set.PanelB {
		found += w.set.Sieve(&a.panelA[0], &b.panelB[c*4*w.coder.depth], w.coder.depth, kernel.BlockRows/w.set.PanelA,
			&a.baseA[0], &a.limit[0], &w.rows[0], &b.baseB[c], &b.limit[c], &w.places[c], &w.pairs[found])
		if found >= flushFrom {
			w.rank(a, b, w.lookAgain(a, b, w.pairs[:found]))
			found = 0
		}
	}
	w.rank(a, b, w.lookAgain(a, b, w.pairs[:found]))
	w.work.advance(1)
}

// rank ranks the pairs exactly and offers each to both of its rows.
func (w *tileWorker) rank(a, b *codedBlock, pairs []uint32) {
	for len(pairs) > 0 {
		some := pairs[:min(len(pairs), rankAtOnce)]
		pairs = pairs[len(some):]
		w.g.ranks(w.set, a.listed, b.listed, some, w.ranks)
		a.mu.Lock()
		for at, pair := range some {
			w.offer(a, int(pair>>16), w.ranks[at], b.rows[pair&0xffff])
		}
		a.mu.Unlock()
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

// farther reports whether a comes after b in the order of byDistance.
func farther(a, b neighbour) bool {
	return a.distance > b.distance || a.distance == b.distance && a.id > b.id
}

// nearest is a heap of the k nearest so far, the farthest on top.
type nearest struct{ entries []neighbour }

// offer takes n in when it is nearer than the farthest, or when there are less than k. It reports
// whether k are held and the farthest may have changed.
func (h *nearest) offer(n neighbour) bool {
	e := h.entries
	if len(e) < cap(e) {
		e = append(e, n)
		h.entries = e
		for at := len(e) - 1; at > 0; {
			parent := (at - 1) / 2
			if !farther(e[at], e[parent]) {
				break
			}
			e[at], e[parent] = e[parent], e[at]
			at = parent
		}
		return len(e) == cap(e)
	}
	if !farther(e[0], n) {
		return false
	}
	at := 0
	for {
		child := 2*at + 1
		if child >= len(e) {
			break
		}
		if child+1 < len(e) && farther(e[child+1], e[child]) {
			child++
		}
		if !farther(e[child], n) {
			break
		}
		e[at] = e[child]
		at = child
	}
	e[at] = n
	return true
}
