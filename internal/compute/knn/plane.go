package knn

import (
	"context"
	"math"
	"slices"

	"github.com/pentoai/vectory/internal/catalog"
)

// Rows of at most planeDims columns, such as the points of a layout, are searched by a k-d tree (Friedman, Bentley and
// Finkel 1977) from planeFrom rows on: each row is held against some dozens of others and not against all. Tests lower
// it.
const planeDims = 3

var planeFrom = 4096

// leafRows is the most rows of a leaf.
const leafRows = 12

// tree holds the rows such that each node's are a run of them, its left child's the first half. Node n has the
// children 2n and 2n+1.
type tree struct {
	g    *gauge
	rows []int32
	axis []uint8
	low  []float64 // of a node, along its axis: the greatest value on the left
	high []float64 // and the least on the right
}

func newTree(g *gauge, rows []int32) *tree {
	nodes := 4
	for n := len(rows); n > leafRows; n = (n + 1) / 2 {
		nodes *= 2
	}
	t := &tree{g: g, rows: slices.Clone(rows), axis: make([]uint8, nodes), low: make([]float64, nodes), high: make([]float64, nodes)}
	t.grow(1, 0, len(rows), make([]float64, len(rows)))
	return t
}

// grow cuts rows from…to at the middle of the axis along which they reach farthest.
func (t *tree) grow(node, from, to int, keys []float64) {
	if to-from <= leafRows {
		return
	}
	rows := t.rows[from:to]
	widest := -1.0
	for axis := range t.g.x.Dims {
		least, most := math.Inf(1), math.Inf(-1)
		for _, row := range rows {
			v := t.value(row, axis)
			least, most = min(least, v), max(most, v)
		}
		if most-least > widest {
			widest, t.axis[node] = most-least, uint8(axis)
		}
	}
	keys = keys[:len(rows)]
	for i, row := range rows {
		keys[i] = t.value(row, int(t.axis[node]))
	}
	half := len(rows) / 2
	selectSmallest(keys, rows, half)
	t.low[node], t.high[node] = slices.Max(keys[:half]), slices.Min(keys[half:])
	t.grow(2*node, from, from+half, keys)
	t.grow(2*node+1, from+half, to, keys)
}

func (t *tree) value(row int32, axis int) float64 {
	return float64(t.g.x.Data[int(row)*t.g.x.Dims+axis])
}

// joinPlane searches the tree for each row that is asked about.
func joinPlane(ctx context.Context, g *gauge, rows []int32, want wanted, p Params, emit func(row int32, list []neighbour) error) error {
	const part = 512
	t := newTree(g, rows)
	tasks := (len(rows) + part - 1) / part
	work := progress{tell: p.Progress, total: int64(len(rows))}
	return inParallel(ctx, threads(p, tasks), tasks, func() func(task int) error {
		s := search{tree: t, list: newNearest(p.K, make([]neighbour, roomFor(p.K)))}
		return func(task int) error {
			p.yield(ctx)
			some := t.rows[task*part : min((task+1)*part, len(rows))] // neighbours in the tree: they read the same leaves
			for _, row := range some {
				if want != nil && !want[row] {
					continue
				}
				if err := emit(row, s.of(row)); err != nil {
					return err
				}
			}
			work.advance(int64(len(some)))
			return nil
		}
	})
}

// search is that of one row.
type search struct {
	*tree
	row  int32
	list nearest
	tau  float64 // no greater rank value can enter the list
}

// of gives the nearest of a row, in order. The list is good until the next call.
func (s *search) of(row int32) []neighbour {
	s.row, s.list, s.tau = row, newNearest(s.list.k, s.list.entries), math.Inf(1)
	s.visit(1, 0, len(s.rows), [planeDims]float64{})
	return s.list.sorted()
}

// visit looks at the rows from…to of a node, which are at least gaps away along each axis. What a sum of three rounded
// squares is off by is far within what above adds to tau.
func (s *search) visit(node, from, to int, gaps [planeDims]float64) {
	if gaps[0]*gaps[0]+gaps[1]*gaps[1]+gaps[2]*gaps[2] > s.tau {
		return
	}
	if to-from <= leafRows {
		s.look(s.rows[from:to])
		return
	}
	axis, half := s.axis[node], from+(to-from)/2
	v := s.value(s.row, int(axis))
	left, right := gaps, gaps
	left[axis] = max(gaps[axis], v-s.low[node])
	right[axis] = max(gaps[axis], s.high[node]-v)
	if left[axis] <= right[axis] {
		s.visit(2*node, from, half, left)
		s.visit(2*node+1, half, to, right)
		return
	}
	s.visit(2*node+1, half, to, right)
	s.visit(2*node, from, half, left)
}

// look offers rows to the list.
func (s *search) look(rows []int32) {
	for _, row := range rows {
		if row == s.row {
			continue
		}
		rank := s.g.rank(s.row, row)
		if rank > s.tau {
			continue
		}
		if s.list.offer(neighbour{distance: s.g.distance(rank), id: row}) {
			s.tau = above(s.g.rankWithin(s.list.worst))
		}
	}
}

// inPlane reports whether the tree serves.
func inPlane(g *gauge, rows []int32) bool {
	return g.metric == catalog.Euclidean && g.x.Dims <= planeDims && len(rows) >= planeFrom
}
