package knn_test

import (
	"testing"

	"github.com/pentoai/vectory/internal/compute/knn"
)

func TestRanksAreThePlacesInTheTable(t *testing.T) {
	for kind, of := range kinds {
		t.Run(of.name, func(t *testing.T) {
			x := makeMatrix(kind, 130, 17, 3)
			metric := metrics[kind%3]
			taking := 0
			exclude := knn.Exclusions(x, metric)
			for i := range x.Rows {
				if exclude == nil || !exclude[i] {
					taking++
				}
			}
			if taking < 3 {
				t.Skip("too few rows take part")
			}
			full := selfJoin(t, x, knn.Params{K: taking - 1, Metric: metric})
			var rows, targets, want []int32
			for i := range x.Rows {
				if full.Excluded(i) {
					continue
				}
				at := (i * 31) % (taking - 1)
				rows, targets, want = append(rows, int32(i)), append(targets, full.Neighbours(i)[at]), append(want, int32(at)+1)
			}
			for _, set := range paths() {
				got, err := knn.Ranks(t.Context(), x, rows, targets, knn.Params{Metric: metric, Kernel: set, Threads: 2})
				if err != nil {
					t.Fatal(err)
				}
				for i := range want {
					if got[i] != want[i] {
						t.Fatalf("%s: row %d, target %d: rank %d, want %d", pathName(set), rows[i], targets[i], got[i], want[i])
					}
				}
			}
		})
	}
}
