package measure

import (
	"fmt"
	"math"
	"slices"
	"sync"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"
)

const (
	constantRows = "all rows of a space are equal"
	noNumber     = "the numbers are too large or too small"
)

// CKA is linear centred kernel alignment, ‖x̃ᵀỹ‖²/(‖x̃ᵀx̃‖·‖ỹᵀỹ‖) (Kornblith et al. 2019), which is the RV
// coefficient: its mean and variance over all N! pairings of the rows are known exactly (Kazi-Aoual et al.
// 1995; Josse and Holmes 2016), and give chance and z.
func (m *Moments) CKA() Result {
	xx, yy := squaredNorm(m.XX), squaredNorm(m.YY)
	if xx == 0 || yy == 0 {
		return Result{Reason: constantRows}
	}
	xy := squaredNorm(m.XY)
	r := finite(xy / math.Sqrt(xx) / math.Sqrt(yy))
	r.Note = "not corrected for chance, which is high when rows are few for the dimensions"
	law := m.law()
	if law.sd > 0 {
		r.Chance = &law.mean
		r = law.read(r)
	}
	return m.spread(r, law.sd*law.sd, func(g fold) float64 {
		return r.Value * (2*over(inner(m.XY, g.xy), xy) - inner(m.XX, g.xx)/xx - inner(m.YY, g.yy)/yy)
	}).above(0)
}

// over is a/b, 0 when both are 0.
func over(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}

// forms are the sums of the matrices of inner products of all rows with each other, in both spaces.
func (m *Moments) forms() (x, y gramSums) {
	of := func(gram blas64.General, fourth float64) gramSums {
		square := m.on.product(dense(gram), dense(gram)).RawMatrix()
		return gramSums{trace: trace(gram), squared: squaredNorm(gram), cubed: inner(square, gram), fourth: fourth}
	}
	return of(m.XX, m.fourthX), of(m.YY, m.fourthY)
}

// DebiasedCKA is CKA with the unbiased estimator of HSIC (Song et al. 2012) in numerator and
// denominators, in its feature form: 0 on average for unrelated spaces, sometimes below.
func (m *Moments) DebiasedCKA() Result {
	if m.Rows < 4 {
		return Result{Reason: "needs 4 rows"}
	}
	n := float64(m.Rows)
	hsic := func(squared, traceA, traceB, fourth float64) float64 {
		return squared - n/(n-2)*fourth + traceA*traceB/((n-1)*(n-2))
	}
	tx, ty := trace(m.XX), trace(m.YY)
	if tx == 0 || ty == 0 {
		return Result{Reason: constantRows}
	}
	xx, yy := hsic(squaredNorm(m.XX), tx, tx, m.fourthX), hsic(squaredNorm(m.YY), ty, ty, m.fourthY)
	if !(xx > 0 && yy > 0) {
		return Result{Reason: "needs more rows: the estimate of a space's own spread is not above 0"}
	}
	scale := math.Sqrt(xx) * math.Sqrt(yy)
	r := finite(hsic(squaredNorm(m.XY), tx, ty, m.fourthXY) / scale)
	chance := 0.0
	r.Chance = &chance
	law := centredCosine(m.Rows, 0, 0) // of its Gram form, and the skewness of CKA
	law.skew = m.law().skew
	r = law.read(r)
	return m.spread(r, law.sd*law.sd, func(g fold) float64 {
		gx, gy := trace(g.xx), trace(g.yy)
		xy := hsic(2*inner(m.XY, g.xy), tx, gy, g.fourths[2]) + gx*ty/((n-1)*(n-2))
		return xy/scale - r.Value/2*((hsic(2*inner(m.XX, g.xx), 2*tx, gx, g.fourths[0]))/xx+hsic(2*inner(m.YY, g.yy), 2*ty, gy, g.fourths[1])/yy)
	}).above(-1)
}

