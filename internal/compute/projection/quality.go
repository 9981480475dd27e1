package projection

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/measure"
	"github.com/pentoai/vectory/internal/compute/random"
	"github.com/pentoai/vectory/internal/compute/vec"
)

// QualityK is how many neighbours the quality of a layout looks at.
const QualityK = 15

const (
	mostAsked   = 1000
	leastAsked  = 200
	askedValues = 8e9 // that are read for their sake, each pair counted as pairValues besides
	pairValues  = 48
	triplets    = 50_000
	qualitySeed = 0x7175_616c
)

// Quality says how far a layout can be trusted. Shares and means over rows that take part.
type Quality struct {
	Asked      int     // rows that Trust, Continuity, Recall5 and Recall50 are of, drawn from all
	Trust      float64 // trustworthiness at 15 (Venna and Kaski 2001): 1 − what neighbours here are far away there
	Continuity float64 // the same with the roles exchanged: neighbours there that are torn apart here
	Recall     float64 // neighbours there that are neighbours here, of 15
	Recall5    float64 // the same of the 5 nearest, and of the 50, over the rows that are asked
	Recall50   float64
	RNXAUC     float64  // R_NX over all depths up to 15 (Lee et al. 2015)
	Triplets   float64  // of random triples, those whose order of distances is the same
	LabelHere  *float64 // rows whose label the majority of 10 neighbours guesses, here
	LabelThere *float64 // and in the space

	// By row: the share of the neighbours here that are neighbours in the space (NaN never: 0 for rows that were left
	// out), how many of the 15 in the space are not here, and how many here are not there.
	Local          []float32
	Missing, False []int32

	// By row: the logarithm of how far the 15 neighbours reach here by how far they do in the space, less that of the
	// median row; above 0 the layout pulls apart, below it presses together. 0 where either is 0, and under dot, which
	// has no distances.
	Stretch []float32
}

// Judge compares a layout of x with the space itself. t is x's table with at least QualityK neighbours, or all there are;
// labels (nil: none) are those of measure.Labels. Trustworthiness, continuity and the recall of 5 and 50 ask a fixed sample of
// up to 1000 rows, each among all: of large spaces fewer, since each is held against every row. Of few rows it looks at half of the
// others instead of 15; of one or two rows there is nothing to be asked.
func Judge(ctx context.Context, x knn.Matrix, metric catalog.Metric, t *knn.Table, l Layout, labels []int32, count int, on Machine) (*Quality, error) {
	k := min(QualityK, t.K)
	out := make([]bool, x.Rows)
	taking := 0
	for i := range out {
		out[i] = t.Excluded(i)
		if !out[i] {
			taking++
		}
	}
	k = min(k, (taking-1)/2) // trustworthiness has no meaning for more
	q := &Quality{Local: make([]float32, x.Rows), Missing: make([]int32, x.Rows), False: make([]int32, x.Rows), Stretch: make([]float32, x.Rows)}
	if k < 1 {
		return q, nil
	}
	here, err := knn.SelfJoin(ctx, knn.Matrix{Data: l.Points, Rows: x.Rows, Dims: l.Dims}, knn.Params{K: max(k, min(10, taking-1)), Metric: catalog.Euclidean, Threads: on.Threads, Kernel: on.Kernel, Exclude: out})
	if err != nil {
		return nil, err
	}
	agreement, err := measure.Compare(t, here, k)
	if err != nil {
		return nil, err
	}
	q.Recall = agreement.Overlap.Mean
	for i, m := range agreement.Shared {
		if m >= 0 {
			q.Local[i], q.Missing[i], q.False[i] = float32(m)/float32(k), int32(k)-m, int32(k)-m
		}
	}
	q.stretched(t, here, metric, k)
	lists, err := measure.Lists(t, here, k)
	if err != nil {
		return nil, err
	}
	q.RNXAUC = lists["r_nx_auc"].Value
	if err := q.ranks(ctx, x, metric, t, here, l, k, taking, on); err != nil {
		return nil, err
	}
	q.triples(x, metric, l, out)
	if labels != nil {
		q.labels(t, here, labels, count)
	}
	return q, nil
}

