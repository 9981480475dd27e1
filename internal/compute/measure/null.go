package measure

import (
	"context"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/mat"

	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/random"
)

const (
	nullTrials = 39           // pairings at random: p is at least 1/40
	enoughForP = 19           // of them; with fewer there is chance, and z
	nullWork   = 8e9          // products of values that they may take,
	nullSteps  = 1e8          // or entries of lists
	drawnWork  = 6e9          // operations of decompositions, where products are drawn
	rowsWork   = 2e8          // products of values for what reads rows
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
	return trials(results, nullTrials, on, func(trial int) (map[string]Result, error) { return again(orders[trial]) })
}

// trials reads the results against count of them.
func trials(results map[string]Result, count int, on Machine, again func(trial int) (map[string]Result, error)) error {
	found, failed := make([]map[string]Result, count), make([]error, count)
	on.parallel(count, func(i int) { found[i], failed[i] = again(i) })
	all := map[string][]float64{}
	for i, results := range found {
		if failed[i] != nil {
			return failed[i]
		}
		for name, r := range results {
			if r.Reason == "" {
				all[name] = append(all[name], r.Value)
			}
		}
	}
	for name, values := range all {
		r, ok := results[name]
		if !ok || r.Reason != "" || len(values) < count {
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
	if len(trials) >= enoughForP {
		p := as / float64(len(trials)+1)
		r.P = &p
	}
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
		some, _ := paired(a, b, order, k)
		return Lists(a, some, k)
	})
}

// paired is table b with row order[i] in the place of row i, of the rows that take part only, so that those left out
// stay so; and which row stands in the place of each.
func paired(a, b *knn.Table, order []int, k int) (*knn.Table, []int32) {
	some := &knn.Table{Rows: b.Rows, K: k, IDs: make([]int32, b.Rows*k)}
	to := amongTaking(a, b, order)
	for i := range b.Rows {
		for at, j := range b.Neighbours(int(to[i]))[:k] {
			if j >= 0 {
				j = to[b.Rows+int(j)]
			}
			some.IDs[i*k+at] = j
		}
	}
	return some, to[:b.Rows]
}

// NullOfRows pairs at random what reads two tables and the rows themselves: again measures some lists of both tables,
// and the second space with its rows in another order. width is the number of values of a row of both. Of many rows
// some are asked, which makes chance less sure and z smaller than it is.
func NullOfRows(results map[string]Result, a, b *knn.Table, y knn.Matrix, k, width int, on Machine, again func(a, b *knn.Table, y knn.Matrix, on Machine) (map[string]Result, error)) error {
	if a.Queries != nil || float64(len(y.Data))*nullTrials > 20*nullSteps {
		return nil
	}
	most := max(200, int(rowsWork/float64(2*k*width)/nullTrials))
	var asked []int32
	for _, i := range random.New(nullSeed).Permutation(a.Rows) {
		if len(asked) < most && !a.Excluded(i) && !b.Excluded(i) {
			asked = append(asked, int32(i))
		}
	}
	slices.Sort(asked)
	return Null(results, a.Rows, on, func(order []int) (map[string]Result, error) {
		other, to := paired(a, b, order, k)
		moved := knn.Matrix{Rows: y.Rows, Dims: y.Dims, Data: make([]float32, len(y.Data))}
		for i, row := range to {
			copy(moved.Row(i), y.Row(int(row)))
		}
		return again(someLists(a, asked, k), someLists(other, asked, k), moved, Machine{Threads: 1, Kernel: on.Kernel})
	})
}

// someLists are the lists of the rows that are named.
func someLists(t *knn.Table, rows []int32, k int) *knn.Table {
	out := &knn.Table{Rows: t.Rows, K: k, Queries: rows, IDs: make([]int32, 0, len(rows)*k)}
	for _, row := range rows {
		out.IDs = append(out.IDs, t.Neighbours(int(row))[:k]...)
	}
	return out
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

// Null pairs the rows of y at random with those of x, for the measures that are wanted and have no z. Where that
// takes too long, x̃ᵀỹ is drawn at random instead: over pairings its mean is 0 and its covariance x̃ᵀx̃ ⊗ ỹᵀỹ/(N−1)
// exactly, and with many rows it is normal. x and y are what the moments were made from.
func (m *Moments) Null(ctx context.Context, results map[string]Result, x, y knn.Matrix, want func(name string) bool, on Machine) error {
	none := func(name string) bool {
		r, ok := results[name]
		return ok && r.Reason == "" && r.Z == nil && r.P == nil && want(name)
	}
	widest := float64(max(x.Dims, y.Dims))
	decompositions := 20 * widest * widest * widest
	if MomentWork(x.Rows, x.Dims, y.Dims)+decompositions <= nullWork/nullTrials {
		return m.pair(ctx, results, x, y, none, on)
	}
	return m.draw(ctx, results, min(nullTrials, int(drawnWork/decompositions)), none)
}

// pair measures the rows of y in other orders.
func (m *Moments) pair(ctx context.Context, results map[string]Result, x, y knn.Matrix, want func(name string) bool, on Machine) error {
	return Null(results, x.Rows, on, func(order []int) (map[string]Result, error) {
		paired := knn.Matrix{Rows: y.Rows, Dims: y.Dims, Data: make([]float32, len(y.Data))}
		for i, row := range order {
			copy(paired.Row(i), y.Row(row))
		}
		trial, err := NewMoments(ctx, x, paired, Machine{Threads: 1, Kernel: on.Kernel})
		if err != nil {
			return nil, err
		}
		trial.bare, trial.spectra = true, m.spectra
		return trial.Pair(want), nil
	})
}

// draw measures products drawn at random; of linear maps, which need them fold by fold, there are none.
func (m *Moments) draw(ctx context.Context, results map[string]Result, count int, want func(name string) bool) error {
	a, b, ok := m.spectra()
	if count < 3 || !ok || len(a.values) == 0 || len(b.values) == 0 {
		return nil
	}
	left, right := roots(a), roots(b)
	return trials(results, count, m.on, func(trial int) (map[string]Result, error) {
		z := normals(uint64(trial), len(a.values), len(b.values), 1/math.Sqrt(float64(m.Rows-1)))
		var half, xy mat.Dense
		half.Mul(left, z)
		xy.Mul(&half, right.T())
		drawn := &Moments{Rows: m.Rows, XX: m.XX, YY: m.YY, XY: xy.RawMatrix(), spectra: m.spectra, bare: true, on: Machine{Threads: 1}}
		return drawn.Pair(func(name string) bool {
			return want(name) && !strings.HasPrefix(name, "linear") && !strings.HasPrefix(name, "cka")
		}), ctx.Err()
	})
}

// roots is V·Λ^½: with it times itself transposed the spectrum's matrix again.
func roots(s spectrum) *mat.Dense {
	out := mat.DenseCopyOf(s.vectors)
	for j, v := range s.values {
		for i := range out.RawMatrix().Rows {
			out.Set(i, j, out.At(i, j)*math.Sqrt(v))
		}
	}
	return out
}

// normals draws independent normal numbers (Box and Muller).
func normals(seed uint64, rows, cols int, scale float64) *mat.Dense {
	r := random.New(nullSeed ^ seed<<20)
	out := mat.NewDense(rows, cols, nil)
	for i := range out.RawMatrix().Data {
		out.RawMatrix().Data[i] = scale * math.Sqrt(-2*math.Log(1-r.Float64())) * math.Cos(2*math.Pi*r.Float64())
	}
	return out
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
