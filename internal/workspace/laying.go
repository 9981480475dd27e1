package workspace

import (
	"context"
	"encoding/json"
	"math"
	"slices"
	"time"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
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
