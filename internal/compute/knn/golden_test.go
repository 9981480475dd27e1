package knn_test

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/testkit"
)

func space(t testing.TB, name string) knn.Matrix {
	m := testkit.Space(t, name)
	return knn.Matrix{Data: m.Data, Rows: m.Rows, Dims: m.Dims}
}

func written(rows [][]float32) knn.Matrix {
	return knn.Matrix{Data: slices.Concat(rows...), Rows: len(rows), Dims: len(rows[0])}
}

// selfJoin joins on every path of this processor and wants the same bytes of all, so that what is
// asserted of the result is asserted of each. A kernel in p is taken alone.
func selfJoin(t testing.TB, x knn.Matrix, p knn.Params) *knn.Table {
	t.Helper()
	if p.Kernel != nil {
		return joinOn(t, x, p)
	}
	want := joinOn(t, x, p)
	for _, p.Kernel = range paths()[1:] {
		got := joinOn(t, x, p)
		if !slices.Equal(got.IDs, want.IDs) || !slices.Equal(got.Distances, want.Distances) {
			t.Fatalf("the path %s gives another table than plain Go", p.Kernel.Name)
		}
	}
	return want
}

func joinOn(t testing.TB, x knn.Matrix, p knn.Params) *knn.Table {
	t.Helper()
	table, err := knn.SelfJoin(context.Background(), x, p)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func sha(values any) string {
	h := sha256.New()
	if err := binary.Write(h, binary.LittleEndian, values); err != nil {
		panic(err)
	}
	return hex.EncodeToString(h.Sum(nil))
}

func TestListsOfDigitsAreThoseOfIndependentPackages(t *testing.T) {
	for name, golden := range testkit.Golden(t).Digits.Spaces {
		if testing.Short() && name != "digits_pixels" && name != "digits_epoch20" {
			continue
		}
		x := space(t, name)
		for metric, want := range map[catalog.Metric]*testkit.GoldenLists{catalog.Euclidean: golden.Euclidean, catalog.Cosine: golden.Cosine} {
			t.Run(name+"/"+string(metric), func(t *testing.T) {
				if testing.Short() && metric == catalog.Cosine {
					t.Skip("the plain loop that it is held against takes long under the race detector")
				}
				table := selfJoin(t, x, knn.Params{K: want.Length, Metric: metric})
				if name == "digits_pixels" && metric == catalog.Cosine {
					compareUpToRounding(t, x, table, want)
				} else if got := sha(table.IDs); got != want.SHA256 {
					t.Errorf("lists have sha256 %s, want %s", got, want.SHA256)
				}
				compareFirst(t, table, want)
				for k, rows := range want.ExactTies {
					at, _ := strconv.Atoi(k)
					if got := countTies(t, x, metric, at); got != rows {
						t.Errorf("%d rows tie at k=%d, want %d", got, at, rows)
					}
				}
			})
		}
	}
}

func compareFirst(t *testing.T, table *knn.Table, want *testkit.GoldenLists) {
	t.Helper()
	for i, ids := range want.FirstRows {
		if diff := cmp.Diff(ids, table.Neighbours(i)[:len(ids)]); diff != "" {
			t.Errorf("row %d: -want +got\n%s", i, diff)
		}
		for j, d := range want.FirstDistances[i] {
			if got := float64(table.Distances[i*table.K+j]); math.Abs(got-d) > 1e-7*max(d, 1e-3) {
				t.Errorf("row %d, neighbour %d: distance %g, want %g", i, j, got, d)
			}
		}
	}
}

// compareUpToRounding is for the one space where pairs of rows are equally far by symmetry (digit
// images with the same grey values in other places) but not to the last bit: there the order within
// a list depends on the order of summation. The golden order is that of a plain loop over unit rows
// made by division; ours may differ from it where distances agree to 1e-15, and nowhere else.
func compareUpToRounding(t *testing.T, x knn.Matrix, table *knn.Table, want *testkit.GoldenLists) {
	t.Helper()
	unit := make([]float64, len(x.Data))
	for i := range x.Rows {
		var s float64
		for _, v := range x.Row(i) {
			s += float64(v) * float64(v)
		}
		for c, v := range x.Row(i) {
			unit[i*x.Dims+c] = float64(v) / math.Sqrt(s)
		}
	}
	golden := make([]int32, 0, len(table.IDs))
	moved := 0
	for i := range x.Rows {
		list := bruteRow(x.Rows, i, nil, func(j int) float64 {
			var s float64
			for c := range x.Dims {
				d := unit[i*x.Dims+c] - unit[j*x.Dims+c]
				s += float64(d * d)
			}
			return s / 2
		})[:table.K]
		for at, p := range list {
			golden = append(golden, p.id)
			got := table.IDs[i*table.K+at]
			if got == p.id {
				continue
			}
			moved++
			far := slices.IndexFunc(list, func(q pairedWith) bool { return q.id == got })
			if far < 0 || math.Abs(list[far].distance-p.distance) > 1e-15 {
				t.Errorf("row %d, place %d: %d in place of %d, and not by rounding", i, at, got, p.id)
			}
		}
	}
	if got := sha(golden); got != want.SHA256 {
		t.Errorf("the plain loop gives sha256 %s, want %s", got, want.SHA256)
	}
	if moved > 20 {
		t.Errorf("%d places differ, more than the few symmetric pairs explain", moved)
	}
}

func countTies(t *testing.T, x knn.Matrix, metric catalog.Metric, k int) int {
	t.Helper()
	ties, err := selfJoin(t, x, knn.Params{K: k + 1, Metric: metric}).TiesAt(x, metric, k)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, tie := range ties {
		if tie {
			n++
		}
	}
	return n
}

func TestListsOfTinySpacesWithTies(t *testing.T) {
	g := testkit.Golden(t).Tiny
	for name, fixture := range g.Fixtures {
		for side, rows := range map[string][][]float32{"x": fixture.X, "y": fixture.Y} {
			golden := g.Spaces[name+"."+side]
			for metric, lists := range golden.Lists {
				t.Run(name+"."+side+"/"+metric, func(t *testing.T) {
					table := selfJoin(t, written(rows), knn.Params{K: len(rows) - 1, Metric: catalog.Metric(metric)})
					if diff := cmp.Diff(slices.Concat(lists...), table.IDs); diff != "" {
						t.Errorf("-want +got\n%s", diff)
					}
				})
			}
		}
	}
}
