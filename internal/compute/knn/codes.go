package knn

import (
	"encoding/binary"
	"iter"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/kernel"
)

// A coder turns rows into 8-bit codes such that an integer sum bounds the rank value of a pair.
//
// Let w be the row's vector of the gauge (for dot: the row itself), scaled by a power of two and
// rotated by random signs and Hadamard transforms, which changes no inner product and spreads
// outlying columns. Side A codes it as w ≈ stepA·a, side B as w ≈ stepB·b, with errors whose norms
// eA and eB are measured, clipping included. By Cauchy-Schwarz, with hA = |stepA·a| + eA/2 and hB alike,
//
//	w(i)·w(j) ≤ stepA·stepB·a(i)·b(j) + hA(i)·eB(j) + eA(i)·hB(j).
//
// The two products are themselves appended as columns of codes, rounded up: hA and eB on one, eA and
// hB on the other, each `repeats` times so that they fit in 8 bits. One unit of the sum is
// unit = 2·stepA·stepB in rank value, so that for euclidean and cosine, where the rank value is
// |w(i)|² + |w(j)|² − 2·w(i)·w(j), a pair can only rank at or below t when
//
//	Σ a·b − |w(i)|²/unit − |w(j)|²/unit ≥ −t/unit,
//
// and for dot the same without the two lengths. Bases are rounded up and limits down by more than
// the float64 errors of all of it, which are below 1e-3 units. A row whose bounds overflow (a length
// far beyond the others') is given up: it survives every sieve and is ranked exactly with all rows.
//
// With a prefix (prefix.go) side A and B code the scores z of w on a few directions instead. Then
// w(i)·w(j) ≤ z(i)·z(j) + t(i)·t(j) with t the length of the rest, and t is one more bound, spread
// over `tails` columns on both sides. What survives is looked at again by the codes of all columns, pair by
// pair, or, where much of a panel does, by a sieve of all columns.
type coder struct {
	g       *gauge
	set     *kernel.Set
	width   int       // coded columns: D rounded up to 16, or those of the prefix
	full    int       // D rounded up to 16
	depth   int       // groups of four codes of a row, bounds included
	repeats int       // of each bound
	prefix  *prefix   // nil: all columns are sieved
	whole   *coder    // of all columns; c itself without a prefix
	tails   int       // columns of the tail's bound
	stepTA  float64   // of the codes of the tail on side A; B's is stepA·stepB/stepTA
	step    float64   // of the codes of all columns, both sides
	scale   float64   // a power of two: lengths are about 1
	signs   []float32 // ±1/√n by column, n the groups of the column's Hadamard transform
	chunks  []chunk
	stepA   float64
	stepB   float64
	unit    float64 // of the integer sum, in scaled rank value
	stepHA  float64 // of the codes of hA; eB's is stepA·stepB/stepHA
	stepHB  float64 // of the codes of hB; eA's is stepA·stepB/stepHB
}

// chunk is a run of groups of 16 columns, a power of two of them, that is transformed together.
type chunk struct{ column, groups int }

const (
	openLimit  = -1_100_000_000 // every pair of two rows survives: sums are above −1e9
	emptyBase  = -1_150_000_000 // no pair survives, since the codes are zero; two such bases less the
	emptyLimit = -500_000_000   // limit still fit in 32 bits
	maxLength  = 1 << 27        // of |w|²/unit
	maxLimit   = 1_000_000_000
)

// newCoder chooses the steps from the lengths of the rows and the errors of some of them.
func newCoder(g *gauge, set *kernel.Set, rows []int32) *coder {
	width := (g.x.Dims + 15) &^ 15
	c := &coder{g: g, set: set, width: width, full: width, repeats: 1}
	c.mix()
	some := sample(rows, 4096)
	lengths := make([]float64, len(some))
	for i, row := range some {
		lengths[i] = c.norm(row)
	}
	slices.Sort(lengths)
	middle, top := lengths[len(lengths)/2], lengths[len(lengths)-1]
	if middle == 0 {
		middle = top
	}
	if middle == 0 {
		middle = 1
	}
	_, exponent := math.Frexp(middle)
	c.scale = math.Ldexp(1, -exponent)
	middle, top = middle*c.scale, math.Max(top, middle)*c.scale
	c.step = 4 * middle / math.Sqrt(float64(c.width)) / 127
	c.chooseSteps(c.step)
	c.chooseBounds(some, math.Min(1.05*top, 3*middle))
	c.whole = c
	return c
}

func (c *coder) chooseSteps(step float64) {
	c.stepB = step
	c.stepA = step * 127 / float64(c.set.MaxA)
	c.unit = 2 * c.stepA * c.stepB
}

// sample takes at most n rows, evenly spread.
func sample(rows []int32, n int) []int32 {
	if len(rows) <= n {
		return rows
	}
	some := make([]int32, n)
	for i := range some {
		some[i] = rows[i*len(rows)/n]
	}
	return some
}

