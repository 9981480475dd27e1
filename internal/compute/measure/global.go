package measure

import (
	"math"
	"sync"

	"gonum.org/v1/gonum/blas"
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
	r := finite(squaredNorm(m.XY) / math.Sqrt(xx) / math.Sqrt(yy))
	r.Note = "not corrected for chance, which is high when rows are few for the dimensions"
	if mean, sd := m.nullOfCKA(xx, yy); sd > 0 {
		z := (r.Value - mean) / sd
		r.Chance, r.Z = &mean, &z
	}
	return r
}

// nullOfCKA gives mean and standard deviation of CKA under random pairing; 0, 0 when they are not defined.
func (m *Moments) nullOfCKA(xx, yy float64) (mean, sd float64) {
	n := float64(m.Rows)
	if n < 5 {
		return 0, 0
	}
	ranks := func(trace, squared, fourth float64) (beta, tau float64) {
		beta = trace * trace / squared
		tau = (n - 1) / ((n - 3) * (n - 1 - beta)) * (n*(n+1)*fourth/squared - (n-1)*(beta+2))
		return beta, tau
	}
	bx, tx := ranks(trace(m.XX), xx, m.fourthX)
	by, ty := ranks(trace(m.YY), yy, m.fourthY)
	mean = math.Sqrt(bx*by) / (n - 1)
	variance := 2 * (n - 1 - bx) * (n - 1 - by) / ((n + 1) * (n - 1) * (n - 1) * (n - 2)) * (1 + (n-3)/(2*n*(n-1))*tx*ty)
	if !(variance > 0) {
		return mean, 0
	}
	return mean, math.Sqrt(variance)
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
	xx, yy := hsic(squaredNorm(m.XX), tx, tx, m.fourthX), hsic(squaredNorm(m.YY), ty, ty, m.fourthY)
	if tx == 0 || ty == 0 {
		return Result{Reason: constantRows}
	}
	if !(xx > 0 && yy > 0) {
		return Result{Reason: "needs more rows: the estimate of a space's own spread is not above 0"}
	}
	r := finite(hsic(squaredNorm(m.XY), tx, ty, m.fourthXY) / math.Sqrt(xx) / math.Sqrt(yy))
	chance := 0.0
	r.Chance, r.Z = &chance, m.CKA().Z
	return r
}

// Procrustes is the similarity ‖x̃ᵀỹ‖*/(‖x̃‖·‖ỹ‖) with the nuclear norm: the cosine between one space and
// the best rotation of the other (Williams et al. 2021; Harvey et al. 2024: normalised Bures similarity).
// Narrower spaces count as filled up with zeros. Angular is its arc cosine.
func (m *Moments) Procrustes() (similarity, angular Result) {
	tx, ty := trace(m.XX), trace(m.YY)
	if tx == 0 || ty == 0 {
		return Result{Reason: constantRows}, Result{Reason: constantRows}
	}
	values, ok := singularValues(m.XY)
	if !ok {
		return Result{Reason: noNumber}, Result{Reason: noNumber}
	}
	var nuclear float64
	for _, s := range values {
		nuclear += s
	}
	similarity = finite(min(1, nuclear/math.Sqrt(tx)/math.Sqrt(ty)))
	if similarity.Reason != "" {
		return similarity, similarity
	}
	return similarity, Result{Value: math.Acos(similarity.Value)}
}

