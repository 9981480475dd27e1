package workspace

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/measure"
	"github.com/pentoai/vectory/internal/jobs"
	"github.com/pentoai/vectory/internal/wire"
)

// engineVersion rises when the same input would give another comparison.
const engineVersion = 13

// comparing is a comparison that has been looked up and not yet made.
type comparing struct {
	a, b     side
	k        int
	vectory  bool // the original tool's score: self counted
	preset   string
	by       []string
	measures []string // nil: the usual ones
	sample   int      // rows scored; 0: all
	unasked  bool     // a sample may be taken where all rows would take too long

	byA, byB *searching // the indices that are asked; nil: the daemon itself
}

// keptComparison is how a comparison stands in the book: with what is needed to show its lists.
type keptComparison struct {
	wire.Comparison
	TableA string `json:"table_a"` // content of the neighbour tables, see tableOf
	TableB string `json:"table_b"`
	Listed int    `json:"listed"` // neighbours of a list, the row itself not counted

	ByA *catalog.Index `json:"by_a,omitempty"` // the indices that were asked
	ByB *catalog.Index `json:"by_b,omitempty"`
}

// Compare gives the kept comparison, or the job that makes it.
func (w *Workspace) Compare(ctx context.Context, req wire.CompareRequest) (wire.CompareReply, error) {
	c, err := w.wantedComparison(ctx, req)
	if err != nil {
		return wire.CompareReply{}, err
	}
	kept, err := w.keptComparison(ctx, c.key())
	if err == nil && kept == nil && c.unasked && w.slow(c.a.rough(), c.b.rough()) {
		sampled := *c
		sampled.sample = ownSample(min(c.a.space.Rows, c.b.space.Rows))
		kept, err = w.keptComparison(ctx, sampled.key())
	}
	if err != nil {
		return wire.CompareReply{}, err
	}
	if kept != nil {
		// Kept by content: the names are those asked for now.
		kept.A, kept.B, kept.Cached = c.a.space.Name, c.b.space.Name, true
		return wire.CompareReply{Comparison: &kept.Comparison}, nil
	}
	same := fmt.Sprintf("%s %t", c.key(), c.unasked)
	job, err := w.jobs.Submit(jobs.Wanted{Kind: "compare", Title: c.a.space.Name + " with " + c.b.space.Name, Same: same, Small: small(c.a, c.b)}, func(ctx context.Context, report jobs.Report) (string, error) {
		err := w.makeComparison(ctx, c, report)
		return c.key(), err // by then it is known whether all rows were compared
	})
	return wire.CompareReply{Job: &job}, err
}

// wantedComparison looks the request up and refuses what cannot be.
func (w *Workspace) wantedComparison(ctx context.Context, req wire.CompareRequest) (*comparing, error) {
	c := &comparing{k: req.K, by: req.By, sample: req.Sample, unasked: req.Sample == 0 && !req.Exact && req.Engine != "elasticsearch"}
	if err := checkEngine(req.Engine, req.IndexA, req.IndexB); err != nil {
		return nil, err
	}
	if err := checkSample(req.Sample, req.Exact); err != nil {
		return nil, err
	}
	if err := c.applyPreset(&req); err != nil {
		return nil, err
	}
	if c.k == 0 {
		c.k = DefaultK
	}
	var err error
	if c.measures, err = wantedMeasures(req.Measures); err != nil {
		return nil, err
	}
	err = w.book.View(ctx, func(tx Tx) (err error) {
		if c.a, err = lookUp(tx, req.A, req.MetricA); err != nil {
			return err
		}
		c.b, err = lookUp(tx, req.B, req.MetricB)
		return err
	})
	if err != nil {
		return nil, err
	}
	if err := joinable(c.a, c.b); err != nil {
		return nil, err
	}
	for _, column := range c.by {
		if c.columnSide(column) == nil {
			return nil, catalog.Errorf(catalog.Invalid, "no column '%s' to group by", column).WithHint("the columns are: %s", strings.Join(c.columns(), ", "))
		}
	}
	if req.Engine == "elasticsearch" {
		if c.byA, err = w.searchingOf(ctx, c.a, req.IndexA); err != nil {
			return nil, err
		}
		if c.byB, err = w.searchingOf(ctx, c.b, req.IndexB); err != nil {
			return nil, err
		}
	}
	return c, checkK(c.k, c.listed(), min(c.a.space.Rows, c.b.space.Rows))
}

