package projection

import (
	"context"
	"math"

	"github.com/pentoai/vectory/internal/compute/knn"
)

// What openTSNE does by default (Poličar, Stražar and Zupan 2024; Kobak and Berens 2019).
const (
	DefaultPerplexity = 30
	tsneEpochs        = 750
	tsneExaggerated   = 3  // the first epochs, one of so many,
	tsneExaggeration  = 12 // in which points are drawn together so much stronger
	tsneMomentum      = 0.8
	tsneStart         = 1e-4 // the first axis' standard deviation
	tsneLongest       = 5    // step of a point
)

// NeighboursFor is how many neighbours a perplexity needs.
func NeighboursFor(perplexity float64) int { return int(3 * perplexity) }

// LargestPerplexity that so many rows have neighbours for.
func LargestPerplexity(rows int) float64 { return float64(rows-1) / 3 }

// Affinities is the graph that t-SNE lays out: each row looks at its nearest neighbours through a Gaussian so wide that
// the entropy of their weights is log perplexity, and (a + b)/2 together (van der Maaten and Hinton 2008). The weights
// add up to the number of rows. The table has as many neighbours as NeighboursFor says; with fewer, the perplexity is what
// these allow.
func Affinities(t *knn.Table, perplexity float64, on Machine) *Graph {
	each := min(NeighboursFor(perplexity), t.K)
	entropy := math.Log(math.Max(math.Min(perplexity, float64(each)/3), 1))
	weights := make([]float32, t.Rows*each)
	on.parallel(t.Rows, 256, func(from, to int) {
		for i := from; i < to; i++ {
			if !t.Excluded(i) {
				gaussian(t.Distances[i*t.K:i*t.K+each], entropy, weights[i*each:(i+1)*each])
			}
		}
	})
	return symmetric(t, each, weights, func(a, b float32) float32 { return (a + b) / 2 }, on)
}

// gaussian finds the weights exp(−β·d²), of sum 1, of some entropy. Neighbours that are all as far have all the same.
// Under dot distances have no zero: they are taken from the nearest, where that is below 0.
func gaussian(distances []float32, entropy float64, weights []float32) {
	zero := math.Min(float64(distances[0]), 0)
	over := make([]float64, len(distances)) // d² beyond that of the nearest
	for at, d := range distances {
		d := float64(d) - zero
		over[at] = d*d - (float64(distances[0])-zero)*(float64(distances[0])-zero)
	}
	low, high, beta, sum := 0.0, math.Inf(1), 1.0, 0.0
	if farthest := over[len(over)-1]; farthest > 0 {
		beta = 1 / farthest
	}
	for range 100 {
		var mean float64
		sum = 0
		for at, d := range over {
			w := math.Exp(-beta * d)
			weights[at] = float32(w)
			sum += w
			mean += beta * d * w
		}
		h := math.Log(sum) + mean/sum
		if math.Abs(h-entropy) < 1e-8 {
			break
		}
		if h < entropy {
			high = beta
			beta = (low + high) / 2
			continue
		}
		low = beta
		beta = math.Min(2*beta, (low+high)/2)
	}
	for at := range weights {
		weights[at] = float32(float64(weights[at]) / sum)
	}
}

// descent moves the points of a t-SNE down the gradient of the Kullback-Leibler divergence.
type descent struct {
	on          Machine
	graph       *Graph // of those that take part
	rows        []int32
	field       field
	points      []float64 // (x, y)
	next        []float64
	push        []float64
	step, gains []float64
}

// TSNE lays a graph of [Affinities] out in the plane, from start. Vertices that are joined with none take no part and lie
// at the centre.
func TSNE(ctx context.Context, g *Graph, start Layout, p Params, on Machine, tell Tell) (Layout, error) {
	d := newDescent(g, start, p, on)
	epochs := p.Epochs
	if epochs < 1 {
		epochs = tsneEpochs
	}
	for epoch := range epochs {
		if ctx.Err() != nil {
			return Layout{}, canceled(ctx)
		}
		exaggeration := 1.0
		if epoch < epochs/tsneExaggerated && !p.Gently {
			exaggeration = tsneExaggeration
		}
		d.move(exaggeration)
		if err := tell(epoch+1, epochs, func() []Layout { return []Layout{d.layout(g.Vertices())} }); err != nil {
			return Layout{}, err
		}
	}
	return finished(d.layout(g.Vertices())), nil
}

