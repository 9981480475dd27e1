package workspace

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/vec"
	"github.com/pentoai/vectory/internal/wire"
)

// DefaultK is the number of neighbours when nobody says.
const DefaultK = 10

// Item is whose neighbours are asked for: those of a row, of an id, or of a vector.
type Item struct {
	Row    *int
	ID     *string
	Vector []float32
}

// NeighboursOf is a question about an item.
type NeighboursOf struct {
	Item
	Space  string
	K      int    // 0: DefaultK
	Metric string // "": the space's own

	// Engine is local ("") or elasticsearch; then Index names one ("": the best of the space), and Where filters by columns
	// ("label=3, size>2").
	Engine, Index, Where string
}

// lookedUp is what a question names.
type lookedUp struct {
	side
	by *searching // the index that is asked; nil: none
}

// asked is a question on an open space.
type asked struct {
	lookedUp
	x       knn.Matrix
	k       int
	ids     func(row int) string
	rowOf   func(id string) (int, bool)
	release func()

	queries [][]float32
	rows    []int // whose they are; −1: nobody's
}

// Neighbours gives the nearest rows of an item, nearest first, ties by row: exact, but for an index that says otherwise.
func (w *Workspace) Neighbours(ctx context.Context, q NeighboursOf) (wire.Neighbours, error) {
	list, err := w.neighbours(ctx, q, []Item{q.Item})
	if err != nil {
		return wire.Neighbours{}, err
	}
	return list[0], nil
}

// neighbours answers one question about many items: together, which takes less than one by one.
func (w *Workspace) neighbours(ctx context.Context, q NeighboursOf, items []Item) ([]wire.Neighbours, error) {
	if len(items) < manyQueries { // more are long work themselves, and nobody looks at them
		defer w.urgent.begin()()
	}
	if err := checkEngine(q.Engine, q.Index); err != nil {
		return nil, err
	}
	if q.Where != "" && q.Engine != "elasticsearch" {
		return nil, catalog.Errorf(catalog.Invalid, "only the engine elasticsearch filters").WithHint("--engine=elasticsearch --where=%q", q.Where)
	}
	a, err := w.open(ctx, q)
	if err != nil {
		return nil, err
	}
	defer a.release()
	replies := make([]wire.Neighbours, len(items))
	for i, item := range items {
		replies[i] = wire.Neighbours{Space: q.Space, Metric: a.metric, K: a.k}
		row, query := -1, item.Vector
		if query == nil {
			if row, err = a.row(item); err != nil {
				return nil, err
			}
			query = a.x.Row(row)
			replies[i].Row, replies[i].ID = &row, ref(a.ids(row))
		}
		if err := a.usable(row, query); err != nil {
			return nil, err
		}
		a.queries, a.rows = append(a.queries, query), append(a.rows, row)
	}
	var found []nearest
	if a.by == nil {
		found, err = w.here(ctx, a)
	} else {
		found, err = w.byIndex(ctx, a, q.Where)
	}
	if err != nil {
		return nil, err
	}
	for i := range replies {
		reply := &replies[i]
		if a.by != nil {
			reply.Engine, reply.Index, reply.Approximate = q.Engine, a.by.index.Name, a.by.index.Model != "exact" || found[i].open
		}
		reply.Neighbours = make([]wire.Neighbour, len(found[i].list))
		for at, n := range found[i].list {
			reply.Neighbours[at] = wire.Neighbour{Row: int(n.row), ID: a.ids(int(n.row)), Distance: n.distance}
		}
	}
	return replies, nil
}

// open looks the space up, maps its matrix and opens its ids.
func (w *Workspace) open(ctx context.Context, q NeighboursOf) (*asked, error) {
	a := &asked{k: q.K}
	if a.k == 0 {
		a.k = DefaultK
	}
	if a.k < 1 {
		return nil, catalog.Errorf(catalog.Invalid, "k=%d cannot be: at least one neighbour is needed", q.K)
	}
	var err error
	if a.lookedUp, err = w.lookUpAsked(ctx, q); err != nil {
		return nil, err
	}
	a.ids = strconv.Itoa
	a.rowOf = func(id string) (int, bool) {
		row, err := strconv.Atoi(id)
		return row, err == nil && row >= 0 && row < a.space.Rows
	}
	x, releaseMatrix, err := w.files.Matrix(a.space.SHA256, a.space.Rows, a.space.Dims)
	if err != nil {
		return nil, err
	}
	a.x, a.release = x, releaseMatrix
	if a.dataset == nil {
		return a, nil
	}
	rows, err := w.files.Rows(ctx, *a.dataset)
	if err != nil {
		releaseMatrix()
		return nil, err
	}
	a.ids, a.rowOf = rows.ID, rows.Row
	a.release = func() { releaseMatrix(); _ = rows.Close() }
	return a, nil
}

// lookUpAsked gives what a question names. Questions come one after another about the same, and the book takes longer to tell
// than the search itself where that is quick: what it told is kept until something is changed.
func (w *Workspace) lookUpAsked(ctx context.Context, q NeighboursOf) (found lookedUp, err error) {
	key := fmt.Sprintf("%d %q %q %q %q", w.book.Changes(), q.Space, q.Metric, q.Engine, q.Index)
	if found, ok := w.lookedUp.get(key); ok {
		return found, nil
	}
	err = w.book.View(ctx, func(tx Tx) (err error) {
		if found.side, err = lookUp(tx, q.Space, q.Metric); err == nil && q.Engine == "elasticsearch" {
			found.by, err = lookUpIndex(tx, found.side, q.Index)
		}
		return err
	})
	if err == nil {
		w.lookedUp.put(key, found)
	}
	return found, err
}

