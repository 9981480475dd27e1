package measure

import (
	"context"
	"math"

	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/random"
)

// Principal are directions of largest variance.
type Principal struct {
	Mean      []float64   // of the columns
	Axes      [][]float64 // each of D values and length 1, the largest part positive
	Variances []float64   // sums of squares along them, falling
}

const (
	exactAxes = 512 // columns up to which all directions are computed,
	manyAxes  = 16  // and from so many axes on up to four times as many: iteration finds them one by one
	axesSeed  = 0x6178_6573
)

// PrincipalAxes gives the k directions along which the rows of x vary most, exactly: by the eigenvectors of x̃ᵀx̃, of wide
// spaces by subspace iteration to convergence. Where rows vary along fewer, fewer are given. unit takes rows to length 1 first.
func PrincipalAxes(ctx context.Context, x knn.Matrix, k int, unit bool, on Machine) (Principal, error) {
	rows := scaled{x, nil}
	if unit {
		rows.factor = units(x)
	}
	m, err := newMoments(ctx, rows, scaled{knn.Matrix{Rows: x.Rows}, nil}, on)
	if err != nil {
		return Principal{}, err
	}
	p := Principal{Mean: m.meanX}
	d := x.Dims
	if d <= exactAxes || k >= manyAxes && d <= 4*exactAxes {
		s, _ := eigen(m.XX)
		for i := range min(k, len(s.values)) {
			axis := make([]float64, d)
			for c := range axis {
				axis[c] = s.vectors.At(c, i)
			}
			p.Axes, p.Variances = append(p.Axes, upright(axis)), append(p.Variances, s.values[i])
		}
		return p, nil
	}
	values, axes := leading(m.XX.Data, m.XX.Stride, d, k, on)
	for i, v := range values {
		if v > values[0]*float64(d)*0x1p-52*10 {
			p.Axes, p.Variances = append(p.Axes, upright(axes[i])), append(p.Variances, v)
		}
	}
	return p, nil
}

// upright turns an axis so that its largest part is positive.
func upright(axis []float64) []float64 {
	largest := 0
	for i, v := range axis {
		if math.Abs(v) > math.Abs(axis[largest])+1e-12 {
			largest = i
		}
	}
	if axis[largest] < 0 {
		for i := range axis {
			axis[i] = -axis[i]
		}
	}
	return axis
}

// leading gives the k largest eigenvalues of a symmetric d×d matrix with their vectors, by subspace iteration with some
// more vectors than are asked for.
func leading(m []float64, stride, d, k int, on Machine) (values []float64, axes [][]float64) {
	n := min(d, k+12)
	r := random.New(axesSeed)
	basis := make([][]float64, n)
	for i := range basis {
		basis[i] = make([]float64, d)
		for c := range basis[i] {
			basis[i][c] = r.Float64() - 0.5
		}
	}
	last := make([]float64, k)
	for range 300 {
		orthonormalise(basis)
		next := make([][]float64, n)
		on.parallel(n, func(i int) {
			next[i] = make([]float64, d)
			for row := range d {
				var sum float64
				for c, v := range basis[i] {
					sum += m[row*stride+c] * v
				}
				next[i][row] = sum
			}
		})
		small := zeros(n, n) // Rayleigh and Ritz
		for i := range n {
			for j := range n {
				small.Data[i*small.Stride+j] = (dotOf(basis[i], next[j]) + dotOf(basis[j], next[i])) / 2
			}
		}
		s, ok := eigen(small)
		if !ok || len(s.values) == 0 {
			return nil, nil
		}
		turned := make([][]float64, len(s.values))
		for at := range s.values {
			turned[at] = make([]float64, d)
			for i := range n {
				w := s.vectors.At(i, at)
				for c, v := range next[i] {
					turned[at][c] += w * v
				}
			}
		}
		basis, n = turned, len(turned)
		var moved float64
		for i := range min(k, n) {
			moved = max(moved, math.Abs(s.values[i]-last[i])/s.values[0])
			last[i] = s.values[i]
		}
		if moved < 1e-14 {
			break
		}
	}
	orthonormalise(basis)
	return last[:min(k, n)], basis[:min(k, n)]
}

func orthonormalise(basis [][]float64) {
	for i, v := range basis {
		for range 2 {
			for _, before := range basis[:i] {
				dot := dotOf(v, before)
				for c := range v {
					v[c] -= dot * before[c]
				}
			}
		}
		if length := math.Sqrt(dotOf(v, v)); length > 0 {
			for c := range v {
				v[c] /= length
			}
		}
	}
}

func dotOf(a, b []float64) (sum float64) {
	for i, v := range a {
		sum += v * b[i]
	}
	return sum
}