// mix prepares the rotation.
func (c *coder) mix() {
	c.signs = make([]float32, c.width)
	r := rand.New(rand.NewPCG(1, 2))
	for left, at := c.width/16, 0; left > 0; {
		n := 1 << (bits.Len(uint(left)) - 1)
		c.chunks = append(c.chunks, chunk{at, n})
		for d := at; d < at+16*n; d++ {
			c.signs[d] = float32(1 / math.Sqrt(float64(n)))
			if r.Uint64()&1 == 0 {
				c.signs[d] = -c.signs[d]
			}
		}
		left, at = left-n, at+16*n
	}
}

// chooseBounds sets the steps of the bound columns so that lengths up to `top` and twice the errors of
// a sample fit.
func (c *coder) chooseBounds(some []int32, top float64) {
	s := c.scratch()
	var errorA, errorB float64
	for row := range c.loaded(sample(some, 512), s) {
		r := c.measure(row, s)
		if r.hA <= top && r.hB <= top {
			errorA, errorB = max(errorA, r.eA), max(errorB, r.eB)
		}
	}
	errorA, errorB = math.Max(2*errorA, 1e-6*top), math.Max(2*errorB, 1e-6*top)
	product, mostA, mostB := c.stepA*c.stepB, float64(c.set.MaxA), 255.0
	for c.repeats < 64 && top*math.Max(errorA, errorB) > 0.8*float64(c.repeats)*product*mostA*mostB {
		c.repeats++
	}
	share := math.Sqrt(float64(c.repeats))
	// Each step lies between what the length needs and what the error allows, in the middle.
	c.stepHA = math.Sqrt(top / share / mostA * mostB * product * share / errorB)
	c.stepHB = math.Sqrt(top / share / mostB * mostA * product * share / errorA)
	c.depth = (c.width + 2*c.repeats + c.tails + 3) / 4
}

// norm is |w| of a row, unscaled.
func (c *coder) norm(row int32) float64 {
	if c.g.metric == catalog.Dot {
		return c.g.size[row]
	}
	return math.Sqrt(c.g.size[row])
}

// scratch are the buffers of one goroutine.
type scratch struct {
	rows   []float32 // with a prefix: the block's vectors w, scaled
	scores []float32 // and their scores
	x      []float32 // the row's vector w, scaled
	z      []float32 // its scores
	y      []float32 // what is coded
	a, b   []int8
	groups []byte // a row's codes of side B, or A, in order
}

func (c *coder) scratch() *scratch {
	s := &scratch{x: make([]float32, c.g.x.Dims), y: make([]float32, c.full), a: make([]int8, c.full), b: make([]int8, c.full), groups: make([]byte, c.full+2*64+64+4)}
	if c.prefix != nil {
		s.rows = make([]float32, kernel.BlockRows*c.g.x.Dims)
		s.scores = make([]float32, kernel.BlockRows*c.prefix.project.columns)
	}
	return s
}

// loadBlock puts the scaled vectors of the rows into s.rows, and their scores into s.scores.
func (c *coder) loadBlock(rows []int32, s *scratch) {
	if c.prefix != nil {
		rowsOf(c.g, rows, c.scale, s.rows)
		c.prefix.project.multiply(s.rows, len(rows), c.g.x.Dims, s.scores)
	}
}

// loaded gives some rows one after the other, each loaded.
func (c *coder) loaded(rows []int32, s *scratch) iter.Seq[int32] {
	return func(yield func(row int32) bool) {
		for part := range slices.Chunk(rows, kernel.BlockRows) {
			c.loadBlock(part, s)
			for i, row := range part {
				if c.loadOf(row, i, s); !yield(row) {
					return
				}
			}
		}
	}
}

// loadOf takes the i-th row of the block that was loaded: its scaled vector into s.x, and its scores into s.z.
func (c *coder) loadOf(row int32, i int, s *scratch) {
	if c.prefix == nil {
		c.g.vector(s.x, row, c.scale)
		return
	}
	d, stride := c.g.x.Dims, c.prefix.project.columns
	copy(s.x, s.rows[i*d:(i+1)*d])
	s.z = s.scores[i*stride : (i+1)*stride]
}

// measured is what is known of one coded row.
type measured struct {
	length         float64 // |w|
	hA, eA, hB, eB float64
	sumA, sumB     int32
	tail           float64
}

// measure codes a row into s.a and s.b. The errors hold the rounding of y and of the sums in float32:
// some twenty roundings of 2⁻²⁴ each in norm, and (D/16+8)·2⁻²⁴ relative of the sum of squares.
func (c *coder) measure(row int32, s *scratch) measured {
	r := measured{length: c.norm(row) * c.scale}
	slack := 3e-6 * r.length
	if c.prefix == nil {
		c.rotate(s)
	} else {
		slack = c.prefix.load(s, &r)
	}
	bound := func(step float64, most int32, q []int8) (h, e float64, sum int32) {
		sum, errors, squares := c.set.Quantise(&s.y[0], c.width, float32(1/step), float32(step), most, &q[0])
		e = math.Sqrt(float64(errors))*1.0002 + slack
		return math.Sqrt(float64(squares))*step*1.000001 + e/2, e, sum
	}
	r.hB, r.eB, r.sumB = bound(c.stepB, 127, s.b)
	r.hA, r.eA, r.sumA = r.hB, r.eB, r.sumB
	if c.set.MaxA == 127 {
		copy(s.a[:c.width], s.b)
	} else {
		r.hA, r.eA, r.sumA = bound(c.stepA, c.set.MaxA, s.a)
	}
	return r
}

