package measure_test

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/measure"
	"github.com/pentoai/vectory/internal/testkit"
)

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-12) {
		t.Errorf("%s = %.17g, want %.17g", what, got, want)
	}
}

func tables(t testing.TB, x knn.Matrix, metric string, k int) *knn.Table {
	t.Helper()
	table, err := knn.SelfJoin(context.Background(), x, knn.Params{K: k, Metric: catalog.Metric(metric)})
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func digits(t testing.TB, name string) knn.Matrix {
	m := testkit.Space(t, name)
	return knn.Matrix{Data: m.Data, Rows: m.Rows, Dims: m.Dims}
}

func compare(t testing.TB, a, b *knn.Table, k int) *measure.Agreement {
	t.Helper()
	r, err := measure.Compare(a, b, k)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// checkGolden compares everything that the golden values know at k.
func checkGolden(t *testing.T, a, b *knn.Table, k int, want testkit.GoldenScore) {
	t.Helper()
	got := compare(t, a, b, k)
	near(t, "mean Jaccard", got.Jaccard.Mean, want.MeanJaccard)
	near(t, "mean overlap", got.Overlap.Mean, want.MeanOverlap)
	near(t, "chance of Jaccard", got.Jaccard.Chance, want.ChanceJaccard)
	near(t, "chance of overlap", got.Overlap.Chance, want.ChanceOverlap)
	near(t, "R_NX", *got.RNX, want.RNX)
	if diff := cmp.Diff(want.Histogram, got.Jaccard.Histogram); diff != "" {
		t.Errorf("histogram: -want +got\n%s", diff)
	}
	if diff := cmp.Diff(want.Counts, got.Counts); diff != "" {
		t.Errorf("counts of shared: -want +got\n%s", diff)
	}
	if want.Shared != nil && !slices.Equal(want.Shared, got.Shared) {
		t.Errorf("shared by row: %v, want %v", got.Shared, want.Shared)
	}
	h := sha256.New()
	if err := binary.Write(h, binary.LittleEndian, got.Shared); err != nil {
		t.Fatal(err)
	}
	if sum := hex.EncodeToString(h.Sum(nil)); sum != want.SharedSHA256 {
		t.Errorf("shared by row has sha256 %s, want %s", sum, want.SharedSHA256)
	}
}

func TestDigitsScoreAsIndependentPackagesSay(t *testing.T) {
	for pair, metrics := range testkit.Golden(t).Digits.Pairs {
		nameA, nameB, _ := strings.Cut(pair, "|")
		xa, xb := digits(t, nameA), digits(t, nameB)
		if !oneOfThem(pair, "digits_epoch10|digits_epoch20") {
			continue
		}
		for metric, want := range metrics {
			t.Run(pair+"/"+metric, func(t *testing.T) {
				a, b := tables(t, xa, metric, 50), tables(t, xb, metric, 50)
				for k, score := range want.At {
					checkGolden(t, a, b, k, score)
				}
				got := measure.Vectory.Summary(measure.Shared(a, b, measure.Vectory.Listed(10)), 10, a.Rows)
				near(t, "the original's score", got.Mean, want.Vectory.Mean)
				if diff := cmp.Diff(want.Vectory.Histogram, got.Histogram); diff != "" {
					t.Errorf("the original's histogram: -want +got\n%s", diff)
				}
			})
		}
	}
}

func TestTheHeadlineOfDigits(t *testing.T) {
	pixels, epoch20 := digits(t, "digits_pixels"), digits(t, "digits_epoch20")
	for metric, want := range map[string]float64{"euclidean": 0.375862, "cosine": 0.369274} {
		got := compare(t, tables(t, pixels, metric, 10), tables(t, epoch20, metric, 10), 10)
		if math.Abs(got.Jaccard.Mean-want) > 5e-7 {
			t.Errorf("%s: mean Jaccard %.7f, want %.6f", metric, got.Jaccard.Mean, want)
		}
		if ci := got.Jaccard.CI95; ci == nil || ci[0] >= want || ci[1] <= want || ci[1]-ci[0] > 0.03 {
			t.Errorf("%s: interval %v does not hug %g", metric, ci, want)
		}
	}
}

func TestTinySpacesScoreAsByHand(t *testing.T) {
	g := testkit.Golden(t).Tiny
	for name, metrics := range g.Pairs {
		for metric, want := range metrics {
			t.Run(name+"/"+metric, func(t *testing.T) {
				x, y := written(g.Fixtures[name].X), written(g.Fixtures[name].Y)
				a, b := tables(t, x, metric, x.Rows-1), tables(t, y, metric, y.Rows-1)
				for k, score := range want.At {
					checkGolden(t, a, b, k, score)
				}
			})
		}
	}
}

func written(rows [][]float32) knn.Matrix {
	return knn.Matrix{Data: slices.Concat(rows...), Rows: len(rows), Dims: len(rows[0])}
}
