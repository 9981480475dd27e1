package measure

import (
	"context"
	"math"
	"runtime"
	"sync"
	"sync/atomic"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"github.com/pentoai/vectory/internal/catalog"
)

// summer adds up products of centred rows. Every element of a sum is one chain of fused products in the order of
// the rows, whatever the blocks, the threads and the kernel: the same bytes everywhere.
type summer struct {
	x, y         scaled
	meanX, meanY []float64
	on           Machine
	rows         int // of a tile of the result
	columns      int
	a, b         side // the block in the layout of the kernel
	normX, normY []float64
}

// side is a block of rows of one space, laid out for both places in a product.
type side struct {
	dims   int
	tall   int       // dims rounded up to whole tiles of rows
	wide   int       // dims rounded up to whole tiles of columns
	across []float64 // tall × summedRows: a row for each dimension
	panels []float64 // wide/columns panels of summedRows × columns
}

const summedRows = 512

func newSummer(x, y scaled, meanX, meanY []float64, on Machine) *summer {
	s := &summer{x: x, y: y, meanX: meanX, meanY: meanY, on: on, normX: make([]float64, x.Rows), normY: make([]float64, x.Rows)}
	s.rows, s.columns = on.tile()
	s.a, s.b = s.side(x.Dims), s.side(y.Dims)
	return s
}

func (s *summer) side(dims int) side {
	d := side{dims: dims, tall: roundUp(dims, s.rows), wide: roundUp(dims, s.columns)}
	d.across, d.panels = make([]float64, d.tall*summedRows), make([]float64, d.wide*summedRows)
	return d
}

func roundUp(n, unit int) int { return (n + unit - 1) / unit * unit }

// fold sums up the rows that are named.
func (s *summer) fold(ctx context.Context, rows []int) (*fold, error) {
	f := newFold(s.x.Dims, s.y.Dims)
	f.rows = len(rows)
	xx, yy, xy := s.result(&s.a, &s.a), s.result(&s.b, &s.b), s.result(&s.a, &s.b)
	for from := 0; from < len(rows); from += summedRows {
		if ctx.Err() != nil {
			return nil, catalog.Errorf(catalog.Canceled, "the moments were stopped: %w", context.Cause(ctx))
		}
		part := rows[from:min(from+summedRows, len(rows))]
		s.load(part)
		s.on.parallel(xx.tasks()+yy.tasks()+xy.tasks(), func(task int) {
			for _, p := range []*product{xx, yy, xy} {
				if task < p.tasks() {
					p.add(task, len(part))
					return
				}
				task -= p.tasks()
			}
		})
		for i := range part {
			for c := range f.x {
				f.x[c] += s.a.across[c*summedRows+i]
			}
			for c := range f.y {
				f.y[c] += s.b.across[c*summedRows+i]
			}
		}
	}
	xx.copyTo(f.xx)
	yy.copyTo(f.yy)
	xy.copyTo(f.xy)
	f.fourths = s.fourths(rows)
	return f, nil
}

// load centres the rows into both sides.
func (s *summer) load(rows []int) {
	const some = 64
	s.on.parallel((len(rows)+some-1)/some, func(task int) {
		x, y := make([]float64, s.x.Dims), make([]float64, s.y.Dims)
		for at := task * some; at < min((task+1)*some, len(rows)); at++ {
			s.normX[rows[at]] = s.x.write(x, rows[at], s.meanX)
			s.normY[rows[at]] = s.y.write(y, rows[at], s.meanY)
			s.a.put(x, at, s.columns)
			s.b.put(y, at, s.columns)
		}
	})
}

// put lays out one row.
func (d *side) put(row []float64, at, columns int) {
	for c, v := range row {
		d.across[c*summedRows+at] = v
		d.panels[(c/columns*summedRows+at)*columns+c%columns] = v
	}
}

// fourths are Σ‖x̃‖⁴, Σ‖ỹ‖⁴ and Σ‖x̃‖²‖ỹ‖² over the rows that are named, in their order.
func (s *summer) fourths(rows []int) (sums [3]float64) {
	for _, i := range rows {
		x, y := s.normX[i], s.normY[i]
		sums[0] += x * x
		sums[1] += y * y
		sums[2] += x * y
	}
	return sums
}

// product is a sum of products of one side with one: of a side with itself only what is on and above the
// diagonal.
type product struct {
	s    *summer
	a, b *side
	sums []float64 // a.tall × b.wide
}

func (s *summer) result(a, b *side) *product {
	return &product{s: s, a: a, b: b, sums: make([]float64, a.tall*b.wide)}
}

