package measure

import (
	"context"
	"math"
	"slices"
	"sync"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/random"
)

// Pairwise holds the euclidean distances between all pairs of some rows, in two spaces: n×n each.
type Pairwise struct {
	n    int
	a, b []float64
	all  bool // of all rows that there are
	on   Machine

	ranks func() (a, b []float64) // n×n: their ranks less the mean rank; computed once
}

const (
	pairwiseRows = 2000        // of which all pairs are kept
	pairedRows   = 1000        // up to which pairings at random tell p, and of which distances are taken one by one
	pairwiseSeed = 0x7061_6972 // "pair"
)

// NewPairwise computes the distances of at most two thousand rows, a fixed sample of them when there are more.
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
	list := make([]int32, n)
	for at, row := range rows {
		list[at] = int32(row)
	}
	inX, inY := points{Matrix: x, set: on.Kernel}, points{Matrix: y, set: on.Kernel}
	on.parallel(n, func(i int) {
		if ctx.Err() != nil {
			return
		}
		inX.distances(catalog.Euclidean, list[i], list[:i], p.a[i*n:])
		inY.distances(catalog.Euclidean, list[i], list[:i], p.b[i*n:])
		for j := range i {
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
	p.ranks = sync.OnceValues(func() (a, b []float64) {
		p.on.both(func() { a = p.centredRanks(p.a) }, func() { b = p.centredRanks(p.b) })
		return a, b
	})
}

// both does two things on the threads of the machine.
func (on Machine) both(first, second func()) {
	do := [2]func(){first, second}
	on.parallel(2, func(i int) { do[i]() })
}

// centredRanks are those of the distances, less the mean of all.
func (p *Pairwise) centredRanks(d []float64) []float64 {
	below, full := midRanks(p.below(d)), make([]float64, p.n*p.n)
	mean := float64(len(below)+1) / 2
	for i, at := 0, 0; i < p.n; i++ {
		for j := range i {
			full[i*p.n+j] = below[at] - mean
			full[j*p.n+i] = full[i*p.n+j]
			at++
		}
	}
	return full
}

// Pair gives the measures that read distances between pairs, by name: those that are wanted.
func (p *Pairwise) Pair(want func(name string) bool) map[string]Result {
	out := map[string]Result{}
	for name, value := range map[string]func() Result{"rsa": p.RSA, "distance_correlation": p.DistanceCorrelation} {
		if !want(name) {
			continue
		}
		r := value()
		if r.Reason == "" && !p.all {
			r.Note = "from a sample of 2000 rows"
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
	if jackknifeOf(p.n) == nil {
		return r
	}
	a, b, value := p.a, p.b, hsicWithout
	if name == "rsa" {
		a, b = p.ranks()
		value = correlationWithout
	}
	sums := newPairSums(p.n)
	p.on.parallel(p.n, func(i int) { sums.row(i, a[i*p.n:(i+1)*p.n], b[i*p.n:(i+1)*p.n]) })
	if half := jackknife(func(g int) float64 { return value(sums, g) }); half != nil {
		r.CI95 = &[2]float64{max(-1, r.Value+half[0]), min(1, r.Value+half[1])}
	}
	return r
}

// pairSums are, row by row, sums over the pairs of two symmetric matrices: over all others, and over those of each
// group. With them what is left without a group takes no second look at the pairs.
type pairSums struct {
	groups           []int        // of the rows
	a, b, aa, bb, ab []float64    // by row: over the others
	parts            [5][]float64 // n×jackknifeGroups each: of a, b, aa, bb, ab over the others of a group
}

func newPairSums(n int) *pairSums {
	s := &pairSums{groups: jackknifeOf(n)}
	for i, whole := range []*[]float64{&s.a, &s.b, &s.aa, &s.bb, &s.ab} {
		*whole = make([]float64, n)
		if s.groups != nil {
			s.parts[i] = make([]float64, n*jackknifeGroups)
		}
	}
	return s
}

// row takes in row i of both matrices. Different rows may be taken in at once.
func (s *pairSums) row(i int, left, right []float64) {
	var parts [jackknifeGroups][5]float64
	for j, v := range left {
		w, g := right[j], 0
		if i == j {
			continue
		}
		if s.groups != nil {
			g = s.groups[j]
		}
		part := &parts[g]
		part[0] += v
		part[1] += w
		part[2] += v * v
		part[3] += w * w
		part[4] += v * w
	}
	whole := [5][]float64{s.a, s.b, s.aa, s.bb, s.ab}
	for g, part := range parts {
		for at, sum := range part {
			if s.groups != nil {
				s.parts[at][i*jackknifeGroups+g] = sum
			}
			whole[at][i] += sum
		}
	}
}

// without gives the sums of each row that is kept over the others that are.
func (s *pairSums) without(group int, each func(a, b, aa, bb, ab float64)) {
	for i, g := range s.groups {
		if at := i*jackknifeGroups + group; g != group {
			each(s.a[i]-s.parts[0][at], s.b[i]-s.parts[1][at], s.aa[i]-s.parts[2][at], s.bb[i]-s.parts[3][at], s.ab[i]-s.parts[4][at])
		}
	}
}

// hsicWithout is the cosine by the unbiased HSIC without a group; NaN when a space has no spread of its own.
func hsicWithout(s *pairSums, group int) float64 {
	var m, sumA, sumB, aa, bb, ab, crossA, crossB, cross float64
	s.without(group, func(a, b, squaredA, squaredB, product float64) {
		m++
		sumA += a
		sumB += b
		aa += squaredA
		bb += squaredB
		ab += product
		crossA += a * a
		crossB += b * b
		cross += a * b
	})
	hsic := func(product, sumK, sumL, cross float64) float64 {
		return product + sumK/(m-1)*sumL/(m-2) - 2/(m-2)*cross
	}
	own, other := hsic(aa, sumA, sumA, crossA), hsic(bb, sumB, sumB, crossB)
	if !(own > 0 && other > 0) {
		return math.NaN()
	}
	return hsic(ab, sumA, sumB, cross) / math.Sqrt(own) / math.Sqrt(other)
}

// correlationWithout is Pearson's correlation over the pairs without a group.
func correlationWithout(s *pairSums, group int) float64 {
	var m, sumA, sumB, aa, bb, ab float64
	s.without(group, func(a, b, squaredA, squaredB, product float64) {
		m++
		sumA += a
		sumB += b
		aa += squaredA
		bb += squaredB
		ab += product
	})
	pairs := m * (m - 1)
	return (ab - sumA*sumB/pairs) / math.Sqrt(aa-sumA*sumA/pairs) / math.Sqrt(bb-sumB*sumB/pairs)
}

// RSA is Spearman's correlation of the distances (Kriegeskorte, Mur and Bandettini 2008); equal distances
// share their mean rank.
func (p *Pairwise) RSA() Result {
	if p.n < 3 {
		return Result{Reason: "needs 3 rows"}
	}
	a, b := p.ranks()
	var aa, bb, ab float64
	for i := range p.n {
		for j, v := range a[i*p.n : i*p.n+i] {
			w := b[i*p.n+j]
			aa += v * v
			bb += w * w
			ab += v * w
		}
	}
	if aa == 0 || bb == 0 {
		return Result{Reason: constantRows}
	}
	chance := 0.0
	return Result{Value: ab / math.Sqrt(aa) / math.Sqrt(bb), Chance: &chance}
}

// below lists what is below the diagonal, row by row.
func (p *Pairwise) below(d []float64) (list []float64) {
	for i := range p.n {
		list = append(list, d[i*p.n:i*p.n+i]...)
	}
	return list
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

// DistanceCorrelation is that of all rows: of the pairs that [RBFCKA] would take, with distances in the place of kernels.
func DistanceCorrelation(ctx context.Context, x, y knn.Matrix, on Machine) (Result, error) {
	const name = "distance_correlation"
	if x.Rows > pairedRows {
		return hsicCosine(ctx, x, y, math.Sqrt, math.Sqrt, on)
	}
	p, err := NewPairwise(ctx, x, y, on)
	if err != nil {
		return Result{}, err
	}
	only := func(other string) bool { return other == name }
	found := p.Pair(only)
	err = p.Null(found, only, on)
	return found[name], err
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

// Uniformity is ln of the mean of exp(−2‖u−v‖²) over pairs of unit rows (Wang and Isola 2020): the lower the
// more evenly they cover the sphere. Of more than two thousand rows a fixed sample is taken.
func Uniformity(x knn.Matrix, on Machine) Result {
	u := directions(x)
	order := random.New(pairwiseSeed).Permutation(u.Rows)
	rows := make([]int32, min(pairwiseRows, len(order)))
	for at := range rows {
		rows[at] = int32(order[at])
	}
	slices.Sort(rows)
	if len(rows) < 2 {
		return Result{Reason: "needs 2 rows that are not zero"}
	}
	of := pointsOf(u.Matrix, u.Rows, on)
	sums := newPairSums(len(rows))
	on.parallel(len(rows), func(i int) {
		near := make([]float64, len(rows))
		of.distances(catalog.Cosine, rows[i], rows, near)
		for at, d := range near {
			near[at] = math.Exp(-4 * d) // ‖u−v‖² is twice the distance
		}
		sums.row(i, near, near)
	})
	n := float64(len(rows))
	r := finite(math.Log(total(sums.a) / (n * (n - 1))))
	if r.Reason == "" && sums.groups != nil {
		half := jackknife(func(group int) float64 {
			var kept, sum float64
			sums.without(group, func(a, _, _, _, _ float64) { kept, sum = kept+1, sum+a })
			return math.Log(sum / (kept * (kept - 1)))
		})
		if half != nil {
			r.CI95 = &[2]float64{r.Value + half[0], min(0, r.Value+half[1])}
		}
	}
	if len(rows) < u.Rows {
		r.Note = "from a sample of 2000 rows"
	}
	return r
}
