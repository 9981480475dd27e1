package measure

import (
	"cmp"
	"context"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/random"
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
	p, err := newPooled(ctx, sampled(x, driftRows), sampled(y, driftRows), on)
	if err != nil {
		return nil, err
	}
	if out["drift_energy"], err = p.energy(ctx, on); err != nil {
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
	sums   []float64 // of each row's distances
	total  float64
}

func newPooled(ctx context.Context, x, y knn.Matrix, on Machine) (*pooled, error) {
	p := &pooled{n: x.Rows, all: x.Rows + y.Rows}
	p.d, p.sums = make([]float64, p.all*p.all), make([]float64, p.all)
	both := points{Matrix: knn.Matrix{Rows: p.all, Dims: x.Dims, Data: slices.Concat(x.Data[:x.Rows*x.Dims], y.Data[:y.Rows*y.Dims])}, set: on.Kernel}
	rows := make([]int32, p.all)
	for i := range rows {
		rows[i] = int32(i)
	}
	on.parallel(p.all, func(i int) {
		if ctx.Err() != nil {
			return
		}
		both.distances(catalog.Euclidean, rows[i], rows[:i], p.d[i*p.all:])
		for j := range i {
			p.d[j*p.all+i] = p.d[i*p.all+j]
		}
	})
	if ctx.Err() != nil {
		return nil, catalog.Errorf(catalog.Canceled, "the distances were stopped: %w", context.Cause(ctx))
	}
	for i := range p.sums {
		p.sums[i] = total(p.d[i*p.all : (i+1)*p.all])
	}
	p.total = total(p.sums)
	return p, nil
}

// energy is the energy distance 2·E‖x−y‖ − E‖x−x′‖ − E‖y−y′‖, own pairs included (Székely and Rizzo 2013), with
// p from random relabellings of the pooled rows, the real one counted among them.
func (p *pooled) energy(ctx context.Context, on Machine) (Result, error) {
	if p.n < 2 || p.all-p.n < 2 {
		return Result{Reason: "needs 2 rows of each"}, nil
	}
	given := make([]int, p.n)
	for i := range given {
		given[i] = i
	}
	value, r := p.energyOf(given), random.New(driftSeed)
	labelled, found := make([][]int, permutations), make([]float64, permutations)
	for at := range labelled {
		labelled[at] = r.Permutation(p.all)[:p.n]
		slices.Sort(labelled[at])
	}
	on.parallel(permutations, func(at int) {
		if ctx.Err() == nil {
			found[at] = p.energyOf(labelled[at])
		}
	})
	if ctx.Err() != nil {
		return Result{}, catalog.Errorf(catalog.Canceled, "the test was stopped: %w", context.Cause(ctx))
	}
	extreme, rounding := 1, 1e-12*p.total/float64(p.all)/float64(p.all)
	for _, e := range found {
		if e >= value-rounding { // the real labelling drawn anew, or with the samples exchanged, counts
			extreme++
		}
	}
	share, chance := float64(extreme)/(permutations+1), meanOf(found)
	out := Result{Value: value, P: &share, Chance: &chance, Note: "chance is the mean of random relabellings"}
	if out.CI95 = p.energyWithin(); out.CI95 != nil {
		out.Note += "; the interval leaves out what samples of this size add, about as much"
	}
	return out, nil
}

// energyOf is the distance of the rows that are named from the others: what they have among themselves tells the rest.
func (p *pooled) energyOf(first []int) float64 {
	var within, reach float64
	for _, i := range first {
		row := p.d[i*p.all : (i+1)*p.all]
		var same float64
		for _, j := range first {
			same += row[j]
		}
		within += same
		reach += p.sums[i]
	}
	across := reach - within
	other := p.total - reach - across
	n, m := float64(len(first)), float64(p.all-len(first))
	return 2*across/(n*m) - within/(n*n) - other/(m*m)
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
