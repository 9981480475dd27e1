package measure_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/measure"
)

// ofRows keeps the lists of some rows.
func ofRows(t *knn.Table, rows []int32) *knn.Table {
	out := &knn.Table{Rows: t.Rows, K: t.K, Queries: rows}
	for _, row := range rows {
		out.IDs = append(out.IDs, t.Neighbours(int(row))...)
	}
	return out
}

func drawn(r *rand.Rand, n, m int) []int32 {
	rows := make([]int32, 0, m)
	for _, row := range r.Perm(n)[:m] {
		rows = append(rows, int32(row))
	}
	slices.Sort(rows)
	return rows
}

// ring gives the lists of a ring of n rows, of which some are swapped for random ones.
func ring(r *rand.Rand, n, k int, noise float64) *knn.Table {
	t := &knn.Table{Rows: n, K: k, IDs: make([]int32, 0, n*k), Distances: make([]float32, n*k)}
	for i := range n {
		list := map[int32]bool{int32(i): true}
		for j := 1; len(list) < k+1; j++ {
			at := int32((i + j) % n)
			if r.Float64() < noise*float64(i)/float64(n) {
				at = int32(r.IntN(n))
			}
			list[at] = true
		}
		delete(list, int32(i))
		for id := range list {
			t.IDs = append(t.IDs, id)
		}
	}
	return t
}

func TestASampleEstimatesWhatAllRowsGive(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 4))
	const n, k, m, rounds = 1200, 10, 150, 2000
	a, b := ring(r, n, k, 0), ring(r, n, k, 1)
	full, err := measure.Compare(a, b, k)
	if err != nil {
		t.Fatal(err)
	}
	labels := make([]int32, n)
	for i := range labels {
		labels[i] = int32(i % 2)
	}
	groups, err := measure.Groups(a, b, full.Shared, k, labels, 2)
	if err != nil {
		t.Fatal(err)
	}
	held, heldInGroup, mean := 0, 0, 0.0
	for round := range rounds {
		rows := drawn(r, n, m)
		sampleA, sampleB := ofRows(a, rows), ofRows(b, rows)
		got, err := measure.Compare(sampleA, sampleB, k)
		if err != nil {
			t.Fatal(err)
		}
		if got.Rows != m || got.Of != n || got.Z != nil || math.Abs(got.Jaccard.Chance-full.Jaccard.Chance) > 1e-12 {
			t.Fatalf("%d of %d rows, z %v, chance %g", got.Rows, got.Of, got.Z, got.Jaccard.Chance)
		}
		mean += got.Jaccard.Mean / rounds
		if ci := got.Jaccard.CI95; ci[0] <= full.Jaccard.Mean && full.Jaccard.Mean <= ci[1] {
			held++
		}
		if round%10 > 0 {
			continue
		}
		some, err := measure.Groups(sampleA, sampleB, got.Shared, k, labels, 2)
		if err != nil {
			t.Fatal(err)
		}
		if some[1].Of != n/2 || math.Abs(some[1].OverlapChanceWithin-groups[1].OverlapChanceWithin) > 0.002 {
			t.Fatalf("group: of %d rows, chance within %g, of all %g", some[1].Of, some[1].OverlapChanceWithin, groups[1].OverlapChanceWithin)
		}
		if ci := some[1].CI95; ci[0] <= groups[1].Jaccard && groups[1].Jaccard <= ci[1] {
			heldInGroup++
		}
	}
	if math.Abs(mean-full.Jaccard.Mean) > 0.001 {
		t.Errorf("samples give %g, all rows %g", mean, full.Jaccard.Mean)
	}
	if share := float64(held) / rounds; share < 0.935 || share > 0.97 { // 95 % ± 3 standard errors, and the two rows more
		t.Errorf("the interval holds the mean of all rows in %.3f of the samples", share)
	}
	if share := float64(heldInGroup) / (rounds / 10); share < 0.90 {
		t.Errorf("a group's interval holds its mean in %.3f of the samples", share)
	}
}

func TestIntervalOfASample(t *testing.T) {
	equal := make([]float64, 1000)
	if ci := measure.SampleCI95(equal, 1_000_000); ci[0] != 0 || ci[1] < 0.001 || ci[1] > 0.004 {
		t.Errorf("a thousand zeros prove %v", *ci)
	}
	if ci := measure.SampleCI95(equal, 1000); ci[1] != 0 {
		t.Errorf("of all rows the mean is known: %v", *ci)
	}
	if measure.SampleCI95(equal[:29], 1000) != nil {
		t.Error("29 rows have an interval")
	}
}

func TestTablesOfDifferentRowsAreRefused(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 5))
	a := ring(r, 40, 3, 0)
	if _, err := measure.Compare(ofRows(a, []int32{1, 2}), ofRows(a, []int32{1, 3}), 3); err == nil {
		t.Error("lists of different rows were compared")
	}
}
