package knn_test

import (
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
)

// What a join really holds, sampled while it runs, stays within what Memory says.
func TestAJoinStaysWithinItsMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("the race detector needs memory of its own")
	}
	defer debug.SetGCPercent(debug.SetGCPercent(10))
	for _, shape := range []struct{ n, d int }{{40_000, 32}, {15_000, 300}} {
		x := lowRank(shape.n, shape.d, 12, 0.1, 3)
		for _, set := range paths()[1:] {
			p := knn.Params{K: 16, Metric: catalog.Cosine, Kernel: set}
			var before runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			done := make(chan struct{})
			most := make(chan uint64)
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
					case <-time.After(5 * time.Millisecond):
					}
				}
			}()
			if _, err := knn.SelfJoin(t.Context(), x, p); err != nil {
				t.Fatal(err)
			}
			close(done)
			held, said := int64(<-most-before.HeapAlloc), knn.Memory(shape.n, shape.d, p)
			if held > said {
				t.Errorf("%s, %d×%d: %d MB held, %d said", pathName(set), shape.n, shape.d, held>>20, said>>20)
			}
			if said > 8*held {
				t.Errorf("%s, %d×%d: only %d MB held, %d said", pathName(set), shape.n, shape.d, held>>20, said>>20)
			}
		}
	}
}
