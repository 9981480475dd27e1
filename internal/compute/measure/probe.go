package measure

import (
	"context"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/random"
)

const (
	probeRidge  = 1e-3 // of the mean variance of a column
	probeLabels = 500
	probeWork   = 4e9         // products of values up to which all rows take part
	probeSeed   = 0x7072_6f62 // "prob"
)

// Probe is the share of held-out rows whose label a linear map guesses: ridge regression to one column for each
// label, in five folds at random, the highest column wins. The ridge is a thousandth of the mean variance, so
// that scale does not matter. Of many rows a fixed sample takes part. labels are those of [Labels].
func Probe(ctx context.Context, x knn.Matrix, labels []int32, count int, on Machine) (Result, error) {
	if count > probeLabels {
		return Result{Reason: "needs at most 500 labels"}, nil
	}
	most := int(probeWork / float64(x.Dims) / float64(x.Dims+count))
	rows := labelled(labels, max(most, 2000), probeSeed)
	sizes := make([]int, count)
	some, which := knn.Matrix{Rows: len(rows), Dims: x.Dims}, knn.Matrix{Rows: len(rows), Dims: count, Data: make([]float32, len(rows)*count)}
	for at, row := range rows {
		some.Data = append(some.Data, x.Row(row)...)
		which.Data[at*count+int(labels[row])] = 1
		sizes[labels[row]]++
	}
	largest := 0
	if count > 0 {
		largest = slices.Max(sizes)
	}
	if largest == len(rows) || len(rows) < 2*foldCount {
		return Result{Reason: "needs at least two labels and 10 rows"}, nil
	}
	m, err := NewMoments(ctx, some, which, on)
	if err != nil {
		return Result{}, err
	}
	switch {
	case m.groups == nil:
		return Result{Reason: "the space is too wide"}, nil
	case trace(m.XX) == 0:
		return Result{Reason: constantRows}, nil
	}
	right := make([]float64, len(rows))
	fold := random.New(foldSeed).Permutation(some.Rows)
	for f, part := range m.folds() {
		guessLabels(m, part, some, on, func(at int) bool { return fold[at]%foldCount == f }, func(at, label int) {
			if int32(label) == labels[rows[at]] {
				right[at] = 1
			}
		})
	}
	majority := float64(largest) / float64(len(rows))
	r := Result{Value: meanOf(right), Chance: &majority, CI95: CI95(right), Note: "chance is the most frequent label"}
	if len(rows) < len(labelled(labels, len(labels), probeSeed)) {
		r.Note += "; from a sample of rows"
	}
	return r, nil
}

// labelled draws at most `most` of the rows that have a label, rising.
func labelled(labels []int32, most int, seed uint64) (rows []int) {
	for _, i := range random.New(seed).Permutation(len(labels)) {
		if labels[i] >= 0 && len(rows) < most {
			rows = append(rows, i)
		}
	}
	slices.Sort(rows)
	return rows
}

// guessLabels tells the label of each row of a fold by the map of the other folds.
func guessLabels(m *Moments, part fold, x knn.Matrix, on Machine, in func(at int) bool, tell func(at, label int)) {
	train := m.without(part)
	ridge := append([]float64(nil), train.xx.Data...)
	more := probeRidge * trace(train.xx) / float64(train.xx.Rows)
	for c := range train.xx.Rows {
		ridge[c*train.xx.Stride+c] += more
	}
	var chol mat.Cholesky
	var w mat.Dense
	if !chol.Factorize(mat.NewSymDense(train.xx.Rows, ridge)) || chol.SolveTo(&w, dense(train.xy)) != nil {
		return // constant rows: nothing is guessed
	}
	count := w.RawMatrix().Cols
	const some = 256
	on.parallel((x.Rows+some-1)/some, func(task int) {
		scores := make([]float64, count)
		for at := task * some; at < min((task+1)*some, x.Rows); at++ {
			if !in(at) {
				continue
			}
			for c := range scores {
				scores[c] = m.meanY[c] + train.y[c]
			}
			for d, v := range x.Row(at) {
				off := float64(v) - m.meanX[d] - train.x[d]
				for c, weight := range w.RawRowView(d) {
					scores[c] += off * weight
				}
			}
			tell(at, argMax(scores))
		}
	})
}

