package knn

import (
	"context"
	"math"
	"slices"
	"sync"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/vec"
)

// Query finds the p.K nearest rows of x for each query row: q holds m rows of x.Dims values. skip
// has one row number of x for each query that must not be its neighbour (a query that is a row of x
// names itself), −1 for none; nil: none at all. ids and distances are m×k, nearest first, by
// (distance, row number); distances are those of vec.Distance, not rounded.
//
// Many queries of a large space are joined with it on the kernels, as [SelfJoin] does; for a few every
// distance is computed, once. The results are the same, as are those of [Codes.Query], which need not make the codes.
// Errors are those of [SelfJoin], and Invalid for a query of zeros under cosine.
func Query(ctx context.Context, x Matrix, q []float32, p Params, skip []int32) (ids []int32, distances []float64, err error) {
	if err := check(x, p); err != nil {
		return nil, nil, err
	}
	queries, err := queryRows(x, q, p, skip)
	if err != nil {
		return nil, nil, err
	}
	rows := taking(x, p)
	if err := enoughFor(queries, rows, x.Rows, p.K); err != nil {
		return nil, nil, err
	}
	if coded(x, p) && len(queries) >= joinedQueries && len(rows) >= joinedRows {
		c, err := encode(ctx, x, rows, p)
		if err != nil {
			return nil, nil, err
		}
		return c.join(ctx, x, queries, p)
	}
	return scan(ctx, x, rows, queries, p)
}

// From so many queries and rows a join pays for making codes.
var joinedQueries, joinedRows = 64, 4096

// coded tells whether rows are joined with queries by codes.
func coded(x Matrix, p Params) bool { return p.Kernel != nil && x.Dims <= maxCodedDims }

// query is one query row with what is known of it beforehand.
type query struct {
	row  []float32
	unit float64 // 1/‖row‖; cosine only
	skip int32
}

// queryRows checks the shape and the values of q.
func queryRows(x Matrix, q []float32, p Params, skip []int32) ([]query, error) {
	m := len(q) / x.Dims
	if len(q)%x.Dims != 0 || (skip != nil && len(skip) != m) {
		return nil, catalog.Errorf(catalog.Invalid, "the queries hold %d values, rows of the space %d", len(q), x.Dims).
			WithHint("give whole rows of %d values, and one row to skip for each", x.Dims)
	}
	queries := make([]query, m)
	for i := range queries {
		row := q[i*x.Dims : (i+1)*x.Dims]
		if err := finite(row, "query row", i); err != nil {
			return nil, err
		}
		queries[i] = query{row: row, skip: -1}
		if skip != nil {
			queries[i].skip = skip[i]
		}
		if p.Metric == catalog.Cosine {
			if allZero(row) {
				return nil, catalog.Errorf(catalog.Invalid, "query row %d holds zeros only: cosine is not defined for it", i).
					WithHint("use the euclidean metric, or another query")
			}
			queries[i].unit = vec.Unit(row)
		}
	}
	return queries, nil
}

// enoughFor checks that every query finds k rows.
func enoughFor(queries []query, rows []int32, total, k int) error {
	for _, q := range queries {
		most := len(rows)
		if _, found := slices.BinarySearch(rows, q.skip); found {
			most--
		}
		if k > most {
			return catalog.Errorf(catalog.Invalid, "k=%d needs at least %d rows, the space has %s; the largest legal k is %d",
				k, k+len(rows)-most, countRows(len(rows), total), most).WithHint("use k=%d or less", max(most, 1))
		}
	}
	return nil
}

// scanRows is the number of rows that one task of a scan covers.
const scanRows = 512

// scan offers every row to every query. Each goroutine keeps the best of what it saw; (distance,
// row number) is a total order, so merging gives the same lists whoever saw what.
func scan(ctx context.Context, x Matrix, rows []int32, queries []query, p Params) ([]int32, []float64, error) {
	tasks := (len(rows) + scanRows - 1) / scanRows
	var mu sync.Mutex
	var seen [][]nearest
	var done int64
	err := inParallel(ctx, threads(p, tasks), tasks, func() func(task int) error {
		own, pace := make([]nearest, len(queries)), newPace(x, queries, p)
		for i := range own {
			own[i] = newNearest(p.K, make([]neighbour, roomFor(p.K)))
		}
		mu.Lock()
		seen = append(seen, own)
		mu.Unlock()
		return func(task int) error {
			part := rows[task*scanRows : min((task+1)*scanRows, len(rows))]
			for from := 0; from < len(part); from += paceRows {
				if err := offerAll(ctx, x, part[from:min(from+paceRows, len(part))], queries, own, pace, p); err != nil {
					return err
				}
			}
			mu.Lock()
			defer mu.Unlock()
			done += int64(len(part))
			if p.Progress != nil {
				p.Progress(done, int64(len(rows)))
			}
			return nil
		}
	})
	if err != nil {
		return nil, nil, err
	}
	return merge(seen, len(queries), p.K)
}

