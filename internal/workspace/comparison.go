package workspace

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/measure"
	"github.com/pentoai/vectory/internal/compute/vec"
	"github.com/pentoai/vectory/internal/wire"
)

// Comparisons lists the kept comparisons, newest first.
func (w *Workspace) Comparisons(ctx context.Context) ([]wire.Comparison, error) {
	list := []wire.Comparison{}
	err := w.book.View(ctx, func(tx Tx) error {
		rows, err := tx.Comparisons()
		for _, row := range rows {
			var c wire.Comparison
			if err := json.Unmarshal(row.Summary, &c); err != nil {
				return err
			}
			list = append(list, c)
		}
		return err
	})
	return list, err
}

// Comparison gives one kept comparison.
func (w *Workspace) Comparison(ctx context.Context, key string) (wire.Comparison, error) {
	kept, err := w.mustComparison(ctx, key)
	if err != nil {
		return wire.Comparison{}, err
	}
	return kept.Comparison, nil
}

func (w *Workspace) mustComparison(ctx context.Context, key string) (*keptComparison, error) {
	kept, err := w.keptComparison(ctx, key)
	if err == nil && kept == nil {
		return nil, catalog.Errorf(catalog.NotFound, "no comparison has the key %.12q", key).WithHint("see: vectory ls comparisons")
	}
	return kept, err
}

// DeleteComparison forgets one with its selections; the neighbour tables stay for the next.
func (w *Workspace) DeleteComparison(ctx context.Context, key string, dryRun bool) (wire.Deleted, error) {
	return w.remove(ctx, wire.Thing{Kind: "comparison", Name: key}, DeleteOptions{DryRun: dryRun}, func(tx Tx, r *removal) error {
		if _, err := comparedIn(tx, key); err != nil {
			return err
		}
		return r.addComparison(tx, key)
	})
}

// ComparisonFlow tells which values of a column the neighbours of each value's rows carry, in both spaces.
func (w *Workspace) ComparisonFlow(ctx context.Context, key, column string) (wire.Flow, error) {
	s, err := w.openComparison(ctx, key)
	if err != nil {
		return wire.Flow{}, err
	}
	defer s.close()
	labels, values, err := w.shownLabels(ctx, s, column)
	if err != nil {
		return wire.Flow{}, err
	}
	if len(values) > maxFlow {
		return wire.Flow{}, catalog.Errorf(catalog.Invalid, "column '%s' has %d different values; a matrix of more than %d says nothing", column, len(values), maxFlow).
			WithHint("choose a column of labels")
	}
	flow := wire.Flow{Column: column, Values: values}
	for _, side := range []struct {
		table *knn.Table
		out   *[][]float64
	}{{s.a.table, &flow.A}, {s.b.table, &flow.B}} {
		shares := measure.Flow(side.table, labels, len(values), s.kept.Listed)
		*side.out = slices.Collect(slices.Chunk(shares, len(values)))
	}
	return flow, nil
}

const maxFlow = 500

// shownLabels numbers the values of a column for the rows of a kept comparison.
func (w *Workspace) shownLabels(ctx context.Context, s *shown, column string) (labels []int32, values []string, err error) {
	c := &comparing{a: s.a.side, b: s.b.side}
	if c.columnSide(column) == nil {
		return nil, nil, catalog.Errorf(catalog.Invalid, "no column '%s' to group by", column).WithHint("the columns are: %s", strings.Join(c.columns(), ", "))
	}
	return w.labels(ctx, c, &join{a: s.a.rows, b: s.b.rows}, column)
}

func (k *keptComparison) rule() measure.Rule {
	if k.Preset != nil && *k.Preset == "vectory" {
		return measure.Vectory
	}
	return measure.Jaccard
}

// maxItems is how many items one reply carries.
const maxItems = 500

