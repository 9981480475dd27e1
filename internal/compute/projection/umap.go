package projection

import (
	"cmp"
	"context"
	"math"
	"slices"
	"sync"

	"github.com/pentoai/vectory/internal/catalog"
)

// Params of a layout by neighbours; t-SNE and PaCMAP read Dims, Epochs and Seed.
type Params struct {
	Dims    int     // 2 or 3
	K       int     // neighbours, the row itself counted, as umap-learn's n_neighbors
	MinDist float64 // how near points may lie
	Spread  float64
	Epochs  int // 0: by the number of rows
	Seed    uint64

	// SecondSeed moves the second of two spaces in a joint layout; 0: as Seed. With another one, a space laid out
	// together with itself shows how far rows move that have not moved.
	SecondSeed uint64

	// Compat takes umap-learn's number of epochs and its learning rate, 1−t.
	Compat bool

	// Gently goes on with a layout that is done, for so many Epochs: the start is taken as it is, and moves at a small
	// learning rate.
	Gently bool
}

// DefaultEpochs is enough for a layout to settle with the learning rate (1−t)³: with fewer, the nearest rows of spaces that are
// hard to lay out lie a little farther apart than umap-learn's, which takes 500 up to 10,000 rows and 200 of more.
func DefaultEpochs(n int) int {
	switch {
	case n <= 10_000:
		return 400
	case n <= 200_000:
		return 200
	}
	return 60
}

// negatives is how many points each point is pushed from for each that it is drawn to.
const negatives = 5

// Engine moves the points of one graph, an epoch at a time. The points are cut into random blocks, and the edges into
// those between two blocks. In an epoch every pair of blocks has one turn, in rounds of pairs that have no block in common,
// as in a tournament: so that pairs of one round may run at once, touch nothing in common, and give the same bytes on
// any number of threads. A point is drawn to its neighbours as often as their weight says, and pushed from random points
// of the two blocks.
type Engine struct {
	on      Machine
	force   *force
	dims    int
	seed    uint64
	order   []int32 // the row at each place
	points  []float32
	size    int // points of a block
	bouts   [][]bout
	epoch   int
	grounds sync.Pool // of *ground
}

// bout is a pair of blocks with the edges between them.
type bout struct {
	a, b  int32
	edges []due
}

// due is an edge, its ends as they lie within the bout, and the epoch of its next turn.
type due struct {
	i, j        int32
	every, next float32
}

func blocksFor(n int) int {
	switch {
	case n < 2000:
		return 8
	case n <= 50_000:
		return 16
	case n <= 200_000:
		return 32
	}
	return 64
}

// NewEngine begins at the points of start. g has as many vertices; its order of blocks is the same for every graph of
// as many vertices, so that two engines can be coupled place by place.
func NewEngine(g *Graph, start Layout, a, b float64, seed uint64, on Machine) *Engine {
	n, blocks := g.Vertices(), blocksFor(g.Vertices())
	e := &Engine{on: on, force: newForce(a, b), dims: start.Dims, seed: seed, size: (n + blocks - 1) / blocks, order: make([]int32, n), points: make([]float32, n*start.Dims)}
	for i := range e.order {
		e.order[i] = int32(i)
	}
	key := func(i int32) uint64 { return mix(uint64(i)*golden ^ 77) }
	slices.SortFunc(e.order, func(x, y int32) int { return cmp.Or(cmp.Compare(key(x), key(y)), cmp.Compare(x, y)) })
	place := make([]int32, n)
	for at, row := range e.order {
		place[row] = int32(at)
		copy(e.points[at*e.dims:(at+1)*e.dims], start.Row(int(row)))
	}
	e.pair(g, place, blocks)
	return e
}

// within is where the point at a place lies among those of a bout: the points of block a, then those of the other.
func (e *Engine) within(at, a int) int32 {
	if at/e.size == a {
		return int32(at % e.size)
	}
	return int32(e.size + at%e.size)
}

