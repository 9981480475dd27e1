// Package measure turns the neighbour tables of two spaces into numbers that say how alike the
// neighbourhoods are: per row, overall and per group, each with what chance alone would give.
//
// It promises that every number follows the formula in its comment, that means are summed in a fixed
// order (same bytes on every run), and that nothing is ever NaN or infinite: a number that is not
// defined is nil. Both tables must be about the same rows in the same order and must have left out
// the same rows, so that both look among the same candidates; rows that either table left out are
// not scored.
//
// It does not look for neighbours, does not know files or names, and samples only where a comment
// says so.
//
// Tables may hold the lists of a sample of the rows, the same in both: each list is exact, and the numbers
// then estimate those of all rows, with an interval that knows how many there are. Such tables must not
// have left out rows.
//
// Words: N is the number of rows that take part (of full tables: that are scored), k the number of neighbours, m the number of neighbours that
// a row's two lists share.
package measure

import (
	"slices"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
)

// NotScored stands in place of m for a row that either table left out.
const NotScored = -1

// Shared gives m for every list of the tables: how many of the k nearest in a are among the k nearest in b;
// [NotScored] for a row that either table left out. Both tables have lists of the same rows and at least k
// columns, which [Compare] checks and Shared does not.
func Shared(a, b *knn.Table, k int) []int32 {
	shared := make([]int32, a.Lists())
	mark := make([]int32, a.Rows) // mark[j] == i+1: j is among a's neighbours in list i
	for i := range shared {
		if a.Excluded(i) || b.Excluded(i) {
			shared[i] = NotScored
			continue
		}
		for _, j := range a.Neighbours(i)[:k] {
			mark[j] = int32(i) + 1
		}
		for _, j := range b.Neighbours(i)[:k] {
			if mark[j] == int32(i)+1 {
				shared[i]++
			}
		}
	}
	return shared
}

// comparable checks that two tables can be compared at k.
func comparable(a, b *knn.Table, k int) error {
	switch {
	case a.Rows != b.Rows:
		return catalog.Errorf(catalog.Internal, "the tables are about %d and %d rows", a.Rows, b.Rows)
	case !slices.Equal(a.Queries, b.Queries):
		return catalog.Errorf(catalog.Internal, "the tables have lists of different rows: %d and %d", a.Lists(), b.Lists())
	case k < 1 || k > a.K || k > b.K:
		return catalog.Errorf(catalog.Internal, "k=%d is outside the tables, which hold %d and %d neighbours", k, a.K, b.K)
	}
	return nil
}

// population is N: the rows among which neighbours were looked for, one's own included.
func population(t *knn.Table, shared []int32) int {
	if t.Queries != nil {
		return t.Rows
	}
	return Scored(shared)
}

// Scored counts the rows that were scored.
func Scored(shared []int32) int {
	n := 0
	for _, m := range shared {
		if m >= 0 {
			n++
		}
	}
	return n
}

// Counts gives the number of rows for each m = 0..k. Rows that were not scored do not count.
func Counts(shared []int32, k int) []int {
	counts := make([]int, k+1)
	for _, m := range shared {
		if m >= 0 {
			counts[m]++
		}
	}
	return counts
}
