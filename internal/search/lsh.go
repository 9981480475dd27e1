package search

import (
	"math"
	"math/bits"
	"strconv"

	"github.com/pentoai/vectory/internal/compute/random"
	"github.com/pentoai/vectory/internal/compute/vec"
)

// Hasher gives rows the same hash the more often the nearer they are (Charikar 2002 for cosine: the sides of random
// hyperplanes; Datar et al. 2004 for euclidean: the slot of a random projection).
type Hasher struct {
	tables, bits int
	width        float64 // of a slot; 0: the sides of hyperplanes
	directions   [][]float64
	offsets      []float64
}

const hashSeed = 0x6c7368

// NewHasher makes L hash tables of k functions each for vectors of dims values. width is the slot of euclidean hashes,
// 0 for cosine.
func NewHasher(dims, tables, k int, width float64) *Hasher {
	h := &Hasher{tables: tables, bits: k, width: width}
	r := random.New(hashSeed)
	for range tables * k {
		d := make([]float64, dims)
		for c := range d {
			d[c] = normal(r)
		}
		h.directions = append(h.directions, d)
		h.offsets = append(h.offsets, r.Float64())
	}
	return h
}

func normal(r *random.Source) float64 {
	return math.Sqrt(-2*math.Log(1-r.Float64())) * math.Cos(2*math.Pi*r.Float64())
}

// Hashes gives one term for each table.
func (h *Hasher) Hashes(v []float32) []string {
	out := make([]string, h.tables)
	for t := range out {
		key := uint64(0)
		for b := range h.bits {
			at := t*h.bits + b
			var dot float64
			for c, d := range h.directions[at] {
				dot += d * float64(v[c])
			}
			slot := uint64(0)
			if h.width > 0 {
				slot = uint64(int64(math.Floor(dot/h.width + h.offsets[at])))
			} else if dot > 0 {
				slot = 1
			}
			key = bits.RotateLeft64(key*0x9e3779b97f4a7c15, 17) ^ slot
		}
		out[t] = strconv.Itoa(t) + "." + strconv.FormatUint(key, 36)
	}
	return out
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
