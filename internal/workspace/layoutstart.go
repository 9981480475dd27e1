package workspace

import (
	"context"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/projection"
)

// spectralStart is where the leading eigenvectors of the graph put the points.
const spectralStart = "spectral"

// checkStart refuses a start that points cannot begin at; pca, where they begin anyway, is taken away.
func (w *Workspace) checkStart(ctx context.Context, l *laying) error {
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
	if len(l.sides) != 1 || anchored(l.Layout) {
		return catalog.Errorf(catalog.Invalid, "%d spaces cannot start from a layout", len(l.sides)).WithHint("lay one out from it")
	}
	from, of, err := w.openLayout(ctx, l.Start)
	switch {
	case catalog.CodeOf(err) == catalog.NotFound:
		return catalog.Errorf(catalog.NotFound, "there is no layout %q to start from", l.Start).WithHint("pca, spectral, or the id of a kept layout: vectory project SPACE --json tells it")
	case err != nil:
		return err
	case len(from.Spaces) != 1:
		return catalog.Errorf(catalog.Invalid, "a layout of %d spaces cannot be started from", len(from.Spaces)).WithHint("take one of one space")
	case from.Dims != l.Dims:
		return catalog.Errorf(catalog.Invalid, "the layout to start from has %d dimensions, not %d", from.Dims, l.Dims)
	}
	return joinable(of, l.sides[0])
}

// startFrom gives the rows of a space the places that their items have in a layout.
func (w *Workspace) startFrom(ctx context.Context, id string, s side) (projection.Layout, error) {
	l, of, err := w.openLayout(ctx, id)
	if err != nil {
		return projection.Layout{}, err
	}
	coords, err := w.LayoutColumn(ctx, id, "coords_a")
	if err != nil {
		return projection.Layout{}, err
	}
	j, err := w.joinRows(ctx, of, s)
	if err != nil {
		return projection.Layout{}, err
	}
	if missing := s.space.Rows - len(j.b); missing > 0 {
		return projection.Layout{}, catalog.Errorf(catalog.Invalid, "%s of '%s' have no place in the layout to start from, which is of '%s'", count(missing, "row"), s.space.Name, of.space.Name)
	}
	old, out := projection.Layout{Dims: l.Dims, Points: coords.Floats}, projection.Layout{Dims: l.Dims, Points: make([]float32, s.space.Rows*l.Dims)}
	for at, row := range j.b {
		copy(out.Row(int(row)), old.Row(int(j.a[at])))
	}
	return out, nil
}