// Procrustes is the similarity ‖x̃ᵀỹ‖*/(‖x̃‖·‖ỹ‖) with the nuclear norm: the cosine between one space and
// the best rotation of the other (Williams et al. 2021; Harvey et al. 2024: normalised Bures similarity).
// Narrower spaces count as filled up with zeros. Angular is its arc cosine.
func (m *Moments) Procrustes() (similarity, angular Result) {
	tx, ty := trace(m.XX), trace(m.YY)
	if tx == 0 || ty == 0 {
		return Result{Reason: constantRows}, Result{Reason: constantRows}
	}
	d, ok := decompose(dense(m.XY))
	if !ok {
		return Result{Reason: noNumber}, Result{Reason: noNumber}
	}
	nuclear := total(d.values)
	similarity = finite(min(1, nuclear/math.Sqrt(tx)/math.Sqrt(ty)))
	if similarity.Reason != "" {
		return similarity, similarity
	}
	angular = Result{Value: math.Acos(similarity.Value)}
	if len(m.groups) == 0 || nuclear == 0 {
		return similarity, angular
	}
	turn := m.on.product(d.u, transpose(d.v)).RawMatrix()
	similarity = m.spread(similarity, 0, func(g fold) float64 {
		return similarity.Value * (inner(turn, g.xy)/nuclear - trace(g.xx)/tx/2 - trace(g.yy)/ty/2)
	}).above(0)
	if ci := similarity.CI95; ci != nil {
		angular.CI95 = &[2]float64{math.Acos(ci[1]), math.Acos(ci[0])}
	}
	return similarity, angular
}

// Turn is the D×D' map with orthonormal rows or columns that turns x̃ best into ỹ, up to scale: U·Vᵀ of x̃ᵀỹ.
func (m *Moments) Turn() (*mat.Dense, bool) {
	d, ok := decompose(dense(m.XY))
	if !ok {
		return nil, false
	}
	return m.on.product(d.u, transpose(d.v)), true
}

func singularValues(a *mat.Dense) ([]float64, bool) {
	var svd mat.SVD
	if !svd.Factorize(a, mat.SVDNone) {
		return nil, false
	}
	return svd.Values(nil), true
}

func dense(a blas64.General) *mat.Dense { return mat.NewDense(a.Rows, a.Cols, a.Data) }

// spectrum is the eigenvalues of a matrix of inner products, falling, those that are rounding left out, and
// their eigenvectors.
type spectrum struct {
	values  []float64
	vectors *mat.Dense // D×len(values)
}

// eigen cuts what is below 10·D·2⁻⁵² of the largest: such directions hold rounding errors.
func eigen(gram blas64.General) (spectrum, bool) {
	d := gram.Rows
	var e mat.EigenSym
	if !e.Factorize(mat.NewSymDense(d, append([]float64(nil), gram.Data...)), true) {
		return spectrum{}, false
	}
	rising := e.Values(nil)
	var vectors mat.Dense
	e.VectorsTo(&vectors)
	cut := rising[d-1] * float64(d) * 0x1p-52 * 10
	var s spectrum
	for i := d - 1; i >= 0 && rising[i] > cut; i-- {
		s.values = append(s.values, rising[i])
	}
	if len(s.values) == 0 {
		return s, true
	}
	s.vectors = mat.NewDense(d, len(s.values), nil)
	for i := range s.values {
		for row := range d {
			s.vectors.Set(row, i, vectors.At(row, d-1-i))
		}
	}
	return s, true
}

// Ranks are the numbers of directions in which the rows of both spaces differ by more than rounding.
func (m *Moments) Ranks() (x, y int, ok bool) {
	inX, inY, ok := m.spectra()
	return len(inX.values), len(inY.values), ok
}

// leading keeps the fewest directions that hold 99 % of the variance.
func (s spectrum) leading() spectrum {
	var all, sum float64
	for _, v := range s.values {
		all += v
	}
	for i, v := range s.values {
		if sum += v; sum >= 0.99*all {
			return spectrum{s.values[:i+1], mat.DenseCopyOf(s.vectors.Slice(0, s.vectors.RawMatrix().Rows, 0, i+1))}
		}
	}
	return s
}

// whitened gives Λx^-½·Vxᵀ·XY·Vy·Λy^-½, whose singular values are the canonical correlations.
func whitened(x, y spectrum, xy blas64.General, on Machine) *mat.Dense {
	both := on.product(on.product(transpose(x.vectors), dense(xy)), y.vectors)
	for i := range x.values {
		for j := range y.values {
			both.Set(i, j, both.At(i, j)/math.Sqrt(x.values[i])/math.Sqrt(y.values[j]))
		}
	}
	return both
}

// CCA holds the measures that read the canonical correlations.
type CCA struct {
	MeanSquared  Result // Σρ²/min(rank), Kornblith's R²_CCA of centred rows
	Mean         Result // Σρ/min(rank)
	SVCCA        Result // mean ρ after keeping 99 % of the variance of each
	PWCCA        Result // mean of the two directions
	PWCCAOf      [2]float64
	RankX, RankY int
}

