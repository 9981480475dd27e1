package projection

import (
	"context"
	"math"
)

const (
	spectralBlock  = 8  // vectors that are iterated together
	spectralDegree = 20 // of the Chebyshev filter
	spectralRounds = 30
	spectralNear   = 1e-4 // residual at which a vector is found
)

// Spectral gives the eigenvectors of the normalised Laplacian of a graph with the smallest eigenvalues above 0 (Belkin and
// Niyogi 2003), as many as there are dimensions, times 1/√degree: a start that unrolls what principal components leave
// rolled up. The vectors are those of D^−½·W·D^−½ with the largest eigenvalues, by block subspace iteration with a
// Chebyshev filter, from start. Vertices that are joined with none lie at the centre. found tells whether the vectors settled.
func Spectral(ctx context.Context, g *Graph, start Layout, seed uint64, on Machine) (l Layout, found bool, err error) {
	s := newSpectrum(g, start, seed, on)
	for range spectralRounds {
		if ctx.Err() != nil {
			return l, false, canceled(ctx)
		}
		s.filter()
		if found = s.rotate(start.Dims); found {
			break
		}
	}
	l = Layout{start.Dims, make([]float32, len(start.Points))}
	for i, row := range s.rows {
		for c := range l.Dims {
			l.Row(int(row))[c] = float32(s.vectors[1+c][i] * s.scale[i])
		}
	}
	return l, found, nil
}

// spectrum is a block of vectors on their way to the leading eigenvectors.
type spectrum struct {
	on      Machine
	graph   *Graph // of the vertices that are joined
	rows    []int32
	scale   []float64 // 1/√degree
	vectors [][]float64
	cut     float64 // eigenvalues below are damped
}

func newSpectrum(g *Graph, start Layout, seed uint64, on Machine) *spectrum {
	s := &spectrum{on: on, cut: 0.5}
	s.graph, s.rows = g.joined()
	n := len(s.rows)
	s.scale = make([]float64, n)
	s.vectors = make([][]float64, spectralBlock)
	for b := range s.vectors {
		s.vectors[b] = make([]float64, n)
	}
	for i, row := range s.rows {
		_, weights := s.graph.row(i)
		var degree float64
		for _, w := range weights {
			degree += float64(w)
		}
		s.scale[i] = 1 / math.Sqrt(degree)
		s.vectors[0][i] = math.Sqrt(degree) // the eigenvector of 1, known
		for b := 1; b < spectralBlock; b++ {
			if s.vectors[b][i] = noise(seed, int(row)*spectralBlock+b); b <= start.Dims {
				s.vectors[b][i] = float64(start.Row(int(row))[b-1]) / s.scale[i]
			}
		}
	}
	s.orthonormalise(seed)
	return s
}

// multiply writes factor·A·x − shift·x − last to out; last may be nil.
func (s *spectrum) multiply(out, x, last []float64, factor, shift float64) {
	s.on.parallel(len(x), 512, func(from, to int) {
		for i := from; i < to; i++ {
			ends, weights := s.graph.row(i)
			var sum float64
			for at, j := range ends {
				sum += float64(weights[at]) * s.scale[j] * x[j]
			}
			out[i] = factor*sum*s.scale[i] - shift*x[i]
			if last != nil {
				out[i] -= last[i]
			}
		}
	})
}

// filter applies the Chebyshev polynomial that is small on [−1, cut] and grows above.
func (s *spectrum) filter() {
	half, middle := (s.cut+1)/2, (s.cut-1)/2
	for b := 1; b < spectralBlock; b++ {
		last := s.vectors[b]
		now, next := make([]float64, len(last)), make([]float64, len(last))
		s.multiply(now, last, nil, 1/half, middle/half)
		for range spectralDegree - 1 {
			s.multiply(next, now, last, 2/half, 2*middle/half)
			last, now, next = now, next, last
		}
		s.vectors[b] = now
	}
	s.orthonormalise(0)
}

// orthonormalise makes the vectors perpendicular and of length 1 (Gram and Schmidt, twice).
func (s *spectrum) orthonormalise(seed uint64) {
	for b, v := range s.vectors {
		for range 2 {
			for _, u := range s.vectors[:b] {
				d := dotOf(u, v)
				for i := range v {
					v[i] -= d * u[i]
				}
			}
			length := math.Sqrt(dotOf(v, v))
			if length < 1e-150 { // it was a combination of the others
				for i := range v {
					v[i] = noise(seed+uint64(b), i)
				}
				length = math.Sqrt(dotOf(v, v))
			}
			for i := range v {
				v[i] /= length
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

// rotate turns the block onto the eigenvectors of A within it (Rayleigh and Ritz), largest first, and reports whether the
// first wanted are found.
func (s *spectrum) rotate(wanted int) bool {
	const m = spectralBlock - 1
	block := s.vectors[1:]
	images := make([][]float64, m)
	small := make([]float64, m*m)
	for b := range block {
		images[b] = make([]float64, len(block[b]))
		s.multiply(images[b], block[b], nil, 1, 0)
	}
	for a := range m {
		for b := range m {
			small[a*m+b] = (dotOf(block[a], images[b]) + dotOf(block[b], images[a])) / 2
		}
	}
	values, axes := symmetricEigen(small, m)
	order := descending(values)
	turned := make([][]float64, m)
	found := true
	for to, at := range order {
		v, image := make([]float64, len(block[0])), make([]float64, len(block[0]))
		for b := range m {
			w := axes[b*m+at]
			for i := range v {
				v[i] += w * block[b][i]
				image[i] += w * images[b][i]
			}
		}
		turned[to] = v
		if to < wanted {
			var residual float64
			for i := range v {
				residual += (image[i] - values[at]*v[i]) * (image[i] - values[at]*v[i])
			}
			found = found && math.Sqrt(residual) < spectralNear
		}
		positive(v)
	}
	copy(s.vectors[1:], turned)
	s.cut = math.Min(values[order[m-1]], 0.999)
	return found
}
