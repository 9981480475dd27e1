package workspace

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math"
	"slices"
	"strings"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/measure"
	"github.com/pentoai/vectory/internal/jobs"
	"github.com/pentoai/vectory/internal/wire"
)

// grading is a grade that has been looked up and not yet made.
type grading struct {
	side
	k     int
	label string // a column of the dataset; "": none
}

// GradeOf says what is to be graded: a space, by the neighbours under a metric ("": its own), with the
// labels of a column ("": none).
type GradeOf struct {
	Space, Metric, Label string
	K                    int // 0: DefaultK
}

// topRows is how many of the most frequent neighbours, and of the outliers, a grade names.
const topRows = 10

// Grade gives the measures of one space, or the job that makes them.
func (w *Workspace) Grade(ctx context.Context, of GradeOf) (wire.GradeReply, error) {
	g := grading{k: of.K, label: of.Label}
	if g.k == 0 {
		g.k = DefaultK
	}
	if err := w.book.View(ctx, func(tx Tx) (err error) { g.side, err = lookUp(tx, of.Space, of.Metric); return err }); err != nil {
		return wire.GradeReply{}, err
	}
	if err := checkK(g.k, g.k, g.space.Rows); err != nil {
		return wire.GradeReply{}, err
	}
	if err := g.checkLabel(); err != nil {
		return wire.GradeReply{}, err
	}
	if kept, ok := w.grades.get(g.key()); ok {
		kept.Space = g.space.Name
		return wire.GradeReply{Grade: &kept}, nil
	}
	job, err := w.jobs.Submit(jobs.Wanted{Kind: "grade", Title: g.space.Name, Same: g.key(), Small: small(g.side)}, func(ctx context.Context, report jobs.Report) (string, error) {
		grade, err := w.makeGrade(ctx, g, report)
		if err == nil {
			w.grades.put(g.key(), grade)
		}
		return g.key(), err
	})
	return wire.GradeReply{Job: &job}, err
}

func (g grading) checkLabel() error {
	switch {
	case g.label == "":
		return nil
	case g.dataset == nil:
		return catalog.Errorf(catalog.Invalid, "space '%s' belongs to no dataset, so it has no column '%s'", g.space.Name, g.label).WithHint("say its dataset when you add it")
	case !slices.Contains(g.dataset.Columns, g.label):
		return catalog.Errorf(catalog.Invalid, "no column '%s'", g.label).WithHint("the columns of dataset '%s' are: %s", g.dataset.Name, strings.Join(g.dataset.Columns, ", "))
	}
	return nil
}

