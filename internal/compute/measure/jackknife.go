package measure

import (
	"math"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"github.com/pentoai/vectory/internal/compute/random"
)

// The intervals of what reads sums over all rows are those of a jackknife that leaves out one of G random groups of
// rows at a time, "for other items like these". It is taken to first order: with φ_g what group g adds to the
// value through the derivative by the sums (so that Σ φ_g = 0 for a value without a scale),
//
//	variance = G/(G−1) · Σ φ_g²
//
// which needs the sums of each group and no second decomposition. Never a bootstrap of n rows out of n: it makes
// duplicates, and duplicates are neighbours and alike.

// spread gives r an interval from what each group adds; null is a variance that chance alone gives: near chance
// the first order vanishes, and that is what is left.
func (m *Moments) spread(r Result, null float64, part func(g fold) float64) Result {
	if r.Reason != "" || m.bare || len(m.groups) < foldCount {
		return r
	}
	parts := make([]float64, len(m.groups))
	for i, g := range m.groups {
		parts[i] = part(g)
	}
	mean, variance := meanOf(parts), null
	count := float64(len(parts))
	for _, v := range parts {
		variance += (v - mean) * (v - mean) * count / (count - 1)
	}
	half := student975[len(parts)-1] * math.Sqrt(variance)
	if math.IsNaN(half) || math.IsInf(half, 0) {
		return r
	}
	r.CI95 = &[2]float64{r.Value - half, r.Value + half}
	return r
}

// above keeps the interval within what is possible: from lo to 1.
func (r Result) above(lo float64) Result {
	if r.CI95 != nil {
		r.CI95 = &[2]float64{max(lo, r.CI95[0]), min(1, r.CI95[1])}
	}
	return r
}

// inner is Σ a·b over all elements.
func inner(a, b blas64.General) (sum float64) {
	for i, v := range a.Data {
		sum += v * b.Data[i]
	}
	return sum
}

// thin is a singular value decomposition: values falling, and vectors as columns. Values are those of the
// bidiagonal form; the vectors come from the eigenvectors of the smaller product, several times faster, unless the
// values lie too far apart for that.
type thin struct {
	values []float64
	u, v   *mat.Dense
}

func decompose(a *mat.Dense) (thin, bool) {
	rows, cols := a.Dims()
	if rows < cols {
		t, ok := decompose(mat.DenseCopyOf(a.T()))
		t.u, t.v = t.v, t.u
		return t, ok
	}
	var svd mat.SVD
	if !svd.Factorize(a, mat.SVDNone) {
		return thin{}, false
	}
	t := thin{values: svd.Values(nil)}
	if t.values[cols-1] < 1e-4*t.values[0] || cols < 16 {
		if !svd.Factorize(a, mat.SVDThin) {
			return thin{}, false
		}
		t.u, t.v = &mat.Dense{}, &mat.Dense{}
		svd.UTo(t.u)
		svd.VTo(t.v)
		return t, true
	}
	var gram mat.SymDense
	gram.SymOuterK(1, a.T())
	var e mat.EigenSym
	if !e.Factorize(&gram, true) {
		return thin{}, false
	}
	var rising mat.Dense
	e.VectorsTo(&rising)
	t.v, t.u = mat.NewDense(cols, cols, nil), &mat.Dense{}
	for i := range cols {
		for j := range cols {
			t.v.Set(i, j, rising.At(i, cols-1-j))
		}
	}
	t.u.Mul(a, t.v)
	for j, s := range t.values {
		for i := range rows {
			t.u.Set(i, j, t.u.At(i, j)/s)
		}
	}
	return t, true
}

// jackknife gives the interval of a value of n points, from the values of the points that are kept when one of the
// groups is left out: the classical one, each value computed anew. nil when there are too few points.
func jackknife(n int, on Machine, value func(kept []int) float64) *[2]float64 {
	if n < 4*jackknifeGroups {
		return nil
	}
	order := random.New(jackknifeSeed).Permutation(n)
	found := make([]float64, jackknifeGroups)
	on.parallel(jackknifeGroups, func(g int) {
		kept := make([]int, 0, n)
		for at := range n {
			if order[at]%jackknifeGroups != g {
				kept = append(kept, at)
			}
		}
		found[g] = value(kept)
	})
	mean := meanOf(found)
	var variance float64
	for _, v := range found {
		variance += (v - mean) * (v - mean) * float64(jackknifeGroups-1) / jackknifeGroups
	}
	half := student975[jackknifeGroups-1] * math.Sqrt(variance)
	if math.IsNaN(half) {
		return nil
	}
	return &[2]float64{-half, half}
}
