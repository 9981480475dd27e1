package projection

import (
	"testing"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/kernel"
	"github.com/pentoai/vectory/internal/compute/knn"
)

// An epoch of a layout of 7,600 rows by PaCMAP, on one thread: with the mid-near pairs, and without.
func BenchmarkMove(b *testing.B) {
	const n, d = 7_600, 3
	x := knn.Matrix{Rows: n, Dims: d, Data: make([]float32, n*d)}
	for i := range x.Data {
		x.Data[i] = float32(noise(3, i)) + float32(i/d%40)
	}
	t, err := knn.SelfJoin(b.Context(), x, knn.Params{K: PaCMAPNeighbours(n), Metric: catalog.Euclidean})
	if err != nil {
		b.Fatal(err)
	}
	set, err := kernel.Named("")
	if err != nil {
		b.Fatal(err)
	}
	m := &pairing{on: Machine{Threads: 1, Kernel: set}}
	for i := range n {
		m.rows = append(m.rows, int32(i))
	}
	start, err := PCA(b.Context(), x, 2, false, m.on)
	if err != nil {
		b.Fatal(err)
	}
	m.start(start, 1)
	m.pair(x, catalog.Euclidean, t, 1)
	for name, epoch := range map[string]int{"early": 100, "late": 300} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				m.move(epoch, pacmapEpochs)
			}
		})
	}
}
