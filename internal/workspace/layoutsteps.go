package workspace

import (
	"context"
	"slices"

	"github.com/pentoai/vectory/internal/compute/projection"
	"github.com/pentoai/vectory/internal/wire"
)

// former is a kept layout that a longer one continues: the same spaces in the same order, and fewer.
type former struct {
	wire.Layout
	columns [][]int32
	made    []projection.Layout
}

// has tells whether it has space i.
func (f *former) has(i int) bool { return f != nil && i < len(f.made) }

// formerSteps finds the longest kept layout of the first of these spaces. A step is decided by those before it alone, so
// that what is kept is what would be made again. One that is being made is waited for.
func (m *work) formerSteps(ctx context.Context) error {
	for n := len(m.sides) - 1; n > 0; n-- {
		key := m.keyOf(m.sides[:n])
		if run := m.w.layouts.find(key); run != nil {
			m.report("the steps before", 0)
			if err := run.over(ctx); err != nil {
				return err
			}
		}
		kept, err := m.w.keptLayout(ctx, key)
		if err != nil || kept != nil {
			return m.continued(kept, err)
		}
	}
	return nil
}

// continued takes a kept layout as the beginning, when it has the same rows.
func (m *work) continued(kept *wire.Layout, err error) error {
	if err != nil || kept.Rows != m.Rows || m.Rows == 0 {
		return err
	}
	f := &former{Layout: *kept}
	if f.columns, err = m.w.files.Layout(kept.ID); err != nil {
		return nil //nolint:nilerr // it was continued by another meanwhile, or is damaged: it can be made again
	}
	for i := range kept.Spaces {
		side := wire.LayoutSide(i)
		if !slices.Equal(f.columns[slices.Index(kept.Columns, "row_"+side)], m.rows[i]) {
			return nil
		}
		coords, err := joined(*kept, f.columns, side)
		if err != nil {
			return err
		}
		f.made = append(f.made, projection.Layout{Dims: m.Dims, Points: coords.Floats})
	}
	m.former, m.NullBand = f, kept.NullBand
	return nil
}

// over waits until a layout that runs has ended. One that waits for its place is not waited for: it may wait for ours.
func (r *runningLayout) over(ctx context.Context) error {
	for {
		r.mu.Lock()
		ended, changed := r.ended || !r.begun, r.changed
		r.mu.Unlock()
		if ended {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// settleSteps lays the spaces out one after the other, each from where the one before it ended and anchored to the last
// few of them.
func (m *work) settleSteps(ctx context.Context, p projection.Params, tell func(from, share float64, which int) projection.Tell) error {
	on := m.machine()
	var before []projection.Step // the last first
	for i, t := range m.tables {
		step := projection.Step{Made: m.made[i]}
		if i+projection.AnchorSteps >= m.former.count() {
			step.Graph = m.graph(m.near[i].table, p.K)
		}
		if !m.former.has(i) {
			share := 0.4 / float64(len(m.tables)-m.former.count())
			told := tell(0.4+share*float64(i-m.former.count()), share, i)
			var err error
			if i == 0 {
				step.Made, err = projection.Run(ctx, step.Graph, m.made[0], p, on, told)
			} else {
				step.Made, err = projection.Anchored(ctx, step.Graph, before, p, on, told)
			}
			if err != nil {
				return err
			}
			step.Made = projection.Tray(step.Made, t.Excluded)
			for later := i; later < len(m.made); later++ {
				m.made[later] = step.Made
			}
			m.run.show(m.made, 0, 1, "layout")
		}
		if i == 1 && m.NullBand == nil {
			if err := m.nullBand(p, func(p projection.Params, tell projection.Tell) ([]projection.Layout, error) {
				p.Seed = p.SecondSeed
				again, err := projection.Anchored(ctx, before[0].Graph, before, p, on, tell)
				return []projection.Layout{before[0].Made, again}, err
			}); err != nil {
				return err
			}
		}
		before = slices.Insert(before, 0, step)
		before = before[:min(len(before), projection.AnchorSteps)]
	}
	return nil
}

func (f *former) count() int {
	if f == nil {
		return 0
	}
	return len(f.made)
}
