package workspace

import (
	"context"
	"slices"
	"strings"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/projection"
	"github.com/pentoai/vectory/internal/compute/vec"
	"github.com/pentoai/vectory/internal/wire"
)

// TransformLayout places rows that are not in a kept layout, m×d as one of its spaces is wide, each for itself; the layout
// does not move. named is the space; it need not be said where there is one.
func (w *Workspace) TransformLayout(ctx context.Context, id, named string, x knn.Matrix) (Frame, error) {
	l, sides, err := w.openLayout(ctx, id)
	if err != nil {
		return Frame{}, err
	}
	at, err := placesIn(l, sides, named)
	if err != nil {
		return Frame{}, err
	}
	space, metric := sides[at].space, l.Metrics[at]
	if err := placeable(x, space, metric); err != nil {
		return Frame{}, err
	}
	coords, err := w.LayoutColumn(ctx, id, "coords_"+wire.LayoutSide(at))
	if err != nil {
		return Frame{}, err
	}
	laid, err := w.LayoutColumn(ctx, id, "row_"+wire.LayoutSide(at))
	if err != nil {
		return Frame{}, err
	}
	old, release, err := w.files.Matrix(space.SHA256, space.Rows, space.Dims)
	if err != nil {
		return Frame{}, err
	}
	defer release()
	p := placing{Layout: l, w: w, metric: metric, on: projection.Machine{Threads: w.machine.Threads, Kernel: w.machine.Kernel}, old: projection.Layout{Dims: l.Dims, Points: coords.Floats}}
	old, p.sha = selected(old, laid.Integers, space.SHA256)
	placed, err := p.place(ctx, projection.Fresh{X: x, Old: old})
	return Frame{Rows: x.Rows, Width: l.Dims, Floats: placed.Points}, err
}

// placesIn is which space of a layout new rows belong to. One that was laid out by itself and then turned and scaled like
// another is no measure for the distances of new rows.
func placesIn(l wire.Layout, sides []side, named string) (int, error) {
	if len(sides) == 1 && named == "" {
		return 0, nil
	}
	var names []string
	for _, s := range sides {
		names = append(names, s.space.Name)
	}
	at := slices.Index(names, named)
	switch {
	case named == "":
		return 0, catalog.Errorf(catalog.Invalid, "the layout is of %s, and it is not said which the new rows are of", count(len(sides), "space")).WithHint("one of: %s", strings.Join(names, ", "))
	case at < 0:
		return 0, catalog.Errorf(catalog.Invalid, "the layout has no space '%s'", named).WithHint("it is of: %s", strings.Join(names, ", "))
	case at > 0 && !byGraph(l):
		return 0, catalog.Errorf(catalog.Invalid, "new rows of '%s' cannot be placed: by %s it was laid out by itself, and then turned and scaled like '%s'", named, l.Method, names[0]).WithHint("lay '%s' out alone, or together by joint-umap", named)
	case at > 0 && l.Method == "umap":
		return 0, catalog.Errorf(catalog.Invalid, "new rows of '%s' cannot be placed: it was laid out by itself, and then turned and scaled like '%s'", named, names[0]).WithHint("lay '%s' out alone, or together by joint-umap", named)
	}
	return at, nil
}

// openLayout gives a kept layout and the very versions of its spaces.
func (w *Workspace) openLayout(ctx context.Context, id string) (l wire.Layout, sides []side, err error) {
	if l, err = w.ShowLayout(ctx, id); err != nil {
		return l, nil, err
	}
	if l.State != "done" {
		return l, nil, catalog.Errorf(catalog.Conflict, "the layout is not done yet").WithHint("ask again when it is")
	}
	err = w.book.View(ctx, func(tx Tx) error {
		kept, ok, err := tx.Layout(id)
		if err != nil || !ok {
			return gone(err)
		}
		for i, id := range kept.Spaces {
			space, ok, err := tx.SpaceByID(id)
			if err != nil || !ok {
				return gone(err)
			}
			s, err := sideOf(tx, space, string(l.Metrics[i]))
			if err != nil {
				return err
			}
			sides = append(sides, s)
		}
		return nil
	})
	return l, sides, err
}

