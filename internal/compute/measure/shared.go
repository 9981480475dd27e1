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
// Words: N is the number of rows scored, k the number of neighbours, m the number of neighbours that
// a row's two lists share.
package measure

import (
	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
)

// NotScored stands in place of m for a row that either table left out.
const NotScored = -1

// Shared gives m for every row: how many of the k nearest in a are among the k nearest in b;
// [NotScored] for a row that either table left out. Both tables have equal Rows and at least k
// columns, which [Compare] checks and Shared does not.
func Shared(a, b *knn.Table, k int) []int32 {
	shared := make([]int32, a.Rows)
	mark := make([]int32, a.Rows) // mark[j] == i+1: j is among a's neighbours of i
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
	case k < 1 || k > a.K || k > b.K:
		return catalog.Errorf(catalog.Internal, "k=%d is outside the tables, which hold %d and %d neighbours", k, a.K, b.K)
	}
	return nil
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
