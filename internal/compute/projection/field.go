package projection

import (
	"math"
	"sync"
)

// field is how points in the plane repel each other in t-SNE: each pushes every other by d/(1+d²)², d the way between
// them. Of few points every pair is added up; else (FIt-SNE: Linderman et al. 2019) the points are spread over a grid,
// the grid is convolved with the push by Fourier transforms, and read where the points are. Spreading and reading are by
// cubic splines through the grid's values, and one transform forth and one back give both directions of the push and
// the sum over all pairs.
type field struct {
	on      Machine
	spacing float64 // of the grid
	cells   int     // along each side that points may lie on; the grid has twice as many, so that nothing wraps around
	fft     *fourier
	push    []complex128 // the transform of the push, across + i·up, by frequency
	sum     []complex128 // and of 1/(1+d²), which is real
	density []float64    // cells×cells
	sheet   []complex128 // 2·cells×cells
	scratch sync.Pool    // of *[]complex128
}

const (
	fieldPairs   = 1024 // up to so many points, every pair
	fieldSpacing = 0.5  // pushes change over distances of about 1
	fieldCells   = 48   // at least so many cells across all points
	fieldMost    = 1024
	fieldMargin  = 4 // cells that a spline reaches beyond a point
	fieldWidth   = 8 // sequences that are transformed at once
)

// repel writes to force, for every point (x, y), the sum of the pushes of all others, and gives Σ 1/(1+d²) over all
// ordered pairs.
func (f *field) repel(points, force []float64) float64 {
	if len(points)/2 <= fieldPairs {
		return f.pairs(points, force)
	}
	low, high := corners(points)
	f.fit(max(high[0]-low[0], high[1]-low[1]))
	f.spread(points, low)
	self := float64(len(points) / 2) // each point is 1 from itself
	total := f.convolve(f.push) - self
	f.read(points, force, low)
	return total
}

func (f *field) pairs(points, force []float64) float64 {
	n := len(points) / 2
	sums := make([]float64, n)
	f.on.parallel(n, 64, func(from, to int) {
		for i := from; i < to; i++ {
			x, y := points[2*i], points[2*i+1]
			var fx, fy, sum float64
			for j := range n {
				dx, dy := x-points[2*j], y-points[2*j+1]
				w := 1 / (1 + dx*dx + dy*dy)
				fx, fy = fx+w*w*dx, fy+w*w*dy
				sum += w
			}
			force[2*i], force[2*i+1], sums[i] = fx, fy, sum-1
		}
	})
	var total float64
	for _, s := range sums {
		total += s
	}
	return total
}

// corners of what holds the points.
func corners(points []float64) (low, high [2]float64) {
	low, high = [2]float64{points[0], points[1]}, [2]float64{points[0], points[1]}
	for i, v := range points {
		low[i%2], high[i%2] = min(low[i%2], v), max(high[i%2], v)
	}
	return low, high
}

// fit chooses a grid for points of some extent. It changes in steps, so that most epochs find the transforms of the
// push as they need them.
func (f *field) fit(extent float64) {
	spacing := fieldSpacing
	for extent/spacing < fieldCells && spacing > 1e-6 {
		spacing /= 2
	}
	for extent/spacing+2*fieldMargin > fieldMost {
		spacing *= 2
	}
	length := fourierLength(2 * (int(extent/spacing) + 2*fieldMargin))
	if f.fft != nil && f.spacing == spacing && f.fft.length == length {
		return
	}
	f.spacing, f.cells, f.fft = spacing, length/2, newFourier(length)
	f.density, f.sheet = make([]float64, f.cells*f.cells), make([]complex128, length*f.cells)
	f.scratch = sync.Pool{New: func() any { b := make([]complex128, 2*fieldWidth*length); return &b }}
	f.transformPush()
}

// transformPush makes push and sum: the transforms of the functions' values on the grid, divided by those of the
// spline, twice, once for spreading and once for reading, and by what the inverse leaves out.
func (f *field) transformPush() {
	length := f.fft.length
	push, near := make([]complex128, length*length), make([]complex128, length*length)
	way := func(at int) float64 {
		if at > length/2 {
			at -= length
		}
		return float64(at) * f.spacing
	}
	for row := range length {
		for column := range length {
			dx, dy := way(column), way(row)
			w := 1 / (1 + dx*dx + dy*dy)
			near[row*length+column] = complex(w, 0)
			push[row*length+column] = complex(w*w*dx, w*w*dy)
		}
	}
	f.square(push)
	f.square(near)
	spline := make([]float64, length)
	for at := range spline {
		s := (2 + math.Cos(2*math.Pi*float64(at)/float64(length))) / 3
		spline[at] = s * s
	}
	f.push, f.sum = push, near
	for at, v := range near {
		factor := 1 / (spline[at/length] * spline[at%length] * float64(length*length))
		f.sum[at] = complex(real(v)*factor, 0)
		f.push[at] *= complex(factor, 0)
	}
}

