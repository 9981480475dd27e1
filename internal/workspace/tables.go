package workspace

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"runtime"
	"slices"
	"time"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/kernel"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/random"
	"github.com/pentoai/vectory/internal/jobs"
)

// tableName is what the file of a table is called.
func tableName(content string, metric catalog.Metric) string { return content + "-" + string(metric) }

// tableLength is how many neighbours a table gets that is asked for k: one more, to see ties at k, and
// then up to a multiple of sixteen, so that a slightly larger k needs no new table.
func tableLength(k, rows int) int { return min((k+1+15)/16*16, rows-1) }

// tableOf says which neighbours are wanted: at least min(k+1, rows−1) of each row of x, or of a sample.
type tableOf struct {
	x       knn.Matrix
	content string // what x is: the matrix's sha256, or the hash of a selection of its rows
	matrix  string // sha256 of the stored matrix
	metric  catalog.Metric
	k       int
	sample  int // rows looked up; 0: all
	stage   string
	by      *searching     // nil: the daemon itself looks
	before  *time.Duration // nil, or given what earlier runs had spent on the table that this one goes on with
}

// key is what the table is kept under.
func (o tableOf) key() string {
	if o.sample == 0 && o.by == nil {
		return o.content
	}
	text := fmt.Appendf(nil, "%s sample %d", o.content, o.sample)
	if o.by != nil {
		text = fmt.Appendf(text, " by %s of %s, %s", o.by.index.InCluster, o.by.index.Cluster, o.by.index.CreatedAt)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// sampleSeed fixes which rows are a sample: the same in both spaces, today and tomorrow.
const sampleSeed = 0x7361_6d70_6c65 // "sample"

// sampleOf draws m of n rows without replacement, rising.
func sampleOf(n, m int) []int32 {
	rows := make([]int32, m)
	for i, row := range random.New(sampleSeed).Permutation(n)[:m] {
		rows[i] = int32(row)
	}
	slices.Sort(rows)
	return rows
}

// table gives a neighbour table, kept or made. Release it when nothing reads it any more.
func (w *Workspace) table(ctx context.Context, of tableOf, report jobs.Report) (t *knn.Table, release func(), err error) {
	report(of.stage, 0)
	if t, release := w.wantedTable(ctx, of); t != nil {
		report(of.stage, 1)
		return t, release, nil
	}
	making := w.making
	if fewRows(of.x.Rows, of.x.Dims) {
		making = w.makingSmall
	}
	select { // one at a time: two would need twice the memory, and may be the same
	case making <- struct{}{}:
		defer func() { <-making }()
	case <-ctx.Done():
		return nil, nil, context.Cause(ctx)
	}
	if t, release := w.wantedTable(ctx, of); t != nil {
		report(of.stage, 1)
		return t, release, nil
	}
	began := time.Now()
	var before time.Duration
	params := knn.Params{K: tableLength(of.k, of.x.Rows), Metric: of.metric, Threads: w.machine.Threads, Kernel: w.machine.Kernel, Yield: w.urgent.wait,
		Progress: func(done, total int64) { report(of.stage, float64(done)/float64(total)) }}
	if of.sample > 0 {
		params.Queries = sampleOf(of.x.Rows, of.sample)
	}
	need := knn.Memory(of.x.Rows, of.x.Dims, params)
	if of.by != nil { // an index looks: the lists are all that is kept here
		need = int64(params.K) * 8 * int64(of.x.Rows)
		if of.sample > 0 {
			need = int64(params.K) * 8 * int64(of.sample)
		}
	}
	if w.machine.Memory > 0 && need > w.machine.Memory {
		return nil, nil, tooLarge(of, need, w.machine.Memory)
	}
	w.roomFor(need)
	if of.by != nil {
		t, err = w.searchedTable(ctx, of, params)
	} else {
		w.resumable(&params, tableName(of.key(), of.metric))
		t, err = knn.SelfJoin(ctx, of.x, params)
		before = spentBefore(params)
	}
	if err != nil {
		return nil, nil, err
	}
	if of.before != nil {
		*of.before += before
	}
	w.adding.RLock()
	defer w.adding.RUnlock()
	if err := w.files.PutTable(tableName(of.key(), of.metric), t); err != nil {
		return nil, nil, err
	}
	note := catalog.NeighbourTable{Content: of.key(), Matrix: of.matrix, Metric: of.metric, K: t.K, Queries: of.sample,
		TookS: (before + time.Since(began)).Seconds(), Kernel: kernel.Portable, Threads: w.machine.Threads}
	if w.machine.Kernel != nil {
		note.Kernel = w.machine.Kernel.Name
	}
	if note.Threads == 0 {
		note.Threads = runtime.GOMAXPROCS(0)
	}
	if err := w.book.Update(ctx, func(tx Tx) error { return tx.PutNeighbourTable(note, now()) }); err != nil {
		return nil, nil, err
	}
	if err := w.files.DropPartial(tableName(of.key(), of.metric)); err != nil {
		slog.Warn("the partial result of a search that has ended is still there", "error", err)
	}
	return t, func() {}, nil
}

// wantedTable gives the table if it is kept; nil else.
func (w *Workspace) wantedTable(ctx context.Context, of tableOf) (t *knn.Table, release func()) {
	t, release = w.keptTable(ctx, of.key(), of.metric, min(of.k+1, of.x.Rows-1))
	if t != nil && t.Rows != of.x.Rows {
		release()
		return nil, nil
	}
	return t, release
}

// resumable lets a join go on where an earlier one of the same table was cut off, and keeps how far it comes.
// That it cannot be kept does not end it.
func (w *Workspace) resumable(params *knn.Params, table string) {
	every := w.machine.Checkpoint
	if every == 0 {
		return
	}
	if params.Resume = w.files.Partial(table); params.Resume != nil {
		slog.Info("a search for neighbours that was cut off goes on", "table", table, "tiles", params.Resume.Tiles)
	}
	began := time.Now()
	last := began
	params.Checkpoint = func(save func() *knn.Partial) {
		if time.Since(last) < every {
			return
		}
		partial := save()
		partial.Spent = int64(spentBefore(*params) + time.Since(began))
		if err := w.files.PutPartial(table, partial); err != nil {
			slog.Warn("how far a search for neighbours has come cannot be kept", "table", table, "error", err)
		}
		last = time.Now()
	}
}

// spentBefore is the time of the runs that a join has gone on from.
func spentBefore(params knn.Params) time.Duration {
	if params.Resume == nil || !params.Resume.Used {
		return 0
	}
	return time.Duration(params.Resume.Spent)
}

func tooLarge(of tableOf, need, most int64) error {
	e := catalog.Errorf(catalog.TooLarge, "%s: %d rows of %d dimensions need up to %.1f GB of memory, and the cap is %.1f GB", of.stage, of.x.Rows, of.x.Dims, float64(need)/1e9, float64(most)/1e9)
	return e.WithHint("raise VECTORY_MEMORY and restart with: vectory stop")
}

// keptTable gives a table with at least k neighbours if one is kept and sound, nil else; a damaged file
// is told in the log and made anew by the caller.
func (w *Workspace) keptTable(ctx context.Context, key string, metric catalog.Metric, k int) (t *knn.Table, release func()) {
	if !w.hasTable(ctx, key, metric, k) {
		return nil, nil
	}
	t, release, err := w.files.Table(tableName(key, metric))
	if err != nil {
		slog.Warn("a kept neighbour table cannot be read and is made anew", "table", tableName(key, metric), "error", err)
		return nil, nil
	}
	return t, release
}

// hasTable reports whether a table with at least k neighbours stands in the book.
func (w *Workspace) hasTable(ctx context.Context, key string, metric catalog.Metric, k int) bool {
	var note catalog.NeighbourTable
	var ok bool
	err := w.book.View(ctx, func(tx Tx) (err error) { note, ok, err = tx.NeighbourTable(key, metric); return err })
	return err == nil && ok && note.K >= k
}
