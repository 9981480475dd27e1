package arrays

import (
	"math"
	"math/bits"
	"slices"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/kernel"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/measure"
	"github.com/pentoai/vectory/internal/compute/vec"
)

// onlooker gathers catalog.Health while a matrix streams by. It keeps eight bytes a row (a hash, to
// count duplicates), some floats a column, and a few rows whole.
type onlooker struct {
	set       *kernel.Set // nil: plain Go
	hashes    []uint64
	columns   columns
	sample    sample
	first     []float32 // the first row
	varies    []bool    // by column: some value differs from the first row's
	constant  int       // columns that do not vary so far
	zero      int
	min, max  float64
	sum       float64
	nonZeroes int
	norms     norms
}

// norms has room for the squared norms of the rows of a block.
type norms struct {
	rows    []int32
	pairs   []uint32
	squares []float64
}

// see takes whole rows of width dims, of all that will come.
func (o *onlooker) see(rows []float32, dims, all int) {
	if o.first == nil {
		o.first = slices.Clone(rows[:dims])
		o.varies, o.constant = make([]bool, dims), dims
		o.min = math.Inf(1)
		o.columns = newColumns(dims)
		o.set, _ = kernel.Named("") // no error: the best there is
	}
	o.columns.see(rows, o.first, o.set)
	o.sample.see(rows, dims, all)
	for i, square := range o.squares(rows, dims) {
		row := rows[i*dims:][:dims]
		o.hashes = append(o.hashes, vec.Hash(row))
		if o.constant > 0 { // soon none is left to look for
			o.compare(row)
		}
		norm := math.Sqrt(square)
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

// squares gives vec.Dot of each row with itself; the kernels take a sixth of the time for the same bytes.
func (o *onlooker) squares(rows []float32, dims int) []float64 {
	w, n := &o.norms, len(rows)/dims
	for i := len(w.squares); i < n; i++ {
		w.rows, w.pairs, w.squares = append(w.rows, int32(i)), append(w.pairs, uint32(i<<16|i)), append(w.squares, 0)
	}
	if o.set == nil || n > 1<<16 {
		for i := range n {
			row := rows[i*dims:][:dims]
			w.squares[i] = vec.Dot(row, row)
		}
		return w.squares[:n]
	}
	o.set.Dot(&rows[0], dims, &w.rows[0], &w.rows[0], &w.pairs[0], n, &w.squares[0])
	return w.squares[:n]
}

func (o *onlooker) compare(row []float32) {
	for j, x := range row {
		if x != o.first[j] && !o.varies[j] {
			o.varies[j] = true
			o.constant--
		}
	}
}

func (o *onlooker) health() catalog.Health {
	h := catalog.Health{ZeroRows: o.zero, ConstantDims: o.constant}
	h.DuplicateRows = duplicates(o.hashes)
	if o.nonZeroes > 0 {
		h.NormMin, h.NormMax, h.NormMean = o.min, o.max, o.sum/float64(o.nonZeroes)
	}
	some := o.sample.kept
	ofSome := newColumns(some.Dims)
	ofSome.see(some.Data, o.first, o.set)
	_, dead := ofSome.spread(o.first, some.Rows)
	h.Spread = &catalog.Spread{Rows: some.Rows, Columns: some.Dims - dead}
	h.Spread.Share, h.Spread.WeakDims = o.columns.spread(o.first, len(o.hashes))
	h.Spread.WeakDims -= o.constant
	h.Spread.Rank, h.Spread.EffectiveRank = measure.Directions(some, catalog.Flat)
	return h
}

// columns are sums over all rows, of the differences from the first one: what is left of them when the sums are
// subtracted is then not lost beside a large mean.
type columns struct{ sums, squares []float64 }

func newColumns(dims int) columns { return columns{make([]float64, dims), make([]float64, dims)} }

// see takes whole rows. set may be nil: the bytes are the same.
func (c *columns) see(rows, first []float32, set *kernel.Set) {
	dims := len(first)
	from := 0
	for ; set != nil && from+kernel.MomentsColumns <= dims; from += kernel.MomentsColumns {
		set.Moments(&rows[from], dims, len(rows)/dims, &first[from], &c.sums[from], &c.squares[from])
	}
	for ; from < dims && len(rows) > 0; rows = rows[dims:] {
		row, sums, squares := rows[from:dims], c.sums[from:dims], c.squares[from:dims]
		for j, base := range first[from:] {
			a := float64(row[j]) - float64(base)
			sums[j] += a
			squares[j] += float64(a * a)
		}
	}
}

// spread gives catalog.Spread's share, and how many columns vary by less than catalog.Flat of the widest, constant ones too.
func (c *columns) spread(first []float32, rows int) (share float64, weak int) {
	n := float64(rows)
	variances := make([]float64, len(first))
	var within, means float64
	for j := range variances {
		mean := c.sums[j] / n
		variances[j] = max(0, c.squares[j]/n-mean*mean)
		within += variances[j]
		means += (float64(first[j]) + mean) * (float64(first[j]) + mean)
	}
	if within == 0 {
		return 0, len(first)
	}
	least := catalog.Flat * catalog.Flat * slices.Max(variances)
	for _, v := range variances {
		if v < least {
			weak++
		}
	}
	return math.Sqrt(within / (within + means)), weak
}

// sample keeps rows that stand evenly among all: as many as an eigenvalue problem is soon solved for, and 8 MiB at most.
type sample struct {
	kept knn.Matrix
	seen int
}

func (s *sample) see(rows []float32, dims, all int) {
	want := min(all, 512, max(2, (2<<20)/dims))
	for ; len(rows) >= dims; rows = rows[dims:] {
		if (s.seen+1)*want/all > s.seen*want/all {
			s.kept.Data = append(s.kept.Data, rows[:dims]...)
			s.kept.Rows, s.kept.Dims = s.kept.Rows+1, dims
		}
		s.seen++
	}
}

// duplicates counts the values that stand earlier, too, in any order of them; hashes is used up. Only values that share a
// bit of sixteen a value are sorted: a few per cent of them where none is a duplicate.
func duplicates(hashes []uint64) int {
	room := uint64(64) << bits.Len(uint(len(hashes)/4))
	once, twice := make([]uint64, room/64), make([]uint64, room/64)
	for _, h := range hashes {
		word, bit := h%room/64, uint64(1)<<(h%64)
		twice[word] |= once[word] & bit
		once[word] |= bit
	}
	hashes = slices.DeleteFunc(hashes, func(h uint64) bool { return twice[h%room/64]&(1<<(h%64)) == 0 })
	slices.Sort(hashes)
	return len(hashes) - len(slices.Compact(hashes))
}
