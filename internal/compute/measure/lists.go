package measure

import (
	"context"
	"math"

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

// Depth is the agreement of the d nearest.
type Depth struct {
	K                        int
	Jaccard, Overlap, Chance float64  // chance of the overlap: d/(N−1)
	RNX                      *float64 // see [RNX]
}

// Curve gives the agreement at every depth from 1 to k. Errors: those of [Compare]. Nothing when no row is scored.
func Curve(a, b *knn.Table, k int) ([]Depth, error) {
	l, _, err := list(a, b, k)
	if err != nil || len(l.biased) == 0 {
		return nil, err
	}
	rows := float64(len(l.biased))
	curve := make([]Depth, k)
	for d := range curve {
		q := l.depth[d] / rows
		curve[d] = Depth{K: d + 1, Jaccard: l.jaccard[d] / rows, Overlap: q, Chance: float64(d+1) / float64(l.n-1), RNX: RNX(q, l.n, d+1)}
	}
	return curve, nil
}

// list looks at every row once.
func list(a, b *knn.Table, k int) (*listing, []int32, error) {
	if err := comparable(a, b, k); err != nil {
		return nil, nil, err
	}
	shared := Shared(a, b, k)
	l := &listing{k: k, n: population(a, shared), harmonic: harmonics(k), depth: make([]float64, k), jaccard: make([]float64, k)}
	var nothing float64 // the area of a row that shares nothing, as are nearly all of two unrelated spaces
	for d := range k {
		if r := RNX(0, l.n, d+1); r != nil {
			nothing += *r / float64(d+1)
		}
	}
	nothing /= l.harmonic[k]
	ranks := make([]int32, a.Rows) // in b's list, from 1; 0: not in it
	for i, m := range shared {
		if m < 0 {
			continue
		}
		if m == 0 {
			l.biased, l.ranked, l.joint, l.areas = append(l.biased, 0), append(l.ranked, 0), append(l.joint, 0), append(l.areas, nothing)
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
	jaccard  []float64 // the same of the Jaccard

	biased, ranked, joint, areas []float64
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
	var biased, area float64
	weight := 1 - persistence
	for d := range within {
		overlap += within[d]
		agreement := float64(overlap) / float64(d+1)
		l.depth[d] += agreement
		l.jaccard[d] += Jaccard.Value(int32(overlap), d+1)
		if r := RNX(agreement, l.n, d+1); r != nil {
			area += *r / float64(d+1)
		}
		biased += weight * agreement
		weight *= persistence
	}
	biased += weight / (1 - persistence) * float64(m) / float64(l.k)
	if m > 0 {
		similar /= l.harmonic[m]
	}
	l.areas = append(l.areas, area/l.harmonic[l.k])
	l.biased = append(l.biased, biased)
	l.ranked = append(l.ranked, similar)
	l.joint = append(l.joint, Jaccard.Value(int32(m), l.k)*similar)
}

// means are the values alone.
func (l *listing) means() map[string]Result {
	if len(l.biased) == 0 {
		return map[string]Result{}
	}
	out := map[string]Result{}
	for name, values := range map[string][]float64{"rbo": l.biased, "rank_similarity": l.ranked, "joint_rank_jaccard": l.joint, "r_nx_auc": l.areas} {
		out[name] = Result{Value: meanOf(values)}
	}
	return out
}

func (l *listing) results() map[string]Result {
	rows := len(l.biased)
	mean := func(values []float64) Result {
		if rows == 0 {
			return Result{Reason: "no row is scored"}
		}
		return Result{Value: meanOf(values), CI95: interval(values, rows < l.n, l.n)}
	}
	out := map[string]Result{"rbo": mean(l.biased), "rank_similarity": mean(l.ranked), "joint_rank_jaccard": mean(l.joint), "r_nx_auc": {Reason: "needs k < rows − 1"}}
	if rows > 0 && l.k < l.n-1 {
		chance := 0.0
		out["r_nx_auc"] = Result{Value: meanOf(l.areas), Chance: &chance, CI95: stretched(l.areas, func(scores []float64) *[2]float64 { return interval(scores, rows < l.n, l.n) })}
	}
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

func meanOf(values []float64) (sum float64) {
	for _, v := range values {
		sum += v
	}
	return sum / float64(max(len(values), 1))
}

// units are 1/‖row‖; 0 for a row of zeros.
func units(x knn.Matrix) []float64 {
	out := make([]float64, x.Rows)
	for i := range out {
		out[i] = unitOf(x.Row(i))
	}
	return out
}

func unitOf(row []float32) float64 {
	if u := vec.Unit(row); !math.IsNaN(u) {
		return u
	}
	return 0
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
	n := takingPart(a, b)
	if len(asked) == 0 || n < 3 {
		return Result{Reason: "needs 3 rows"}, nil
	}
	values, err := imbalances(ctx, a, b, y, p, asked, n)
	if err != nil {
		return Result{}, err
	}
	chance := 1.0
	r := Result{Value: meanOf(values), Chance: &chance}
	if n > 10 {
		// Under random pairing a rank is uniform on 1 … n−1. Those of rows with the same nearest, or that are each
		// other's nearest, go together: they count as if they were equal, so that z is at least this far from 0.
		sd := math.Sqrt(float64(n)*float64(n-2)/12) * 2 / float64(n)
		z := (r.Value - 1) / (sd * math.Sqrt(float64(together(a, asked))) / float64(len(asked)))
		p := max(leastP, pearsonTail(-z, 0))
		r.Z, r.P = &z, &p
	}
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

// takingPart is the number of rows among which nearest ones are ranked.
func takingPart(a, b *knn.Table) int {
	if a.Queries != nil {
		return a.Rows
	}
	return Scored(Shared(a, b, 1))
}

// imbalances are 2/N times the rank in b of what is nearest in a, for the lists that are named.
func imbalances(ctx context.Context, a, b *knn.Table, y knn.Matrix, p knn.Params, asked []int, n int) ([]float64, error) {
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
	for at, rank := range ranks {
		values[far[at]] = 2 * float64(rank) / float64(n)
	}
	return values, err
}

// Imbalances gives what each list has of [Imbalance]; NaN for a list that is not scored. It ranks all rows for each list whose
// nearest is not in b's.
func Imbalances(ctx context.Context, a, b *knn.Table, y knn.Matrix, p knn.Params) ([]float64, error) {
	out := make([]float64, a.Lists())
	var asked []int
	for i := range out {
		out[i] = math.NaN()
		if !a.Excluded(i) && !b.Excluded(i) {
			asked = append(asked, i)
		}
	}
	values, err := imbalances(ctx, a, b, y, p, asked, takingPart(a, b))
	for at, v := range values {
		out[asked[at]] = v
	}
	return out, err
}

// together counts the ordered pairs of lists, each with itself among them, whose nearest is the same row or that
// are each other's nearest.
func together(t *knn.Table, asked []int) (pairs int) {
	targets := map[int32]int{}
	nearest := map[int32]int32{}
	for _, i := range asked {
		targets[t.Neighbours(i)[0]]++
		nearest[int32(t.RowOf(i))] = t.Neighbours(i)[0]
	}
	for _, c := range targets {
		pairs += c * c
	}
	for row, to := range nearest {
		if back, ok := nearest[to]; ok && back == row {
			pairs++
		}
	}
	return pairs
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
