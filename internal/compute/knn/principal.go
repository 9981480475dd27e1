package knn

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/pentoai/vectory/internal/compute/kernel"
)

// basis is a D×dims matrix with nearly orthonormal columns, those along which a sample of the rows
// varies most first. Any basis gives exact results; a good one makes the rest of a row, the tail, short.
type basis struct {
	dims   int
	values []float32 // row-major D×dims
}

// samplesOfBasis is how many rows the directions are learned from.
const samplesOfBasis = 2048

// principal finds the directions by subspace iteration (Halko, Martinsson, Tropp 2011, algorithm 4.4)
// and a Rayleigh-Ritz step that sorts them. s is n×d, row-major, centred.
func principal(ctx context.Context, set *kernel.Set, s []float32, n, d, dims int, p Params) (basis, error) {
	r := rand.New(rand.NewPCG(3, 4))
	turned := transposed(s, n, d, d)
	columns := make([][]float64, dims) // of the basis
	for c := range columns {
		columns[c] = make([]float64, d)
		row := s[r.IntN(n)*d:]
		for i := range columns[c] {
			columns[c][i] = float64(row[i]) + 1e-9*r.NormFloat64()
		}
		if norm := math.Sqrt(inner(columns[c], columns[c])); norm > 1e-30 {
			scaleBy(columns[c], 1/norm)
		}
	}
	scores, moved := make([]float32, n*wide(set, dims)), make([]float32, d*wide(set, dims))
	project := func() (panels, error) {
		by := packColumns(set, rowMajor(columns), d, dims, dims)
		return by, by.multiplyAll(ctx, s, n, d, scores, p)
	}
	const iterations = 2
	for round := range iterations {
		by, err := project()
		if err != nil {
			return basis{}, err
		}
		back := packColumns(set, scores, n, dims, by.columns)
		if err := back.multiplyAll(ctx, turned, d, n, moved, p); err != nil {
			return basis{}, err
		}
		for c := range columns {
			for i := range d {
				columns[c][i] = float64(moved[i*back.columns+c])
			}
		}
		for range round + 1 { // at last once more, for what rounding left
			if err := orthonormalise(ctx, columns, r, p); err != nil {
				return basis{}, err
			}
		}
	}
	by, err := project()
	if err != nil {
		return basis{}, err
	}
	columns, err = ritz(ctx, set, columns, scores, n, by.columns, p)
	return basis{dims, rowMajor(columns)}, err
}

// transposed turns an n×d matrix, its rows stride apart.
func transposed(s []float32, n, d, stride int) []float32 {
	const some = 16 // rows at once: what is written stays in the cache
	turned := make([]float32, d*n)
	for from := 0; from < n; from += some {
		to := min(from+some, n)
		for c := range d {
			out := turned[c*n+from : c*n+to]
			for i := range out {
				out[i] = s[(from+i)*stride+c]
			}
		}
	}
	return turned
}

func wide(set *kernel.Set, columns int) int {
	return (columns + set.GemmColumns - 1) / set.GemmColumns * set.GemmColumns
}

// rowMajor writes columns as a matrix.
func rowMajor(columns [][]float64) []float32 {
	out := make([]float32, len(columns)*len(columns[0]))
	for c, column := range columns {
		for i, v := range column {
			out[i*len(columns)+c] = float32(v)
		}
	}
	return out
}