func singularValues(a blas64.General) ([]float64, bool) {
	var svd mat.SVD
	if !svd.Factorize(dense(a), mat.SVDNone) {
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

// first keeps the fewest directions that hold the share of the sum.
func (s spectrum) first(share float64) spectrum {
	var all, sum float64
	for _, v := range s.values {
		all += v
	}
	for i, v := range s.values {
		if sum += v; sum >= share*all {
			return spectrum{s.values[:i+1], mat.DenseCopyOf(s.vectors.Slice(0, s.vectors.RawMatrix().Rows, 0, i+1))}
		}
	}
	return s
}

// whitened gives Λx^-½·Vxᵀ·XY·Vy·Λy^-½, whose singular values are the canonical correlations.
func whitened(x, y spectrum, xy blas64.General) *mat.Dense {
	var left, both mat.Dense
	left.Mul(x.vectors.T(), dense(xy))
	both.Mul(&left, y.vectors)
	for i := range x.values {
		for j := range y.values {
			both.Set(i, j, both.At(i, j)/math.Sqrt(x.values[i])/math.Sqrt(y.values[j]))
		}
	}
	return &both
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
	x, okX := eigen(m.XX)
	y, okY := eigen(m.YY)
	if !okX || !okY {
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
	var svd mat.SVD
	if !svd.Factorize(whitened(x, y, m.XY), mat.SVDThin) {
		return none(noNumber)
	}
	rho := svd.Values(nil)
	var u, v mat.Dense
	svd.UTo(&u)
	svd.VTo(&v)
	var sum, squares float64
	for i := range rho {
		rho[i] = min(rho[i], 1)
		sum += rho[i]
		squares += rho[i] * rho[i]
	}
	count := float64(len(rho))
	c.Mean, c.MeanSquared = Result{Value: sum / count}, Result{Value: squares / count}
	chance := float64(max(c.RankX, c.RankY)) / float64(m.Rows-1) // exact mean under independence
	c.MeanSquared.Chance = &chance
	c.PWCCAOf = [2]float64{projectionWeighted(x, &u, rho), projectionWeighted(y, &v, rho)}
	c.PWCCA = Result{Value: (c.PWCCAOf[0] + c.PWCCAOf[1]) / 2}
	firstX, firstY := x.first(0.99), y.first(0.99)
	if values, ok := singularValues(whitened(firstX, firstY, m.XY).RawMatrix()); ok {
		var mean float64
		for _, r := range values {
			mean += min(r, 1) / float64(len(values))
		}
		c.SVCCA = Result{Value: mean}
	} else {
		c.SVCCA = Result{Reason: noNumber}
	}
	return c
}

// projectionWeighted is Σ α·ρ/Σ α with α_i = Σ_j |⟨h_i, x_j⟩|, h_i the canonical variates and x_j the centred
// columns of a space; ⟨h_i, x_j⟩ is row i of Uᵀ·Λ^½·Vᵀ.
func projectionWeighted(s spectrum, u *mat.Dense, rho []float64) float64 {
	scaled := mat.DenseCopyOf(s.vectors) // V·Λ^½
	for c, v := range s.values {
		for r := range scaled.RawMatrix().Rows {
			scaled.Set(r, c, scaled.At(r, c)*math.Sqrt(v))
		}
	}
	var inner mat.Dense
	inner.Mul(u.T(), scaled.T())
	var sum, weights float64
	for i, r := range rho {
		var alpha float64
		for j := range inner.RawMatrix().Cols {
			alpha += math.Abs(inner.At(i, j))
		}
		sum += alpha * r
		weights += alpha
	}
	return sum / weights
}

// Predictivity is R² on held-out rows when ordinary least squares predict the second space from the first:
// five folds at random, each predicted from the other four; 1 − Σ‖y − ŷ‖²/Σ‖y − ȳ‖², ȳ the mean of those
// four. Directions of the first space that hold rounding errors only are left out. In-sample R² goes in the
// note, since it tends to 1 when dimensions come near the rows.
func (m *Moments) Predictivity() Result {
	switch {
	case m.folds == nil && m.Rows < 2*foldCount:
		return Result{Reason: "needs 10 rows"}
	case m.folds == nil:
		return Result{Reason: "the spaces are too wide"}
	case trace(m.XX) == 0 || trace(m.YY) == 0:
		return Result{Reason: constantRows}
	}
	var missing, all float64
	for _, f := range m.folds {
		train := m.without(f)
		if train.rows <= m.XX.Rows+1 {
			return Result{Reason: "needs more rows than dimensions"}
		}
		w, ok := leastSquares(train)
		if !ok {
			return Result{Reason: constantRows}
		}
		missing += missed(f, train, w)
		all += trace(f.yy)
		for i, v := range train.y {
			all += float64(f.rows)*v*v - 2*v*f.y[i]
		}
	}
	return finite(1 - missing/all)
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

// leastSquares is (xᵀx)⁻¹·xᵀy, by Cholesky where that is well conditioned, else without the directions that
// hold rounding errors only.
func leastSquares(train *fold) (*mat.Dense, bool) {
	var w mat.Dense
	var chol mat.Cholesky
	if chol.Factorize(mat.NewSymDense(train.xx.Rows, append([]float64(nil), train.xx.Data...))) && chol.Cond() < 1e9 {
		return &w, chol.SolveTo(&w, dense(train.xy)) == nil
	}
	s, ok := eigen(train.xx)
	if !ok || len(s.values) == 0 {
		return nil, false
	}
	var turned mat.Dense
	turned.Mul(s.vectors.T(), dense(train.xy))
	for i, v := range s.values {
		for j := range turned.RawMatrix().Cols {
			turned.Set(i, j, turned.At(i, j)/v)
		}
	}
	w.Mul(s.vectors, &turned)
	return &w, true
}

// missed is the squared error of the fold's rows under the map w that was learned from the others: a row
// errs by (y − mean) − wᵀ(x − mean).
func missed(f fold, train *fold, w *mat.Dense) float64 {
	n := float64(f.rows)
	about := func(g blas64.General, sa, sb, ma, mb []float64) blas64.General { // sums about the means of the others
		out := zeros(g.Rows, g.Cols)
		for i := range g.Rows {
			for j := range g.Cols {
				out.Data[i*out.Stride+j] = g.Data[i*g.Stride+j] - sa[i]*mb[j] - ma[i]*sb[j] + n*ma[i]*mb[j]
			}
		}
		return out
	}
	xx := about(f.xx, f.x, f.x, train.x, train.x)
	xy := about(f.xy, f.x, f.y, train.x, train.y)
	yy := about(f.yy, f.y, f.y, train.y, train.y)
	product := zeros(xx.Rows, w.RawMatrix().Cols)
	blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, xx, w.RawMatrix(), 0, product)
	var fit, cross float64
	for i := range w.RawMatrix().Rows {
		for j := range w.RawMatrix().Cols {
			fit += w.At(i, j) * product.Data[i*product.Stride+j]
			cross += w.At(i, j) * xy.Data[i*xy.Stride+j]
		}
	}
	return trace(yy) - 2*cross + fit
}

// InSample is R² when the rows that were learned from are predicted: tr(YX·XX⁻¹·XY)/tr(YY).
func (m *Moments) InSample() Result {
	s, ok := eigen(m.XX)
	ty := trace(m.YY)
	if !ok || ty == 0 || len(s.values) == 0 {
		return Result{Reason: constantRows}
	}
	var turned mat.Dense
	turned.Mul(s.vectors.T(), dense(m.XY))
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
	out := map[string]Result{}
	add := func(name string, value func() Result) {
		if want(name) {
			out[name] = value()
		}
	}
	add("cka", m.CKA)
	add("cka_debiased", m.DebiasedCKA)
	add("linear_a_to_b", m.Predictivity)
	add("linear_b_to_a", func() Result { return m.swapped().Predictivity() })
	procrustes := sync.OnceValue(func() [2]Result { s, a := m.Procrustes(); return [2]Result{s, a} })
	add("procrustes", func() Result { return procrustes()[0] })
	add("angular_shape", func() Result { return procrustes()[1] })
	cca := sync.OnceValue(m.CCA)
	add("cca", func() Result { return cca().MeanSquared })
	add("svcca", func() Result { return cca().SVCCA })
	add("pwcca", func() Result { return cca().PWCCA })
	return out
}
