package measure

import (
	"cmp"
	"context"
	"math"
	"slices"
	"sync"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/random"
	"github.com/pentoai/vectory/internal/compute/vec"
)

// Pairwise holds the euclidean distances between all pairs of some rows, in two spaces: n×n each.
type Pairwise struct {
	n    int
	a, b []float64
	all  bool // of all rows that there are

	ranks, kernels func() (a, b []float64) // of the distances below the diagonal; Gaussian; computed once
}

const (
	pairwiseRows = 1000
	pairwiseSeed = 0x7061_6972 // "pair"
)

// NewPairwise computes the distances of at most a thousand rows, a fixed sample of them when there are more.
// It looks at ctx once for each row.
func NewPairwise(ctx context.Context, x, y knn.Matrix, on Machine) (*Pairwise, error) {
	rows := random.New(pairwiseSeed).Permutation(x.Rows)
	rows = rows[:min(pairwiseRows, len(rows))]
	slices.Sort(rows)
	return PairwiseOf(ctx, x, y, rows, on)
}

// PairwiseOf computes the distances of the rows that are named.
func PairwiseOf(ctx context.Context, x, y knn.Matrix, rows []int, on Machine) (*Pairwise, error) {
	n := len(rows)
	p := &Pairwise{n: n, a: make([]float64, n*n), b: make([]float64, n*n), all: n == x.Rows}
	on.parallel(n, func(i int) {
		if ctx.Err() != nil {
			return
		}
		row := rows[i]
		for j, other := range rows[:i] {
			p.a[i*n+j] = vec.Distance(catalog.Euclidean, x.Row(row), x.Row(other))
			p.b[i*n+j] = vec.Distance(catalog.Euclidean, y.Row(row), y.Row(other))
			p.a[j*n+i], p.b[j*n+i] = p.a[i*n+j], p.b[i*n+j]
		}
	})
	if ctx.Err() != nil {
		return nil, catalog.Errorf(catalog.Canceled, "the distances were stopped: %w", context.Cause(ctx))
	}
	p.once()
	return p, nil
}

func (p *Pairwise) once() {
	p.ranks = sync.OnceValues(func() (a, b []float64) { return midRanks(p.below(p.a)), midRanks(p.below(p.b)) })
	p.kernels = sync.OnceValues(func() (a, b []float64) { return p.gauss(p.a), p.gauss(p.b) })
}

// Pair gives the measures that read distances between pairs, by name: those that are wanted.
func (p *Pairwise) Pair(want func(name string) bool) map[string]Result {
	out := map[string]Result{}
	for name, value := range map[string]func() Result{"rsa": p.RSA, "distance_correlation": p.DistanceCorrelation, "cka_rbf": p.RBFCKA} {
		if !want(name) {
			continue
		}
		r := value()
		if r.Reason == "" && !p.all {
			r.Note = "from a sample of 1000 rows"
		}
		out[name] = r
	}
	return out
}

// RSA is Spearman's correlation of the distances (Kriegeskorte, Mur and Bandettini 2008); equal distances
// share their mean rank.
func (p *Pairwise) RSA() Result {
	if p.n < 3 {
		return Result{Reason: "needs 3 rows"}
	}
	r, ok := correlation(p.ranks())
	if !ok {
		return Result{Reason: constantRows}
	}
	chance := 0.0
	return Result{Value: r, Chance: &chance}
}

// below lists what is below the diagonal, row by row.
func (p *Pairwise) below(d []float64) (list []float64) {
	for i := range p.n {
		list = append(list, d[i*p.n:i*p.n+i]...)
	}
	return list
}

// midRanks gives each value its rank from 1; equal values share the mean of theirs.
func midRanks(values []float64) []float64 {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(values[i], values[j]) })
	ranks := make([]float64, len(values))
	for from := 0; from < len(order); {
		to := from + 1
		for to < len(order) && values[order[to]] == values[order[from]] {
			to++
		}
		for _, i := range order[from:to] {
			ranks[i] = float64(from+to+1) / 2
		}
		from = to
	}
	return ranks
}

// correlation is Pearson's.
func correlation(a, b []float64) (float64, bool) {
	ma, mb := meanOf(a), meanOf(b)
	var aa, bb, ab float64
	for i := range a {
		da, db := a[i]-ma, b[i]-mb
		aa += da * da
		bb += db * db
		ab += da * db
	}
	if aa == 0 || bb == 0 {
		return 0, false
	}
	return ab / math.Sqrt(aa) / math.Sqrt(bb), true
}

// DistanceCorrelation is the bias-corrected squared distance correlation (Székely and Rizzo 2014): 0 on
// average for unrelated spaces, sometimes below. Its products of U-centred matrices are those of the unbiased
// HSIC with distances in place of kernels.
func (p *Pairwise) DistanceCorrelation() Result { return p.aligned(p.a, p.b) }

// RBFCKA is CKA with a Gaussian kernel as wide as the median distance, by the unbiased HSIC of Song et al.
// (2012): K = exp(−d²/(2·median(d²))), the median over all pairs (Kornblith et al. 2019).
func (p *Pairwise) RBFCKA() Result {
	a, b := p.kernels()
	if a == nil || b == nil {
		return Result{Reason: "half of all pairs of rows are equal"}
	}
	return p.aligned(a, b)
}

// gauss is the kernel matrix; nil when half of all pairs are equal.
func (p *Pairwise) gauss(d []float64) []float64 {
	squares := p.below(d)
	for i, v := range squares {
		squares[i] = v * v
	}
	if len(squares) == 0 {
		return nil
	}
	slices.Sort(squares)
	middle := (squares[(len(squares)-1)/2] + squares[len(squares)/2]) / 2
	if middle == 0 {
		return nil
	}
	k := make([]float64, len(d))
	for i, v := range d {
		k[i] = math.Exp(-v * v / (2 * middle))
	}
	return k
}

