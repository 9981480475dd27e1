package projection

import (
	"context"
	"math"

	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/measure"
	"github.com/pentoai/vectory/internal/compute/vec"
)

// PCA gives the scores of the rows on the dims directions along which they vary most. unit takes rows to length 1 first,
// for spaces whose metric is cosine; rows of zeros lie at the centre. Where the rows vary along fewer directions, the
// other coordinates are 0.
func PCA(ctx context.Context, x knn.Matrix, dims int, unit bool, on Machine) (Layout, error) {
	l := Layout{dims, make([]float32, x.Rows*dims)}
	if x.Rows < 2 {
		return l, nil
	}
	p, err := measure.PrincipalAxes(ctx, x, dims, unit, measure.Machine{Threads: on.Threads, Kernel: on.Kernel})
	if err != nil {
		return l, err
	}
	on.parallel(x.Rows, 256, func(from, to int) {
		for i := from; i < to; i++ {
			project(x.Row(i), p, unit, l.Row(i))
		}
	})
	return l, nil
}

// Reduced is a space of so many principal components, where it is wider; unit as in PCA. Distances between rows are
// euclidean then: of rows of length 1 they say what their angles do.
func Reduced(ctx context.Context, x knn.Matrix, dims int, unit bool, on Machine) (knn.Matrix, error) {
	l, err := PCA(ctx, x, dims, unit, on)
	return knn.Matrix{Data: l.Points, Rows: x.Rows, Dims: dims}, err
}

func project(row []float32, p measure.Principal, unit bool, out []float32) {
	factor := 1.0
	if unit {
		if vec.Norm(row) == 0 {
			return
		}
		factor = vec.Unit(row)
	}
	for at, axis := range p.Axes {
		var sum float64
		for c, v := range row {
			sum += (float64(v)*factor - p.Mean[c]) * axis[c]
		}
		out[at] = float32(math.Min(math.Max(sum, -math.MaxFloat32), math.MaxFloat32))
	}
}

// Tray puts rows that take no part in a small disc below and left of the others.
func Tray(l Layout, out func(row int) bool) Layout {
	low, high := make([]float32, l.Dims), make([]float32, l.Dims)
	first := true
	var apart []int
	for i := range l.Rows() {
		if out(i) {
			apart = append(apart, i)
			continue
		}
		for c, v := range l.Row(i) {
			if first {
				low[c], high[c] = v, v
			}
			low[c], high[c] = min(low[c], v), max(high[c], v)
		}
		first = false
	}
	for _, i := range apart {
		for c := range l.Row(i) {
			size := max(high[c]-low[c], 1)
			l.Row(i)[c] = low[c] - 0.1*size + 0.02*size*float32(math.Tanh(noise(0, i*l.Dims+c)))
		}
	}
	return l
}
