package projection

import (
	"math"
	"slices"

	"github.com/pentoai/vectory/internal/compute/knn"
)

// Graph is a symmetric weighted graph of n vertices: the neighbours of vertex i are Ends[Starts[i]:Starts[i+1]],
// rising, with Weights in (0, 1].
type Graph struct {
	Starts  []int32
	Ends    []int32
	Weights []float32
}

// Vertices is n.
func (g *Graph) Vertices() int { return len(g.Starts) - 1 }

// Smooth gives ρ and σ of every row (McInnes, Healy and Melville 2018, section 3.1; umap-learn's smooth_knn_dist): ρ is
// the distance to the nearest neighbour that is not at 0, and σ such that Σ exp(−max(0, d−ρ)/σ) over the k−1 nearest
// is log₂ k. As in umap-learn, k counts the row itself. σ is at least a thousandth of the row's mean distance, or of
// all rows' where ρ is 0. Rows that the table left out have ρ = σ = 0.
func Smooth(t *knn.Table, k int, on Machine) (rho, sigma []float32) {
	n := t.Rows
	rho, sigma = make([]float32, n), make([]float32, n)
	var all float64
	taking := 0
	for i := range n {
		if t.Excluded(i) {
			continue
		}
		taking++
		for _, d := range t.Distances[i*t.K : i*t.K+k-1] {
			all += float64(d)
		}
	}
	all /= float64(max(taking*k, 1))
	target := math.Log2(float64(k))
	on.parallel(n, 512, func(from, to int) {
		for i := from; i < to; i++ {
			if !t.Excluded(i) {
				rho[i], sigma[i] = smoothOwn(t.Distances[i*t.K:i*t.K+k-1], target, all)
			}
		}
	})
	return rho, sigma
}

// smoothOwn finds ρ and σ of a row.
func smoothOwn(distances []float32, target, meanOfAll float64) (rho, sigma float32) {
	var mean float64
	for _, d := range distances {
		if rho == 0 && d > 0 {
			rho = d
		}
		mean += float64(d) / float64(len(distances)+1)
	}
	floor := 1e-3 * mean
	if rho == 0 {
		floor = 1e-3 * meanOfAll
	}
	return rho, smoothRow(distances, rho, target, floor)
}

// smoothRow finds σ, floor at least.
func smoothRow(distances []float32, rho float32, target, floor float64) float32 {
	low, high, middle := 0.0, math.Inf(1), 1.0
	for range 64 {
		var sum float64
		for _, d := range distances {
			if over := float64(d - rho); over > 0 {
				sum += math.Exp(-over / middle)
			} else {
				sum++
			}
		}
		if math.Abs(sum-target) < 1e-5 {
			break
		}
		switch {
		case sum > target:
			high = middle
			middle = (low + high) / 2
		case math.IsInf(high, 1):
			low = middle
			middle *= 2
		default:
			low = middle
			middle = (low + high) / 2
		}
	}
	return float32(max(middle, floor))
}

// NewGraph is the fuzzy union of every row's neighbourhood: w = exp(−max(0, d−ρ)/σ) from each side, a + b − ab
// together. k counts the row itself.
func NewGraph(t *knn.Table, k int, on Machine) *Graph {
	n, each := t.Rows, k-1
	rho, sigma := Smooth(t, k, on)
	weights := make([]float32, n*each)
	on.parallel(n, 512, func(from, to int) {
		for i := from; i < to; i++ {
			if t.Excluded(i) {
				continue
			}
			for j := range each {
				weights[i*each+j] = membership(t.Distances[i*t.K+j], rho[i], sigma[i])
			}
		}
	})
	return symmetric(t, each, weights, func(a, b float32) float32 { return a + b - a*b }, on)
}

// symmetric joins what each row says of its neighbours, weights[i*each+j] of its j-th, with what they say of it; 0 where
// one says nothing.
func symmetric(t *knn.Table, each int, weights []float32, join func(a, b float32) float32, on Machine) *Graph {
	out := directed(t, each, weights, on)
	back := out.transposed()
	rows := make([][]edge, t.Rows)
	on.parallel(t.Rows, 256, func(from, to int) {
		for i := from; i < to; i++ {
			rows[i] = make([]edge, 0, out.degree(i)+back.degree(i))
			merge(out, back, i, func(end int32, a, b float32) { rows[i] = append(rows[i], edge{end, join(a, b)}) })
		}
	})
	return graphOf(rows)
}

// directed is the graph of what each row says of its neighbours.
func directed(t *knn.Table, each int, weights []float32, on Machine) *Graph {
	rows := make([][]edge, t.Rows)
	on.parallel(t.Rows, 256, func(from, to int) {
		for i := from; i < to; i++ {
			if t.Excluded(i) {
				continue
			}
			row := make([]edge, each)
			for at, j := range t.Neighbours(i)[:each] {
				row[at] = edge{j, weights[i*each+at]}
			}
			slices.SortFunc(row, func(a, b edge) int { return int(a.end - b.end) })
			rows[i] = row
		}
	})
	return graphOf(rows)
}

