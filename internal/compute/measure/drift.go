package measure

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/random"
	"github.com/pentoai/vectory/internal/compute/vec"
)

const (
	driftRows     = 1000 // of each side, for what looks at all pairs
	classifyRows  = 5000 // of each side, for the classifier
	driftSeed     = 0x6472_6966_7400
	permutations  = 200
	manifoldK     = 5 // neighbours whose ball is a row's neighbourhood, as Naeem et al. take it
	ridgeOfWithin = 1e-6
)

// Drift compares two samples of one space, of different items: whether the second is drawn like the first, by
// name. x and y have the same dimensions. Of many rows fixed samples are taken. It looks at ctx now and then.
func Drift(ctx context.Context, x, y knn.Matrix, on Machine) (map[string]Result, error) {
	out := map[string]Result{"drift_auc": Separability(sampled(x, classifyRows), sampled(y, classifyRows))}
	if err := frechet(ctx, out, x, y, on); err != nil {
		return nil, err
	}
	p, err := newPooled(ctx, sampled(x, driftRows), sampled(y, driftRows))
	if err != nil {
		return nil, err
	}
	if out["drift_energy"], err = p.energy(ctx); err != nil {
		return nil, err
	}
	p.manifolds(out)
	return out, nil
}

// sampled takes at most n rows by a fixed seed, in their order.
func sampled(x knn.Matrix, n int) knn.Matrix {
	if x.Rows <= n {
		return x
	}
	rows := random.New(driftSeed).Permutation(x.Rows)[:n]
	slices.Sort(rows)
	out := knn.Matrix{Rows: n, Dims: x.Dims, Data: make([]float32, 0, n*x.Dims)}
	for _, row := range rows {
		out.Data = append(out.Data, x.Row(row)...)
	}
	return out
}

// Separability is the area under the ROC curve of a linear classifier that tells the samples apart (a
// classifier two-sample test, Lopez-Paz and Oquab 2017): linear discriminant analysis of standardised columns,
// each row scored by the map learned from the other four fifths. 0.5: nothing tells them apart. z is that of
// the rank sum (Mann and Whitney 1947).
func Separability(x, y knn.Matrix) Result {
	if x.Rows < 20 || y.Rows < 20 {
		return Result{Reason: "needs 20 rows of each"}
	}
	first, second := classify(x, y)
	ranks := midRanks(slices.Concat(first, second))
	var sum float64
	for _, r := range ranks[x.Rows:] {
		sum += r
	}
	n, m := float64(x.Rows), float64(y.Rows)
	auc := (sum - m*(m+1)/2) / (n * m)
	chance, z := 0.5, (auc-0.5)/math.Sqrt((n+m+1)/(12*n*m))
	p := max(leastP, math.Erfc(z/math.Sqrt2)/2)
	return Result{Value: auc, Chance: &chance, Z: &z, P: &p, CI95: placed(first, second, auc)}
}

// placed is the interval of an area under the ROC curve (DeLong, DeLong and Clarke-Pearson 1988): from how the rows of each sample are
// placed among those of the other.
func placed(first, second []float64, auc float64) *[2]float64 {
	all := midRanks(slices.Concat(first, second))
	variance := 0.0
	for _, side := range []struct{ own, ranks []float64 }{{first, all[:len(first)]}, {second, all[len(first):]}} {
		others := float64(len(all) - len(side.own))
		within, places := midRanks(side.own), make([]float64, len(side.own))
		for i, rank := range side.ranks {
			places[i] = (rank - within[i]) / others // of the other sample below
		}
		spread := spreadOfTrials(places)
		variance += spread * spread / float64(len(places))
	}
	half := 1.959964 * math.Sqrt(variance)
	return &[2]float64{max(0, auc-half), min(1, auc+half)}
}

// classify scores the rows of x and of y by the folds that do not hold them: the more like y, the higher.
func classify(x, y knn.Matrix) (first, second []float64) {
	first, second = make([]float64, x.Rows), make([]float64, y.Rows)
	foldX, foldY := random.New(foldSeed).Permutation(x.Rows), random.New(foldSeed+1).Permutation(y.Rows)
	scale := deviations(x, y)
	for f := range foldCount {
		w, middle := discriminant(x, y, foldX, foldY, f, scale)
		score := func(row []float32) (s float64) {
			for c, v := range row {
				s += (float64(v) - middle[c]) * w[c]
			}
			return s
		}
		for i := range first {
			if foldX[i]%foldCount == f {
				first[i] = score(x.Row(i))
			}
		}
		for i := range second {
			if foldY[i]%foldCount == f {
				second[i] = score(y.Row(i))
			}
		}
	}
	return first, second
}

