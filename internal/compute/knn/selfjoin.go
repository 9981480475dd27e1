package knn

import (
	"context"
	"math"
	"slices"
	"sort"
	"sync"
	"sync/atomic"

	"github.com/pentoai/vectory/internal/catalog"
)

// SelfJoin finds the p.K nearest other rows of every row of x, or of p.Queries.
//
// Errors: Invalid when k is below 1 or not below the number of rows that take part, when a value is
// not finite ("row 17, column 3 is NaN") or when the distance to a neighbour does not fit in
// float32 ("rows 3 and 9 …"); Canceled when ctx ends, which is looked at once for each pair of
// blocks, a few milliseconds of work.
func SelfJoin(ctx context.Context, x Matrix, p Params) (*Table, error) {
	if err := check(x, p); err != nil {
		return nil, err
	}
	rows := taking(x, p)
	if err := enough(p.K, len(rows), x.Rows); err != nil {
		return nil, err
	}
	g, err := newGauge(ctx, x, rows, p)
	if err != nil {
		return nil, err
	}
	t := newTable(x.Rows, p.K, p.Queries)
	if err := joinGroups(ctx, g, rows, wantedRows(x.Rows, p.Queries), p, t.set); err != nil {
		return nil, err
	}
	return t, nil
}

// wanted marks the rows whose lists are asked for; nil: all.
type wanted []bool

func wantedRows(n int, queries []int32) wanted {
	if queries == nil {
		return nil
	}
	w := make(wanted, n)
	for _, row := range queries {
		w[row] = true
	}
	return w
}

// first puts the wanted rows before the others, in unchanged order, and counts them.
func (w wanted) first(rows []int32) ([]int32, int) {
	if w == nil {
		return rows, len(rows)
	}
	sorted := make([]int32, 0, len(rows))
	for _, is := range []bool{true, false} {
		for _, row := range rows {
			if w[row] == is {
				sorted = append(sorted, row)
			}
		}
	}
	n := slices.IndexFunc(sorted, func(row int32) bool { return !w[row] })
	if n < 0 {
		n = len(sorted)
	}
	return sorted, n
}

// joinGroups joins the rows that differ and hands the list of every wanted row to emit.
func joinGroups(ctx context.Context, g *gauge, rows []int32, want wanted, p Params, emit func(row int32, list []neighbour) error) error {
	all, err := collapse(ctx, g.x, rows, p)
	if err != nil {
		return err
	}
	if all.members == nil {
		return joinRows(ctx, g, rows, want, p, emit)
	}
	k := p.K
	p.K = min(k, len(all.first)-1)
	each := func(first int32, list []neighbour) error { return all.expand(k, g, first, list, want, emit) }
	if p.K == 0 {
		return each(all.first[0], nil)
	}
	return joinRows(ctx, g, all.first, all.wanted(want), p, each)
}

// joinRows takes the path of these rows and of this processor. All give the same lists.
func joinRows(ctx context.Context, g *gauge, rows []int32, want wanted, p Params, emit func(row int32, list []neighbour) error) error {
	if inPlane(g, rows) {
		return joinPlane(ctx, g, rows, want, p, emit)
	}
	if p.Kernel != nil && g.x.Dims <= maxCodedDims {
		j, err := newCodedJoin(ctx, g, rows, want, p)
		if err != nil {
			return err
		}
		return j.run(ctx, emit)
	}
	j := newJoin(g, rows, want, p)
	if err := j.everyPair(ctx); err != nil {
		return err
	}
	return j.finish(ctx, emit)
}

// join is one run: the rows that take part, in blocks, each with its shortlist.
type join struct {
	g      *gauge
	p      Params
	blocks [][]int32
	lists  []*shortlist // of the first blocks: the rows of the others are not asked about
	work   progress
}

func newJoin(g *gauge, rows []int32, want wanted, p Params) *join {
	j := &join{g: g, p: p}
	rows, asked := want.first(rows)
	for part := range slices.Chunk(rows[:asked], blockRows(g.depth)) {
		j.blocks = append(j.blocks, part)
		j.lists = append(j.lists, newShortlist(g, p.K, part))
	}
	for part := range slices.Chunk(rows[asked:], blockRows(g.depth)) {
		j.blocks = append(j.blocks, part)
	}
	n, others := int64(asked), int64(len(rows)-asked)
	j.work = progress{tell: p.Progress, total: n*(n+1)/2 + n*others + n} // pairs, and the rows of the final ranking
	return j
}

// everyPair looks at each pair of blocks once, unless neither has rows that are asked about.
func (j *join) everyPair(ctx context.Context) error {
	n, others := len(j.blocks), len(j.blocks)-len(j.lists)
	tasks, done := n*(n+1)/2-others*(others+1)/2, 0
	print := j.print()
	if r := j.p.Resume; r.fits(print, tasks, j.entriesOf()) && j.restore(r) {
		done = r.Tiles
		j.work.advance(j.pairsWithin(done))
	}
	return inRounds(ctx, j.p, done, tasks, func() func(task int) error {
		w := &worker{join: j, at: -1}
		return func(task int) error {
			j.p.yield(ctx)
			w.pair(blockPair(task, n))
			return nil
		}
	}, func(tiles int) *Partial { return j.partial(print, tiles) })
}

// pairsWithin is the number of pairs of rows of the first tasks.
func (j *join) pairsWithin(tasks int) (pairs int64) {
	for task := range tasks {
		a, b := blockPair(task, len(j.blocks))
		pairs += j.pairsOf(a, b)
	}
	return pairs
}

