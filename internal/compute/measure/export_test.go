package measure

import (
	"context"
	"math"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
)

// Partitions compares two ways to part the same rows.
func Partitions(a, b []int32) map[string]Result { return partitions(a, b) }

// NullBy is Null by one of its two ways.
func (m *Moments) NullBy(ctx context.Context, results map[string]Result, x, y knn.Matrix, drawn bool, on Machine) error {
	all := func(string) bool { return true }
	inX, inY, _ := m.spectra()
	if drawn {
		m.known(results, all, normalAxes(m.Rows, inX).sums(), normalAxes(m.Rows, inY).sums())
		return m.draw(ctx, results, nullTrials, all)
	}
	u, err := m.whiten(ctx, x, m.meanX, inX)
	if err != nil {
		return err
	}
	v, err := m.whiten(ctx, y, m.meanY, inY)
	if err != nil {
		return err
	}
	m.known(results, all, u.sums(), v.sums())
	return m.pair(results, u, v, nullTrials, all, on)
}

// PrecisionAtR is R-precision and average precision at R.
func PrecisionAtR(r int, right func(place int) bool) (precision, average float64) {
	return precisionAtR(r, right)
}

// MidRanks are the ranks of values.
func MidRanks(values []float64) []float64 { return midRanks(values) }

// DistancesFrom are the distances of row 0 to all others, and its products with them.
func DistancesFrom(x knn.Matrix, metric catalog.Metric, on Machine) (distances, dots []float64) {
	others := make([]int32, x.Rows-1)
	for i := range others {
		others[i] = int32(i + 1)
	}
	distances, dots = make([]float64, len(others)), make([]float64, len(others))
	p := pointsOf(x, x.Rows, on)
	p.distances(metric, 0, others, distances)
	p.dots(0, others, dots)
	return distances, dots
}

// SpreadOfDepths is the exact standard deviation of Σ weight·(neighbours shared up to each depth) over all pairings.
func SpreadOfDepths(a, b *knn.Table, k int, weights []float64) float64 {
	shared := Shared(a, b, k)
	return spreadOf(countDepths(a, shared, k), countDepths(b, shared, k), weights, int64(Scored(shared)))
}

// PearsonTail is the chance of at least z under a law of mean 0, variance 1 and some skewness.
func PearsonTail(z, skew float64) float64 { return pearsonTail(z, skew) }

// StudentTail is the chance that Student's t is at least t.
func StudentTail(t, freedom float64) float64 { return studentTail(t, freedom) }

// RBFBlocks is RBFCKA within blocks.
func RBFBlocks(ctx context.Context, x, y knn.Matrix, blocks [][]int, widthX, widthY float64, on Machine) (Result, error) {
	gauss := func(width float64) func(gap float64) float64 {
		return func(gap float64) float64 { return math.Exp(-gap / (2 * width)) }
	}
	return hsicOfBlocks(ctx, x, y, blocks, gauss(widthX), gauss(widthY), on)
}

// MedianGap is the median squared distance.
func MedianGap(x knn.Matrix, on Machine) float64 { return medianGap(x, on) }

// ClustersOf are those that k-means finds from the first start, and how loose they are, of rows with each value changed by a share
// of itself.
func ClustersOf(ctx context.Context, x knn.Matrix, metric catalog.Metric, k int, change func() float64, on Machine) (clusters []int32, spread float64) {
	rows := make([]int, 0, x.Rows)
	excluded := knn.Exclusions(x, metric)
	for i := range x.Rows {
		if excluded == nil || !excluded[i] {
			rows = append(rows, i)
		}
	}
	points := centred(x, rows, metric == catalog.Cosine, on)
	for i := range points {
		points[i] *= 1 + change()
	}
	return kMeans(ctx, points, len(rows), x.Dims, k, clusterSeed, on)
}

// LawOfRanks is what RSA is like over all pairings, and RSA of any of them.
func (p *Pairwise) LawOfRanks() (mean, sd, skew float64, of func(order []int) float64) {
	a, b := p.ranks()
	sumsA, sumsB := symmetricOf(a, p.n), symmetricOf(b, p.n)
	law := p.lawOfRanks(sumsA, sumsB).over(math.Sqrt(sumsA.squared) * math.Sqrt(sumsB.squared))
	return law.mean, law.sd, law.skew, p.pairedRanks()
}

// Regressed is what draws say of a number when another that was drawn with it has a known mean and standard deviation.
func Regressed(mean, sd float64, values, beside []float64) (float64, float64, float64, float64) {
	return chanceLaw{mean: mean, sd: sd}.regressed(values, beside)
}

// DriftIntervals are those of [Drift] whose truth is known for gaussians.
func DriftIntervals(ctx context.Context, x, y knn.Matrix, on Machine) (map[string]*[2]float64, error) {
	found := map[string]Result{}
	if err := frechet(ctx, found, x, y, on); err != nil {
		return nil, err
	}
	p, err := newPooled(ctx, x, y, on)
	if err != nil {
		return nil, err
	}
	return map[string]*[2]float64{"drift_mean": found["drift_mean"].CI95, "drift_frechet": found["drift_frechet"].CI95, "drift_energy": p.energyWithin()}, nil
}
