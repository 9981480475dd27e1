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
	for name, value := range map[string]func(counts []float64) float64{"hubness_skew": skewness, "hubness_robin_hood": robinHood, "antihubs": shareOfNone} {
		r := Result{Value: value(counts)}
		if math.IsNaN(r.Value) {
			r = Result{Reason: "every row is as often a neighbour"}
		} else {
			r.CI95 = leftOut(len(counts), r.Value, func(kept func(row int) bool) float64 { return value(keptOf(counts, kept)) })
		}
		if name != "hubness_skew" {
			r = r.from0To(1)
		}
		out[name] = r
	}
	return out
}

// skewness is that of the population; NaN when all are equal.
func skewness(values []float64) float64 {
	n, mean := float64(len(values)), meanOf(values)
	var second, third float64
	for _, v := range values {
		d := v - mean
		second += d * d / n
		third += d * d * d / n
	}
	return third / math.Pow(second, 1.5)
}

// robinHood is what would have to move for all to be equal, of their sum.
func robinHood(values []float64) (off float64) {
	mean := meanOf(values)
	for _, v := range values {
		off += math.Abs(v - mean)
	}
	return off / (2 * float64(len(values)) * mean)
}

func shareOfNone(values []float64) (share float64) {
	for _, v := range values {
		share += truth(v == 0)
	}
	return share / float64(len(values))
}

