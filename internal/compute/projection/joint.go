package projection

import (
	"context"
	"math"
	"slices"
)

// coupling is how strongly a row is held together in both layouts, times the overlap of its neighbourhoods: 0 would be two
// layouts that know nothing of each other.
const coupling = 1.5

// Joint lays graphs of the same rows, two at least, out together: all begin at the layout of their average, and after
// each epoch the points of a row are drawn to each other by 1 − exp(−1.5·u·α), u the overlap of the row's neighbourhoods.
// What kept its neighbours stays, what lost them is free to go. Of more than two, each point is drawn to the mean of the
// others by their overlaps, by the largest of these. starts are a layout of the first space or one of each, of which
// only those of a layout that goes on are all read.
func Joint(ctx context.Context, graphs []*Graph, starts []Layout, p Params, on Machine, tell Tell) ([]Layout, error) {
	epochs, at := p.course(graphs[0].Vertices())
	a, b := Curve(p.MinDist, p.Spread)
	told := 0 // epochs of the average
	if !p.Gently {
		all := NewEngine(p.pruned(average(graphs)), p.begun(starts[0]), a, b, p.Seed+2, on)
		for epoch := range epochs {
			if ctx.Err() != nil {
				return nil, canceled(ctx)
			}
			all.Step(at(epoch))
			if err := tell(epoch+1, 2*epochs, func() []Layout { return slices.Repeat([]Layout{all.Layout()}, len(graphs)) }); err != nil {
				return nil, err
			}
		}
		starts, told = slices.Repeat([]Layout{all.Layout()}, len(graphs)), epochs
	}
	t := ties{on: on, dims: starts[0].Dims}
	for i, g := range graphs {
		seed := p.Seed
		if i > 0 && p.SecondSeed != 0 {
			seed = p.SecondSeed
		}
		t.engines = append(t.engines, NewEngine(p.pruned(g), starts[i], a, b, seed, on))
	}
	t.order = t.engines[0].order
	t.measure(graphs)
	look := func() (now []Layout) {
		for _, e := range t.engines {
			now = append(now, e.Layout())
		}
		return now
	}
	for epoch := range epochs {
		if ctx.Err() != nil {
			return nil, canceled(ctx)
		}
		alpha := at(epoch)
		for _, e := range t.engines {
			e.Step(alpha)
		}
		t.draw(float64(alpha))
		if err := tell(told+epoch+1, told+epochs, look); err != nil {
			return nil, err
		}
	}
	made := look()
	together := Layout{Dims: t.dims}
	for _, l := range made {
		together.Points = append(together.Points, l.Points...)
	}
	shared := axesOf(together)
	for i, l := range made {
		made[i] = turned(l, shared)
	}
	return made, nil
}

// ties hold the points of a row together in the engines of some spaces.
type ties struct {
	on       Machine
	engines  []*Engine
	order    []int32 // the row at each place, of every engine
	dims     int
	overlaps [][]float32 // of the pairs of spaces, by row: (0,1), (0,2), (1,2), (0,3), …
}

// tie is the number of a pair of spaces.
func tie(a, b int) int {
	if a > b {
		a, b = b, a
	}
	return b*(b-1)/2 + a
}

func (t *ties) measure(graphs []*Graph) {
	for b := range graphs {
		for a := range b {
			t.overlaps = append(t.overlaps, Overlaps(graphs[a], graphs[b]))
		}
	}
}

// draw draws the points of every row together.
func (t *ties) draw(alpha float64) {
	t.on.parallel(len(t.order), 1024, func(from, to int) {
		moves := make([]float32, len(t.engines)*t.dims)
		for at := from; at < to; at++ {
			for s := range t.engines {
				t.pull(s, at, alpha, moves[s*t.dims:(s+1)*t.dims])
			}
			for s, e := range t.engines {
				for c := range t.dims {
					e.points[at*t.dims+c] += moves[s*t.dims+c]
				}
			}
		}
	})
}

// pull is how far the others draw the point at a place of space s.
func (t *ties) pull(s, at int, alpha float64, move []float32) {
	row := t.order[at]
	clear(move)
	var sum, most float32
	for other := range t.engines {
		if other != s {
			u := t.overlaps[tie(s, other)][row]
			sum, most = sum+u, max(most, u)
		}
	}
	if sum == 0 {
		return
	}
	k := float32(1-math.Exp(-coupling*float64(most)*alpha)) / 2
	own := t.engines[s].points[at*t.dims:]
	for other, e := range t.engines {
		if other == s {
			continue
		}
		share := t.overlaps[tie(s, other)][row] / sum
		for c := range move {
			move[c] += k * (share * (e.points[at*t.dims+c] - own[c]))
		}
	}
}

