package workspace

import (
	"context"
	"encoding/json"
	"math"
	"slices"
	"time"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/measure"
	"github.com/pentoai/vectory/internal/compute/projection"
	"github.com/pentoai/vectory/internal/jobs"
	"github.com/pentoai/vectory/internal/wire"
)

// work is what the making of one layout reads and writes.
type work struct {
	*laying
	w      *Workspace
	run    *runningLayout
	report jobs.Report
	x      []knn.Matrix
	rows   [][]int32 // of each space those that take part, in the order of the layout
	tables []*knn.Table
	near   []drawn // of each space what the method reads: the tables, or those of the space reduced
	made   []projection.Layout
	former *former             // the steps that are laid out already; nil: none
	start  []projection.Layout // of each space another layout of the rows; nil: they start at their principal components
	kinds  []int32             // of each row, what draws it to others of the kind; nil: not supervised
}

func (w *Workspace) makeLayout(ctx context.Context, l *laying, run *runningLayout, report jobs.Report) error {
	began := time.Now()
	run.begin()
	m := &work{laying: l, w: w, run: run, report: report}
	release, err := m.read(ctx)
	if err != nil {
		return err
	}
	defer release()
	if anchored(l.Layout) {
		if err := m.formerSteps(ctx); err != nil {
			return err
		}
	}
	report("principal components", 0)
	if err := m.components(ctx); err != nil {
		return err
	}
	if m.Method == "pca" {
		if err := m.exactComponents(ctx); err != nil {
			return err
		}
	}
	releaseTables, err := m.neighbours(ctx)
	if err != nil {
		return err
	}
	defer releaseTables()
	if l.Method != "pca" && m.x[0].Rows >= smallestGraph {
		if err := m.settle(ctx); err != nil {
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
	if err := w.keepLayout(ctx, m, columns); err != nil || m.former == nil || m.Timeline == "" {
		return err
	}
	return w.forget(ctx, func(tx Tx) error { // what it continued is its beginning, and need not be kept twice
		_, err := tx.DeleteLayout(m.former.ID)
		return err
	})
}

// smallestGraph is how many rows a layout by neighbours needs; of fewer the principal components are shown.
const smallestGraph = 10

// read maps the matrices and matches the rows.
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
	if m.rows, err = m.w.joinAll(ctx, m.sides); err != nil {
		release()
		return nil, err
	}
	if len(m.sides) > 1 && !anchored(m.Layout) {
		m.leaveOut()
	}
	m.Rows = len(m.rows[0])
	run := m.run
	run.mu.Lock()
	defer run.mu.Unlock()
	run.rows = m.rows
	return release, nil
}

// leaveOut drops the rows that have no direction in one of the spaces. Of steps each has them in its tray instead: a row
// that is zero at one step must not be gone from all.
func (m *work) leaveOut() {
	out := make([]bool, len(m.rows[0]))
	for i, s := range m.sides {
		if zero := knn.Exclusions(m.x[i], s.metric); zero != nil {
			for at, row := range m.rows[i] {
				out[at] = out[at] || zero[row]
			}
		}
	}
	for i, rows := range m.rows {
		kept := make([]int32, 0, len(rows))
		for at, row := range rows {
			if !out[at] {
				kept = append(kept, row)
			}
		}
		m.rows[i] = kept
	}
}

func (m *work) components(ctx context.Context) error {
	for i, s := range m.sides {
		m.x[i], _ = selected(m.x[i], m.rows[i], s.space.SHA256)
		if m.former.has(i) {
			m.made = append(m.made, m.former.made[i])
			continue
		}
		if anchored(m.Layout) && i > 0 && m.Rows >= smallestGraph {
			m.made = append(m.made, m.made[i-1]) // where it will begin
			continue
		}
		l, err := projection.Start(ctx, m.x[i], m.Dims, s.metric == catalog.Cosine, m.machine())
		if err != nil {
			return err
		}
		if i > 0 {
			l = projection.Align(m.made[0], l)
		}
		m.made = append(m.made, l)
	}
	if m.Start != "" && m.Start != spectralStart {
		if err := m.startFrom(ctx); err != nil {
			return err
		}
		copy(m.made, m.start)
	}
	m.run.show(m.made, 0, 1, "neighbours")
	return nil
}

// exactComponents is the layout of method pca, after its first picture.
func (m *work) exactComponents(ctx context.Context) error {
	for i, s := range m.sides {
		l, err := projection.PCA(ctx, m.x[i], m.Dims, s.metric == catalog.Cosine, m.machine())
		if err != nil {
			return err
		}
		if i > 0 {
			l = projection.Align(m.made[0], l)
		}
		m.made[i] = l
	}
	m.run.show(m.made, 0, 1, "neighbours")
	return nil
}

func (m *work) machine() projection.Machine {
	return projection.Machine{Threads: m.w.machine.Threads, Kernel: m.w.machine.Kernel}
}

// drawn is a space as the method sees it.
type drawn struct {
	x      knn.Matrix
	metric catalog.Metric
	table  *knn.Table
}

// reduce finds the neighbours in the principal components of a space, where it is wider than so many. They are made anew
// each time, which takes a moment, and not kept.
func (m *work) reduce(ctx context.Context, i int) (drawn, error) {
	d := drawn{m.x[i], m.sides[i].metric, m.tables[i]}
	if m.Reduce == 0 || m.Reduce >= d.x.Dims || m.Rows <= smallestGraph {
		return d, nil
	}
	var err error
	out := knn.Exclusions(d.x, d.metric)
	if d.x, err = projection.Reduced(ctx, d.x, m.Reduce, d.metric == catalog.Cosine, m.machine()); err != nil {
		return d, err
	}
	d.metric = catalog.Euclidean
	d.table, err = knn.SelfJoin(ctx, d.x, knn.Params{K: min(m.lists(), m.tables[i].K), Metric: d.metric, Threads: m.w.machine.Threads, Kernel: m.w.machine.Kernel, Yield: m.w.urgent.wait, Exclude: out})
	return d, err
}

// neighbours makes or reads the tables.
func (m *work) neighbours(ctx context.Context) (release func(), err error) {
	var releases []func()
	release = func() {
		for _, r := range releases {
			r()
		}
	}
	k := min(max(m.lists(), projection.QualityK), m.Rows-1)
	for i, s := range m.sides {
		if m.Rows < 2 {
			m.tables = append(m.tables, &knn.Table{Rows: m.Rows})
			continue
		}
		of := tableOf{matrix: s.space.SHA256, metric: s.metric, k: k, stage: "neighbours in " + s.space.Name, x: m.x[i]}
		of.content = contentOf(s.space.Rows, m.rows[i], s.space.SHA256)
		from := 0.02 + 0.38*float64(i)/float64(len(m.sides))
		t, r, err := m.w.table(ctx, of, func(stage string, p float64) { m.report(stage, from+0.38*p/float64(len(m.sides))) })
		if err != nil {
			release()
			return nil, err
		}
		releases = append(releases, r)
		m.tables = append(m.tables, t)
	}
	for i := range m.tables {
		d, err := m.reduce(ctx, i)
		if err != nil {
			release()
			return nil, err
		}
		m.near = append(m.near, d)
	}
	return release, nil
}

// lists is how many neighbours of each row the method reads.
func (m *work) lists() int {
	if m.Method == "pacmap" {
		return projection.PaCMAPNeighbours(m.Rows)
	}
	return m.K - 1
}

// settle moves the points from their principal components to where their neighbours want them.
func (m *work) settle(ctx context.Context) error {
	p := projection.Params{Dims: m.Dims, K: min(m.K, m.tables[0].K+1), MinDist: m.MinDist, Spread: 1, Epochs: m.Epochs + m.More, Seed: uint64(m.Seed), Compat: m.Preset == compat, Gently: m.More > 0}
	on := m.machine()
	if err := m.supervise(ctx); err != nil {
		return err
	}
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
	switch m.Method {
	case "joint-umap":
		var graphs []*projection.Graph
		for _, d := range m.near {
			graphs = append(graphs, m.graph(d.table, p.K))
		}
		starts := slices.Clone(m.made)
		made, err := projection.Joint(ctx, graphs, starts, p, on, tell(0.4, 0.4, 0))
		if err != nil {
			return err
		}
		m.made = made
		m.turnToStart()
		if m.More > 0 {
			return nil // that of the layout that goes on still holds
		}
		return m.nullBand(p, func(p projection.Params, tell projection.Tell) ([]projection.Layout, error) {
			return projection.Joint(ctx, []*projection.Graph{graphs[0], graphs[0]}, starts, p, on, tell)
		})
	case "anchored-umap":
		return m.settleSteps(ctx, p, tell)
	}
	for i := range m.made {
		share := 0.5 / float64(len(m.made))
		l, err := m.settleOne(ctx, i, p, tell(0.4+share*float64(i), share, i))
		if err != nil {
			return err
		}
		m.made[i] = l
	}
	for i := range m.made[1:] {
		m.made[1+i] = projection.Align(m.made[0], m.made[1+i])
	}
	m.turnToStart()
	return nil
}

// turnToStart turns the layouts, all alike, so that they look like those that they began at.
func (m *work) turnToStart() {
	if m.start == nil {
		return
	}
	before, after := projection.Layout{Dims: m.Dims}, projection.Layout{Dims: m.Dims}
	for i := range m.start {
		before.Points, after.Points = append(before.Points, m.start[i].Points...), append(after.Points, m.made[i].Points...)
	}
	turned := projection.Turn(before, after)
	for i, l := range m.made {
		m.made[i].Points, turned.Points = turned.Points[:len(l.Points):len(l.Points)], turned.Points[len(l.Points):]
	}
}

// settleOne does so with space i by itself.
func (m *work) settleOne(ctx context.Context, i int, p projection.Params, tell projection.Tell) (projection.Layout, error) {
	on := m.machine()
	switch m.Method {
	case "tsne":
		return projection.TSNE(ctx, projection.Affinities(m.near[i].table, m.Perplexity, on), m.made[i], p, on, tell)
	case "pacmap":
		return projection.PaCMAP(ctx, m.near[i].x, m.near[i].metric, m.near[i].table, m.made[i], p, on, tell)
	}
	g, start := m.graph(m.near[i].table, p.K), m.made[i]
	if m.Start == spectralStart {
		var err error
		if start, _, err = projection.Spectral(ctx, g, start, p.Seed, on); err != nil { // not quite settled vectors are a start, too
			return start, err
		}
	}
	return projection.Run(ctx, g, start, p, on, tell)
}

// supervise reads the column that draws its values together. Rows without a value are of no kind.
func (m *work) supervise(ctx context.Context) error {
	if m.Supervise == "" {
		return nil
	}
	kinds, values, err := m.valuesOfRows(ctx, m.Supervise)
	if err != nil {
		return err
	}
	for i, kind := range kinds {
		if values[kind] == "" {
			kinds[i] = -1
		}
	}
	m.kinds = kinds
	return nil
}

// graph is what draws the rows of a space together.
func (m *work) graph(t *knn.Table, k int) *projection.Graph {
	g := projection.NewGraph(t, k, m.machine())
	if m.kinds != nil {
		g = g.Supervised(m.kinds)
	}
	return g
}

// nullBandRows is up to how many rows the movement that means nothing is found out.
const nullBandRows = 20_000

// nullBand lays the first space out with itself, under two seeds: rows that move no farther between two spaces have not
// moved.
func (m *work) nullBand(p projection.Params, twice func(projection.Params, projection.Tell) ([]projection.Layout, error)) error {
	if m.Rows > nullBandRows {
		return nil
	}
	p.SecondSeed = p.Seed + 1
	both, err := twice(p, func(epoch, epochs int, _ func() []projection.Layout) error {
		m.report("movement that means nothing", 0.8+0.1*float64(epoch)/float64(epochs))
		return nil
	})
	if err != nil {
		return err
	}
	gaps := projection.Displacements(both[0], both[1])
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
	if m.former != nil {
		m.Columns, m.Quality, m.Moves, columns = m.former.Columns, m.former.Quality, m.former.Moves, m.former.columns
	}
	for i, l := range m.made {
		if m.former.has(i) {
			continue
		}
		suffix := "_" + wire.LayoutSide(i)
		add("row"+suffix, m.rows[i])
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
		m.Quality = append(m.Quality, wire.LayoutQuality{AskedRows: q.Asked, Trustworthiness: q.Trust, Continuity: q.Continuity, Recall5: q.Recall5, Recall: q.Recall, Recall50: q.Recall50, RNXAUC: q.RNXAUC, Triplets: q.Triplets, LabelHere: q.LabelHere, LabelThere: q.LabelThere})
		add("local_trust"+suffix, floatBits(q.Local))
		add("missing"+suffix, q.Missing)
		add("false"+suffix, q.False)
		add("stretch"+suffix, floatBits(q.Stretch))
		if i > 0 && m.Rows > 0 {
			m.move(i, add)
		}
	}
	if len(m.made) == 2 && m.Rows > 0 {
		m.Displacement = &m.Moves[0].Displacement
	}
	return columns, nil
}

// move tells how far space i lies from the one before it, and what the spaces themselves say of that.
func (m *work) move(i int, add func(name string, column []int32)) {
	gaps := projection.Displacements(m.made[i-1], m.made[i])
	suffix := "_" + wire.LayoutSide(i)
	if len(m.sides) == 2 && !anchored(m.Layout) {
		suffix = ""
	}
	add("displacement"+suffix, floatBits(gaps))
	k := min(DefaultK, m.tables[i-1].K, m.tables[i].K)
	agreement := make([]float32, m.Rows)
	var mean float64
	if k > 0 {
		shared := measure.Shared(m.tables[i-1], m.tables[i], k)
		for row, s := range shared {
			agreement[row] = float32(max(s, 0)) / float32(2*k-int(max(s, 0)))
		}
		mean = measure.Jaccard.Summary(shared, k, m.Rows).Mean
	}
	add("jaccard"+suffix, floatBits(agreement))
	slices.Sort(gaps)
	m.Moves = append(m.Moves, wire.LayoutMove{Displacement: float64(gaps[len(gaps)/2]), Jaccard: mean})
}

func (m *work) labelsOfRows(ctx context.Context) (labels []int32, count int, err error) {
	if m.label == "" {
		return nil, 0, nil
	}
	labels, values, err := m.valuesOfRows(ctx, m.label)
	return labels, len(values), err
}

// valuesOfRows gives a column of the rows, by number among its values.
func (m *work) valuesOfRows(ctx context.Context, column string) (numbers []int32, values []string, err error) {
	last := len(m.sides) - 1
	c := &comparing{a: m.sides[0], b: m.sides[last]}
	return m.w.labels(ctx, c, &join{a: m.rows[0], b: m.rows[last]}, column)
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
	kept := catalog.KeptLayout{Key: m.ID, Summary: text}
	for _, s := range m.sides {
		kept.Spaces = append(kept.Spaces, s.space.ID)
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