// pair sorts the edges into bouts and the bouts into rounds.
func (e *Engine) pair(g *Graph, place []int32, blocks int) {
	var most float32
	if len(g.Weights) > 0 {
		most = slices.Max(g.Weights)
	}
	edges := make([][]due, blocks*blocks)
	for at, row := range e.order {
		ends, weights := g.row(int(row))
		for q, end := range ends {
			j := place[end]
			a, b := at/e.size, int(j)/e.size
			if a > b {
				a, b = b, a
			}
			every := most / weights[q]
			edges[a*blocks+b] = append(edges[a*blocks+b], due{e.within(at, a), e.within(int(j), a), every, every})
		}
	}
	var alone []bout
	for a := range blocks {
		alone = append(alone, bout{int32(a), int32(a), edges[a*blocks+a]})
	}
	e.bouts = append(e.bouts, alone)
	ring := make([]int, blocks) // the circle method
	for i := range ring {
		ring[i] = i
	}
	for range blocks - 1 {
		var round []bout
		for i := range blocks / 2 {
			a, b := min(ring[i], ring[blocks-1-i]), max(ring[i], ring[blocks-1-i])
			round = append(round, bout{int32(a), int32(b), edges[a*blocks+b]})
		}
		e.bouts = append(e.bouts, round)
		last := ring[blocks-1]
		copy(ring[2:], ring[1:blocks-1])
		ring[1] = last
	}
}

// Step does one epoch at the learning rate alpha. Every block plays once in each round: so a bout begins as soon as both
// of its blocks have played the rounds before, and nothing waits for a whole round to end.
func (e *Engine) Step(alpha float32) {
	type match struct {
		*bout
		round int32
	}
	var matches []match
	for turn := range e.bouts {
		round := e.bouts[(turn+7*e.epoch)%len(e.bouts)]
		for i := range round {
			matches = append(matches, match{&round[i], int32(turn)})
		}
	}
	t := turns{played: make([]int32, len(e.bouts[0]))}
	t.ended.L = &t.mu
	e.on.limited(len(t.played)/2).parallel(len(matches), 1, func(from, to int) {
		for _, m := range matches[from:to] {
			t.await(m.a, m.b, m.round)
			e.play(m.bout, alpha)
			t.end(m.a, m.b)
		}
	})
	e.epoch++
}

// turns are how many rounds each block has played. Who needs a block that is still played sleeps: on a machine with other
// work to do it takes none of their time. Whoever plays it began before, so that somebody always plays.
type turns struct {
	mu     sync.Mutex
	ended  sync.Cond
	played []int32
}

func (t *turns) await(a, b, round int32) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for t.played[a] < round || t.played[b] < round {
		t.ended.Wait()
	}
}

func (t *turns) end(a, b int32) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.played[a]++; a != b {
		t.played[b]++
	}
	t.ended.Broadcast()
}

// block is where the points of a block begin.
func (e *Engine) block(b int32) int { return min(int(b)*e.size, len(e.order)) }

// following is the next number of a row of them (Knuth's MMIX); the upper half is good.
func following(state uint64) uint64 { return state*6364136223846793005 + 1442695040888963407 }

// clipped bounds a step. Branches that are seldom taken are faster than min and max, which mind NaN.
func clipped(v float32) float32 {
	if v > 4 {
		return 4
	}
	if v < -4 {
		return -4
	}
	return v
}

// ground is the points of a bout beside each other, while it is played.
type ground struct{ points []float32 }

// play has the edges of a bout take their turns: a point is drawn to its neighbour, and then pushed from some others of
// both blocks, all seen from one place, so that the processor can look at them at once. Neither itself nor that neighbour pushes it:
// among the few of two blocks they would be drawn much more often than among all.
func (e *Engine) play(m *bout, alpha float32) {
	on, _ := e.grounds.Get().(*ground)
	if on == nil {
		on = new(ground)
	}
	defer e.grounds.Put(on)
	a, b := e.points[e.block(m.a)*e.dims:e.block(m.a+1)*e.dims], e.points[e.block(m.b)*e.dims:e.block(m.b+1)*e.dims]
	if m.a == m.b {
		b = nil
	}
	state := mix(e.seed ^ uint64(e.epoch)<<40 ^ uint64(m.a)<<20 ^ uint64(m.b))
	on.points = append(append(on.points[:0], a...), b...)
	if e.dims == 2 {
		e.force.play2(m.edges, on.points, float32(e.epoch), alpha, state)
	} else {
		e.force.playAny(m.edges, on.points, e.dims, float32(e.epoch), alpha, state)
	}
	copy(b, on.points[copy(a, on.points):])
}

