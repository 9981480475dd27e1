package workspace

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/measure"
)

// Column is one per-row column of a comparison, in the order of the rows that were scored: floats, NaN where a row has no
// value, or integers.
type Column struct {
	Floats   []float64
	Integers []int32
}

// keptColumns are what a comparison is kept with; all others are computed from its tables and spaces when they are asked.
var keptColumns = []string{"row_a", "row_b", "shared"}

// columnNames are all columns, in the order in which they are listed.
func columnNames() []string {
	names := slices.Clone(keptColumns)
	for _, info := range measure.Registry {
		if info.Rows {
			names = append(names, info.Name)
		}
	}
	return names
}

// labelled says whether a column is of the values of a column of the dataset, which follows behind a colon.
func labelled(name string) bool {
	info, _ := measure.InfoOf(name)
	return info.Of == "row" && info.Needs == "labels"
}

// ComparisonColumn gives a column by name: row_a, row_b and shared are integers, as are occurrences_a and _b; every
// measure of the registry that has rows is floats.
func (w *Workspace) ComparisonColumn(ctx context.Context, key, name string) (Column, error) {
	kept, err := w.mustComparison(ctx, key)
	if err != nil {
		return Column{}, err
	}
	if name == "" {
		name = "jaccard"
	}
	plain, label, _ := strings.Cut(name, ":")
	if !slices.Contains(columnNames(), plain) || label != "" && !labelled(plain) {
		return Column{}, catalog.Errorf(catalog.Invalid, "a comparison has no column '%s'", name).WithHint("one of %s", strings.Join(columnNames(), ", "))
	}
	stored, err := w.files.Columns(key)
	if err != nil {
		return Column{}, err
	}
	if at := slices.Index(keptColumns, name); at >= 0 {
		return Column{Integers: scoredOf(stored[at], stored[2])}, nil
	}
	if name == "jaccard" {
		return Column{Floats: kept.rule().Values(stored[2], kept.K)}, nil
	}
	return w.computedColumn(ctx, key, name)
}

// computedColumn reads the kept tables, or the spaces, again: it is quick, and not worth a file.
func (w *Workspace) computedColumn(ctx context.Context, key, name string) (Column, error) {
	s, err := w.openComparison(ctx, key)
	if err != nil {
		return Column{}, err
	}
	defer s.close()
	want := func(other string) bool { return other == name }
	switch {
	case slices.Contains(measure.ListNames, name):
		columns, err := measure.Columns(s.a.table, s.b.table, s.kept.Listed)
		return Column{Floats: columns[name]}, err
	case slices.Contains(measure.RowNames, name):
		rows := measure.NewRows(s.a.joined(), s.b.joined(), s.a.metric, s.b.metric, s.a.table.Lists(), w.measuring())
		columns, err := rows.Columns(ctx, s.a.table, s.b.table, s.kept.Listed, want)
		if err == nil && columns[name] == nil {
			err = catalog.Errorf(catalog.Invalid, "'%s' needs spaces of the same dimensions and coordinates", name)
		}
		return Column{Floats: s.scoredLists(columns[name])}, err
	case slices.Contains(measure.PartNames, name):
		parts, err := w.parts(ctx, s)
		if err == nil && parts[name] == nil {
			err = catalog.Errorf(catalog.Invalid, "'%s' has no rows: all rows of a space are equal", name)
		}
		return Column{Floats: scoredOf(parts[name], s.columns[2])}, err
	}
	of, other := &s.a, &s.b
	plain, column, _ := strings.Cut(name, ":")
	if strings.HasSuffix(plain, "_b") {
		of, other = other, of
	}
	if labelled(plain) {
		return w.labelledColumn(ctx, s, of, plain, column)
	}
	switch k := s.kept.Listed; strings.TrimSuffix(strings.TrimSuffix(plain, "_a"), "_b") {
	case "occurrences":
		return Column{Integers: scoredOf(measure.Occurrences(of.table, k), s.columns[2])}, nil
	case "dimension":
		if k < 3 || of.metric == catalog.Dot {
			return Column{}, catalog.Errorf(catalog.Invalid, "'%s' needs k above 2 and a metric that is a distance: this comparison has k = %d and %s", name, k, of.metric).WithHint("compare with cosine or euclidean, and -k 10")
		}
		return Column{Floats: s.scoredLists(measure.LocalDimension(of.table, of.joined(), of.metric, k, w.measuring()))}, nil
	case "sparser":
		return w.sparser(s)
	case "reach":
		return Column{Floats: s.scoredLists(w.reach(s, of))}, nil
	}
	return w.imbalanceColumn(ctx, s, other, of, name) // from the other to this one
}

