// Package knn finds the exact k nearest neighbours of every row of a matrix, or of given query rows.
//
// It promises the result of a float64 brute force over vec.Distance: for every row the k other rows
// that are smallest by (distance, row number), in that order. A row is never its own neighbour, and
// it is known by its number, not by its distance, so duplicates of a row are its neighbours. The
// bytes of a result do not depend on the number of threads.
//
// How: [SelfJoin] looks at every pair once for both of its rows, by something cheaper than the distance
// that provably bounds it, and ranks by the exact distance what the bound does not rule out. Equal rows
// are joined once (duplicates.go). The paths give the same bytes:
//
//   - with a set of kernels (package kernel) rows become 8-bit codes whose error is measured, and a
//     tile of codes is sieved in integers against thresholds that fall as neighbours are found (coded.go;
//     the proof stands in codes.go). In a large space whose rows vary along few directions, those are
//     sieved first and like rows are put together (prefix.go, principal.go, order.go);
//   - in plain Go, blocks of rows are multiplied in float64 (selfjoin.go; the proof is in bound.go).
//
// Memory besides the input: with kernels 2–3 bytes for each value of the input and 19·k bytes a row, in
// plain Go some 12·(2k+16) bytes a row; never n×n.
//
// It does not approximate (of query rows only, [Params].Queries, each list is exact), does not store tables, and does not choose the metric.
package knn

import (
	"context"
	"math"
	"runtime"
	"slices"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/kernel"
	"github.com/pentoai/vectory/internal/compute/vec"
)

// Matrix is a Rows×Dims matrix, row-major. The caller owns Data; it is never written.
type Matrix struct {
	Data []float32
	Rows int
	Dims int
}

// Row is row i, shared with the matrix.
func (x Matrix) Row(i int) []float32 { return x.Data[i*x.Dims : (i+1)*x.Dims : (i+1)*x.Dims] }

// Params says what to look for.
type Params struct {
	K       int
	Metric  catalog.Metric
	Threads int // 0: GOMAXPROCS

	// Kernel is the processor's set of kernels (see [kernel.Named]); nil: plain Go. The result is the
	// same to the last bit.
	Kernel *kernel.Set

	// Queries are the rows whose neighbours are wanted, rising; nil: all. They are looked for among all
	// rows, so that their lists are those of a full table.
	Queries []int32

	// Exclude marks rows that are neither queries nor neighbours; nil: none. Rows of zeros are
	// left out under cosine in any case (see [Exclusions]).
	Exclude []bool

	// Yield is called by every worker between two tiles, well below a millisecond of work: it may wait,
	// so that something else has the processor; nil: never.
	Yield func(ctx context.Context)

	// Resume is how far an earlier run of the same join had come; nil, or of another join: begin anew. The
	// result is the same.
	Resume *Partial

	// Checkpoint is called now and then between two tiles while nothing else of the join runs; save copies
	// what is found so far. nil: nobody keeps it.
	Checkpoint func(save func() *Partial)

	// Progress is told of the work done, linear in time; nil: nobody asks. It is called from one
	// goroutine at a time, done rises and ends at total.
	Progress func(done, total int64)
}

// Table holds lists of neighbours, of every row of a space or of some: IDs[i*K+j] is the number of the
// j-th nearest other row of the row that list i is about, and Distances[i*K+j] its exact distance rounded
// to float32. The list of a row that was left out has IDs −1 and Distances −1: a distance is never NaN or
// infinite, and −1 is below every euclidean and cosine distance (under dot, ask IDs, or [Table.Excluded]).
type Table struct {
	Rows      int // of the space
	K         int
	Queries   []int32   // the row of each list, rising; nil: list i is about row i, and there are Rows lists
	IDs       []int32   // Lists×K
	Distances []float32 // Lists×K
}

// Lists is the number of lists.
func (t *Table) Lists() int {
	if t.Queries != nil {
		return len(t.Queries)
	}
	return t.Rows
}

// RowOf is the row that list i is about.
func (t *Table) RowOf(i int) int {
	if t.Queries != nil {
		return int(t.Queries[i])
	}
	return i
}

// ListOf is the list of a row; not found when the table has none.
func (t *Table) ListOf(row int) (i int, found bool) {
	if t.Queries != nil {
		return slices.BinarySearch(t.Queries, int32(row))
	}
	return row, row >= 0 && row < t.Rows
}

