package knn_test

import (
	"math"
	"testing"

	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/vec"
)

func TestDistancesAreThoseOfVec(t *testing.T) {
	for kind, of := range kinds {
		x := makeMatrix(kind, 150, 37, 9)
		for _, metric := range metrics {
			out := knn.Exclusions(x, metric)
			rows := []int32{3, 149, 0, 77, 78, 79, 80, 12, 13}
			var asked []int32
			for _, row := range rows {
				if out == nil || !out[row] {
					asked = append(asked, row)
				}
			}
			for _, set := range paths() {
				seen := make([][]float64, len(asked))
				if err := knn.Distances(t.Context(), x, asked, knn.Params{Metric: metric, Threads: 3, Kernel: set}, func(at int, distances []float64) {
					seen[at] = append([]float64(nil), distances...)
				}); err != nil {
					t.Fatal(err)
				}
				for at, row := range asked {
					for j, got := range seen[at] {
						want := math.Inf(1)
						if j != int(row) && (out == nil || !out[j]) {
							want = vec.Distance(metric, x.Row(int(row)), x.Row(j))
						}
						if got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
							t.Fatalf("%s, %s, %s: row %d to %d is %g, want %g", of.name, pathName(set), metric, row, j, got, want)
						}
					}
				}
			}
		}
	}
}