// square transforms a whole grid in both directions.
func (f *field) square(grid []complex128) {
	length := f.fft.length
	for _, steps := range [][2]int{{length, 1}, {1, length}} {
		along, across := steps[0], steps[1]
		f.blocks(length, func(first int, a, b []complex128) {
			for t := range length {
				for c := range fieldWidth {
					a[t*fieldWidth+c] = grid[t*along+(first+c)*across]
				}
			}
			for i, v := range f.fft.run(a, b, false) {
				grid[i/fieldWidth*along+(first+i%fieldWidth)*across] = v
			}
		})
	}
}

// blocks calls do for each fieldWidth of count sequences, with room for them twice.
func (f *field) blocks(count int, do func(first int, a, b []complex128)) {
	f.on.parallel(count/fieldWidth, 1, func(from, to int) {
		room := f.scratch.Get().(*[]complex128)
		half := len(*room) / 2
		for block := from; block < to; block++ {
			do(block*fieldWidth, (*room)[:half], (*room)[half:])
		}
		f.scratch.Put(room)
	})
}

// spline gives the cell that a point begins in and the weights of the four about it (cubic B-spline).
func spline(at float64) (cell int, w [4]float64) {
	cell = int(at)
	t := at - float64(cell)
	s := 1 - t
	w[0] = s * s * s / 6
	w[1] = (4 - 6*t*t + 3*t*t*t) / 6
	w[2] = (4 - 6*s*s + 3*s*s*s) / 6
	w[3] = t * t * t / 6
	return cell - 1, w
}

// place is where a coordinate lies on the grid.
func (f *field) place(v, low float64) float64 { return (v-low)/f.spacing + 1 }

func (f *field) spread(points []float64, low [2]float64) {
	clear(f.density)
	for i := 0; i < len(points); i += 2 {
		column, wx := spline(f.place(points[i], low[0]))
		row, wy := spline(f.place(points[i+1], low[1]))
		for r, w := range wy {
			line := f.density[(row+r)*f.cells+column:][:4]
			for c := range line {
				line[c] += w * wx[c]
			}
		}
	}
}

func (f *field) read(points, force []float64, low [2]float64) {
	f.on.parallel(len(points)/2, 1024, func(from, to int) {
		for i := from; i < to; i++ {
			v := f.at(f.sheet, points[2*i], points[2*i+1], low)
			force[2*i], force[2*i+1] = real(v), imag(v)
		}
	})
}

// at reads a sheet at a point.
func (f *field) at(sheet []complex128, x, y float64, low [2]float64) complex128 {
	column, wx := spline(f.place(x, low[0]))
	row, wy := spline(f.place(y, low[1]))
	var across, up float64
	for r, w := range wy {
		for c, v := range sheet[(row+r)*f.cells+column:][:4] {
			across, up = across+w*wx[c]*real(v), up+w*wx[c]*imag(v)
		}
	}
	return complex(across, up)
}

// convolve puts the density through the push or the sum, into the first cells×cells of the sheet, and gives what the points add up
// to under 1/(1+d²), themselves included.
func (f *field) convolve(by []complex128) float64 {
	length, cells := f.fft.length, f.cells
	f.blocks(cells, func(first int, a, b []complex128) {
		for row := range cells {
			for c := range fieldWidth {
				a[row*fieldWidth+c] = complex(f.density[row*cells+first+c], 0)
			}
		}
		clear(a[cells*fieldWidth:])
		for i, v := range f.fft.run(a, b, false) {
			f.sheet[i/fieldWidth*cells+first+i%fieldWidth] = v
		}
	})
	sums := make([]float64, length)
	f.blocks(length, func(first int, a, b []complex128) {
		for c := range fieldWidth {
			for column, v := range f.sheet[(first+c)*cells:][:cells] {
				a[column*fieldWidth+c] = v
			}
		}
		clear(a[cells*fieldWidth:])
		a, b = f.through(by, first, a, b, sums)
		for i, v := range f.fft.run(a, b, true)[:cells*fieldWidth] {
			f.sheet[(first+i%fieldWidth)*cells+i/fieldWidth] = v
		}
	})
	f.blocks(cells, func(first int, a, b []complex128) {
		for row := range length {
			copy(a[row*fieldWidth:], f.sheet[row*cells+first:][:fieldWidth])
		}
		for i, v := range f.fft.run(a, b, true)[:cells*fieldWidth] {
			f.sheet[i/fieldWidth*cells+first+i%fieldWidth] = v
		}
	})
	var total float64
	for _, s := range sums {
		total += s
	}
	return total
}

// through transforms lines of the sheet along the other direction, adds up what each holds, and multiplies.
// It gives the result and the room that is free.
func (f *field) through(by []complex128, first int, a, b []complex128, sums []float64) (result, free []complex128) {
	length := f.fft.length
	result = f.fft.run(a, b, false)
	for c := range fieldWidth {
		at := (first + c) * length
		by, near := by[at:at+length], f.sum[at:at+length]
		var sum float64
		for column, factor := range by {
			v := &result[column*fieldWidth+c]
			sum += (real(*v)*real(*v) + imag(*v)*imag(*v)) * real(near[column])
			*v *= factor
		}
		sums[first+c] = sum
	}
	if &result[0] == &a[0] {
		return a, b
	}
	return b, a
}