// CCA computes the canonical correlations from the eigenvectors of both spaces.
func (m *Moments) CCA() CCA {
	none := func(reason string) CCA {
		r := Result{Reason: reason}
		return CCA{MeanSquared: r, Mean: r, SVCCA: r, PWCCA: r}
	}
	x, y, ok := m.spectra()
	if !ok {
		return none(noNumber)
	}
	if len(x.values) == 0 || len(y.values) == 0 {
		return none(constantRows)
	}
	c := CCA{RankX: len(x.values), RankY: len(y.values)}
	if m.Rows <= c.RankX+c.RankY {
		c = none("needs more rows than dimensions of both spaces: with fewer every correlation is 1")
		c.RankX, c.RankY = len(x.values), len(y.values)
		return c
	}
	all, ok := m.correlate(x, y)
	if !ok {
		return none(noNumber)
	}
	var sum, squares float64
	for _, r := range all.values {
		sum += r
		squares += r * r
	}
	count := float64(len(all.values))
	ranks := &[2]int{c.RankX, c.RankY}
	c.Mean, c.MeanSquared = Result{Value: sum / count, Ranks: ranks}, Result{Value: squares / count, Ranks: ranks}
	chance := float64(max(c.RankX, c.RankY)) / float64(m.Rows-1) // exact mean under independence
	c.MeanSquared.Chance = &chance
	c.MeanSquared = m.spread(c.MeanSquared, 0, all.change(m.on, func(i int) float64 { return 2 * all.values[i] / count })).above(0)
	first, weightsX := projectionWeighted(x, all.u, all.values, m.on)
	second, weightsY := projectionWeighted(y, all.v, all.values, m.on)
	c.PWCCAOf = [2]float64{first, second}
	c.PWCCA = Result{Value: (first + second) / 2, Ranks: ranks, Note: fmt.Sprintf("%.4f by the weights of A, %.4f by those of B", first, second)}
	c.PWCCA = m.spread(c.PWCCA, 0, all.change(m.on, func(i int) float64 { return (weightsX[i] + weightsY[i]) / 2 })).above(0)
	firstX, firstY := x.leading(), y.leading()
	c.SVCCA = Result{Reason: noNumber}
	if main, ok := m.correlate(firstX, firstY); ok {
		k := float64(len(main.values))
		c.SVCCA = Result{Value: meanOf(main.values), Ranks: &[2]int{len(firstX.values), len(firstY.values)}, Note: "of the directions that hold 99 % of the variance"}
		c.SVCCA = m.spread(c.SVCCA, 0, main.change(m.on, func(int) float64 { return 1 / k })).above(0)
	}
	return c
}

// canonical are the correlations of two spaces and the directions that have them.
type canonical struct {
	thin            // of the whitened products: values are the correlations
	x, y *mat.Dense // D×r and D'×r: a centred row times them are its canonical variates, of length 1 over all rows
}

// correlate whitens the products by the directions of two spectra.
func (m *Moments) correlate(x, y spectrum) (c canonical, ok bool) {
	if c.thin, ok = decompose(whitened(x, y, m.XY, m.on)); !ok {
		return c, false
	}
	c.values = correlations(c.values)
	variates := func(s spectrum, turn *mat.Dense) *mat.Dense {
		scaled := mat.DenseCopyOf(turn)
		for i, v := range s.values {
			for j := range scaled.RawMatrix().Cols {
				scaled.Set(i, j, scaled.At(i, j)/math.Sqrt(v))
			}
		}
		return m.on.product(s.vectors, scaled)
	}
	c.x, c.y = variates(x, c.u), variates(y, c.v)
	return c, true
}

// change gives what a group of rows adds to Σ w·ρ: for each correlation u·v − ρ/2·(u² + v²), summed over its
// variates u and v.
func (c canonical) change(on Machine, weight func(i int) float64) func(g fold) float64 {
	form := func(a, b *mat.Dense, w func(i int) float64) blas64.General {
		scaled := mat.DenseCopyOf(a)
		for j := range scaled.RawMatrix().Cols {
			for i := range scaled.RawMatrix().Rows {
				scaled.Set(i, j, scaled.At(i, j)*w(j))
			}
		}
		return on.product(scaled, transpose(b)).RawMatrix()
	}
	own := func(i int) float64 { return weight(i) * c.values[i] }
	xy := sync.OnceValue(func() blas64.General { return form(c.x, c.y, weight) })
	xx := sync.OnceValue(func() blas64.General { return form(c.x, c.x, own) })
	yy := sync.OnceValue(func() blas64.General { return form(c.y, c.y, own) })
	return func(g fold) float64 { return inner(xy(), g.xy) - inner(xx(), g.xx)/2 - inner(yy(), g.yy)/2 }
}

