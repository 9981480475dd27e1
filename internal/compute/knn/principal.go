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
// and a Rayleigh-Ritz step that sorts them. s is n×d, row-major, centred. When ctx has ended it gives
// up: what it returns is then of no use.
func principal(ctx context.Context, set *kernel.Set, s []float32, n, d, dims int) basis {
	r := rand.New(rand.NewPCG(3, 4))
	turned := make([]float32, d*n)
	for i := range n {
		for c, v := range s[i*d : (i+1)*d] {
			turned[c*n+i] = v
		}
	}
	columns := make([][]float64, dims) // of the basis
	for c := range columns {
		columns[c] = make([]float64, d)
		row := s[r.IntN(n)*d:]
		for i := range columns[c] {
			columns[c][i] = float64(row[i]) + 1e-9*r.NormFloat64()
		}
	}
	orthonormalise(columns, r)
	scores, moved := make([]float32, n*wide(set, dims)), make([]float32, d*wide(set, dims))
	for range 2 {
		project := packColumns(set, rowMajor(columns), d, dims, dims)
		project.multiply(s, n, d, scores)
		if ctx.Err() != nil {
			break
		}
		back := packColumns(set, scores, n, dims, project.columns)
		back.multiply(turned, d, n, moved)
		for c := range columns {
			for i := range d {
				columns[c][i] = float64(moved[i*back.columns+c])
			}
		}
		if ctx.Err() != nil {
			break
		}
		orthonormalise(columns, r)
	}
	if ctx.Err() != nil {
		return basis{dims, rowMajor(columns)}
	}
	project := packColumns(set, rowMajor(columns), d, dims, dims)
	project.multiply(s, n, d, scores)
	return basis{dims, rowMajor(ritz(columns, scores, n, project.columns))}
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

// orthonormalise is modified Gram-Schmidt, each column twice. A column that vanishes is drawn anew.
func orthonormalise(columns [][]float64, r *rand.Rand) {
	for c := range columns {
		v := columns[c]
		for range 2 {
			for _, u := range columns[:c] {
				axpy(v, u, -inner(u, v))
			}
		}
		norm := math.Sqrt(inner(v, v))
		if !(norm > 1e-30) {
			for i := range v {
				v[i] = r.NormFloat64()
			}
			for range 2 {
				for _, u := range columns[:c] {
					axpy(v, u, -inner(u, v))
				}
			}
			norm = math.Sqrt(inner(v, v))
		}
		for i := range v {
			v[i] /= norm
		}
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
func ritz(columns [][]float64, scores []float32, n, stride int) [][]float64 {
	dims := len(columns)
	moments := make([][]float64, dims)
	for a := range moments {
		moments[a] = make([]float64, dims)
	}
	for i := range n {
		row := scores[i*stride : i*stride+dims]
		for a, v := range row {
			f := float64(v)
			m := moments[a][:a+1]
			for b := range m {
				m[b] += f * float64(row[b])
			}
		}
	}
	for a := range moments {
		for b := range a {
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
	for place, c := range order {
		out[place] = make([]float64, len(columns[0]))
		for a := range dims {
			axpy(out[place], columns[a], turn[a][c])
		}
	}
	return out
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
	orthonormalise(turn, r)
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
func rowsOf(g *gauge, rows []int32, scale float64, out []float32, w []float64) {
	d := g.x.Dims
	for i, row := range rows {
		g.write(w, 1, row)
		for c, v := range w[:d] {
			out[i*d+c] = float32(v * scale)
		}
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
		w, block := make([]float64, g.depth), make([]float32, part*d)
		return func(task int) error {
			some := rows[task*part : min((task+1)*part, len(rows))]
			rowsOf(g, some, scale, block, w)
			project.multiply(block, len(some), d, scores[task*part*project.columns:])
			return nil
		}
	})
	return scores, project.columns, err
}
