package knn

import (
	"math"

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
		if !b.fixed[i] {
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
			if lower[j] <= max(seeds[i], seeds[j]) {
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

// multiply fills products with the inner products of the codes, bounds left out.
func (w *tileWorker) multiply(b *codedBlock) {
	depth := w.coder.width / 4
	bases := make([]int32, w.set.PanelA)
	for row := 0; row < b.n; row += w.set.PanelA {
		for i := range bases {
			bases[i] = b.baseA[row+i] - b.baseB[row+i] // −128 times the sum of the row's codes
		}
		for column := 0; column < b.n; column += w.set.PanelB {
			w.set.Multiply(&b.panelA[row*4*w.coder.depth], &b.panelB[column*4*w.coder.depth], depth, 1, &bases[0], &w.products[row*kernel.BlockRows+column], kernel.BlockRows)
		}
	}
}

// bounds fills a row of lower, and upper, with what row i's scaled rank values lie between. Rounding
// in float32 is within 4e-6 of the squared lengths and 1e-6 of the product of lengths.
func (w *tileWorker) bounds(b *codedBlock, i int) {
	const all = kernel.BlockRows
	products, lower, upper := w.products[i*all:i*all+b.n], w.lower[i*all:i*all+b.n], w.upper[:b.n]
	sizes, lengths, spreads := b.size[:b.n], b.length[:b.n], b.spread[:b.n]
	size, length, spread, unit := sizes[i], lengths[i], spreads[i], float32(w.coder.unit)
	for j, product := range products {
		sum := size + sizes[j]
		middle := sum - unit*float32(product)
		slack := 2*(length*spreads[j]+spread*lengths[j]) + 4e-6*sum + 1e-6*length*lengths[j]
		lower[j], upper[j] = middle-slack, middle+slack
	}
	upper[i] = float32(math.Inf(1))
	for j, fixed := range b.fixed[:b.n] {
		if fixed {
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
	return kthSmallest(nearest, k)
}

// kthSmallest reorders the values and gives the k-th smallest, k from 1 (Hoare's selection).
func kthSmallest(v []float32, k int) float32 {
	lo, hi := 0, len(v)-1
	for lo < hi {
		pivot := v[lo+(hi-lo)/2]
		i, j := lo, hi
		for i <= j {
			for v[i] < pivot {
				i++
			}
			for v[j] > pivot {
				j--
			}
			if i <= j {
				v[i], v[j] = v[j], v[i]
				i++
				j--
			}
		}
		switch {
		case k-1 <= j:
			hi = j
		case k-1 >= i:
			lo = i
		default:
			return v[k-1]
		}
	}
	return v[k-1]
}
