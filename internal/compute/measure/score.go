package measure

// A Rule says what m shared neighbours of k are worth, as a fraction.
type Rule struct {
	// part gives numerator and denominator; the denominator is above 0.
	part func(m, k int) (num, den int)
	// listed is how many neighbours, the row itself not counted, make up a list of k.
	listed func(k int) int
}

// Jaccard is shared over union of the two lists: m/(2k−m).
var Jaccard = Rule{
	part:   func(m, k int) (int, int) { return m, 2*k - m },
	listed: func(k int) int { return k },
}

// Overlap is the shared part of the k: m/k.
var Overlap = Rule{
	part:   func(m, k int) (int, int) { return m, k },
	listed: func(k int) int { return k },
}

// Vectory is the score of the original tool, whose lists of k hold the row itself and its k−1
// nearest: (m+1)/(2k−1−m), m shared among the k−1. It is never below 1/(2k−1), alike or not.
// Its m comes from Shared(a, b, k−1).
var Vectory = Rule{
	part:   func(m, k int) (int, int) { return m + 1, 2*k - 1 - m },
	listed: func(k int) int { return k - 1 },
}

// Listed is the number of neighbours, the row itself not counted, that a list of k holds: the k to
// pass to [Shared].
func (r Rule) Listed(k int) int { return r.listed(k) }

// Value is the score of a row with m shared neighbours.
func (r Rule) Value(m int32, k int) float64 {
	num, den := r.part(int(m), k)
	return float64(num) / float64(den)
}

// Values gives the scores of the scored rows, in order of rows: Scored(shared) numbers.
func (r Rule) Values(shared []int32, k int) []float64 {
	values := make([]float64, 0, len(shared))
	for _, m := range shared {
		if m >= 0 {
			values = append(values, r.Value(m, k))
		}
	}
	return values
}

// Mean is the mean score of rows counted by m (see [Counts]), summed from m = 0 upwards: the same
// bytes for every order of the rows. 0 when no row counts.
func (r Rule) Mean(counts []int, k int) float64 {
	var sum float64
	rows := 0
	for m, count := range counts {
		sum += float64(float64(count) * r.Value(int32(m), k))
		rows += count
	}
	return sum / float64(max(rows, 1))
}

// Bins is the number of bins of a histogram.
const Bins = 10

// Edges are the borders of the bins: 0, 0.1, … 1.
func Edges() []float64 {
	edges := make([]float64, Bins+1)
	for i := range edges {
		edges[i] = float64(i) / Bins
	}
	return edges
}

// Histogram counts rows by score in ten bins of equal width on [0, 1]; a bin holds its left edge,
// the last one also 1. Scores are compared with the edges as fractions, so that 3/10 is never put
// on the wrong side by rounding.
func (r Rule) Histogram(counts []int, k int) []int {
	bins := make([]int, Bins)
	for m, count := range counts {
		num, den := r.part(m, k)
		bins[min(Bins*num/den, Bins-1)] += count
	}
	return bins
}

// RNX is the mean overlap rescaled so that chance is 0 and equal lists are 1 (Lee and Verleysen
// 2009): ((N−1)·overlap − k)/(N−1−k). Below chance it is negative. nil when k = N−1, where every
// list is equal.
func RNX(overlap float64, n, k int) *float64 {
	if n-1-k <= 0 {
		return nil
	}
	value := (float64(n-1)*overlap - float64(k)) / float64(n-1-k)
	return &value
}
