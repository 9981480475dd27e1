package projection

import (
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
	askedRows   = 1000
	triplets    = 50_000
	qualitySeed = 0x7175_616c
)

// Quality says how far a layout can be trusted. Shares and means over rows that take part.
type Quality struct {
	Trust      float64  // trustworthiness at 15 (Venna and Kaski 2001): 1 − what neighbours here are far away there
	Continuity float64  // the same with the roles exchanged: neighbours there that are torn apart here
	Recall     float64  // neighbours there that are neighbours here, of 15
	RNXAUC     float64  // R_NX over all depths up to 15 (Lee et al. 2015)
	Triplets   float64  // of random triples, those whose order of distances is the same
	LabelHere  *float64 // rows whose label the majority of 10 neighbours guesses, here
	LabelThere *float64 // and in the space

	// By row: the share of the neighbours here that are neighbours in the space (NaN never: 0 for rows that were left
	// out), how many of the 15 in the space are not here, and how many here are not there.
	Local          []float32
	Missing, False []int32
}

// Judge compares a layout of x with the space itself. t is x's table with at least QualityK neighbours, or all there are;
// labels (nil: none) are those of measure.Labels. Trustworthiness and continuity ask a fixed sample of 1000 rows, each
// among all.
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
	q := &Quality{Local: make([]float32, x.Rows), Missing: make([]int32, x.Rows), False: make([]int32, x.Rows)}
	if taking < k+2 || k < 1 {
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

// ranks is trustworthiness and continuity of a sample.
func (q *Quality) ranks(ctx context.Context, x knn.Matrix, metric catalog.Metric, there, here *knn.Table, l Layout, k, taking int, on Machine) error {
	var asked []int
	for _, i := range random.New(qualitySeed).Permutation(x.Rows) {
		if !there.Excluded(i) && len(asked) < askedRows {
			asked = append(asked, i)
		}
	}
	trust, torn := make([]float64, len(asked)), make([]float64, len(asked))
	on.parallel(len(asked), 4, func(from, to int) {
		for at := from; at < to && ctx.Err() == nil; at++ {
			trust[at], torn[at] = intruders(x, metric, there, here, l, k, asked[at])
		}
	})
	if ctx.Err() != nil {
		return canceled(ctx)
	}
	n, kk := float64(taking), float64(k)
	norm := 2 / (float64(len(asked)) * kk * (2*n - 3*kk - 1))
	if 2*n-3*kk-1 <= 0 {
		q.Trust, q.Continuity = 1, 1
		return nil
	}
	var a, b float64
	for at := range asked {
		a, b = a+trust[at], b+torn[at]
	}
	q.Trust, q.Continuity = 1-norm*a, 1-norm*b
	return nil
}

// intruders sums up, for one row, the ranks beyond k: in the space of its neighbours here, and here of its neighbours in
// the space.
func intruders(x knn.Matrix, metric catalog.Metric, there, here *knn.Table, l Layout, k, row int) (trust, torn float64) {
	inSpace := make([]float64, x.Rows)
	inLayout := make([]float64, x.Rows)
	for j := range x.Rows {
		inSpace[j], inLayout[j] = math.Inf(1), math.Inf(1)
		if j == row || there.Excluded(j) {
			continue
		}
		inSpace[j] = vec.Distance(metric, x.Row(row), x.Row(j))
		inLayout[j] = float64(gap(l.Row(row), l.Row(j)))
	}
	beyond := func(distances []float64, j int32) float64 {
		rank := 1
		for other, d := range distances {
			if d < distances[j] || d == distances[j] && other < int(j) {
				rank++
			}
		}
		return float64(max(rank-k, 0))
	}
	for _, j := range here.Neighbours(row)[:k] {
		if !slices.Contains(there.Neighbours(row)[:k], j) {
			trust += beyond(inSpace, j)
		}
	}
	for _, j := range there.Neighbours(row)[:k] {
		if !slices.Contains(here.Neighbours(row)[:k], j) {
			torn += beyond(inLayout, j)
		}
	}
	return trust, torn
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
