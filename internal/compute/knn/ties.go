package knn

import (
	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/vec"
)

// TiesAt reports for each list whether its k-th and (k+1)-th distances are exactly equal in float64,
// so that the tie rule (lower row first) decided who is among the k. x and metric are those that the
// table was made from; the table must hold k+1 neighbours a row, except that a table of k columns
// is right when no further row takes part: then nothing can tie. Rows that were left out do not tie.
func (t *Table) TiesAt(x Matrix, metric catalog.Metric, k int) ([]bool, error) {
	if x.Rows != t.Rows {
		return nil, catalog.Errorf(catalog.Internal, "the table has %d rows, the space %d", t.Rows, x.Rows)
	}
	if k < 1 || k > t.K || k == t.K && !t.complete() {
		return nil, catalog.Errorf(catalog.Internal, "ties at k=%d need tables of %d neighbours, this one has %d", k, k+1, t.K)
	}
	ties := make([]bool, t.Lists())
	if k == t.K {
		return ties, nil
	}
	for i := range ties {
		list := t.Neighbours(i)
		// The float32 distances are equal whenever the exact ones are: most rows end here.
		if t.Excluded(i) || t.Distances[i*t.K+k-1] != t.Distances[i*t.K+k] {
			continue
		}
		row := x.Row(t.RowOf(i))
		ties[i] = vec.Distance(metric, row, x.Row(int(list[k-1]))) == vec.Distance(metric, row, x.Row(int(list[k])))
	}
	return ties, nil
}

// complete reports whether every row lists all the others that take part.
func (t *Table) complete() bool {
	if t.Queries != nil {
		return t.K >= t.Rows-1 // rows that were left out are not known: rather too careful
	}
	taking := 0
	for i := range t.Rows {
		if !t.Excluded(i) {
			taking++
		}
	}
	return t.K >= taking-1
}

// TieBlock gives the places from..to−1 of list i that are at the same distance as place k (counted from 1),
// exactly in float64: from < k ≤ to. x and metric are those that the table was made from. A block may go on
// beyond the table.
func (t *Table) TieBlock(x Matrix, metric catalog.Metric, i, k int) (from, to int) {
	list := t.Neighbours(i)
	row := x.Row(t.RowOf(i))
	at := vec.Distance(metric, row, x.Row(int(list[k-1])))
	tied := func(place int) bool {
		return t.Distances[i*t.K+place] == t.Distances[i*t.K+k-1] && vec.Distance(metric, row, x.Row(int(list[place]))) == at
	}
	for from, to = k-1, k; from > 0 && tied(from-1); from-- {
	}
	for ; to < t.K && tied(to); to++ {
	}
	return from, to
}
