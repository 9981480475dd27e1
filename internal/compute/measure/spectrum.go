package measure

import (
	"context"
	"math"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/vec"
)

// Shape gives the measures of one space that read its second moments, by name: how many dimensions it uses
// and how evenly. Rows of zeros have no direction and are left out of anisotropy and vendi. It looks at ctx
// once for each block of rows.
func Shape(ctx context.Context, x knn.Matrix, on Machine) (map[string]Result, error) {
	m, err := NewMoments(ctx, x, knn.Matrix{Rows: x.Rows}, on)
	if err != nil {
		return nil, err
	}
	out := map[string]Result{}
	centred, ok := eigen(m.XX)
	if !ok {
		centred.values = nil
	}
	readSpectrum(out, centred.values, x.Dims)
	for name, slopes := range slopesOf(centred.values, x.Dims) {
		out[name] = m.spreadBy(out[name], centred, slopes, nil)
	}
	raw := uncentred(m.XX, m.meanX, x.Rows)
	if s, ok := eigen(raw); ok && len(s.values) > 0 {
		singular := make([]float64, len(s.values))
		for i, v := range s.values {
			singular[i] = math.Sqrt(v)
		}
		out["rankme"] = Result{Value: math.Exp(entropy(singular))}
		slopes := slopesOfEntropy(singular)
		for i, v := range singular {
			slopes[i] /= 2 * v
		}
		out["rankme"] = m.spreadBy(out["rankme"], s, slopes, m.meanX)
	} else {
		out["rankme"] = Result{Reason: constantRows}
	}
	return out, readDirections(ctx, out, x, on)
}

// readSpectrum fills in what falling eigenvalues of the covariance say.
func readSpectrum(out map[string]Result, values []float64, dims int) {
	names := []string{"participation_ratio", "isoscore", "effective_rank", "stable_rank", "alpha_req"}
	if len(values) == 0 {
		for _, name := range names {
			out[name] = Result{Reason: constantRows}
		}
		return
	}
	var sum, squares float64
	for _, v := range values {
		sum += v
	}
	for _, v := range values {
		squares += v / sum * (v / sum)
	}
	ratio := 1 / squares
	out["participation_ratio"] = Result{Value: ratio}
	out["isoscore"] = Result{Reason: "needs 2 dimensions"}
	if dims > 1 {
		out["isoscore"] = Result{Value: (ratio - 1) / float64(dims-1)}
	}
	out["effective_rank"] = Result{Value: math.Exp(entropy(values))}
	out["stable_rank"] = Result{Value: sum / values[0]}
	out["alpha_req"] = slope(values)
}

// spreadBy gives r, which reads the eigenvalues of a space, the interval of a jackknife (see [Moments.spread]): a group of rows G
// changes eigenvalue i by vᵢᵀGvᵢ, and r by slope times that. mean is that of the rows when the eigenvalues are those of the
// rows as they are.
func (m *Moments) spreadBy(r Result, s spectrum, slopes []float64, mean []float64) Result {
	if r.Reason != "" || len(m.groups) < foldCount {
		return r
	}
	weighed := mat.DenseCopyOf(s.vectors)
	for i := range weighed.RawMatrix().Rows {
		for j, slope := range slopes {
			weighed.Set(i, j, weighed.At(i, j)*slope)
		}
	}
	by := m.on.product(weighed, transpose(s.vectors))
	var turned []float64
	if mean != nil {
		turned = make([]float64, len(mean))
		for i := range turned {
			turned[i] = dotOf(by.RawRowView(i), mean)
		}
	}
	return m.spread(r, 0, func(g fold) float64 {
		change := inner(by.RawMatrix(), g.xx)
		if mean != nil { // the sums of a group are about the mean of all rows
			change += 2*dotOf(g.x, turned) + float64(g.rows)*dotOf(mean, turned)
		}
		return change
	})
}

// slopesOf are the derivatives of the measures of [readSpectrum] by each eigenvalue.
func slopesOf(values []float64, dims int) map[string][]float64 {
	if len(values) == 0 {
		return nil
	}
	sum, squares := total(values), dotOf(values, values)
	ratio := sum * sum / squares
	participation, iso, stable := make([]float64, len(values)), make([]float64, len(values)), make([]float64, len(values))
	for i, v := range values {
		participation[i] = ratio * (2/sum - 2*v/squares)
		iso[i] = participation[i] / float64(max(dims-1, 1))
		stable[i] = 1 / values[0]
	}
	stable[0] -= sum / values[0] / values[0]
	return map[string][]float64{"participation_ratio": participation, "isoscore": iso, "stable_rank": stable, "effective_rank": slopesOfEntropy(values), "alpha_req": slopesOfSlope(values)}
}

