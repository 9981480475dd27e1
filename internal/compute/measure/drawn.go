package measure

import (
	"context"
	"math"
	"slices"

	"gonum.org/v1/gonum/lapack/gonum"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/pentoai/vectory/internal/compute/random"
)

// What unrelated spaces give, drawn at random in the place of many pairings of many rows. Of normal rows, or of any that are
// turned at random, the canonical correlations of p and q directions are those of two subspaces of N−1 dimensions at random;
// what the correlations weigh, and which directions have them, do not hang on their values.

const (
	directionsDrawn = 400   // directions at random that the weights of PWCCA are taken from, at least
	correlationWork = 6.5e6 // squared directions in all draws of correlations: where they take more there are fewer draws,
	drawnLeast      = 50    // though so many
)

// draw reads what is wanted against spaces that have nothing to do with each other: the measures of canonical correlations
// against many, since those are quickly drawn, and Procrustes against count.
func (m *Moments) draw(ctx context.Context, results map[string]Result, count int, want func(name string) bool) error {
	x, y, ok := m.spectra()
	if !ok || len(x.values) == 0 || len(y.values) == 0 {
		return nil
	}
	if err := m.drawCorrelations(ctx, results, x, y, want); err != nil {
		return err
	}
	if !want("procrustes") && !want("angular_shape") {
		return nil
	}
	alone := Machine{Threads: 1, Kernel: m.on.Kernel}
	all, err := collect(count, m.on, func(trial int) (map[string]Result, error) {
		z, ok := corner(random.New(nullSeed^uint64(trial)<<20), m.Rows-1, len(x.values), len(y.values), alone)
		if !ok {
			return nil, ctx.Err()
		}
		return m.nuclear(x, y, z, alone), ctx.Err()
	})
	if err == nil {
		m.besideSquares(results, all, count, false, want)
	}
	return err
}

func (m *Moments) drawCorrelations(ctx context.Context, results map[string]Result, x, y spectrum, want func(name string) bool) error {
	names := slices.DeleteFunc([]string{"svcca", "pwcca"}, func(name string) bool { return !want(name) })
	if len(names) == 0 {
		return nil
	}
	least := min(len(x.values), len(y.values))
	var ofX, ofY [][]float64 // shares of the weights, of directions at random
	if want("pwcca") {
		r := random.New(nullSeed)
		ofX, ofY = m.weightsAtRandom(r, x, least), m.weightsAtRandom(r, y, least)
	}
	inX, inY := len(x.leading().values), len(y.leading().values)
	count := min(nullTrials, max(drawnLeast, correlationWork/(least*least)))
	return trials(results, count, m.on, func(trial int) (map[string]Result, error) {
		r, out := random.New(nullSeed^uint64(trial)<<20), map[string]Result{}
		if want("svcca") {
			if rho, ok := correlationsAtRandom(r, m.Rows-1, inX, inY); ok {
				out["svcca"] = Result{Value: meanOf(rho)}
			}
		}
		if want("pwcca") {
			if rho, ok := correlationsAtRandom(r, m.Rows-1, len(x.values), len(y.values)); ok {
				sum := 0.0
				for _, sets := range [][][]float64{ofX, ofY} {
					shares := sets[trial%len(sets)]
					for i, at := range r.Permutation(least) {
						sum += shares[at] * rho[i] / 2
					}
				}
				out["pwcca"] = Result{Value: sum}
			}
		}
		return out, ctx.Err()
	}, studentOf)
}

// weightsAtRandom are the shares that PWCCA weighs correlations by when their directions in a space are any: some sets.
func (m *Moments) weightsAtRandom(r *random.Source, s spectrum, least int) (sets [][]float64) {
	for range (directionsDrawn + least - 1) / least {
		turn := normals(r, len(s.values), least)
		for j := range least {
			column := mat.Col(nil, j, turn)
			length := math.Sqrt(dotOf(column, column))
			for i := range column {
				turn.Set(i, j, column[i]/length)
			}
		}
		_, shares := projectionWeighted(s, turn, make([]float64, least), m.on)
		sets = append(sets, shares)
	}
	return sets
}

// correlationsAtRandom are the canonical correlations of subspaces of p and q dimensions at random in n, p + q <= n: the singular
// values of a matrix of two diagonals of independent numbers (Edelman and Sutton 2008, the β-Jacobi model with β = 1).
func correlationsAtRandom(r *random.Source, n, p, q int) ([]float64, bool) {
	p, q = min(p, q), max(p, q)
	if p < 1 || p+q > n {
		return nil, false
	}
	a, b := float64(q-p), float64(n-p-q)
	turns := func(count int, alpha, beta func(i float64) float64) (cosines, sines []float64) {
		cosines, sines = make([]float64, count), make([]float64, count)
		for at := range cosines {
			i := float64(at + 1)
			squared := distuv.Beta{Alpha: alpha(i) / 2, Beta: beta(i) / 2, Src: r}.Rand()
			cosines[at], sines[at] = math.Sqrt(squared), math.Sqrt(1-squared)
		}
		return cosines, sines
	}
	cosines, sines := turns(p, func(i float64) float64 { return a + i }, func(i float64) float64 { return b + i })
	others, between := turns(p-1, func(i float64) float64 { return i }, func(i float64) float64 { return a + b + 1 + i })
	diagonal, beside := make([]float64, p), make([]float64, max(p-1, 1)) // of the matrix times its transpose
	above := 0.0
	for row := range p {
		i := p - 1 - row
		own := cosines[i]
		if row > 0 {
			own *= between[i]
		}
		diagonal[row] = own*own + above*above
		if row < p-1 {
			above = -sines[i] * others[i-1]
			beside[row] = own * above
		}
	}
	if !(gonum.Implementation{}).Dsterf(p, diagonal, beside) {
		return nil, false
	}
	for i, v := range diagonal {
		diagonal[i] = math.Sqrt(min(1, max(0, v)))
	}
	return diagonal, true
}

