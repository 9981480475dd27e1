package workspace

import (
	"context"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/projection"
	"github.com/pentoai/vectory/internal/compute/vec"
	"github.com/pentoai/vectory/internal/wire"
)

// TransformLayout places rows that are not in a kept layout of one space, m×d as the space is wide, each for itself; the
// layout does not move.
func (w *Workspace) TransformLayout(ctx context.Context, id string, x knn.Matrix) (Frame, error) {
	l, s, err := w.openLayout(ctx, id)
	if err != nil {
		return Frame{}, err
	}
	if len(l.Spaces) != 1 {
		return Frame{}, catalog.Errorf(catalog.Invalid, "new rows are placed in a layout of one space, and this one is of %d", len(l.Spaces)).WithHint("lay one of the spaces out by itself")
	}
	space := s.space
	if err := placeable(x, space, l.Metrics[0]); err != nil {
		return Frame{}, err
	}
	coords, err := w.LayoutColumn(ctx, id, "coords_a")
	if err != nil {
		return Frame{}, err
	}
	old, release, err := w.files.Matrix(space.SHA256, space.Rows, space.Dims)
	if err != nil {
		return Frame{}, err
	}
	defer release()
	p := placing{Layout: l, w: w, sha: space.SHA256, on: projection.Machine{Threads: w.machine.Threads, Kernel: w.machine.Kernel}, old: projection.Layout{Dims: l.Dims, Points: coords.Floats}}
	placed, err := p.place(ctx, projection.Fresh{X: x, Old: old})
	return Frame{Rows: x.Rows, Width: l.Dims, Floats: placed.Points}, err
}

// openLayout gives a kept layout and the very version of its first space.
func (w *Workspace) openLayout(ctx context.Context, id string) (l wire.Layout, s side, err error) {
	if l, err = w.ShowLayout(ctx, id); err != nil {
		return l, s, err
	}
	if l.State != "done" {
		return l, s, catalog.Errorf(catalog.Conflict, "the layout is not done yet").WithHint("ask again when it is")
	}
	err = w.book.View(ctx, func(tx Tx) error {
		kept, ok, err := tx.Layout(id)
		if err != nil || !ok {
			return gone(err)
		}
		space, ok, err := tx.SpaceByID(kept.Spaces[0])
		if err != nil || !ok {
			return gone(err)
		}
		s, err = sideOf(tx, space, string(l.Metrics[0]))
		return err
	})
	return l, s, err
}

func placeable(x knn.Matrix, space catalog.Space, metric catalog.Metric) error {
	if x.Dims != space.Dims {
		return catalog.Errorf(catalog.Invalid, "the new rows have %d values; space '%s' has %d dimensions", x.Dims, space.Name, space.Dims)
	}
	for i := range x.Rows {
		if metric == catalog.Cosine && vec.Norm(x.Row(i)) == 0 {
			return catalog.Errorf(catalog.Invalid, "new row %d is all zeros: it has no direction, so cosine has no place for it", i).WithHint("leave it out, or lay out with --metric euclidean")
		}
	}
	return nil
}

// placing is a layout that new rows are placed in.
type placing struct {
	wire.Layout
	w   *Workspace
	sha string // of its space's matrix
	on  projection.Machine
	old projection.Layout
}

func (p *placing) place(ctx context.Context, fresh projection.Fresh) (projection.Layout, error) {
	metric := p.Metrics[0]
	if fresh.X.Rows == 0 {
		return projection.Layout{Dims: p.Dims, Points: []float32{}}, nil
	}
	if p.Method == "pca" || p.Rows < smallestGraph {
		return projection.PlacePCA(ctx, fresh, p.Dims, metric == catalog.Cosine, p.on)
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
	if fresh, err = fresh.Reduced(ctx, p.Reduce, metric == catalog.Cosine, p.on); err != nil {
		return fresh, err
	}
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
