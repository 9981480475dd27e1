package arrays

import (
	"math"
	"slices"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/vec"
)

// onlooker gathers catalog.Health while a matrix streams by. It keeps eight bytes a row (a hash, to
// count duplicates) and two floats a column.
type onlooker struct {
	hashes    []uint64
	first     []float32 // the first row
	varies    []bool    // by column: some value differs from the first row's
	constant  int       // columns that do not vary so far
	zero      int
	min, max  float64
	sum       float64
	nonZeroes int
}

// see takes whole rows of width dims.
func (o *onlooker) see(rows []float32, dims int) {
	if o.first == nil {
		o.first = slices.Clone(rows[:dims])
		o.varies, o.constant = make([]bool, dims), dims
		o.min = math.Inf(1)
	}
	for ; len(rows) > 0; rows = rows[dims:] {
		row := rows[:dims]
		o.hashes = append(o.hashes, hashRow(row))
		if o.constant > 0 { // soon none is left to look for
			o.compare(row)
		}
		norm := vec.Norm(row)
		if norm == 0 {
			o.zero++
			continue
		}
		o.nonZeroes++
		o.sum += norm
		o.min = min(o.min, norm)
		o.max = max(o.max, norm)
	}
}

func (o *onlooker) compare(row []float32) {
	for j, x := range row {
		if x != o.first[j] && !o.varies[j] {
			o.varies[j] = true
			o.constant--
		}
	}
}

// hashRow is a 64-bit hash of the values (0 and −0 alike). Two different rows among 10 million
// collide with a chance of 3 in a million, which is good enough to count duplicates.
func hashRow(row []float32) uint64 {
	const prime = 0x9E3779B97F4A7C15
	h := uint64(len(row))
	for ; len(row) >= 2; row = row[2:] { // x+0 turns −0 into 0
		pair := uint64(math.Float32bits(row[0]+0)) | uint64(math.Float32bits(row[1]+0))<<32
		h = (h ^ pair) * prime
		h ^= h >> 29
	}
	if len(row) == 1 {
		h = (h ^ uint64(math.Float32bits(row[0]+0))) * prime
		h ^= h >> 29
	}
	return h
}

func (o *onlooker) health() catalog.Health {
	h := catalog.Health{ZeroRows: o.zero, ConstantDims: o.constant}
	slices.Sort(o.hashes)
	h.DuplicateRows = len(o.hashes) - len(slices.Compact(o.hashes))
	if o.nonZeroes > 0 {
		h.NormMin, h.NormMax, h.NormMean = o.min, o.max, o.sum/float64(o.nonZeroes)
	}
	return h
}
