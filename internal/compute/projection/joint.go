package projection

import (
	"context"
	"math"
)

// coupling is how strongly a row is held together in both layouts, times the overlap of its neighbourhoods: 0 would be two
// layouts that know nothing of each other.
const coupling = 1.5

// Joint lays two graphs of the same rows out together: both begin at the layout of their average, and after each epoch the
// two points of a row are drawn together by 1 − exp(−1.5·u·α), u the overlap of the row's neighbourhoods. What kept its
// neighbours stays, what lost them is free to go. start is a layout of the first space.
func Joint(ctx context.Context, a, b *Graph, start Layout, p Params, on Machine, tell Tell) (la, lb Layout, err error) {
	n := a.Vertices()
	epochs := p.epochs(n)
	ca, cb := Curve(p.MinDist, p.Spread)
	fail := func(err error) (Layout, Layout, error) { return Layout{}, Layout{}, err }
	both := NewEngine(average(a, b).pruned(epochs), start.scaled(10, 1e-4, p.Seed), ca, cb, p.Seed+2, on)
	for epoch := range epochs {
		if ctx.Err() != nil {
			return fail(canceled(ctx))
		}
		both.Step(rate(epoch, epochs))
		if err := tell(epoch+1, 2*epochs, func() []Layout { l := both.Layout(); return []Layout{l, l} }); err != nil {
			return fail(err)
		}
	}
	common, overlaps := both.Layout(), Overlaps(a, b)
	ea := NewEngine(a.pruned(epochs), common, ca, cb, p.Seed, on)
	second := p.SecondSeed
	if second == 0 {
		second = p.Seed
	}
	eb := NewEngine(b.pruned(epochs), common, ca, cb, second, on)
	for epoch := range epochs {
		if ctx.Err() != nil {
			return fail(canceled(ctx))
		}
		alpha := rate(epoch, epochs)
		ea.Step(alpha)
		eb.Step(alpha)
		couple(ea, eb, overlaps, float64(alpha))
		if err := tell(epochs+epoch+1, 2*epochs, func() []Layout { return []Layout{ea.Layout(), eb.Layout()} }); err != nil {
			return fail(err)
		}
	}
	la, lb = ea.Layout(), eb.Layout()
	shared := axesOf(Layout{la.Dims, append(append([]float32(nil), la.Points...), lb.Points...)})
	return turned(la, shared), turned(lb, shared), nil
}

// couple draws the two points of every row together.
func couple(a, b *Engine, overlaps []float32, alpha float64) {
	d := a.dims
	a.on.parallel(len(a.order), 4096, func(from, to int) {
		for at := from; at < to; at++ {
			k := float32(1-math.Exp(-coupling*float64(overlaps[a.order[at]])*alpha)) / 2
			for c := at * d; c < (at+1)*d; c++ {
				apart := b.points[c] - a.points[c]
				a.points[c] += k * apart
				b.points[c] -= k * apart
			}
		}
	})
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

// Align turns, mirrors and scales layout b so that its points lie as near those of a as they can (Procrustes).
func Align(a, b Layout) Layout {
	d, n := a.Dims, a.Rows()
	if n == 0 {
		return b
	}
	fa, fb := centreOf(a), centreOf(b)
	cross := make([]float64, d*d) // of b with a
	var size float64
	for i := range n {
		ra, rb := a.Row(i), b.Row(i)
		for p := range d {
			vb := float64(rb[p]) - fb[p]
			size += vb * vb
			for q := range d {
				cross[p*d+q] += vb * (float64(ra[q]) - fa[q])
			}
		}
	}
	turn, stretch := polar(cross, d)
	if size > 0 {
		stretch /= size
	} else {
		stretch = 1
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

// polar is the orthogonal factor U·Vᵀ of m = U·S·Vᵀ, and the sum of S. Directions of no size are filled up.
func polar(m []float64, d int) (turn []float64, sum float64) {
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
		sum += s
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
	return turn, sum
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
