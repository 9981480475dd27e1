package measure

import (
	"context"
	"maps"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/random"
)

const (
	nullTrials = 199          // pairings at random: p is at least 1/200
	nullWork   = 3.75e9       // products of values that they may take; where they take more there are fewer,
	nullLeast  = 5            // though so many,
	nullSteps  = 1e8          // or entries of lists
	rowsWork   = 2e8          // products of values for what reads rows,
	rowsLeast  = 100          // of which so many are asked at least
	nullSeed   = 0x6e_756c_6c // "null"
)

// Null gives each result that again gives, too, what pairing rows at random gives of it: the mean, if no chance is known, how
// many standard deviations the value is off, if no z is, and p, the share of pairings, the true one among them, that agree as
// much (add-one, so that it is never 0). again measures with the second space's row order[i] in the place of row i, of n;
// it is called from several goroutines.
func Null(results map[string]Result, n int, on Machine, again func(order []int) (map[string]Result, error)) error {
	return trials(results, nullTrials, on, func(trial int) (map[string]Result, error) { return again(pairing(trial, n)) }, rankOf)
}

// pairing is the order of n rows in a trial.
func pairing(trial, n int) []int {
	return random.New(nullSeed ^ uint64(trial+1)<<32).Permutation(n)
}

// trials reads the results against count of them; pOf says what p is.
func trials(results map[string]Result, count int, on Machine, again func(trial int) (map[string]Result, error), pOf func(value float64, trials []float64, lower bool) float64) error {
	all, err := collect(count, on, again)
	if err == nil {
		readTrials(results, all, count, pOf)
	}
	return err
}

// collect gives the values of count trials by name.
func collect(count int, on Machine, again func(trial int) (map[string]Result, error)) (map[string][]float64, error) {
	found, failed := make([]map[string]Result, count), make([]error, count)
	on.parallel(count, func(i int) { found[i], failed[i] = again(i) })
	all := map[string][]float64{}
	for i, results := range found {
		if failed[i] != nil {
			return nil, failed[i]
		}
		for name, r := range results {
			if r.Reason == "" {
				all[name] = append(all[name], r.Value)
			}
		}
	}
	return all, nil
}

// readTrials gives the results what they have not yet.
func readTrials(results map[string]Result, all map[string][]float64, count int, pOf func(value float64, trials []float64, lower bool) float64) {
	for name, values := range all {
		r, ok := results[name]
		if !ok || r.Reason != "" || len(values) < count {
			continue
		}
		mean, sd := meanOf(values), spreadOfTrials(values)
		if r.Chance == nil {
			r.Chance = &mean
		}
		if r.Z == nil && sd > 0 {
			z := (r.Value - mean) / sd
			r.Z = &z
		}
		if r.P == nil {
			info, _ := InfoOf(name)
			p := pOf(r.Value, values, info.Better == "lower")
			r.P = &p
		}
		results[name] = r
	}
}

func spreadOfTrials(values []float64) float64 {
	mean, variance := meanOf(values), 0.0
	for _, v := range values {
		variance += (v - mean) * (v - mean) / float64(len(values)-1)
	}
	return math.Sqrt(variance)
}

// rankOf is the share of the trials, and the value with them, that agree at least as much as the value.
func rankOf(value float64, trials []float64, lower bool) float64 {
	as := 1.0
	for _, v := range trials {
		if v >= value != lower || v == value {
			as++
		}
	}
	return as / float64(len(trials)+1)
}

// studentOf is p where trials are few and normal: how far a further one would be off as often.
func studentOf(value float64, trials []float64, lower bool) float64 {
	sd, count := spreadOfTrials(trials), float64(len(trials))
	t := (value - meanOf(trials)) / (sd * math.Sqrt(1+1/count))
	if lower {
		t = -t
	}
	if math.IsNaN(t) {
		return 1 // no trial differs, nor does the value
	}
	return max(leastP, studentTail(t, count-1))
}

// NullOfLists pairs the lists of the second table at random with the rows of the first, for the results of [Lists] and the
// scores of [Compare]. What is linear in the neighbours shared at each depth has a z that is exact over all pairings. In very
// large spaces there is no p, since chance is near 0 there.
func NullOfLists(results map[string]Result, a, b *knn.Table, k int, on Machine) error {
	if a.Queries != nil {
		return nil
	}
	depthsOfLists(results, a, b, k, on)
	if float64(a.Rows)*float64(k)*nullTrials > nullSteps {
		return nil
	}
	return Null(results, a.Rows, on, func(order []int) (map[string]Result, error) {
		some, _ := paired(a, b, order, k)
		l, shared, err := list(a, some, k)
		if err != nil {
			return nil, err
		}
		found := l.means()
		counts := Counts(shared, k)
		found["jaccard"], found["overlap"] = Result{Value: Jaccard.Mean(counts, k)}, Result{Value: Overlap.Mean(counts, k)}
		if r := RNX(found["overlap"].Value, l.n, k); r != nil {
			found["r_nx"] = Result{Value: *r}
		}
		return found, nil
	})
}

