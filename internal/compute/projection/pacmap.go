package projection

import (
	"cmp"
	"context"
	"math"
	"slices"
	"unsafe"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/kernel"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/vec"
)

// What pacmap does by default (Wang, Huang, Rudin and Shaposhnik 2021).
const (
	pacmapEpochs   = 450
	pacmapSpare    = 50 // neighbours from which the near ones are chosen
	pacmapOffered  = 6  // rows of which the second nearest is mid-near
	pacmapStart    = 0.01
	pacmapSmallest = 10 // rows; fewer stay where they start
)

// NearFor is how many near rows each of so many is paired with in PaCMAP.
func NearFor(rows int) int {
	near := 10
	if rows > 10_000 {
		near = int(math.Round(10 + 15*(math.Log10(float64(rows))-4)))
	}
	if near+near/2+2*near >= rows {
		near = int(float64(rows) / 3.5)
	}
	return near
}

// PaCMAPNeighbours is how many neighbours the table has that PaCMAP reads.
func PaCMAPNeighbours(rows int) int { return NearFor(rows) + pacmapSpare }

// pairing is a layout by PaCMAP: every row is paired with near, mid-near and further rows, which pull and push it. A
// pair's two ends each add it up for themselves, in a fixed order, so that rows can be moved at once.
type pairing struct {
	on              Machine
	rows            []int32 // those that take part
	near, mid, far  adjacency
	dims            int
	points, next    []float32 // by row
	pulls           []float32
	slope, variance []float32 // Adam's means of pulls and of their squares
}

// adjacency are the other ends of row i's pairs: ends[starts[i]:starts[i+1]], filled with i itself, which pulls nothing, to a
// multiple of kernel.PullEnds.
type adjacency struct{ starts, ends []int32 }

// PaCMAP lays x out from start in as many dimensions. t is x's table, with PaCMAPNeighbours lists; rows that it leaves out
// stay at the centre.
func PaCMAP(ctx context.Context, x knn.Matrix, metric catalog.Metric, t *knn.Table, start Layout, p Params, on Machine, tell Tell) (Layout, error) {
	m := &pairing{on: on}
	for i := range x.Rows {
		if !t.Excluded(i) {
			m.rows = append(m.rows, int32(i))
		}
	}
	m.start(start, p.Seed)
	if len(m.rows) >= pacmapSmallest {
		m.pair(x, metric, t, p.Seed)
	}
	epochs := p.Epochs
	if epochs < 1 {
		epochs = pacmapEpochs
	}
	for epoch := range epochs {
		if ctx.Err() != nil {
			return Layout{}, canceled(ctx)
		}
		if len(m.rows) >= pacmapSmallest {
			m.move(epoch, epochs)
		}
		if err := tell(epoch+1, epochs, func() []Layout { return []Layout{m.layout(x.Rows)} }); err != nil {
			return Layout{}, err
		}
	}
	return finished(m.layout(x.Rows)), nil
}

func (m *pairing) start(start Layout, seed uint64) {
	m.dims, m.points = start.Dims, startOf(start, m.rows, pacmapStart, seed).Points
	n := len(m.points)
	m.next, m.pulls, m.slope, m.variance = make([]float32, n), make([]float32, n), make([]float32, n), make([]float32, n)
}

// pair chooses the pairs. Each row's draws are a hash of seed and row.
func (m *pairing) pair(x knn.Matrix, metric catalog.Metric, t *knn.Table, seed uint64) {
	n := len(m.rows)
	count := NearFor(n)
	near, mid, far := make([][]int32, n), make([][]int32, n), make([][]int32, n)
	number := make([]int32, x.Rows) // of a row among those that take part
	for i, row := range m.rows {
		number[row] = int32(i)
	}
	sigma := localScales(t)
	m.on.parallel(n, 256, func(from, to int) {
		for i := from; i < to; i++ {
			row := int(m.rows[i])
			for _, j := range nearest(t, row, count, sigma) {
				near[i] = append(near[i], number[j])
			}
			d := drawing{state: mix(seed ^ mix(uint64(row)*golden+3)), n: n, self: int32(i)}
			for range count / 2 {
				mid[i] = append(mid[i], m.midNear(x, metric, row, d.some(pacmapOffered, mid[i])))
			}
			far[i] = d.some(2*count, near[i])
		}
	})
	m.near, m.mid, m.far = bothEnds(near), bothEnds(mid), bothEnds(far)
}

// localScales are the rows' mean distances to their fourth to sixth neighbours.
func localScales(t *knn.Table) []float64 {
	sigma := make([]float64, t.Rows)
	for i := range sigma {
		some := t.Distances[i*t.K+min(3, t.K-1) : i*t.K+min(6, t.K)]
		for _, d := range some {
			sigma[i] += float64(d) / float64(len(some))
		}
		sigma[i] = max(sigma[i], 1e-10)
	}
	return sigma
}

// candidate is a row, and how far it is.
type candidate struct {
	row      int32
	distance float64
}

// byDistance orders by distance, then by row.
func byDistance(a, b candidate) int {
	return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.row, b.row))
}

// nearest are the rows nearest to one of its neighbours by d²/(σ·σ).
func nearest(t *knn.Table, row, count int, sigma []float64) []int32 {
	all := make([]candidate, min(t.K, count+pacmapSpare))
	for at := range all {
		j := t.Neighbours(row)[at]
		d := float64(t.Distances[row*t.K+at])
		all[at] = candidate{j, d * d / sigma[row] / sigma[j]}
	}
	slices.SortFunc(all, byDistance)
	out := make([]int32, min(count, len(all)))
	for i := range out {
		out[i] = all[i].row
	}
	return out
}

