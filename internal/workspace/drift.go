package workspace

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/measure"
	"github.com/pentoai/vectory/internal/compute/random"
	"github.com/pentoai/vectory/internal/jobs"
	"github.com/pentoai/vectory/internal/wire"
)

const (
	novelAsked = 1000 // rows of B that are looked up in A
	novelShown = 10
	novelSeed  = 0x6e6f_7665_6c
)

// Drift compares two spaces as samples of one: other items, the same model. It gives the result or the job that
// makes it.
func (w *Workspace) Drift(ctx context.Context, nameA, nameB string) (wire.DriftReply, error) {
	var a, b side
	err := w.book.View(ctx, func(tx Tx) (err error) {
		if a, err = lookUp(tx, nameA, ""); err != nil {
			return err
		}
		b, err = lookUp(tx, nameB, "")
		return err
	})
	if err != nil {
		return wire.DriftReply{}, err
	}
	if a.space.Dims != b.space.Dims {
		return wire.DriftReply{}, catalog.Errorf(catalog.Invalid, "'%s' has %d dimensions and '%s' has %d: they are no samples of one space", nameA, a.space.Dims, nameB, b.space.Dims).
			WithHint("drift compares items of one model; to compare two models of the same items: vectory compare")
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "drift %d %s %d %s %d", engineVersion, a.space.SHA256, a.space.Rows, b.space.SHA256, b.space.Rows))
	key := hex.EncodeToString(sum[:])
	if kept, ok := w.drifts.get(key); ok {
		kept.A, kept.B = nameA, nameB
		return wire.DriftReply{Drift: &kept}, nil
	}
	job, err := w.jobs.Submit(jobs.Wanted{Kind: "drift", Title: nameA + " to " + nameB, Same: key, Small: small(a, b)}, func(ctx context.Context, report jobs.Report) (string, error) {
		drift, err := w.makeDrift(ctx, a, b, report)
		if err == nil {
			w.drifts.put(key, drift)
		}
		return key, err
	})
	return wire.DriftReply{Job: &job}, err
}

func (w *Workspace) makeDrift(ctx context.Context, a, b side, report jobs.Report) (wire.Drift, error) {
	drift := wire.Drift{A: a.space.Name, B: b.space.Name, Rows: [2]int{a.space.Rows, b.space.Rows}, Dims: a.space.Dims, Warnings: []string{}}
	if a.space.SHA256 == b.space.SHA256 && a.space.Rows == b.space.Rows {
		drift.Warnings = append(drift.Warnings, "both hold the same vectors: every row of B has itself in A, which a classifier takes for the other sample")
	}
	xa, releaseA, err := w.files.Matrix(a.space.SHA256, a.space.Rows, a.space.Dims)
	if err != nil {
		return drift, err
	}
	defer releaseA()
	xb, releaseB, err := w.files.Matrix(b.space.SHA256, b.space.Rows, b.space.Dims)
	if err != nil {
		return drift, err
	}
	defer releaseB()
	report("two samples", 0)
	results, err := measure.Drift(ctx, xa, xb, w.measuring())
	if err != nil {
		return drift, err
	}
	drift.Measures = wireMeasures(results)
	report("what is new", 0.7)
	drift.Novel, err = w.novel(ctx, b, xa, xb)
	return drift, err
}

// novel gives the rows of B that lie farthest from anything in A. Of many rows a sample is looked up.
func (w *Workspace) novel(ctx context.Context, b side, xa, xb knn.Matrix) ([]wire.Novel, error) {
	rows := random.New(novelSeed).Permutation(xb.Rows)
	rows = rows[:min(novelAsked, len(rows))]
	slices.Sort(rows)
	_, distances, err := knn.Query(ctx, xa, gather(xb, rows).Data, knn.Params{K: 1, Metric: catalog.Euclidean, Threads: w.machine.Threads, Kernel: w.machine.Kernel}, nil)
	if err != nil {
		return nil, err
	}
	order := upTo(len(rows))
	slices.SortStableFunc(order, func(i, j int32) int { return cmp.Compare(distances[j], distances[i]) })
	open, err := w.open(ctx, NeighboursOf{Space: b.space.Name})
	if err != nil {
		return nil, err
	}
	defer open.release()
	list := []wire.Novel{}
	for _, i := range order[:min(novelShown, len(order))] {
		list = append(list, wire.Novel{Row: rows[i], ID: open.ids(rows[i]), Distance: distances[i]})
	}
	return list, nil
}