// deviations are those of the pooled columns; 1 for a column of one value.
func deviations(x, y knn.Matrix) []float64 {
	d := x.Dims
	mean, squares := make([]float64, d), make([]float64, d)
	n := float64(x.Rows + y.Rows)
	for _, m := range []knn.Matrix{x, y} {
		for i := range m.Rows {
			for c, v := range m.Row(i) {
				mean[c] += float64(v) / n
			}
		}
	}
	for _, m := range []knn.Matrix{x, y} {
		for i := range m.Rows {
			for c, v := range m.Row(i) {
				squares[c] += (float64(v) - mean[c]) * (float64(v) - mean[c]) / n
			}
		}
	}
	for c := range squares {
		if squares[c] = math.Sqrt(squares[c]); squares[c] == 0 {
			squares[c] = 1
		}
	}
	return squares
}

// discriminant is Fisher's direction from the rows outside the fold, and the middle between their means. The
// within-sample covariance gets a small ridge, so that dead and repeated columns do no harm.
func discriminant(x, y knn.Matrix, foldX, foldY []int, f int, scale []float64) (w, middle []float64) {
	d := x.Dims
	within := mat.NewSymDense(d, nil)
	means := [2][]float64{}
	var rows int
	for side, s := range []struct {
		x    knn.Matrix
		fold []int
	}{{x, foldX}, {y, foldY}} {
		var kept []float64
		mean := make([]float64, d)
		n := 0
		for i := range s.x.Rows {
			if s.fold[i]%foldCount == f {
				continue
			}
			n++
			for c, v := range s.x.Row(i) {
				kept = append(kept, float64(v)/scale[c])
				mean[c] += float64(v) / scale[c]
			}
		}
		for c := range mean {
			mean[c] /= float64(n)
		}
		for i := range kept {
			kept[i] -= mean[i%d]
		}
		rows += n
		var part mat.SymDense
		part.SymOuterK(1, mat.NewDense(n, d, kept).T())
		within.AddSym(within, &part)
		means[side] = mean
	}
	var total float64
	for c := range d {
		total += within.At(c, c)
	}
	ridge := ridgeOfWithin*total/float64(d) + float64(rows)*1e-9
	for c := range d {
		within.SetSym(c, c, within.At(c, c)+ridge)
	}
	w, middle = make([]float64, d), make([]float64, d)
	apart := mat.NewVecDense(d, nil)
	for c := range d {
		apart.SetVec(c, means[1][c]-means[0][c])
		middle[c] = (means[0][c] + means[1][c]) / 2 * scale[c]
	}
	var chol mat.Cholesky
	var direction mat.VecDense
	if !chol.Factorize(within) || chol.SolveVecTo(&direction, apart) != nil && chol.Cond() > 1e15 {
		direction.CloneFromVec(apart) // no spread at all
	}
	for c := range d {
		w[c] = direction.AtVec(c) / scale[c]
	}
	return w, middle
}

// frechet adds the Fréchet distance of the gaussians with the samples' means and covariances, ‖Δμ‖² +
// tr(Σ₁ + Σ₂ − 2(Σ₁Σ₂)^½) (Dowson and Landau 1982), beside what two halves of the first sample give; and how far
// the means are apart, in standard deviations of the rows. Samples lie farther apart than what they are drawn from, all the more
// the fewer their rows: the intervals are of the latter.
func frechet(ctx context.Context, out map[string]Result, x, y knn.Matrix, on Machine) error {
	if x.Rows < 4 || y.Rows < 4 {
		out["drift_frechet"], out["drift_mean"] = Result{Reason: "needs 4 rows of each"}, Result{Reason: "needs 4 rows of each"}
		return nil
	}
	both, err := gaussiansOf(ctx, x, y, on)
	if err != nil {
		return err
	}
	first, second := halves(x)
	parts, err := gaussiansOf(ctx, first, second, on)
	if err != nil {
		return err
	}
	floor := parts.distance
	r := finite(both.distance)
	r.Chance, r.Note = &floor, "chance is what two random halves of A give"
	more := floor * both.inverse() / parts.inverse() // that samples of this size add: it falls as one over their rows
	if r = both.spread(r, more, both.distanceBy()); r.CI95 != nil {
		r.Note += fmt.Sprintf("; the interval leaves out the %.3g that samples of this size add", more)
	}
	out["drift_frechet"], out["drift_mean"] = r, both.shift()
	return nil
}