func argMax(values []float64) (best int) {
	for i, v := range values {
		if v > values[best] {
			best = i
		}
	}
	return best
}

const (
	clusterLabels   = 200
	clusterRows     = 10_000
	clusterWork     = 1e8 // products of values of one round over all rows
	clusterRounds   = 50
	clusterRestarts = 3
	clusterSeed     = 0x636c_7573 // "clus"
)

// Clusters says how well k-means, with as many clusters as there are labels, finds the labels, by name: the
// adjusted mutual information, the adjusted Rand index (both 0 by chance) and the V-measure. Of three starts (k-means++)
// the tightest counts; under cosine rows are taken as unit rows. Of many rows a fixed sample takes part.
// labels are those of [Labels].
func Clusters(ctx context.Context, x knn.Matrix, metric catalog.Metric, labels []int32, count int, on Machine) (map[string]Result, error) {
	none := func(reason string) map[string]Result {
		r := Result{Reason: reason}
		return map[string]Result{"cluster_ami": r, "cluster_ari": r, "cluster_v": r}
	}
	if count > clusterLabels {
		return none("needs at most 200 labels"), nil
	}
	most := max(20*count, min(clusterRows, int(clusterWork/float64(max(count, 1))/float64(x.Dims))))
	rows := labelled(labels, most, clusterSeed)
	own := make([]int32, len(rows))
	points := make([]float64, 0, len(rows)*x.Dims)
	used := map[int32]bool{}
	unit := units(x)
	for at, row := range rows {
		own[at], used[labels[row]] = labels[row], true
		factor := 1.0
		if metric == catalog.Cosine {
			factor = unit[row]
		}
		for _, v := range x.Row(row) {
			points = append(points, float64(v)*factor)
		}
	}
	if len(used) < 2 || len(rows) < 2*len(used) {
		return none("needs at least two labels, and two rows of each"), nil
	}
	best, found := math.Inf(1), []int32(nil)
	for restart := range clusterRestarts {
		clusters, spread := kMeans(ctx, points, len(rows), x.Dims, len(used), clusterSeed+uint64(restart), on)
		if ctx.Err() != nil {
			return nil, catalog.Errorf(catalog.Canceled, "the clusters were stopped: %w", context.Cause(ctx))
		}
		if spread < best {
			best, found = spread, clusters
		}
	}
	out := partitions(own, found)
	if all := labelled(labels, len(labels), clusterSeed); len(rows) < len(all) {
		for name, r := range out {
			r.Note = "from a sample of rows"
			out[name] = r
		}
	}
	return out, nil
}

// kMeans is Lloyd's algorithm from a k-means++ start (Arthur and Vassilvitskii 2007): the cluster of each of the n
// points of d values, and the sum of squared distances to their centres.
func kMeans(ctx context.Context, points []float64, n, d, k int, seed uint64, on Machine) (clusters []int32, spread float64) {
	centres := firstCentres(points, n, d, k, seed)
	clusters = make([]int32, n)
	gaps := make([]float64, n)
	const some = 128
	for round := range clusterRounds {
		changed := make([]bool, (n+some-1)/some)
		on.parallel(len(changed), func(task int) {
			for i := task * some; i < min((task+1)*some, n); i++ {
				best, least := int32(0), math.Inf(1)
				for c := range k {
					if gap := squaredGap(points[i*d:(i+1)*d], centres[c*d:(c+1)*d], least); gap < least {
						best, least = int32(c), gap
					}
				}
				changed[task] = changed[task] || best != clusters[i] || round == 0
				clusters[i], gaps[i] = best, least
			}
		})
		if !slices.Contains(changed, true) || ctx.Err() != nil {
			break
		}
		sizes := make([]float64, k)
		sums := make([]float64, k*d)
		for i, c := range clusters {
			sizes[c]++
			for j, v := range points[i*d : (i+1)*d] {
				sums[int(c)*d+j] += v
			}
		}
		for c, size := range sizes {
			if size > 0 { // an empty cluster stays where it is
				for j := range d {
					centres[c*d+j] = sums[c*d+j] / size
				}
			}
		}
	}
	for _, gap := range gaps {
		spread += gap
	}
	return clusters, spread
}