// presets are the named tools whose numbers can be had: the metric that each takes, its measures, and what is not as without one.
var presets = map[string]struct {
	metric   catalog.Metric
	measures []string
	differs  string
}{
	"vectory": {catalog.Euclidean, nil,
		"as the original tool scored, each row counts as the first of its own k neighbours, so that no score is below 1/(2k−1); its lists were approximate, these are exact"},
	"resi": {catalog.Cosine, []string{"jaccard", "rank_similarity", "joint_rank_jaccard", "second_order_cosine", "cka", "procrustes", "angular_shape", "rsa", "cca", "svcca", "pwcca"},
		"cosine neighbours, as ReSi (Klabunde et al. 2025); it tells Procrustes as the distance √(2 − 2s) of our s, takes correlation distances for RSA (ours are euclidean), and its SVCCA keeps too few components, which is not repeated"},
	"platonic": {catalog.Cosine, []string{"overlap", "cka", "cka_debiased"},
		"cosine neighbours, as Huh et al. (2024), whose mutual k-NN is our overlap; that it clips large values and takes the best of all layers is not repeated"},
}

// applyPreset fills in what the request does not say.
func (c *comparing) applyPreset(req *wire.CompareRequest) error {
	if req.Preset == "" {
		return nil
	}
	p, ok := presets[req.Preset]
	if !ok {
		return catalog.Errorf(catalog.Invalid, "unknown preset '%s'", req.Preset).WithHint("vectory (the row itself counted, euclidean), resi or platonic")
	}
	c.preset, c.vectory = req.Preset, req.Preset == "vectory"
	req.MetricA, req.MetricB = orElse(req.MetricA, string(p.metric)), orElse(req.MetricB, string(p.metric))
	if len(req.Measures) == 0 {
		req.Measures = p.measures
	}
	return nil
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

func checkK(k, listed, rows int) error {
	if listed < 1 {
		return catalog.Errorf(catalog.Invalid, "k=%d cannot be: at least one neighbour is needed", k)
	}
	if listed >= rows {
		return catalog.Errorf(catalog.Invalid, "k=%d needs at least %d rows, and there are %d to compare", k, listed+1, rows).
			WithHint("the largest k is %d", rows-1+k-listed)
	}
	return nil
}

func (c *comparing) listed() int {
	if c.vectory {
		return measure.Vectory.Listed(c.k)
	}
	return c.k
}

// columnSide gives the side whose dataset has the column: A's if both do.
func (c *comparing) columnSide(column string) *side {
	for _, s := range []*side{&c.a, &c.b} {
		if s.dataset != nil && slices.Contains(s.dataset.Columns, column) {
			return s
		}
	}
	return nil
}

func (c *comparing) columns() []string {
	var list []string
	for _, s := range []side{c.a, c.b} {
		if s.dataset != nil {
			list = append(list, s.dataset.Columns...)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// key is a hash over everything that decides the result; names do not.
func (c *comparing) key() string {
	type content struct {
		Matrix       string
		Rows, Dims   int
		Dataset, IDs string
		Metric       catalog.Metric
	}
	of := func(s side) content {
		out := content{Matrix: s.space.SHA256, Rows: s.space.Rows, Dims: s.space.Dims, Metric: s.metric}
		if s.dataset != nil {
			out.Dataset, out.IDs = s.dataset.SHA256, idColumn(*s.dataset)
		}
		return out
	}
	text, err := json.Marshal(struct {
		Engine   int
		A, B     content
		K        int
		Vectory  bool
		Preset   string
		By       []string
		Sample   int
		Measures []string
		Indices  []string `json:",omitempty"`
	}{engineVersion, of(c.a), of(c.b), c.k, c.vectory, c.preset, c.by, c.sample, c.measures, c.indices()})
	if err != nil {
		panic(err) // strings and numbers only
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

func (w *Workspace) keptComparison(ctx context.Context, key string) (*keptComparison, error) {
	var row catalog.KeptComparison
	var ok bool
	err := w.book.View(ctx, func(tx Tx) (err error) { row, ok, err = tx.Comparison(key); return err })
	if err != nil || !ok {
		return nil, err
	}
	var kept keptComparison
	return &kept, json.Unmarshal(row.Summary, &kept)
}

// makeComparison does the work: join, neighbour tables, scores, keep.
func (w *Workspace) makeComparison(ctx context.Context, c *comparing, report jobs.Report) error {
	began := time.Now()
	report("matching rows", 0)
	j, err := w.joinRows(ctx, c.a, c.b)
	if err != nil {
		return err
	}
	xa, releaseA, err := w.files.Matrix(c.a.space.SHA256, c.a.space.Rows, c.a.space.Dims)
	if err != nil {
		return err
	}
	defer releaseA()
	xb, releaseB, err := w.files.Matrix(c.b.space.SHA256, c.b.space.Rows, c.b.space.Dims)
	if err != nil {
		return err
	}
	defer releaseB()
	j.leaveOut(c.a, c.b, xa, xb)
	if err := checkK(c.k, c.listed(), len(j.a)); err != nil {
		return err
	}
	kept := keptComparison{Listed: c.listed()}
	ofA, ofB := c.a.table(xa, j.a, kept.Listed), c.b.table(xb, j.b, kept.Listed)
	kept.TableA, kept.TableB = ofA.content, ofB.content
	if c.byA != nil {
		kept.ByA, kept.ByB = &c.byA.index, &c.byB.index
	}
	share := func(from, to float64) jobs.Report {
		return func(stage string, p float64) { report(stage, from+(to-from)*p) }
	}
	if c.unasked {
		var full time.Duration
		if c.sample, full, err = w.sampleFor(ctx, ofA, ofB, share(0.02, 0.04)); err != nil {
			return err
		}
		if c.sample > 0 {
			kept.EstimateS = ref(full.Seconds())
		}
	}
	if c.sample >= len(j.a) {
		c.sample = 0 // all of them
	}
	ofA.sample, ofB.sample = c.sample, c.sample
	ofA.by, ofB.by = c.byA, c.byB
	var before time.Duration
	ofA.before, ofB.before = &before, &before
	if err := c.searchable(j); err != nil {
		return err
	}
	ta, releaseTableA, err := w.table(ctx, ofA, share(0.04, 0.46))
	if err != nil {
		return err
	}
	defer releaseTableA()
	tb, releaseTableB, err := w.table(ctx, ofB, share(0.46, 0.88))
	if err != nil {
		return err
	}
	defer releaseTableB()
	report("scores", 0.88)
	agreement, err := measure.Compare(ta, tb, kept.Listed)
	if err != nil {
		return err
	}
	estimate := kept.EstimateS
	if kept.Comparison, err = c.summary(j, agreement); err != nil {
		return err
	}
	kept.EstimateS = estimate
	if kept.Ties, err = c.ties(ta, tb, ofA.x, ofB.x, agreement); err != nil {
		return err
	}
	if kept.Groups, err = w.groups(ctx, c, j, ta, tb, agreement); err != nil {
		return err
	}
	m := &measured{a: ta, b: tb, ofA: ofA, ofB: ofB, agreement: agreement}
	if kept.Measures, err = w.measures(ctx, c, m, share(0.9, 1)); err != nil {
		return err
	}
	kept.Warnings = warnings(c, m, kept.Comparison)
	if err := w.labelEngine(ctx, c, m, &kept); err != nil {
		return err
	}
	kept.TookS = (before + time.Since(began)).Seconds()
	return w.keep(ctx, c, j, ta, agreement, kept)
}

// manyTies is the share of tied rows from which the score of random tie-breaking is told beside ours.
const manyTies = 0.01

func (c *comparing) ties(ta, tb *knn.Table, xa, xb knn.Matrix, agreement *measure.Agreement) (wire.Ties, error) {
	k := c.listed()
	tiesA, err := ta.TiesAt(xa, c.a.metric, k)
	if err != nil {
		return wire.Ties{}, err
	}
	tiesB, err := tb.TiesAt(xb, c.b.metric, k)
	if err != nil {
		return wire.Ties{}, err
	}
	ties := wire.Ties{ShareOfRows: measure.TieShare(tiesA, tiesB, agreement.Shared)}
	if ties.ShareOfRows > manyTies {
		rule := measure.Jaccard
		if c.vectory {
			rule = measure.Vectory
		}
		expected := measure.ExpectedScore(ta, tb, agreement.Shared, k, func(m int32) float64 { return rule.Value(m, c.k) },
			func(i int) (int, int) { return ta.TieBlock(xa, c.a.metric, i, k) },
			func(i int) (int, int) { return tb.TieBlock(xb, c.b.metric, i, k) })
		ties.ExpectedJaccard = &expected
	}
	return ties, nil
}

// summary writes the numbers as they travel.
func (c *comparing) summary(j *join, agreement *measure.Agreement) (wire.Comparison, error) {
	score := agreement.Jaccard
	out := wire.Comparison{A: c.a.space.Name, B: c.b.space.Name, Rows: agreement.Of, Coverage: j.coverage, K: c.k,
		MetricA: c.a.metric, MetricB: c.b.metric, Engine: "local", Exact: c.sample == 0, Values: agreement.Counts, Key: c.key(), CreatedAt: now(),
		Overlap:  wire.OverlapScore{Mean: agreement.Overlap.Mean, Chance: agreement.Overlap.Chance},
		Excluded: wire.Excluded{ZeroRows: [2]int{j.excluded.zeroA, j.excluded.zeroB}, MissingInA: j.excluded.missingA, MissingInB: j.excluded.missingB}}
	if c.preset != "" {
		out.Preset = &c.preset
	}
	if c.vectory {
		score = measure.Vectory.Summary(agreement.Shared, c.k, agreement.Of)
	}
	if c.sample > 0 {
		out.SampledRows = &agreement.Rows
	}
	out.Jaccard = wire.JaccardScore{Mean: score.Mean, Chance: score.Chance, Adjusted: score.Adjusted, Z: agreement.Z, CI95: score.CI95}
	out.Histogram = wire.Histogram{Edges: measure.Edges(), Counts: score.Histogram}
	out.Groups = []wire.Group{}
	if math.IsNaN(score.Mean) {
		return out, catalog.Errorf(catalog.Internal, "the score of '%s' and '%s' is not a number", out.A, out.B)
	}
	return out, nil
}

// groups scores the rows of each value of the columns asked for.
func (w *Workspace) groups(ctx context.Context, c *comparing, j *join, ta, tb *knn.Table, agreement *measure.Agreement) ([]wire.Group, error) {
	list := []wire.Group{}
	for _, column := range c.by {
		labels, values, err := w.labels(ctx, c, j, column)
		if err != nil {
			return nil, err
		}
		scored, err := measure.Groups(ta, tb, agreement.Shared, c.listed(), labels, len(values))
		if err != nil {
			return nil, err
		}
		for _, g := range scored {
			list = append(list, wire.Group{Column: column, Value: values[g.Label], Rows: g.Rows, Jaccard: g.Jaccard, CI95: g.CI95, Q: g.Q, ChanceWithin: ref(g.ChanceWithin)})
		}
	}
	return list, nil
}

// labels numbers the values of a column, sorted, for the rows of the join.
func (w *Workspace) labels(ctx context.Context, c *comparing, j *join, column string) (labels []int32, values []string, err error) {
	s := c.columnSide(column)
	rows, err := w.files.Rows(ctx, *s.dataset)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	all, err := rows.Values(column)
	if err != nil {
		return nil, nil, err
	}
	own := j.a
	if s == &c.b {
		own = j.b
	}
	for _, row := range own {
		values = append(values, all[row])
	}
	slices.Sort(values)
	values = slices.Compact(values)
	for _, row := range own {
		at, _ := slices.BinarySearch(values, all[row])
		labels = append(labels, int32(at))
	}
	return labels, values, nil
}

// keep writes the columns, then the summary. A row that was not scored has measure.NotScored.
func (w *Workspace) keep(ctx context.Context, c *comparing, j *join, lists *knn.Table, agreement *measure.Agreement, kept keptComparison) error {
	w.adding.RLock()
	defer w.adding.RUnlock()
	shared := make([]int32, len(j.a))
	for i := range shared {
		shared[i] = measure.NotScored
	}
	for i, m := range agreement.Shared {
		shared[lists.RowOf(i)] = m
	}
	if err := w.files.PutColumns(c.key(), [][]int32{j.a, j.b, shared}); err != nil {
		return err
	}
	text, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	return w.book.Update(ctx, func(tx Tx) error {
		for _, id := range []int64{c.a.space.ID, c.b.space.ID} {
			if _, ok, err := tx.SpaceByID(id); err != nil || !ok {
				return gone(err)
			}
		}
		return tx.PutComparison(catalog.KeptComparison{Key: c.key(), AID: c.a.space.ID, BID: c.b.space.ID, Summary: text}, now())
	})
}

func gone(err error) error {
	if err != nil {
		return err
	}
	return catalog.Errorf(catalog.NotFound, "one of the spaces was deleted while they were compared")
}
