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
	if largest == 1 { // no held-out row's label is among those learned from
		return Result{Reason: aloneWithLabel}, nil
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
	clusterRestarts = 10
	clusterTie      = 1e-9        // of the mean squared length: what is nearer by less is as near
	clusterSeed     = 0x636c_7573 // "clus"
)

// Clusters says how well k-means, with as many clusters as there are labels, finds the labels, by name: the
// adjusted mutual information, the adjusted Rand index (both 0 by chance) and the V-measure. Of some starts (k-means++)
// the tightest counts; under cosine rows are taken as unit rows, and those of zeros are left out. Of many rows a fixed sample
// takes part. labels are those of [Labels].
func Clusters(ctx context.Context, x knn.Matrix, metric catalog.Metric, labels []int32, count int, on Machine) (map[string]Result, error) {
	none := func(reason string) map[string]Result {
		r := Result{Reason: reason}
		return map[string]Result{"cluster_ami": r, "cluster_ari": r, "cluster_v": r}
	}
	if count > clusterLabels {
		return none("needs at most 200 labels"), nil
	}
	most := max(20*count, min(clusterRows, int(clusterWork/float64(max(count, 1))/float64(x.Dims))))
	if excluded := knn.Exclusions(x, metric); excluded != nil {
		labels = slices.Clone(labels)
		for i, out := range excluded {
			if out {
				labels[i] = -1
			}
		}
	}
	rows := labelled(labels, most, clusterSeed)
	own, used := make([]int32, len(rows)), map[int32]bool{}
	for at, row := range rows {
		own[at], used[labels[row]] = labels[row], true
	}
	if len(used) < 2 || len(rows) < 2*len(used) {
		return none("needs at least two labels, and two rows of each"), nil
	}
	points := centred(x, rows, metric == catalog.Cosine, on)
	var starts [clusterRestarts][]int32
	var spreads [clusterRestarts]float64
	on.parallel(clusterRestarts, func(start int) {
		starts[start], spreads[start] = kMeans(ctx, points, len(rows), x.Dims, len(used), clusterSeed+uint64(start), Machine{Threads: 1, Kernel: on.Kernel})
	})
	if ctx.Err() != nil {
		return nil, catalog.Errorf(catalog.Canceled, "the clusters were stopped: %w", context.Cause(ctx))
	}
	best := 0
	for start, spread := range spreads {
		if spread < spreads[best]*(1-clusterTie) {
			best = start
		}
	}
	found := starts[best]
	out := spreadOfPartitions(own, found)
	if all := labelled(labels, len(labels), clusterSeed); len(rows) < len(all) {
		for name, r := range out {
			r.Note = "from a sample of rows"
			out[name] = r
		}
	}
	return out, nil
}

// centred are the rows that are named, of length 1 if unit, less their mean, which makes no difference to clusters. There
// is room for whole tiles of them.
func centred(x knn.Matrix, rows []int, unit bool, on Machine) []float64 {
	d := x.Dims
	tall, _ := on.tile()
	points, mean := make([]float64, roundUp(len(rows), tall)*d), make([]float64, d)
	for at, row := range rows {
		factor := 1.0
		if unit {
			factor = unitOf(x.Row(row))
		}
		for c, v := range x.Row(row) {
			points[at*d+c] = float64(v) * factor
			mean[c] += points[at*d+c]
		}
	}
	for at := range len(rows) * d {
		points[at] -= mean[at%d] / float64(len(rows))
	}
	return points
}

