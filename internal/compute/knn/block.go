package knn

// A block is a run of rows in the layout that the kernel reads: strips of `strip` rows, a strip
// being depth columns of `strip` values. Missing rows of the last strip are zeros.
type block struct {
	strip  int
	depth  int
	rows   []int32
	values []float64
	bases  []float64 // h of each row
}

// The kernel multiplies leftStrip rows with rightStrip rows. 2×4 is what fits in the registers that
// scalar Go has: 8 sums, 2 left values, 1 right value and the product.
const (
	leftStrip  = 2
	rightStrip = 4
)

// blockRows is the number of rows of a block: 96, or less for long rows so that one block stays
// near half of a 1 MiB cache. A multiple of both strips.
func blockRows(depth int) int {
	const budget = 512 << 10
	rows := budget / (8 * depth)
	return min(max(rows&^(rightStrip-1), 2*rightStrip), 96)
}

// fill packs the rows into b, reusing its memory.
func (b *block) fill(g *gauge, rows []int32, strip int) {
	strips := (len(rows) + strip - 1) / strip
	b.strip, b.depth, b.rows = strip, g.depth, rows
	if need := strips * strip * g.depth; cap(b.values) < need {
		b.values = make([]float64, need)
	} else {
		b.values = b.values[:need]
	}
	b.bases = b.bases[:0]
	for at, row := range rows {
		g.write(b.at(at / strip)[at%strip:], strip, row)
		b.bases = append(b.bases, g.base(row))
	}
	for at := len(rows); at < strips*strip; at++ {
		tail := b.at(at / strip)[at%strip:]
		for c := 0; c < len(tail); c += strip {
			tail[c] = 0
		}
	}
}

// at is strip s.
func (b *block) at(s int) []float64 {
	size := b.strip * b.depth
	return b.values[s*size : (s+1)*size]
}

// multiply puts the inner products of the rows of a (strips of 2) and b (strips of 4) into out,
// row-major with the given stride, a multiple of 4 and at least the rows of b.
func multiply(a, b *block, out []float64, stride int) {
	var tile [leftStrip * rightStrip]float64
	for j := 0; j < len(b.rows); j += rightStrip {
		right := b.at(j / rightStrip)
		for i := 0; i < len(a.rows); i += leftStrip {
			multiplyStrips(a.at(i/leftStrip), right, &tile)
			copy(out[i*stride+j:], tile[:rightStrip])
			copy(out[(i+1)*stride+j:], tile[rightStrip:])
		}
	}
}

// multiplyStrips multiplies a strip of 2 rows with a strip of 4 rows: 8 inner products at once, two
// columns a step. Lengths are 2·depth and 4·depth with an even depth. The slices shrink as they are
// read, which is what frees the loop of bounds checks.
func multiplyStrips(a, b []float64, out *[leftStrip * rightStrip]float64) {
	var s0, s1, s2, s3, t0, t1, t2, t3 float64
	for len(a) >= 4 && len(b) >= 8 {
		x, y := a[0], a[1]
		z := b[0]
		s0 += x * z
		t0 += y * z
		z = b[1]
		s1 += x * z
		t1 += y * z
		z = b[2]
		s2 += x * z
		t2 += y * z
		z = b[3]
		s3 += x * z
		t3 += y * z
		x, y = a[2], a[3]
		z = b[4]
		s0 += x * z
		t0 += y * z
		z = b[5]
		s1 += x * z
		t1 += y * z
		z = b[6]
		s2 += x * z
		t2 += y * z
		z = b[7]
		s3 += x * z
		t3 += y * z
		a, b = a[4:], b[8:]
	}
	*out = [leftStrip * rightStrip]float64{s0, s1, s2, s3, t0, t1, t2, t3}
}