// pairsOf is the number of pairs of rows of two blocks, or of one and itself.
func (j *join) pairsOf(a, b int) int64 {
	n := int64(len(j.blocks[a]))
	if a == b {
		return n * (n + 1) / 2
	}
	return n * int64(len(j.blocks[b]))
}

// blockPair is pair number task among the pairs (a, b) with a ≤ b < n, in lexical order, so that a
// worker mostly keeps its left block.
func blockPair(task, n int) (a, b int) {
	before := func(a int) int { return a*n - a*(a-1)/2 } // pairs whose first block is below a
	a = sort.Search(n, func(a int) bool { return before(a+1) > task })
	return a, a + task - before(a)
}

// worker holds the buffers of one goroutine.
type worker struct {
	*join
	at          int // the block that left holds; −1: none
	left, right block
	products    []float64
}

// pair multiplies blocks a and b and offers every pair of rows to both of its rows.
func (w *worker) pair(a, b int) {
	if w.at != a {
		w.left.fill(w.g, w.blocks[a], leftStrip)
		w.at = a
	}
	w.right.fill(w.g, w.blocks[b], rightStrip)
	stride := (len(w.blocks[b]) + rightStrip - 1) &^ (rightStrip - 1)
	need := (len(w.blocks[a]) + 1) &^ 1 * stride
	if cap(w.products) < need {
		w.products = make([]float64, need)
	}
	multiply(&w.left, &w.right, w.products[:need], stride)
	w.offerRows(a, b, stride)
	if a != b && b < len(w.lists) {
		w.offerColumns(a, b, stride)
	}
	w.work.advance(w.pairsOf(a, b))
}

// offerRows gives the rows of block a their candidates from block b, the row itself left out.
func (w *worker) offerRows(a, b, stride int) {
	list := w.lists[a]
	list.mu.Lock()
	defer list.mu.Unlock()
	for i, h := range w.left.bases {
		products := w.products[i*stride:]
		limit := list.limit[i] - h
		for j, base := range w.right.bases {
			key := base - 2*products[j]
			if key > limit || (a == b && i == j) {
				continue
			}
			list.add(i, key+h, w.right.rows[j])
			limit = list.limit[i] - h
		}
	}
}

// offerColumns gives the rows of block b their candidates from block a.
func (w *worker) offerColumns(a, b, stride int) {
	list := w.lists[b]
	list.mu.Lock()
	defer list.mu.Unlock()
	for i, h := range w.left.bases {
		products := w.products[i*stride:]
		for j, base := range w.right.bases {
			key := base - 2*products[j] + h
			if key > list.limit[j] {
				continue
			}
			list.add(j, key, w.left.rows[i])
		}
	}
}

// finish ranks what is left of every row.
func (j *join) finish(ctx context.Context, emit func(row int32, list []neighbour) error) error {
	return inParallel(ctx, threads(j.p, len(j.lists)), len(j.lists), func() func(task int) error {
		return func(task int) error {
			for i, row := range j.blocks[task] {
				if err := emit(row, j.lists[task].finish(i)); err != nil {
					return err
				}
			}
			j.lists[task] = nil // its memory is free for the rest of the run
			j.work.advance(int64(len(j.blocks[task])))
			return nil
		}
	})
}

func newTable(rows, k int, queries []int32) *Table {
	t := &Table{Rows: rows, K: k, Queries: queries}
	t.IDs, t.Distances = make([]int32, t.Lists()*k), make([]float32, t.Lists()*k)
	for i := range t.IDs {
		t.IDs[i], t.Distances[i] = -1, -1
	}
	return t
}

// set writes the neighbours of a row.
func (t *Table) set(row int32, list []neighbour) error {
	i, _ := t.ListOf(int(row))
	ids, distances := t.IDs[i*t.K:], t.Distances[i*t.K:]
	for at, n := range list {
		d := float32(n.distance)
		if math.IsInf(float64(d), 0) {
			return tooFar("rows %d and %d are %.3g apart, more than a 32-bit number can hold", row, n.id, n.distance)
		}
		ids[at], distances[at] = n.id, d
	}
	return nil
}

func tooFar(format string, args ...any) error {
	return catalog.Errorf(catalog.Invalid, format, args...).
		WithHint("scale the space down, or use the cosine metric, which ignores length")
}

// inParallel runs tasks 0..n−1 on the given number of goroutines. prepare makes the task function
// of one goroutine. The first error in the order of the tasks that ran ends the run; so does ctx.
func inParallel(ctx context.Context, goroutines, n int, prepare func() func(task int) error) error {
	var next atomic.Int64
	var stop atomic.Bool
	var mu sync.Mutex
	var first error
	at := n
	var wg sync.WaitGroup
	for range goroutines {
		wg.Go(func() {
			run := prepare()
			for !stop.Load() {
				task := int(next.Add(1) - 1)
				if task >= n || ctx.Err() != nil {
					return
				}
				if err := run(task); err != nil {
					stop.Store(true)
					mu.Lock()
					if task < at {
						first, at = err, task
					}
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	if ctx.Err() != nil {
		return canceled(ctx)
	}
	return first
}

func canceled(ctx context.Context) error {
	return catalog.Errorf(catalog.Canceled, "the search for neighbours was stopped: %w", context.Cause(ctx))
}