// lookUp gives a space with its dataset and the metric asked for.
func lookUp(tx Tx, name, metric string) (side, error) {
	s, err := mustSpace(tx, name)
	if err != nil {
		return side{}, err
	}
	return sideOf(tx, s, metric)
}

func sideOf(tx Tx, s catalog.Space, metric string) (side, error) {
	out := side{space: s, metric: s.Metric}
	if metric != "" {
		m, err := catalog.ParseMetric(metric)
		if err != nil {
			return out, err
		}
		out.metric = m
	}
	if s.DatasetID == nil {
		return out, nil
	}
	d, _, err := tx.DatasetByID(*s.DatasetID)
	out.dataset = &d
	return out, err
}

func (a *asked) row(q Item) (int, error) {
	switch {
	case q.Row != nil && q.ID != nil:
		return 0, catalog.Errorf(catalog.Invalid, "give a row or an id, not both")
	case q.Row != nil:
		if *q.Row < 0 || *q.Row >= a.space.Rows {
			return 0, noRow(a.space, *q.Row)
		}
		return *q.Row, nil
	case q.ID != nil:
		row, ok := a.rowOf(*q.ID)
		if !ok {
			return 0, catalog.Errorf(catalog.NotFound, "space '%s' has no item with the id '%s'", a.space.Name, *q.ID).
				WithHint("its first ids are '%s' and '%s'", a.ids(0), a.ids(min(1, a.space.Rows-1)))
		}
		return row, nil
	}
	return 0, catalog.Errorf(catalog.Invalid, "say whose neighbours: give an id or a row").WithHint("--id=ID or --row=N")
}

// here answers by the kept table if there is one, else by looking at every row: the answers are equal.
func (w *Workspace) here(ctx context.Context, a *asked) ([]nearest, error) {
	found := make([]nearest, len(a.queries))
	if !slices.Contains(a.rows, -1) {
		if t, release := w.keptTable(ctx, a.space.SHA256, a.metric, a.k); t != nil {
			defer release()
			for i, row := range a.rows {
				for _, other := range t.Neighbours(row)[:a.k] {
					found[i].list = append(found[i].list, neighbour{other, vec.Distance(a.metric, a.queries[i], a.x.Row(int(other)))})
				}
			}
			return found, nil
		}
	}
	skip := make([]int32, len(a.rows))
	for i, row := range a.rows {
		skip[i] = int32(row)
	}
	rows, distances, err := w.nearest(ctx, a.space.SHA256, a.x, a.metric, slices.Concat(a.queries...), a.k, skip)
	for i, row := range rows {
		list := &found[i/a.k].list
		*list = append(*list, neighbour{row, distances[i]})
	}
	return found, err
}

// usable refuses a query that has no distance; row is whose vector it is, −1 nobody's.
func (a *asked) usable(row int, query []float32) error {
	if len(query) != a.space.Dims {
		return catalog.Errorf(catalog.Invalid, "the vector has %d values; space '%s' has %d dimensions", len(query), a.space.Name, a.space.Dims)
	}
	if a.metric != catalog.Cosine || vec.Norm(query) > 0 {
		return nil
	}
	what := "the query"
	if row >= 0 {
		what = fmt.Sprintf("row %d of space '%s'", row, a.space.Name)
	}
	return catalog.Errorf(catalog.Invalid, "%s is all zeros: it has no direction, so cosine has no neighbours for it", what).WithHint("ask with --metric=euclidean")
}

// Query asks about a vector, or items by id, in several spaces.
func (w *Workspace) Query(ctx context.Context, q wire.Query) (wire.QueryReply, error) {
	reply := wire.QueryReply{Results: []wire.Neighbours{}}
	if len(q.Spaces) == 0 {
		return reply, catalog.Errorf(catalog.Invalid, "no space is named")
	}
	items, err := itemsOf(q)
	if err != nil {
		return reply, err
	}
	if len(q.Indices) > 0 && len(q.Indices) != len(q.Spaces) {
		return reply, catalog.Errorf(catalog.Invalid, "indices named: %d, spaces: %d", len(q.Indices), len(q.Spaces)).WithHint("one for each, in the same order; an empty name is the best of a space")
	}
	for i, space := range q.Spaces {
		of := NeighboursOf{Space: space, K: q.K, Metric: q.Metric, Engine: q.Engine, Where: q.Where}
		if len(q.Indices) > 0 {
			of.Index = q.Indices[i]
		}
		found, err := w.neighbours(ctx, of, items)
		if err != nil {
			return reply, err
		}
		reply.Results = append(reply.Results, found...)
	}
	return reply, nil
}

// itemsOf gives what a query asks about in each of its spaces: its vector, or each id.
func itemsOf(q wire.Query) ([]Item, error) {
	switch {
	case q.Vector != nil && q.ID == nil && q.IDs == nil:
		vector := make([]float32, len(q.Vector))
		for i, v := range q.Vector {
			vector[i] = float32(v)
		}
		return []Item{{Vector: vector}}, nil
	case q.Vector == nil && q.ID != nil && q.IDs == nil:
		return []Item{{ID: q.ID}}, nil
	case q.Vector == nil && q.ID == nil && len(q.IDs) > 0:
		items := make([]Item, len(q.IDs))
		for i := range q.IDs {
			items[i].ID = &q.IDs[i]
		}
		return items, nil
	}
	return nil, catalog.Errorf(catalog.Invalid, "give a vector, an id or ids: one of the three")
}
