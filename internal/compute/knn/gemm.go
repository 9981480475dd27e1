package knn

import (
	"context"

	"github.com/pentoai/vectory/internal/compute/kernel"
)

// panels is a k×columns matrix laid out for the kernel's products: panels of GemmColumns columns.
type panels struct {
	set     *kernel.Set
	k       int
	columns int // rounded up to whole panels, the rest zeros
	values  []float32
}

// packColumns lays out b, row-major k×columns with the given stride.
func packColumns(set *kernel.Set, b []float32, k, columns, stride int) panels {
	width := set.GemmColumns
	p := panels{set: set, k: k, columns: (columns + width - 1) / width * width}
	p.values = make([]float32, k*p.columns)
	for i := range k {
		row := b[i*stride : i*stride+columns]
		for c, v := range row {
			p.values[c/width*width*k+i*width+c%width] = v
		}
	}
	return p
}

// multiply puts rows of a (n×k, `strideA` apart) times the panels into out (p.columns values a row). Each
// element is one float32 sum of k fused products, in order.
func (p panels) multiply(a []float32, n, strideA int, out []float32) {
	rows := p.set.GemmRows
	if n < rows { // too few for the kernel
		wide := make([]float32, rows*strideA)
		copy(wide, a[:(n-1)*strideA+p.k])
		result := make([]float32, rows*p.columns)
		p.multiply(wide, rows, strideA, result)
		copy(out, result[:n*p.columns])
		return
	}
	for row := 0; row < n; row += rows {
		row := min(row, n-rows) // the last rows again, rather than beyond the end
		for c := 0; c < p.columns; c += p.set.GemmColumns {
			p.set.Gemm(&a[row*strideA], strideA, &p.values[c*p.k], p.k, &out[row*p.columns+c], p.columns)
		}
	}
}

// multiplyAll is multiply on all threads.
func (p panels) multiplyAll(ctx context.Context, a []float32, n, strideA int, out []float32, params Params) error {
	const part = 96 // a multiple of GemmRows of every set
	if n <= part {
		p.multiply(a, n, strideA, out)
		return nil
	}
	tasks := n / part // the last has the rest, too: never fewer rows than the kernel takes
	return inParallel(ctx, threads(params, tasks), tasks, func() func(task int) error {
		return func(task int) error {
			from, to := task*part, (task+1)*part
			if task == tasks-1 {
				to = n
			}
			p.multiply(a[from*strideA:], to-from, strideA, out[from*p.columns:])
			return nil
		}
	})
}
