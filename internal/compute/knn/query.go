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
// distance is computed, once. The results are the same. Errors are
// those of [SelfJoin], and Invalid for a query of zeros under cosine.
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
	if p.Kernel != nil && len(queries) >= joinedQueries && len(rows) >= joinedRows && len(x.Data)+len(q) <= maxJoined && x.Dims <= maxCodedDims {
		return joinQueries(ctx, x, q, rows, queries, p)
	}
	return scan(ctx, x, rows, queries, p)
}

// From so many queries and rows a join pays for making codes, up to so many values, since they are copied.
var joinedQueries, joinedRows = 64, 4096

const maxJoined = 1 << 28

// joinQueries puts the queries behind the rows and joins the two parts with each other.
func joinQueries(ctx context.Context, x Matrix, q []float32, rows []int32, queries []query, p Params) ([]int32, []float64, error) {
	both := Matrix{Data: slices.Concat(x.Data, q), Rows: x.Rows + len(queries), Dims: x.Dims}
	asked := make([]int32, len(queries))
	for i := range asked {
		asked[i] = int32(x.Rows + i)
	}
	k := p.K
	p.K = min(k+1, len(rows)) // one more, should the row to skip be among them
	p.Queries, p.Exclude = nil, nil
	all := slices.Concat(rows, asked)
	g, err := newGauge(ctx, both, all, p)
	if err != nil {
		return nil, nil, err
	}
	j, err := newCodedJoin(ctx, g, all, wantedRows(both.Rows, asked), true, p)
	if err != nil {
		return nil, nil, err
	}
	ids, distances := make([]int32, len(queries)*k), make([]float64, len(queries)*k)
	err = j.run(ctx, func(row int32, list []neighbour) error {
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
	var seen [][]best
	var done int64
	err := inParallel(ctx, threads(p, tasks), tasks, func() func(task int) error {
		own := make([]best, len(queries))
		mu.Lock()
		seen = append(seen, own)
		mu.Unlock()
		return func(task int) error {
			part := rows[task*scanRows : min((task+1)*scanRows, len(rows))]
			if err := offerAll(ctx, x, part, queries, own, p); err != nil {
				return err
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

// offerAll offers the rows to every query and looks at ctx once for each query.
func offerAll(ctx context.Context, x Matrix, rows []int32, queries []query, lists []best, p Params) error {
	units := make([]float64, len(rows))
	if p.Metric == catalog.Cosine {
		for at, row := range rows {
			units[at] = vec.Unit(x.Row(int(row)))
		}
	}
	for i := range queries {
		if ctx.Err() != nil {
			return canceled(ctx)
		}
		q := &queries[i]
		for at, row := range rows {
			if row == q.skip {
				continue
			}
			d := q.distance(p.Metric, x.Row(int(row)), units[at])
			if math.IsNaN(d) || math.IsInf(d, 0) { // finite rows have finite distances
				return finite(x.Row(int(row)), "row", int(row))
			}
			lists[i].offer(neighbour{distance: d, id: row}, p.K)
		}
	}
	return nil
}

// distance is vec.Distance with the lengths of both rows known.
func (q *query) distance(metric catalog.Metric, row []float32, unit float64) float64 {
	if metric == catalog.Cosine {
		return vec.ScaledSquaredL2(q.row, q.unit, row, unit) / 2
	}
	return vec.Distance(metric, q.row, row)
}

// best is a list of up to 2k neighbours of which the k nearest count. worst is the distance that a
// newcomer must not exceed, once k are known.
type best struct {
	list  []neighbour
	worst float64
	full  bool
}

func (b *best) offer(n neighbour, k int) {
	if b.full && n.distance > b.worst {
		return
	}
	b.list = append(b.list, n)
	if len(b.list) >= 2*k+16 {
		b.trim(k)
	}
}

// trim keeps the k nearest, in order.
func (b *best) trim(k int) {
	slices.SortFunc(b.list, byDistance)
	if len(b.list) >= k {
		b.list = b.list[:k]
		b.worst, b.full = b.list[k-1].distance, true
	}
}

// merge joins what the goroutines found for each query.
func merge(seen [][]best, queries, k int) ([]int32, []float64, error) {
	ids, distances := make([]int32, 0, queries*k), make([]float64, 0, queries*k)
	for i := range queries {
		var all best
		for _, lists := range seen {
			all.list = append(all.list, lists[i].list...)
		}
		all.trim(k)
		for _, n := range all.list {
			if math.IsInf(float64(float32(n.distance)), 0) {
				return nil, nil, tooFar("query row %d and row %d are %.3g apart, more than a 32-bit number can hold", i, n.id, n.distance)
			}
			ids, distances = append(ids, n.id), append(distances, n.distance)
		}
	}
	return ids, distances, nil
}