func (w *Workspace) reach(s *shown, of *shownSide) []float64 {
	return measure.Reach(of.table, of.joined(), of.metric, s.kept.Listed, w.measuring())
}

// sparser compares the reach of both sides as lengths.
func (w *Workspace) sparser(s *shown) (Column, error) {
	var reach [2][]float64
	for i, of := range []*shownSide{&s.a, &s.b} {
		if of.metric == catalog.Dot {
			return Column{}, catalog.Errorf(catalog.Invalid, "'sparser' needs metrics that are distances, not dot").WithHint("compare with --metric-a and --metric-b that are cosine or euclidean")
		}
		reach[i] = w.reach(s, of)
		if of.metric == catalog.Cosine {
			for at, v := range reach[i] {
				reach[i][at] = math.Sqrt(max(0, 2*v)) // NaN stays
			}
		}
	}
	return Column{Floats: s.scoredLists(measure.Sparser(reach[0], reach[1]))}, nil
}

// labelledColumn reads the labels of the column that is named, or by which the comparison was grouped.
func (w *Workspace) labelledColumn(ctx context.Context, s *shown, of *shownSide, plain, column string) (Column, error) {
	if column == "" && len(s.kept.Groups) > 0 {
		column = s.kept.Groups[0].Column
	}
	if column == "" {
		return Column{}, catalog.Errorf(catalog.Invalid, "'%s' needs labels", plain).WithHint("name a column of the dataset: %s:COLUMN", plain)
	}
	labels, values, err := w.shownLabels(ctx, s, column)
	if err != nil {
		return Column{}, err
	}
	var found []float64
	switch k := s.kept.Listed; plain {
	case "purity_a", "purity_b":
		found = measure.Purity(of.table, labels, k)
	case "margin_a", "margin_b":
		found = measure.Margin(of.table, labels, len(values), k)
	case "flip":
		found = measure.Flips(s.a.table, s.b.table, labels)
	default:
		byRow, reason := measure.Silhouettes(of.joined(), labels, len(values))
		if reason != "" {
			return Column{}, catalog.Errorf(catalog.Invalid, "'%s:%s' has no rows: %s", plain, column, reason).WithHint("name a column in which several rows have the same value")
		}
		for i := range of.table.Lists() {
			found = append(found, byRow[of.table.RowOf(i)])
		}
	}
	return Column{Floats: s.scoredLists(found)}, nil
}

// rankedWork is how many products of values the ranks of all rows may take: some ten seconds.
const rankedWork = 4e11

func (w *Workspace) imbalanceColumn(ctx context.Context, s *shown, from, to *shownSide, name string) (Column, error) {
	y := to.joined()
	if work := float64(from.table.Lists()) * float64(y.Rows) * float64(y.Dims); work > rankedWork {
		return Column{}, catalog.Errorf(catalog.Invalid, "'%s' would rank %d rows among %d: that takes minutes", name, from.table.Lists(), y.Rows).WithHint("compare a sample of the rows: --sample=10000")
	}
	values, err := measure.Imbalances(ctx, from.table, to.table, y, knn.Params{Metric: to.metric, Threads: w.machine.Threads, Kernel: w.machine.Kernel})
	return Column{Floats: s.scoredLists(values)}, err
}

