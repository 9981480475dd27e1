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
	"github.com/pentoai/vectory/internal/compute/projection"
	"github.com/pentoai/vectory/internal/jobs"
	"github.com/pentoai/vectory/internal/wire"
)

// layoutEngine rises when the same request would give another layout.
const layoutEngine = 9

// layoutMethods are the ways to lay spaces out.
var layoutMethods = []string{"pca", "umap", "joint-umap", "anchored-umap", "tsne", "pacmap"}

// compat is the preset that begins (unless a start is named) and settles as umap-learn does.
const compat = "compat"

const (
	mostComponents = 1000 // of reduce
	mostTogether   = 16   // spaces of one layout: of joint-umap each is drawn to every other
	mostSteps      = 200  // of one that is anchored, as of a matrix
)

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
			kept.Spaces, kept.Timeline, kept.Steps = l.Spaces, l.Timeline, l.Steps // kept by content: the names are those asked for now
		}
		return wire.LayoutReply{Layout: kept}, err
	}
	if err := w.affordable(ctx, l); err != nil {
		return wire.LayoutReply{}, err
	}
	running := w.layouts.begin(l.Layout)
	job, err := w.jobs.Submit(jobs.Wanted{Kind: "layout", Title: l.title(), Same: l.ID, Small: small(l.sides...)}, func(ctx context.Context, report jobs.Report) (string, error) {
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
	l := &laying{label: req.Label, Layout: wire.Layout{Timeline: req.Timeline, Method: req.Method, Dims: req.Dims, Seed: 42, K: req.K, Epochs: req.Epochs, MinDist: 0.1, Perplexity: req.Perplexity, Start: req.Start, Reduce: req.Reduce, Preset: req.Preset, More: req.More, Supervise: req.Supervise, State: "running", CreatedAt: now()}}
	if req.Seed != nil {
		l.Seed = *req.Seed
	}
	if req.MinDist != nil {
		l.MinDist = *req.MinDist
	}
	if err := w.book.View(ctx, func(tx Tx) error { return l.find(tx, req) }); err != nil {
		return nil, err
	}
	for _, s := range l.sides[1:] {
		if err := joinable(l.sides[0], s); err != nil {
			return nil, err
		}
	}
	if err := l.complete(); err != nil {
		return nil, err
	}
	if err := w.checkStart(ctx, l); err != nil {
		return nil, err
	}
	l.ID = l.key()
	return l, nil
}

// find looks the spaces up: those that are named, or those of an experiment by step.
func (l *laying) find(tx Tx, req wire.LayoutRequest) error {
	var spaces []catalog.Space
	switch {
	case req.Timeline != "" && len(req.Spaces) > 0:
		return catalog.Errorf(catalog.Invalid, "spaces are named, and a timeline, which has its own").WithHint("name one or the other")
	case req.Timeline == "" && req.Dataset != "":
		return catalog.Errorf(catalog.Invalid, "a dataset is named, and no timeline whose steps are in it").WithHint("name an experiment, too: --timeline=NAME")
	case req.Timeline != "":
		var err error
		if spaces, err = stepsOf(tx, req.Timeline, req.Dataset); err != nil {
			return err
		}
		if len(spaces) == 0 {
			return catalog.Errorf(catalog.Invalid, "experiment '%s' has no space with a step%s", req.Timeline, ofDataset(req.Dataset)).WithHint("say --step=N when you add a space")
		}
		if err := oneAStep(req.Timeline, spaces, "vectory project SPACE SPACE… --method anchored-umap"); err != nil {
			return err
		}
	case len(req.Spaces) == 0:
		return catalog.Errorf(catalog.Invalid, "no space is named").WithHint("name one, or several to lay out together; vectory ls spaces lists them")
	}
	for _, name := range req.Spaces {
		s, err := mustSpace(tx, name)
		if err != nil {
			return err
		}
		spaces = append(spaces, s)
	}
	for _, space := range spaces {
		s, err := sideOf(tx, space, req.Metric)
		if err != nil {
			return err
		}
		l.sides = append(l.sides, s)
		l.Spaces, l.Steps, l.Metrics = append(l.Spaces, space.Name), append(l.Steps, space.Step), append(l.Metrics, s.metric)
	}
	return nil
}

// title is what a job is called.
func (l *laying) title() string {
	if l.Timeline != "" {
		return "the steps of " + l.Timeline
	}
	return strings.Join(l.Spaces, " with ")
}

// anchored tells whether each space is laid out after the one before it, and held to it.
func anchored(l wire.Layout) bool { return l.Method == "anchored-umap" }

// complete fills in what was not said and refuses what cannot be.
func (l *laying) complete() error {
	if l.Method == "" {
		switch {
		case l.Timeline != "":
			l.Method = "anchored-umap"
		case len(l.sides) > 1:
			l.Method = "joint-umap"
		default:
			l.Method = "umap"
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
	case l.Method == "joint-umap" && len(l.sides) < 2:
		return catalog.Errorf(catalog.Invalid, "joint-umap lays two spaces out together, or more, and one is named").WithHint("name two, or use umap")
	case anchored(l.Layout) && len(l.sides) > mostSteps:
		return catalog.Errorf(catalog.Invalid, "%s cannot be laid out one after the other: at most %d can", count(len(l.sides), "space"), mostSteps)
	case !anchored(l.Layout) && len(l.sides) > mostTogether:
		return catalog.Errorf(catalog.Invalid, "%s cannot be laid out together: at most %d can", count(len(l.sides), "space"), mostTogether).WithHint("anchored-umap lays up to %d out one after the other", mostSteps)
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
	if l.Reduce != 0 && (l.Method == "pca" || l.Reduce < 2 || l.Reduce > mostComponents) {
		return catalog.Errorf(catalog.Invalid, "%s of %d principal components cannot be", l.Method, l.Reduce).WithHint("2 to %d, of any method but pca", mostComponents)
	}
	if l.Supervise != "" && !byGraph(l.Layout) {
		return catalog.Errorf(catalog.Invalid, "%s is not supervised by a column", l.Method).WithHint("umap, joint-umap and anchored-umap can be")
	}
	switch {
	case l.Preset != "" && l.Preset != compat:
		return catalog.Errorf(catalog.Invalid, "there is no preset '%s'", l.Preset).WithHint("there is one: compat")
	case l.Preset != "" && !byGraph(l.Layout):
		return catalog.Errorf(catalog.Invalid, "%s has no preset", l.Method).WithHint("compat is of umap, joint-umap and anchored-umap")
	case l.More < 0 || l.More > 10_000:
		return catalog.Errorf(catalog.Invalid, "%d more epochs cannot be: 1 to 10000", l.More)
	case l.More > 0 && !slices.Contains([]string{"umap", "joint-umap", "tsne"}, l.Method):
		return catalog.Errorf(catalog.Invalid, "%s does not go on", l.Method).WithHint("umap, joint-umap and tsne do")
	}
	if err := l.fit(rows); err != nil {
		return err
	}
	c := &comparing{a: l.sides[0], b: l.sides[len(l.sides)-1]}
	for _, column := range []string{l.label, l.Supervise} {
		if column != "" && c.columnSide(column) == nil {
			return catalog.Errorf(catalog.Invalid, "no column '%s'", column).WithHint("the columns are: %s", strings.Join(c.columns(), ", "))
		}
	}
	return nil
}

// byGraph tells whether it is a UMAP, of one space or more.
func byGraph(l wire.Layout) bool { return strings.HasSuffix(l.Method, "umap") }

// fit takes what was asked to so many rows, and sets to 0 what the method does not read.
func (l *laying) fit(rows int) error {
	l.K = min(l.K, max(rows, 2))
	if l.More > 0 {
		l.Epochs, l.Preset = 0, "" // they say how it came to be
	}
	if l.Preset == compat && l.Method == "umap" && l.Start == "" {
		l.Start = spectralStart
	}
	switch l.Method {
	case "pca":
		l.K, l.Epochs, l.MinDist, l.Perplexity = 0, 0, 0, 0
	case "tsne":
		return l.fitPerplexity(rows)
	case "pacmap":
		l.K, l.MinDist, l.Perplexity = projection.NearFor(rows)+1, 0, 0
	default:
		l.Perplexity = 0
	}
	return nil
}

func (l *laying) fitPerplexity(rows int) error {
	most := math.Min(projection.LargestPerplexity(max(rows, smallestGraph)), 200)
	switch {
	case l.Dims != 2:
		return catalog.Errorf(catalog.Invalid, "tsne lays out in 2 dimensions, not %d", l.Dims).WithHint("umap and pca do it in 3")
	case l.Perplexity == 0:
		l.Perplexity = math.Min(projection.DefaultPerplexity, most)
	case !(l.Perplexity >= 1):
		return catalog.Errorf(catalog.Invalid, "the perplexity %g is below 1", l.Perplexity).WithHint("it is about how many neighbours each row looks at: 5 to 50, usually")
	case l.Perplexity > most:
		return catalog.Errorf(catalog.Invalid, "the perplexity %g is too large for %s", l.Perplexity, count(rows, "row")).WithHint("the largest is %g: a third of the other rows, and 200 at most", math.Floor(100*most)/100)
	}
	l.K, l.MinDist = projection.NeighboursFor(l.Perplexity)+1, 0
	return nil
}

// key is a hash over everything that decides the layout; names do not.
func (l *laying) key() string {
	return l.keyOf(l.sides)
}

func (l *laying) keyOf(sides []side) string {
	parts := []any{layoutEngine, l.Method, l.Dims, l.Seed, l.K, l.Epochs, l.MinDist, l.Perplexity, l.Start, l.Reduce, l.Preset, l.More, l.Supervise, l.label}
	for _, s := range sides {
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

// WatchLayout gives a layout with the places of each of its spaces as they are now: none before there are any.
// changed is closed when there is something newer; nil: the layout is done, and LayoutColumn gives it in full.
func (w *Workspace) WatchLayout(ctx context.Context, id string) (l wire.Layout, places []Frame, changed <-chan struct{}, err error) {
	if run := w.layouts.find(id); run != nil {
		l, places, changed = run.watch()
		return l, places, changed, nil
	}
	l, err = w.ShowLayout(ctx, id)
	return l, nil, nil, err
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
		return w.allSides(l)
	}
	side, coords := strings.CutPrefix(name, "coords_")
	rowsOf, rows := strings.CutPrefix(name, "row_")
	if run := w.layouts.find(id); run != nil && (coords || rows) {
		if rows {
			return run.rowsOf(rowsOf)
		}
		return run.frame(side)
	}
	if l.State != "done" {
		return Frame{}, catalog.Errorf(catalog.Conflict, "the layout is not done yet").WithHint("coords_a, coords_b, row_a and row_b can be looked at meanwhile")
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
		return Frame{}, catalog.Errorf(catalog.Invalid, "the layout has no column '%s'", name).WithHint("coords, coords_a, %s", strings.Join(l.Columns, ", "))
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

// allSides puts the coordinates of all spaces of a layout beside each other: n×spaces·dims.
func (w *Workspace) allSides(l wire.Layout) (Frame, error) {
	var sides []Frame
	if run := w.layouts.find(l.ID); run != nil {
		_, sides, _ = run.watch()
		if sides == nil {
			return Frame{}, nothingYet()
		}
		return beside(sides), nil
	}
	if l.Rows == 0 {
		return Frame{Width: l.Dims * len(l.Spaces), Floats: []float32{}}, nil
	}
	columns, err := w.files.Layout(l.ID)
	if err != nil {
		return Frame{}, err
	}
	for i := range l.Spaces {
		f, err := joined(l, columns, wire.LayoutSide(i))
		if err != nil {
			return Frame{}, err
		}
		sides = append(sides, f)
	}
	return beside(sides), nil
}

// beside is frames of the same rows side by side.
func beside(sides []Frame) Frame {
	out := Frame{Rows: sides[0].Rows}
	for _, f := range sides {
		out.Width += f.Width
	}
	out.Floats = make([]float32, 0, out.Rows*out.Width)
	for i := range out.Rows {
		for _, f := range sides {
			out.Floats = append(out.Floats, f.Floats[i*f.Width:(i+1)*f.Width]...)
		}
	}
	return out
}

// joined puts the coordinates of a side together.
func joined(l wire.Layout, columns [][]int32, side string) (Frame, error) {
	out := Frame{Rows: l.Rows, Width: l.Dims, Floats: make([]float32, l.Rows*l.Dims)}
	for c := range l.Dims {
		at := slices.Index(l.Columns, []string{"x", "y", "z"}[c]+"_"+side)
		if at < 0 {
			return Frame{}, noSide(side, len(l.Spaces))
		}
		for i, bits := range columns[at] {
			out.Floats[i*l.Dims+c] = math.Float32frombits(uint32(bits))
		}
	}
	return out, nil
}

func noSide(side string, spaces int) error {
	return catalog.Errorf(catalog.Invalid, "the layout has no space '%s'", side).WithHint("it has %s: coords_a to coords_%s", count(spaces, "space"), wire.LayoutSide(spaces-1))
}

func nothingYet() error {
	return catalog.Errorf(catalog.Unavailable, "there is nothing to see yet").WithHint("ask again in a moment")
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
