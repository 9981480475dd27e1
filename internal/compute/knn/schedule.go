package knn

import (
	"slices"
	"sort"
)

// tilePair names two blocks, a before b, a one of those that are asked about.
type tilePair struct{ a, b int32 }

// schedule says in which order the pairs of different blocks are looked at: the fruitful first, so that
// bounds are tight early. It changes no result.
type schedule struct {
	asked  int  // the first blocks: pairs of two others have no turn
	apart  bool // nor have pairs of two of them
	blocks int
	list   []tilePair // nil: by the distance of the blocks in the order of the rows
}

// maxSorted is the number of pairs up to which they are listed: beyond (1.5 million rows) the list would
// outgrow the codes.
const maxSorted = 4096 * 4095 / 2

// newSchedule sorts the pairs by how near the centres of their blocks are. After the first twelfth, or up to half for
// long lists, when most bounds are tight, they go by squares of 8 × 8 blocks, whose codes stay in cache. Without
// centres (nil) those come first that were added together, since rows that were are often alike.
func newSchedule(centres [][]float32, asked int, apart bool, k int) schedule {
	n := len(centres)
	s := schedule{asked: asked, apart: apart, blocks: n}
	if n < 2 || s.count() > maxSorted || centres[0] == nil {
		return s
	}
	type keyed struct {
		gap  float32
		tile tilePair
	}
	sorted := make([]keyed, 0, s.count())
	for a := range asked {
		for b := s.firstPartner(a); b < n; b++ {
			sorted = append(sorted, keyed{squaredGap(centres[a], centres[b]), tilePair{int32(a), int32(b)}})
		}
	}
	slices.SortFunc(sorted, func(x, y keyed) int {
		switch {
		case x.gap < y.gap:
			return -1
		case x.gap > y.gap:
			return 1
		}
		return compareTiles(x.tile, y.tile)
	})
	s.list = make([]tilePair, len(sorted))
	for i, k := range sorted {
		s.list[i] = k.tile
	}
	first := len(s.list) * min(max(k, 16), 100) / 200
	slices.SortFunc(s.list[first:], func(x, y tilePair) int {
		if c := compareTiles(tilePair{x.a / 8, x.b / 8}, tilePair{y.a / 8, y.b / 8}); c != 0 {
			return c
		}
		return compareTiles(x, y)
	})
	return s
}

// count is the number of pairs.
func (s schedule) count() int { return pairsOfBlocks(s.asked, s.blocks, s.apart) }

// firstPartner is the first block that has a turn with block a; those after it have one, too.
func (s schedule) firstPartner(a int) int {
	if s.apart {
		return s.asked
	}
	return a + 1
}

// pairsOfBlocks is the number of pairs of two of n blocks with at least one among the first `asked`, and when
// these are apart, one only.
func pairsOfBlocks(asked, n int, apart bool) int {
	if apart {
		return asked * (n - asked)
	}
	return asked*(asked-1)/2 + asked*(n-asked)
}

// at is the pair whose turn it is.
func (s schedule) at(turn int) tilePair {
	if s.list != nil {
		return s.list[turn]
	}
	if s.apart {
		return tilePair{int32(turn % s.asked), int32(s.asked + turn/s.asked)}
	}
	// Pairs that are d apart: min(asked, blocks − d) of them.
	full := s.blocks - s.asked // up to so far apart every block that is asked about has a partner
	before := func(apart int) int {
		some, rest := min(apart-1, full), max(0, apart-1-full)
		return some*s.asked + rest*s.asked - rest*(rest+1)/2
	}
	apart := sort.Search(s.blocks, func(d int) bool { return before(d+1) > turn })
	a := turn - before(apart)
	return tilePair{int32(a), int32(a + apart)}
}

func compareTiles(x, y tilePair) int {
	if x.a != y.a {
		return int(x.a - y.a)
	}
	return int(x.b - y.b)
}