// projectionWeighted is Σ α·ρ/Σ α with α_i = Σ_j |⟨h_i, x_j⟩|, h_i the canonical variates and x_j the centred
// columns of a space; ⟨h_i, x_j⟩ is row i of Uᵀ·Λ^½·Vᵀ.
// It gives the shares of the weights, too.
func projectionWeighted(s spectrum, u *mat.Dense, rho []float64, on Machine) (mean float64, shares []float64) {
	scaled := mat.DenseCopyOf(s.vectors) // V·Λ^½
	for c, v := range s.values {
		for r := range scaled.RawMatrix().Rows {
			scaled.Set(r, c, scaled.At(r, c)*math.Sqrt(v))
		}
	}
	inner := on.product(scaled, u)
	shares = make([]float64, len(rho))
	var weights float64
	for i := range rho {
		for j := range inner.RawMatrix().Rows {
			shares[i] += math.Abs(inner.At(j, i))
		}
		weights += shares[i]
	}
	for i, r := range rho {
		shares[i] /= weights
		mean += shares[i] * r
	}
	return mean, shares
}

// Predictivity is R² on held-out rows when ordinary least squares predict the second space from the first:
// five folds at random, each predicted from the other four; 1 − Σ‖y − ŷ‖²/Σ‖y − ȳ‖², ȳ the mean of those
// four. Directions of the first space that hold rounding errors only are left out. In-sample R² goes in the
// note, since it tends to 1 when dimensions come near the rows.
//
// Chance is below 0, for a map that was learned from noise does harm: with the products S of the learned rows and
// T of the held-out ones, pairing at random gives −Σ tr(S⁻¹T)/(N−1) over the folds, on average.
func (m *Moments) Predictivity() Result {
	switch {
	case m.groups == nil && m.Rows < 2*foldCount:
		return Result{Reason: "needs 10 rows"}
	case m.groups == nil:
		return Result{Reason: "the spaces are too wide"}
	case trace(m.XX) == 0 || trace(m.YY) == 0:
		return Result{Reason: constantRows}
	}
	var missing, all, harm float64
	rankX, rankY, ok := m.Ranks()
	if !ok {
		return Result{Reason: noNumber}
	}
	missed, spread := make([]float64, len(m.groups)), make([]float64, len(m.groups))
	for at, f := range m.folds() {
		train := m.without(f)
		if train.rows <= m.XX.Rows+1 {
			return Result{Reason: "needs more rows than dimensions"}
		}
		w, waste, rank, ok := leastSquares(train, f)
		if !ok {
			return Result{Reason: constantRows}
		}
		harm += waste
		rankX = min(rankX, rank)
		square := m.on.product(w, transpose(w))
		for g := at; g < len(m.groups); g += foldCount {
			part := m.groups[g]
			missed[g] = missedBy(part, train, w, square)
			spread[g] = trace(part.yy)
			for i, v := range train.y {
				spread[g] += float64(part.rows)*v*v - 2*v*part.y[i]
			}
			missing += missed[g]
			all += spread[g]
		}
	}
	r := finite(1 - missing/all)
	if r.Reason != "" {
		return r
	}
	chance := -harm / float64(m.Rows-1)
	r.Chance = &chance
	r.Note = fmt.Sprintf("in sample %.4f", m.InSample().Value)
	r.Ranks = &[2]int{rankX, rankY}
	at := -1
	return m.spread(r, 0, func(fold) float64 {
		at++
		return (spread[at]*missing/all - missed[at]) / all
	}).above(math.Inf(-1))
}

// PredictivityBack predicts the first space from the second.
func (m *Moments) PredictivityBack() Result {
	r := m.swapped().Predictivity()
	if r.Ranks != nil {
		r.Ranks = &[2]int{r.Ranks[1], r.Ranks[0]}
	}
	return r
}

// without gives the sums of the rows outside a fold, about their own mean.
func (m *Moments) without(f fold) *fold {
	train := newFold(m.XX.Rows, m.YY.Rows)
	train.rows = m.Rows - f.rows
	n := float64(train.rows)
	for i, v := range f.x { // about the mean of all rows both parts sum to 0
		train.x[i] = -v / n
	}
	for i, v := range f.y {
		train.y[i] = -v / n
	}
	subtract(train.xx, m.XX, f.xx, train.x, train.x, n)
	subtract(train.xy, m.XY, f.xy, train.x, train.y, n)
	return train
}

