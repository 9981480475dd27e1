package projection

import (
	"context"
	"math"

	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/measure"
	"github.com/pentoai/vectory/internal/compute/vec"
)

// Axes are the directions along which some rows vary most, that these rows and others are seen on.
type Axes struct {
	found measure.Principal
	dims  int
	unit  bool
}

// AxesOf finds dims of them, exactly. unit takes rows to length 1 first, for spaces whose metric is cosine.
func AxesOf(ctx context.Context, x knn.Matrix, dims int, unit bool, on Machine) (*Axes, error) {
	return axesBy(ctx, measure.PrincipalAxes, x, dims, unit, on)
}

// axesBy finds them by one of the ways that package measure has; of one row there are none.
func axesBy(ctx context.Context, find func(context.Context, knn.Matrix, int, bool, measure.Machine) (measure.Principal, error), x knn.Matrix, dims int, unit bool, on Machine) (a *Axes, err error) {
	a = &Axes{dims: dims, unit: unit}
	if x.Rows > 1 {
		a.found, err = find(ctx, x, dims, unit, measure.Machine{Threads: on.Threads, Kernel: on.Kernel})
	}
	return a, err
}

// Scores are where rows lie along the axes. Rows of zeros lie at the centre of unit ones. Where the rows of the axes vary along
// fewer directions, the other coordinates are 0.
func (a *Axes) Scores(x knn.Matrix, on Machine) Layout {
	l := Layout{a.dims, make([]float32, x.Rows*a.dims)}
	on.parallel(x.Rows, 256, func(from, to int) {
		for i := from; i < to; i++ {
			project(x.Row(i), a.found, a.unit, l.Row(i))
		}
	})
	return l
}

// PCA gives the scores of the rows on their own axes.
func PCA(ctx context.Context, x knn.Matrix, dims int, unit bool, on Machine) (Layout, error) {
	a, err := AxesOf(ctx, x, dims, unit, on)
	if err != nil {
		return Layout{}, err
	}
	return a.Scores(x, on), nil
}

// exactRows is up to how many rows points begin at exact principal components.
const exactRows = 4096

// Start is where points begin that go on from there, and the first that is seen of them: their principal components, of
// many rows about those (measure.RoughAxes). What settles from there is as good, and begins sooner.
func Start(ctx context.Context, x knn.Matrix, dims int, unit bool, on Machine) (Layout, error) {
	if x.Rows <= exactRows {
		return PCA(ctx, x, dims, unit, on)
	}
	a, err := axesBy(ctx, measure.RoughAxes, x, dims, unit, on)
	if err != nil {
		return Layout{}, err
	}
	return a.Scores(x, on), nil
}

// Reduced is a space of so many principal components, where it is wider; unit as in PCA. Distances between rows are
// euclidean then: of rows of length 1 they say what their angles do.
func Reduced(ctx context.Context, x knn.Matrix, dims int, unit bool, on Machine) (knn.Matrix, error) {
	a, err := AxesOf(ctx, x, dims, unit, on)
	if err != nil {
		return knn.Matrix{}, err
	}
	return a.Reduced(x, on), nil
}

// Reduced are the scores of rows as a space.
func (a *Axes) Reduced(x knn.Matrix, on Machine) knn.Matrix {
	return knn.Matrix{Data: a.Scores(x, on).Points, Rows: x.Rows, Dims: a.dims}
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