// corner is the first p rows and q columns of a rotation of n dimensions at random: what the rows of two spaces of p and q
// directions, each in its own axes, have in common when they have nothing to do with each other. Of a normal matrix A of p rows
// and q columns it is A·(AᵀA + W)^-½, W the products of n − p more rows, whose root is drawn (Bartlett 1933).
func corner(r *random.Source, n, p, q int, on Machine) (*mat.Dense, bool) {
	if q > p {
		z, ok := corner(r, n, q, p, on)
		if !ok {
			return nil, false
		}
		return transpose(z), true
	}
	a := normals(r, p, q)
	all := mat.NewDense(p+q, q, nil)
	all.Slice(0, p, 0, q).(*mat.Dense).Copy(a)
	below := normals(r, q, q)
	for i := range q {
		all.Set(p+i, i, math.Sqrt(distuv.ChiSquared{K: float64(n - p - i), Src: r}.Rand()))
		for j := i + 1; j < q; j++ {
			all.Set(p+i, j, below.At(i, j))
		}
	}
	products := on.product(transpose(all), all).RawMatrix()
	var root mat.Cholesky
	if !root.Factorize(mat.NewSymDense(q, products.Data)) {
		return nil, false
	}
	var upper, inverse mat.TriDense
	root.UTo(&upper)
	if inverse.InverseTri(&upper) != nil {
		return nil, false
	}
	return on.product(a, mat.DenseCopyOf(&inverse)), true
}

// nuclear measures Λx^½·z·Λy^½ in the place of x̃ᵀỹ, z being what the spaces have in common in their own axes: Procrustes, and
// beside it the sum of squares of CKA, "squared", whose mean and spread over pairings are known.
func (m *Moments) nuclear(x, y spectrum, z *mat.Dense, on Machine) map[string]Result {
	scaled := mat.DenseCopyOf(z)
	for i, v := range x.values {
		for j, w := range y.values {
			scaled.Set(i, j, z.At(i, j)*math.Sqrt(v)*math.Sqrt(w))
		}
	}
	if len(y.values) > len(x.values) {
		scaled = transpose(scaled)
	}
	products := on.product(transpose(scaled), scaled).RawMatrix()
	var e mat.EigenSym
	if !e.Factorize(mat.NewSymDense(products.Rows, products.Data), false) {
		return nil
	}
	var sum, squares float64
	for _, v := range e.Values(nil) {
		sum += math.Sqrt(max(0, v))
		squares += v
	}
	similarity := min(1, sum/math.Sqrt(total(x.values))/math.Sqrt(total(y.values)))
	return map[string]Result{"procrustes": finite(similarity), "angular_shape": finite(math.Acos(similarity)),
		"squared": finite(squares / math.Sqrt(squaredNorm(m.XX)) / math.Sqrt(squaredNorm(m.YY)))}
}

// besideSquares gives Procrustes its chance and z, and unless its p will be a rank, that, from draws that have the sum of squares of CKA beside
// them. Both rise together (their correlation is about 0.9), and of the sum mean and spread are known (see [gramSums.product]): what
// it explains of Procrustes is known with it, and only the rest is estimated from the draws.
func (m *Moments) besideSquares(results map[string]Result, all map[string][]float64, count int, ranked bool, want func(name string) bool) {
	law, squares := m.law(), all["squared"]
	if !(law.sd > 0) || len(squares) < count || count < 3 {
		return
	}
	for _, name := range []string{"procrustes", "angular_shape"} {
		r, ok := results[name]
		if !ok || !want(name) || len(all[name]) < count {
			continue
		}
		mean, sd, freedom, off := law.regressed(all[name], squares)
		if !(sd > 0) {
			continue
		}
		z := (r.Value - mean) / sd
		if name == "angular_shape" {
			off = -off // lower is more alike
		}
		r.Chance, r.Z = &mean, &z
		if !ranked {
			t := z * off
			p := max(leastP, studentTail(t, freedom))
			r.P = &p
		}
		results[name] = r
	}
}

// regressed is what draws say of a number when another that was drawn with it is known to have this law: mean and standard deviation,
// the degrees of freedom of the latter, and by how much z shrinks since the mean is not sure either.
func (l chanceLaw) regressed(values, beside []float64) (mean, sd, freedom, off float64) {
	n := float64(len(values))
	meanV, meanB := meanOf(values), meanOf(beside)
	var own, both float64
	for i, b := range beside {
		own += (b - meanB) * (b - meanB)
		both += (b - meanB) * (values[i] - meanV)
	}
	slope := 0.0
	if own > 0 {
		slope = both / own
	}
	rest := 0.0
	for i, b := range beside {
		d := values[i] - meanV - slope*(b-meanB)
		rest += d * d / (n - 2)
	}
	known := slope * slope * l.sd * l.sd
	variance := known + rest
	share := known / variance // of the variance: the squared correlation
	return meanV + slope*(l.mean-meanB), math.Sqrt(variance), n / (1 - share*share), math.Sqrt(variance / (variance + rest/n))
}

// normals draws independent normal numbers (Box and Muller).
func normals(r *random.Source, rows, cols int) *mat.Dense {
	out := mat.NewDense(rows, cols, nil)
	data := out.RawMatrix().Data
	for i := 0; i < len(data); i += 2 {
		length := math.Sqrt(-2 * math.Log(1-r.Float64()))
		sine, cosine := math.Sincos(2 * math.Pi * r.Float64())
		data[i] = length * cosine
		if i+1 < len(data) {
			data[i+1] = length * sine
		}
	}
	return out
}