// ComparisonItem gives the item of a row of A, with both its neighbour lists, from the very tables that made the score.
func (w *Workspace) ComparisonItem(ctx context.Context, key string, row int) (wire.ComparisonItems, error) {
	reply := wire.ComparisonItems{Key: key, Order: "row", Items: []wire.ComparisonItem{}}
	s, err := w.openComparison(ctx, key)
	if err != nil {
		return reply, err
	}
	defer s.close()
	defer w.urgent.begin()()
	at := slices.Index(s.a.rows, int32(row))
	if at < 0 || s.columns[2][at] == measure.NotScored {
		return reply, catalog.Errorf(catalog.NotFound, "row %d of '%s' was not scored in this comparison", row, s.a.space.Name)
	}
	item, err := s.item(int32(at))
	if err == nil {
		err = s.addLists(&item, int32(at))
	}
	reply.Items = append(reply.Items, item)
	return reply, err
}

// ItemsOf says which rows of a comparison are wanted.
type ItemsOf struct {
	Key    string
	Order  string // "worst" or "best": those that agree least or most
	Column string // by which; "": jaccard
	Limit  int
	Lists  bool // with both neighbour lists, from the very tables that made the score
}

// ComparisonItems gives the rows that agree least or most, ties by row.
func (w *Workspace) ComparisonItems(ctx context.Context, of ItemsOf) (wire.ComparisonItems, error) {
	if of.Order != "worst" && of.Order != "best" {
		return wire.ComparisonItems{}, catalog.Errorf(catalog.Invalid, "unknown order '%s'", of.Order).WithHint("worst or best")
	}
	if of.Limit < 1 || of.Limit > maxItems {
		return wire.ComparisonItems{}, catalog.Errorf(catalog.Invalid, "limit=%d is not within 1 and %d", of.Limit, maxItems)
	}
	by, err := w.ranking(ctx, of)
	if err != nil {
		return wire.ComparisonItems{}, err
	}
	s, err := w.openComparison(ctx, of.Key)
	if err != nil {
		return wire.ComparisonItems{}, err
	}
	defer s.close()
	defer w.urgent.begin()() // not before: it may have had to make a table
	reply := wire.ComparisonItems{Key: of.Key, Order: of.Order, Items: []wire.ComparisonItem{}}
	var chosen []int32
	if by == nil {
		chosen = s.ranked(of.Order, of.Limit)
	} else {
		chosen = by.first(of.Order, of.Limit)
	}
	for _, i := range chosen {
		item, err := s.item(i)
		if err != nil {
			return reply, err
		}
		if by != nil {
			item.Value = &by.values[i]
		}
		if of.Lists {
			if err := s.addLists(&item, i); err != nil {
				return reply, err
			}
		}
		reply.Items = append(reply.Items, item)
	}
	return reply, nil
}

// shown is a kept comparison with all that is needed to show its rows.
type shown struct {
	kept    *keptComparison
	columns [][]int32 // row in A, row in B, shared
	a, b    shownSide
}

type shownSide struct {
	side
	rows  []int32 // of the space, by row of the comparison
	table *knn.Table
	x     knn.Matrix
	csv   Rows // nil without a dataset
	bare  bool // rows are shown by their ids alone
	done  []func()
}

