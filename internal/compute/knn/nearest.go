package knn

import (
	"cmp"
	"math"
	"slices"
)

// neighbour is a row at an exact distance.
type neighbour struct {
	distance float64
	id       int32
}

// byDistance orders neighbours by (distance, row number).
func byDistance(a, b neighbour) int {
	return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.id, b.id))
}

// nearer is the same order for where it is looked at most.
func nearer(a, b neighbour) bool {
	return a.distance < b.distance || a.distance == b.distance && a.id < b.id
}

// nearest keeps the k nearest of what it is offered, by (distance, row number). A short list is in order all the time,
// so that worst is never older than need be; a long one keeps a few more for a while, which are told apart when there is no
// more room.
type nearest struct {
	entries []neighbour
	k       int
	worst   float64 // nothing farther is among the k; infinite as long as that is not known
}

// mostOrdered is the longest list that is kept in order.
const mostOrdered = 24

// roomFor is how many entries a list of k has room for. With more of them, fewer selections; but worst, by which
// others are ruled out, is older.
func roomFor(k int) int {
	if k <= mostOrdered {
		return k
	}
	return k + 1 + k/5
}

// newNearest is a list in the given room.
func newNearest(k int, room []neighbour) nearest {
	return nearest{entries: room[:0:roomFor(k)], k: k, worst: math.Inf(1)}
}

// offer takes n in and reports whether worst may have changed.
func (l *nearest) offer(n neighbour) bool {
	if n.distance > l.worst {
		return false
	}
	if l.k <= mostOrdered {
		return l.insert(n)
	}
	l.entries = append(l.entries, n)
	if len(l.entries) < cap(l.entries) {
		return false
	}
	l.cut()
	return true
}

// insert is offer to a list in order.
func (l *nearest) insert(n neighbour) bool {
	at := len(l.entries)
	if at < l.k {
		l.entries = l.entries[:at+1]
	} else if at--; !nearer(n, l.entries[at]) {
		return false
	}
	for at > 0 && nearer(n, l.entries[at-1]) {
		l.entries[at] = l.entries[at-1]
		at--
	}
	l.entries[at] = n
	if len(l.entries) < l.k {
		return false
	}
	l.worst = l.entries[l.k-1].distance
	return true
}

// cut drops all but the k nearest.
func (l *nearest) cut() {
	if len(l.entries) < l.k || l.k <= mostOrdered {
		return
	}
	selectNearest(l.entries, l.k)
	l.entries = l.entries[:l.k]
	l.worst = l.entries[l.k-1].distance
}

// sorted gives the k nearest, or as many as there are, in order.
func (l *nearest) sorted() []neighbour {
	l.cut()
	slices.SortFunc(l.entries, byDistance)
	return l.entries
}

// selectNearest moves the k ≥ 1 nearest to the front, the farthest of them last (Hoare's selection).
func selectNearest(entries []neighbour, k int) {
	lo, hi := 0, len(entries)-1
	for lo < hi {
		pivot := entries[lo+(hi-lo)/2]
		i, j := lo, hi
		for i <= j {
			for nearer(entries[i], pivot) {
				i++
			}
			for nearer(pivot, entries[j]) {
				j--
			}
			if i <= j {
				entries[i], entries[j] = entries[j], entries[i]
				i++
				j--
			}
		}
		switch {
		case k-1 <= j:
			hi = j
		case k-1 >= i:
			lo = i
		default:
			return
		}
	}
}
