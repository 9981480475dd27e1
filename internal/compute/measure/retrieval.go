package measure

import (
	"context"
	"math"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/random"
)

const (
	retrievalRows  = 2000        // asked at most,
	retrievalWork  = 4e9         // and products of values, but
	retrievalLeast = 100         // rows at least
	retrievalSeed  = 0x7265_7472 // "retr"
)

// Retrieval says how well a row finds the others of its label when all rows are sorted by their distance to
// it, by name. R is how many others carry the label. R-precision is the share of them among the R nearest;
// MAP@R the mean over the first R places of the precision up to a place where that place is right, else 0
// (Musgrave, Belongie and Lim 2020). Equal distances are in the order of the rows. Rows without a label, alone
// with theirs, or of zeros under cosine are not asked; of many rows a fixed sample is, each against all.
// labels are those of [Labels].
func Retrieval(ctx context.Context, x knn.Matrix, metric catalog.Metric, labels []int32, count int, on Machine) (map[string]Result, error) {
	excluded := knn.Exclusions(x, metric)
	sizes := make([]int, count)
	for i, label := range labels {
		if label >= 0 && (excluded == nil || !excluded[i]) {
			sizes[label]++
		}
	}
	most := min(retrievalRows, max(retrievalLeast, int(retrievalWork/float64(max(x.Rows, 1))/float64(x.Dims))))
	var asked []int
	possible := 0
	for _, i := range random.New(retrievalSeed).Permutation(x.Rows) {
		if label := labels[i]; label < 0 || sizes[label] < 2 || (excluded != nil && excluded[i]) {
			continue
		}
		if possible++; len(asked) < most {
			asked = append(asked, i)
		}
	}
	names := []string{"label_r_precision", "label_map_at_r"}
	used := 0
	for _, size := range sizes {
		used += min(size, 1)
	}
	if len(asked) == 0 || used < 2 {
		r := Result{Reason: aloneWithLabel}
		if used < 2 {
			r.Reason = "needs at least two labels"
		}
		return map[string]Result{names[0]: r, names[1]: r}, nil
	}
	of := pointsOf(x, x.Rows, on)
	var taking []int32
	for i := range x.Rows {
		if excluded == nil || !excluded[i] {
			taking = append(taking, int32(i))
		}
	}
	precision, mean := make([]float64, len(asked)), make([]float64, len(asked))
	on.parallel(len(asked), func(at int) {
		if ctx.Err() == nil {
			own := labels[asked[at]]
			sorted := others(of, metric, int32(asked[at]), taking)
			precision[at], mean[at] = precisionAtR(sizes[own]-1, func(place int) bool { return labels[sorted[place]] == own })
		}
	})
	if ctx.Err() != nil {
		return nil, catalog.Errorf(catalog.Canceled, "the ranking was stopped: %w", context.Cause(ctx))
	}
	out := map[string]Result{}
	chances := chanceOfRetrieval(sizes)
	for i, values := range [][]float64{precision, mean} {
		r := Result{Value: meanOf(values), Chance: &chances[i], CI95: interval(values, len(asked) < possible, possible)}
		if len(asked) < possible {
			r.Note = "from a sample of rows, each ranked among all"
		}
		out[names[i]] = r
	}
	return out, nil
}

// chanceOfRetrieval gives R-precision and MAP@R when labels are shared out at random: a row of a label with R others
// of N−1 finds one at any place with p = R/(N−1), and one more before it with (R−1)/(N−2) each.
func chanceOfRetrieval(sizes []int) (chances [2]float64) {
	var n, asked float64
	for _, size := range sizes {
		n += float64(size)
	}
	for _, size := range sizes {
		if size < 2 {
			continue
		}
		r := float64(size - 1)
		p, more := r/(n-1), over(r-1, n-2)
		var average float64
		for place := 1.0; place <= r; place++ {
			average += p * (1 + (place-1)*more) / place / r
		}
		asked += float64(size)
		chances[0] += float64(size) * p
		chances[1] += float64(size) * average
	}
	chances[0], chances[1] = over(chances[0], asked), over(chances[1], asked)
	return chances
}

// others are the rows that take part without one, by their distance to it, equal ones in the order of the rows.
func others(of points, metric catalog.Metric, row int32, taking []int32) []int32 {
	distances := make([]float64, len(taking))
	of.distances(metric, row, taking, distances)
	list := make([]int32, 0, len(taking))
	for _, v := range rising(distances) {
		if other := taking[v.at]; other != row {
			list = append(list, other)
		}
	}
	return list
}

// precisionAtR gives R-precision and average precision at R: right says which places, from 0, are.
func precisionAtR(r int, right func(place int) bool) (precision, average float64) {
	found := 0.0
	for place := range r {
		if right(place) {
			found++
			average += found / float64(place+1)
		}
	}
	return found / float64(r), average / float64(r)
}

// gride is the most likely intrinsic dimension given the distances to two neighbours of each row, the n₁-th and
// the n₂-th (Denti et al. 2022): the root of the derivative of
//
//	(N−1)·ln d + Σ (n₂−n₁−1)·ln(μᵈ − 1) − ((n₂−1)·d + 1)·ln μ,  μ = r₂/r₁ > 1
//
// by bisection; logs are the ln μ.
func gride(logs []float64, n1, n2 int) Result {
	if len(logs) < 20 {
		return Result{Reason: "needs 20 rows with neighbours at different distances"}
	}
	between, last := float64(n2-n1-1), float64(n2-1)
	slope := func(d float64) float64 {
		sum := float64(len(logs)-1) / d
		for _, l := range logs {
			sum += between*l/-math.Expm1(-d*l) - last*l
		}
		return sum
	}
	lo, hi := 1e-3, 1e4
	if slope(lo) < 0 || slope(hi) > 0 {
		return Result{Reason: noNumber}
	}
	for range 200 {
		if middle := math.Sqrt(lo * hi); slope(middle) > 0 {
			lo = middle
		} else {
			hi = middle
		}
	}
	d := math.Sqrt(lo * hi)
	// To first order rows change the estimate by their scores over the slope of these.
	scores := make([]float64, len(logs))
	for i, l := range logs {
		scores[i] = 1/d + between*l/-math.Expm1(-d*l) - last*l
	}
	out, step := Result{Value: d}, d*1e-4
	steep := math.Abs(slope(d+step)-slope(d-step)) / (2 * step) / float64(len(logs))
	if ci := intervalOf(scores); ci != nil && steep > 0 {
		half := (ci[1] - ci[0]) / 2 / steep
		out.CI95 = &[2]float64{max(0, d-half), d + half}
	}
	return out
}
