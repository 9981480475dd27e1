package workspace

import (
	"context"
	"log/slog"
	"math"
	"runtime"
	"time"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/measure"
	"github.com/pentoai/vectory/internal/jobs"
)

// checkSample refuses a sample that says nothing.
func checkSample(sample int, exact bool) error {
	switch {
	case sample == 0:
		return nil
	case exact:
		return catalog.Errorf(catalog.Invalid, "a sample of %d rows and an exact score of all rows were asked for: choose one", sample)
	case sample < measure.MinSample:
		return catalog.Errorf(catalog.Invalid, "a sample of %d rows says nothing", sample).WithHint("take at least %d; 10000 give the mean to about ±0.003", measure.MinSample)
	}
	return nil
}

// ownSample is the sample that is taken when nobody named one and all rows would take too long.
func ownSample(rows int) int { return min(10_000, max(1000, rows/10)) }

// roughly is an upper estimate of the time of a full self-join, from what the kernels do on data that is
// hard for them: products of a pair of values per second and thread.
func (w *Workspace) roughly(rows, dims int) time.Duration {
	rate := 3e9 // plain Go
	if w.machine.Kernel != nil {
		rate = 35e9
		if w.machine.Kernel.MaxA == 127 { // whole 8-bit products
			rate = 80e9
		}
	}
	threads := w.machine.Threads
	if threads == 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	seconds := float64(rows) * float64(rows) / 2 * float64(dims) / rate / float64(threads)
	return time.Duration(seconds * float64(time.Second))
}

// slow reports whether both tables may take longer than anyone wants to wait unasked.
func (w *Workspace) slow(a, b tableOf) bool {
	return w.roughly(a.x.Rows, a.x.Dims)+w.roughly(b.x.Rows, b.x.Dims) > w.machine.Patience
}

// sampleFor decides whether two tables are made of all rows (0) or of a sample, because all would take
// longer than the patience of this machine. Where the rough estimate leaves it open, the sample itself is
// made and timed: the time of a join is that of its pairs.
func (w *Workspace) sampleFor(ctx context.Context, a, b tableOf, report jobs.Report) (sample int, full time.Duration, err error) {
	rows := a.x.Rows
	sample = ownSample(rows)
	var todo []tableOf
	var rough time.Duration
	for _, of := range []tableOf{a, b} {
		if !w.hasTable(ctx, of.key(), of.metric, min(of.k+1, rows-1)) {
			todo = append(todo, of)
			rough += w.roughly(rows, of.x.Dims)
		}
	}
	if rough <= w.machine.Patience || sample >= rows {
		return 0, 0, nil
	}
	first := todo[0]
	first.sample, first.stage = sample, "a sample of "+first.stage
	var began, last time.Time // of the pairs: what comes before is done once, whatever the sample
	_, release, err := w.table(ctx, first, func(stage string, share float64) {
		if last = time.Now(); began.IsZero() && share > 0 {
			began = last
		}
		report(stage, share)
	})
	if err != nil {
		return 0, 0, err
	}
	release()
	var note catalog.NeighbourTable
	err = w.book.View(ctx, func(tx Tx) (err error) { note, _, err = tx.NeighbourTable(first.key(), first.metric); return err })
	if err != nil {
		return 0, 0, err
	}
	took := math.Min(last.Sub(began).Seconds(), note.TookS)
	if took <= 0 { // it was kept
		took = note.TookS
	}
	n, m := float64(rows), float64(sample)
	took *= n * n / 2 / (m*n - m*m/2) * rough.Seconds() / w.roughly(rows, first.x.Dims).Seconds()
	full = time.Duration(took * float64(time.Second))
	slog.Info("estimated a full comparison by a sample", "rows", rows, "sample", sample, "estimate_s", took)
	if full <= w.machine.Patience {
		return 0, full, nil
	}
	return sample, full, nil
}
