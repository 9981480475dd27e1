package knn

import (
	"math"
	"slices"
	"sync"
)

// shortlist holds, for each row of one block, the rows that may still be among its k nearest. An
// entry is a key and a row number; the complement of the number (negative) marks a key that is the
// exact rank value already.
type shortlist struct {
	mu    sync.Mutex
	g     *gauge
	k     int
	room  int // entries a row
	rows  []int32
	count []int     // by row of the block
	limit []float64 // by row of the block: no key above it can enter
	keys  []float64 // by row of the block: room values
	ids   []int32
}

// pad is how many entries a row may hold beyond k. Twice k means that a list is cut once for k new
// entries; 16 keeps that rare for small k.
func pad(k int) int { return k + 16 }

func newShortlist(g *gauge, k int, rows []int32) *shortlist {
	n, room := len(rows), k+pad(k)
	s := &shortlist{
		g: g, k: k, room: room, rows: rows,
		count: make([]int, n), limit: make([]float64, n),
		keys: make([]float64, n*room), ids: make([]int32, n*room),
	}
	for i := range s.limit {
		s.limit[i] = math.Inf(1)
	}
	return s
}

// add notes that id, with a key not above the limit, may be a neighbour of the block's row i.
func (s *shortlist) add(i int, key float64, id int32) {
	at := i*s.room + s.count[i]
	s.keys[at], s.ids[at] = key, id
	s.count[i]++
	if s.count[i] == s.room {
		s.cut(i)
	}
}

// entries are the keys and ids held for the block's row i.
func (s *shortlist) entries(i int) ([]float64, []int32) {
	from, to := i*s.room, i*s.room+s.count[i]
	return s.keys[from:to], s.ids[from:to]
}

// cut lowers the limit of row i and drops what is above it. When bounds alone cannot free half of
// the spare room (ties, duplicates), the entries are ranked exactly and k are kept.
func (s *shortlist) cut(i int) {
	keys, ids := s.entries(i)
	if len(keys) <= s.k {
		return
	}
	selectSmallest(keys, ids, s.k)
	limit := math.Inf(-1)
	for at := range s.k {
		limit = max(limit, s.upper(i, keys[at], ids[at]))
	}
	s.limit[i] = min(s.limit[i], limit)
	kept := s.k
	for at := s.k; at < len(keys); at++ {
		if keys[at] <= s.limit[i] {
			keys[kept], ids[kept] = keys[at], ids[at]
			kept++
		}
	}
	s.count[i] = kept
	if kept > s.k+pad(s.k)/2 {
		s.rank(i)
	}
}

// upper bounds the rank value of an entry from above.
func (s *shortlist) upper(i int, key float64, id int32) float64 {
	if id < 0 {
		return above(key)
	}
	return above(key + s.g.slack(s.rows[i], id))
}

// ranked is a neighbour with its rank value.
type ranked struct {
	neighbour
	rank float64
}

// rank gives every entry of row i its exact rank value and keeps the k nearest, in order.
func (s *shortlist) rank(i int) []ranked {
	keys, ids := s.entries(i)
	all := make([]ranked, len(keys))
	for at, id := range ids {
		r := keys[at]
		if id < 0 {
			id = ^id
		} else {
			r = s.g.rank(s.rows[i], id)
		}
		all[at] = ranked{neighbour{s.g.distance(r), id}, r}
	}
	slices.SortFunc(all, func(a, b ranked) int { return byDistance(a.neighbour, b.neighbour) })
	all = all[:min(s.k, len(all))]
	for at, n := range all {
		keys[at], ids[at] = n.rank, ^n.id
	}
	s.count[i] = len(all)
	if len(all) == s.k {
		s.limit[i] = min(s.limit[i], above(all[s.k-1].rank))
	}
	return all
}

// finish gives the k nearest of row i, in order.
func (s *shortlist) finish(i int) []neighbour {
	s.cut(i)
	all := s.rank(i)
	list := make([]neighbour, len(all))
	for at, n := range all {
		list[at] = n.neighbour
	}
	return list
}

// selectSmallest moves the k smallest keys, with their ids (nil: none), to the front (Hoare's selection). The
// order within the two parts is left open.
func selectSmallest[K float32 | float64](keys []K, ids []int32, k int) {
	lo, hi := 0, len(keys)-1
	for lo < hi {
		pivot := median(keys[lo], keys[lo+(hi-lo)/2], keys[hi])
		i, j := lo, hi
		for i <= j {
			for keys[i] < pivot {
				i++
			}
			for keys[j] > pivot {
				j--
			}
			if i <= j {
				keys[i], keys[j] = keys[j], keys[i]
				if ids != nil {
					ids[i], ids[j] = ids[j], ids[i]
				}
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

func median[K float32 | float64](a, b, c K) K { return max(min(a, b), min(max(a, b), c)) }
