package workspace

import (
	"context"

	"github.com/pentoai/vectory/internal/wire"
)

// LayoutTable gives the rows of a kept layout: its item's id in the first space (or its row number, where that has no
// ids) and its coordinates.
func (w *Workspace) LayoutTable(ctx context.Context, id string) (*Table, error) {
	l, sides, err := w.openLayout(ctx, id)
	if err != nil {
		return nil, err
	}
	coords, err := w.LayoutColumn(ctx, id, "coords")
	if err != nil {
		return nil, err
	}
	rows, err := w.LayoutColumn(ctx, id, "row_a")
	if err != nil {
		return nil, err
	}
	name, done, err := w.idsOf(ctx, sides[0])
	if err != nil {
		return nil, err
	}
	t := &Table{Rows: len(rows.Integers), close: []func(){done}, Columns: []TableColumn{{Name: "id", Text: func(row int) string { return name(int(rows.Integers[row])) }}}}
	for i := range l.Spaces {
		for c := range l.Dims {
			axis := []string{"x", "y", "z"}[c]
			if len(l.Spaces) > 1 {
				axis += "_" + wire.LayoutSide(i)
			}
			at := len(t.Columns) - 1
			t.Columns = append(t.Columns, TableColumn{Name: axis, Single: func(row int) float32 { return coords.Floats[row*coords.Width+at] }})
		}
	}
	return t, nil
}
