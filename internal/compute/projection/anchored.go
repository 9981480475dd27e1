package projection

import (
	"context"
	"math"
)

// AnchorSteps is how many steps back a step is anchored to.
const AnchorSteps = 3

// Step is a space that has been laid out: its graph, and where its rows lie.
type Step struct {
	Graph *Graph
	Made  Layout
}

// Anchored lays a graph out in the frame of former steps of the same rows, the last one first and AnchorSteps at most: it
// begins where the last one ended, and after each epoch every row is drawn to where it was by 1 − exp(−1.5·u·α), u the
// overlap of its neighbourhoods now and then. Where it was is the mean over the steps, each by its overlap, and by half as
// much as the one after it. Former steps do not move, so that a run's map only ever grows.
func Anchored(ctx context.Context, g *Graph, former []Step, p Params, on Machine, tell Tell) (Layout, error) {
	epochs, at := p.course(g.Vertices())
	a, b := Curve(p.MinDist, p.Spread)
	e := NewEngine(p.pruned(g), former[0].Made, a, b, p.Seed, on)
	held := anchorsOf(g, former, e.order)
	for epoch := range epochs {
		if ctx.Err() != nil {
			return Layout{}, canceled(ctx)
		}
		alpha := at(epoch)
		e.Step(alpha)
		held.draw(e, float64(alpha))
		if err := tell(epoch+1, epochs, func() []Layout { return []Layout{e.Layout()} }); err != nil {
			return Layout{}, err
		}
	}
	return e.Layout(), nil
}

// anchors are the places that points are drawn to, and how strongly, in an engine's order.
type anchors struct {
	places   []float32
	strength []float32
}

func anchorsOf(g *Graph, former []Step, order []int32) anchors {
	d := former[0].Made.Dims
	held := anchors{make([]float32, len(order)*d), make([]float32, len(order))}
	overlaps := make([][]float32, len(former))
	for back, step := range former {
		overlaps[back] = Overlaps(g, step.Graph)
	}
	for at, row := range order {
		place := held.places[at*d : (at+1)*d]
		var sum float32
		weight := float32(1)
		for back, step := range former {
			u := overlaps[back][row]
			held.strength[at] = max(held.strength[at], u)
			for c, v := range step.Made.Row(int(row)) {
				place[c] += weight * u * v
			}
			sum += weight * u
			weight /= 2
		}
		for c := range place {
			if sum > 0 {
				place[c] /= sum
			}
		}
	}
	return held
}

func (h anchors) draw(e *Engine, alpha float64) {
	d := e.dims
	e.on.parallel(len(e.order), 4096, func(from, to int) {
		for at := from; at < to; at++ {
			k := float32(1 - math.Exp(-coupling*float64(h.strength[at])*alpha))
			for c := at * d; c < (at+1)*d; c++ {
				e.points[c] += k * (h.places[c] - e.points[c])
			}
		}
	})
}
