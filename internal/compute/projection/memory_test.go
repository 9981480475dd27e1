package projection_test

import (
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/projection"
)

// What a layout really holds, sampled while it runs, stays within what Memory says.
func TestALayoutStaysWithinItsMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("it lays out 5,000 rows four times")
	}
	defer debug.SetGCPercent(debug.SetGCPercent(10))
	x := normal(rand.New(rand.NewPCG(3, 3)), 5_000, 8)
	on := projection.Machine{Kernel: best(t)}
	p := usual(1)
	p.Epochs = 30
	start, err := projection.PCA(t.Context(), x, 2, false, on)
	if err != nil {
		t.Fatal(err)
	}
	near := func(k int) *knn.Table {
		out, err := knn.SelfJoin(t.Context(), x, knn.Params{K: k, Metric: catalog.Euclidean, Kernel: best(t)})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	for name, of := range map[string]struct {
		k, lists, spaces int
		turns            bool
		lay              func(*knn.Table) error
	}{
		"umap": {14, 14, 1, true, func(n *knn.Table) error {
			_, err := projection.Run(t.Context(), projection.NewGraph(n, 15, on), start, p, on, nothing)
			return err
		}},
		"joint-umap": {14, 14, 2, true, func(n *knn.Table) error {
			graphs := []*projection.Graph{projection.NewGraph(n, 15, on), projection.NewGraph(n, 15, on)}
			_, err := projection.Joint(t.Context(), graphs, []projection.Layout{start}, p, on, nothing)
			return err
		}},
		"tsne": {90, 90, 1, false, func(n *knn.Table) error {
			_, err := projection.TSNE(t.Context(), projection.Affinities(n, 30, on), start, p, on, nothing)
			return err
		}},
		"pacmap": {projection.PaCMAPNeighbours(x.Rows), projection.NearFor(x.Rows), 1, false, func(n *knn.Table) error {
			_, err := projection.PaCMAP(t.Context(), x, catalog.Euclidean, n, start, p, on, nothing)
			return err
		}},
	} {
		n := near(of.k)
		var before runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		done, most := make(chan struct{}), make(chan uint64)
		go func() {
			var peak uint64
			for {
				var now runtime.MemStats
				runtime.ReadMemStats(&now)
				peak = max(peak, now.HeapAlloc)
				select {
				case <-done:
					most <- peak
					return
				case <-time.After(2 * time.Millisecond):
				}
			}
		}()
		if err := of.lay(n); err != nil {
			t.Fatal(err)
		}
		close(done)
		held, said := int64(<-most)-int64(before.HeapAlloc), projection.Memory(x.Rows, x.Dims, 2, of.lists, of.spaces, of.turns)
		t.Logf("%s: %d kB held, %d said", name, held>>10, said>>10)
		if held > said {
			t.Errorf("%s: %d kB held, %d said", name, held>>10, said>>10)
		}
		if said > 8*held {
			t.Errorf("%s: only %d kB held, %d said", name, held>>10, said>>10)
		}
		runtime.KeepAlive(n)
	}
}
