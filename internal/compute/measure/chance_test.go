package measure_test

import (
	"math"
	"math/big"
	"slices"
	"testing"

	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/measure"
	"github.com/pentoai/vectory/internal/compute/random"
)

// exactChance is Σ C(k,m)·C(N−1−k,k−m)/C(N−1,k) · value(m), in whole numbers.
func exactChance(rule measure.Rule, n, k int) float64 {
	listed := int64(rule.Listed(k))
	all := new(big.Int).Binomial(int64(n-1), listed)
	total := new(big.Rat)
	for m := int64(0); m <= listed; m++ {
		if listed-m > int64(n-1)-listed {
			continue
		}
		ways := new(big.Int).Mul(new(big.Int).Binomial(listed, m), new(big.Int).Binomial(int64(n-1)-listed, listed-m))
		p := new(big.Rat).SetFrac(ways, all)
		total.Add(total, p.Mul(p, new(big.Rat).SetFloat64(rule.Value(int32(m), k))))
	}
	f, _ := total.Float64()
	return f
}

func TestChanceIsHypergeometric(t *testing.T) {
	for _, n := range []int{2, 3, 5, 11, 12, 30, 100, 300, 600, 1797, 1_000_000, 1_000_000_000} {
		for _, k := range []int{1, 2, 3, 10, 50, 256} {
			if k > n-1 {
				continue
			}
			for name, rule := range map[string]measure.Rule{"Jaccard": measure.Jaccard, "overlap": measure.Overlap, "the original": measure.Vectory} {
				got, want := rule.Chance(n, k), exactChance(rule, n, k)
				if math.Abs(got-want) > 1e-12*want {
					t.Errorf("%s, N=%d k=%d: %.17g, want %.17g", name, n, k, got, want)
				}
			}
			near(t, "overlap by chance", measure.Overlap.Chance(n, k), float64(k)/float64(n-1))
		}
	}
}

func TestAdjustedIsUndefinedWhereChanceIsEverything(t *testing.T) {
	if got := measure.Adjusted(1, measure.Jaccard.Chance(11, 10)); got != nil {
		t.Errorf("adjusted %v at k=N−1", *got)
	}
	if measure.RNX(1, 11, 10) != nil {
		t.Error("R_NX at k=N−1")
	}
	near(t, "at chance", *measure.Adjusted(0.2, 0.2), 0)
	near(t, "below chance", *measure.Adjusted(0.1, 0.2), -0.125)
}

// permuted is the table of the same space with rows in another order: row order[i] becomes row i.
func permuted(x *knn.Table, order []int) *knn.Table {
	at := make([]int32, x.Rows) // where each row went
	for i, from := range order {
		at[from] = int32(i)
	}
	y := &knn.Table{Rows: x.Rows, K: x.K}
	for _, from := range order {
		for _, j := range x.Neighbours(from) {
			y.IDs = append(y.IDs, at[j])
		}
	}
	return y
}

func TestZHasTheMomentsOfRandomPairings(t *testing.T) {
	const n, k, runs = 60, 5, 4000
	x := gaussian(n, 3, 5)
	a, b := tables(t, x, "euclidean", k), tables(t, noisy(x, 0.6, 6), "dot", k) // dot: strong hubs
	r := random.New(11)
	var zs, zs2, js float64
	for range runs {
		got := compare(t, a, permuted(b, r.Permutation(n)), k)
		zs += *got.Z
		zs2 += *got.Z * *got.Z
		js += got.Jaccard.Mean
	}
	if mean := zs / runs; math.Abs(mean) > 4/math.Sqrt(runs) {
		t.Errorf("mean z of random pairings is %.3f, want 0", mean)
	}
	if sd := math.Sqrt(zs2 / runs); math.Abs(sd-1) > 0.06 {
		t.Errorf("z of random pairings spreads by %.3f, want 1", sd)
	}
	if mean, want := js/runs, measure.Jaccard.Chance(n, k); math.Abs(mean-want) > 0.02*want {
		t.Errorf("random pairings score %.5f, chance says %.5f", mean, want)
	}
}

func TestZOfAllPairingsOfFiveRows(t *testing.T) {
	// Every pairing of 5 rows, so the moments are exact: mean z is 0 and mean z² is 1.
	a := tables(t, gaussian(5, 2, 1), "euclidean", 2)
	b := tables(t, gaussian(5, 2, 2), "euclidean", 2)
	var zs, zs2, count float64
	allOrders([]int{0, 1, 2, 3, 4}, 0, func(order []int) {
		z := *compare(t, a, permuted(b, order), 2).Z
		zs, zs2, count = zs+z, zs2+z*z, count+1
	})
	near(t, "pairings", count, 120)
	near(t, "mean z", zs/count, 0)
	near(t, "mean z²", zs2/count, 1)
}

func allOrders(order []int, from int, visit func([]int)) {
	if from == len(order) {
		visit(slices.Clone(order))
		return
	}
	for i := from; i < len(order); i++ {
		order[from], order[i] = order[i], order[from]
		allOrders(order, from+1, visit)
		order[from], order[i] = order[i], order[from]
	}
}

func TestIntervalCoversAndIsAbsentForFewRows(t *testing.T) {
	if measure.CI95(make([]float64, 9)) != nil || measure.CI95(make([]float64, 10)) == nil {
		t.Error("the interval should start at 10 rows")
	}
	r := random.New(3)
	for _, n := range []int{10, 17, 33, 400} {
		covered, width := 0, 0.0
		const runs = 2000
		for range runs {
			values := make([]float64, n)
			for i := range values {
				values[i] = r.Float64()
			}
			ci := measure.CI95(values)
			if ci[0] <= 0.5 && 0.5 <= ci[1] {
				covered++
			}
			width += (ci[1] - ci[0]) / runs
		}
		if share := float64(covered) / runs; share < 0.93 || share > 0.97 {
			t.Errorf("n=%d: %.3f of the intervals hold the truth, want .95", n, share)
		}
		if want := 4 / math.Sqrt(12*float64(n)); width > 1.3*want {
			t.Errorf("n=%d: intervals are %.3f wide, want near %.3f", n, width, want)
		}
	}
}
