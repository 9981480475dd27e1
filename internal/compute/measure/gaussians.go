package measure

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"github.com/pentoai/vectory/internal/compute/knn"
)

// frechet adds the Fréchet distance of the gaussians with the samples' means and covariances, ‖Δμ‖² +
// tr(Σ₁ + Σ₂ − 2(Σ₁Σ₂)^½) (Dowson and Landau 1982), beside what two halves of the first sample give; and how far
// the means are apart, in standard deviations of the rows. Samples lie farther apart than what they are drawn from, all the more
// the fewer their rows: the intervals are of the latter.
func frechet(ctx context.Context, out map[string]Result, x, y knn.Matrix, on Machine) error {
	if x.Rows < 4 || y.Rows < 4 {
		out["drift_frechet"], out["drift_mean"] = Result{Reason: "needs 4 rows of each"}, Result{Reason: "needs 4 rows of each"}
		return nil
	}
	both, err := gaussiansOf(ctx, x, y, on)
	if err != nil {
		return err
	}
	first, second := halves(x)
	parts, err := gaussiansOf(ctx, first, second, on)
	if err != nil {
		return err
	}
	floor := parts.distance
	r := finite(both.distance)
	r.Chance, r.Note = &floor, "chance is what two random halves of A give"
	more := floor * both.inverse() / parts.inverse() // that samples of this size add: it falls as one over their rows
	if r = both.spread(r, more, both.distanceBy()); r.CI95 != nil {
		r.Note += fmt.Sprintf("; the interval leaves out the %.3g that samples of this size add", more)
	}
	out["drift_frechet"], out["drift_mean"] = r, both.shift()
	return nil
}

// gaussians are those with the means and covariances of two samples.
type gaussians struct {
	a, b     *Moments
	apart    []float64 // the mean of A less that of B
	squared  float64   // its squared length
	ta, tb   float64   // total variances
	distance float64   // of Fréchet
	axes     spectrum  // of A's products,
	inAxes   spectrum  // and of Λ^½VᵀΣ₂VΛ^½ in them: (Σ₁Σ₂)^½ has the trace of the roots of its values
}

func gaussiansOf(ctx context.Context, x, y knn.Matrix, on Machine) (g gaussians, err error) {
	if g.a, err = NewMoments(ctx, x, knn.Matrix{Rows: x.Rows}, on); err != nil {
		return g, err
	}
	if g.b, err = NewMoments(ctx, y, knn.Matrix{Rows: y.Rows}, on); err != nil {
		return g, err
	}
	g.apart = make([]float64, x.Dims)
	for c := range g.apart {
		g.apart[c] = g.a.meanX[c] - g.b.meanX[c]
	}
	na, nb := float64(x.Rows-1), float64(y.Rows-1)
	g.squared, g.ta, g.tb = dotOf(g.apart, g.apart), trace(g.a.XX)/na, trace(g.b.XX)/nb
	roots := 0.0
	if axes, ok := eigen(g.a.XX); ok && len(axes.values) > 0 {
		g.axes = axes
		turned := on.product(on.product(transpose(axes.vectors), dense(g.b.XX)), axes.vectors)
		k := len(axes.values)
		sym := zeros(k, k)
		for i := range k {
			for j := range k {
				sym.Data[i*sym.Stride+j] = (turned.At(i, j) + turned.At(j, i)) / 2 * math.Sqrt(axes.values[i]/na*axes.values[j]/na) / nb
			}
		}
		if s, ok := eigen(sym); ok {
			g.inAxes = s
			for _, v := range s.values {
				roots += math.Sqrt(v)
			}
		}
	}
	g.distance = max(0, g.squared+g.ta+g.tb-2*roots)
	return g, nil
}

func (g gaussians) inverse() float64 { return 1/float64(g.a.Rows) + 1/float64(g.b.Rows) }

// distanceBy are the derivatives of the distance by the covariances, I − T⁻¹ and I − T, where T = Σ₁^½(Σ₁^½Σ₂Σ₁^½)^-½Σ₁^½ carries
// the second gaussian to the first, without directions that hold rounding errors; nil where rows are few for the directions.
func (g gaussians) distanceBy() (by [2]blas64.General) {
	k := len(g.axes.values)
	if k == 0 || len(g.inAxes.values) == 0 || min(g.a.Rows, g.b.Rows) <= 2*k {
		return by
	}
	on, na := g.a.on, float64(g.a.Rows-1)
	for side, power := range []float64{-1, 1} { // the power of Λ/na; the roots have the other sign
		left := mat.DenseCopyOf(g.inAxes.vectors)
		for i, v := range g.axes.values {
			for j, w := range g.inAxes.values {
				left.Set(i, j, left.At(i, j)*math.Pow(v/na, power/2)*math.Pow(w, -power/4))
			}
		}
		left = on.product(g.axes.vectors, left)
		by[side] = on.product(left, transpose(left)).RawMatrix()
		for i := range by[side].Data {
			by[side].Data[i] = -by[side].Data[i]
		}
		for c := range by[side].Rows {
			by[side].Data[c*by[side].Stride+c]++
		}
	}
	return by
}

// spread gives a number its interval, about what it is without more, from what it changes by with each group of rows: by the
// covariances as given, and by the means as ‖Δμ‖² does.
func (g gaussians) spread(r Result, more float64, by [2]blas64.General) Result {
	if by[0].Data == nil || r.Reason != "" {
		return r
	}
	variance, groups := 0.0, min(len(g.a.groups), len(g.b.groups))
	if groups < foldCount {
		return r
	}
	for side, m := range []*Moments{g.a, g.b} {
		away := 2 - 4*float64(side) // B's mean moves the other way
		parts := make([]float64, len(m.groups))
		for i, f := range m.groups {
			parts[i] = (away*dotOf(g.apart, f.x) + inner(by[side], f.xx)) / float64(m.Rows)
		}
		sd := spreadOfTrials(parts)
		variance += sd * sd * float64(len(parts))
	}
	half := student975[groups-1] * math.Sqrt(variance)
	if math.IsNaN(half) || math.IsInf(half, 0) {
		return r
	}
	r.CI95 = &[2]float64{max(0, r.Value-more-half), max(0, r.Value-more+half)}
	return r
}

// shift is ‖Δμ‖ in standard deviations of the rows.
func (g gaussians) shift() Result {
	variance := (g.ta + g.tb) / 2
	if !(variance > 0) {
		return Result{Value: 0}
	}
	squared := g.squared / variance
	r := finite(math.Sqrt(squared))
	var by [2]blas64.General // of squared·variance by the covariances
	for side, m := range []*Moments{g.a, g.b} {
		by[side] = zeros(m.XX.Rows, m.XX.Cols)
		for c := range m.XX.Rows {
			by[side].Data[c*by[side].Stride+c] = -squared / 2
		}
	}
	more := g.ta/float64(g.a.Rows) + g.tb/float64(g.b.Rows)
	if ci := g.spread(Result{Value: g.squared}, more, by).CI95; ci != nil {
		r.CI95 = &[2]float64{math.Sqrt(ci[0] / variance), math.Sqrt(ci[1] / variance)}
		r.Note = fmt.Sprintf("the interval leaves out the %.3g that samples of this size add to the square", more/variance)
	}
	return r
}