// midNear is the second nearest to a row of some.
func (m *pairing) midNear(x knn.Matrix, metric catalog.Metric, row int, some []int32) int32 {
	all := make([]candidate, len(some))
	for at, j := range some {
		all[at] = candidate{j, vec.Distance(metric, x.Row(row), x.Row(int(m.rows[j])))}
	}
	slices.SortFunc(all, byDistance)
	return all[1].row
}

// drawing draws from 0..n, never itself.
type drawing struct {
	state uint64
	n     int
	self  int32
}

// some draws different numbers, none of those that are not wanted. There must be as many.
func (d *drawing) some(count int, not []int32) []int32 {
	out := make([]int32, 0, count)
	for len(out) < count {
		d.state += golden
		j := int32((mix(d.state) >> 32) * uint64(d.n) >> 32)
		if j != d.self && !slices.Contains(out, j) && !slices.Contains(not, j) {
			out = append(out, j)
		}
	}
	return out
}

// bothEnds gives each row the other ends of its own pairs, then of those that name it.
func bothEnds(pairs [][]int32) adjacency {
	a := adjacency{starts: make([]int32, len(pairs)+1)}
	for i, ends := range pairs {
		a.starts[i+1] += int32(len(ends))
		for _, j := range ends {
			a.starts[j+1]++
		}
	}
	for i := range pairs {
		whole := (a.starts[i+1] + kernel.PullEnds - 1) / kernel.PullEnds * kernel.PullEnds
		a.starts[i+1] = a.starts[i] + whole
	}
	a.ends = make([]int32, a.starts[len(pairs)])
	next := slices.Clone(a.starts)
	for i, ends := range pairs {
		next[i] += int32(copy(a.ends[next[i]:], ends))
	}
	for i, ends := range pairs {
		for _, j := range ends {
			a.ends[next[j]] = int32(i)
			next[j]++
		}
	}
	for i := range pairs {
		for at := next[i]; at < a.starts[i+1]; at++ {
			a.ends[at] = int32(i)
		}
	}
	return a
}

// weights are how strongly near and mid-near pairs act beside further ones: first the mid-near give the whole its
// shape, then the near gather, then only near and further ones act.
func weights(epoch, epochs int) (near, mid float32) {
	switch phase := 9 * float64(epoch) / float64(epochs); {
	case phase < 2:
		return 2, float32((1-phase/2)*1000 + phase/2*3)
	case phase < 4:
		return 3, 3
	}
	return 1, 0
}

// move does one step of Adam at the learning rate 1.
func (m *pairing) move(epoch, epochs int) {
	near, mid := weights(epoch, epochs)
	rate := float32(math.Sqrt(1-math.Pow(0.999, float64(epoch+1))) / (1 - math.Pow(0.9, float64(epoch+1))))
	m.on.parallel(len(m.rows), 256, func(from, to int) {
		pulls := m.pulls[from*m.dims : to*m.dims]
		clear(pulls)
		m.pull(pulls, from, m.near, 20*near, 10)
		if mid > 0 {
			m.pull(pulls, from, m.mid, 20_000*mid, 10_000)
		}
		m.pull(pulls, from, m.far, -2, 1)
		for i, v := range pulls {
			i += from * m.dims
			m.slope[i] += 0.1 * (v - m.slope[i])
			m.variance[i] += 0.001 * (v*v - m.variance[i])
			m.next[i] = m.points[i] - rate*m.slope[i]/(float32(math.Sqrt(float64(m.variance[i])))+1e-7)
		}
	})
	m.points, m.next = m.next, m.points
}

// pull adds what the pairs of some rows give: strength/(offset + d̃)² times the way, d̃ = 1 + d². The bytes are those of
// kernel.Set.Pull.
func (m *pairing) pull(out []float32, from int, a adjacency, strength, offset float32) {
	dims := m.dims
	starts := a.starts[from:]
	if set := m.on.Kernel; set != nil && dims == 2 {
		set.Pull(&m.points[0], &m.points[2*from], &starts[0], unsafe.SliceData(a.ends), len(out)/2, strength, 1+offset, &out[0])
		return
	}
	for i := range len(out) / dims {
		p := m.points[(from+i)*dims:][:dims]
		var sums [kernel.PullEnds][3]float32
		for at, j := range a.ends[starts[i]:starts[i+1]] {
			q := m.points[int(j)*dims:][:dims]
			var square float32
			for c := range p {
				square += float32((p[c] - q[c]) * (p[c] - q[c]))
			}
			d := square + (1 + offset)
			w := strength / float32(d*d)
			for c := range p {
				sums[at%kernel.PullEnds][c] += float32(w * (p[c] - q[c]))
			}
		}
		for c := range p {
			for half := kernel.PullEnds / 2; half > 0; half /= 2 {
				for lane := range half {
					sums[lane][c] += sums[lane+half][c]
				}
			}
			out[i*dims+c] += sums[0][c]
		}
	}
}

// layout copies the points, by row of so many.
func (m *pairing) layout(rows int) Layout {
	l := Layout{m.dims, make([]float32, m.dims*rows)}
	for i, row := range m.rows {
		copy(l.Row(int(row)), m.points[i*m.dims:])
	}
	return l
}
