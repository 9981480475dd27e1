package workspace

import (
	"context"
	"fmt"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/projection"
)

// affordable refuses a layout that may need more memory than the cap, before it starts: the neighbours, one space after
// the other, where they are not kept; then the layout itself.
func (w *Workspace) affordable(ctx context.Context, l *laying) error {
	if w.machine.Memory <= 0 {
		return nil
	}
	var need int64
	rows, columns := l.sides[0].space.Rows, 0
	lists := max(l.K-1, projection.QualityK)
	if l.Method == "pacmap" {
		lists = projection.PaCMAPNeighbours(rows)
	}
	for _, s := range l.sides {
		rows, columns = min(rows, s.space.Rows), max(columns, s.space.Dims)
		if !w.hasTable(ctx, s.space.SHA256, s.metric, min(lists, s.space.Rows-1)) {
			need = max(need, knn.Memory(s.space.Rows, s.space.Dims, knn.Params{K: lists, Metric: s.metric, Kernel: w.machine.Kernel}))
		}
	}
	spaces := len(l.sides)
	if l.Method != "joint-umap" { // one after the other
		spaces = 1
	}
	switch l.Method {
	case "pca":
		lists = 0
	case "pacmap":
		lists = projection.NearFor(rows)
	}
	if need = max(need, projection.Memory(rows, columns, l.Dims, lists, spaces, byGraph(l.Layout))); need <= w.machine.Memory {
		w.roomFor(need)
		return nil
	}
	e := catalog.Errorf(catalog.TooLarge, "%s of %s: %d rows of %d dimensions need up to %s of memory, and the cap is %s", l.Method, l.title(), rows, columns, gigabytes(need), gigabytes(w.machine.Memory))
	return e.WithHint("raise VECTORY_MEMORY and restart with: vectory stop; or lay out a space of fewer of the rows")
}

// gigabytes is a size in words.
func gigabytes(n int64) string {
	if n < 1e8 {
		return fmt.Sprintf("%.3f GB", float64(n)/1e9)
	}
	return fmt.Sprintf("%.1f GB", float64(n)/1e9)
}