// firstCentres draws points, each with a chance in proportion to its squared distance from those drawn before.
func firstCentres(points []float64, n, d, k int, seed uint64) []float64 {
	r := random.New(seed)
	centres := append([]float64(nil), points[r.Below(n)*d:][:d]...)
	gaps := make([]float64, n)
	for i := range gaps {
		gaps[i] = math.Inf(1)
	}
	for len(centres) < k*d {
		last := centres[len(centres)-d:]
		var sum float64
		for i := range gaps {
			gaps[i] = min(gaps[i], squaredGap(points[i*d:(i+1)*d], last, gaps[i]))
			sum += gaps[i]
		}
		at, rest := n-1, r.Float64()*sum
		for i, gap := range gaps {
			if rest -= gap; rest < 0 {
				at = i
				break
			}
		}
		centres = append(centres, points[at*d:(at+1)*d]...)
	}
	return centres
}

// squaredGap is |a − b|², or something above limit when it is above.
func squaredGap(a, b []float64, limit float64) (sum float64) {
	for from := 0; from < len(a) && sum < limit; from += 32 {
		to := min(from+32, len(a))
		for i, v := range a[from:to] {
			d := v - b[from+i]
			sum += d * d
		}
	}
	return sum
}

// partitions compares two ways to part the same rows: AMI with the arithmetic mean of the entropies (Vinh, Epps and
// Bailey 2010), ARI (Hubert and Arabie 1985), V-measure (Rosenberg and Hirschberg 2007).
func partitions(a, b []int32) map[string]Result {
	table := map[[2]int32]int{}
	rows, columns := map[int32]int{}, map[int32]int{}
	for i := range a {
		table[[2]int32{a[i], b[i]}]++
		rows[a[i]]++
		columns[b[i]]++
	}
	n := float64(len(a))
	h := func(sizes map[int32]int) (sum float64) {
		for _, s := range sortedSizes(sizes) {
			sum -= float64(s) / n * math.Log(float64(s)/n)
		}
		return sum
	}
	ha, hb := h(rows), h(columns)
	var mutual, together float64
	for _, at := range sortedCells(table) {
		c := float64(table[at])
		mutual += c / n * math.Log(c*n/float64(rows[at[0]])/float64(columns[at[1]]))
		together += c * (c - 1) / 2
	}
	pairs := func(sizes map[int32]int) (sum float64) {
		for _, s := range sortedSizes(sizes) {
			sum += float64(s) * float64(s-1) / 2
		}
		return sum
	}
	pa, pb := pairs(rows), pairs(columns)
	chance := pa * pb / (n * (n - 1) / 2)
	expected := expectedMutual(sortedSizes(rows), sortedSizes(columns), len(a))
	zero, expectedV := 0.0, over(expected, (ha+hb)/2)
	ratio := func(over, under float64, by *float64) Result {
		r := finite(over / under)
		r.Chance = by
		return r
	}
	return map[string]Result{
		"cluster_ari": ratio(together-chance, (pa+pb)/2-chance, &zero),
		"cluster_ami": ratio(mutual-expected, (ha+hb)/2-expected, &zero),
		"cluster_v":   ratio(mutual, (ha+hb)/2, &expectedV),
	}
}

func sortedSizes(sizes map[int32]int) (list []int) {
	for _, s := range sizes {
		list = append(list, s)
	}
	slices.Sort(list)
	return list
}

func sortedCells(table map[[2]int32]int) (list [][2]int32) {
	for at := range table {
		list = append(list, at)
	}
	slices.SortFunc(list, func(x, y [2]int32) int { return slices.Compare(x[:], y[:]) })
	return list
}

// expectedMutual is the mean mutual information of partitions with those sizes (Vinh, Epps and Bailey 2010, equation
// 24a): a sum over hypergeometric counts.
func expectedMutual(a, b []int, n int) (sum float64) {
	logs := make([]float64, n+1) // ln i!
	for i := 2; i <= n; i++ {
		logs[i] = logs[i-1] + math.Log(float64(i))
	}
	for _, r := range a {
		for _, c := range b {
			for both := max(1, r+c-n); both <= min(r, c); both++ {
				p := logs[r] + logs[c] + logs[n-r] + logs[n-c] - logs[n] - logs[both] - logs[r-both] - logs[c-both] - logs[n-r-c+both]
				sum += float64(both) / float64(n) * math.Log(float64(n)*float64(both)/float64(r)/float64(c)) * math.Exp(p)
			}
		}
	}
	return sum
}
