package workspace

import (
	"context"
	"fmt"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/measure"
)

// searching is an index that a comparison asks for neighbours.
type searching struct {
	side   side
	index  catalog.Index
	params indexParams
}

func (w *Workspace) searchingOf(ctx context.Context, s side, name string) (*searching, error) {
	ix, p, err := w.indexFor(ctx, s, name)
	return &searching{s, ix, p}, err
}

// indices name what decides the result.
func (c *comparing) indices() []string {
	if c.byA == nil {
		return nil
	}
	var names []string
	for _, by := range []*searching{c.byA, c.byB} {
		names = append(names, by.index.InCluster, by.index.Cluster, by.index.CreatedAt.String())
	}
	return names
}

// searchable refuses to ask indices about some of their rows only: their lists would name the others.
func (c *comparing) searchable(j *join) error {
	if c.byA == nil || len(j.a) == c.a.space.Rows && len(j.b) == c.b.space.Rows {
		return nil
	}
	return catalog.Errorf(catalog.Invalid, "'%s' and '%s' share %d rows of %d and %d: by Elasticsearch only spaces of the same rows can be compared", c.a.space.Name, c.b.space.Name, len(j.a), c.a.space.Rows, c.b.space.Rows).
		WithHint("leave --engine out: the daemon compares what they share")
}

// searchedAtOnce is how many rows are asked about between two looks at ctx.
const searchedAtOnce = 500

// searchedTable asks an index for the neighbours of every row, or of a sample.
func (w *Workspace) searchedTable(ctx context.Context, of tableOf, p knn.Params) (*knn.Table, error) {
	rows := p.Queries
	if rows == nil {
		rows = upTo(of.x.Rows)
	}
	t := &knn.Table{Rows: of.x.Rows, K: p.K, Queries: p.Queries}
	for from := 0; from < len(rows); from += searchedAtOnce {
		if ctx.Err() != nil {
			return nil, catalog.Errorf(catalog.Canceled, "the search was stopped: %w", context.Cause(ctx))
		}
		some := rows[from:min(from+searchedAtOnce, len(rows))]
		queries, skip := make([][]float32, len(some)), make([]int, len(some))
		for i, row := range some {
			queries[i], skip[i] = of.x.Row(int(row)), int(row)
		}
		lists, err := w.searched(ctx, of.by.side, of.x, of.by.index, of.by.params, p.K, nil, queries, skip)
		if err != nil {
			return nil, err
		}
		for i, list := range lists {
			if len(list) < p.K {
				return nil, catalog.Errorf(catalog.Invalid, "the index '%s' finds %d neighbours of row %d, and %d are needed", of.by.index.Name, len(list), some[i], p.K).
					WithHint("load it with more tables (-L) or fewer functions (-k), or as exact")
			}
			for _, n := range list {
				t.IDs, t.Distances = append(t.IDs, n.row), append(t.Distances, float32(n.distance))
			}
		}
		p.Progress(int64(from+len(some)), int64(len(rows)))
	}
	return t, nil
}

// recallRows is how many rows are looked up exactly to tell how much an index finds.
const recallRows = 200

// labelEngine says who looked for the neighbours, and how many of them an index that may miss some has found.
func (w *Workspace) labelEngine(ctx context.Context, c *comparing, m *measured, kept *keptComparison) error {
	if c.byA == nil {
		return nil
	}
	kept.Engine = "elasticsearch"
	for _, s := range []struct {
		by    *searching
		of    tableOf
		table *knn.Table
	}{{c.byA, m.ofA, m.a}, {c.byB, m.ofB, m.b}} {
		if s.by.index.Model == "exact" {
			continue
		}
		kept.Exact = false
		share, n, err := w.recallOf(ctx, s.of, s.table, kept.Listed)
		if err != nil {
			return err
		}
		kept.Warnings = append(kept.Warnings, fmt.Sprintf("the index %s (%s) finds %.1f %% of the %d nearest, told from %d rows: the score is off by as much", s.by.index.Name, s.by.index.Model, 100*share, kept.Listed, n))
	}
	return nil
}

// recallOf is the share of the true neighbours that a table holds, from a sample of its lists.
func (w *Workspace) recallOf(ctx context.Context, of tableOf, t *knn.Table, k int) (share float64, rows int, err error) {
	var queries []int32
	for _, i := range sampleOf(t.Lists(), min(recallRows, t.Lists())) {
		queries = append(queries, int32(t.RowOf(int(i))))
	}
	exact, err := knn.SelfJoin(ctx, of.x, knn.Params{K: k, Metric: of.metric, Threads: w.machine.Threads, Kernel: w.machine.Kernel, Queries: queries, Yield: w.urgent.wait})
	if err != nil {
		return 0, 0, err
	}
	found := &knn.Table{Rows: t.Rows, K: k, Queries: queries}
	for _, row := range queries {
		at, _ := t.ListOf(int(row))
		found.IDs = append(found.IDs, t.Neighbours(at)[:k]...)
	}
	var shared int32
	for _, m := range measure.Shared(exact, found, k) {
		shared += m
	}
	return float64(shared) / float64(len(queries)*k), len(queries), nil
}
