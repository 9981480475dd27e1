package measure

import (
	"math"
	"math/big"

	"github.com/pentoai/vectory/internal/compute/knn"
)

// depthWork is the number of steps that the variance over depths may take.
const depthWork = 2e8

// depthCounts are the sums S1..S5 of [Z] for the graphs of the d and of the e nearest, at [d−1][e−1], in place of those of
// one graph with itself.
type depthCounts struct {
	k               int
	edges           []int64 // of the d nearest
	both, back      []int64 // S1: in both graphs; S2: in one, turned round in the other
	sources, target []int64 // S3: pairs with one source; S4: with one target,
	chains          []int64 // S5: the source of the first is the target of the second
}

// countDepths counts in the lists of the scored rows.
func countDepths(t *knn.Table, shared []int32, k int) depthCounts {
	c := depthCounts{k: k, edges: make([]int64, k)}
	for _, sums := range []*[]int64{&c.both, &c.back, &c.sources, &c.target, &c.chains} {
		*sums = make([]int64, k*k)
	}
	// The lists in which a row stands, and at which place.
	type standing struct{ row, place int32 }
	starts := make([]int64, t.Rows+1)
	each := func(do func(i, place int, j int32)) {
		for i := range t.Rows {
			if shared[i] < 0 {
				continue
			}
			for place, j := range t.Neighbours(i)[:k] {
				if shared[j] >= 0 {
					do(i, place, j)
				}
			}
		}
	}
	each(func(_, _ int, j int32) { starts[j+1]++ })
	for i := range t.Rows {
		starts[i+1] += starts[i]
	}
	standings, next := make([]standing, starts[t.Rows]), append([]int64(nil), starts...)
	each(func(i, place int, j int32) {
		standings[next[j]] = standing{int32(i), int32(place)}
		next[j]++
	})
	places := make([]int32, t.Rows) // in the list of the row at hand, from 1
	out, in := make([]int64, k), make([]int64, k)
	turned := make([]int64, k*k)
	for i := range t.Rows {
		if shared[i] < 0 {
			continue
		}
		clear(out)
		clear(in)
		list := t.Neighbours(i)[:k]
		for place, j := range list {
			if shared[j] >= 0 {
				places[j] = int32(place) + 1
				out[place]++
			}
		}
		for _, s := range standings[starts[i]:starts[i+1]] {
			in[s.place]++
			if own := places[s.row]; own > 0 {
				turned[int(own-1)*k+int(s.place)]++
			}
		}
		for _, j := range list {
			places[j] = 0
		}
		rising64(out)
		rising64(in)
		for d := range k {
			c.edges[d] += out[d]
			for e := range k {
				at := d*k + e
				c.both[at] += out[min(d, e)]
				c.sources[at] += out[d] * out[e]
				c.target[at] += in[d] * in[e]
				c.chains[at] += out[d] * in[e]
			}
		}
	}
	for d := range k { // counts up to a place
		for e := range k {
			at := d*k + e
			c.back[at] = turned[at]
			if e > 0 {
				c.back[at] += c.back[at-1]
			}
			if d > 0 {
				c.back[at] += c.back[at-k]
			}
			if d > 0 && e > 0 {
				c.back[at] -= c.back[at-k-1]
			}
		}
	}
	for at := range c.both {
		c.sources[at] -= c.both[at]
		c.target[at] -= c.both[at]
		c.chains[at] -= c.back[at]
	}
	return c
}

// rising64 sums up to each place.
func rising64(values []int64) {
	for i := 1; i < len(values); i++ {
		values[i] += values[i-1]
	}
}

// spreadOf is the standard deviation of Σ weight·T over all pairings of the rows at random, T of a depth being the number of
// neighbours shared by the d nearest of all n rows; exact, as [Z] is of one depth.
func spreadOf(a, b depthCounts, weights []float64, n int64) float64 {
	n2 := new(big.Int).Mul(big.NewInt(n), big.NewInt(n-1))
	n3 := new(big.Int).Mul(n2, big.NewInt(n-2))
	n4 := new(big.Int).Mul(n3, big.NewInt(n-3))
	product := func(x, y int64) *big.Int { return new(big.Int).Mul(big.NewInt(x), big.NewInt(y)) }
	apart := func(c depthCounts, d, e int) *big.Int { // S6: pairs of edges with no row in common
		s, at := product(c.edges[d], c.edges[e]), d*c.k+e
		return s.Sub(s, big.NewInt(c.both[at]+c.back[at]+c.sources[at]+c.target[at]+c.chains[at]+c.chains[e*c.k+d]))
	}
	var variance float64
	for d := range a.k {
		for e := range d + 1 {
			at, swapped := d*a.k+e, e*a.k+d
			first := product(a.both[at], b.both[at])
			first.Add(first, product(a.back[at], b.back[at]))
			second := product(a.sources[at], b.sources[at])
			for _, more := range []*big.Int{product(a.target[at], b.target[at]), product(a.chains[at], b.chains[at]), product(a.chains[swapped], b.chains[swapped])} {
				second.Add(second, more)
			}
			sum := new(big.Rat).SetFrac(first, n2)
			sum.Add(sum, new(big.Rat).SetFrac(second, n3))
			sum.Add(sum, new(big.Rat).SetFrac(new(big.Int).Mul(apart(a, d, e), apart(b, d, e)), n4))
			means := new(big.Int).Mul(product(a.edges[d], b.edges[d]), product(a.edges[e], b.edges[e]))
			sum.Sub(sum, new(big.Rat).SetFrac(means, new(big.Int).Mul(n2, n2)))
			covariance, _ := sum.Float64()
			if d != e {
				covariance *= 2
			}
			variance += weights[d] * weights[e] * covariance
		}
	}
	return math.Sqrt(max(0, variance))
}
