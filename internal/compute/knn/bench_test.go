package knn_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
)

// gaussian is the hard case for a bound: no structure to exploit.
func gaussian(rows, dims int, seed uint64) knn.Matrix {
	r := rand.New(rand.NewPCG(seed, 1))
	x := knn.Matrix{Data: make([]float32, rows*dims), Rows: rows, Dims: dims}
	for i := range x.Data {
		x.Data[i] = float32(r.NormFloat64())
	}
	return x
}

func BenchmarkSelfJoin(b *testing.B) {
	for _, shape := range []struct {
		rows, dims, k int
		metric        catalog.Metric
	}{
		{2000, 64, 10, catalog.Euclidean},
		{7600, 384, 10, catalog.Euclidean},
		{7600, 384, 10, catalog.Cosine},
		{7600, 384, 100, catalog.Euclidean},
	} {
		x := gaussian(shape.rows, shape.dims, 7)
		for _, path := range paths() {
			b.Run(fmt.Sprintf("%dx%d/k=%d/%s/%s", shape.rows, shape.dims, shape.k, shape.metric, pathName(path)), func(b *testing.B) {
				for b.Loop() {
					if _, err := knn.SelfJoin(context.Background(), x, knn.Params{K: shape.k, Metric: shape.metric, Kernel: path}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkQuery(b *testing.B) {
	x := gaussian(20000, 384, 7)
	for b.Loop() {
		if _, _, err := knn.Query(context.Background(), x, x.Row(5), knn.Params{K: 10, Metric: catalog.Cosine}, []int32{5}); err != nil {
			b.Fatal(err)
		}
	}
}
