package workspace

import (
	"context"
	"slices"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/projection"
	"github.com/pentoai/vectory/internal/wire"
)

// spectralStart is where the leading eigenvectors of the graph put the points.
const spectralStart = "spectral"

// checkStart refuses a start that points cannot begin at; pca, where they begin anyway, is taken away.
func (w *Workspace) checkStart(ctx context.Context, l *laying) error {
	if l.More > 0 && slices.Contains([]string{"", "pca", spectralStart}, l.Start) {
		return catalog.Errorf(catalog.Invalid, "%d more epochs, and no layout that they are of", l.More).WithHint("start is its id")
	}
	if l.Start == "" || l.Start == "pca" || l.Method == "pca" {
		l.Start = ""
		return nil
	}
	if l.Start == spectralStart {
		if l.Method != "umap" {
			return catalog.Errorf(catalog.Invalid, "a spectral start is of umap, not of %s", l.Method)
		}
		return nil
	}
	if len(l.sides) != 1 && l.Method != "joint-umap" {
		return catalog.Errorf(catalog.Invalid, "%s by %s cannot start from a layout", count(len(l.sides), "space"), l.Method).WithHint("lay one out from it, or several by joint-umap")
	}
	from, of, err := w.openLayout(ctx, l.Start)
	switch {
	case catalog.CodeOf(err) == catalog.NotFound:
		return catalog.Errorf(catalog.NotFound, "there is no layout %q to start from", l.Start).WithHint("pca, spectral, or the id of a kept layout: vectory project SPACE --json tells it")
	case err != nil:
		return err
	case len(from.Spaces) != 1 && len(l.sides) != 1 && len(from.Spaces) != len(l.sides):
		return catalog.Errorf(catalog.Invalid, "%s cannot start from a layout of %d", count(len(l.sides), "space"), len(from.Spaces)).WithHint("take one of one space, or of as many")
	case from.Dims != l.Dims:
		return catalog.Errorf(catalog.Invalid, "the layout to start from has %d dimensions, not %d", from.Dims, l.Dims)
	}
	for i, s := range l.sides {
		if err := joinable(of[sourceOf(of, l.sides, i)], s); err != nil {
			return err
		}
	}
	return nil
}

// sourceOf is which space of a layout space i begins at: the one in its place; a single one at its own, if it is there.
func sourceOf(of, sides []side, i int) int {
	switch {
	case len(of) == 1:
		return 0
	case len(sides) == 1:
		return max(0, slices.IndexFunc(of, func(s side) bool { return s.space.SHA256 == sides[0].space.SHA256 }))
	}
	return i
}

// startFrom gives the rows of each space the places that their items have in a layout.
func (m *work) startFrom(ctx context.Context) error {
	from, of, err := m.w.openLayout(ctx, m.Start)
	if err != nil {
		return err
	}
	if m.More > 0 {
		m.NullBand = from.NullBand
	}
	for i := range m.sides {
		source := sourceOf(of, m.sides, i)
		start, err := m.startOf(ctx, i, of[source], from, wire.LayoutSide(source))
		if err != nil {
			return err
		}
		m.start = append(m.start, start)
	}
	return nil
}

// startOf does so for space i, from one space of a layout.
func (m *work) startOf(ctx context.Context, i int, of side, from wire.Layout, source string) (projection.Layout, error) {
	out := projection.Layout{Dims: m.Dims, Points: make([]float32, len(m.rows[i])*m.Dims)}
	coords, err := m.w.LayoutColumn(ctx, from.ID, "coords_"+source)
	if err != nil {
		return out, err
	}
	laid, err := m.w.LayoutColumn(ctx, from.ID, "row_"+source)
	if err != nil {
		return out, err
	}
	j, err := m.w.joinRows(ctx, of, m.sides[i])
	if err != nil {
		return out, err
	}
	placeOf, itemOf := make(map[int32]int, from.Rows), make(map[int32]int32, len(j.b))
	for place, row := range laid.Integers {
		placeOf[row] = place
	}
	for at, row := range j.b {
		itemOf[row] = j.a[at]
	}
	old, missing := projection.Layout{Dims: m.Dims, Points: coords.Floats}, 0
	for at, row := range m.rows[i] {
		item, known := itemOf[row]
		place, there := placeOf[item]
		if !known || !there {
			missing++
			continue
		}
		copy(out.Row(at), old.Row(place))
	}
	if missing > 0 {
		return out, catalog.Errorf(catalog.Invalid, "%s of '%s' have no place in the layout to start from, which is of '%s'", count(missing, "row"), m.sides[i].space.Name, of.space.Name)
	}
	return out, nil
}