// stretched compares how far the neighbours of each row reach.
func (q *Quality) stretched(there, here *knn.Table, metric catalog.Metric, k int) {
	if metric == catalog.Dot {
		return
	}
	var known []float32
	for i := range q.Stretch {
		if there.Excluded(i) {
			continue
		}
		inSpace, inLayout := float64(there.Distances[i*there.K+k-1]), float64(here.Distances[i*here.K+k-1])
		if metric == catalog.Cosine { // 1 − cos is half the square of the distance between directions
			inSpace = math.Sqrt(2 * inSpace)
		}
		if inSpace > 0 && inLayout > 0 {
			q.Stretch[i] = float32(math.Log(inLayout / inSpace))
			known = append(known, q.Stretch[i])
		}
	}
	if len(known) == 0 {
		return
	}
	slices.Sort(known)
	middle := known[len(known)/2]
	for i := range q.Stretch {
		inSpace, inLayout := there.Distances[i*there.K+k-1], here.Distances[i*here.K+k-1]
		if !there.Excluded(i) && inSpace > 0 && inLayout > 0 {
			q.Stretch[i] -= middle
		}
	}
}

// askedOf is how many rows of a space are asked.
func askedOf(x knn.Matrix) int {
	return max(leastAsked, min(mostAsked, int(askedValues/(float64(x.Rows)*float64(x.Dims+pairValues)))))
}

// ranks asks a sample for trustworthiness, continuity and the recall at other depths.
func (q *Quality) ranks(ctx context.Context, x knn.Matrix, metric catalog.Metric, there, here *knn.Table, l Layout, k, taking int, on Machine) error {
	most := askedOf(x)
	var asked []int32
	for _, i := range random.New(qualitySeed).Permutation(x.Rows) {
		if !there.Excluded(i) && len(asked) < most {
			asked = append(asked, int32(i))
		}
	}
	q.Asked = len(asked)
	answers := make([]answer, len(asked))
	out := make([]bool, x.Rows)
	for i := range out {
		out[i] = there.Excluded(i)
	}
	if err := knn.Distances(ctx, x, asked, knn.Params{Metric: metric, Threads: on.Threads, Kernel: on.Kernel, Exclude: out}, func(at int, inSpace []float64) {
		answers[at] = ask(inSpace, there, here, l, k, int(asked[at]))
	}); err != nil {
		return err
	}
	var all answer
	for _, a := range answers {
		all.intruding, all.torn = all.intruding+a.intruding, all.torn+a.torn
		for depth, shared := range a.shared {
			all.shared[depth] += shared
		}
	}
	rows, n, kk := float64(len(asked)), float64(taking), float64(k)
	q.Recall5 = float64(all.shared[0]) / (rows * float64(min(recallDepths[0], taking-1)))
	q.Recall50 = float64(all.shared[1]) / (rows * float64(min(recallDepths[1], taking-1)))
	if 2*n-3*kk-1 <= 0 {
		q.Trust, q.Continuity = 1, 1
		return nil
	}
	norm := 2 / (rows * kk * (2*n - 3*kk - 1))
	q.Trust, q.Continuity = 1-norm*all.intruding, 1-norm*all.torn
	return nil
}

// recallDepths are those beside QualityK, which tables tell of.
var recallDepths = [2]int{5, 50}

// answer is what one row says: the sums of the ranks beyond k, in the space of its neighbours here, and here of its neighbours in
// the space; and how many neighbours of each depth are the same.
type answer struct {
	intruding, torn float64
	shared          [len(recallDepths)]int
}