// gaussians are those with the means and covariances of two samples.
type gaussians struct {
	a, b     *Moments
	apart    []float64 // the mean of A less that of B
	squared  float64   // its squared length
	ta, tb   float64   // total variances
	distance float64   // of Fréchet
	axes     spectrum  // of A's products,
	inAxes   spectrum  // and of Λ^½VᵀΣ₂VΛ^½ in them: (Σ₁Σ₂)^½ has the trace of the roots of its values
}

func gaussiansOf(ctx context.Context, x, y knn.Matrix, on Machine) (g gaussians, err error) {
	if g.a, err = NewMoments(ctx, x, knn.Matrix{Rows: x.Rows}, on); err != nil {
		return g, err
	}
	if g.b, err = NewMoments(ctx, y, knn.Matrix{Rows: y.Rows}, on); err != nil {
		return g, err
	}
	g.apart = make([]float64, x.Dims)
	for c := range g.apart {
		g.apart[c] = g.a.meanX[c] - g.b.meanX[c]
	}
	na, nb := float64(x.Rows-1), float64(y.Rows-1)
	g.squared, g.ta, g.tb = dotOf(g.apart, g.apart), trace(g.a.XX)/na, trace(g.b.XX)/nb
	roots := 0.0
	if axes, ok := eigen(g.a.XX); ok && len(axes.values) > 0 {
		g.axes = axes
		turned := on.product(on.product(transpose(axes.vectors), dense(g.b.XX)), axes.vectors)
		k := len(axes.values)
		sym := zeros(k, k)
		for i := range k {
			for j := range k {
				sym.Data[i*sym.Stride+j] = (turned.At(i, j) + turned.At(j, i)) / 2 * math.Sqrt(axes.values[i]/na*axes.values[j]/na) / nb
			}
		}
		if s, ok := eigen(sym); ok {
			g.inAxes = s
			for _, v := range s.values {
				roots += math.Sqrt(v)
			}
		}
	}
	g.distance = max(0, g.squared+g.ta+g.tb-2*roots)
	return g, nil
}

func (g gaussians) inverse() float64 { return 1/float64(g.a.Rows) + 1/float64(g.b.Rows) }

// distanceBy are the derivatives of the distance by the covariances, I − T⁻¹ and I − T, where T = Σ₁^½(Σ₁^½Σ₂Σ₁^½)^-½Σ₁^½ carries
// the second gaussian to the first, without directions that hold rounding errors; nil where rows are few for the directions.
func (g gaussians) distanceBy() (by [2]blas64.General) {
	k := len(g.axes.values)
	if k == 0 || len(g.inAxes.values) == 0 || min(g.a.Rows, g.b.Rows) <= 2*k {
		return by
	}
	on, na := g.a.on, float64(g.a.Rows-1)
	for side, power := range []float64{-1, 1} { // the power of Λ/na; the roots have the other sign
		left := mat.DenseCopyOf(g.inAxes.vectors)
		for i, v := range g.axes.values {
			for j, w := range g.inAxes.values {
				left.Set(i, j, left.At(i, j)*math.Pow(v/na, power/2)*math.Pow(w, -power/4))
			}
		}
		left = on.product(g.axes.vectors, left)
		by[side] = on.product(left, transpose(left)).RawMatrix()
		for i := range by[side].Data {
			by[side].Data[i] = -by[side].Data[i]
		}
		for c := range by[side].Rows {
			by[side].Data[c*by[side].Stride+c]++
		}
	}
	return by
}

// spread gives a number its interval, about what it is without more, from what it changes by with each group of rows: by the
// covariances as given, and by the means as ‖Δμ‖² does.
func (g gaussians) spread(r Result, more float64, by [2]blas64.General) Result {
	if by[0].Data == nil || r.Reason != "" {
		return r
	}
	variance, groups := 0.0, min(len(g.a.groups), len(g.b.groups))
	if groups < foldCount {
		return r
	}
	for side, m := range []*Moments{g.a, g.b} {
		away := 2 - 4*float64(side) // B's mean moves the other way
		parts := make([]float64, len(m.groups))
		for i, f := range m.groups {
			parts[i] = (away*dotOf(g.apart, f.x) + inner(by[side], f.xx)) / float64(m.Rows)
		}
		sd := spreadOfTrials(parts)
		variance += sd * sd * float64(len(parts))
	}
	half := student975[groups-1] * math.Sqrt(variance)
	if math.IsNaN(half) || math.IsInf(half, 0) {
		return r
	}
	r.CI95 = &[2]float64{max(0, r.Value-more-half), max(0, r.Value-more+half)}
	return r
}

