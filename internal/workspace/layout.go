package workspace

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/projection"
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

// work is what the making of one layout reads and writes.
type work struct {
	*laying
	w      *Workspace
	run    *runningLayout
	report jobs.Report
	x      []knn.Matrix
	tables []*knn.Table
	join   *join // of two spaces; nil: one
	made   []projection.Layout
}

func (w *Workspace) makeLayout(ctx context.Context, l *laying, run *runningLayout, report jobs.Report) error {
	began := time.Now()
	m := &work{laying: l, w: w, run: run, report: report}
	release, err := m.read(ctx)
	if err != nil {
		return err
	}
	defer release()
	report("principal components", 0)
	if err := m.components(ctx); err != nil {
		return err
	}
	releaseTables, err := m.neighbours(ctx)
	if err != nil {
		return err
	}
	defer releaseTables()
	if l.Method != "pca" && m.x[0].Rows >= smallestUMAP {
		if err := m.umap(ctx); err != nil {
			return err
		}
	}
	for i, t := range m.tables {
		m.made[i] = projection.Tray(m.made[i], t.Excluded)
	}
	report("quality", 0.9)
	columns, err := m.judge(ctx)
	if err != nil {
		return err
	}
	m.State, m.TookS = "done", time.Since(began).Seconds()
	return w.keepLayout(ctx, m, columns)
}

// smallestUMAP is how many rows a layout by neighbours needs; of fewer the principal components are shown.
const smallestUMAP = 10

// read maps the matrices and matches the rows of two spaces.
func (m *work) read(ctx context.Context) (release func(), err error) {
	var releases []func()
	release = func() {
		for _, r := range releases {
			r()
		}
	}
	for _, s := range m.sides {
		x, r, err := m.w.files.Matrix(s.space.SHA256, s.space.Rows, s.space.Dims)
		if err != nil {
			release()
			return nil, err
		}
		releases = append(releases, r)
		m.x = append(m.x, x)
	}
	m.Rows = m.x[0].Rows
	if len(m.sides) == 1 {
		return release, nil
	}
	if m.join, err = m.w.joinRows(ctx, m.sides[0], m.sides[1]); err != nil {
		release()
		return nil, err
	}
	m.join.leaveOut(m.sides[0], m.sides[1], m.x[0], m.x[1])
	m.Rows = len(m.join.a)
	return release, nil
}

// rowsOf are the rows of a side that take part, in the order of the layout.
func (m *work) rowsOf(i int) []int32 {
	switch {
	case m.join == nil:
		return upTo(m.x[0].Rows)
	case i == 0:
		return m.join.a
	}
	return m.join.b
}

func (m *work) components(ctx context.Context) error {
	for i, s := range m.sides {
		m.x[i], _ = selected(m.x[i], m.rowsOf(i), s.space.SHA256)
		l, err := projection.PCA(ctx, m.x[i], m.Dims, s.metric == catalog.Cosine, m.machine())
		if err != nil {
			return err
		}
		m.made = append(m.made, l)
	}
	if len(m.made) == 2 {
		m.made[1] = projection.Align(m.made[0], m.made[1])
	}
	m.run.show(m.made, 0, 1, "neighbours")
	return nil
}

func (m *work) machine() projection.Machine {
	return projection.Machine{Threads: m.w.machine.Threads, Kernel: m.w.machine.Kernel}
}

// neighbours makes or reads the tables.
func (m *work) neighbours(ctx context.Context) (release func(), err error) {
	var releases []func()
	release = func() {
		for _, r := range releases {
			r()
		}
	}
	k := min(max(m.K-1, projection.QualityK), m.Rows-1)
	for i, s := range m.sides {
		if m.Rows < 2 {
			m.tables = append(m.tables, &knn.Table{Rows: m.Rows})
			continue
		}
		of := tableOf{matrix: s.space.SHA256, metric: s.metric, k: k, stage: "neighbours in " + s.space.Name, x: m.x[i]}
		of.content = contentOf(s.space.Rows, m.rowsOf(i), s.space.SHA256)
		from := 0.02 + 0.38*float64(i)/float64(len(m.sides))
		t, r, err := m.w.table(ctx, of, func(stage string, p float64) { m.report(stage, from+0.38*p/float64(len(m.sides))) })
		if err != nil {
			release()
			return nil, err
		}
		releases = append(releases, r)
		m.tables = append(m.tables, t)
	}
	return release, nil
}