// kMeans is Lloyd's algorithm from a k-means++ start (Arthur and Vassilvitskii 2007): the cluster of each of the n
// points of d values, and the sum of squared distances to their centres.
func kMeans(ctx context.Context, points []float64, n, d, k int, seed uint64, on Machine) (clusters []int32, spread float64) {
	centres := firstCentres(points, n, d, k, seed, on)
	clusters = make([]int32, n)
	slack := clusterTie * dotOf(points[:n*d], points[:n*d]) / float64(n)
	for round := range clusterRounds {
		changed := nearestCentres(points, n, d, centres, k, slack, clusters, on)
		if (!changed && round > 0) || ctx.Err() != nil || round == clusterRounds-1 {
			break
		}
		sizes := make([]float64, k)
		sums := make([]float64, k*d)
		for i, c := range clusters {
			sizes[c]++
			sum := sums[int(c)*d:][:d]
			for j, v := range points[i*d : (i+1)*d] {
				sum[j] += v
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
	for i, c := range clusters {
		spread += squaredGap(points[i*d:(i+1)*d], centres[int(c)*d:][:d], math.Inf(1))
	}
	return clusters, spread
}

// nearestCentres puts the nearest centre of each point into clusters, the first of those that are as near but for slack, and tells
// whether any changed: a row may be as far from many centres (a word that no other text has, from all that do not have it), and
// rounding must not choose among them, for everything after follows from it. ‖p − c‖² is compared without ‖p‖², as ‖c‖²/2 − p·c.
func nearestCentres(points []float64, n, d int, centres []float64, k int, slack float64, clusters []int32, on Machine) bool {
	turned, halves := make([]float64, k*d), make([]float64, k)
	for c := range k {
		for j, v := range centres[c*d : (c+1)*d] {
			turned[j*k+c] = v
			halves[c] += v * v / 2
		}
	}
	by := on.panelled(d, k, turned, k)
	tall, _ := on.tile()
	some := 16 * tall
	changed := make([]bool, (n+some-1)/some)
	on.parallel(len(changed), func(task int) {
		from, to := task*some, min((task+1)*some, n)
		products := on.times(points[from*d:], roundUp(to-from, tall), by)
		for i := from; i < to; i++ {
			best, least := int32(0), math.Inf(1)
			for c, half := range halves {
				if gap := half - products[(i-from)*by.wide+c]; gap < least-slack {
					best, least = int32(c), gap
				}
			}
			changed[task] = changed[task] || best != clusters[i]
			clusters[i] = best
		}
	})
	return slices.Contains(changed, true)
}

// firstCentres draws points, each with a chance in proportion to its squared distance from those drawn before; of several that are
// drawn the one counts that leaves the least distance (greedy k-means++, as scikit-learn has it).
func firstCentres(points []float64, n, d, k int, seed uint64, on Machine) []float64 {
	r := random.New(seed)
	lengths, gaps := make([]float64, n), make([]float64, n)
	for i := range n {
		row := points[i*d : (i+1)*d]
		lengths[i], gaps[i] = dotOf(row, row), math.Inf(1)
	}
	tall, _ := on.tile()
	drawn, centres := []int{r.Below(n)}, make([]float64, 0, k*d)
	turned, left := []float64(nil), make([]float64, n)
	for {
		some := len(drawn)
		turned = slices.Grow(turned[:0], d*some)[:d*some]
		for c, at := range drawn {
			for j, v := range points[at*d : (at+1)*d] {
				turned[j*some+c] = v
			}
		}
		by := on.panelled(d, some, turned, some)
		products := on.times(points, roundUp(n, tall), by)
		best, least := 0, math.Inf(1)
		gapTo := func(i, c int) float64 {
			return min(gaps[i], max(0, lengths[i]+lengths[drawn[c]]-2*products[i*by.wide+c]))
		}
		for c := range drawn {
			var sum float64
			for i := range n {
				sum += gapTo(i, c)
			}
			if sum < least*(1-clusterTie) {
				best, least = c, sum
			}
		}
		for i := range n {
			left[i] = gapTo(i, best)
		}
		copy(gaps, left)
		if centres = append(centres, points[drawn[best]*d:(drawn[best]+1)*d]...); len(centres) == k*d {
			return centres
		}
		drawn = drawn[:0]
		for range 2 + int(math.Log(float64(k))) {
			at, rest := n-1, r.Float64()*least
			for i, gap := range gaps {
				if rest -= gap; rest < 0 {
					at = i
					break
				}
			}
			drawn = append(drawn, at)
		}
	}
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

// spreadOfPartitions gives those measures with the interval of a jackknife that leaves out rows; the clusters stay.
func spreadOfPartitions(a, b []int32) map[string]Result {
	out := partitions(a, b)
	groups := jackknifeOf(len(a))
	if groups == nil {
		return out
	}
	var without [jackknifeGroups]map[string]Result
	for g := range without {
		var ownA, ownB []int32
		for i, group := range groups {
			if group != g {
				ownA, ownB = append(ownA, a[i]), append(ownB, b[i])
			}
		}
		without[g] = partitions(ownA, ownB)
	}
	for name, r := range out {
		half := jackknife(func(g int) float64 { return without[g][name].Value })
		if r.Reason == "" && half != nil {
			r.CI95 = &[2]float64{max(-1, r.Value+half[0]), min(1, r.Value+half[1])}
			out[name] = r
		}
	}
	return out
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