func placeable(x knn.Matrix, space catalog.Space, metric catalog.Metric) error {
	if x.Dims != space.Dims {
		return catalog.Errorf(catalog.Invalid, "the new rows have %d values; space '%s' has %d dimensions", x.Dims, space.Name, space.Dims)
	}
	for i := range x.Rows {
		if metric == catalog.Cosine && vec.Norm(x.Row(i)) == 0 {
			return catalog.Errorf(catalog.Invalid, "new row %d is all zeros: it has no direction, so cosine has no place for it", i).WithHint("leave it out, or lay out with --metric=euclidean")
		}
	}
	return nil
}

// placing is a layout that new rows are placed in.
type placing struct {
	wire.Layout
	w      *Workspace
	metric catalog.Metric
	sha    string // of the rows of the space that are laid out
	on     projection.Machine
	old    projection.Layout
}

func (p *placing) place(ctx context.Context, fresh projection.Fresh) (projection.Layout, error) {
	metric := p.metric
	if fresh.X.Rows == 0 {
		return projection.Layout{Dims: p.Dims, Points: []float32{}}, nil
	}
	if p.Method == "pca" || p.Rows < smallestGraph {
		found, err := p.w.axesOf(ctx, p.sha, fresh.Old, p.Dims, metric == catalog.Cosine, false)
		if err != nil {
			return projection.Layout{}, err
		}
		return found.axes.Scores(fresh.X, p.on), nil
	}
	fresh.K = p.K
	if p.Method == "tsne" || p.Method == "pacmap" {
		fresh.K--
	}
	fresh.K = takingOf(fresh.Old, metric, fresh.K)
	fresh, err := p.near(ctx, fresh, metric)
	if err != nil {
		return projection.Layout{}, err
	}
	switch p.Method {
	case "tsne":
		return projection.PlaceTSNE(ctx, fresh, p.old, p.Perplexity, p.on)
	case "pacmap":
		return projection.PlacePaCMAP(ctx, fresh, p.old, p.on)
	}
	return projection.PlaceUMAP(ctx, fresh, p.old, projection.Params{MinDist: p.MinDist, Spread: 1, Seed: uint64(p.Seed)}, p.on)
}

// near finds the nearest rows of each fresh one, among those the method saw.
func (p *placing) near(ctx context.Context, fresh projection.Fresh, metric catalog.Metric) (projection.Fresh, error) {
	var err error
	if p.Reduce == 0 || p.Reduce >= fresh.Old.Dims || p.Rows <= smallestGraph {
		fresh.IDs, fresh.Distances, err = p.w.nearest(ctx, p.sha, fresh.Old, metric, fresh.X.Data, fresh.K, nil)
		return fresh, err
	}
	excluded := knn.Exclusions(fresh.Old, metric)
	found, err := p.w.axesOf(ctx, p.sha, fresh.Old, p.Reduce, metric == catalog.Cosine, true)
	if err != nil {
		return fresh, err
	}
	fresh.X, fresh.Old = found.axes.Reduced(fresh.X, p.on), found.reduced
	fresh.IDs, fresh.Distances, err = knn.Query(ctx, fresh.Old, fresh.X.Data, knn.Params{K: fresh.K, Metric: catalog.Euclidean, Threads: p.on.Threads, Kernel: p.on.Kernel, Exclude: excluded}, nil)
	return fresh, err
}

// takingOf is how many rows have a distance under the metric, counted up to so many.
func takingOf(x knn.Matrix, metric catalog.Metric, most int) (taking int) {
	for i := 0; i < x.Rows && taking < most; i++ {
		if metric != catalog.Cosine || vec.Norm(x.Row(i)) > 0 {
			taking++
		}
	}
	return taking
}