// shift is ‖Δμ‖ in standard deviations of the rows.
func (g gaussians) shift() Result {
	variance := (g.ta + g.tb) / 2
	if !(variance > 0) {
		return Result{Value: 0}
	}
	squared := g.squared / variance
	r := finite(math.Sqrt(squared))
	var by [2]blas64.General // of squared·variance by the covariances
	for side, m := range []*Moments{g.a, g.b} {
		by[side] = zeros(m.XX.Rows, m.XX.Cols)
		for c := range m.XX.Rows {
			by[side].Data[c*by[side].Stride+c] = -squared / 2
		}
	}
	more := g.ta/float64(g.a.Rows) + g.tb/float64(g.b.Rows)
	if ci := g.spread(Result{Value: g.squared}, more, by).CI95; ci != nil {
		r.CI95 = &[2]float64{math.Sqrt(ci[0] / variance), math.Sqrt(ci[1] / variance)}
		r.Note = fmt.Sprintf("the interval leaves out the %.3g that samples of this size add to the square", more/variance)
	}
	return r
}

// halves splits the rows at random.
func halves(x knn.Matrix) (first, second knn.Matrix) {
	first.Dims, second.Dims = x.Dims, x.Dims
	order := random.New(driftSeed).Permutation(x.Rows)
	for at, row := range order {
		half := &first
		if at%2 == 1 {
			half = &second
		}
		half.Data = append(half.Data, x.Row(row)...)
		half.Rows++
	}
	return first, second
}

// pooled holds the distances between all rows of two samples, those of the first n before the others.
type pooled struct {
	n, all int
	d      []float64
}

func newPooled(ctx context.Context, x, y knn.Matrix) (*pooled, error) {
	p := &pooled{n: x.Rows, all: x.Rows + y.Rows}
	p.d = make([]float64, p.all*p.all)
	row := func(i int) []float32 {
		if i < x.Rows {
			return x.Row(i)
		}
		return y.Row(i - x.Rows)
	}
	for i := range p.all {
		if ctx.Err() != nil {
			return nil, catalog.Errorf(catalog.Canceled, "the distances were stopped: %w", context.Cause(ctx))
		}
		for j := range i {
			d := vec.Distance(catalog.Euclidean, row(i), row(j))
			p.d[i*p.all+j], p.d[j*p.all+i] = d, d
		}
	}
	return p, nil
}

// energy is the energy distance 2·E‖x−y‖ − E‖x−x′‖ − E‖y−y′‖, own pairs included (Székely and Rizzo 2013), with
// p from random relabellings of the pooled rows, the real one counted among them.
func (p *pooled) energy(ctx context.Context) (Result, error) {
	if p.n < 2 || p.all-p.n < 2 {
		return Result{Reason: "needs 2 rows of each"}, nil
	}
	first := make([]bool, p.all)
	for i := range p.n {
		first[i] = true
	}
	value := p.energyOf(first)
	r := random.New(driftSeed)
	extreme := 1
	var sum float64
	for range permutations {
		if ctx.Err() != nil {
			return Result{}, catalog.Errorf(catalog.Canceled, "the test was stopped: %w", context.Cause(ctx))
		}
		clear(first)
		for _, i := range r.Permutation(p.all)[:p.n] {
			first[i] = true
		}
		e := p.energyOf(first)
		sum += e
		if e >= value {
			extreme++
		}
	}
	share, chance := float64(extreme)/(permutations+1), sum/permutations
	out := Result{Value: value, P: &share, Chance: &chance, Note: "chance is the mean of random relabellings"}
	if out.CI95 = p.energyWithin(); out.CI95 != nil {
		out.Note += "; the interval leaves out what samples of this size add, about as much"
	}
	return out, nil
}

// energyWithin is the interval of the energy distance of what the samples are drawn from: a jackknife of its unbiased form, which
// leaves out each row's distance to itself. It holds for such U-statistics (Arvesen 1969); near 0, where rows matter in pairs only,
// it is too wide. nil for few rows.
func (p *pooled) energyWithin() *[2]float64 {
	groupsA, groupsB := jackknifeOf(p.n), jackknifeOf(p.all-p.n)
	if groupsA == nil || groupsB == nil {
		return nil
	}
	var sums [2 * jackknifeGroups][2 * jackknifeGroups]float64 // between the groups of A, then those of B
	var sizes [2 * jackknifeGroups]float64
	groups := slices.Clone(groupsA)
	for _, g := range groupsB {
		groups = append(groups, jackknifeGroups+g)
	}
	for i, g := range groups {
		sizes[g]++
		for j, d := range p.d[i*p.all : (i+1)*p.all] {
			sums[g][groups[j]] += d
		}
	}
	without := func(left int) float64 {
		var within, across, other, n, m float64
		for g := range sums {
			if g%jackknifeGroups == left {
				continue
			}
			if g < jackknifeGroups {
				n += sizes[g]
			} else {
				m += sizes[g]
			}
			for h, sum := range sums[g] {
				switch {
				case h%jackknifeGroups == left:
				case g < jackknifeGroups && h < jackknifeGroups:
					within += sum
				case g < jackknifeGroups:
					across += sum
				case h >= jackknifeGroups:
					other += sum
				}
			}
		}
		return 2*across/(n*m) - within/(n*(n-1)) - other/(m*(m-1))
	}
	half := jackknife(without)
	if half == nil {
		return nil
	}
	value := without(-1)
	return &[2]float64{max(0, value+half[0]), max(0, value+half[1])}
}

