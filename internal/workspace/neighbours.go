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

// NeighboursOf says whose neighbours are asked for: those of a row, of an id, or of a vector.
type NeighboursOf struct {
	Space  string
	Row    *int
	ID     *string
	Vector []float32
	K      int    // 0: DefaultK
	Metric string // "": the space's own

	// Engine is local ("") or elasticsearch; then Index names one ("": the best of the space), and Where filters by columns
	// ("label=3, size>2").
	Engine, Index, Where string
}

// asked is a question on an open space.
type asked struct {
	side
	by      *searching // the index that is asked; nil: none
	x       knn.Matrix
	k       int
	ids     func(row int) string
	rowOf   func(id string) (int, bool)
	release func()
}

// Neighbours gives the exact nearest rows, nearest first, ties by row.
func (w *Workspace) Neighbours(ctx context.Context, q NeighboursOf) (wire.Neighbours, error) {
	defer w.urgent.begin()()
	if err := checkEngine(q.Engine, q.Index); err != nil {
		return wire.Neighbours{}, err
	}
	if q.Where != "" && q.Engine != "elasticsearch" {
		return wire.Neighbours{}, catalog.Errorf(catalog.Invalid, "only the engine elasticsearch filters").WithHint("--engine=elasticsearch --where=%q", q.Where)
	}
	a, err := w.open(ctx, q)
	if err != nil {
		return wire.Neighbours{}, err
	}
	defer a.release()
	reply := wire.Neighbours{Space: q.Space, Metric: a.metric, K: a.k}
	var rows []int32
	var distances []float64
	row, query := -1, q.Vector
	if q.Vector == nil {
		if row, err = a.row(q); err != nil {
			return wire.Neighbours{}, err
		}
		query = a.x.Row(row)
		reply.Row, reply.ID = &row, ref(a.ids(row))
	}
	switch {
	case a.by != nil:
		if err = a.usable(row, query); err == nil {
			var found []neighbour
			var exact bool
			found, reply.Index, exact, err = w.elasticNeighbours(ctx, a, q, row, query)
			reply.Engine, reply.Approximate = q.Engine, !exact
			for _, n := range found {
				rows, distances = append(rows, n.row), append(distances, n.distance)
			}
		}
	case q.Vector != nil:
		rows, distances, err = w.ofVector(ctx, a, q.Vector)
	default:
		rows, distances, err = w.ofRow(ctx, a, row)
	}
	if err != nil {
		return wire.Neighbours{}, err
	}
	reply.Neighbours = make([]wire.Neighbour, len(rows))
	for i, row := range rows {
		reply.Neighbours[i] = wire.Neighbour{Row: int(row), ID: a.ids(int(row)), Distance: distances[i]}
	}
	return reply, nil
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
	err := w.book.View(ctx, func(tx Tx) (err error) {
		if a.side, err = lookUp(tx, q.Space, q.Metric); err == nil && q.Engine == "elasticsearch" {
			a.by, err = lookUpIndex(tx, a.side, q.Index)
		}
		return err
	})
	if err != nil {
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

func (a *asked) row(q NeighboursOf) (int, error) {
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

// ofRow reads the kept table if there is one, else looks at every row: the answers are equal.
func (w *Workspace) ofRow(ctx context.Context, a *asked, row int) ([]int32, []float64, error) {
	query := a.x.Row(row)
	if err := a.usable(row, query); err != nil {
		return nil, nil, err
	}
	t, release := w.keptTable(ctx, a.space.SHA256, a.metric, a.k)
	if t == nil {
		return w.nearest(ctx, a.space.SHA256, a.x, a.metric, query, a.k, []int32{int32(row)})
	}
	defer release()
	rows := slices.Clone(t.Neighbours(row)[:a.k])
	distances := make([]float64, a.k)
	for i, other := range rows {
		distances[i] = vec.Distance(a.metric, query, a.x.Row(int(other)))
	}
	return rows, distances, nil
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

func (w *Workspace) ofVector(ctx context.Context, a *asked, query []float32) ([]int32, []float64, error) {
	if err := a.usable(-1, query); err != nil {
		return nil, nil, err
	}
	return w.nearest(ctx, a.space.SHA256, a.x, a.metric, query, a.k, []int32{-1})
}

// Query asks about a vector, or items by id, in several spaces.
func (w *Workspace) Query(ctx context.Context, q wire.Query) (wire.QueryReply, error) {
	reply := wire.QueryReply{Results: []wire.Neighbours{}}
	if len(q.Spaces) == 0 {
		return reply, catalog.Errorf(catalog.Invalid, "no space is named")
	}
	asked, err := askedOf(q)
	if err != nil {
		return reply, err
	}
	if len(q.Indices) > 0 && len(q.Indices) != len(q.Spaces) {
		return reply, catalog.Errorf(catalog.Invalid, "indices named: %d, spaces: %d", len(q.Indices), len(q.Spaces)).WithHint("one for each, in the same order; an empty name is the best of a space")
	}
	for i, space := range q.Spaces {
		for _, of := range asked {
			of.Space = space
			if len(q.Indices) > 0 {
				of.Index = q.Indices[i]
			}
			n, err := w.Neighbours(ctx, of)
			if err != nil {
				return reply, err
			}
			reply.Results = append(reply.Results, n)
		}
	}
	return reply, nil
}

// askedOf gives what a query asks in each of its spaces: about its vector, or about each id.
func askedOf(q wire.Query) ([]NeighboursOf, error) {
	of := NeighboursOf{K: q.K, Metric: q.Metric, Engine: q.Engine, Where: q.Where}
	switch {
	case q.Vector != nil && q.ID == nil && q.IDs == nil:
		of.Vector = make([]float32, len(q.Vector))
		for i, v := range q.Vector {
			of.Vector[i] = float32(v)
		}
		return []NeighboursOf{of}, nil
	case q.Vector == nil && q.ID != nil && q.IDs == nil:
		of.ID = q.ID
		return []NeighboursOf{of}, nil
	case q.Vector == nil && q.ID == nil && len(q.IDs) > 0:
		asked := make([]NeighboursOf, len(q.IDs))
		for i := range q.IDs {
			asked[i] = of
			asked[i].ID = &q.IDs[i]
		}
		return asked, nil
	}
	return nil, catalog.Errorf(catalog.Invalid, "give a vector, an id or ids: one of the three")
}