// Neighbours are the ids of list i, nearest first, shared with the table.
func (t *Table) Neighbours(i int) []int32 { return t.IDs[i*t.K : (i+1)*t.K : (i+1)*t.K] }

// Excluded reports whether the row of list i was left out.
func (t *Table) Excluded(i int) bool { return t.K > 0 && t.IDs[i*t.K] < 0 }

// ZeroRows marks the rows of x that hold zeros only.
func ZeroRows(x Matrix) []bool {
	zero := make([]bool, x.Rows)
	for i := range zero {
		zero[i] = allZero(x.Row(i))
	}
	return zero
}

// Exclusions marks the rows of x that have no distance under the metric: rows of zeros under
// cosine. It is nil when there are none.
func Exclusions(x Matrix, metric catalog.Metric) []bool {
	if metric != catalog.Cosine {
		return nil
	}
	for i := range x.Rows {
		if allZero(x.Row(i)) {
			return ZeroRows(x)
		}
	}
	return nil
}

func allZero(row []float32) bool {
	for _, v := range row {
		if v != 0 {
			return false
		}
	}
	return true
}

// check refuses what cannot be computed.
func check(x Matrix, p Params) error {
	switch {
	case x.Rows < 0 || x.Dims < 1 || len(x.Data) != x.Rows*x.Dims:
		return catalog.Errorf(catalog.Internal, "a matrix of %d rows and %d columns has %d values", x.Rows, x.Dims, len(x.Data))
	case x.Rows > math.MaxInt32:
		return catalog.Errorf(catalog.TooLarge, "the space has %d rows; the limit is %d", x.Rows, math.MaxInt32)
	case p.Exclude != nil && len(p.Exclude) != x.Rows:
		return catalog.Errorf(catalog.Internal, "the space has %d rows, the list of rows to leave out %d", x.Rows, len(p.Exclude))
	case p.Queries != nil && !rising(p.Queries, x.Rows):
		return catalog.Errorf(catalog.Internal, "the query rows do not rise, or are not among the %d rows", x.Rows)
	case p.K < 1:
		return catalog.Errorf(catalog.Invalid, "k=%d: k must be at least 1", p.K).WithHint("use k=10")
	}
	_, err := catalog.ParseMetric(string(p.Metric))
	return err
}

// rising reports whether the numbers rise and lie within 0..n−1.
func rising(numbers []int32, n int) bool {
	last := int32(-1)
	for _, v := range numbers {
		if v <= last || int(v) >= n {
			return false
		}
		last = v
	}
	return true
}

// yield lets something more urgent go first.
func (p *Params) yield(ctx context.Context) {
	if p.Yield != nil {
		p.Yield(ctx)
	}
}

// threads is the number of workers for p, never more than there are tasks.
func threads(p Params, tasks int) int {
	n := p.Threads
	if n < 1 {
		n = runtime.GOMAXPROCS(0)
	}
	return max(1, min(n, tasks))
}

// taking lists the rows that take part, in rising order.
func taking(x Matrix, p Params) []int32 {
	rows := make([]int32, 0, x.Rows)
	for i := range x.Rows {
		if p.Exclude != nil && p.Exclude[i] {
			continue
		}
		if p.Metric == catalog.Cosine && allZero(x.Row(i)) {
			continue
		}
		rows = append(rows, int32(i))
	}
	return rows
}

// finite refuses a row with NaN or an infinite value and says where it stands.
func finite(row []float32, what string, i int) error {
	if n := vec.Dot(row, row); !math.IsNaN(n) && !math.IsInf(n, 0) {
		return nil
	}
	for j, v := range row {
		if f := float64(v); math.IsNaN(f) || math.IsInf(f, 0) {
			return catalog.Errorf(catalog.Invalid, "%s %d, column %d is %v", what, i, j, v).
				WithHint("distances need finite values")
		}
	}
	return nil
}

// enough checks that k others exist for every row that takes part.
func enough(k, taking, rows int) error {
	if k <= taking-1 {
		return nil
	}
	has := catalog.Errorf(catalog.Invalid, "k=%d needs at least %d rows, the space has %s", k, k+1, countRows(taking, rows))
	if taking < 2 {
		return has.WithHint("neighbours need at least 2 rows")
	}
	has.Message += "; the largest legal k is " + itoa(taking-1)
	return has.WithHint("use k=%d or less", taking-1)
}