func (p *pooled) energyOf(first []bool) float64 {
	var within, across, other float64
	for i := range p.all {
		var same, rest float64
		row := p.d[i*p.all : (i+1)*p.all]
		for j, d := range row {
			if first[j] {
				same += d
			} else {
				rest += d
			}
		}
		if first[i] {
			within += same
			across += rest
		} else {
			other += rest
		}
	}
	n, m := float64(p.n), float64(p.all-p.n)
	return 2*across/(n*m) - within/(n*n) - other/(m*m)
}

// manifolds adds precision, recall, density and coverage (Kynkäänniemi et al. 2019; Naeem et al. 2020): A's rows
// are the reference, and a row lies in another's neighbourhood when it is nearer than that one's fifth nearest
// of its own sample.
func (p *pooled) manifolds(out map[string]Result) {
	n, m := p.n, p.all-p.n
	names := []string{"drift_precision", "drift_recall", "drift_density", "drift_coverage"}
	if n <= manifoldK || m <= manifoldK {
		for _, name := range names {
			out[name] = Result{Reason: "needs 6 rows of each"}
		}
		return
	}
	radii := make([]float64, p.all)
	for i := range radii {
		from, to := 0, n
		if i >= n {
			from, to = n, p.all
		}
		own := slices.Clone(p.d[i*p.all+from : i*p.all+to])
		slices.SortFunc(own, cmp.Compare)
		radii[i] = own[manifoldK] // its own distance of 0 comes first
	}
	found := p.inside(radii, func(int) bool { return true })
	// Of equal samples the coverage is 1 − Π (N−1−j)/(N+M−1−j) over j below k (Naeem et al. 2020, section 3.2).
	miss := 1.0
	for j := range manifoldK {
		miss *= float64(n-1-j) / float64(p.all-1-j)
	}
	expected := 1 - miss
	one := 1.0
	for i, name := range names {
		r := Result{Value: found[i]}
		switch name {
		case "drift_density":
			r.Chance, r.Note = &one, "chance is that of equal samples"
		case "drift_coverage":
			r.Chance, r.Note = &expected, "chance is that of equal samples"
		}
		out[name] = r
	}
	groups := jackknifeOf(p.all)
	if groups == nil {
		return
	}
	// Rows are left out as those that lie and as those in whose neighbourhood others do; how far these reach stays.
	var without [jackknifeGroups][4]float64
	for g := range without {
		without[g] = p.inside(radii, func(row int) bool { return groups[row] != g })
	}
	for i, name := range names {
		r, half := out[name], jackknife(func(g int) float64 { return without[g][i] })
		if half == nil {
			continue
		}
		r.CI95 = &[2]float64{r.Value + half[0], r.Value + half[1]}
		r = r.from0To(math.Inf(1))
		if name != "drift_density" {
			r = r.from0To(1)
		}
		out[name] = r
	}
}

// inside gives precision, recall, density and coverage of the rows that are kept.
func (p *pooled) inside(radii []float64, kept func(row int) bool) (found [4]float64) {
	var ofA, ofB []int
	for row := range p.all {
		switch {
		case !kept(row):
		case row < p.n:
			ofA = append(ofA, row)
		default:
			ofB = append(ofB, row)
		}
	}
	for _, j := range ofB { // rows of B within A's
		within := 0
		for _, i := range ofA {
			if p.d[j*p.all+i] < radii[i] {
				within++
			}
		}
		found[0] += truth(within > 0)
		found[2] += float64(within)
	}
	for _, i := range ofA {
		reached, covered := false, false
		for _, j := range ofB {
			d := p.d[i*p.all+j]
			reached = reached || d < radii[j]
			covered = covered || d < radii[i]
		}
		found[1] += truth(reached)
		found[3] += truth(covered)
	}
	n, m := float64(len(ofA)), float64(len(ofB))
	return [4]float64{found[0] / m, found[1] / n, found[2] / (manifoldK * m), found[3] / n}
}
