package knn

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/pentoai/vectory/internal/compute/kernel"
)

// diagonal looks at every pair within one block. All its products are at hand, so that the first
// bound of each row comes from them, before anything is ranked: the k-th smallest upper bound.
func (w *tileWorker) diagonal(b *codedBlock) {
	const all = kernel.BlockRows
	if w.products == nil {
		w.products, w.lower = make([]int32, all*all), make([]float32, all*all)
		w.upper, w.nearest = make([]float32, all), make([]float32, all)
	}
	w.multiply(b)
	seeds := make([]float32, b.n)
	for i := range b.n {
		seeds[i] = float32(math.Inf(1))
		if !b.vague[i] {
			w.bounds(b, i)
			seeds[i] = w.seed(b.n)
		}
	}
	squared := w.coder.scale * w.coder.scale
	b.mu.Lock()
	for i, seed := range seeds {
		if !math.IsInf(float64(seed), 0) {
			w.bound(b, i, above(float64(seed)/squared))
		}
	}
	b.mu.Unlock()
	found := 0
	for i := range b.n {
		lower := w.lower[i*all : i*all+b.n]
		for j := i + 1; j < b.n; j++ {
			if lower[j] <= max(seeds[i], seeds[j]) || b.vague[i] {
				w.pairs[found] = uint32(i)<<16 | uint32(j)
				found++
			}
		}
		if found >= flushFrom {
			w.rank(b, b, w.pairs[:found])
			found = 0
		}
	}
	w.rank(b, b, w.pairs[:found])
	w.work.advance(1)
}

// multiply fills products with the inner products of the codes of all columns. Where side A has fewer
// codes than ±127, they are rounded once more; bounds allows for it.
func (w *tileWorker) multiply(b *codedBlock) {
	c := w.coder
	depth := c.full / 4
	if w.panelA == nil {
		w.panelA, w.panelB, w.bases = make([]int8, kernel.BlockRows*c.full), make([]uint8, kernel.BlockRows*c.full), make([]int32, kernel.BlockRows)
	}
	for row := range b.n {
		sideB := b.codes[row*b.stride : row*b.stride+c.full]
		sideA, sum := sideB, b.sums[row]
		if w.set.MaxA != 127 {
			sideA, sum = w.fewer(sideB)
		}
		w.bases[row] = -128 * sum
		stepA, stepB := 4*w.set.PanelA, 4*w.set.PanelB
		panelA := bytesOf(w.panelA)[row/w.set.PanelA*w.set.PanelA*c.full+row%w.set.PanelA*4:]
		panelB := w.panelB[row/w.set.PanelB*w.set.PanelB*c.full+row%w.set.PanelB*4:]
		a, b := bytesOf(sideA), bytesOf(sideB)
		for g := range depth {
			binary.LittleEndian.PutUint32(panelA[g*stepA:], binary.LittleEndian.Uint32(a[4*g:]))
			binary.LittleEndian.PutUint32(panelB[g*stepB:], binary.LittleEndian.Uint32(b[4*g:])^0x80808080) // + 128
		}
	}
	for column := 0; column < b.n; column += w.set.PanelB {
		w.set.Multiply(&w.panelA[0], &w.panelB[column*c.full], depth, (b.n+w.set.PanelA-1)/w.set.PanelA, &w.bases[0], &w.products[column], kernel.BlockRows)
	}
}

// fewer rounds codes to the range of side A.
func (w *tileWorker) fewer(codes []int8) (out []int8, sum int32) {
	if w.rounded == nil {
		w.rounded = make([]int8, len(codes))
		for q := -127; q <= 127; q++ {
			w.table[q+127] = int8(math.RoundToEven(float64(q) * float64(w.set.MaxA) / 127))
		}
	}
	for d, q := range codes {
		r := w.table[int(q)+127]
		w.rounded[d] = r
		sum += int32(r)
	}
	return w.rounded, sum
}

// bounds fills a row of lower, and upper, with what row i's scaled rank values lie between. Rounding
// in float32 is within 4e-6 of the squared lengths and 1e-6 of the product of lengths.
func (w *tileWorker) bounds(b *codedBlock, i int) {
	const all = kernel.BlockRows
	products, lower, upper := w.products[i*all:i*all+b.n], w.lower[i*all:i*all+b.n], w.upper[:b.n]
	sizes, lengths, spreads := b.size[:b.n], b.length[:b.n], b.spread[:b.n]
	size, length, spread, unit := sizes[i], lengths[i], spreads[i], float32(2*w.coder.step*w.coder.step*127/float64(w.set.MaxA))
	if w.set.MaxA != 127 { // half a step of side A in each column
		more := float32(w.coder.step * 127 / float64(w.set.MaxA) / 2 * math.Sqrt(float64(w.coder.full)) * 1.000001)
		spread, length = spread+more, length+more
	}
	for j, product := range products {
		sum := size + sizes[j]
		middle := sum - unit*float32(product)
		slack := 2*(length*spreads[j]+spread*lengths[j]) + 4e-6*sum + 1e-6*length*lengths[j]
		lower[j], upper[j] = middle-slack, middle+slack
	}
	upper[i] = float32(math.Inf(1))
	for j, vague := range b.vague[:b.n] {
		if vague {
			lower[j], upper[j] = float32(math.Inf(-1)), float32(math.Inf(1))
		}
	}
}

// seed bounds the k-th smallest of the first n upper bounds from above: columns are taken in groups,
// and the k-th smallest of the groups' smallest is at least that of all. With four groups for each of
// k it is rarely more.
func (w *tileWorker) seed(n int) float32 {
	k := w.p.K
	width := max(1, min(8, n/(4*k)))
	nearest := w.nearest[:0]
	for from := 0; from+width <= n; from += width {
		least := w.upper[from]
		for _, v := range w.upper[from+1 : from+width] {
			least = min(least, v)
		}
		nearest = append(nearest, least)
	}
	if len(nearest) < k+1 {
		return float32(math.Inf(1))
	}
	selectSmallest(nearest, nil, k)
	return slices.Max(nearest[:k])
}
