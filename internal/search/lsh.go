package search

import (
	"math"
	"math/bits"
	"slices"
	"strconv"

	"github.com/pentoai/vectory/internal/compute/random"
	"github.com/pentoai/vectory/internal/compute/vec"
)

// Hasher gives rows the same hash the more often the nearer they are (Charikar 2002 for cosine: the sides of random
// hyperplanes; Datar et al. 2004 for euclidean: the slot of a random projection). The directions are rows of random
// rotations, three times signs and a Hadamard transform (Andoni et al. 2015): d·log d sums in place of d² products, and
// the same hashes on every processor. It is for one goroutine at a time.
type Hasher struct {
	tables, functions int
	width             float64 // of a slot; 0: the sides of hyperplanes
	size              int     // of a rotation, a power of two
	signs             []float64
	offsets           []float64
	places            []float64 // of the row that is looked at
}

// HashVersion rises when rows get other hashes, or an index keeps other fields of them: a former index is of no use then.
const HashVersion = 3

const (
	hashSeed  = 0x6c7368
	rounds    = 3
	leastSize = 64 // a smaller rotation has too few different ones
)

// NewHasher makes L hash tables of k functions each for vectors of dims values. width is the slot of euclidean hashes,
// 0 for cosine.
func NewHasher(dims, tables, k int, width float64) *Hasher {
	h := &Hasher{tables: tables, functions: k, width: width, size: max(leastSize, 1<<bits.Len(uint(dims-1)))} //nolint:gosec // not negative
	r := random.New(hashSeed)
	rotations := (tables*k + h.size - 1) / h.size
	h.signs = make([]float64, rotations*rounds*h.size)
	for i := range h.signs {
		h.signs[i] = float64(int(r.Uint64()>>63)*2 - 1)
	}
	h.places = make([]float64, rotations*h.size)
	h.offsets = make([]float64, tables*k)
	for i := range h.offsets {
		h.offsets[i] = r.Float64()
	}
	return h
}

// project gives the row's place along each direction, until the next row: of variance |v|² over the directions.
func (h *Hasher) project(v []float32) []float64 {
	out := h.places
	for at := 0; at < len(out); at += h.size {
		x := out[at : at+h.size]
		for i, value := range v {
			x[i] = float64(value)
		}
		clear(x[len(v):])
		for round := range rounds {
			for i, sign := range h.signs[at*rounds+round*h.size:][:h.size] {
				x[i] *= sign
			}
			hadamard(x)
		}
		scale := 1 / float64(h.size) // a power of two
		for i := range x {
			x[i] *= scale
		}
	}
	return out
}

// hadamard transforms x, of a power of two of values (four at least), unscaled. Two steps are done at once: half the memory is
// walked through.
func hadamard(x []float64) {
	half := 1
	for ; half*2 < len(x); half *= 4 {
		for at := 0; at < len(x); at += 4 * half {
			a, b, c, d := x[at:at+half], x[at+half:][:half], x[at+2*half:][:half], x[at+3*half:][:half]
			for i, p := range a {
				q, r, s := b[i], c[i], d[i]
				p, q, r, s = p+q, p-q, r+s, r-s
				a[i], b[i], c[i], d[i] = p+r, q+s, p-r, q-s
			}
		}
	}
	if half < len(x) {
		low, high := x[:half], x[half:][:half]
		for i, a := range low {
			b := high[i]
			low[i], high[i] = a+b, a-b
		}
	}
}

// AppendTerm writes the hash of a table as an index keeps it: digits, letters and a dot.
func AppendTerm(out []byte, table int, hash uint64) []byte {
	return strconv.AppendUint(append(strconv.AppendInt(out, int64(table), 10), '.'), hash, 36)
}

// Hashes gives one number for each table.
func (h *Hasher) Hashes(v []float32) []uint64 {
	places := h.project(v)
	out := make([]uint64, h.tables)
	for t := range out {
		key := uint64(0)
		for at := t * h.functions; at < (t+1)*h.functions; at++ {
			if h.width == 0 {
				key = key<<1 | side(places[at])
				continue
			}
			slot := uint64(int64(math.Floor(places[at]/h.width + h.offsets[at])))
			key = bits.RotateLeft64(key*0x9e3779b97f4a7c15, 17) ^ slot
		}
		if h.width > 0 {
			key = key * 0x9e3779b97f4a7c15 >> 24 // enough to tell slots apart
		}
		out[t] = key
	}
	return out
}

// Least is how many hashes a row has to share with a query to be looked at: so many that about Candidates rows, and one of
// two hundred where that is more, are left of the rows there are, for nine of ten queries; the others leave fewer. It is told from a sample.
func (h *Hasher) Least(rows int, row func(i int) []float32) int {
	r := random.New(hashSeed + 2)
	some := func(n int) [][]uint64 {
		out := make([][]uint64, n)
		for i := range out {
			out[i] = h.Hashes(row(r.Below(rows)))
		}
		return out
	}
	queries, others := some(min(rows, 100)), some(min(rows, 1000))
	share := max(Candidates/float64(rows), 1.0/200)
	last := min(int(math.Ceil(share*float64(len(others)))), len(others)) - 1
	least := make([]int, len(queries))
	for i, query := range queries {
		shared := make([]int, len(others))
		for j, other := range others {
			for t := range query {
				if query[t] == other[t] {
					shared[j]++
				}
			}
		}
		slices.Sort(shared)
		least[i] = shared[len(shared)-1-last]
	}
	slices.Sort(least)
	return max(1, least[len(least)/10])
}

// Candidates is how many rows that are most like the query by their hashes are looked at.
const Candidates = 500

// Bits gives the sides of all hyperplanes, eight a byte: one function a table, so that the number of tables in which
// two rows differ is the Hamming distance.
func (h *Hasher) Bits(v []float32) []byte {
	places := h.project(v)
	out := make([]byte, (h.tables+7)/8)
	for t := range h.tables {
		out[t/8] |= byte(side(places[t]) << (7 - t%8))
	}
	return out
}

func side(place float64) uint64 {
	if place > 0 {
		return 1
	}
	return 0
}

// SlotWidth is a width of slots that suits the data: twice the mean distance between pairs of a sample of rows, which
// leaves eight functions about as selective as eight hyperplanes are.
func SlotWidth(rows int, row func(i int) []float32) float64 {
	r := random.New(hashSeed + 1)
	var gaps []float64
	for range 500 {
		i, j := r.Below(rows), r.Below(rows)
		if i != j {
			gaps = append(gaps, math.Sqrt(vec.SquaredL2(row(i), row(j))))
		}
	}
	if len(gaps) == 0 {
		return 1
	}
	var mean float64
	for _, g := range gaps {
		mean += g / float64(len(gaps))
	}
	if mean == 0 {
		return 1
	}
	return 2 * mean
}