// depthsOfLists gives what is linear in the overlap at each depth its exact z.
func depthsOfLists(results map[string]Result, a, b *knn.Table, k int, on Machine) {
	shared := Shared(a, b, k)
	n := Scored(shared)
	if n < 4 || k >= n-1 || float64(a.Rows)*float64(k*k) > depthWork {
		return
	}
	var inA, inB depthCounts
	on.both(func() { inA = countDepths(a, shared, k) }, func() { inB = countDepths(b, shared, k) })
	harmonic := harmonics(k)[k]
	area, biased := make([]float64, k), make([]float64, k)
	weight := 1 - persistence
	for at := range k {
		d, rows := float64(at+1), float64(n)
		biased[at] = weight / d / rows
		weight *= persistence
		if at == k-1 {
			biased[at] += weight / (1 - persistence) / d / rows
		}
		if at+1 < n-1 {
			area[at] = (rows - 1) / (rows - 1 - d) / d / d / harmonic / rows // the slope of R_NX by the overlap
		}
	}
	for name, weights := range map[string][]float64{"rbo": biased, "r_nx_auc": area} {
		r, ok := results[name]
		if sd := spreadOf(inA, inB, weights, int64(n)); ok && r.Reason == "" && r.Chance != nil && sd > 0 {
			z := (r.Value - *r.Chance) / sd
			r.Z = &z
			results[name] = r
		}
	}
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

// Null reads against pairings at random what is wanted. The closed forms of CKA are in its results; those of other measures
// that are sums of products follow from the rows: of the canonical correlations, and of R² in the sample, which is what p of a
// linear map is about. For the others the rows of y are paired at random with those of x. Where that takes too long, spaces that
// have nothing to do with each other are drawn at random instead. x and y are what the moments were made from.
func (m *Moments) Null(ctx context.Context, results map[string]Result, x, y knn.Matrix, want func(name string) bool, on Machine) error {
	none := func(name string) bool {
		r, ok := results[name]
		return ok && r.Reason == "" && r.P == nil && want(name)
	}
	if !slices.ContainsFunc(slices.Concat(knownNames, drawnNames), none) {
		return nil
	}
	inX, inY, ok := m.spectra()
	if !ok || len(inX.values) == 0 || len(inY.values) == 0 {
		return nil
	}
	products := float64(m.Rows) * float64(len(inX.values)) * float64(len(inY.values))
	decompositions := 8 * float64(max(len(inX.values), len(inY.values))) * math.Pow(float64(min(len(inX.values), len(inY.values))), 2)
	count := min(nullTrials, max(nullLeast, int(nullWork/(products+decompositions))))
	paired := count == nullTrials || m.Rows <= len(inX.values)+len(inY.values) // all canonical correlations of which are 1
	if !paired {
		count = min(nullTrials, max(nullLeast, int(nullWork/decompositions)))
	}
	var u, v ownAxes
	if paired || MomentWork(m.Rows, x.Dims, y.Dims) <= leverageWork {
		var err error
		if u, err = m.whiten(ctx, x, m.meanX, inX); err == nil {
			v, err = m.whiten(ctx, y, m.meanY, inY)
		}
		if err != nil {
			return err
		}
	} else {
		u, v = normalAxes(m.Rows, inX), normalAxes(m.Rows, inY)
	}
	m.known(results, none, u.sums(), v.sums())
	if paired {
		return m.pair(results, u, v, count, none, on)
	}
	return m.draw(ctx, results, count, none)
}

const leverageWork = 1.2e10 // products of values up to which the lengths of whitened rows are computed

var knownNames = []string{"cca", "linear_a_to_b", "linear_b_to_a"}

// known reads what has a closed form: with P the projection onto the columns of a space, Σρ² is Σ P_ij·Q_ij and R² in the sample
// Σ P_ij·ỹ_i·ỹ_j/Σ‖ỹ‖².
func (m *Moments) known(results map[string]Result, want func(name string) bool, p, q gramSums) {
	if want("cca") {
		count := min(p.trace, q.trace)
		results["cca"] = p.product(q, m.Rows).over(count).read(results["cca"])
	}
	inX, inY := m.forms()
	for _, d := range []struct {
		name string
		by   gramSums
		of   gramSums
		r2   func() Result
	}{{"linear_a_to_b", p, inY, m.InSample}, {"linear_b_to_a", q, inX, func() Result { return m.swapped().InSample() }}} {
		if !want(d.name) {
			continue
		}
		r := results[d.name]
		r.P = d.by.product(d.of, m.Rows).over(d.of.trace).read(d.r2()).P
		results[d.name] = r
	}
}

// ownAxes are the rows of a space in its own axes, with variance 1 in each over all rows: n×r values in whole tiles of rows.
type ownAxes struct {
	rank   int
	wide   int // values from one row to the next
	rows   []float64
	fourth float64 // Σ of the squared lengths squared
}

// form is the projection onto the columns.
func (w ownAxes) sums() gramSums {
	r := float64(w.rank)
	return gramSums{trace: r, squared: r, cubed: r, fourth: w.fourth}
}

// normalAxes have no rows, and the lengths of normal ones.
func normalAxes(rows int, s spectrum) ownAxes {
	n, r := float64(rows), float64(len(s.values))
	return ownAxes{rank: len(s.values), fourth: (n - 1) * r * (r + 2) / n / (n + 1)}
}

func (m *Moments) whiten(ctx context.Context, x knn.Matrix, mean []float64, s spectrum) (ownAxes, error) {
	scaledVectors := mat.DenseCopyOf(s.vectors).RawMatrix()
	for i := range scaledVectors.Rows {
		for j := range scaledVectors.Cols {
			scaledVectors.Data[i*scaledVectors.Stride+j] /= math.Sqrt(s.values[j])
		}
	}
	by := m.on.panelled(scaledVectors.Rows, scaledVectors.Cols, scaledVectors.Data, scaledVectors.Stride)
	tall, _ := m.on.tile()
	some := 16 * tall
	tasks := (m.Rows + some - 1) / some
	w := ownAxes{rank: len(s.values), wide: by.wide, rows: make([]float64, tasks*some*by.wide)}
	fourths := make([]float64, m.Rows)
	m.on.parallel(tasks, func(task int) {
		if ctx.Err() != nil {
			return
		}
		from := task * some
		in := make([]float64, some*x.Dims)
		for i := range min(some, m.Rows-from) {
			scaled{x, nil}.write(in[i*x.Dims:(i+1)*x.Dims], from+i, mean)
		}
		out := m.on.times(in, some, by)
		copy(w.rows[from*by.wide:], out)
		for i := range min(some, m.Rows-from) {
			row := out[i*by.wide:][:w.rank]
			length := dotOf(row, row)
			fourths[from+i] = length * length
		}
	})
	if ctx.Err() != nil {
		return w, catalog.Errorf(catalog.Canceled, "the measures were stopped: %w", context.Cause(ctx))
	}
	w.fourth = total(fourths)
	return w, nil
}

// pair measures the rows of y in other orders: of all that is read only their products with those of x change.
func (m *Moments) pair(results map[string]Result, u, v ownAxes, count int, want func(name string) bool, on Machine) error {
	if !slices.ContainsFunc(drawnNames, want) {
		return nil
	}
	x, y, _ := m.spectra()
	tall, _ := on.tile()
	across := make([]float64, roundUp(u.rank, tall)*m.Rows)
	for i := range m.Rows {
		for c := range u.rank {
			across[c*m.Rows+i] = u.rows[i*u.wide+c]
		}
	}
	alone := Machine{Threads: 1, Kernel: on.Kernel}
	all, err := collect(count, on, func(trial int) (map[string]Result, error) {
		order := pairing(trial, m.Rows)
		other := make([]float64, m.Rows*v.rank)
		for i, row := range order {
			copy(other[i*v.rank:(i+1)*v.rank], v.rows[row*v.wide:])
		}
		by := alone.panelled(m.Rows, v.rank, other, v.rank)
		found := alone.times(across, roundUp(u.rank, tall), by)
		z := mat.NewDense(u.rank, v.rank, nil)
		for i := range u.rank {
			copy(z.RawRowView(i), found[i*by.wide:])
		}
		return m.crossed(x, y, z, want, alone), nil
	})
	if err != nil {
		return err
	}
	m.besideSquares(results, all, count, count == nullTrials, want)
	pOf := rankOf
	if count < nullTrials {
		pOf = studentOf
	}
	readTrials(results, all, count, pOf)
	return nil
}

var drawnNames = []string{"procrustes", "angular_shape", "svcca", "pwcca"}

// crossed measures Λx^½·z·Λy^½ in the place of x̃ᵀỹ, in the axes of both spaces: whitened it is z.
func (m *Moments) crossed(x, y spectrum, z *mat.Dense, want func(name string) bool, on Machine) map[string]Result {
	out := map[string]Result{}
	if want("procrustes") || want("angular_shape") {
		maps.Copy(out, m.nuclear(x, y, z, on))
	}
	if want("svcca") {
		first := z.Slice(0, len(x.leading().values), 0, len(y.leading().values))
		if values, ok := singularValues(mat.DenseCopyOf(first)); ok {
			out["svcca"] = Result{Value: meanOf(correlations(values))}
		}
	}
	if want("pwcca") {
		if all, ok := decompose(z); ok {
			rho := correlations(all.values)
			first, _ := projectionWeighted(x, all.u, rho, on)
			second, _ := projectionWeighted(y, all.v, rho, on)
			out["pwcca"] = Result{Value: (first + second) / 2}
		}
	}
	return out
}

// correlations are singular values cut to 1, which rounding may exceed.
func correlations(values []float64) []float64 {
	for i, v := range values {
		values[i] = min(v, 1)
	}
	return values
}

func total(values []float64) (sum float64) {
	for _, v := range values {
		sum += v
	}
	return sum
}

// Null reads the measures against pairings at random of the rows of the second space: z is exact for all of them (see
// [symmetricSums]), and p is that of pairings for RSA of at most a thousand rows, else of a closed form.
func (p *Pairwise) Null(results map[string]Result, want func(name string) bool, on Machine) error {
	if r, ok := results["distance_correlation"]; ok && r.Reason == "" && want("distance_correlation") {
		results["distance_correlation"] = centredCosine(p.n, pairSkew(p.a, p.n, on), pairSkew(p.b, p.n, on)).read(r)
	}
	r, ok := results["rsa"]
	if !ok || r.Reason != "" || !want("rsa") {
		return nil
	}
	a, b := p.ranks()
	sumsA, sumsB := symmetricOf(a, p.n), symmetricOf(b, p.n)
	law := p.lawOfRanks(sumsA, sumsB).over(math.Sqrt(sumsA.squared) * math.Sqrt(sumsB.squared))
	if p.n > pairedRows {
		results["rsa"] = law.read(r)
		return nil
	}
	r.Z = law.read(r).Z
	results["rsa"] = r
	value := p.pairedRanks()
	return Null(results, p.n, on, func(order []int) (map[string]Result, error) {
		return map[string]Result{"rsa": finite(value(order))}, nil
	})
}

// lawOfRanks is the law of Σ a_ij·b_π(i)π(j) of the centred ranks. Mean and variance are exact. The sum parts into 2/(n−2)·Σ r_i·s_π(i)
// of the sums r and s of the rows and into the product of what is U-centred; the third moment is that of both parts (exact for the
// first, of rotations for the second), as if they were independent.
func (p *Pairwise) lawOfRanks(sumsA, sumsB symmetricSums) chanceLaw {
	law := sumsA.product(sumsB, p.n)
	n := float64(p.n)
	if n < 5 || !(law.sd > 0) {
		return law
	}
	a, b := p.ranks()
	rows := func(m []float64) (squared, cubed float64) {
		for i := range p.n {
			sum := total(m[i*p.n:(i+1)*p.n]) - m[i*p.n+i]
			squared += sum * sum
			cubed += sum * sum * sum
		}
		return squared, cubed
	}
	squaredA, cubedA := rows(a)
	squaredB, cubedB := rows(b)
	scale := 2 / (n - 2)
	third := scale * scale * scale * n / ((n - 1) * (n - 2)) * cubedA * cubedB
	size := math.Sqrt(max(0, sumsA.squared-scale*squaredA)) * math.Sqrt(max(0, sumsB.squared-scale*squaredB))
	third += rotated(n-1) * pairSkew(a, p.n, p.on) * pairSkew(b, p.n, p.on) * size * size * size
	law.skew = third / (law.sd * law.sd * law.sd)
	return law
}

// pairedRanks is RSA of any pairing.
func (p *Pairwise) pairedRanks() func(order []int) float64 {
	a, b := p.ranks()
	var aa, bb float64
	for i := range p.n {
		for j, v := range a[i*p.n : i*p.n+i] {
			aa += v * v
			bb += b[i*p.n+j] * b[i*p.n+j]
		}
	}
	scale := math.Sqrt(aa) * math.Sqrt(bb)
	return func(order []int) float64 {
		var ab float64
		for i, to := range order {
			row := b[to*p.n:][:p.n]
			for j, v := range a[i*p.n : i*p.n+i] {
				ab += v * row[order[j]]
			}
		}
		return ab / scale
	}
}