// ask holds a row's distances in the space against those here.
func ask(inSpace []float64, there, here *knn.Table, l Layout, k, row int) (a answer) {
	inLayout := make([]float64, len(inSpace))
	for j := range inLayout {
		if inLayout[j] = math.Inf(1); j != row && !there.Excluded(j) {
			inLayout[j] = float64(gap(l.Row(row), l.Row(j)))
		}
	}
	near, shown := there.Neighbours(row)[:k], here.Neighbours(row)[:k]
	a.intruding, a.torn = beyond(inSpace, shown, near, k), beyond(inLayout, near, shown, k)
	most := recallDepths[len(recallDepths)-1]
	near, shown = closest(inSpace, most), closest(inLayout, most)
	for at, depth := range recallDepths {
		for _, j := range near[:min(depth, len(near))] {
			if slices.Contains(shown[:min(depth, len(shown))], j) {
				a.shared[at]++
			}
		}
	}
	return a
}

// closest are the rows of the k smallest distances, those of equal ones by number, without any that is infinitely far.
func closest(distances []float64, k int) []int32 {
	rows, least := make([]int32, 0, k+1), make([]float64, 0, k+1)
	most := math.MaxFloat64
	for j, d := range distances {
		if d > most || d == most && len(rows) == k {
			continue
		}
		at, _ := slices.BinarySearchFunc(least, d, func(known, d float64) int {
			if known <= d {
				return -1
			}
			return 1
		})
		rows, least = slices.Insert(rows, at, int32(j)), slices.Insert(least, at, d)
		if len(rows) > k {
			rows, least = rows[:k], least[:k]
		}
		if len(rows) == k {
			most = least[k-1]
		}
	}
	return rows
}

// beyond sums up the ranks beyond k of at most QualityK rows, except the known, by their distances; equal ones go by row.
func beyond(distances []float64, rows, known []int32, k int) (sum float64) {
	some := make([]int32, 0, QualityK)
	for _, j := range rows {
		if !slices.Contains(known, j) {
			some = append(some, j)
		}
	}
	if len(some) == 0 {
		return 0
	}
	slices.SortFunc(some, func(a, b int32) int {
		return cmp.Or(cmp.Compare(distances[a], distances[b]), cmp.Compare(a, b))
	})
	var keys [QualityK + 1]float64
	for i := range keys {
		if keys[i] = math.Inf(1); i < len(some) {
			keys[i] = distances[some[i]]
		}
	}
	most := keys[len(some)-1]
	var before [QualityK + 1]int // each: what comes before it, and not before the one before it
	for j, d := range distances {
		if d > most {
			continue
		}
		at := 0 // keys below d, halving: steps without branches, which could not be foreseen
		if keys[7] < d {
			at = 8
		}
		if keys[at+3] < d {
			at += 4
		}
		if keys[at+1] < d {
			at += 2
		}
		if keys[at] < d {
			at++
		}
		for keys[at] == d && int(some[at]) <= j {
			at++
		}
		before[at]++
	}
	rank := 1
	for _, count := range before[:len(some)] {
		rank += count
		sum += float64(max(rank-k, 0))
	}
	return sum
}

// triples asks random triples which of two rows is nearer to a third.
func (q *Quality) triples(x knn.Matrix, metric catalog.Metric, l Layout, out []bool) {
	r := random.New(qualitySeed + 1)
	right, asked := 0, 0
	for range triplets {
		i, a, b := r.Below(x.Rows), r.Below(x.Rows), r.Below(x.Rows)
		if i == a || a == b || i == b || out[i] || out[a] || out[b] {
			continue
		}
		asked++
		if (vec.Distance(metric, x.Row(i), x.Row(a)) < vec.Distance(metric, x.Row(i), x.Row(b))) == (gap(l.Row(i), l.Row(a)) < gap(l.Row(i), l.Row(b))) {
			right++
		}
	}
	if asked > 0 {
		q.Triplets = float64(right) / float64(asked)
	}
}

func (q *Quality) labels(there, here *knn.Table, labels []int32, count int) {
	for _, side := range []struct {
		table *knn.Table
		out   **float64
	}{{here, &q.LabelHere}, {there, &q.LabelThere}} {
		if r := measure.Labels(side.table, labels, count, min(10, side.table.K))["label_accuracy"]; r.Reason == "" {
			*side.out = &r.Value
		}
	}
}