// play2 is playAny in two dimensions, where most of the time goes.
func (f *force) play2(edges []due, points []float32, now, alpha float32, state uint64) {
	total, near, span, repulsion := uint64(len(points)/2), f.near, f.span, &f.repulsion
	for q := range edges {
		d := &edges[q]
		if d.next > now {
			continue
		}
		d.next += d.every
		i, j := uint64(d.i), uint64(d.j)
		own, other := points[2*i:2*i+2:2*i+2], points[2*j:2*j+2:2*j+2]
		x, y := own[0], own[1]
		dx, dy := x-other[0], y-other[1]
		pull := f.attraction.at(dx*dx + dy*dy)
		gx, gy := clipped(pull*dx)*alpha, clipped(pull*dy)*alpha
		x, y = x+gx, y+gy
		other[0] -= gx
		other[1] -= gy
		gx, gy = 0, 0
		for range negatives {
			state = following(state)
			k := state >> 32 * total >> 32
			if k == i || k == j {
				continue
			}
			from := points[2*k : 2*k+2 : 2*k+2]
			dx, dy := x-from[0], y-from[1]
			gap := dx*dx + dy*dy
			bits := math.Float32bits(gap)
			if bits-near < span { // far enough that nothing is clipped
				push := repulsion.within(bits)
				gx += push * dx
				gy += push * dy
				continue
			}
			push := repulsion.at(gap)
			gx += clipped(push * dx)
			gy += clipped(push * dy)
		}
		own[0], own[1] = x+gx*alpha, y+gy*alpha
	}
}

func (f *force) playAny(edges []due, points []float32, dims int, now, alpha float32, state uint64) {
	total := uint64(len(points) / dims)
	at := func(i int) []float32 { return points[i*dims : (i+1)*dims] }
	pushed := make([]float32, dims)
	for q := range edges {
		d := &edges[q]
		if d.next > now {
			continue
		}
		d.next += d.every
		x, other := at(int(d.i)), at(int(d.j))
		pull := f.attraction.at(gap(x, other))
		for c := range x {
			g := clipped(pull*(x[c]-other[c])) * alpha
			x[c] += g
			other[c] -= g
		}
		clear(pushed)
		for range negatives {
			state = following(state)
			k := int32(state >> 32 * total >> 32)
			if k == d.i || k == d.j {
				continue
			}
			from := at(int(k))
			push := f.repulsion.at(gap(x, from))
			for c := range x {
				pushed[c] += clipped(push * (x[c] - from[c]))
			}
		}
		for c := range x {
			x[c] += pushed[c] * alpha
		}
	}
}

func gap(a, b []float32) (sum float32) {
	for c, v := range a {
		d := v - b[c]
		sum += d * d
	}
	return sum
}

// Layout copies the points, by row.
func (e *Engine) Layout() Layout {
	l := Layout{e.dims, make([]float32, len(e.points))}
	for at, row := range e.order {
		copy(l.Row(int(row)), e.points[at*e.dims:(at+1)*e.dims])
	}
	return l
}

// rate is the learning rate at an epoch: (1−t)³ settles in fewer epochs than umap-learn's 1−t.
func rate(epoch, epochs int) float32 {
	left := 1 - float64(epoch)/float64(epochs)
	return float32(left * left * left)
}

// gentle is the learning rate that a layout goes on with: the last tenth of umap-learn's run begins at twice as much.
const gentle = 0.05

// course is how many epochs n points take, and the learning rate at each.
func (p Params) course(n int) (epochs int, at func(epoch int) float32) {
	switch {
	case p.Epochs > 0:
		epochs = p.Epochs
	case p.Compat && n <= 10_000:
		epochs = 500
	case p.Compat:
		epochs = 200
	default:
		epochs = DefaultEpochs(n)
	}
	linear := func(epoch int) float32 { return float32(1 - float64(epoch)/float64(epochs)) }
	switch {
	case p.Gently:
		return epochs, func(epoch int) float32 { return gentle * linear(epoch) }
	case p.Compat:
		return epochs, linear
	}
	return epochs, func(epoch int) float32 { return rate(epoch, epochs) }
}

// pruned leaves out the edges of a graph that would not have one turn; a layout that goes on keeps those it had.
func (p Params) pruned(g *Graph) *Graph {
	epochs, _ := p.course(g.Vertices())
	if p.Gently {
		epochs = max(epochs, DefaultEpochs(g.Vertices()))
	}
	return g.pruned(epochs)
}

// begun is where the points begin.
func (p Params) begun(start Layout) Layout {
	if p.Gently {
		return start
	}
	return start.scaled(10, 1e-4, p.Seed)
}

// Tell is told of the layouts of a run after an epoch: one for each space. It owns nothing: the layouts are made when it
// calls look. An error ends the run.
type Tell func(epoch, epochs int, look func() []Layout) error

