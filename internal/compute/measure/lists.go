package measure

import (
	"context"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/random"
	"github.com/pentoai/vectory/internal/compute/vec"
)

// persistence is p of rank-biased overlap: the nearest ten hold 86 % of the weight.
const persistence = 0.9

// Lists gives the measures of two tables that read the ranked lists, by name; a and b pass [Compare] at k.
// Each is a mean over the scored rows with an interval. Rows are summed in their order.
func Lists(a, b *knn.Table, k int) (map[string]Result, error) {
	l, _, err := list(a, b, k)
	if err != nil {
		return nil, err
	}
	return l.results(), nil
}

// list looks at every row once.
func list(a, b *knn.Table, k int) (*listing, []int32, error) {
	if err := comparable(a, b, k); err != nil {
		return nil, nil, err
	}
	shared := Shared(a, b, k)
	l := &listing{k: k, n: population(a, shared), harmonic: harmonics(k), depth: make([]float64, k)}
	ranks := make([]int32, a.Rows) // in b's list, from 1; 0: not in it
	for i, m := range shared {
		if m < 0 {
			continue
		}
		first, second := a.Neighbours(i)[:k], b.Neighbours(i)[:k]
		for at, j := range second {
			ranks[j] = int32(at) + 1
		}
		l.row(first, ranks, int(m))
		for _, j := range second {
			ranks[j] = 0
		}
	}
	return l, shared, nil
}

// listing collects what the rows give.
type listing struct {
	k, n     int
	harmonic []float64 // by m: Σ 1/i up to m
	depth    []float64 // by depth d−1: sum over rows of the overlap of the first d, over d

	biased, ranked, joint []float64
}

func harmonics(k int) []float64 {
	sums := make([]float64, k+1)
	for i := 1; i <= k; i++ {
		sums[i] = sums[i-1] + 1/float64(i)
	}
	return sums
}

// row takes in one row: its list in A, and the ranks of B's list.
func (l *listing) row(first, ranks []int32, m int) {
	// Neighbours shared within the first d of both lists: those with both ranks up to d.
	within := make([]int, l.k)
	var similar float64
	for at, j := range first {
		other := int(ranks[j])
		if other == 0 {
			continue
		}
		rank := at + 1
		within[max(rank, other)-1]++
		similar += 2 / (float64(1+max(rank-other, other-rank)) * float64(rank+other))
	}
	var overlap int
	var biased float64
	weight := 1 - persistence
	for d := range within {
		overlap += within[d]
		agreement := float64(overlap) / float64(d+1)
		l.depth[d] += agreement
		biased += weight * agreement
		weight *= persistence
	}
	biased += weight / (1 - persistence) * float64(m) / float64(l.k)
	if m > 0 {
		similar /= l.harmonic[m]
	}
	l.biased = append(l.biased, biased)
	l.ranked = append(l.ranked, similar)
	l.joint = append(l.joint, Jaccard.Value(int32(m), l.k)*similar)
}

func (l *listing) results() map[string]Result {
	rows := len(l.biased)
	mean := func(values []float64) Result {
		if rows == 0 {
			return Result{Reason: "no row is scored"}
		}
		return Result{Value: meanOf(values), CI95: interval(values, rows < l.n, l.n)}
	}
	out := map[string]Result{"rbo": mean(l.biased), "rank_similarity": mean(l.ranked), "joint_rank_jaccard": mean(l.joint), "r_nx_auc": l.area(rows)}
	if r := out["rbo"]; rows > 0 {
		// The overlap at depth d is d/(N−1) of d by chance, for any lists.
		var chance float64
		weight := 1 - persistence
		for d := 1; d <= l.k; d++ {
			chance += weight * float64(d) / float64(l.n-1)
			weight *= persistence
		}
		chance += weight / (1 - persistence) * float64(l.k) / float64(l.n-1)
		r.Chance = &chance
		out["rbo"] = r
	}
	return out
}

// area is Σ R_NX(d)/d ÷ Σ 1/d over the depths up to k (Lee et al. 2015).
func (l *listing) area(rows int) Result {
	var sum, weights float64
	for d := 1; d <= l.k; d++ {
		r := RNX(l.depth[d-1]/float64(max(rows, 1)), l.n, d)
		if r == nil || rows == 0 {
			return Result{Reason: "needs k < rows − 1"}
		}
		sum += *r / float64(d)
		weights += 1 / float64(d)
	}
	chance := 0.0
	return Result{Value: sum / weights, Chance: &chance}
}

func meanOf(values []float64) (sum float64) {
	for _, v := range values {
		sum += v
	}
	return sum / float64(max(len(values), 1))
}

