package workspace

import (
	"context"
	"slices"
	"strconv"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/measure"
)

// AllVectors maps the vectors of a space; release them when nothing reads them any more.
func (w *Workspace) AllVectors(ctx context.Context, name string) (x knn.Matrix, release func(), err error) {
	var s catalog.Space
	if err := w.book.View(ctx, func(tx Tx) (err error) { s, err = mustSpace(tx, name); return err }); err != nil {
		return x, nil, err
	}
	return w.files.Matrix(s.SHA256, s.Rows, s.Dims)
}

// SpaceTable gives a space as the id of each row and its vector.
func (w *Workspace) SpaceTable(ctx context.Context, name string) (*Table, error) {
	var of side
	if err := w.book.View(ctx, func(tx Tx) (err error) { of, err = lookUp(tx, name, ""); return err }); err != nil {
		return nil, err
	}
	x, release, err := w.files.Matrix(of.space.SHA256, of.space.Rows, of.space.Dims)
	if err != nil {
		return nil, err
	}
	ids, done, err := w.idsOf(ctx, of)
	if err != nil {
		release()
		return nil, err
	}
	return &Table{Rows: x.Rows, close: []func(){release, done}, Columns: []TableColumn{{Name: "id", Text: ids}, {Name: "vector", Vector: x.Row, Width: x.Dims}}}, nil
}

// exportedColumns are those of a comparison that its kept tables give at once.
func exportedColumns() []string {
	return slices.Concat(keptColumns, []string{"jaccard"}, measure.ListNames)
}

// ComparisonTable gives the rows of a comparison that were scored: the id, then columns by name (nil: those that are
// there at once).
func (w *Workspace) ComparisonTable(ctx context.Context, key string, names []string) (*Table, error) {
	if names == nil {
		names = exportedColumns()
	}
	columns := make([]TableColumn, len(names))
	for i, name := range names {
		c, err := w.ComparisonColumn(ctx, key, name)
		if err != nil {
			return nil, err
		}
		columns[i] = TableColumn{Name: name, Double: func(row int) float64 { return c.Floats[row] }}
		if c.Floats == nil {
			columns[i] = TableColumn{Name: name, Integer: func(row int) int32 { return c.Integers[row] }}
		}
	}
	s, err := w.openComparison(ctx, key)
	if err != nil {
		return nil, err
	}
	defer s.close()
	ids, done, err := w.idsOf(ctx, s.a.side)
	if err != nil {
		return nil, err
	}
	rows := slices.Clone(scoredOf(s.columns[0], s.columns[2]))
	id := TableColumn{Name: "id", Text: func(row int) string { return ids(int(rows[row])) }}
	return &Table{Rows: len(rows), Columns: append([]TableColumn{id}, columns...), close: []func(){done}}, nil
}

// idsOf gives the id of each row of a space.
func (w *Workspace) idsOf(ctx context.Context, of side) (id func(row int) string, done func(), err error) {
	if of.dataset == nil {
		return strconv.Itoa, func() {}, nil
	}
	rows, err := w.files.Rows(ctx, *of.dataset)
	if err != nil {
		return nil, nil, err
	}
	return rows.ID, func() { _ = rows.Close() }, nil
}