// rotate puts the row's vector, rotated, into s.y.
func (c *coder) rotate(s *scratch) {
	for d, v := range s.x {
		s.y[d] = v * c.signs[d]
	}
	clear(s.y[len(s.x):])
	for _, chunk := range c.chunks {
		if chunk.groups > 1 {
			c.set.Hadamard(&s.y[chunk.column], chunk.groups)
		}
	}
}

// encodeAll codes all columns of row i, for the diagonal and for a second look at what survives.
func (c *coder) encodeAll(b *codedBlock, i int, s *scratch) measured {
	r := c.measure(b.rows[i], s)
	copy(b.codes[i*b.stride:], s.b[:c.full])
	b.sums[i], b.spread[i], b.length[i] = r.sumB, float32(r.eB*1.000001), float32(r.hB*1.000001)
	if c.g.metric != catalog.Dot {
		b.size[i] = float32(r.length * r.length)
	}
	// A row far longer than the others: what is infinite here says nothing.
	b.vague[i] = !(float64(b.size[i])+float64(b.spread[i])*float64(b.spread[i]) < math.MaxFloat32/1e6)
	return r
}

// encode puts row i of the block into its panels and tables.
func (c *coder) encode(b *codedBlock, i int, s *scratch) {
	c.loadOf(b.rows[i], i, s)
	r := c.whole.encodeAll(b, i, s)
	if c.prefix != nil {
		if b.whole.limit != nil {
			c.whole.fill(&b.whole, i, r, s)
		}
		r = c.measure(b.rows[i], s)
	}
	c.fill(&b.sieve, i, r, s)
}

// fill puts the row that was measured last into place i.
func (c *coder) fill(to *sieved, i int, r measured, s *scratch) {
	share := math.Sqrt(float64(c.repeats))
	product := c.stepA * c.stepB
	fits := true
	code := func(v, step float64, most float64) byte {
		q := math.Ceil(v / step)
		if !(q <= most) { // NaN too
			fits, q = false, 0
		}
		return byte(q)
	}
	hA, eB := code(r.hA/share, c.stepHA, float64(c.set.MaxA)), code(r.eB/share, product/c.stepHA, 255)
	eA, hB := code(r.eA/share, product/c.stepHB, float64(c.set.MaxA)), code(r.hB/share, c.stepHB, 255)
	length := 0.0
	if c.g.metric != catalog.Dot {
		length = r.length * r.length / c.unit
	}
	if !(length <= maxLength) {
		fits, length = false, 0
	}
	var tailA, tailB byte
	if c.tails > 0 {
		each := r.tail / math.Sqrt(float64(c.tails))
		tailA, tailB = code(each, c.stepTA, float64(c.set.MaxA)), code(each, product/c.stepTA, 255)
	}
	bounds := func(side []byte, first, second, tail byte) {
		side = side[c.width:]
		clear(side)
		for n := range c.repeats {
			side[2*n], side[2*n+1] = first, second
		}
		for n := range c.tails {
			side[2*c.repeats+n] = tail
		}
	}
	side := s.groups[:4*c.depth]
	for d, q := range s.a[:c.width] {
		side[d] = byte(q)
	}
	bounds(side, hA, eA, tailA)
	c.place(side, i, c.set.PanelA, bytesOf(to.panelA))
	for d, q := range s.b[:c.width] {
		side[d] = byte(int(q) + 128)
	}
	bounds(side, eB, hB, tailB)
	c.place(side, i, c.set.PanelB, to.panelB)
	base := 1 - int32(length)
	to.baseB[i], to.baseA[i] = base, base-128*r.sumA
	to.limit[i], to.fixed[i] = openLimit, !fits
}

// place puts a row's codes into panels, four at a time.
func (c *coder) place(codes []byte, row, panel int, panels []byte) {
	panels = panels[row/panel*panel*4*c.depth+row%panel*4:]
	for g := range c.depth {
		binary.LittleEndian.PutUint32(panels[g*panel*4:], binary.LittleEndian.Uint32(codes[4*g:]))
	}
}

// limit is the smallest sum with which a pair may still rank at or below tau.
func (c *coder) limit(tau float64) int32 {
	v := tau * c.scale * c.scale / c.unit
	if !(v < maxLimit) {
		return openLimit
	}
	return -int32(math.Floor(math.Max(v, -maxLimit/2))) - 3
}
