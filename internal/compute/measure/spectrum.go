package measure

import (
	"context"
	"math"

	"gonum.org/v1/gonum/blas/blas64"

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
	raw := uncentred(m.XX, m.meanX, x.Rows)
	if s, ok := eigen(raw); ok && len(s.values) > 0 {
		for i := range s.values {
			s.values[i] = math.Sqrt(s.values[i])
		}
		out["rankme"] = Result{Value: math.Exp(entropy(s.values))}
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
	out["anisotropy"] = Result{Value: (n*n*squared - trace(raw)) / (n * (n - 1))}
	out["vendi"] = Result{Reason: noNumber}
	if s, ok := eigen(raw); ok {
		out["vendi"] = Result{Value: math.Exp(entropy(s.values))}
	}
	return nil
}
