package measure

import (
	"context"
	"math"
	"sync"

	"gonum.org/v1/gonum/blas/blas64"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/kernel"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/random"
)

// Moments are what one pass over the paired rows of two spaces leaves of them: x̃ and ỹ are the rows less
// their columns' means, and every second-moment measure reads these sums only. Memory is (D+D')² values
// for each fold, whatever N; all sums are in float64, in the order of the rows, so that the bytes do not
// depend on the number of threads.
type Moments struct {
	Rows       int
	XX, YY, XY blas64.General // x̃ᵀx̃ (D×D), ỹᵀỹ (D'×D'), x̃ᵀỹ (D×D')

	meanX, meanY               []float64
	fourthX, fourthY, fourthXY float64 // Σ‖x̃‖⁴, Σ‖ỹ‖⁴, Σ‖x̃‖²‖ỹ‖²
	groups                     []fold  // of the rows, at random: fold g%5 of the five that Predictivity learns from; nil: too wide

	spectra func() (x, y spectrum, ok bool) // of XX and YY, computed once,
	law     func() chanceLaw                // and what CKA is by chance
	on      Machine
}

// fold holds the sums of a part of the rows, about the means of all.
type fold struct {
	rows       int
	x, y       []float64
	xx, yy, xy blas64.General
	fourths    [3]float64 // Σ‖x̃‖⁴, Σ‖ỹ‖⁴, Σ‖x̃‖²‖ỹ‖²
}

const (
	foldCount = 5
	foldSeed  = 0x666f_6c64 // "fold"
	maxFolded = 3072        // D + D' up to which folds are kept apart,
	maxGroups = 1600        // and up to which they are 20 groups, not 5: below 400 MB
)

func zeros(rows, cols int) blas64.General {
	stride := max(cols, 1) // as BLAS wants it
	return blas64.General{Rows: rows, Cols: cols, Stride: stride, Data: make([]float64, rows*stride)}
}

func newFold(d, e int) *fold {
	return &fold{x: make([]float64, d), y: make([]float64, e), xx: zeros(d, d), yy: zeros(e, e), xy: zeros(d, e)}
}

// NewMoments sums up the rows of x and y, which are the same items in the same order: x.Rows == y.Rows.
// It looks at ctx once for each block of rows.
func NewMoments(ctx context.Context, x, y knn.Matrix, on Machine) (*Moments, error) {
	return newMoments(ctx, scaled{x, nil}, scaled{y, nil}, on)
}

// Machine is what may be used: threads (0: all) and the processor's kernels (nil: plain Go). No result depends on
// it.
type Machine struct {
	Threads int
	Kernel  *kernel.Set
}

// scaled is a matrix whose rows are taken times a factor each; nil: 1.
type scaled struct {
	knn.Matrix
	factor []float64
}

// write puts row i less mean (nil: 0) into out and gives its squared length.
func (x scaled) write(out []float64, i int, mean []float64) (norm float64) {
	factor := 1.0
	if x.factor != nil {
		factor = x.factor[i]
	}
	for c, v := range x.Row(i) {
		d := float64(float64(v)*factor) - mean[c]
		out[c] = d
		norm += float64(d * d)
	}
	return norm
}

// means are those of the columns.
func (x scaled) means() []float64 {
	sum, row, none := make([]float64, x.Dims), make([]float64, x.Dims), make([]float64, x.Dims)
	for i := range x.Rows {
		x.write(row, i, none)
		for c, v := range row {
			sum[c] += v
		}
	}
	for c := range sum {
		sum[c] /= float64(max(x.Rows, 1))
	}
	return sum
}

func newMoments(ctx context.Context, x, y scaled, on Machine) (*Moments, error) {
	if x.Rows != y.Rows {
		return nil, catalog.Errorf(catalog.Internal, "spaces of %d and %d rows have no moments in common", x.Rows, y.Rows)
	}
	m := &Moments{Rows: x.Rows, on: on, meanX: x.means(), meanY: y.means()}
	parts := groupsFor(x.Rows, x.Dims+y.Dims)
	rows := make([][]int, parts)
	order := random.New(foldSeed).Permutation(x.Rows)
	for i := range x.Rows {
		f := order[i] % parts
		rows[f] = append(rows[f], i)
	}
	m.XX, m.YY, m.XY = zeros(x.Dims, x.Dims), zeros(y.Dims, y.Dims), zeros(x.Dims, y.Dims)
	sum := newSummer(x, y, m.meanX, m.meanY, on)
	for f := range parts {
		part, err := sum.fold(ctx, rows[f])
		if err != nil {
			return nil, err
		}
		addTo(m.XX, part.xx)
		addTo(m.YY, part.yy)
		addTo(m.XY, part.xy)
		for i, to := range []*float64{&m.fourthX, &m.fourthY, &m.fourthXY} {
			*to += part.fourths[i]
		}
		if parts > 1 {
			m.groups = append(m.groups, *part)
		}
	}
	m.once()
	return m, nil
}

