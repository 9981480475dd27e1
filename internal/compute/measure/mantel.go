package measure

import (
	"math"
	"math/big"

	"github.com/pentoai/vectory/internal/compute/knn"
)

// Z says how many standard deviations the total of shared neighbours T = Σ m stands above what
// random pairing of the rows gives. Mean and variance over all N! pairings are exact (the moments
// of the Mantel or quadratic assignment test for directed graphs): they know that hubs and mutual
// neighbours make the rows depend on each other, which a formula for independent rows does not.
// nil when the variance is 0 (k = N−1) or fewer than 4 rows are scored.
//
// With the edges i → j of each graph counted as S1 = all, S2 = those with j → i too, S3 = ordered
// pairs of edges with one source, S4 = with one target, S5 = with the target of one the source of
// the other (but not both ways), S6 = with no row in common, and n₂ = N(N−1), n₃ = n₂(N−2),
// n₄ = n₃(N−3):
//
//	E[T]  = S1·S1′/n₂
//	E[T²] = (S1·S1′ + S2·S2′)/n₂ + (S3·S3′ + S4·S4′ + 2·S5·S5′)/n₃ + S6·S6′/n₄
//
// The counts are whole numbers and the sums are taken exactly: they cancel almost completely.
// O(N·k) time; one more list of N·k row numbers in memory.
func Z(a, b *knn.Table, shared []int32, k int) *float64 {
	n := int64(Scored(shared))
	if n < 4 {
		return nil
	}
	var total int64
	for _, m := range shared {
		total += int64(max(m, 0))
	}
	return above(total, countEdges(a, shared, k), countEdges(b, shared, k), n)
}

// above is how many standard deviations the total of shared edges is above the mean over all pairings of n rows.
func above(total int64, a, b edgeCounts, n int64) *float64 {
	mean, variance := permutationMoments(a, b, n)
	if variance.Sign() <= 0 {
		return nil
	}
	more, _ := new(big.Rat).Sub(big.NewRat(total, 1), mean).Float64()
	v, _ := variance.Float64()
	z := more / math.Sqrt(v)
	return &z
}

// edgeCounts are the sums S1..S5 of one graph; S6 follows.
type edgeCounts struct{ s1, s2, s3, s4, s5 int64 }

// s6 is S1² − S1 − S2 − S3 − S4 − 2·S5.
func (c edgeCounts) s6() *big.Int {
	s := big.NewInt(c.s1)
	s.Mul(s, s)
	for _, part := range []int64{c.s1, c.s2, c.s3, c.s4, c.s5, c.s5} {
		s.Sub(s, big.NewInt(part))
	}
	return s
}

// countEdges counts in the graph of the k nearest neighbours among the scored rows.
func countEdges(t *knn.Table, shared []int32, k int) edgeCounts {
	sources, starts := reversed(t, shared, k)
	out := make([]int64, t.Rows)
	mark := make([]int32, t.Rows)
	var c edgeCounts
	for i := range t.Rows {
		if shared[i] < 0 {
			continue
		}
		for _, j := range t.Neighbours(i)[:k] {
			if shared[j] >= 0 {
				out[i]++
				mark[j] = int32(i) + 1
			}
		}
		for _, j := range sources[starts[i]:starts[i+1]] {
			if mark[j] == int32(i)+1 {
				c.s2++
			}
		}
		in := starts[i+1] - starts[i]
		c.s1 += out[i]
		c.s3 += out[i] * out[i]
		c.s4 += in * in
		c.s5 += in * out[i]
	}
	c.s3 -= c.s1
	c.s4 -= c.s1
	c.s5 -= c.s2
	return c
}

// reversed lists for each row i the rows that have i as a neighbour: sources[starts[i]:starts[i+1]].
func reversed(t *knn.Table, shared []int32, k int) (sources []int32, starts []int64) {
	starts = make([]int64, t.Rows+1)
	each := func(do func(i int, j int32)) {
		for i := range t.Rows {
			if shared[i] < 0 {
				continue
			}
			for _, j := range t.Neighbours(i)[:k] {
				if shared[j] >= 0 {
					do(i, j)
				}
			}
		}
	}
	each(func(_ int, j int32) { starts[j+1]++ })
	for i := range t.Rows {
		starts[i+1] += starts[i]
	}
	sources = make([]int32, starts[t.Rows])
	next := append([]int64(nil), starts...)
	each(func(i int, j int32) {
		sources[next[j]] = int32(i)
		next[j]++
	})
	return sources, starts
}

// permutationMoments gives E[T] and Var[T] exactly.
func permutationMoments(a, b edgeCounts, n int64) (mean, variance *big.Rat) {
	n2 := new(big.Int).Mul(big.NewInt(n), big.NewInt(n-1))
	n3 := new(big.Int).Mul(n2, big.NewInt(n-2))
	n4 := new(big.Int).Mul(n3, big.NewInt(n-3))
	product := func(x, y int64) *big.Int { return new(big.Int).Mul(big.NewInt(x), big.NewInt(y)) }
	over := func(den *big.Int, nums ...*big.Int) *big.Rat {
		sum := new(big.Int)
		for _, num := range nums {
			sum.Add(sum, num)
		}
		return new(big.Rat).SetFrac(sum, den)
	}
	mean = over(n2, product(a.s1, b.s1))
	variance = over(n2, product(a.s1, b.s1), product(a.s2, b.s2))
	s5 := product(a.s5, b.s5)
	variance.Add(variance, over(n3, product(a.s3, b.s3), product(a.s4, b.s4), s5, s5))
	variance.Add(variance, over(n4, new(big.Int).Mul(a.s6(), b.s6())))
	variance.Sub(variance, new(big.Rat).Mul(mean, mean))
	return mean, variance
}