// key is a hash over everything that decides the grade.
func (g grading) key() string {
	var dataset string
	if g.dataset != nil {
		dataset = g.dataset.SHA256
	}
	text, err := json.Marshal([]any{engineVersion, g.space.SHA256, g.space.Rows, dataset, g.metric, g.k, g.label})
	if err != nil {
		panic(err) // strings and numbers only
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

func (w *Workspace) makeGrade(ctx context.Context, g grading, report jobs.Report) (wire.Grade, error) {
	grade := wire.Grade{Space: g.space.Name, Rows: g.space.Rows, Dims: g.space.Dims, Metric: g.metric, K: g.k, Health: g.space.Health, Hubs: []wire.Hub{}, Outliers: []wire.Outlier{}}
	x, release, err := w.files.Matrix(g.space.SHA256, g.space.Rows, g.space.Dims)
	if err != nil {
		return grade, err
	}
	defer release()
	of := tableOf{x: x, content: g.space.SHA256, matrix: g.space.SHA256, metric: g.metric, k: g.k, stage: "neighbours in " + g.space.Name}
	t, releaseTable, err := w.table(ctx, of, func(stage string, p float64) { report(stage, 0.7*p) })
	if err != nil {
		return grade, err
	}
	defer releaseTable()
	report("shape of the space", 0.7)
	results, err := measure.Shape(ctx, x, w.measuring())
	if err != nil {
		return grade, err
	}
	take := func(more map[string]measure.Result) {
		for name, r := range more {
			results[name] = r
		}
	}
	report("hubs and dimension", 0.9)
	results["uniformity"] = measure.Uniformity(x, w.measuring())
	take(measure.Hubness(t, g.k))
	take(measure.IntrinsicDimension(t, x, g.metric, g.k))
	if g.label != "" {
		grade.Label = &g.label
		labels, values, err := w.labelsOf(ctx, g)
		if err != nil {
			return grade, err
		}
		report("labels", 0.92)
		more, err := w.gradeLabels(ctx, g, t, x, labels, len(values))
		if err != nil {
			return grade, err
		}
		take(more)
	} else {
		for _, info := range measure.Registry {
			if info.Of == "space" && info.Needs == "labels" {
				results[info.Name] = measure.Result{Reason: "needs labels: name the column that has them"}
			}
		}
	}
	grade.Measures = wireMeasures(results)
	return grade, w.nameRows(ctx, g, t, x, &grade)
}

// gradeLabels gives the measures that need labels.
func (w *Workspace) gradeLabels(ctx context.Context, g grading, t *knn.Table, x knn.Matrix, labels []int32, count int) (map[string]measure.Result, error) {
	results := measure.Labels(t, labels, count, g.k)
	results["label_silhouette"] = measure.Silhouette(x, labels, count)
	found, err := measure.Retrieval(ctx, x, g.metric, labels, count, w.measuring())
	if err != nil {
		return nil, err
	}
	clusters, err := measure.Clusters(ctx, x, g.metric, labels, count, w.measuring())
	if err != nil {
		return nil, err
	}
	for _, more := range []map[string]measure.Result{found, clusters} {
		for name, r := range more {
			results[name] = r
		}
	}
	results["label_probe"], err = measure.Probe(ctx, x, labels, count, w.measuring())
	return results, err
}

// labelsOf numbers the values of the label's column, sorted, by row.
func (w *Workspace) labelsOf(ctx context.Context, g grading) (labels []int32, values []string, err error) {
	rows, err := w.files.Rows(ctx, *g.dataset)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	all, err := rows.Values(g.label)
	if err != nil {
		return nil, nil, err
	}
	labels, values = numbered(all)
	return labels, values, nil
}

// numbered gives each text its place among the different ones, sorted.
func numbered(all []string) (labels []int32, values []string) {
	values = slices.Compact(slices.Sorted(slices.Values(all)))
	labels = make([]int32, len(all))
	for i, text := range all {
		at, _ := slices.BinarySearch(values, text)
		labels[i] = int32(at)
	}
	return labels, values
}

// nameRows fills in the rows that are most often a neighbour and those that are farthest from everything around them.
func (w *Workspace) nameRows(ctx context.Context, g grading, t *knn.Table, x knn.Matrix, grade *wire.Grade) error {
	a, err := w.open(ctx, NeighboursOf{Space: g.space.Name, K: g.k})
	if err != nil {
		return err
	}
	defer a.release()
	counts := measure.Occurrences(t, g.k)
	for _, row := range largest(counts) {
		grade.Hubs = append(grade.Hubs, wire.Hub{Row: int(row), ID: a.ids(int(row)), Lists: int(counts[row])})
	}
	reach := measure.Reach(t, x, g.metric, g.k, w.measuring())
	isolation := measure.Isolation(t, reach, g.metric, g.k)
	for _, row := range largest(isolation) {
		if !math.IsNaN(isolation[row]) {
			grade.Outliers = append(grade.Outliers, wire.Outlier{Row: int(row), ID: a.ids(int(row)), Distance: reach[row], Isolation: isolation[row]})
		}
	}
	return nil
}

// largest gives the rows of the topRows largest values, ties by row; NaN comes last.
func largest[T cmp.Ordered](values []T) []int32 {
	rows := upTo(len(values))
	slices.SortStableFunc(rows, func(i, j int32) int { return cmp.Compare(values[j], values[i]) })
	return rows[:min(topRows, len(rows))]
}