// SecondOrderCosine is, for each row, the cosine between its cosine distances in x and in y to the
// neighbours of either list (Hamilton et al. 2016, in the form of ReSi), and its mean over the scored rows.
// Rows of zeros are not scored.
func SecondOrderCosine(ctx context.Context, a, b *knn.Table, x, y knn.Matrix, k int) (Result, error) {
	if err := comparable(a, b, k); err != nil {
		return Result{}, err
	}
	ux, uy := units(x), units(y)
	shared := Shared(a, b, k)
	var values []float64
	seen := make([]int32, a.Rows)
	for i, m := range shared {
		if i%256 == 0 && ctx.Err() != nil {
			return Result{}, catalog.Errorf(catalog.Canceled, "the measure was stopped: %w", context.Cause(ctx))
		}
		row := a.RowOf(i)
		if m < 0 || ux[row] == 0 || uy[row] == 0 {
			continue
		}
		var xx, yy, xy float64
		for _, list := range [][]int32{a.Neighbours(i)[:k], b.Neighbours(i)[:k]} {
			for _, j := range list {
				if seen[j] == int32(i)+1 || ux[j] == 0 || uy[j] == 0 {
					continue
				}
				seen[j] = int32(i) + 1
				dx := 1 - vec.Dot(x.Row(row), x.Row(int(j)))*ux[row]*ux[j]
				dy := 1 - vec.Dot(y.Row(row), y.Row(int(j)))*uy[row]*uy[j]
				xx += dx * dx
				yy += dy * dy
				xy += dx * dy
			}
		}
		if xx > 0 && yy > 0 {
			values = append(values, xy/sqrt(xx)/sqrt(yy))
		}
	}
	if len(values) == 0 {
		return Result{Reason: "no row has neighbours at a distance"}, nil
	}
	n := population(a, shared)
	return Result{Value: meanOf(values), CI95: interval(values, a.Queries != nil, n), Note: "of distances, as ReSi"}, nil
}

// units are 1/‖row‖; 0 for a row of zeros.
func units(x knn.Matrix) []float64 {
	out := make([]float64, x.Rows)
	for i := range out {
		if vec.Norm(x.Row(i)) > 0 {
			out[i] = vec.Unit(x.Row(i))
		}
	}
	return out
}

const (
	imbalanceRows = 1000
	imbalanceSeed = 0x696d_6261 // "imba"
)

// Imbalance is the information imbalance from the space of table a to that of b: 2/N times the mean rank in
// b of each row's nearest neighbour in a (Glielmo et al. 2022). 0: a determines b; 1: it says nothing of it.
// Of more than a thousand rows a fixed sample is asked, each against all rows, and the interval is that of
// the sample. y and p are what b was made from.
func Imbalance(ctx context.Context, a, b *knn.Table, y knn.Matrix, p knn.Params) (Result, error) {
	if a.K < 1 || b.K < 1 || a.Rows != b.Rows {
		return Result{}, catalog.Errorf(catalog.Internal, "the tables are about %d and %d rows", a.Rows, b.Rows)
	}
	var asked []int
	for _, i := range random.New(imbalanceSeed).Permutation(a.Lists()) {
		if !a.Excluded(i) && !b.Excluded(i) {
			asked = append(asked, i)
		}
		if len(asked) == imbalanceRows && a.Lists() > 2*imbalanceRows {
			break
		}
	}
	n := a.Rows
	if a.Queries == nil {
		n = Scored(Shared(a, b, 1))
	}
	if len(asked) == 0 || n < 3 {
		return Result{Reason: "needs 3 rows"}, nil
	}
	values := make([]float64, len(asked))
	var far []int
	var rows, targets []int32
	for at, i := range asked {
		nearest := a.Neighbours(i)[0]
		rank := place(b.Neighbours(i), nearest)
		values[at] = 2 * float64(rank) / float64(n)
		if rank == 0 { // beyond b's list: count
			far = append(far, at)
			rows, targets = append(rows, int32(a.RowOf(i))), append(targets, nearest)
		}
	}
	ranks, err := knn.Ranks(ctx, y, rows, targets, p)
	if err != nil {
		return Result{}, err
	}
	for at, rank := range ranks {
		values[far[at]] = 2 * float64(rank) / float64(n)
	}
	chance := 1.0
	r := Result{Value: meanOf(values), Chance: &chance}
	if len(asked) < n {
		r.Note = "from a sample of rows, each ranked among all"
	}
	// Ranks are not scores in [0, 1]: half of each is, as is its mean.
	half := make([]float64, len(values))
	for i, v := range values {
		half[i] = v / 2
	}
	if ci := interval(half, len(asked) < n, n); ci != nil {
		r.CI95 = &[2]float64{2 * ci[0], 2 * ci[1]}
	}
	return r, nil
}

// place is where id stands in the list, from 1; 0: nowhere.
func place(list []int32, id int32) int {
	for at, other := range list {
		if other == id {
			return at + 1
		}
	}
	return 0
}