// Displacements is how far each row lies from itself in the other layout, in units of the first one's radius (the root
// mean square distance to its centre); 0 where the radius is.
func Displacements(a, b Layout) []float32 {
	out := make([]float32, a.Rows())
	centre := centreOf(a)
	var radius float64
	for i, v := range a.Points {
		d := float64(v) - centre[i%a.Dims]
		radius += d * d / float64(a.Rows())
	}
	if radius == 0 {
		return out
	}
	for i := range out {
		out[i] = float32(math.Sqrt(float64(gap(a.Row(i), b.Row(i))) / radius))
	}
	return out
}

// Align scales layout b to the radius of a, and turns and mirrors it so that its points lie as near those of a as they
// can (Procrustes; the scale that would bring them nearest shrinks a layout that has little to do with the other).
func Align(a, b Layout) Layout { return procrustes(a, b, true) }

// Turn does the same without scaling it.
func Turn(a, b Layout) Layout { return procrustes(a, b, false) }

func procrustes(a, b Layout, scale bool) Layout {
	d, n := a.Dims, a.Rows()
	if n == 0 {
		return b
	}
	fa, fb := centreOf(a), centreOf(b)
	cross := make([]float64, d*d) // of b with a
	var sizeA, sizeB float64
	for i := range n {
		ra, rb := a.Row(i), b.Row(i)
		for p := range d {
			vb := float64(rb[p]) - fb[p]
			sizeB += vb * vb
			sizeA += (float64(ra[p]) - fa[p]) * (float64(ra[p]) - fa[p])
			for q := range d {
				cross[p*d+q] += vb * (float64(ra[q]) - fa[q])
			}
		}
	}
	turn, stretch := polar(cross, d), 1.0
	if scale && sizeA > 0 && sizeB > 0 {
		stretch = math.Sqrt(sizeA / sizeB)
	}
	out := Layout{d, make([]float32, len(b.Points))}
	for i := range n {
		row, to := b.Row(i), out.Row(i)
		for q := range d {
			var sum float64
			for p := range d {
				sum += (float64(row[p]) - fb[p]) * turn[p*d+q]
			}
			to[q] = float32(sum*stretch + fa[q])
		}
	}
	return out
}

func centreOf(l Layout) []float64 {
	centre := make([]float64, l.Dims)
	for i, v := range l.Points {
		centre[i%l.Dims] += float64(v) / float64(l.Rows())
	}
	return centre
}

// polar is the orthogonal factor U·Vᵀ of m = U·S·Vᵀ. Directions of no size are filled up.
func polar(m []float64, d int) (turn []float64) {
	gram := make([]float64, d*d) // mᵀm = V·S²·Vᵀ
	for p := range d {
		for q := range d {
			for r := range d {
				gram[p*d+q] += m[r*d+p] * m[r*d+q]
			}
		}
	}
	squares, v := symmetricEigen(gram, d)
	u := make([]float64, d*d)
	for at, s := range squares {
		s = math.Sqrt(max(s, 0))
		for r := range d {
			for q := range d {
				u[r*d+at] += m[r*d+q] * v[q*d+at]
			}
			if s > 0 {
				u[r*d+at] /= s
			}
		}
	}
	orthonormal(u, d)
	turn = make([]float64, d*d)
	for p := range d {
		for q := range d {
			for at := range d {
				turn[p*d+q] += u[p*d+at] * v[q*d+at]
			}
		}
	}
	return turn
}

// orthonormal makes the columns of u perpendicular and of length 1, and fills up columns of zeros.
func orthonormal(u []float64, d int) {
	for c := range d {
		for try := -1; ; try++ {
			if try >= 0 {
				for r := range d {
					u[r*d+c] = 0
				}
				u[try*d+c] = 1
			}
			for before := range c {
				var dot float64
				for r := range d {
					dot += u[r*d+c] * u[r*d+before]
				}
				for r := range d {
					u[r*d+c] -= dot * u[r*d+before]
				}
			}
			var length float64
			for r := range d {
				length += u[r*d+c] * u[r*d+c]
			}
			if length = math.Sqrt(length); length > 1e-6 {
				for r := range d {
					u[r*d+c] /= length
				}
				break
			}
		}
	}
}
