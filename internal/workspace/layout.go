package workspace

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math"
	"slices"
	"strings"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/jobs"
	"github.com/pentoai/vectory/internal/wire"
)

// layoutEngine rises when the same request would give another layout.
const layoutEngine = 1

// layoutMethods are the ways to lay spaces out.
var layoutMethods = []string{"pca", "umap", "joint-umap"}

// laying is a layout that has been looked up and not yet made.
type laying struct {
	wire.Layout
	sides []side
	label string
}

// Layout gives the kept layout of a request, or starts it. The same request while it runs gives the one that runs.
func (w *Workspace) Layout(ctx context.Context, req wire.LayoutRequest) (wire.LayoutReply, error) {
	l, err := w.wantedLayout(ctx, req)
	if err != nil {
		return wire.LayoutReply{}, err
	}
	if kept, err := w.keptLayout(ctx, l.ID); err != nil || kept != nil {
		if kept != nil {
			kept.Spaces = l.Spaces // kept by content: the names are those asked for now
		}
		return wire.LayoutReply{Layout: kept}, err
	}
	running := w.layouts.begin(l.Layout)
	job, err := w.jobs.Submit("layout", strings.Join(l.Spaces, " with "), l.ID, func(ctx context.Context, report jobs.Report) (string, error) {
		err := w.makeLayout(ctx, l, running, report)
		w.layouts.end(running)
		return l.ID, err
	})
	if err != nil {
		w.layouts.end(running)
		return wire.LayoutReply{}, err
	}
	running.madeBy(job.ID)
	shown := running.look()
	return wire.LayoutReply{Layout: &shown, Job: &job}, nil
}