func (m *work) umap(ctx context.Context) error {
	p := projection.Params{Dims: m.Dims, K: min(m.K, m.tables[0].K+1), MinDist: m.MinDist, Spread: 1, Epochs: m.Epochs, Seed: uint64(m.Seed)}
	on := m.machine()
	tell := func(from, share float64, which int) projection.Tell {
		return func(epoch, epochs int, look func() []projection.Layout) error {
			m.report("layout", from+share*float64(epoch)/float64(epochs))
			if err := m.run.pause(ctx); err != nil {
				return err
			}
			m.run.smooth(look(), which, epoch, epochs)
			return nil
		}
	}
	if m.Method == "joint-umap" {
		a, b := projection.NewGraph(m.tables[0], p.K, on), projection.NewGraph(m.tables[1], p.K, on)
		la, lb, err := projection.Joint(ctx, a, b, m.made[0], p, on, tell(0.4, 0.4, 0))
		if err != nil {
			return err
		}
		m.made = []projection.Layout{la, lb}
		return m.nullBand(ctx, a, p, on)
	}
	for i := range m.made {
		share := 0.5 / float64(len(m.made))
		l, err := projection.Run(ctx, projection.NewGraph(m.tables[i], p.K, on), m.made[i], p, on, tell(0.4+share*float64(i), share, i))
		if err != nil {
			return err
		}
		m.made[i] = l
	}
	if len(m.made) == 2 {
		m.made[1] = projection.Align(m.made[0], m.made[1])
	}
	return nil
}

// nullBandRows is up to how many rows the movement that means nothing is found out.
const nullBandRows = 20_000

// nullBand lays the first space out together with itself, under two seeds: rows that move no farther between two spaces have not moved.
func (m *work) nullBand(ctx context.Context, a *projection.Graph, p projection.Params, on projection.Machine) error {
	if m.Rows > nullBandRows {
		return nil
	}
	p.SecondSeed = p.Seed + 1
	first, second, err := projection.Joint(ctx, a, a, m.made[0], p, on, func(epoch, epochs int, _ func() []projection.Layout) error {
		m.report("movement that means nothing", 0.8+0.1*float64(epoch)/float64(epochs))
		return nil
	})
	if err != nil {
		return err
	}
	gaps := projection.Displacements(first, second)
	slices.Sort(gaps)
	band := float64(gaps[len(gaps)*95/100])
	m.NullBand = &band
	return nil
}

// judge measures the layouts and gives the columns that are kept.
func (m *work) judge(ctx context.Context) (columns [][]int32, err error) {
	labels, count, err := m.labelsOfRows(ctx)
	if err != nil {
		return nil, err
	}
	add := func(name string, column []int32) {
		m.Columns = append(m.Columns, name)
		columns = append(columns, column)
	}
	for i, l := range m.made {
		suffix := []string{"_a", "_b"}[i]
		add("row"+suffix, m.rowsOf(i))
		for c := range m.Dims {
			column := make([]int32, m.Rows)
			for row := range column {
				column[row] = int32(math.Float32bits(l.Row(row)[c]))
			}
			add([]string{"x", "y", "z"}[c]+suffix, column)
		}
		q, err := projection.Judge(ctx, m.x[i], m.sides[i].metric, m.tables[i], l, labels, count, m.machine())
		if err != nil {
			return nil, err
		}
		m.Quality = append(m.Quality, wire.LayoutQuality{Trustworthiness: q.Trust, Continuity: q.Continuity, Recall: q.Recall, RNXAUC: q.RNXAUC, Triplets: q.Triplets, LabelHere: q.LabelHere, LabelThere: q.LabelThere})
		add("local_trust"+suffix, floatBits(q.Local))
		add("missing"+suffix, q.Missing)
		add("false"+suffix, q.False)
	}
	if len(m.made) == 2 && m.Rows > 0 {
		gaps := projection.Displacements(m.made[0], m.made[1])
		add("displacement", floatBits(gaps))
		sorted := slices.Sorted(slices.Values(gaps))
		median := float64(sorted[len(sorted)/2])
		m.Displacement = &median
	}
	return columns, nil
}

func (m *work) labelsOfRows(ctx context.Context) (labels []int32, count int, err error) {
	if m.label == "" {
		return nil, 0, nil
	}
	c := &comparing{a: m.sides[0], b: m.sides[len(m.sides)-1]}
	j := m.join
	if j == nil {
		j = &join{a: m.rowsOf(0), b: m.rowsOf(0)}
	}
	labels, values, err := m.w.labels(ctx, c, j, m.label)
	return labels, len(values), err
}

func floatBits(values []float32) []int32 {
	out := make([]int32, len(values))
	for i, v := range values {
		out[i] = int32(math.Float32bits(v))
	}
	return out
}