func (w *Workspace) openComparison(ctx context.Context, key string) (*shown, error) {
	kept, err := w.mustComparison(ctx, key)
	if err != nil {
		return nil, err
	}
	s := &shown{kept: kept}
	if s.columns, err = w.files.Columns(key); err != nil {
		return nil, err
	}
	err = w.book.View(ctx, func(tx Tx) error {
		row, ok, err := tx.Comparison(key)
		if err != nil || !ok {
			return gone(err)
		}
		if s.a.side, err = versionSide(tx, row.AID, kept.MetricA); err != nil {
			return err
		}
		s.b.side, err = versionSide(tx, row.BID, kept.MetricB)
		return err
	})
	if err != nil {
		return nil, err
	}
	s.a.rows, s.b.rows = s.columns[0], s.columns[1]
	if err := w.openSide(ctx, &s.a, kept.TableA, kept, kept.ByA); err != nil {
		return nil, err
	}
	if err := w.openSide(ctx, &s.b, kept.TableB, kept, kept.ByB); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func versionSide(tx Tx, id int64, metric catalog.Metric) (side, error) {
	space, ok, err := tx.SpaceByID(id)
	if err != nil || !ok {
		return side{}, gone(err)
	}
	return sideOf(tx, space, string(metric))
}

func (w *Workspace) openSide(ctx context.Context, s *shownSide, content string, kept *keptComparison, by *catalog.Index) error {
	x, release, err := w.files.Matrix(s.space.SHA256, s.space.Rows, s.space.Dims)
	if err != nil {
		return err
	}
	s.x, s.done = x, append(s.done, release)
	if s.dataset != nil {
		csv, err := w.files.Rows(ctx, *s.dataset)
		if err != nil {
			s.close()
			return err
		}
		s.csv, s.done = csv, append(s.done, func() { _ = csv.Close() })
	}
	of := tableOf{x: x, content: content, matrix: s.space.SHA256, metric: s.metric, k: kept.Listed}
	if kept.SampledRows != nil {
		of.sample = *kept.SampledRows
	}
	if by != nil {
		of.by = &searching{side: s.side, index: *by}
	}
	if s.table, release = w.keptTable(ctx, of.key(), of.metric, of.k); s.table == nil {
		// The file was lost or damaged: make it again from the same rows.
		of.x, _ = selected(x, s.rows, s.space.SHA256)
		if by != nil {
			if of.by, err = w.searchingOf(ctx, s.side, by.Name); err != nil {
				s.close()
				return err
			}
		}
		if s.table, release, err = w.table(ctx, of, func(string, float64) {}); err != nil {
			s.close()
			return err
		}
	}
	s.done = append(s.done, release)
	return nil
}

func (s *shownSide) close() {
	for _, done := range s.done {
		done()
	}
}

func (s *shown) close() { s.a.close(); s.b.close() }

// ranked gives the rows of the comparison by agreement, ties by row.
func (s *shown) ranked(order string, limit int) []int32 {
	shared := s.columns[2]
	rows := scoredOf(upTo(len(shared)), shared)
	slices.SortStableFunc(rows, func(i, j int32) int {
		if order == "best" {
			return int(shared[j] - shared[i])
		}
		return int(shared[i] - shared[j])
	})
	return rows[:min(limit, len(rows))]
}

func (s *shown) item(i int32) (wire.ComparisonItem, error) {
	m := s.columns[2][i]
	item := wire.ComparisonItem{RowA: int(s.a.rows[i]), RowB: int(s.b.rows[i]), Shared: int(m), Jaccard: s.kept.rule().Value(m, s.kept.K)}
	var err error
	item.ID, item.Columns, err = s.a.label(item.RowA)
	return item, err
}

// label gives the id and the columns of a row.
func (s *shownSide) label(row int) (id string, columns map[string]string, err error) {
	if s.csv == nil {
		return strconv.Itoa(row), map[string]string{}, nil
	}
	if s.bare {
		return s.csv.ID(row), map[string]string{}, nil
	}
	records, err := s.csv.Records(row, row+1)
	if err != nil {
		return "", nil, err
	}
	columns = make(map[string]string, len(records[0]))
	for i, value := range records[0] {
		columns[s.dataset.Columns[i]] = value
	}
	return s.csv.ID(row), columns, nil
}

func (s *shown) addLists(item *wire.ComparisonItem, i int32) (err error) {
	at, found := s.a.table.ListOf(int(i))
	if !found {
		return catalog.Errorf(catalog.Internal, "the kept table has no list of row %d", i)
	}
	mine, other := s.a.table.Neighbours(at)[:s.kept.Listed], s.b.table.Neighbours(at)[:s.kept.Listed]
	if item.A, err = s.a.list(i, mine, other); err != nil {
		return err
	}
	item.B, err = s.b.list(i, other, mine)
	return err
}

// list shows the neighbours of row i: their rows in the space, ids, distances.
func (s *shownSide) list(i int32, neighbours, other []int32) ([]wire.ListedNeighbour, error) {
	list := make([]wire.ListedNeighbour, len(neighbours))
	from := s.x.Row(int(s.rows[i]))
	for at, n := range neighbours {
		row := int(s.rows[n])
		id, columns, err := s.label(row)
		if err != nil {
			return nil, err
		}
		list[at] = wire.ListedNeighbour{Neighbour: wire.Neighbour{Row: row, ID: id, Distance: vec.Distance(s.metric, from, s.x.Row(row))},
			Shared: slices.Contains(other, n), Columns: columns}
	}
	return list, nil
}