// slopesOfEntropy are those of exp of the entropy of the values as shares of their sum.
func slopesOfEntropy(values []float64) []float64 {
	h, sum := entropy(values), total(values)
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = -math.Exp(h) * (math.Log(v/sum) + h) / sum
	}
	return out
}

// slopesOfSlope are those of [slope].
func slopesOfSlope(values []float64) []float64 {
	from, to := 6, min(100, len(values))
	out := make([]float64, len(values))
	var w, sx, sxx float64
	for i := from; i <= to; i++ {
		weight, x := 1/float64(i), math.Log(float64(i))
		w, sx, sxx = w+weight, sx+weight*x, sxx+weight*x*x
	}
	for i := from; i <= to; i++ {
		out[i-1] = -(w*math.Log(float64(i)) - sx) / float64(i) / (w*sxx - sx*sx) / values[i-1]
	}
	return out
}

// entropy is that of the values as shares of their sum.
func entropy(values []float64) (h float64) {
	var sum float64
	for _, v := range values {
		sum += v
	}
	for _, v := range values {
		if p := v / sum; p > 0 {
			h -= p * math.Log(p)
		}
	}
	return h
}

// slope is α of λ_i ≈ i^−α, by least squares of ln λ on ln i with weights 1/i over ranks 6 to 100, as
// Agrawal et al. (2022) fit it.
func slope(values []float64) Result {
	from, to := 6, min(100, len(values))
	if to-from < 4 {
		return Result{Reason: "needs 10 dimensions that vary"}
	}
	var w, sx, sy, sxx, sxy float64
	for i := from; i <= to; i++ {
		weight, x, y := 1/float64(i), math.Log(float64(i)), math.Log(values[i-1])
		w += weight
		sx += weight * x
		sy += weight * y
		sxx += weight * x * x
		sxy += weight * x * y
	}
	return Result{Value: -(w*sxy - sx*sy) / (w*sxx - sx*sx)}
}

// uncentred is xᵀx of the rows as they are.
func uncentred(xx blas64.General, mean []float64, rows int) blas64.General {
	out := zeros(xx.Rows, xx.Cols)
	for i := range xx.Rows {
		for j := range xx.Cols {
			out.Data[i*out.Stride+j] = xx.Data[i*xx.Stride+j] + float64(rows)*mean[i]*mean[j]
		}
	}
	return out
}

// directions are the rows at length 1; those of zeros are left out.
func directions(x knn.Matrix) scaled {
	out := scaled{Matrix: x}
	if zero := knn.Exclusions(x, catalog.Cosine); zero != nil {
		out.Matrix = knn.Matrix{Dims: x.Dims}
		for i := range x.Rows {
			if !zero[i] {
				out.Data = append(out.Data, x.Row(i)...)
				out.Rows++
			}
		}
	}
	out.factor = make([]float64, out.Rows)
	for i := range out.factor {
		out.factor[i] = vec.Unit(out.Row(i))
	}
	return out
}

// readDirections fills in what the unit rows say: the mean cosine of two rows, (‖Σu‖²−Σ‖u‖²)/(n(n−1)), and
// the Vendi score, exp of the entropy of the eigenvalues of UᵀU/n.
func readDirections(ctx context.Context, out map[string]Result, x knn.Matrix, on Machine) error {
	u := directions(x)
	if u.Rows < 2 {
		out["anisotropy"], out["vendi"] = Result{Reason: "needs 2 rows that are not zero"}, Result{Reason: "needs 2 rows that are not zero"}
		return nil
	}
	m, err := newMoments(ctx, u, scaled{Matrix: knn.Matrix{Rows: u.Rows}}, on)
	if err != nil {
		return err
	}
	mean := m.meanX
	raw := uncentred(m.XX, mean, u.Rows)
	var squared float64
	for _, v := range mean {
		squared += v * v
	}
	n := float64(u.Rows)
	cosine := (n*n*squared - trace(raw)) / (n * (n - 1))
	out["anisotropy"] = m.spread(Result{Value: cosine}, 0, func(g fold) float64 {
		size := float64(g.rows)
		withAll := n*(dotOf(mean, g.x)+size*squared) - size // of the group's rows with all others
		return 2 / n * (withAll/(n-1) - size*cosine)
	})
	out["vendi"] = Result{Reason: noNumber}
	if s, ok := eigen(raw); ok {
		out["vendi"] = Result{Value: math.Exp(entropy(s.values))}
		if len(s.values) > 0 {
			out["vendi"] = m.spreadBy(out["vendi"], s, slopesOfEntropy(s.values), mean)
		}
	}
	return nil
}