func newDescent(g *Graph, start Layout, p Params, on Machine) *descent {
	d := &descent{on: on, field: field{on: on}}
	d.graph, d.rows = g.joined()
	n := len(d.rows)
	d.points, d.next, d.push, d.step, d.gains = make([]float64, 2*n), make([]float64, 2*n), make([]float64, 2*n), make([]float64, 2*n), make([]float64, 2*n)
	first := startOf(start, d.rows, tsneStart, p.Seed)
	for i := range d.points {
		if d.points[i], d.gains[i] = float64(first.Points[i]), 1; p.Gently {
			d.points[i] = float64(start.Row(int(d.rows[i/2]))[i%2])
		}
	}
	return d
}

// joined is the graph of the vertices that are joined with any, and which these are.
func (g *Graph) joined() (*Graph, []int32) {
	var rows []int32
	number := make([]int32, g.Vertices())
	out := &Graph{Starts: []int32{0}, Ends: make([]int32, len(g.Ends)), Weights: g.Weights}
	for i := range number {
		if g.degree(i) > 0 {
			number[i] = int32(len(rows))
			rows = append(rows, int32(i))
			out.Starts = append(out.Starts, g.Starts[i+1])
		}
	}
	for at, end := range g.Ends {
		out.Ends[at] = number[end]
	}
	return out, rows
}

// move does one epoch. The learning rate is n/exaggeration, each coordinate's gain rises while it goes on in a
// direction and falls when it turns, and the points stay about their centre.
func (d *descent) move(exaggeration float64) {
	n := len(d.rows)
	if n < 2 {
		return
	}
	all := math.Max(d.field.repel(d.points, d.push), math.SmallestNonzeroFloat64)
	rate := float64(n) / exaggeration
	d.on.parallel(n, 256, func(from, to int) {
		for i := from; i < to; i++ {
			x, y := d.pull(i)
			gradient := [2]float64{exaggeration*x/float64(n) - d.push[2*i]/all, exaggeration*y/float64(n) - d.push[2*i+1]/all}
			step, gains := d.step[2*i:2*i+2], d.gains[2*i:2*i+2]
			for c, g := range gradient {
				if (step[c] > 0) == (g > 0) && (step[c] < 0) == (g < 0) {
					gains[c] = gains[c]*0.8 + 0.01
				} else {
					gains[c] += 0.2
				}
				step[c] = tsneMomentum*step[c] - rate*gains[c]*g
			}
			if length := math.Hypot(step[0], step[1]); length > tsneLongest {
				step[0], step[1] = step[0]*tsneLongest/length, step[1]*tsneLongest/length
			}
			d.next[2*i], d.next[2*i+1] = d.points[2*i]+step[0], d.points[2*i+1]+step[1]
		}
	})
	d.points, d.next = d.next, d.points
	var centre [2]float64
	for i, v := range d.points {
		centre[i%2] += v / float64(n)
	}
	for i := range d.points {
		d.points[i] -= centre[i%2]
	}
}

// pull is how point i is drawn to what it is joined with.
func (d *descent) pull(i int) (fx, fy float64) {
	x, y := d.points[2*i], d.points[2*i+1]
	ends, weights := d.graph.row(i)
	for at, j := range ends {
		dx, dy := x-d.points[2*j], y-d.points[2*j+1]
		w := float64(weights[at]) / (1 + dx*dx + dy*dy)
		fx, fy = fx+w*dx, fy+w*dy
	}
	return fx, fy
}

// layout copies the points, by row of so many.
func (d *descent) layout(rows int) Layout {
	l := Layout{2, make([]float32, 2*rows)}
	for i, row := range d.rows {
		l.Points[2*row], l.Points[2*row+1] = float32(d.points[2*i]), float32(d.points[2*i+1])
	}
	return l
}
