package knn

import (
	"context"
	"math"
	"slices"

	"github.com/pentoai/vectory/internal/catalog"
)

// Codes are the rows of a matrix as the kernels read them, made once for any number of queries. They hold no values of the
// matrix, which is given again with each query, and may be read by many goroutines.
type Codes struct {
	g      gauge // without the matrix
	coder  *coder
	p      Params
	rows   []int32
	blocks []*codedBlock
}

// Encode makes the codes of the rows of x, for queries under p.Metric on p.Kernel without the rows of p.Exclude; nil where there
// are too few rows to save anything, or no kernels. p.K plays no part. Errors: those of [SelfJoin].
func Encode(ctx context.Context, x Matrix, p Params) (*Codes, error) {
	p.K = 1
	if err := check(x, p); err != nil {
		return nil, err
	}
	rows := taking(x, p)
	if !coded(x, p) || len(rows) < joinedRows {
		return nil, nil //nolint:nilnil // there are none, and that is no error
	}
	return encode(ctx, x, rows, p)
}

// CodesMemory is how many bytes the codes of so many rows take.
func CodesMemory(rows, dims int) int64 { return int64(rows) * int64(2*(dims+31)+100) }

func encode(ctx context.Context, x Matrix, rows []int32, p Params) (*Codes, error) {
	p.Queries, p.Resume, p.Checkpoint, p.Exclude = nil, nil, nil, nil
	g, err := newGauge(ctx, x, rows, p)
	if err != nil {
		return nil, err
	}
	c := &Codes{coder: newCoder(g, p.Kernel, rows), p: p, rows: rows}
	j := &codedJoin{g: g, p: p, set: p.Kernel, coder: c.coder}
	parts := alike(rows)
	c.blocks = make([]*codedBlock, len(parts))
	err = inParallel(ctx, threads(p, len(parts)), len(parts), func() func(task int) error {
		s := j.coder.scratch()
		return func(task int) error {
			b := j.encode(parts[task], false, s)
			b.sieve.panelA = nil // they are always side B
			c.blocks[task] = b
			return nil
		}
	})
	c.g = *g
	c.g.x.Data, c.coder.g = nil, nil
	return c, err
}

// Query is [Query] of the rows that were encoded: the same lists of k, under the same metric. x holds the same values as then.
func (c *Codes) Query(ctx context.Context, x Matrix, q []float32, k, threads int, skip []int32) (ids []int32, distances []float64, err error) {
	p := c.p
	p.K, p.Threads = k, threads
	if err := check(x, p); err != nil {
		return nil, nil, err
	}
	if x.Rows != c.g.x.Rows || x.Dims != c.g.x.Dims {
		return nil, nil, catalog.Errorf(catalog.Internal, "the codes are of %d×%d values, the matrix has %d×%d", c.g.x.Rows, c.g.x.Dims, x.Rows, x.Dims)
	}
	queries, err := queryRows(x, q, p, skip)
	if err != nil {
		return nil, nil, err
	}
	if err := enoughFor(queries, c.rows, x.Rows, k); err != nil {
		return nil, nil, err
	}
	return c.join(ctx, x, queries, p)
}

// join looks at every pair of a query and a row.
func (c *Codes) join(ctx context.Context, x Matrix, queries []query, p Params) ([]int32, []float64, error) {
	k := p.K
	p.K = min(k+1, len(c.rows)) // one more, should the row to skip be among them
	j := c.with(x, queries, p)
	ids, distances := make([]int32, len(queries)*k), make([]float64, len(queries)*k)
	err := j.run(ctx, func(row int32, list []neighbour) error {
		i := int(row) - x.Rows
		at := i * k
		for _, n := range list {
			if n.id == queries[i].skip || at == (i+1)*k {
				continue
			}
			if math.IsInf(float64(float32(n.distance)), 0) {
				return tooFar("query row %d and row %d are %.3g apart, more than a 32-bit number can hold", i, n.id, n.distance)
			}
			ids[at], distances[at] = n.id, n.distance
			at++
		}
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	return ids, distances, nil
}

// with puts the blocks of the queries, whose numbers are those after the rows', before those of the rows.
func (c *Codes) with(x Matrix, queries []query, p Params) *codedJoin {
	g, coder := c.g, *c.coder
	g.x, g.fresh = x, queries
	coder.g, coder.whole = &g, &coder
	asked := make([]int32, len(queries))
	g.size = slices.Clone(g.size)
	g.unit = slices.Clone(g.unit)
	w := make([]float64, g.depth)
	for i, q := range queries {
		asked[i] = int32(x.Rows + i)
		g.size = append(g.size, 0)
		if g.metric == catalog.Cosine {
			g.unit = append(g.unit, q.unit)
		}
		g.measureFresh(asked[i], w)
	}
	j := &codedJoin{g: &g, p: p, set: p.Kernel, coder: &coder, apart: true, few: len(queries) < fewQueries}
	for i := range j.places {
		j.places[i], j.rows[i] = int32(i), int32(i)<<16
	}
	s := coder.scratch()
	for _, part := range alike(asked) {
		j.blocks = append(j.blocks, j.encode(part, true, s))
	}
	j.asked = len(j.blocks)
	j.blocks = append(j.blocks, c.blocks...)
	j.work = progress{tell: p.Progress, total: int64(pairsOfBlocks(j.asked, len(j.blocks), true))}
	return j
}

// fewQueries is below how many queries each is held against every code by itself: a panel would be empty for the most part.
const fewQueries = 32

// each looks at the pairs of few rows and a block, one by one.
func (w *tileWorker) each(a, b *codedBlock) {
	found := 0
	for i := range a.n {
		for at := range b.n {
			w.pairs[found+at] = uint32(i)<<16 | uint32(at)
		}
		if found += b.n; found >= flushFrom {
			w.rank(a, b, w.within(a, b, w.pairs[:found]))
			found = 0
		}
	}
	w.rank(a, b, w.within(a, b, w.pairs[:found]))
	w.work.advance(1)
}

// copied are rows of two matrices in one, as the kernels read them.
type copied struct {
	x     Matrix
	sides [2]listed
	pairs []uint32
}

// copiedPairs is how many pairs are copied at once: they stay in the cache.
const copiedPairs = 32

// ranksFresh is gauge.ranks where rows of a are queries.
func (w *tileWorker) ranksFresh(a, b listed, pairs []uint32, out []float64) {
	if w.copies.pairs == nil {
		d := w.g.x.Dims
		w.copies = copied{x: Matrix{Data: make([]float32, 2*copiedPairs*d), Rows: 2 * copiedPairs, Dims: d}, sides: [2]listed{w.g.listed(copiedPairs), w.g.listed(copiedPairs)}}
		for i := range copiedPairs {
			w.copies.pairs = append(w.copies.pairs, uint32(i)<<16|uint32(i))
			w.copies.sides[0].rows[i], w.copies.sides[1].rows[i] = int32(i), int32(copiedPairs+i)
		}
	}
	c := &w.copies
	g := *w.g
	g.x = c.x
	for len(pairs) > 0 {
		some := pairs[:min(len(pairs), copiedPairs)]
		for i, pair := range some {
			for side, of := range [2]int32{a.rows[pair>>16], b.rows[pair&0xffff]} {
				copy(c.x.Row(int(c.sides[side].rows[i])), w.g.row(of))
				if w.g.unit != nil {
					c.sides[side].scales[i] = w.g.unit[of]
				}
			}
		}
		g.ranks(w.set, c.sides[0], c.sides[1], c.pairs[:len(some)], out)
		pairs, out = pairs[len(some):], out[len(some):]
	}
}
