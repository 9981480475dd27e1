package measure

import (
	"context"
	"math"
	"slices"

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

	roughRows  = 4096 // that rough axes are of, and how many rounds they take at most, or until the variances change no more than so
	roughTurns = 24
	roughMoved = 1e-5
)

// PrincipalAxes gives the k directions along which the rows of x vary most, exactly: by the eigenvectors of x̃ᵀx̃, of wide
// spaces by subspace iteration to convergence. Where rows vary along fewer, fewer are given. unit takes rows to length 1 first.
func PrincipalAxes(ctx context.Context, x knn.Matrix, k int, unit bool, on Machine) (Principal, error) {
	if x.Rows <= exactAxes && x.Dims > exactAxes {
		return axesOfFew(x, k, unit, on), nil
	}
	m, err := aboutMean(ctx, x, unit, on)
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
	p.lead(m, k, 300, 1e-14, on)
	return p, nil
}

// axesOfFew finds them by what the rows have to do with each other, of which there are fewer than columns: x̃x̃ᵀ has the same
// variances.
func axesOfFew(x knn.Matrix, k int, unit bool, on Machine) Principal {
	rows := scaled{x, nil}
	if unit {
		rows.factor = units(x)
	}
	p := Principal{Mean: rows.means()}
	centred, gram := make([][]float64, x.Rows), zeros(x.Rows, x.Rows)
	for i := range centred {
		centred[i] = make([]float64, x.Dims)
		rows.write(centred[i], i, p.Mean)
	}
	on.parallel(x.Rows, func(i int) {
		for j := range i + 1 {
			v := dotOf(centred[i], centred[j])
			gram.Data[i*gram.Stride+j], gram.Data[j*gram.Stride+i] = v, v
		}
	})
	s, _ := eigen(gram)
	for i := range min(k, len(s.values)) {
		axis := make([]float64, x.Dims)
		for row, r := range centred {
			w := s.vectors.At(row, i) / math.Sqrt(s.values[i])
			for c, v := range r {
				axis[c] += float64(w * v)
			}
		}
		p.Axes, p.Variances = append(p.Axes, upright(axis)), append(p.Variances, s.values[i])
	}
	return p
}

// RoughAxes are about those of PrincipalAxes, in a part of the time: of 4096 rows, drawn once and for all, and iterated until the
// variances are known to five digits or for a while.
func RoughAxes(ctx context.Context, x knn.Matrix, k int, unit bool, on Machine) (Principal, error) {
	if x.Rows > roughRows {
		rows := random.New(axesSeed).Permutation(x.Rows)[:roughRows]
		slices.Sort(rows) // read in the order they lie in
		some := knn.Matrix{Rows: roughRows, Dims: x.Dims, Data: make([]float32, 0, roughRows*x.Dims)}
		for _, row := range rows {
			some.Data = append(some.Data, x.Row(row)...)
		}
		x = some
	}
	m, err := aboutMean(ctx, x, unit, on)
	if err != nil {
		return Principal{}, err
	}
	p := Principal{Mean: m.meanX}
	p.lead(m, k, roughTurns, roughMoved, on)
	return p, nil
}

// aboutMean sums up what the columns vary together.
func aboutMean(ctx context.Context, x knn.Matrix, unit bool, on Machine) (*Moments, error) {
	rows := scaled{x, nil}
	if unit {
		rows.factor = units(x)
	}
	return newMoments(ctx, rows, scaled{knn.Matrix{Rows: x.Rows}, nil}, on)
}

// lead takes the k directions of largest variance that iteration finds.
func (p *Principal) lead(m *Moments, k, turns int, least float64, on Machine) {
	d := m.XX.Rows
	values, axes := leading(m.XX.Data, m.XX.Stride, d, k, turns, least, on)
	for i, v := range values {
		if v > values[0]*float64(d)*0x1p-52*10 {
			p.Axes, p.Variances = append(p.Axes, upright(axes[i])), append(p.Variances, v)
		}
	}
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
// more vectors than are asked for, so many rounds at most or until the values move by less than a share of the first.
func leading(m []float64, stride, d, k, turns int, least float64, on Machine) (values []float64, axes [][]float64) {
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
	for range turns {
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
		if moved < least {
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
