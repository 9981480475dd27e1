package projection

import (
	"context"
	"testing"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
)

// An epoch of a layout of 12,000 rows in its middle, on one thread.
func BenchmarkStep(b *testing.B) {
	const n, d = 12_000, 3
	x := knn.Matrix{Rows: n, Dims: d, Data: make([]float32, n*d)}
	for i := range x.Data {
		x.Data[i] = float32(noise(3, i)) + float32(i/d%40)
	}
	t, err := knn.SelfJoin(context.Background(), x, knn.Params{K: 14, Metric: catalog.Euclidean})
	if err != nil {
		b.Fatal(err)
	}
	on := Machine{Threads: 1}
	start, err := PCA(context.Background(), x, 2, false, on)
	if err != nil {
		b.Fatal(err)
	}
	a, c := Curve(0.1, 1)
	e := NewEngine(NewGraph(t, 15, on).pruned(200), start.scaled(10, 1e-4, 1), a, c, 1, on)
	for epoch := range 50 {
		e.Step(rate(epoch, 200))
	}
	for b.Loop() {
		e.Step(0.2)
	}
}