// Run lays one graph out from start.
func Run(ctx context.Context, g *Graph, start Layout, p Params, on Machine, tell Tell) (Layout, error) {
	epochs, at := p.course(g.Vertices())
	a, b := Curve(p.MinDist, p.Spread)
	e := NewEngine(p.pruned(g), p.begun(start), a, b, p.Seed, on)
	for epoch := range epochs {
		if ctx.Err() != nil {
			return Layout{}, canceled(ctx)
		}
		e.Step(at(epoch))
		if err := tell(epoch+1, epochs, func() []Layout { return []Layout{e.Layout()} }); err != nil {
			return Layout{}, err
		}
	}
	return finished(e.Layout()), nil
}

func canceled(ctx context.Context) error {
	return catalog.Errorf(catalog.Canceled, "the layout was stopped: %w", context.Cause(ctx))
}

// finished turns a layout so that its largest variance lies across, about its centre.
func finished(l Layout) Layout {
	return turned(l, axesOf(l))
}

// turned is the layout about its centre on the axes.
func turned(l Layout, f frame) Layout {
	out := Layout{l.Dims, make([]float32, len(l.Points))}
	for i := range l.Rows() {
		row, to := l.Row(i), out.Row(i)
		for c := range to {
			var sum float64
			for d, v := range row {
				sum += (float64(v) - f.centre[d]) * f.axes[c][d]
			}
			to[c] = float32(sum)
		}
	}
	return out
}

// frame is a centre and perpendicular axes.
type frame struct {
	centre []float64
	axes   [][]float64
}

// axesOf are the principal axes of a layout, the largest variance first; the largest part of each is positive.
func axesOf(l Layout) frame {
	d, n := l.Dims, l.Rows()
	f := frame{centre: make([]float64, d)}
	for i, v := range l.Points {
		f.centre[i%d] += float64(v) / float64(max(n, 1))
	}
	cov := make([]float64, d*d)
	for i := range n {
		row := l.Row(i)
		for a := range d {
			for b := range d {
				cov[a*d+b] += (float64(row[a]) - f.centre[a]) * (float64(row[b]) - f.centre[b])
			}
		}
	}
	values, vectors := symmetricEigen(cov, d)
	for _, at := range descending(values) {
		axis := make([]float64, d)
		for c := range d {
			axis[c] = vectors[c*d+at]
		}
		f.axes = append(f.axes, positive(axis))
	}
	return f
}

// descending are the places of the values, largest first.
func descending(values []float64) []int {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(x, y int) int { return cmp.Compare(values[y], values[x]) })
	return order
}

// positive turns an axis so that its largest part is positive: a direction has no sign of its own.
func positive(axis []float64) []float64 {
	largest := 0
	for i, v := range axis {
		if math.Abs(v) > math.Abs(axis[largest])+1e-12 {
			largest = i
		}
	}
	if len(axis) > 0 && axis[largest] < 0 {
		for i := range axis {
			axis[i] = -axis[i]
		}
	}
	return axis
}

// symmetricEigen is Jacobi's method for a small symmetric d×d matrix: values, and vectors in columns.
func symmetricEigen(m []float64, d int) (values, vectors []float64) {
	a := slices.Clone(m)
	vectors = make([]float64, d*d)
	for i := range d {
		vectors[i*d+i] = 1
	}
	for range 60 {
		for p := range d {
			for q := p + 1; q < d; q++ {
				if math.Abs(a[p*d+q]) < 1e-300 {
					continue
				}
				theta := (a[q*d+q] - a[p*d+p]) / (2 * a[p*d+q])
				t := math.Copysign(1, theta) / (math.Abs(theta) + math.Sqrt(theta*theta+1))
				c := 1 / math.Sqrt(t*t+1)
				s := t * c
				for k := range d {
					x, y := a[k*d+p], a[k*d+q]
					a[k*d+p], a[k*d+q] = c*x-s*y, s*x+c*y
				}
				for k := range d {
					x, y := a[p*d+k], a[q*d+k]
					a[p*d+k], a[q*d+k] = c*x-s*y, s*x+c*y
				}
				for k := range d {
					x, y := vectors[k*d+p], vectors[k*d+q]
					vectors[k*d+p], vectors[k*d+q] = c*x-s*y, s*x+c*y
				}
			}
		}
	}
	values = make([]float64, d)
	for i := range d {
		values[i] = a[i*d+i]
	}
	return values, vectors
}
