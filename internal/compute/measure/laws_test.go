package measure_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/measure"
)

func gaussian(rows, dims int, seed uint64) knn.Matrix {
	r := rand.New(rand.NewPCG(seed, 1))
	x := knn.Matrix{Data: make([]float32, rows*dims), Rows: rows, Dims: dims}
	for i := range x.Data {
		x.Data[i] = float32(r.NormFloat64())
	}
	return x
}

// noisy is x with noise added: alike, but not equal.
func noisy(x knn.Matrix, much float64, seed uint64) knn.Matrix {
	y := gaussian(x.Rows, x.Dims, seed)
	for i, v := range x.Data {
		y.Data[i] = v + float32(much)*y.Data[i]
	}
	return y
}

func TestScoresAreSymmetricAndBounded(t *testing.T) {
	for seed := range uint64(20) {
		n, k := 20+int(seed)*7, 1+int(seed)%19
		x := gaussian(n, 5, seed)
		a, b := tables(t, x, "euclidean", k), tables(t, noisy(x, 0.1*float64(seed), seed+100), "cosine", k)
		ab, ba := compare(t, a, b, k), compare(t, b, a, k)
		if diff := cmp.Diff(ab, ba); diff != "" {
			t.Fatalf("n=%d k=%d: -ab +ba\n%s", n, k, diff)
		}
		for i, m := range ab.Shared {
			j, o := measure.Jaccard.Value(m, k), measure.Overlap.Value(m, k)
			if m < 0 || int(m) > k || j < 0 || j > o || math.Abs(j-o/(2-o)) > 1e-15 {
				t.Fatalf("row %d: m=%d, Jaccard %g, overlap %g", i, m, j, o)
			}
		}
		if total := sum(ab.Jaccard.Histogram); total != n || sum(ab.Counts) != n {
			t.Fatalf("the histogram counts %d rows of %d", total, n)
		}
	}
}

func sum(counts []int) (total int) {
	for _, c := range counts {
		total += c
	}
	return total
}

func TestASpaceAgreesWithItselfEntirely(t *testing.T) {
	a := tables(t, gaussian(90, 4, 1), "euclidean", 7)
	got := compare(t, a, a, 7)
	if got.Jaccard.Mean != 1 || got.Overlap.Mean != 1 || *got.RNX != 1 || *got.Jaccard.Adjusted != 1 {
		t.Errorf("Jaccard %v, overlap %v, R_NX %v, adjusted %v, want 1", got.Jaccard.Mean, got.Overlap.Mean, *got.RNX, *got.Jaccard.Adjusted)
	}
	if *got.Jaccard.CI95 != [2]float64{1, 1} || *got.Z < 20 {
		t.Errorf("interval %v, z %v", *got.Jaccard.CI95, *got.Z)
	}
}

func TestOrderOfRowsDoesNotMatter(t *testing.T) {
	x := gaussian(150, 6, 2)
	y := noisy(x, 0.5, 3)
	order := rand.New(rand.NewPCG(1, 1)).Perm(x.Rows)
	want := compare(t, tables(t, x, "euclidean", 8), tables(t, y, "euclidean", 8), 8)
	got := compare(t, tables(t, reorder(x, order), "euclidean", 8), tables(t, reorder(y, order), "euclidean", 8), 8)
	for at, i := range order {
		if got.Shared[at] != want.Shared[i] {
			t.Fatalf("row %d shares %d, as row %d it shared %d", at, got.Shared[at], i, want.Shared[i])
		}
	}
	if got.Jaccard.Mean != want.Jaccard.Mean || *got.Z != *want.Z || !slices.Equal(got.Counts, want.Counts) {
		t.Errorf("mean %v, z %v, want the very same %v, %v", got.Jaccard.Mean, *got.Z, want.Jaccard.Mean, *want.Z)
	}
}

func reorder(x knn.Matrix, order []int) knn.Matrix {
	y := knn.Matrix{Rows: x.Rows, Dims: x.Dims}
	for _, i := range order {
		y.Data = append(y.Data, x.Row(i)...)
	}
	return y
}

