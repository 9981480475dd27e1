package measure

import (
	"context"
	"math"

	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/random"
)

const (
	nullTrials = 39           // pairings at random: p is at least 1/40
	nullWork   = 8e9          // products of values that they may take,
	nullSteps  = 1e8          // or entries of lists
	nullSeed   = 0x6e_756c_6c // "null"
)

// Null gives each result that has neither a known chance nor a p what pairing rows at random gives: the mean, how many of its
// standard deviations the value is off, and the share of pairings, the true one among them, that agree as much
// (add-one, so that it is never 0). again measures with the second space's row order[i] in the place of row i, of n;
// it is called from several goroutines.
func Null(results map[string]Result, n int, on Machine, again func(order []int) (map[string]Result, error)) error {
	source := random.New(nullSeed)
	var orders [nullTrials][]int
	for i := range orders {
		orders[i] = source.Permutation(n)
	}
	var found [nullTrials]map[string]Result
	var failed [nullTrials]error
	on.parallel(nullTrials, func(i int) { found[i], failed[i] = again(orders[i]) })
	trials := map[string][]float64{}
	for i, results := range found {
		if failed[i] != nil {
			return failed[i]
		}
		for name, r := range results {
			if r.Reason == "" {
				trials[name] = append(trials[name], r.Value)
			}
		}
	}
	for name, values := range trials {
		r, ok := results[name]
		if !ok || r.Reason != "" || len(values) < nullTrials {
			continue
		}
		info, _ := InfoOf(name)
		results[name] = against(r, values, info.Better == "lower")
	}
	return nil
}

func against(r Result, trials []float64, lower bool) Result {
	mean := meanOf(trials)
	as, spread := 1.0, 0.0
	for _, v := range trials {
		spread += (v - mean) * (v - mean) / float64(len(trials)-1)
		if v >= r.Value != lower || v == r.Value {
			as++
		}
	}
	if r.Chance == nil {
		r.Chance = &mean
	}
	p := as / float64(len(trials)+1)
	r.P = &p
	if r.Z == nil && spread > 0 {
		z := (r.Value - mean) / math.Sqrt(spread)
		r.Z = &z
	}
	return r
}

// NullOfLists pairs the lists of the second table at random with the rows of the first. In very large spaces it
// does nothing, since chance is near 0 there.
func NullOfLists(results map[string]Result, a, b *knn.Table, k int, on Machine) error {
	if a.Queries != nil || float64(a.Rows)*float64(k)*nullTrials > nullSteps {
		return nil
	}
	return Null(results, a.Rows, on, func(order []int) (map[string]Result, error) {
		some := knn.Table{Rows: b.Rows, K: k, IDs: make([]int32, b.Rows*k)}
		// Row i stands for row order[i]: of the rows that take part only, so that those left out stay so.
		to := amongTaking(a, b, order)
		for i := range b.Rows {
			for at, j := range b.Neighbours(int(to[i]))[:k] {
				if j >= 0 {
					j = to[b.Rows+int(j)]
				}
				some.IDs[i*k+at] = j
			}
		}
		return Lists(a, &some, k)
	})
}

// amongTaking gives, for each row that both tables have, another such row, and, from b.Rows on, the way back.
func amongTaking(a, b *knn.Table, order []int) []int32 {
	n := b.Rows
	to := make([]int32, 2*n)
	var places, rows []int32
	for i := range n {
		to[i], to[n+i] = int32(i), int32(i)
		if !a.Excluded(i) && !b.Excluded(i) {
			places = append(places, int32(i))
		}
		if row := order[i]; !a.Excluded(row) && !b.Excluded(row) {
			rows = append(rows, int32(row))
		}
	}
	for at, i := range places {
		to[i], to[n+int(rows[at])] = rows[at], i
	}
	return to
}

