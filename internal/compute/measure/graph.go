package measure

import (
	"math"
	"slices"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/vec"
)

func sqrt(v float64) float64 { return math.Sqrt(v) }

// Occurrences counts how often each row is among the k nearest of another.
func Occurrences(t *knn.Table, k int) []int32 {
	counts := make([]int32, t.Rows)
	for i := range t.Lists() {
		if t.Excluded(i) {
			continue
		}
		for _, j := range t.Neighbours(i)[:k] {
			counts[j]++
		}
	}
	return counts
}

// Hubness gives how unevenly the rows of a full table serve as neighbours, by name: the skewness of the
// occurrences (of the population, as scipy), Robin Hood (the share that would have to move for all to be
// equal), and the share of rows that are nobody's neighbour. Rows that were left out do not count.
func Hubness(t *knn.Table, k int) map[string]Result {
	var counts []float64
	for row, n := range Occurrences(t, k) {
		if !t.Excluded(row) {
			counts = append(counts, float64(n))
		}
	}
	names := []string{"hubness_skew", "hubness_robin_hood", "antihubs"}
	out := map[string]Result{}
	if len(counts) == 0 {
		for _, name := range names {
			out[name] = Result{Reason: "no row takes part"}
		}
		return out
	}
	n, mean := float64(len(counts)), meanOf(counts)
	var second, third, off, none float64
	for _, c := range counts {
		d := c - mean
		second += d * d / n
		third += d * d * d / n
		off += math.Abs(d)
		if c == 0 {
			none++
		}
	}
	out["hubness_skew"] = Result{Reason: "every row is as often a neighbour"}
	if second > 0 {
		out["hubness_skew"] = Result{Value: third / math.Pow(second, 1.5)}
	}
	out["hubness_robin_hood"] = Result{Value: off / (2 * n * mean)}
	out["antihubs"] = Result{Value: none / n}
	return out
}

// IntrinsicDimension estimates from a full table how many coordinates the rows need near each other, by
// name: TwoNN, (N−1)/Σ ln(r₂/r₁) (Facco et al. 2017); and the maximum likelihood of Levina and Bickel at k,
// (k−1)/Σ ln(r_k/r_j) row by row, its harmonic mean as MacKay and Ghahramani corrected it; and Gride at the neighbours k/2 and k. Rows with a
// duplicate have r₁ = 0 and are dropped, and the note says how many. The metric must be a distance that
// grows like euclidean near 0: of cosine the root is taken; dot has none.
func IntrinsicDimension(t *knn.Table, x knn.Matrix, metric catalog.Metric, k int) map[string]Result {
	out := map[string]Result{}
	if metric == catalog.Dot {
		r := Result{Reason: "dot is not a distance"}
		out["dimension_twonn"], out["dimension_mle"], out["dimension_gride"] = r, r, r
		return out
	}
	k = min(k, t.K)
	var pairs, rows, dropped int
	var logs, inverse float64
	var apart []float64 // ln of the ratio of two distances, for Gride
	n1, n2 := k/2, k/2*2
	r := make([]float64, k)
	for i := range t.Lists() {
		if t.Excluded(i) {
			continue
		}
		for at, j := range t.Neighbours(i)[:k] {
			r[at] = vec.Distance(metric, x.Row(t.RowOf(i)), x.Row(int(j)))
			if metric == catalog.Cosine {
				r[at] = math.Sqrt(2 * r[at])
			}
		}
		if k < 2 || r[0] == 0 {
			dropped++
			continue
		}
		pairs++
		logs += math.Log(r[1] / r[0])
		var sum float64
		for _, d := range r[:k-1] {
			sum += math.Log(r[k-1] / d)
		}
		if k > 2 {
			rows++
			inverse += sum / float64(k-1)
		}
		if n1 > 0 && r[n2-1] > r[n1-1] {
			apart = append(apart, math.Log(r[n2-1]/r[n1-1]))
		}
	}
	note := ""
	if dropped > 0 {
		note = "rows with a duplicate are left out"
	}
	out["dimension_twonn"] = Result{Reason: "needs 20 rows that are not duplicates"}
	if pairs >= 20 && logs > 0 {
		out["dimension_twonn"] = Result{Value: float64(pairs-1) / logs, Note: note}
	}
	out["dimension_gride"] = gride(apart, n1, n2)
	out["dimension_mle"] = Result{Reason: "needs k above 2 and rows that are not duplicates"}
	if rows >= 20 && inverse > 0 {
		out["dimension_mle"] = Result{Value: float64(rows) / inverse, Note: note}
	}
	return out
}

