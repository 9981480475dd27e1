package measure

import (
	"math"
	"slices"

	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/vec"
)

// What the labels of the rows say row by row. labels are those of [Labels]: one of 0..count−1 for each row of the space, −1
// for none; rows without a label have NaN.

// Purity gives for each list the share of the k nearest that carry the row's own label; NaN for a list that was left out and for a
// row without a label. labels are those of [Labels].
func Purity(t *knn.Table, labels []int32, k int) []float64 {
	out := make([]float64, t.Lists())
	for i := range out {
		own := labels[t.RowOf(i)]
		if out[i] = math.NaN(); own < 0 || t.Excluded(i) {
			continue
		}
		same := 0
		for _, j := range t.Neighbours(i)[:k] {
			if labels[j] == own {
				same++
			}
		}
		out[i] = float64(same) / float64(k)
	}
	return out
}

// Margin gives for each list the share of the k nearest with the row's own label, less that of the most frequent other one: below
// 0 the majority says another. NaN as for [Purity]; neighbours without a label are of none.
func Margin(t *knn.Table, labels []int32, count, k int) []float64 {
	out, votes := make([]float64, t.Lists()), make([]int, count)
	for i := range out {
		own := labels[t.RowOf(i)]
		if out[i] = math.NaN(); own < 0 || t.Excluded(i) {
			continue
		}
		same, most := 0, 0
		for _, j := range t.Neighbours(i)[:k] {
			switch label := labels[j]; {
			case label == own:
				same++
			case label >= 0:
				votes[label]++
				most = max(most, votes[label])
			}
		}
		for _, j := range t.Neighbours(i)[:k] {
			if label := labels[j]; label >= 0 {
				votes[label] = 0
			}
		}
		out[i] = float64(same-most) / float64(k)
	}
	return out
}

// Flips says for each list whether the nearest row changes sides: 1 when that in b carries the row's own label and that in a does
// not, −1 the other way round, else 0. NaN for a list that either table left out and for a row without a label.
func Flips(a, b *knn.Table, labels []int32) []float64 {
	out := make([]float64, a.Lists())
	for i := range out {
		own := labels[a.RowOf(i)]
		if out[i] = math.NaN(); own < 0 || a.Excluded(i) || b.Excluded(i) {
			continue
		}
		out[i] = truth(labels[b.Neighbours(i)[0]] == own) - truth(labels[a.Neighbours(i)[0]] == own)
	}
	return out
}

// Silhouette is the mean of [Silhouettes], and so the reason when there is none.
func Silhouette(x knn.Matrix, labels []int32, count int) Result {
	values, reason := Silhouettes(x, labels, count)
	if reason != "" {
		return Result{Reason: reason}
	}
	values = slices.DeleteFunc(values, math.IsNaN)
	r := finite(meanOf(values))
	if r.Reason == "" {
		r.CI95 = stretched(values, CI95)
	}
	return r
}

// Silhouettes gives for each row (b − a)/max(a, b) in cosine distance: a is its mean distance to the others of its label, b that to
// the nearest other label (Rousseeuw 1987). The mean cosine distance to a label is 1 − u·(mean of its unit rows), so
// that it is exact in one pass. A row alone with its label counts 0, as in scikit-learn; rows of zeros and without a label are NaN.
// reason says why there are none.
func Silhouettes(x knn.Matrix, labels []int32, count int) (values []float64, reason string) {
	sums, sizes := make([]float64, count*x.Dims), make([]float64, count)
	unit := make([]float64, x.Rows)
	for i := range x.Rows {
		if labels[i] < 0 || vec.Norm(x.Row(i)) == 0 {
			continue
		}
		unit[i] = vec.Unit(x.Row(i))
		sizes[labels[i]]++
		sum := sums[int(labels[i])*x.Dims:]
		for c, v := range x.Row(i) {
			sum[c] += float64(v) * unit[i]
		}
	}
	used := 0
	for _, size := range sizes {
		used += int(min(size, 1))
	}
	switch {
	case used > 0 && slices.Max(sizes) == 1:
		return nil, aloneWithLabel
	case used < 2:
		return nil, "needs at least two labels"
	}
	values = make([]float64, x.Rows)
	for i := range values {
		if values[i] = math.NaN(); unit[i] == 0 {
			continue
		}
		own, a, b := labels[i], 0.0, math.Inf(1)
		for label, size := range sizes {
			if size == 0 {
				continue
			}
			var dot float64
			for c, v := range x.Row(i) {
				dot += float64(v) * sums[label*x.Dims+c]
			}
			dot *= unit[i]
			if int32(label) == own {
				a = 1 - (dot-1)/(size-1) // its own product is 1
			} else {
				b = min(b, 1-dot/size)
			}
		}
		values[i] = 0
		if sizes[own] > 1 && max(a, b) != 0 {
			values[i] = (b - a) / max(a, b)
		}
	}
	return values, ""
}
