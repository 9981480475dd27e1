package measure

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/random"
	"github.com/pentoai/vectory/internal/compute/vec"
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
	if len(asked) == 0 {
		r := Result{Reason: "every row is alone with its label"}
		return map[string]Result{names[0]: r, names[1]: r}, nil
	}
	precision, mean := make([]float64, len(asked)), make([]float64, len(asked))
	on.parallel(len(asked), func(at int) {
		if ctx.Err() == nil {
			precision[at], mean[at] = ranked(x, metric, labels, excluded, asked[at], sizes[labels[asked[at]]]-1)
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

// ranked gives R-precision and average precision at R of one row.
func ranked(x knn.Matrix, metric catalog.Metric, labels []int32, excluded []bool, row, r int) (precision, average float64) {
	type other struct {
		distance float64
		row      int32
	}
	others := make([]other, 0, x.Rows-1)
	for j := range x.Rows {
		if j != row && (excluded == nil || !excluded[j]) {
			others = append(others, other{vec.Distance(metric, x.Row(row), x.Row(j)), int32(j)})
		}
	}
	slices.SortFunc(others, func(a, b other) int { return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.row, b.row)) })
	return precisionAtR(r, func(place int) bool { return labels[others[place].row] == labels[row] })
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

// NeighbourDistances is, for each row, the rank correlation between its distances in x and in y to the
// neighbours of either list, and its mean over the scored rows: whether shared neighbourhoods are spaced alike.
// Rows with fewer than three such neighbours, or with equal distances to all, are not scored.
func NeighbourDistances(ctx context.Context, a, b *knn.Table, x, y knn.Matrix, metricX, metricY catalog.Metric, k int, on Machine) (Result, error) {
	all, err := NeighbourSpacing(ctx, a, b, x, y, metricX, metricY, k, on)
	if err != nil {
		return Result{}, err
	}
	values := slices.DeleteFunc(all, math.IsNaN)
	if len(values) == 0 {
		return Result{Reason: "no row has three neighbours at different distances"}, nil
	}
	return Result{Value: meanOf(values), CI95: stretched(values, func(scores []float64) *[2]float64 { return interval(scores, a.Queries != nil, a.Rows) })}, nil
}

// NeighbourSpacing gives those correlations by list; NaN for lists that are not scored.
func NeighbourSpacing(ctx context.Context, a, b *knn.Table, x, y knn.Matrix, metricX, metricY catalog.Metric, k int, on Machine) ([]float64, error) {
	if err := comparable(a, b, k); err != nil {
		return nil, err
	}
	values := make([]float64, a.Lists())
	err := eachUnion(ctx, a, b, k, on, func(i int, union []int32) {
		row := a.RowOf(i)
		values[i] = math.NaN()
		dx, dy := make([]float64, 0, len(union)), make([]float64, 0, len(union))
		for _, j := range union {
			dx = append(dx, vec.Distance(metricX, x.Row(row), x.Row(int(j))))
			dy = append(dy, vec.Distance(metricY, y.Row(row), y.Row(int(j))))
		}
		if len(union) < 3 {
			return
		}
		if r, ok := correlation(midRanks(dx), midRanks(dy)); ok {
			values[i] = r
		}
	})
	return values, err
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
	return Result{Value: math.Sqrt(lo * hi)}
}
