package measure

import (
	"cmp"
	"math"
	"slices"
)

// keyed is a value as a whole number of the same order, and where it stood.
type keyed struct {
	key uint64
	at  int32
}

// rising gives the values by size, equal ones in their order: many are sorted by their digits, several times faster
// than by comparing.
func rising(values []float64) []keyed {
	list := make([]keyed, len(values))
	for at, v := range values {
		bits := math.Float64bits(v + 0) // −0 is 0
		if bits>>63 == 1 {
			bits = ^bits
		} else {
			bits |= 1 << 63
		}
		list[at] = keyed{bits, int32(at)}
	}
	const digit, few = 11, 1000
	if len(list) < few {
		slices.SortFunc(list, func(a, b keyed) int { return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.at, b.at)) })
		return list
	}
	other := make([]keyed, len(list))
	for shift := 0; shift < 64; shift += digit {
		var starts [1<<digit + 1]int32
		for _, v := range list {
			starts[v.key>>shift&(1<<digit-1)+1]++
		}
		for d := range starts[1:] {
			starts[d+1] += starts[d]
		}
		for _, v := range list {
			d := v.key >> shift & (1<<digit - 1)
			other[starts[d]] = v
			starts[d]++
		}
		list, other = other, list
	}
	return list
}

// value is the value itself.
func (v keyed) value() float64 {
	if v.key>>63 == 1 {
		return math.Float64frombits(v.key &^ (1 << 63))
	}
	return math.Float64frombits(^v.key)
}

// midRanks gives each value its rank from 1; equal values share the mean of theirs.
func midRanks(values []float64) []float64 { return ranksOf(rising(values)) }

// ranksOf are the ranks of values that are sorted, in the order in which they stood.
func ranksOf(sorted []keyed) []float64 {
	ranks := make([]float64, len(sorted))
	for from := 0; from < len(sorted); {
		to := from + 1
		for to < len(sorted) && sorted[to].key == sorted[from].key {
			to++
		}
		for _, v := range sorted[from:to] {
			ranks[v.at] = float64(from+to+1) / 2
		}
		from = to
	}
	return ranks
}
