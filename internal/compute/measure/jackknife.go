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
	if r.Reason != "" || len(m.groups) < foldCount {
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

// jackknifeOf gives each of n points one of the groups that are left out; nil when there are too few points.
func jackknifeOf(n int) []int {
	if n < 4*jackknifeGroups {
		return nil
	}
	groups := random.New(jackknifeSeed).Permutation(n)
	for at := range groups {
		groups[at] %= jackknifeGroups
	}
	return groups
}

// jackknife gives the interval, about a value of points, from the values without each of the groups: the classical one.
// nil when one of them is none.
func jackknife(without func(group int) float64) *[2]float64 {
	return jackknifeOver(jackknifeGroups, without)
}

func jackknifeOver(groups int, without func(group int) float64) *[2]float64 {
	found, variance := make([]float64, groups), 0.0
	for g := range found {
		found[g] = without(g)
	}
	mean, count := meanOf(found), float64(groups)
	for _, v := range found {
		variance += (v - mean) * (v - mean) * (count - 1) / count
	}
	half := student975[groups-1] * math.Sqrt(variance)
	if math.IsNaN(half) {
		return nil
	}
	return &[2]float64{-half, half}
}

// leftOut is the interval of a jackknife about a value of n rows; without gives it of the rows that are kept. nil for too few rows.
func leftOut(n int, value float64, without func(kept func(row int) bool) float64) *[2]float64 {
	groups := jackknifeOf(n)
	if groups == nil {
		return nil
	}
	half := jackknife(func(g int) float64 { return without(func(row int) bool { return groups[row] != g }) })
	if half == nil {
		return nil
	}
	return &[2]float64{value + half[0], value + half[1]}
}

// keptOf are the values of the rows that are kept.
func keptOf(values []float64, kept func(row int) bool) (list []float64) {
	for row, v := range values {
		if kept(row) {
			list = append(list, v)
		}
	}
	return list
}

// from0To cuts the interval to what is possible: from 0 to hi.
func (r Result) from0To(hi float64) Result {
	if r.CI95 != nil {
		r.CI95 = &[2]float64{max(0, r.CI95[0]), min(hi, r.CI95[1])}
	}
	return r
}
