package measure

import (
	"math"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/kernel"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/vec"
)

// points are the rows of a space and what is exact between them: the bytes of package vec, by the kernels of the
// processor where it has them.
type points struct {
	knn.Matrix
	set  *kernel.Set
	norm func(row int32) float64 // ‖row‖
}

// pointsOf computes the lengths of all rows at once, unless only a few rows will be asked.
func pointsOf(x knn.Matrix, asked int, on Machine) points {
	p := points{Matrix: x, set: on.Kernel, norm: func(row int32) float64 { return vec.Norm(x.Row(int(row))) }}
	if asked < x.Rows/4 {
		return p
	}
	all := make([]float64, x.Rows)
	const some = 256
	on.parallel((x.Rows+some-1)/some, func(task int) {
		for row := task * some; row < min((task+1)*some, x.Rows); row++ {
			all[row] = vec.Norm(x.Row(row))
		}
	})
	p.norm = func(row int32) float64 { return all[row] }
	return p
}

// unit is 1/‖row‖; NaN for a row of zeros.
func (p points) unit(row int32) float64 {
	if norm := p.norm(row); norm > 0 {
		return 1 / norm
	}
	return math.NaN()
}

// atOnce is how many rows one call of a kernel takes: a goroutine cannot be interrupted in it.
const atOnce = 512

// places are the pairs of one row with each of the others.
var places = func() (list [atOnce]uint32) {
	for i := range list {
		list[i] = uint32(i)
	}
	return list
}()

// dots puts the inner products of a row with others into out.
func (p points) dots(row int32, others []int32, out []float64) {
	if p.set == nil {
		for at, other := range others {
			out[at] = vec.Dot(p.Row(int(row)), p.Row(int(other)))
		}
		return
	}
	for from := 0; from < len(others); from += atOnce {
		part := others[from:min(from+atOnce, len(others))]
		p.set.Dot(&p.Data[0], p.Dims, &row, &part[0], &places[0], len(part), &out[from])
	}
}

// distances puts the distances from a row to others into out: those of [vec.Distance].
func (p points) distances(metric catalog.Metric, row int32, others []int32, out []float64) {
	switch metric {
	case catalog.Dot:
		p.dots(row, others, out)
		for at := range others {
			out[at] = 0 - out[at]
		}
	case catalog.Cosine:
		p.apart(row, others, out, true)
		for at := range others {
			out[at] /= 2
		}
	case catalog.Euclidean:
		p.apart(row, others, out, false)
		for at := range others {
			out[at] = math.Sqrt(out[at])
		}
	}
}

// apart puts the squared distances from a row to others into out, of unit rows if they are to be scaled.
func (p points) apart(row int32, others []int32, out []float64, scaled bool) {
	var scale float64
	scales := make([]float64, 0, min(len(others), atOnce))
	if scaled {
		scale = p.unit(row)
	}
	for from := 0; from < len(others); from += atOnce {
		part := others[from:min(from+atOnce, len(others))]
		if scaled {
			scales = scales[:0]
			for _, other := range part {
				scales = append(scales, p.unit(other))
			}
		}
		switch {
		case p.set == nil && scaled:
			for at, other := range part {
				out[from+at] = vec.ScaledSquaredL2(p.Row(int(row)), scale, p.Row(int(other)), scales[at])
			}
		case p.set == nil:
			for at, other := range part {
				out[from+at] = vec.SquaredL2(p.Row(int(row)), p.Row(int(other)))
			}
		case scaled:
			p.set.ScaledSquaredL2(&p.Data[0], p.Dims, &row, &part[0], &scale, &scales[0], &places[0], len(part), &out[from])
		default:
			p.set.SquaredL2(&p.Data[0], p.Dims, &row, &part[0], &places[0], len(part), &out[from])
		}
	}
}
