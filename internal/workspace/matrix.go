package workspace

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/jobs"
	"github.com/pentoai/vectory/internal/wire"
)

// maxMatrix is how many spaces one matrix has at most: their pairs grow with the square.
const maxMatrix = 200

// Matrix compares every pair of some spaces, or the spaces of an experiment along its steps. It gives the numbers once
// all pairs are kept, else the job that makes them. Every space's neighbour table is made once.
func (w *Workspace) Matrix(ctx context.Context, req wire.MatrixRequest) (wire.MatrixReply, error) {
	m, err := w.wantedMatrix(ctx, req)
	if err != nil {
		return wire.MatrixReply{}, err
	}
	if done, err := w.assemble(ctx, m); err != nil || done != nil {
		return wire.MatrixReply{Matrix: done}, err
	}
	job, err := w.jobs.Submit(jobs.Wanted{Kind: "matrix", Title: fmt.Sprintf("%d spaces by %s", len(m.spaces), m.measure), Same: m.key()}, func(ctx context.Context, report jobs.Report) (string, error) {
		for i, pair := range m.pairs {
			share := func(stage string, p float64) { report(stage, (float64(i)+p)/float64(len(m.pairs))) }
			kept, err := w.keptComparison(ctx, pair.c.key())
			if err == nil && kept == nil {
				err = w.makeComparison(ctx, pair.c, share)
			}
			if err != nil {
				return "", pair.named(err)
			}
		}
		return m.key(), nil
	})
	return wire.MatrixReply{Job: &job}, err
}

// matrixWish is a matrix that has been looked up.
type matrixWish struct {
	spaces  []catalog.Space
	measure string
	k       int
	along   *string // the experiment of a timeline
	pairs   []matrixPair
}

type matrixPair struct {
	i, j int
	c    *comparing
}

// named says which pair an error is about.
func (p matrixPair) named(err error) error {
	var e *catalog.Error
	if errors.As(err, &e) && e.Code != catalog.Canceled {
		out := *e
		out.Message = fmt.Sprintf("'%s' with '%s': %s", p.c.a.space.Name, p.c.b.space.Name, e.Message)
		return &out
	}
	return err
}

func (m *matrixWish) key() string {
	var text strings.Builder
	text.WriteString(m.measure)
	for _, p := range m.pairs {
		fmt.Fprintf(&text, " %d %d %s", p.i, p.j, p.c.key())
	}
	sum := sha256.Sum256([]byte(text.String()))
	return hex.EncodeToString(sum[:])
}

func (w *Workspace) wantedMatrix(ctx context.Context, req wire.MatrixRequest) (*matrixWish, error) {
	m := &matrixWish{measure: orElse(req.Measure, "jaccard"), k: req.K}
	if req.K == 0 {
		m.k = DefaultK
	}
	measures, err := measuresOfMatrix(m.measure)
	if err != nil {
		return nil, err
	}
	if err := w.book.View(ctx, func(tx Tx) error { return m.find(tx, req) }); err != nil {
		return nil, err
	}
	for _, p := range m.wanted() {
		c, err := w.wantedComparison(ctx, wire.CompareRequest{A: m.spaces[p.i].Name, B: m.spaces[p.j].Name, K: m.k, MetricA: req.Metric, MetricB: req.Metric, Measures: measures, Exact: true})
		if err != nil {
			return nil, err
		}
		p.c = c
		m.pairs = append(m.pairs, p)
	}
	return m, nil
}

// measuresOfMatrix says what a comparison has to measure: nothing more than usual where that has it.
func measuresOfMatrix(name string) ([]string, error) {
	if name == "all" {
		return nil, catalog.Errorf(catalog.Invalid, "a matrix shows one measure").WithHint("name one of those that vectory measures lists")
	}
	names, err := wantedMeasures([]string{name})
	if err != nil || name == "jaccard" || name == "overlap" || slices.Contains(usual, name) {
		return nil, err
	}
	if other := backwards(name); other != name {
		return []string{name, other}, nil
	}
	return names, nil
}

// backwards is the measure that reads the same pair the other way round.
func backwards(name string) string {
	if forth, ok := strings.CutSuffix(name, "_a_to_b"); ok {
		return forth + "_b_to_a"
	}
	if back, ok := strings.CutSuffix(name, "_b_to_a"); ok {
		return back + "_a_to_b"
	}
	return name
}

// find looks the spaces up: those that are named, those of a dataset, those of an experiment by step, or all.
func (m *matrixWish) find(tx Tx, req wire.MatrixRequest) error {
	if req.Timeline != "" {
		return m.alongSteps(tx, req.Timeline, req.Dataset)
	}
	for _, name := range req.Spaces {
		s, err := mustSpace(tx, name)
		if err != nil {
			return err
		}
		m.spaces = append(m.spaces, s)
	}
	if len(req.Spaces) == 0 {
		all, err := tx.Spaces()
		if err != nil {
			return err
		}
		if req.Dataset != "" {
			if _, err := mustDataset(tx, req.Dataset); err != nil {
				return err
			}
		}
		for _, s := range all {
			if req.Dataset == "" || s.Dataset != nil && *s.Dataset == req.Dataset {
				m.spaces = append(m.spaces, s)
			}
		}
	}
	switch {
	case len(m.spaces) < 2:
		return catalog.Errorf(catalog.Invalid, "a matrix needs at least two spaces, and there %s %d", isOrAre(len(m.spaces)), len(m.spaces)).WithHint("vectory ls spaces lists them")
	case len(m.spaces) > maxMatrix:
		return catalog.Errorf(catalog.Invalid, "a matrix of %d spaces has %d pairs; at most %d spaces are compared at once", len(m.spaces), len(m.spaces)*(len(m.spaces)-1)/2, maxMatrix).WithHint("name the spaces, or their dataset: --dataset=NAME")
	}
	return nil
}

func isOrAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

func (m *matrixWish) alongSteps(tx Tx, name, dataset string) error {
	var err error
	if m.spaces, err = stepsOf(tx, name, dataset); err != nil {
		return err
	}
	if len(m.spaces) < 2 {
		return catalog.Errorf(catalog.Invalid, "experiment '%s' has %s with a step%s; a timeline needs two", name, count(len(m.spaces), "space"), ofDataset(dataset)).WithHint("say --step=N when you add a space")
	}
	m.along = &name
	return oneAStep(name, m.spaces, "vectory matrix SPACE SPACE…")
}

// stepsOf gives the spaces of an experiment that have a step, in their order; those of a dataset, if one is named.
func stepsOf(tx Tx, experiment, dataset string) (spaces []catalog.Space, err error) {
	if _, err := mustExperiment(tx, experiment); err != nil {
		return nil, err
	}
	if dataset != "" {
		if _, err := mustDataset(tx, dataset); err != nil {
			return nil, err
		}
	}
	all, err := tx.Spaces()
	if err != nil {
		return nil, err
	}
	for _, s := range all {
		if s.Experiment != nil && *s.Experiment == experiment && s.Step != nil && (dataset == "" || s.Dataset != nil && *s.Dataset == dataset) {
			spaces = append(spaces, s)
		}
	}
	slices.SortStableFunc(spaces, func(a, b catalog.Space) int { return cmp.Compare(*a.Step, *b.Step) })
	return spaces, nil
}

// ofDataset is what is said of a dataset that was named.
func ofDataset(name string) string {
	if name == "" {
		return ""
	}
	return " in dataset '" + name + "'"
}

// oneAStep refuses an experiment that has several spaces at a step, as of a training and a validation set: one after the other
// they would not be steps of anything. instead is the command that takes spaces by name.
func oneAStep(experiment string, spaces []catalog.Space, instead string) error {
	for i := 1; i < len(spaces); i++ {
		a, b := spaces[i-1], spaces[i]
		if *a.Step == *b.Step {
			return catalog.Errorf(catalog.Invalid, "experiment '%s' has two spaces at step %d: '%s' and '%s'", experiment, *a.Step, a.Name, b.Name).
				WithHint("take those of one dataset: --dataset NAME; or name those of one kind in their order: %s", instead)
		}
	}
	return nil
}

// wanted lists the pairs: all, or those of a timeline, each step with the one before, the first and the last.
func (m *matrixWish) wanted() (pairs []matrixPair) {
	for i := range m.spaces {
		for j := i + 1; j < len(m.spaces); j++ {
			if m.along == nil || j == i+1 || i == 0 || j == len(m.spaces)-1 {
				pairs = append(pairs, matrixPair{i: i, j: j})
			}
		}
	}
	return pairs
}

// assemble reads the kept comparisons; nil when one is missing.
func (w *Workspace) assemble(ctx context.Context, m *matrixWish) (*wire.Matrix, error) {
	n := len(m.spaces)
	out := &wire.Matrix{Measure: m.measure, K: m.k, Spaces: make([]string, n), Steps: make([]*int64, n), Values: make([][]*float64, n), Chance: make([][]*float64, n), Experiment: m.along}
	for i, s := range m.spaces {
		out.Spaces[i], out.Steps[i] = s.Name, s.Step
		out.Values[i], out.Chance[i] = make([]*float64, n), make([]*float64, n)
		if self, ok := selfValue(m.measure); ok {
			out.Values[i][i] = &self
		}
	}
	for _, p := range m.pairs {
		kept, err := w.keptComparison(ctx, p.c.key())
		if err != nil || kept == nil {
			return nil, err
		}
		out.Values[p.i][p.j], out.Chance[p.i][p.j] = readMeasure(kept.Comparison, m.measure)
		out.Values[p.j][p.i], out.Chance[p.j][p.i] = readMeasure(kept.Comparison, backwards(m.measure))
	}
	if m.along != nil {
		out.Timeline = m.timeline(out)
	}
	return out, nil
}

// selfValue is what a space gives with itself, where that is plain.
func selfValue(measure string) (float64, bool) {
	switch measure {
	case "jaccard", "overlap", "r_nx", "r_nx_auc", "rbo", "rank_similarity", "joint_rank_jaccard", "second_order_cosine", "cka", "cka_debiased", "cka_rbf", "procrustes", "rsa", "distance_correlation", "moved_cosine":
		return 1, true
	case "angular_shape", "moved":
		return 0, true
	}
	return 0, false
}

func readMeasure(c wire.Comparison, name string) (value, chance *float64) {
	switch name {
	case "jaccard":
		return &c.Jaccard.Mean, &c.Jaccard.Chance
	case "overlap":
		return &c.Overlap.Mean, &c.Overlap.Chance
	}
	m := c.Measures[name]
	return m.Value, m.Chance
}

func (m *matrixWish) timeline(x *wire.Matrix) []wire.TimelinePoint {
	points := make([]wire.TimelinePoint, len(m.spaces))
	last := len(points) - 1
	for i, s := range m.spaces {
		points[i] = wire.TimelinePoint{Space: s.Name, Step: *s.Step, First: x.Values[0][i], Last: x.Values[i][last]}
		if i > 0 {
			points[i].Previous = x.Values[i-1][i]
		}
	}
	return points
}
