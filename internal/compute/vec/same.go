package vec

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
	"unsafe"
)

// Hash is a 64-bit hash of the values (0 and −0 alike). Two different rows among 10 million
// collide with a chance of 3 in a million, which is good enough to count duplicates.
//
// Four chains, since a multiplication waits for the one before it in its chain.
func Hash(row []float32) uint64 {
	h0, h1, h2, h3 := uint64(len(row)), uint64(1), uint64(2), uint64(3)
	if len(row)%2 == 1 {
		h0 = stir(h0, uint64(math.Float32bits(row[0])))
		row = row[1:]
	}
	if len(row) == 0 { // a pointer beyond the end must not become one to a pair
		return mix(mix(mix(h0, h1), h2), h3)
	}
	pairs := unsafe.Slice((*uint64)(unsafe.Pointer(unsafe.SliceData(row))), len(row)/2)
	for ; len(pairs) >= 4; pairs = pairs[4:] {
		h0, h1, h2, h3 = stir(h0, pairs[0]), stir(h1, pairs[1]), stir(h2, pairs[2]), stir(h3, pairs[3])
	}
	for _, pair := range pairs {
		h0 = stir(h0, pair)
	}
	return mix(mix(mix(h0, h1), h2), h3)
}

func mix(h, w uint64) uint64 {
	h = (h ^ w) * 0x9E3779B97F4A7C15 // odd: 2⁶⁴ over the golden ratio
	return h ^ h>>29
}

// stir mixes two values in. A sign stays where something is under it: −0 becomes 0.
func stir(h, pair uint64) uint64 {
	const values = 0x7fffffff_7fffffff
	return mix(h, pair&(pair&values+values|values))
}

// Same gives the groups of rows of x (row-major, of width dims > 0, finite) that hold the same values (0 and −0 alike): the
// largest first, then by their first row; rows rise in a group. Time and memory are linear in x, eight bytes a row.
func Same(x []float32, dims int) [][]int32 {
	n := len(x) / dims
	hashes := make([]uint64, n)
	for i := range hashes {
		hashes[i] = Hash(x[i*dims:][:dims])
	}
	room := uint64(64) << bits.Len(uint(n/4))
	once, twice := make([]uint64, room/64), make([]uint64, room/64)
	for _, h := range hashes {
		word, bit := h%room/64, uint64(1)<<(h%64)
		twice[word] |= once[word] & bit
		once[word] |= bit
	}
	var rows []int32 // a few per cent where none is a duplicate
	for i, h := range hashes {
		if twice[h%room/64]&(1<<(h%64)) != 0 {
			rows = append(rows, int32(i))
		}
	}
	row := func(i int32) []float32 { return x[int(i)*dims:][:dims] }
	slices.SortFunc(rows, func(a, b int32) int {
		if c := cmp.Compare(hashes[a], hashes[b]); c != 0 {
			return c
		}
		if c := slices.Compare(row(a), row(b)); c != 0 { // two rows of one hash, once in a blue moon
			return c
		}
		return cmp.Compare(a, b)
	})
	var groups [][]int32
	for len(rows) > 0 {
		end := 1
		for end < len(rows) && hashes[rows[end]] == hashes[rows[0]] && slices.Equal(row(rows[end]), row(rows[0])) {
			end++
		}
		if end > 1 {
			groups = append(groups, rows[:end:end])
		}
		rows = rows[end:]
	}
	slices.SortFunc(groups, func(a, b []int32) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a[0], b[0]))
	})
	return groups
}
