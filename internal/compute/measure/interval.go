package measure

import (
	"math"
	"slices"

	"github.com/pentoai/vectory/internal/compute/random"
)

const (
	jackknifeGroups = 20
	minIntervalRows = 10                  // below it an interval would say nothing
	jackknifeSeed   = 0x7665_6374_6f72_79 // "vectory": any fixed number would do
)

// CI95 is a 95 % interval for the mean of per-row scores in [0, 1], were other items drawn in the
// same way: a jackknife that leaves out one of 20 random groups of rows at a time (one row at a
// time below 20 rows), with Student's factor for that many groups. The groups come from a fixed
// seed. For a mean, leaving out a group amounts to comparing the group means, so
//
//	variance = 1/G · Σ (mean of group g − mean)² / (N/n_g − 1)
//
// The lists are not made anew without the group; that is what a bootstrap cannot do either, and it
// would put duplicates among the neighbours. nil for fewer than 10 rows. Cut to [0, 1].
func CI95(values []float64) *[2]float64 {
	n := len(values)
	if n < minIntervalRows {
		return nil
	}
	groups := min(jackknifeGroups, n)
	sums, sizes := make([]float64, groups), make([]int, groups)
	var sum float64
	for at, row := range random.New(jackknifeSeed).Permutation(n) {
		sums[at%groups] += values[row]
		sizes[at%groups]++
	}
	for _, s := range sums {
		sum += s
	}
	mean := sum / float64(n)
	var variance float64
	for g, s := range sums {
		off := s/float64(sizes[g]) - mean
		variance += off * off / (float64(n)/float64(sizes[g]) - 1)
	}
	half := student975[groups-1] * math.Sqrt(variance/float64(groups))
	return &[2]float64{max(0, mean-half), min(1, mean+half)}
}

// intervalOf is that interval for values without bounds.
func intervalOf(values []float64) *[2]float64 {
	return stretched(values, CI95)
}

// stretched maps the values onto [0, 1] for an interval of scores, and the interval back.
func stretched(values []float64, interval func(scores []float64) *[2]float64) *[2]float64 {
	if len(values) == 0 {
		return nil
	}
	lo, hi := slices.Min(values), slices.Max(values)
	if lo == hi {
		hi = lo + 1
	}
	scores := make([]float64, len(values))
	for i, v := range values {
		scores[i] = (v - lo) / (hi - lo)
	}
	ci := interval(scores)
	if ci == nil {
		return nil
	}
	return &[2]float64{lo + ci[0]*(hi-lo), lo + ci[1]*(hi-lo)}
}

// interval is the one that suits: values are those of all rows, or of a sample of N.
func interval(values []float64, sampled bool, n int) *[2]float64 {
	if sampled {
		return SampleCI95(values, n)
	}
	return CI95(values)
}

// MinSample is the least sample that gets an interval.
const MinSample = 30

// SampleCI95 is a 95 % interval for the mean over all n rows, from the scores in [0, 1] of m rows drawn at
// random without replacement: mean ± 1.96·√(s²/m · (1 − m/n)), the last factor because what was looked at
// is not uncertain any more (Cochran, Sampling Techniques, 2.6). s² counts one row of score 0 and one of
// score 1 more, as Agresti and Coull do for proportions: a sample of equal scores does not prove that all
// are. nil for m < [MinSample]. Cut to [0, 1].
func SampleCI95(values []float64, n int) *[2]float64 {
	m := len(values)
	if m < MinSample {
		return nil
	}
	var sum float64
	for _, v := range values {
		sum += v
	}
	mean := sum / float64(m)
	squares := mean*mean + (1-mean)*(1-mean)
	for _, v := range values {
		squares += (v - mean) * (v - mean)
	}
	half := 1.959964 * math.Sqrt(squares/float64(m+1)/float64(m)*(1-float64(m)/float64(n)))
	return &[2]float64{max(0, mean-half), min(1, mean+half)}
}

// student975 is the 97.5 % point of Student's t by degrees of freedom.
var student975 = [jackknifeGroups]float64{
	4: 2.776445, 9: 2.262157, 10: 2.228139, 11: 2.200985, 12: 2.178813, 13: 2.160369, 14: 2.144787,
	15: 2.131450, 16: 2.119905, 17: 2.109816, 18: 2.100922, 19: 2.093024,
}