// subtract puts the sums of the rows outside a fold, about their own mean, into out.
func subtract(out, all, part blas64.General, a, b []float64, n float64) {
	for i := range out.Rows {
		for j := range out.Cols {
			at := i*out.Stride + j
			out.Data[at] = all.Data[at] - part.Data[at] - n*a[i]*b[j]
		}
	}
}

// leastSquares is w = S⁻¹·xᵀy, S = xᵀx, by Cholesky where that is well conditioned, else without the directions
// that hold rounding errors only; tr(S⁻¹T), T the products of the held-out rows; and the number of directions that are left.
func leastSquares(train *fold, held fold) (w *mat.Dense, waste float64, rank int, ok bool) {
	w = &mat.Dense{}
	var chol mat.Cholesky
	if chol.Factorize(mat.NewSymDense(train.xx.Rows, append([]float64(nil), train.xx.Data...))) && chol.Cond() < 1e9 {
		var inverse mat.SymDense
		if chol.SolveTo(w, dense(train.xy)) != nil || chol.InverseTo(&inverse) != nil {
			return nil, 0, 0, false
		}
		for i := range train.xx.Rows {
			for j := range train.xx.Rows {
				waste += inverse.At(i, j) * held.xx.Data[i*held.xx.Stride+j]
			}
		}
		return w, waste, train.xx.Rows, true
	}
	s, ok := eigen(train.xx)
	if !ok || len(s.values) == 0 {
		return nil, 0, 0, false
	}
	var turned, own mat.Dense
	turned.Mul(s.vectors.T(), dense(train.xy))
	own.Mul(s.vectors.T(), dense(held.xx))
	for i, v := range s.values {
		for j := range turned.RawMatrix().Cols {
			turned.Set(i, j, turned.At(i, j)/v)
		}
		for j := range own.RawMatrix().Cols {
			waste += own.At(i, j) * s.vectors.At(j, i) / v
		}
	}
	w.Mul(s.vectors, &turned)
	return w, waste, len(s.values), true
}

// missedBy is the squared error of some rows under the map w that was learned from others: a row errs by
// (y − mean) − wᵀ(x − mean). square is w·wᵀ.
func missedBy(f fold, train *fold, w, square *mat.Dense) float64 {
	n := float64(f.rows)
	about := func(g blas64.General, sa, sb, ma, mb []float64, weight *mat.Dense) (sum float64) { // sums about the means of the others
		for i := range g.Rows {
			for j, v := range g.Data[i*g.Stride:][:g.Cols] {
				if weight != nil || i == j {
					v += n*ma[i]*mb[j] - sa[i]*mb[j] - ma[i]*sb[j]
					if weight != nil {
						v *= weight.At(i, j)
					}
					sum += v
				}
			}
		}
		return sum
	}
	return about(f.yy, f.y, f.y, train.y, train.y, nil) - 2*about(f.xy, f.x, f.y, train.x, train.y, w) + about(f.xx, f.x, f.x, train.x, train.x, square)
}

// InSample is R² when the rows that were learned from are predicted: tr(YX·XX⁻¹·XY)/tr(YY).
func (m *Moments) InSample() Result {
	s, _, ok := m.spectra()
	ty := trace(m.YY)
	if !ok || ty == 0 || len(s.values) == 0 {
		return Result{Reason: constantRows}
	}
	turned := m.on.product(transpose(s.vectors), dense(m.XY))
	var held float64
	for i, v := range s.values {
		for j := range turned.RawMatrix().Cols {
			held += turned.At(i, j) * turned.At(i, j) / v
		}
	}
	return finite(held / ty)
}

// Pair gives the measures of two spaces that read their moments, by name: those that are wanted.
func (m *Moments) Pair(want func(name string) bool) map[string]Result {
	procrustes := sync.OnceValue(func() [2]Result { s, a := m.Procrustes(); return [2]Result{s, a} })
	cca := sync.OnceValue(m.CCA)
	of := map[string]func() Result{
		"cka": m.CKA, "cka_debiased": m.DebiasedCKA,
		"procrustes": func() Result { return procrustes()[0] }, "angular_shape": func() Result { return procrustes()[1] },
		"linear_a_to_b": m.Predictivity, "linear_b_to_a": m.PredictivityBack,
		"cca": func() Result { return cca().MeanSquared }, "svcca": func() Result { return cca().SVCCA }, "pwcca": func() Result { return cca().PWCCA },
	}
	var names []string
	for name := range of {
		if want(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	values := make([]Result, len(names))
	m.on.parallel(len(names), func(i int) { values[i] = of[names[i]]() })
	out := map[string]Result{}
	for i, name := range names {
		out[name] = values[i]
	}
	return out
}
