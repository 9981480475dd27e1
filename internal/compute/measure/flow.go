package measure

import (
	"cmp"
	"math"
	"slices"

	"github.com/pentoai/vectory/internal/compute/knn"
)

// Flow gives for each label c the share of its rows' k nearest that carry label d: count×count, row-major, rows
// summing to 1 less what carries no label. labels is as in [Groups]. A label without lists has zeros.
func Flow(t *knn.Table, labels []int32, count, k int) []float64 {
	shares, places := make([]float64, count*count), make([]float64, count)
	for i := range t.Lists() {
		own := labels[t.RowOf(i)]
		if own < 0 || t.Excluded(i) {
			continue
		}
		places[own] += float64(k)
		for _, j := range t.Neighbours(i)[:k] {
			if label := labels[j]; label >= 0 {
				shares[int(own)*count+int(label)]++
			}
		}
	}
	for at := range shares {
		if n := places[at/count]; n > 0 {
			shares[at] /= n
		}
	}
	return shares
}

// apart is the two-sided p of Welch's test that the mean of some values is that of the others, by the normal
// law; false where either are fewer than [MinGroupRows] or all are equal.
func apart(n, sum, squares, others, otherSum, otherSquares float64) (p float64, ok bool) {
	if n < MinGroupRows || others < MinGroupRows {
		return 0, false
	}
	variance := func(n, sum, squares float64) float64 { return max(0, squares-sum*sum/n) / (n - 1) }
	spread := variance(n, sum, squares)/n + variance(others, otherSum, otherSquares)/others
	if spread == 0 {
		return 0, false
	}
	return math.Erfc(math.Abs(sum/n-otherSum/others) / math.Sqrt(2*spread)), true
}

// BenjaminiHochberg gives each p its q: the smallest share of false findings at which it would be one (Benjamini
// and Hochberg 1995).
func BenjaminiHochberg(p []float64) []float64 {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(p[i], p[j]) })
	q := make([]float64, len(p))
	least := 1.0
	for at := len(order) - 1; at >= 0; at-- {
		least = min(least, p[order[at]]*float64(len(p))/float64(at+1))
		q[order[at]] = least
	}
	return q
}

// differing fills in Q of the groups: whether the Jaccard of a group is unlike that of all other rows.
func differing(groups []Group, members [][]int32, shared []int32, k int) {
	var all, allSum, allSquares float64
	sums := func(rows []int32) (n, sum, squares float64) {
		for _, i := range rows {
			v := Jaccard.Value(shared[i], k)
			n, sum, squares = n+1, sum+v, squares+v*v
		}
		return n, sum, squares
	}
	for _, rows := range members {
		n, sum, squares := sums(rows)
		all, allSum, allSquares = all+n, allSum+sum, allSquares+squares
	}
	var tested []int
	var ps []float64
	for at := range groups {
		n, sum, squares := sums(members[groups[at].Label])
		if p, ok := apart(n, sum, squares, all-n, allSum-sum, allSquares-squares); ok {
			tested, ps = append(tested, at), append(ps, p)
		}
	}
	for i, q := range BenjaminiHochberg(ps) {
		groups[tested[i]].Q = &q
	}
}