// orthonormalise is modified Gram-Schmidt by runs of columns: each run is made orthonormal and then taken off
// the columns after it, on all threads. A column that vanishes is drawn anew.
func orthonormalise(ctx context.Context, columns [][]float64, r *rand.Rand, p Params) error {
	const run = 16
	for from := 0; from < len(columns); from += run {
		to := min(from+run, len(columns))
		for c := from; c < to; c++ {
			v := columns[c]
			before := math.Sqrt(inner(v, v))
			takeOff(v, columns[from:c])
			norm := math.Sqrt(inner(v, v))
			if !(norm > 1e-12*before && norm > 1e-30) {
				for i := range v {
					v[i] = r.NormFloat64()
				}
				takeOff(v, columns[:c])
				takeOff(v, columns[:c])
				norm = math.Sqrt(inner(v, v))
			}
			scaleBy(v, 1/norm)
		}
		rest := columns[to:]
		err := inParallel(ctx, threads(p, len(rest)), len(rest), func() func(task int) error {
			return func(task int) error { takeOff(rest[task], columns[from:to]); return nil }
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// takeOff makes v orthogonal to unit vectors that are to each other.
func takeOff(v []float64, units [][]float64) {
	for _, u := range units {
		axpy(v, u, -inner(u, v))
	}
}

func scaleBy(v []float64, f float64) {
	for i := range v {
		v[i] *= f
	}
}

func inner(a, b []float64) float64 {
	var s, t, u, v float64
	b = b[:len(a)]
	for len(a) >= 4 && len(b) >= 4 {
		s += a[0] * b[0]
		t += a[1] * b[1]
		u += a[2] * b[2]
		v += a[3] * b[3]
		a, b = a[4:], b[4:]
	}
	for i := range a {
		s += a[i] * b[i]
	}
	return s + t + u + v
}

func axpy(v, u []float64, f float64) {
	u = u[:len(v)]
	for i := range v {
		v[i] += f * u[i]
	}
}

// ritz rotates the columns so that the scores are uncorrelated, the widest first.
func ritz(ctx context.Context, set *kernel.Set, columns [][]float64, scores []float32, n, stride int, p Params) ([][]float64, error) {
	dims := len(columns)
	by := packColumns(set, scores, n, dims, stride)
	products := make([]float32, dims*by.columns)
	if err := by.multiplyAll(ctx, transposed(scores, n, dims, stride), dims, n, products, p); err != nil {
		return nil, err
	}
	moments := make([][]float64, dims)
	for a := range moments {
		moments[a] = make([]float64, dims)
		for b := range a + 1 { // the same sums, in the same order, stand on the other side
			moments[a][b] = float64(products[a*by.columns+b])
			moments[b][a] = moments[a][b]
		}
	}
	turn := jacobi(moments)
	order := make([]int, dims)
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		if moments[a][a] > moments[b][b] {
			return -1
		}
		return 1
	})
	out := make([][]float64, dims)
	err := inParallel(ctx, threads(p, dims), dims, func() func(task int) error {
		return func(place int) error {
			out[place] = make([]float64, len(columns[0]))
			for a := range dims {
				axpy(out[place], columns[a], turn[a][order[place]])
			}
			return nil
		}
	})
	return out, err
}

// jacobi diagonalises the symmetric m in place (cyclic Jacobi, Golub and Van Loan §8.5) and returns
// the eigenvectors as columns. A few sweeps are enough: the order need not be perfect.
func jacobi(m [][]float64) [][]float64 {
	n := len(m)
	v := make([][]float64, n)
	for i := range v {
		v[i] = make([]float64, n)
		v[i][i] = 1
	}
	for range 4 {
		for p := range n {
			for q := p + 1; q < n; q++ {
				if math.Abs(m[p][q]) <= 1e-4*math.Sqrt(math.Abs(m[p][p]*m[q][q])) {
					continue
				}
				theta := (m[q][q] - m[p][p]) / (2 * m[p][q])
				t := math.Copysign(1/(math.Abs(theta)+math.Sqrt(theta*theta+1)), theta)
				c := 1 / math.Sqrt(t*t+1)
				s := t * c
				mp, mq := m[p], m[q]
				for i := range n {
					mp[i], mq[i] = c*mp[i]-s*mq[i], s*mp[i]+c*mq[i]
				}
				for i := range n {
					row := m[i]
					row[p], row[q] = c*row[p]-s*row[q], s*row[p]+c*row[q]
					row = v[i]
					row[p], row[q] = c*row[p]-s*row[q], s*row[p]+c*row[q]
				}
			}
		}
	}
	return v
}

// mixed is the first dims columns, rotated at random among themselves: codes need the columns alike.
func (b basis) mixed(d, dims int) basis {
	r := rand.New(rand.NewPCG(5, 6))
	turn := make([][]float64, dims)
	for c := range turn {
		turn[c] = make([]float64, dims)
		for i := range turn[c] {
			turn[c][i] = r.NormFloat64()
		}
	}
	_ = orthonormalise(context.Background(), turn, r, Params{Threads: 1}) // fails only when it is stopped
	out := basis{dims, make([]float32, d*dims)}
	sum := make([]float64, dims)
	for i := range d {
		clear(sum)
		for c := range dims {
			axpy(sum, turn[c], float64(b.values[i*b.dims+c]))
		}
		for c, v := range sum {
			out.values[i*dims+c] = float32(v)
		}
	}
	return out
}

// defect bounds how far the columns are from orthonormal ones: the nearest orthonormal Q has
// ‖V − Q‖ ≤ ‖VᵀV − 1‖.
func (b basis) defect(d int) float64 {
	columns := make([][]float64, b.dims)
	for c := range columns {
		columns[c] = make([]float64, d)
		for i := range d {
			columns[c][i] = float64(b.values[i*b.dims+c])
		}
	}
	var sum float64
	for a := range columns {
		for c := range a + 1 {
			gap := inner(columns[a], columns[c])
			if a == c {
				gap--
				sum += gap * gap
			} else {
				sum += 2 * gap * gap
			}
		}
	}
	return math.Sqrt(sum)
}

// rowsOf writes the scaled vectors w of some rows as float32, row-major.
func rowsOf(g *gauge, rows []int32, scale float64, out []float32) {
	d := g.x.Dims
	for i, row := range rows {
		g.vector(out[i*d:(i+1)*d], row, scale)
	}
}

// projectAll gives the first dims scores of every row, row-major with the returned stride.
func projectAll(ctx context.Context, g *gauge, set *kernel.Set, rows []int32, scale float64, b basis, dims int, p Params) ([]float32, int, error) {
	d := g.x.Dims
	project := packColumns(set, b.values, d, dims, b.dims)
	scores := make([]float32, len(rows)*project.columns)
	const part = kernel.BlockRows
	tasks := (len(rows) + part - 1) / part
	err := inParallel(ctx, threads(p, tasks), tasks, func() func(task int) error {
		block := make([]float32, part*d)
		return func(task int) error {
			some := rows[task*part : min((task+1)*part, len(rows))]
			rowsOf(g, some, scale, block)
			project.multiply(block, len(some), d, scores[task*part*project.columns:])
			return nil
		}
	})
	return scores, project.columns, err
}