// joined are the rows of a side in the order of the comparison.
func (s *shownSide) joined() knn.Matrix {
	x, _ := selected(s.x, s.rows, s.space.SHA256)
	return x
}

// parts computes what reads the inner products of all rows, once for the columns of a comparison that follow each other.
func (w *Workspace) parts(ctx context.Context, s *shown) (map[string][]float64, error) {
	if parts, ok := w.lastParts.get(s.kept.Key); ok {
		return parts, nil
	}
	x, y := s.a.joined(), s.b.joined()
	m, err := w.sumsOf(ctx, s.kept.TableA, s.kept.TableB, x, y)
	if err != nil {
		return nil, err
	}
	parts, err := m.Parts(ctx, x, y)
	if err == nil {
		w.lastParts.put(s.kept.Key, parts)
	}
	return parts, err
}

// scoredOf keeps the values of the rows that were scored.
func scoredOf[T any](values []T, shared []int32) []T {
	if !slices.Contains(shared, measure.NotScored) || values == nil {
		return values
	}
	kept := make([]T, 0, len(values))
	for i, v := range values {
		if shared[i] != measure.NotScored {
			kept = append(kept, v)
		}
	}
	return kept
}

// scoredLists keeps the values, by list of the tables, of the rows that were scored.
func (s *shown) scoredLists(values []float64) []float64 {
	kept := make([]float64, 0, len(values))
	for i, v := range values {
		if s.columns[2][s.a.table.RowOf(i)] != measure.NotScored {
			kept = append(kept, v)
		}
	}
	return kept
}

// ranking is by what rows of a comparison are put in order.
type ranking struct {
	values []float64 // by row of the comparison; NaN for rows without a value
	lower  bool      // agrees more
}

// ranking looks up the column that is to put the rows in order; nil for the one that the comparison is kept with.
func (w *Workspace) ranking(ctx context.Context, of ItemsOf) (*ranking, error) {
	if of.Column == "" || of.Column == "jaccard" {
		return nil, nil
	}
	if info, ok := measure.InfoOf(of.Column); ok && info.Rows && info.Better == "" {
		return nil, catalog.Errorf(catalog.Invalid, "'%s' does not say which rows agree: %s", of.Column, info.Meaning).WithHint("read it with GET /comparisons/{key}/rows?column=%s, in Python with .column(\"%s\")", of.Column, of.Column)
	}
	column, err := w.ComparisonColumn(ctx, of.Key, of.Column)
	if err != nil {
		return nil, err
	}
	if column.Floats == nil {
		return nil, catalog.Errorf(catalog.Invalid, "'%s' does not say which rows agree", of.Column).WithHint("one of the measures that have rows: vectory measures")
	}
	stored, err := w.files.Columns(of.Key)
	if err != nil {
		return nil, err
	}
	info, _ := measure.InfoOf(of.Column)
	r := &ranking{values: make([]float64, len(stored[2])), lower: info.Better == "lower"}
	next := 0
	for i, m := range stored[2] {
		r.values[i] = math.NaN()
		if m != measure.NotScored {
			r.values[i] = column.Floats[next]
			next++
		}
	}
	return r, nil
}

// first gives rows of the comparison in order, ties by row. Rows without a value come never.
func (r *ranking) first(order string, limit int) []int32 {
	rows := slices.DeleteFunc(upTo(len(r.values)), func(i int32) bool { return math.IsNaN(r.values[i]) })
	falling := (order == "best") != r.lower
	slices.SortStableFunc(rows, func(i, j int32) int {
		if falling {
			return cmp.Compare(r.values[j], r.values[i])
		}
		return cmp.Compare(r.values[i], r.values[j])
	})
	return rows[:min(limit, len(rows))]
}