// offerAll offers at most paceRows rows to every query and looks at ctx once for each query.
func offerAll(ctx context.Context, x Matrix, rows []int32, queries []query, lists []nearest, pace *pace, p Params) error {
	pace.load(x, rows)
	for i := range queries {
		if ctx.Err() != nil {
			return canceled(ctx)
		}
		q := &queries[i]
		for at, d := range pace.distances(i, q, x, rows) {
			row := rows[at]
			if row == q.skip {
				continue
			}
			if math.IsNaN(d) || math.IsInf(d, 0) { // finite rows have finite distances
				return finite(x.Row(int(row)), "row", int(row))
			}
			lists[i].offer(neighbour{distance: d, id: row})
		}
	}
	return nil
}

// paceRows is how many rows a scan measures at once: they stay in the cache while every query is held against them.
const paceRows = 64

// pace measures some rows against every query, with the bytes of vec.Distance: by the kernel, which reads both from one
// matrix, or in plain Go.
type pace struct {
	p       Params
	both    Matrix // the queries, then the rows; of the kernel only
	at      []int32
	one     [1]int32
	pairs   []uint32
	units   []float64 // 1/‖row‖; cosine only
	out     []float64
	scale   [1]float64
	queries int
}

func newPace(x Matrix, queries []query, p Params) *pace {
	c := &pace{p: p, queries: len(queries), out: make([]float64, paceRows), units: make([]float64, paceRows)}
	if len(queries)*x.Dims > 1<<20 { // so many would not stay in the cache
		c.p.Kernel = nil
	}
	if c.p.Kernel == nil {
		return c
	}
	c.both = Matrix{Rows: len(queries) + paceRows, Dims: x.Dims, Data: make([]float32, (len(queries)+paceRows)*x.Dims)}
	for i, q := range queries {
		copy(c.both.Row(i), q.row)
	}
	for i := range paceRows {
		c.at, c.pairs = append(c.at, int32(len(queries)+i)), append(c.pairs, uint32(i))
	}
	return c
}

// load takes the next rows.
func (c *pace) load(x Matrix, rows []int32) {
	cosine := c.p.Metric == catalog.Cosine
	for i, row := range rows {
		if c.p.Kernel != nil {
			copy(c.both.Row(c.queries+i), x.Row(int(row)))
		} else if cosine {
			c.units[i] = vec.Unit(x.Row(int(row)))
		}
	}
	if c.p.Kernel == nil || !cosine {
		return
	}
	for i := range rows { // as vec.Unit
		c.p.Kernel.Dot(&c.both.Data[0], c.both.Dims, &c.at[i], &c.at[i], &c.pairs[0], 1, &c.units[i])
		c.units[i] = 1 / math.Sqrt(c.units[i])
	}
}

// distances are those of query i to the rows that were loaded.
func (c *pace) distances(i int, q *query, x Matrix, rows []int32) []float64 {
	out := c.out[:len(rows)]
	if c.p.Kernel == nil {
		for at, row := range rows {
			out[at] = q.distance(c.p.Metric, x.Row(int(row)), c.units[at])
		}
		return out
	}
	c.one[0], c.scale[0] = int32(i), q.unit
	data, dims, pairs := &c.both.Data[0], c.both.Dims, c.pairs[:len(rows)]
	switch c.p.Metric {
	case catalog.Cosine:
		c.p.Kernel.ScaledSquaredL2(data, dims, &c.one[0], &c.at[0], &c.scale[0], &c.units[0], &pairs[0], len(pairs), &out[0])
		for at := range out {
			out[at] /= 2
		}
	case catalog.Dot:
		c.p.Kernel.Dot(data, dims, &c.one[0], &c.at[0], &pairs[0], len(pairs), &out[0])
		for at := range out {
			out[at] = 0 - out[at]
		}
	default:
		c.p.Kernel.SquaredL2(data, dims, &c.one[0], &c.at[0], &pairs[0], len(pairs), &out[0])
		for at := range out {
			out[at] = math.Sqrt(out[at])
		}
	}
	return out
}

// distance is vec.Distance with the lengths of both rows known.
func (q *query) distance(metric catalog.Metric, row []float32, unit float64) float64 {
	if metric == catalog.Cosine {
		return vec.ScaledSquaredL2(q.row, q.unit, row, unit) / 2
	}
	return vec.Distance(metric, q.row, row)
}

// merge joins what the goroutines found for each query.
func merge(seen [][]nearest, queries, k int) ([]int32, []float64, error) {
	ids, distances := make([]int32, 0, queries*k), make([]float64, 0, queries*k)
	for i := range queries {
		all := newNearest(k, make([]neighbour, roomFor(k)))
		for _, lists := range seen {
			for _, n := range lists[i].entries {
				all.offer(n)
			}
		}
		for _, n := range all.sorted() {
			if math.IsInf(float64(float32(n.distance)), 0) {
				return nil, nil, tooFar("query row %d and row %d are %.3g apart, more than a 32-bit number can hold", i, n.id, n.distance)
			}
			ids, distances = append(ids, n.id), append(distances, n.distance)
		}
	}
	return ids, distances, nil
}