// NullOfMoments pairs the rows of y at random with those of x, for the measures of moments that are wanted, where
// that is quick enough.
func NullOfMoments(ctx context.Context, results map[string]Result, x, y knn.Matrix, want func(name string) bool, on Machine) error {
	none := func(name string) bool {
		r, ok := results[name]
		return ok && r.Reason == "" && r.Z == nil && r.P == nil && want(name)
	}
	widest := float64(max(x.Dims, y.Dims))
	if MomentWork(x.Rows, x.Dims, y.Dims)+20*widest*widest*widest > nullWork/nullTrials {
		return nil
	}
	return Null(results, x.Rows, on, func(order []int) (map[string]Result, error) {
		paired := knn.Matrix{Rows: y.Rows, Dims: y.Dims, Data: make([]float32, len(y.Data))}
		for i, row := range order {
			copy(paired.Row(i), y.Row(row))
		}
		m, err := NewMoments(ctx, x, paired, on)
		if err != nil {
			return nil, err
		}
		return m.Pair(none), nil
	})
}

// Null pairs the rows of the second space at random with those of the first. Of each measure only the sum of
// products changes with the pairing; what it is made of is computed once.
func (p *Pairwise) Null(results map[string]Result, want func(name string) bool, on Machine) error {
	paired := map[string]func(order []int) float64{}
	if r, ok := results["rsa"]; ok && r.Reason == "" {
		paired["rsa"] = p.pairedRanks()
	}
	if r, ok := results["distance_correlation"]; ok && r.Reason == "" {
		paired["distance_correlation"] = pairedHSIC(p.a, p.b, p.n)
	}
	if r, ok := results["cka_rbf"]; ok && r.Reason == "" {
		a, b := p.kernels()
		paired["cka_rbf"] = pairedHSIC(a, b, p.n)
	}
	return Null(results, p.n, on, func(order []int) (map[string]Result, error) {
		found := map[string]Result{}
		for name, value := range paired {
			if want(name) {
				found[name] = finite(value(order))
			}
		}
		return found, nil
	})
}

// pairedRanks is RSA of any pairing.
func (p *Pairwise) pairedRanks() func(order []int) float64 {
	a, b := p.ranks()
	mean := float64(len(a)+1) / 2
	first, full := make([]float64, len(a)), make([]float64, p.n*p.n)
	var aa, bb float64
	for i, at := 0, 0; i < p.n; i++ {
		for j := range i {
			first[at] = a[at] - mean
			d := b[at] - mean
			full[i*p.n+j], full[j*p.n+i] = d, d
			aa += first[at] * first[at]
			bb += d * d
			at++
		}
	}
	return func(order []int) float64 {
		var ab float64
		for i, at := 0, 0; i < p.n; i++ {
			row := full[order[i]*p.n:][:p.n]
			for j := range i {
				ab += first[at+j] * row[order[j]]
			}
			at += i
		}
		return ab / math.Sqrt(aa) / math.Sqrt(bb)
	}
}

// pairedHSIC is the cosine by the unbiased HSIC of any pairing.
func pairedHSIC(k, l []float64, n int) func(order []int) float64 {
	scale := math.Sqrt(unbiasedHSIC(k, k, n)) * math.Sqrt(unbiasedHSIC(l, l, n))
	rowsK, sumK := offDiagonal(k, n)
	rowsL, sumL := offDiagonal(l, n)
	m := float64(n)
	return func(order []int) float64 {
		var product, cross float64
		for i, to := range order {
			cross += rowsK[i] * rowsL[to]
			row := l[to*n:][:n]
			for j := range i {
				product += 2 * k[i*n+j] * row[order[j]]
			}
		}
		return (product + sumK/(m-1)*sumL/(m-2) - 2/(m-2)*cross) / scale
	}
}

// offDiagonal sums the rows of a matrix without its diagonal.
func offDiagonal(k []float64, n int) (rows []float64, sum float64) {
	rows = make([]float64, n)
	for i := range n {
		for j, v := range k[i*n : (i+1)*n] {
			if i != j {
				rows[i] += v
			}
		}
		sum += rows[i]
	}
	return rows, sum
}
