package projection_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/projection"
)

// The quality of a layout of many rows, whose table is at hand: a made-up one, as the time does not depend on what it says.
func BenchmarkJudge(b *testing.B) {
	for _, shape := range [][2]int{{12_000, 384}, {60_000, 384}, {1_000_000, 8}} {
		n, d := shape[0], shape[1]
		b.Run(fmt.Sprintf("%dx%d", n, d), func(b *testing.B) {
			r := rand.New(rand.NewPCG(1, 2))
			x, points := normal(r, n, d), normal(r, n, 2)
			t := &knn.Table{Rows: n, K: projection.QualityK, IDs: make([]int32, n*projection.QualityK), Distances: make([]float32, n*projection.QualityK)}
			for i := range t.IDs {
				t.IDs[i], t.Distances[i] = int32((i/t.K+1+7*(i%t.K))%n), float32(1+i%t.K)
			}
			for b.Loop() {
				if _, err := projection.Judge(b.Context(), x, catalog.Euclidean, t, projection.Layout{Dims: 2, Points: points.Data}, nil, 0, projection.Machine{Kernel: best(b)}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// The first picture of many rows, and their principal components.
func BenchmarkStart(b *testing.B) {
	x := normal(rand.New(rand.NewPCG(1, 2)), 60_000, 784)
	for name, lay := range map[string]func(context.Context, knn.Matrix, int, bool, projection.Machine) (projection.Layout, error){"start": projection.Start, "pca": projection.PCA} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := lay(b.Context(), x, 2, false, projection.Machine{Kernel: best(b)}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