func (m *Moments) once() {
	type both struct {
		x, y spectrum
		ok   bool
	}
	found := sync.OnceValue(func() (b both) {
		var okX, okY bool
		m.on.both(func() { b.x, okX = eigen(m.XX) }, func() { b.y, okY = eigen(m.YY) })
		b.ok = okX && okY
		return b
	})
	m.spectra = func() (x, y spectrum, ok bool) { b := found(); return b.x, b.y, b.ok }
	m.law = sync.OnceValue(func() chanceLaw {
		inX, inY := m.forms()
		return inX.product(inY, m.Rows).over(math.Sqrt(inX.squared) * math.Sqrt(inY.squared))
	})
}

// Bytes is the memory that the sums take.
func (m *Moments) Bytes() int {
	return 8 * (1 + len(m.groups)) * (len(m.XX.Data) + len(m.YY.Data) + len(m.XY.Data))
}

// groupsFor is the number of groups of rows whose sums are kept apart.
func groupsFor(rows, dims int) int {
	switch {
	case rows < 2*foldCount || dims > maxFolded:
		return 1
	case rows < 4*jackknifeGroups || dims > maxGroups:
		return foldCount
	}
	return jackknifeGroups
}

// folds are the five parts of the rows that Predictivity learns from: the groups whose number leaves the same rest.
func (m *Moments) folds() []fold {
	if m.groups == nil {
		return nil
	}
	out := make([]fold, foldCount)
	for f := range out {
		sum := newFold(m.XX.Rows, m.YY.Rows)
		for g := f; g < len(m.groups); g += foldCount {
			part := m.groups[g]
			sum.rows += part.rows
			for i, v := range part.x {
				sum.x[i] += v
			}
			for i, v := range part.y {
				sum.y[i] += v
			}
			addTo(sum.xx, part.xx)
			addTo(sum.yy, part.yy)
			addTo(sum.xy, part.xy)
		}
		out[f] = *sum
	}
	return out
}

func addTo(sum, part blas64.General) {
	for i, v := range part.Data {
		sum.Data[i] += v
	}
}

// squaredNorm is the squared Frobenius norm.
func squaredNorm(m blas64.General) (sum float64) {
	for _, v := range m.Data {
		sum += float64(v * v)
	}
	return sum
}

func trace(m blas64.General) (sum float64) {
	for i := range min(m.Rows, m.Cols) {
		sum += m.Data[i*m.Stride+i]
	}
	return sum
}

// MomentWork is the number of multiplications that NewMoments does.
func MomentWork(rows, d, e int) float64 {
	return float64(rows) * (float64(d)*float64(d) + float64(e)*float64(e) + float64(d)*float64(e))
}

// swapped are the moments with the spaces exchanged.
func (m *Moments) swapped() *Moments {
	s := &Moments{Rows: m.Rows, XX: m.YY, YY: m.XX, XY: transposed(m.XY), meanX: m.meanY, meanY: m.meanX, fourthX: m.fourthY, fourthY: m.fourthX, fourthXY: m.fourthXY}
	for _, f := range m.groups {
		s.groups = append(s.groups, fold{rows: f.rows, x: f.y, y: f.x, xx: f.yy, yy: f.xx, xy: transposed(f.xy),
			fourths: [3]float64{f.fourths[1], f.fourths[0], f.fourths[2]}})
	}
	s.on, s.law = m.on, m.law
	s.spectra = func() (spectrum, spectrum, bool) { x, y, ok := m.spectra(); return y, x, ok }
	return s
}

func transposed(m blas64.General) blas64.General {
	t := zeros(m.Cols, m.Rows)
	for i := range m.Rows {
		for j := range m.Cols {
			t.Data[j*t.Stride+i] = m.Data[i*m.Stride+j]
		}
	}
	return t
}

// finite gives v, or the reason why it is none.
func finite(v float64) Result {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return Result{Reason: noNumber}
	}
	return Result{Value: v}
}