func TestRotationAndScaleDoNotMatter(t *testing.T) {
	x := gaussian(200, 6, 4)
	y := knn.Matrix{Data: make([]float32, len(x.Data)), Rows: x.Rows, Dims: x.Dims}
	sin, cos := math.Sincos(0.7)
	for i := range x.Rows {
		from, to := x.Row(i), y.Row(i)
		for c := 0; c < x.Dims; c += 2 {
			p, q := float64(from[c]), float64(from[c+1])
			to[c], to[c+1] = float32(3*(cos*p-sin*q)), float32(3*(sin*p+cos*q))
		}
	}
	for _, metric := range []string{"euclidean", "cosine", "dot"} {
		if got := compare(t, tables(t, x, metric, 9), tables(t, y, metric, 9), 9); got.Jaccard.Mean != 1 {
			t.Errorf("%s: mean Jaccard of a rotated copy is %v", metric, got.Jaccard.Mean)
		}
	}
}

func TestOnlyRowsInBothTablesAreScored(t *testing.T) {
	a := &knn.Table{Rows: 5, K: 1, IDs: []int32{1, 0, -1, 0, 0}}
	b := &knn.Table{Rows: 5, K: 1, IDs: []int32{1, 4, 0, -1, 1}}
	got := compare(t, a, b, 1)
	if diff := cmp.Diff([]int32{1, 0, measure.NotScored, measure.NotScored, 0}, got.Shared); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if got.Rows != 3 || got.Z != nil || got.Jaccard.CI95 != nil {
		t.Errorf("%d rows, z %v, interval %v; want 3 rows and neither number", got.Rows, got.Z, got.Jaccard.CI95)
	}
	near(t, "mean", got.Jaccard.Mean, 1.0/3)
	near(t, "ties", measure.TieShare([]bool{true, false, true, false, false}, []bool{true, true, false, false, false}, got.Shared), 2.0/3)
}

func TestNothingScoredGivesNoNumbers(t *testing.T) {
	empty := &knn.Table{Rows: 2, K: 1, IDs: []int32{-1, -1}}
	got := compare(t, empty, empty, 1)
	if got.Rows != 0 || got.Jaccard.Mean != 0 || got.Jaccard.Adjusted != nil || got.Z != nil || got.RNX != nil || got.Jaccard.CI95 != nil {
		t.Errorf("%+v", got)
	}
	if groups, err := measure.Groups(empty, empty, got.Shared, 1, []int32{0, 0}, 1); err != nil || len(groups) != 0 {
		t.Errorf("groups %v, error %v", groups, err)
	}
}

func TestTablesThatDoNotFitAreRefused(t *testing.T) {
	a, b := &knn.Table{Rows: 3, K: 2, IDs: make([]int32, 6)}, &knn.Table{Rows: 2, K: 2, IDs: make([]int32, 4)}
	for name, try := range map[string]func() error{
		"other rows":     func() error { _, err := measure.Compare(a, b, 1); return err },
		"k too large":    func() error { _, err := measure.Compare(a, a, 3); return err },
		"k of 0":         func() error { _, err := measure.Compare(a, a, 0); return err },
		"groups, too":    func() error { _, err := measure.Groups(a, b, nil, 1, nil, 0); return err },
		"groups, k of 3": func() error { _, err := measure.Groups(a, a, nil, 3, nil, 0); return err },
	} {
		if try() == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestHistogramPutsEdgesIntoTheBinTheyOpen(t *testing.T) {
	// Overlap at k=10 takes every edge exactly: 0, 0.1, … 1; the last bin is closed.
	counts := []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}
	if diff := cmp.Diff([]int{1, 2, 3, 4, 5, 6, 7, 8, 9, 21}, measure.Overlap.Histogram(counts, 10)); diff != "" {
		t.Errorf("overlap: -want +got\n%s", diff)
	}
	// Jaccard at k=13: m=6 gives 6/20, which opens the fourth bin.
	counts = make([]int, 14)
	counts[6] = 1
	if got := measure.Jaccard.Histogram(counts, 13); got[3] != 1 {
		t.Errorf("6/20 fell into %v", got)
	}
	if diff := cmp.Diff([]float64{0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1}, measure.Edges()); diff != "" {
		t.Errorf("edges: -want +got\n%s", diff)
	}
}

func TestTheOriginalsScoreHasItsFloor(t *testing.T) {
	for m, want := range map[int32]float64{0: 1.0 / 19, 1: 2.0 / 18, 8: 9.0 / 11, 9: 1} {
		near(t, "value", measure.Vectory.Value(m, 10), want)
	}
	near(t, "chance of two rows", measure.Vectory.Chance(2, 2), 1)
	near(t, "chance of k=1, the row itself alone", measure.Vectory.Chance(50, 1), 1)
}
