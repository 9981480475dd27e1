package measure

import (
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
	on   Machine

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
	p := &Pairwise{n: n, a: make([]float64, n*n), b: make([]float64, n*n), all: n == x.Rows, on: on}
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
		if r.Reason == "" {
			r = p.spread(name, r)
		}
		out[name] = r
	}
	return out
}

// spread gives the interval of a delete-group jackknife over the rows. The ranks stay those among all pairs.
func (p *Pairwise) spread(name string, r Result) Result {
	var value func(kept []int) float64
	switch name {
	case "rsa":
		a, b := p.ranks()
		value = func(kept []int) float64 {
			var left, right []float64
			for at, i := range kept {
				for _, j := range kept[:at] {
					left, right = append(left, a[i*(i-1)/2+j]), append(right, b[i*(i-1)/2+j])
				}
			}
			c, _ := correlation(left, right)
			return c
		}
	case "distance_correlation":
		value = func(kept []int) float64 { return alignedOf(p.a, p.b, p.n, kept) }
	case "cka_rbf":
		a, b := p.kernels()
		value = func(kept []int) float64 { return alignedOf(a, b, p.n, kept) }
	}
	if half := jackknife(p.n, p.on, value); half != nil {
		r.CI95 = &[2]float64{max(-1, r.Value+half[0]), min(1, r.Value+half[1])}
	}
	return r
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
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	ranks := make([]float64, len(values))
	for i, v := range values {
		from, _ := slices.BinarySearch(sorted, v)
		to, _ := slices.BinarySearch(sorted, math.Nextafter(v, math.Inf(1)))
		ranks[i] = float64(from+to+1) / 2
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
	value := alignedOf(a, b, p.n, nil)
	if math.IsNaN(value) {
		return Result{Reason: constantRows}
	}
	r := finite(value)
	chance := 0.0
	r.Chance = &chance
	return r
}

// alignedOf is that cosine for the points that are kept (nil: all of n); NaN when a space has no spread of its own.
func alignedOf(a, b []float64, n int, kept []int) float64 {
	if kept != nil {
		a, b = square(a, n, kept), square(b, n, kept)
		n = len(kept)
	}
	aa, bb := unbiasedHSIC(a, a, n), unbiasedHSIC(b, b, n)
	if !(aa > 0 && bb > 0) {
		return math.NaN()
	}
	return unbiasedHSIC(a, b, n) / math.Sqrt(aa) / math.Sqrt(bb)
}

// square is the part of an n×n matrix that concerns the points that are kept.
func square(a []float64, n int, kept []int) []float64 {
	out := make([]float64, 0, len(kept)*len(kept))
	for _, i := range kept {
		row := a[i*n : (i+1)*n]
		for _, j := range kept {
			out = append(out, row[j])
		}
	}
	return out
}

// unbiasedHSIC is n(n−3) times equation 5 of Song et al. (2012); the diagonals count as 0.
func unbiasedHSIC(k, l []float64, n int) float64 {
	var product, sumK, sumL, cross float64
	for i := range n {
		var rowK, rowL float64
		left, right := k[i*n:(i+1)*n], l[i*n:(i+1)*n]
		for j, v := range left {
			w := right[j]
			rowK += v
			rowL += w
			product += v * w
		}
		rowK -= left[i]
		rowL -= right[i]
		product -= left[i] * right[i]
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
	cosines, moved := Moves(x, y)
	out := map[string]Result{}
	for name, values := range map[string][]float64{"moved_cosine": cosines, "moved": moved} {
		values = slices.DeleteFunc(values, math.IsNaN)
		if len(values) == 0 {
			out[name] = Result{Reason: "every row is zero"}
			continue
		}
		r := finite(meanOf(values))
		r.Note = "means something only when both spaces have the same coordinates"
		if r.Reason == "" {
			r.CI95 = intervalOf(values)
		}
		out[name] = r
	}
	return out
}

// Moves gives the cosine of x and y and ‖x − y‖/‖x‖ row by row; NaN where a length of 0 forbids it.
func Moves(x, y knn.Matrix) (cosines, moved []float64) {
	cosines, moved = make([]float64, x.Rows), make([]float64, x.Rows)
	for i := range x.Rows {
		a, b := x.Row(i), y.Row(i)
		na, nb := vec.Norm(a), vec.Norm(b)
		cosines[i], moved[i] = math.NaN(), math.NaN()
		if na > 0 {
			moved[i] = vec.Distance(catalog.Euclidean, a, b) / na
		}
		if na > 0 && nb > 0 {
			cosines[i] = 1 - vec.Distance(catalog.Cosine, a, b)
		}
	}
	return cosines, moved
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
	r := finite(meanOf(values))
	if r.Reason == "" {
		r.CI95 = stretched(values, CI95)
	}
	return r
}