// transposed has every edge in the other direction.
func (g *Graph) transposed() *Graph {
	n := g.Vertices()
	out := &Graph{make([]int32, n+1), make([]int32, len(g.Ends)), make([]float32, len(g.Ends))}
	for _, j := range g.Ends {
		out.Starts[j+1]++
	}
	for i := range n {
		out.Starts[i+1] += out.Starts[i]
	}
	next := slices.Clone(out.Starts)
	for i := range n {
		ends, weights := g.row(i)
		for at, j := range ends {
			out.Ends[next[j]], out.Weights[next[j]] = int32(i), weights[at]
			next[j]++
		}
	}
	return out
}

func membership(d, rho, sigma float32) float32 {
	if d <= rho || sigma == 0 {
		return 1
	}
	return float32(math.Exp(-float64(d-rho) / float64(sigma)))
}

type edge struct {
	end    int32
	weight float32
}

func graphOf(rows [][]edge) *Graph {
	g := &Graph{Starts: make([]int32, len(rows)+1)}
	for i, row := range rows {
		g.Starts[i+1] = g.Starts[i] + int32(len(row))
	}
	g.Ends, g.Weights = make([]int32, 0, g.Starts[len(rows)]), make([]float32, 0, g.Starts[len(rows)])
	for _, row := range rows {
		for _, e := range row {
			g.Ends, g.Weights = append(g.Ends, e.end), append(g.Weights, e.weight)
		}
	}
	return g
}

// row is what vertex i is joined with.
func (g *Graph) row(i int) (ends []int32, weights []float32) {
	from, to := g.Starts[i], g.Starts[i+1]
	return g.Ends[from:to], g.Weights[from:to]
}

// degree is how many vertices i is joined with.
func (g *Graph) degree(i int) int { return int(g.Starts[i+1] - g.Starts[i]) }

// pruned leaves out the edges that would not have one turn in so many epochs.
func (g *Graph) pruned(epochs int) *Graph {
	if len(g.Weights) == 0 {
		return g
	}
	least := slices.Max(g.Weights) / float32(epochs)
	rows := make([][]edge, g.Vertices())
	for i := range rows {
		ends, weights := g.row(i)
		for at, w := range weights {
			if w >= least {
				rows[i] = append(rows[i], edge{ends[at], w})
			}
		}
	}
	return graphOf(rows)
}

// average is the mean of graphs of the same vertices.
func average(graphs []*Graph) *Graph {
	sum := graphs[0]
	for _, g := range graphs[1:] {
		rows := make([][]edge, g.Vertices())
		for i := range rows {
			merge(sum, g, i, func(end int32, wa, wb float32) { rows[i] = append(rows[i], edge{end, wa + wb}) })
		}
		sum = graphOf(rows)
	}
	mean := &Graph{sum.Starts, sum.Ends, slices.Clone(sum.Weights)}
	for i := range mean.Weights {
		mean.Weights[i] /= float32(len(graphs))
	}
	return mean
}

// merge goes through the ends of vertex i in either graph, rising; the weight is 0 where there is no edge.
func merge(a, b *Graph, i int, each func(end int32, wa, wb float32)) {
	endsA, weightsA := a.row(i)
	endsB, weightsB := b.row(i)
	for p, q := 0, 0; p < len(endsA) || q < len(endsB); {
		switch {
		case q == len(endsB) || p < len(endsA) && endsA[p] < endsB[q]:
			each(endsA[p], weightsA[p], 0)
			p++
		case p == len(endsA) || endsB[q] < endsA[p]:
			each(endsB[q], 0, weightsB[q])
			q++
		default:
			each(endsA[p], weightsA[p], weightsB[q])
			p++
			q++
		}
	}
}

// Overlaps is, for each vertex, the share of its neighbours in either graph that are neighbours in both.
func Overlaps(a, b *Graph) []float32 {
	out := make([]float32, a.Vertices())
	for i := range out {
		both, either := 0, 0
		merge(a, b, i, func(_ int32, wa, wb float32) {
			either++
			if wa > 0 && wb > 0 {
				both++
			}
		})
		if either > 0 {
			out[i] = float32(both) / float32(either)
		}
	}
	return out
}

const (
	otherLabel   = 5 // how much farther rows of different labels are: umap-learn's far_dist at its target_weight of ½
	unknownLabel = 1
)

// Supervised draws vertices of one label together and holds those of different labels apart (McInnes, Healy and Melville
// 2018, section 6; umap-learn's y of categories): an edge between labels is e⁻⁵ of what it was, one to a vertex without a label
// (−1) e⁻¹, then each vertex's strongest is 1 again, and both directions are joined as in NewGraph.
func (g *Graph) Supervised(labels []int32) *Graph {
	other, unknown := float32(math.Exp(-otherLabel)), float32(math.Exp(-unknownLabel))
	out := &Graph{g.Starts, g.Ends, slices.Clone(g.Weights)}
	for i := range out.Vertices() {
		ends, weights := out.row(i)
		var most float32
		for at, j := range ends {
			switch {
			case labels[i] < 0 || labels[j] < 0:
				weights[at] *= unknown
			case labels[i] != labels[j]:
				weights[at] *= other
			}
			most = max(most, weights[at])
		}
		for at := range weights {
			weights[at] /= max(most, math.SmallestNonzeroFloat32)
		}
	}
	back := out.transposed()
	rows := make([][]edge, out.Vertices())
	for i := range rows {
		merge(out, back, i, func(end int32, a, b float32) { rows[i] = append(rows[i], edge{end, a + b - a*b}) })
	}
	return graphOf(rows)
}