func (w *Workspace) wantedLayout(ctx context.Context, req wire.LayoutRequest) (*laying, error) {
	l := &laying{label: req.Label, Layout: wire.Layout{Spaces: req.Spaces, Method: req.Method, Dims: req.Dims, Seed: 42, K: req.K, Epochs: req.Epochs, MinDist: 0.1, State: "running", CreatedAt: now()}}
	if req.Seed != nil {
		l.Seed = *req.Seed
	}
	if req.MinDist != nil {
		l.MinDist = *req.MinDist
	}
	if len(req.Spaces) < 1 || len(req.Spaces) > 2 {
		return nil, catalog.Errorf(catalog.Invalid, "%s cannot be laid out together: one or two can", count(len(req.Spaces), "space"))
	}
	err := w.book.View(ctx, func(tx Tx) error {
		for _, name := range req.Spaces {
			s, err := lookUp(tx, name, req.Metric)
			if err != nil {
				return err
			}
			l.sides = append(l.sides, s)
			l.Metrics = append(l.Metrics, s.metric)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(l.sides) == 2 {
		if err := joinable(l.sides[0], l.sides[1]); err != nil {
			return nil, err
		}
	}
	if err := l.complete(); err != nil {
		return nil, err
	}
	l.ID = l.key()
	return l, nil
}

// complete fills in what was not said and refuses what cannot be.
func (l *laying) complete() error {
	if l.Method == "" {
		l.Method = "umap"
		if len(l.sides) == 2 {
			l.Method = "joint-umap"
		}
	}
	if l.Dims == 0 {
		l.Dims = 2
	}
	if l.K == 0 {
		l.K = 15
	}
	rows := l.sides[0].space.Rows
	for _, s := range l.sides {
		rows = min(rows, s.space.Rows)
	}
	switch {
	case !slices.Contains(layoutMethods, l.Method):
		e := catalog.Errorf(catalog.Invalid, "there is no method '%s'", l.Method)
		if near := catalog.Nearest(l.Method, layoutMethods, 1); len(near) > 0 {
			return e.WithHint("did you mean %s? The methods are: %s", near[0], strings.Join(layoutMethods, ", "))
		}
		return e.WithHint("the methods are: %s", strings.Join(layoutMethods, ", "))
	case l.Method == "joint-umap" && len(l.sides) != 2:
		return catalog.Errorf(catalog.Invalid, "joint-umap lays two spaces out together, and one is named").WithHint("name two, or use umap")
	case l.Dims != 2 && l.Dims != 3:
		return catalog.Errorf(catalog.Invalid, "a layout has 2 or 3 dimensions, not %d", l.Dims)
	case l.K < 2 || l.K > 200:
		return catalog.Errorf(catalog.Invalid, "k=%d is not between 2 and 200", l.K)
	case rows > 2 && l.K > rows && l.K != 15:
		return catalog.Errorf(catalog.Invalid, "k=%d counts the row itself, and there are %d rows", l.K, rows).WithHint("the largest k is %d", rows)
	case l.Epochs < 0 || l.Epochs > 10_000:
		return catalog.Errorf(catalog.Invalid, "%d epochs cannot be: 1 to 10000", l.Epochs)
	case !(l.MinDist >= 0 && l.MinDist <= 1):
		return catalog.Errorf(catalog.Invalid, "min_dist=%g is not between 0 and 1", l.MinDist)
	}
	l.K = min(l.K, max(rows, 2))
	if l.Method == "pca" {
		l.K, l.Epochs, l.MinDist = 0, 0, 0
	}
	if l.label == "" {
		return nil
	}
	c := &comparing{a: l.sides[0], b: l.sides[len(l.sides)-1]}
	if c.columnSide(l.label) == nil {
		return catalog.Errorf(catalog.Invalid, "no column '%s'", l.label).WithHint("the columns are: %s", strings.Join(c.columns(), ", "))
	}
	return nil
}

// key is a hash over everything that decides the layout; names do not.
func (l *laying) key() string {
	parts := []any{layoutEngine, l.Method, l.Dims, l.Seed, l.K, l.Epochs, l.MinDist, l.label}
	for _, s := range l.sides {
		var dataset, ids string
		if s.dataset != nil {
			dataset, ids = s.dataset.SHA256, idColumn(*s.dataset)
		}
		parts = append(parts, s.space.SHA256, s.space.Rows, s.space.Dims, s.metric, dataset, ids)
	}
	text, err := json.Marshal(parts)
	if err != nil {
		panic(err) // strings and numbers only
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

func (w *Workspace) keptLayout(ctx context.Context, key string) (*wire.Layout, error) {
	var row catalog.KeptLayout
	var ok bool
	if err := w.book.View(ctx, func(tx Tx) (err error) { row, ok, err = tx.Layout(key); return err }); err != nil || !ok {
		return nil, err
	}
	var kept wire.Layout
	return &kept, json.Unmarshal(row.Summary, &kept)
}

// ShowLayout gives a layout, kept or running.
func (w *Workspace) ShowLayout(ctx context.Context, id string) (wire.Layout, error) {
	if run := w.layouts.find(id); run != nil {
		return run.look(), nil
	}
	kept, err := w.keptLayout(ctx, id)
	if err != nil {
		return wire.Layout{}, err
	}
	if kept == nil {
		return wire.Layout{}, catalog.Errorf(catalog.NotFound, "there is no layout %q", id).WithHint("make one: vectory project SPACE, or POST layouts")
	}
	return *kept, nil
}

// Layouts lists the kept ones, newest first, those that run before them.
func (w *Workspace) Layouts(ctx context.Context) ([]wire.Layout, error) {
	list := w.layouts.running()
	err := w.book.View(ctx, func(tx Tx) error {
		kept, err := tx.Layouts()
		for _, k := range kept {
			var l wire.Layout
			if err := json.Unmarshal(k.Summary, &l); err != nil {
				return err
			}
			list = append(list, l)
		}
		return err
	})
	return list, err
}

// DeleteLayout forgets a layout.
func (w *Workspace) DeleteLayout(ctx context.Context, id string) (wire.Deleted, error) {
	var there bool
	if err := w.forget(ctx, func(tx Tx) (err error) { there, err = tx.DeleteLayout(id); return err }); err != nil {
		return wire.Deleted{}, err
	}
	if !there {
		return wire.Deleted{}, catalog.Errorf(catalog.NotFound, "there is no kept layout %q", id)
	}
	return wire.Deleted{Deleted: []wire.Thing{{Kind: "layout", Name: id}}}, nil
}

// Frame is a column of a layout: n×Width values, floats or integers.
type Frame struct {
	Rows, Width int
	Floats      []float32
	Integers    []int32
}

// LayoutColumn gives coords_a or coords_b of a layout that is kept or runs, or another column of a kept one.
func (w *Workspace) LayoutColumn(ctx context.Context, id, name string) (Frame, error) {
	l, err := w.ShowLayout(ctx, id)
	if err != nil {
		return Frame{}, err
	}
	if name == "coords" {
		return w.bothSides(ctx, l)
	}
	side, coords := strings.CutPrefix(name, "coords_")
	if run := w.layouts.find(id); run != nil && coords {
		return run.frame(side)
	}
	if l.State != "done" {
		return Frame{}, catalog.Errorf(catalog.Conflict, "the layout is not done yet").WithHint("coords_a and coords_b can be looked at meanwhile")
	}
	if l.Rows == 0 {
		return Frame{Width: l.Dims, Floats: []float32{}}, nil
	}
	columns, err := w.files.Layout(id)
	if err != nil {
		return Frame{}, err
	}
	if coords {
		return joined(l, columns, side)
	}
	at := slices.Index(l.Columns, name)
	if at < 0 {
		return Frame{}, catalog.Errorf(catalog.Invalid, "the layout has no column '%s'", name).WithHint("coords_a, %s", strings.Join(l.Columns, ", "))
	}
	if strings.HasPrefix(name, "row_") || strings.HasPrefix(name, "missing_") || strings.HasPrefix(name, "false_") {
		return Frame{Rows: l.Rows, Width: 1, Integers: columns[at]}, nil
	}
	out := Frame{Rows: l.Rows, Width: 1, Floats: make([]float32, l.Rows)}
	for i, bits := range columns[at] {
		out.Floats[i] = math.Float32frombits(uint32(bits))
	}
	return out, nil
}

// bothSides puts the coordinates of all spaces of a layout beside each other: n×dims, or n×2·dims.
func (w *Workspace) bothSides(ctx context.Context, l wire.Layout) (Frame, error) {
	a, err := w.LayoutColumn(ctx, l.ID, "coords_a")
	if err != nil || len(l.Spaces) == 1 {
		return a, err
	}
	b, err := w.LayoutColumn(ctx, l.ID, "coords_b")
	out := Frame{Rows: a.Rows, Width: a.Width + b.Width, Floats: make([]float32, 0, len(a.Floats)+len(b.Floats))}
	for i := range a.Rows {
		out.Floats = append(append(out.Floats, a.Floats[i*a.Width:(i+1)*a.Width]...), b.Floats[i*b.Width:(i+1)*b.Width]...)
	}
	return out, err
}

// joined puts the coordinates of a side together.
func joined(l wire.Layout, columns [][]int32, side string) (Frame, error) {
	out := Frame{Rows: l.Rows, Width: l.Dims, Floats: make([]float32, l.Rows*l.Dims)}
	for c := range l.Dims {
		at := slices.Index(l.Columns, []string{"x", "y", "z"}[c]+"_"+side)
		if at < 0 {
			return Frame{}, noSide(side)
		}
		for i, bits := range columns[at] {
			out.Floats[i*l.Dims+c] = math.Float32frombits(uint32(bits))
		}
	}
	return out, nil
}

func noSide(side string) error {
	return catalog.Errorf(catalog.Invalid, "the layout has no space '%s'", side).WithHint("coords_a, or of two spaces coords_b")
}

// ControlLayout pauses, resumes or cancels a running layout. None of it changes the result.
func (w *Workspace) ControlLayout(_ context.Context, id, action string) (wire.Layout, error) {
	run := w.layouts.find(id)
	if run == nil {
		return wire.Layout{}, catalog.Errorf(catalog.NotFound, "no layout %q runs", id)
	}
	switch action {
	case "pause", "resume":
		run.hold(action == "pause")
	case "cancel":
		run.hold(false)
		if _, err := w.jobs.Cancel(run.jobID()); err != nil {
			return wire.Layout{}, err
		}
	default:
		return wire.Layout{}, catalog.Errorf(catalog.Invalid, "a layout cannot be told to '%s'", action).WithHint("pause, resume or cancel")
	}
	return run.look(), nil
}