func (w *Workspace) keepLayout(ctx context.Context, m *work, columns [][]int32) error {
	w.adding.RLock()
	defer w.adding.RUnlock()
	if m.Rows > 0 {
		if err := w.files.PutLayout(m.ID, columns); err != nil {
			return err
		}
	}
	text, err := json.Marshal(m.Layout)
	if err != nil {
		return err
	}
	kept := catalog.KeptLayout{Key: m.ID, AID: m.sides[0].space.ID, Summary: text}
	if len(m.sides) == 2 {
		kept.BID = &m.sides[1].space.ID
	}
	err = w.book.Update(ctx, func(tx Tx) error {
		for _, s := range m.sides {
			if _, ok, err := tx.SpaceByID(s.space.ID); err != nil || !ok {
				return gone(err)
			}
		}
		return tx.PutLayout(kept, now())
	})
	if err == nil {
		m.run.done(m.Layout, m.made)
	}
	return err
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
	if err := w.book.Update(ctx, func(tx Tx) (err error) { there, err = tx.DeleteLayout(id); return err }); err != nil {
		return wire.Deleted{}, err
	}
	if !there {
		return wire.Deleted{}, catalog.Errorf(catalog.NotFound, "there is no kept layout %q", id)
	}
	_, err := w.tidy(ctx)
	return wire.Deleted{Deleted: []wire.Thing{{Kind: "layout", Name: id}}}, err
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

// runningLayouts are those that a job makes just now.
type runningLayouts struct {
	mu   sync.Mutex
	byID map[string]*runningLayout
}

func (r *runningLayouts) begin(l wire.Layout) *runningLayout {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.byID == nil {
		r.byID = map[string]*runningLayout{}
	}
	if run, ok := r.byID[l.ID]; ok {
		return run
	}
	run := &runningLayout{layout: l, resumed: make(chan struct{})}
	close(run.resumed)
	r.byID[l.ID] = run
	return run
}

func (r *runningLayouts) end(run *runningLayout) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.byID[run.layout.ID] == run {
		delete(r.byID, run.layout.ID)
	}
}

func (r *runningLayouts) find(id string) *runningLayout {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.byID[id]
}

func (r *runningLayouts) running() []wire.Layout {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := []wire.Layout{}
	for _, run := range r.byID {
		list = append(list, run.look())
	}
	slices.SortFunc(list, func(a, b wire.Layout) int { return strings.Compare(a.ID, b.ID) })
	return list
}

// runningLayout is what can be seen of a layout while it is made.
type runningLayout struct {
	mu      sync.Mutex
	layout  wire.Layout
	shown   []projection.Layout // smoothed
	resumed chan struct{}       // closed: it is not paused
	paused  bool
	job     string
}

func (r *runningLayout) madeBy(job string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.job = job
}

func (r *runningLayout) jobID() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.job
}

func (r *runningLayout) look() wire.Layout {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.layout
}

// show replaces what is seen.
func (r *runningLayout) show(layouts []projection.Layout, epoch, epochs int, stage string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.shown = nil
	for _, l := range layouts {
		r.shown = append(r.shown, projection.Layout{Dims: l.Dims, Points: slices.Clone(l.Points)})
	}
	r.layout.Epoch, r.layout.EpochsAll, r.layout.Stage = epoch, epochs, stage
	r.layout.Rows = layouts[0].Rows()
}

// smoothing is the share of a new epoch in what is seen: raw epochs look like boiling water.
const smoothing = 0.15

// smooth mixes an epoch into what is seen. which is the first of the layouts given.
func (r *runningLayout) smooth(layouts []projection.Layout, which, epoch, epochs int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, l := range layouts {
		shown := &r.shown[which+i]
		if epoch == 1 {
			shown.Points = slices.Clone(l.Points)
			continue
		}
		for at, v := range l.Points {
			shown.Points[at] += smoothing * (v - shown.Points[at])
		}
	}
	r.layout.Epoch, r.layout.EpochsAll, r.layout.Stage = epoch, epochs, "layout"
}

func (r *runningLayout) done(l wire.Layout, made []projection.Layout) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.layout, r.shown = l, made
}

// hold pauses or resumes.
func (r *runningLayout) hold(pause bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case pause && !r.paused:
		r.resumed, r.layout.State = make(chan struct{}), "paused"
	case !pause && r.paused:
		close(r.resumed)
		r.layout.State = "running"
	}
	r.paused = pause
}

// pause waits while the layout is paused.
func (r *runningLayout) pause(ctx context.Context) error {
	r.mu.Lock()
	resumed := r.resumed
	r.mu.Unlock()
	select {
	case <-resumed:
		return nil
	case <-ctx.Done():
		return catalog.Errorf(catalog.Canceled, "the layout was stopped: %w", context.Cause(ctx))
	}
}

func (r *runningLayout) frame(side string) (Frame, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	at := slices.Index([]string{"a", "b"}, side)
	if at < 0 || at >= max(len(r.shown), len(r.layout.Spaces)) {
		return Frame{}, noSide(side)
	}
	if r.shown == nil {
		return Frame{}, catalog.Errorf(catalog.Unavailable, "there is nothing to see yet").WithHint("ask again in a moment")
	}
	l := r.shown[at]
	return Frame{Rows: l.Rows(), Width: l.Dims, Floats: slices.Clone(l.Points)}, nil
}