// Labels says how well the neighbours know a row's label, by name: the share of rows whose label the
// majority of their k nearest guesses (ties go to the label whose row is nearest), and the mean share of
// neighbours with the row's own label. labels has one of 0..count−1 for each row, −1 for none: such rows
// are not asked, and as neighbours carry no label. Precision at 1 asks the nearest only, recall whether any of the k carries the label; nDCG weighs place j by
// 1/log₂(j+1) and divides by the best that is possible, and does not ask rows that are alone with their label. Chance pairs labels with rows at random.
func Labels(t *knn.Table, labels []int32, count, k int) map[string]Result {
	var right, pure, first, any, gains []float64
	sizes := make([]float64, count)
	for i := range t.Lists() {
		if own := labels[t.RowOf(i)]; own >= 0 && !t.Excluded(i) {
			sizes[own]++
		}
	}
	votes := make([]int, count)
	for i := range t.Lists() {
		own := labels[t.RowOf(i)]
		if own < 0 || t.Excluded(i) {
			continue
		}
		list := t.Neighbours(i)[:k]
		same := 0
		for _, j := range list {
			if label := labels[j]; label >= 0 {
				votes[label]++
			}
			if labels[j] == own {
				same++
			}
		}
		if sizes[own] > 1 {
			gains = append(gains, gain(list, labels, own, int(sizes[own])-1))
		}
		any = append(any, float64(min(same, 1)))
		first = append(first, 0)
		if labels[list[0]] == own {
			first[len(first)-1] = 1
		}
		right = append(right, guess(list, labels, votes, own))
		pure = append(pure, float64(same)/float64(k))
		for _, j := range list {
			if label := labels[j]; label >= 0 {
				votes[label] = 0
			}
		}
	}
	n := float64(len(right))
	most := 0.0
	if count > 0 {
		most = slices.Max(sizes)
	}
	if most == n || n < 2 {
		r := Result{Reason: "needs at least two labels"}
		return map[string]Result{"label_accuracy": r, "label_purity": r, "label_precision_at_1": r, "label_recall": r, "label_ndcg": r}
	}
	var together float64
	for _, size := range sizes {
		together += size * (size - 1) / (n * (n - 1))
	}
	majority := most / n
	ndcg := Result{Reason: "every row is alone with its label"}
	if len(gains) > 0 {
		ndcg = Result{Value: meanOf(gains), CI95: CI95(gains)}
	}
	return map[string]Result{
		"label_ndcg":           ndcg,
		"label_recall":         {Value: meanOf(any), CI95: CI95(any)},
		"label_precision_at_1": {Value: meanOf(first), Chance: &together, CI95: CI95(first)},
		"label_accuracy":       {Value: meanOf(right), Chance: &majority, CI95: CI95(right), Note: "chance is the most frequent label"},
		"label_purity":         {Value: meanOf(pure), Chance: &together, CI95: CI95(pure)},
	}
}

// gain is the nDCG of a list when the neighbours of the own label are the relevant ones; others is how many
// rows carry it beside the row itself.
func gain(list, labels []int32, own int32, others int) float64 {
	var sum, best float64
	for at, j := range list {
		weight := 1 / math.Log2(float64(at+2))
		if labels[j] == own {
			sum += weight
		}
		if at < others {
			best += weight
		}
	}
	return sum / best
}

// guess is 1 when the most votes fall on the own label, 0 else. Of labels with equal votes the one that
// comes first in the list wins.
func guess(list, labels []int32, votes []int, own int32) float64 {
	best := int32(-1)
	for _, j := range list {
		if label := labels[j]; label >= 0 && (best < 0 || votes[label] > votes[best]) {
			best = label
		}
	}
	if best == own {
		return 1
	}
	return 0
}
