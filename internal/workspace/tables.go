package workspace

import (
	"context"
	"log/slog"
	"runtime"
	"sync"
	"time"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/kernel"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/jobs"
)

// tableName is what the file of a table is called.
func tableName(content string, metric catalog.Metric) string { return content + "-" + string(metric) }

// tableLength is how many neighbours a table gets that is asked for k: one more, to see ties at k, and
// then up to a multiple of sixteen, so that a slightly larger k needs no new table.
func tableLength(k, rows int) int { return min((k+1+15)/16*16, rows-1) }

// table gives the neighbour table of x with at least min(k+1, rows−1) neighbours a row, kept or made.
func (w *Workspace) table(ctx context.Context, x knn.Matrix, content, matrix string, metric catalog.Metric, k int, report jobs.Report, stage string) (*knn.Table, error) {
	report(stage, 0)
	if t := w.keptTable(ctx, content, metric, min(k+1, x.Rows-1)); t != nil && t.Rows == x.Rows {
		report(stage, 1)
		return t, nil
	}
	began := time.Now()
	t, err := knn.SelfJoin(ctx, x, knn.Params{K: tableLength(k, x.Rows), Metric: metric, Threads: w.machine.Threads, Kernel: w.machine.Kernel,
		Progress: func(done, total int64) { report(stage, float64(done)/float64(total)) }})
	if err != nil {
		return nil, err
	}
	w.adding.RLock()
	defer w.adding.RUnlock()
	if err := w.files.PutTable(tableName(content, metric), t); err != nil {
		return nil, err
	}
	note := catalog.NeighbourTable{Content: content, Matrix: matrix, Metric: metric, K: t.K, TookS: time.Since(began).Seconds(), Kernel: kernel.Portable, Threads: w.machine.Threads}
	if w.machine.Kernel != nil {
		note.Kernel = w.machine.Kernel.Name
	}
	if note.Threads == 0 {
		note.Threads = runtime.GOMAXPROCS(0)
	}
	if err := w.book.Update(ctx, func(tx Tx) error { return tx.PutNeighbourTable(note, now()) }); err != nil {
		return nil, err
	}
	w.tables.put(tableName(content, metric), t)
	return t, nil
}

// keptTable gives a table with at least k neighbours if one is kept and sound; a damaged file is told
// in the log and made anew by the caller.
func (w *Workspace) keptTable(ctx context.Context, content string, metric catalog.Metric, k int) *knn.Table {
	name := tableName(content, metric)
	if t := w.tables.get(name); t != nil && t.K >= k {
		return t
	}
	var note catalog.NeighbourTable
	var ok bool
	err := w.book.View(ctx, func(tx Tx) (err error) { note, ok, err = tx.NeighbourTable(content, metric); return err })
	if err != nil || !ok || note.K < k {
		return nil
	}
	t, err := w.files.Table(name)
	if err != nil {
		slog.Warn("a kept neighbour table cannot be read and is made anew", "table", name, "error", err)
		return nil
	}
	w.tables.put(name, t)
	return t
}

// tableCache keeps the tables that were used last.
type tableCache struct {
	mu    sync.Mutex
	names []string // oldest first
	kept  map[string]*knn.Table
}

const keptTables = 4

func (c *tableCache) get(name string) *knn.Table {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.kept[name]
}

func (c *tableCache) put(name string, t *knn.Table) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.kept == nil {
		c.kept = map[string]*knn.Table{}
	}
	if _, ok := c.kept[name]; !ok {
		c.names = append(c.names, name)
	}
	c.kept[name] = t
	if len(c.names) > keptTables {
		delete(c.kept, c.names[0])
		c.names = c.names[1:]
	}
}