// IntrinsicDimension estimates from a full table how many coordinates the rows need near each other, by
// name: TwoNN, (N−1)/Σ ln(r₂/r₁), its posterior mean (2+N)/(5+Σ ln(r₂/r₁)) with the posterior's interval, and its fit of a line
// through the origin (Facco et al. 2017); the maximum
// likelihood of Levina and Bickel at k, (k−1)/Σ ln(r_k/r_j) row by row, its harmonic mean as MacKay and Ghahramani
// corrected it; and Gride at the neighbours k/2 and k. Rows with a
// duplicate have r₁ = 0 and are dropped, and the note says how many. The metric must be a distance that
// grows like euclidean near 0: of cosine the root is taken; dot has none.
func IntrinsicDimension(t *knn.Table, x knn.Matrix, metric catalog.Metric, k int) map[string]Result {
	out := map[string]Result{}
	if metric == catalog.Dot {
		r := Result{Reason: "dot is not a distance"}
		for _, name := range []string{"dimension_twonn", "dimension_twonn_bayes", "dimension_twonn_fit", "dimension_mle", "dimension_gride"} {
			out[name] = r
		}
		return out
	}
	k = min(k, t.K)
	var pairs, rows, dropped int
	var logs, inverse float64
	var inverses []float64 // of the estimates by row
	var ratios []float64   // ln r₂/r₁
	var apart []float64    // ln of the ratio of two distances, for Gride
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
		ratios = append(ratios, math.Log(r[1]/r[0]))
		logs += ratios[pairs-1]
		var sum float64
		for _, d := range r[:k-1] {
			sum += math.Log(r[k-1] / d)
		}
		if k > 2 {
			rows++
			inverse += sum / float64(k-1)
			inverses = append(inverses, sum/float64(k-1))
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
	out["dimension_twonn_bayes"] = out["dimension_twonn"]
	if pairs >= 20 && logs > 0 {
		out["dimension_twonn"] = Result{Value: float64(pairs-1) / logs, Note: note}
		if ci := intervalOf(ratios); ci != nil && ci[0] > 0 {
			less := float64(pairs-1) / float64(pairs)
			out["dimension_twonn"] = Result{Value: float64(pairs-1) / logs, CI95: &[2]float64{less / ci[1], less / ci[0]}, Note: note}
		}
		shape, rate := priorShape+float64(pairs), priorRate+logs
		half := 1.959964 * math.Sqrt(shape) / rate
		out["dimension_twonn_bayes"] = Result{Value: shape / rate, CI95: &[2]float64{max(0, shape/rate-half), shape/rate + half}, Note: note}
	}
	slices.Sort(ratios)
	fitted := twoNNFit(ratios, note)
	if fitted.Reason == "" { // groups of places are as random as groups of rows
		fitted.CI95 = leftOut(len(ratios), fitted.Value, func(kept func(row int) bool) float64 { return twoNNFit(keptOf(ratios, kept), note).Value })
	}
	out["dimension_twonn_fit"] = fitted.from0To(math.Inf(1))
	out["dimension_gride"] = gride(apart, n1, n2)
	out["dimension_mle"] = Result{Reason: "needs k above 2 and rows that are not duplicates"}
	if rows >= 20 && inverse > 0 {
		out["dimension_mle"] = Result{Value: float64(rows) / inverse, Note: note}
		if ci := intervalOf(inverses); ci != nil && ci[0] > 0 {
			out["dimension_mle"] = Result{Value: float64(rows) / inverse, CI95: &[2]float64{1 / ci[1], 1 / ci[0]}, Note: note}
		}
	}
	return out
}

// The prior of the Bayesian TwoNN: a gamma law of this shape and rate, which N ratios turn into one of shape + N and rate + Σ ln μ.
const priorShape, priorRate = 2, 5

// twoNNFit is the slope through the origin of −ln(1 − i/N) over the i-th smallest ln(r₂/r₁), for the lowest nine
// tenths of them: a few far ratios do not count (Facco et al. 2017).
func twoNNFit(ratios []float64, note string) Result {
	slices.Sort(ratios)
	n := len(ratios)
	var xx, xy float64
	for i := 1; i <= n*9/10; i++ {
		xx += ratios[i-1] * ratios[i-1]
		xy -= ratios[i-1] * math.Log(1-float64(i)/float64(n))
	}
	if n < 20 || xx == 0 {
		return Result{Reason: "needs 20 rows that are not duplicates"}
	}
	return Result{Value: xy / xx, Note: note}
}

// labelled rows that are asked, and what each answers.
type answers struct {
	sizes                          []float64 // rows by label
	right, pure, first, any, gains []float64
	rows                           []int32 // of the space, in the order of right and pure
	guessed                        []int32 // label by place in rows; −1: none
}

const aloneWithLabel = "every row is alone with its label"

// Labels says how well the neighbours know a row's label, by name: the share of rows whose label the
// majority of their k nearest guesses (ties go to the label whose row is nearest), and the mean share of
// neighbours with the row's own label. labels has one of 0..count−1 for each row, −1 for none: such rows
// are not asked, and as neighbours carry no label. Precision at 1 asks the nearest only, recall whether any of the k
// carries the label; nDCG weighs place j by 1/log₂(j+1) and divides by the best that is possible, and does not ask
// rows that are alone with their label. Chance pairs labels with rows at random; the z of the purity is that of
// [Z], the other graph being the pairs of one label.
func Labels(t *knn.Table, labels []int32, count, k int) map[string]Result {
	a := ask(t, labels, count, k)
	n := float64(len(a.right))
	most := 0.0
	if count > 0 {
		most = slices.Max(a.sizes)
	}
	if most == n || n < 2 || most == 1 {
		r := Result{Reason: "needs at least two labels"}
		if most == 1 && n > 1 {
			r.Reason = aloneWithLabel
		}
		return map[string]Result{"label_accuracy": r, "label_purity": r, "label_precision_at_1": r, "label_recall": r, "label_ndcg": r}
	}
	var together, anyChance, gainChance, mates float64
	for _, size := range a.sizes {
		together += size * (size - 1) / (n * (n - 1))
		none := hypergeometric(int(n)-1, max(int(size)-1, 0), k)
		if none.from == 0 {
			anyChance += size / n * (1 - none.p[0])
		} else {
			anyChance += size / n
		}
		if size > 1 {
			mates += size
			gainChance += size * (size - 1) / (n - 1) * discounts(k) / discounts(min(k, int(size)-1))
		}
	}
	majority := most / n
	ndcg := Result{Reason: aloneWithLabel}
	if len(a.gains) > 0 {
		chance := gainChance / mates
		ndcg = Result{Value: meanOf(a.gains), Chance: &chance, CI95: CI95(a.gains)}
	}
	return map[string]Result{
		"label_ndcg":           ndcg,
		"label_recall":         {Value: meanOf(a.any), Chance: &anyChance, CI95: CI95(a.any)},
		"label_precision_at_1": {Value: meanOf(a.first), Chance: &together, CI95: CI95(a.first), Z: labelZ(t, labels, a.sizes, 1)},
		"label_accuracy":       {Value: meanOf(a.right), Chance: &majority, CI95: CI95(a.right), Note: "chance is the most frequent label"},
		"label_purity":         {Value: meanOf(a.pure), Chance: &together, CI95: CI95(a.pure), Z: labelZ(t, labels, a.sizes, k)},
	}
}

// ask looks at the list of every row with a label.
func ask(t *knn.Table, labels []int32, count, k int) answers {
	a := answers{sizes: make([]float64, count)}
	for i := range t.Lists() {
		if own := labels[t.RowOf(i)]; own >= 0 && !t.Excluded(i) {
			a.sizes[own]++
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
		if a.sizes[own] > 1 {
			a.gains = append(a.gains, gain(list, labels, own, int(a.sizes[own])-1))
		}
		a.any = append(a.any, float64(min(same, 1)))
		a.first = append(a.first, truth(labels[list[0]] == own))
		guessed := guess(list, labels, votes)
		a.guessed = append(a.guessed, guessed)
		a.right = append(a.right, truth(guessed == own))
		a.pure = append(a.pure, float64(same)/float64(k))
		a.rows = append(a.rows, int32(t.RowOf(i)))
		for _, j := range list {
			if label := labels[j]; label >= 0 {
				votes[label] = 0
			}
		}
	}
	return a
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// labelZ says how many standard deviations the number of neighbours with the own label stands above what labels
// shared out at random give: exact, see [Z]. nil where rows are left out or have no label.
func labelZ(t *knn.Table, labels []int32, sizes []float64, k int) *float64 {
	var kept float64
	pairs := edgeCounts{}
	for _, size := range sizes {
		s := int64(size)
		kept += size
		pairs.s1 += s * (s - 1)
		pairs.s3 += s * (s - 1) * (s - 1)
	}
	pairs.s2, pairs.s4, pairs.s5 = pairs.s1, pairs.s3, pairs.s3-pairs.s1
	pairs.s3, pairs.s4 = pairs.s3-pairs.s1, pairs.s4-pairs.s1
	if t.Queries != nil || int(kept) != t.Rows || t.Rows < 4 {
		return nil
	}
	var total int64
	all := make([]int32, t.Rows) // every row is scored
	for i := range t.Rows {
		for _, j := range t.Neighbours(i)[:k] {
			if labels[j] == labels[i] {
				total++
			}
		}
	}
	return above(total, countEdges(t, all, k), pairs, int64(t.Rows))
}

// ClassScore is how well the neighbours know the rows of one label.
type ClassScore struct {
	Label                 int32
	Rows                  int
	Purity                float64
	Recall, Precision, F1 float64 // of the majority's guesses; precision is 0 when nothing is guessed so
}

// Classes gives them by rising label; labels without rows have none. Arguments as those of [Labels].
func Classes(t *knn.Table, labels []int32, count, k int) []ClassScore {
	a := ask(t, labels, count, k)
	scores, guessed := make([]ClassScore, count), make([]float64, count)
	for at, row := range a.rows {
		s := &scores[labels[row]]
		s.Rows++
		s.Purity += a.pure[at]
		s.Recall += a.right[at]
		if g := a.guessed[at]; g >= 0 {
			guessed[g]++
		}
	}
	var list []ClassScore
	for label, s := range scores {
		if s.Rows == 0 {
			continue
		}
		s.Label = int32(label)
		s.Precision = over(s.Recall, guessed[label])
		s.Recall /= float64(s.Rows)
		s.Purity /= float64(s.Rows)
		s.F1 = over(2*s.Precision*s.Recall, s.Precision+s.Recall)
		list = append(list, s)
	}
	return list
}

// gain is the nDCG of a list when the neighbours of the own label are the relevant ones; others is how many
// rows carry it beside the row itself.
func gain(list, labels []int32, own int32, others int) float64 {
	var sum float64
	for at, j := range list {
		if labels[j] == own {
			sum += 1 / math.Log2(float64(at+2))
		}
	}
	return sum / discounts(min(others, len(list)))
}

// discounts is the sum of the weights of the first n places.
func discounts(n int) (sum float64) {
	for at := range n {
		sum += 1 / math.Log2(float64(at+2))
	}
	return sum
}

// guess is the label of most votes; of labels with equal votes the one that comes first in the list. −1: no votes.
func guess(list, labels []int32, votes []int) int32 {
	best := int32(-1)
	for _, j := range list {
		if label := labels[j]; label >= 0 && (best < 0 || votes[label] > votes[best]) {
			best = label
		}
	}
	return best
}
