package workspace

import (
	"context"
	"slices"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/wire"
)

// Evidence is what the page of a comparison shows beyond the numbers.
type Evidence struct {
	// Items stand worst first, then best, then the others by row. Their columns are left out: those of the datasets say them.
	Items []wire.ComparisonItem
	// Layouts are the kept ones in two dimensions that the page would ask for. None is made here.
	Layouts []wire.Layout
}

// Evidence gives the items of a comparison with both their lists, and the layouts of its spaces. Of many items it gives
// the maxItems that agree least and most and others evenly through the rows, about most in all.
func (w *Workspace) Evidence(ctx context.Context, key string, most int) (Evidence, error) {
	s, err := w.openComparison(ctx, key)
	if err != nil {
		return Evidence{}, err
	}
	defer s.close()
	s.a.bare, s.b.bare = true, true
	e := Evidence{Items: []wire.ComparisonItem{}, Layouts: []wire.Layout{}}
	for _, i := range s.evident(most) {
		if err := ctx.Err(); err != nil {
			return e, err
		}
		item, err := s.item(i)
		if err == nil {
			err = s.addLists(&item, i)
		}
		if err != nil {
			return e, err
		}
		e.Items = append(e.Items, item)
	}
	e.Layouts, err = w.layoutsOf(ctx, s.kept.Comparison)
	return e, err
}

// SpaceEvidence is what a report shows of one space beyond its numbers.
type SpaceEvidence struct {
	Lists   []wire.Neighbours // the nearest of some rows, in the order of the rows
	Layouts []wire.Layout     // the kept ones that its page can ask for
}

// SpaceEvidence gathers the k nearest rows of at most so many rows of a space, evenly spread, and its kept layouts. Errors:
// not_found.
func (w *Workspace) SpaceEvidence(ctx context.Context, space string, k, most int) (SpaceEvidence, error) {
	e := SpaceEvidence{Lists: []wire.Neighbours{}, Layouts: []wire.Layout{}}
	detail, err := w.Space(ctx, space)
	if err != nil {
		return e, err
	}
	k = min(k, detail.Rows-1)
	for row := 0; row < detail.Rows && k > 0; row += (detail.Rows + most - 1) / most {
		list, err := w.Neighbours(ctx, NeighboursOf{Item: Item{Row: &row}, Space: space, K: k})
		if catalog.CodeOf(err) == catalog.Invalid {
			continue // a row of zeros has no neighbours by cosine
		}
		if err != nil {
			return e, err
		}
		e.Lists = append(e.Lists, list)
	}
	for _, method := range layoutMethods {
		if method == "anchored-umap" || method == "joint-umap" {
			continue
		}
		kept, err := w.keptAs(ctx, wire.LayoutRequest{Spaces: []string{space}, Method: method})
		if err != nil {
			return e, err
		}
		if kept != nil {
			e.Layouts = append(e.Layouts, *kept)
		}
	}
	return e, nil
}

// evident chooses the items of a report.
func (s *shown) evident(most int) []int32 {
	scored := scoredOf(upTo(len(s.columns[2])), s.columns[2])
	chosen := append(s.ranked("worst", maxItems), s.ranked("best", maxItems)...)
	for at := 0; at < len(scored); at += (len(scored) + most - 1) / most {
		chosen = append(chosen, scored[at])
	}
	seen := make(map[int32]bool, len(chosen))
	return slices.DeleteFunc(chosen, func(i int32) bool {
		again := seen[i]
		seen[i] = true
		return again
	})
}

// layoutsOf looks up what the page asks for: a metric is named where both spaces have the same.
func (w *Workspace) layoutsOf(ctx context.Context, c wire.Comparison) ([]wire.Layout, error) {
	found := []wire.Layout{}
	for _, method := range layoutMethods {
		if method == "anchored-umap" { // the page of a comparison does not ask for it
			continue
		}
		req := wire.LayoutRequest{Spaces: []string{c.A, c.B}, Method: method}
		if c.MetricA == c.MetricB {
			req.Metric = string(c.MetricA)
		}
		kept, err := w.keptAs(ctx, req)
		if err != nil {
			return nil, err
		}
		if kept != nil {
			found = append(found, *kept)
		}
	}
	return found, nil
}

// keptAs gives the layout of a request when it is kept, else nil.
func (w *Workspace) keptAs(ctx context.Context, req wire.LayoutRequest) (*wire.Layout, error) {
	wanted, err := w.wantedLayout(ctx, req)
	if err != nil {
		return nil, err
	}
	kept, err := w.keptLayout(ctx, wanted.ID)
	if kept != nil {
		kept.Spaces = req.Spaces
	}
	return kept, err
}