// tasks is the number of panels.
func (p *product) tasks() int {
	if p.a.dims == 0 {
		return 0
	}
	return p.b.wide / p.s.columns
}

// add multiplies the first k rows of the block for one panel of columns.
func (p *product) add(panel, k int) {
	columns, rows, stride := p.s.columns, p.s.rows, p.b.wide
	last := p.a.tall
	if p.a == p.b {
		last = min(last, roundUp((panel+1)*columns, rows))
	}
	b := p.b.panels[panel*summedRows*columns:]
	for row := 0; row < last; row += rows {
		p.s.on.multiply(p.a.across[row*summedRows:], summedRows, b, k, p.sums[row*stride+panel*columns:], stride)
	}
}

// tile is the number of rows and of columns that one multiply makes.
func (on Machine) tile() (rows, columns int) {
	if on.Kernel != nil {
		return on.Kernel.GemmRows, on.Kernel.GemmColumns / 2
	}
	return 1, 8
}

// multiply adds the products of a tile's rows of a (strideA values apart) with a panel (k groups of a value for each
// column of the tile) to out: each element is one chain of fused products in the order of k, whatever the kernel.
func (on Machine) multiply(a []float64, strideA int, panel []float64, k int, out []float64, stride int) {
	if set := on.Kernel; set != nil {
		set.Gemm64(&a[0], strideA, &panel[0], k, &out[0], stride)
		return
	}
	_, columns := on.tile()
	for i, v := range a[:k] {
		for c, w := range panel[i*columns : (i+1)*columns] {
			out[c] = math.FMA(v, w, out[c])
		}
	}
}

// panelled is a matrix of d rows and wide columns, some of them to fill up the last tile, laid out for multiply.
type panelled struct {
	d, wide int
	data    []float64
}

// panelled lays out a matrix of d rows and k columns.
func (on Machine) panelled(d, k int, data []float64, stride int) panelled {
	_, columns := on.tile()
	p := panelled{d: d, wide: roundUp(k, columns)}
	p.data = make([]float64, p.wide*d)
	for i := range d {
		for c, v := range data[i*stride:][:k] {
			p.data[(c/columns*d+i)*columns+c%columns] = v
		}
	}
	return p
}

// times multiplies n rows of p.d values, whole tiles of them, with a matrix: n×wide.
func (on Machine) times(rows []float64, n int, p panelled) []float64 {
	tall, columns := on.tile()
	out := make([]float64, n*p.wide)
	for row := 0; row < n; row += tall {
		for panel := 0; panel < p.wide; panel += columns {
			on.multiply(rows[row*p.d:], p.d, p.data[panel*p.d:], p.d, out[row*p.wide+panel:], p.wide)
		}
	}
	return out
}

// product multiplies two matrices, several times faster than gonum where there are kernels.
func (on Machine) product(a, b *mat.Dense) *mat.Dense {
	left, right := a.RawMatrix(), b.RawMatrix()
	tall, _ := on.tile()
	n := roundUp(left.Rows, tall)
	rows := make([]float64, n*left.Cols)
	for i := range left.Rows {
		copy(rows[i*left.Cols:], left.Data[i*left.Stride:][:left.Cols])
	}
	by := on.panelled(right.Rows, right.Cols, right.Data, right.Stride)
	found := on.times(rows, n, by)
	out := mat.NewDense(left.Rows, right.Cols, nil)
	for i := range left.Rows {
		copy(out.RawRowView(i), found[i*by.wide:])
	}
	return out
}

// transpose is the matrix with rows and columns exchanged, in memory of its own.
func transpose(a *mat.Dense) *mat.Dense { return mat.DenseCopyOf(a.T()) }

// copyTo writes the sums without the rounding up, and what is below the diagonal.
func (p *product) copyTo(out blas64.General) {
	for i := range out.Rows {
		for j := range out.Cols {
			at := i*p.b.wide + j
			if p.a == p.b && i > j {
				at = j*p.b.wide + i
			}
			out.Data[i*out.Stride+j] = p.sums[at]
		}
	}
}

// parallel runs tasks 0..n−1 on the threads of the machine.
func (on Machine) parallel(n int, do func(task int)) {
	threads := on.Threads
	if threads < 1 {
		threads = runtime.GOMAXPROCS(0)
	}
	if threads = min(threads, n); threads < 2 {
		for task := range n {
			do(task)
		}
		return
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for range threads {
		wg.Go(func() {
			for task := int(next.Add(1) - 1); task < n; task = int(next.Add(1) - 1) {
				do(task)
			}
		})
	}
	wg.Wait()
}