// aligned is the cosine between two matrices of pairs by the unbiased HSIC.
func (p *Pairwise) aligned(a, b []float64) Result {
	if p.n < 4 {
		return Result{Reason: "needs 4 rows"}
	}
	aa, bb := unbiasedHSIC(a, a, p.n), unbiasedHSIC(b, b, p.n)
	if !(aa > 0 && bb > 0) {
		return Result{Reason: constantRows}
	}
	r := finite(unbiasedHSIC(a, b, p.n) / math.Sqrt(aa) / math.Sqrt(bb))
	chance := 0.0
	r.Chance = &chance
	return r
}

// unbiasedHSIC is n(n−3) times equation 5 of Song et al. (2012); the diagonals count as 0.
func unbiasedHSIC(k, l []float64, n int) float64 {
	var product, sumK, sumL, cross float64
	for i := range n {
		var rowK, rowL float64
		for j := range n {
			if i == j {
				continue
			}
			rowK += k[i*n+j]
			rowL += l[i*n+j]
			product += k[i*n+j] * l[i*n+j]
		}
		sumK += rowK
		sumL += rowL
		cross += rowK * rowL
	}
	m := float64(n)
	return product + sumK/(m-1)*sumL/(m-2) - 2/(m-2)*cross
}

// Displacement compares row by row two spaces in the same coordinates (checkpoints of one model, a quantised
// copy): the mean cosine of x and y, and the mean of ‖x − y‖/‖x‖. Rows of zeros in x, and for the cosine
// in y, do not count. It differs from 0 when a space was merely rotated, unlike all other measures.
func Displacement(x, y knn.Matrix) map[string]Result {
	if x.Dims != y.Dims {
		r := Result{Reason: "needs spaces of the same dimensions and coordinates"}
		return map[string]Result{"moved_cosine": r, "moved": r}
	}
	var cosines, moved []float64
	for i := range x.Rows {
		a, b := x.Row(i), y.Row(i)
		na, nb := vec.Norm(a), vec.Norm(b)
		if na == 0 {
			continue
		}
		moved = append(moved, vec.Distance(catalog.Euclidean, a, b)/na)
		if nb > 0 {
			cosines = append(cosines, 1-vec.Distance(catalog.Cosine, a, b))
		}
	}
	const note = "means something only when both spaces have the same coordinates"
	of := func(values []float64) Result {
		if len(values) == 0 {
			return Result{Reason: "every row is zero"}
		}
		r := finite(meanOf(values))
		r.Note = note
		return r
	}
	return map[string]Result{"moved_cosine": of(cosines), "moved": of(moved)}
}

// Uniformity is ln of the mean of exp(−2‖u−v‖²) over pairs of unit rows (Wang and Isola 2020): the lower the
// more evenly they cover the sphere. Of more than a thousand rows a fixed sample is taken.
func Uniformity(x knn.Matrix) Result {
	u := directions(x)
	rows := random.New(pairwiseSeed).Permutation(u.Rows)
	rows = rows[:min(2*pairwiseRows, len(rows))]
	slices.Sort(rows)
	if len(rows) < 2 {
		return Result{Reason: "needs 2 rows that are not zero"}
	}
	var sum float64
	for i, row := range rows {
		for _, other := range rows[:i] {
			sum += math.Exp(-4 * vec.Distance(catalog.Cosine, u.Row(row), u.Row(other))) // ‖u−v‖² is twice the distance
		}
	}
	n := float64(len(rows))
	r := finite(math.Log(sum / (n * (n - 1) / 2)))
	if len(rows) < u.Rows {
		r.Note = "from a sample of 2000 rows"
	}
	return r
}

// Silhouette is the mean over rows of (b − a)/max(a, b) in cosine distance: a to the row's own label, b to
// the nearest other (Rousseeuw 1987). The mean cosine distance to a label is 1 − u·(mean of its unit rows), so
// that it is exact in one pass. A row alone with its label counts 0, as in scikit-learn. labels are those of
// [Labels]; rows of zeros and without a label are left out.
func Silhouette(x knn.Matrix, labels []int32, count int) Result {
	sums, sizes := make([]float64, count*x.Dims), make([]float64, count)
	unit := make([]float64, x.Rows)
	for i := range x.Rows {
		if labels[i] < 0 || vec.Norm(x.Row(i)) == 0 {
			continue
		}
		unit[i] = vec.Unit(x.Row(i))
		sizes[labels[i]]++
		sum := sums[int(labels[i])*x.Dims:]
		for c, v := range x.Row(i) {
			sum[c] += float64(v) * unit[i]
		}
	}
	var values []float64
	for i := range x.Rows {
		if unit[i] == 0 {
			continue
		}
		own, a, b := labels[i], 0.0, math.Inf(1)
		for label, size := range sizes {
			if size == 0 {
				continue
			}
			var dot float64
			for c, v := range x.Row(i) {
				dot += float64(v) * sums[label*x.Dims+c]
			}
			dot *= unit[i]
			if int32(label) == own {
				a = 1 - (dot-1)/(size-1) // its own product is 1
			} else {
				b = min(b, 1-dot/size)
			}
		}
		switch {
		case math.IsInf(b, 1):
			return Result{Reason: "needs at least two labels"}
		case sizes[own] == 1 || max(a, b) == 0:
			values = append(values, 0)
		default:
			values = append(values, (b-a)/max(a, b))
		}
	}
	if len(values) == 0 {
		return Result{Reason: "needs at least two labels"}
	}
	return finite(meanOf(values))
}
