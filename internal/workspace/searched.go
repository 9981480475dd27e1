package workspace

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/measure"
	"github.com/pentoai/vectory/internal/compute/vec"
	"github.com/pentoai/vectory/internal/search"
)

// searching is an index that a comparison asks for neighbours.
type searching struct {
	side   side
	index  catalog.Index
	params indexParams
}

func (w *Workspace) searchingOf(ctx context.Context, s side, name string) (by *searching, err error) {
	err = w.book.View(ctx, func(tx Tx) error { by, err = lookUpIndex(tx, s, name); return err })
	return by, err
}

// lookUpIndex finds a ready index of a space for a metric: the one that is named, or else an exact one before others.
func lookUpIndex(tx Tx, s side, name string) (*searching, error) {
	ix, p, err := indexFor(tx, s, name)
	return &searching{s, ix, p}, err
}

func indexFor(tx Tx, s side, name string) (found catalog.Index, p indexParams, err error) {
	if name == "" && !slices.Contains(indexSimilarities, string(s.metric)) {
		return found, p, catalog.Errorf(catalog.Invalid, "an index is made for cosine or euclidean, and %s is asked", s.metric).WithHint("ask with --metric=cosine or --metric=euclidean, or leave --engine out")
	}
	if name != "" {
		found, err = mustIndex(tx, name)
	} else {
		found, err = bestIndex(tx, s)
	}
	switch {
	case err != nil:
		return found, p, err
	case found.Name == "":
		return found, p, catalog.Errorf(catalog.NotFound, "'%s' is in no index for %s", s.space.Name, s.metric).WithHint("vectory embeddings load NAME %s --similarity=%s", s.space.Name, s.metric)
	case found.SpaceID != s.space.ID:
		if found.Space == s.space.Name {
			return found, p, catalog.Errorf(catalog.Conflict, "the index '%s' holds another version of '%s'", found.Name, found.Space).WithHint("load this one: vectory embeddings load %s %s --model=%s", found.Name, found.Space, found.Model)
		}
		return found, p, catalog.Errorf(catalog.Invalid, "the index '%s' holds '%s', not '%s'", found.Name, found.Space, s.space.Name)
	case found.State != "ready":
		return found, p, unready(found)
	case found.Similarity != string(s.metric):
		return found, p, catalog.Errorf(catalog.Invalid, "the index '%s' is made for %s, and %s is asked", found.Name, found.Similarity, s.metric)
	}
	if p, err = paramsOf(found); err == nil && found.Model == "lsh" && p.Hashes != search.HashVersion {
		err = catalog.Errorf(catalog.Conflict, "the index '%s' has the hashes of an earlier vectory", found.Name).WithHint("load it again: vectory embeddings load %s %s --model=lsh", found.Name, found.Space)
	}
	return found, p, err
}

// unready says why an index cannot be asked.
func unready(ix catalog.Index) error {
	problem := faultOf(ix, ix.State)
	if problem == "" {
		return catalog.Errorf(catalog.Conflict, "the index '%s' is being loaded", ix.Name).WithHint("ask again when it is ready: vectory embeddings list-indices")
	}
	mends := "do"
	if ix.State == "deleting" {
		mends = "delete"
	}
	return catalog.Errorf(catalog.Conflict, "the index '%s' %s", ix.Name, problem).WithHint("load it again: vectory embeddings load %s %s --model=%s; or let vectory doctor --fix %s it", ix.Name, ix.Space, ix.Model, mends)
}

// bestIndex is a ready one before others, and the zero index when there is none.
func bestIndex(tx Tx, s side) (found catalog.Index, err error) {
	list, err := tx.IndicesOf(s.space.ID)
	slices.SortStableFunc(list, func(a, b catalog.Index) int { return cmp.Compare(a.Model, b.Model) }) // exact, hnsw, lsh
	for _, ix := range list {
		if ix.Similarity == string(s.metric) && (found.Name == "" || found.State != "ready" && ix.State == "ready") {
			found = ix
		}
	}
	return found, err
}

// moreCandidates is how many rows beyond k are asked for, so that equal distances can be put into their order.
const moreCandidates = 10

// maxCandidates is how many an index names at most.
const maxCandidates = 10_000

// question is what an index is asked: the k nearest of each query. skip is the query's own row, −1: none.
type question struct {
	by      *searching
	x       knn.Matrix
	k       int
	where   []search.Filter
	queries [][]float32
	skip    []int
}

// nearest are the neighbours of a query. They are open when as many rows as the index can name are as near as the last
// of them: others may stand before it.
type nearest struct {
	list []neighbour
	open bool
}

// neighbour is a row at a distance.
type neighbour struct {
	row      int32
	distance float64
}

// searched asks an index and ranks what it names by the vectors here: (distance, row). An exact index is asked again, for
// more, about those queries whose last candidates are as near as their k-th.
func (w *Workspace) searched(ctx context.Context, q question) ([]nearest, error) {
	if q.k >= maxCandidates {
		return nil, catalog.Errorf(catalog.Invalid, "k=%d: an index names at most %d neighbours of a row", q.k, maxCandidates-1).WithHint("leave --engine out: the daemon has no such limit")
	}
	wanted := search.Wanted{Index: q.by.index.InCluster, Model: q.by.index.Model, K: min(q.k+1+moreCandidates, maxCandidates, q.x.Rows), Where: q.where}
	bare := wanted.Model == "lsh" && q.by.params.Bare
	if bare { // ranked here, all of them
		wanted.K = max(search.Candidates, q.k+1)
	}
	wanted.Least = q.by.params.Least
	out := make([]nearest, len(q.queries))
	again := upTo(len(q.queries))
	for {
		found, err := w.search.Search(ctx, wanted, q.asked(again))
		if err != nil {
			return nil, err
		}
		if err := q.enough(found, wanted); err != nil {
			return nil, err
		}
		lists, err := q.ranked(again, found)
		if err != nil {
			return nil, err
		}
		left := again[:0:0]
		for i, at := range again {
			ranked := lists[i]
			complete := len(found[i]) < wanted.K || len(found[i]) == q.x.Rows
			out[at].open = wanted.Model == "exact" && !complete && q.tied(ranked)
			out[at].list = ranked[:min(q.k, len(ranked))]
			if out[at].open || wanted.Least > 1 && len(ranked) < min(q.k, q.x.Rows-1) {
				left = append(left, at)
			}
		}
		most := min(q.x.Rows, maxCandidates)
		switch {
		case len(left) > 0 && wanted.Least > 1: // too few rows share so many hashes
			wanted.Least /= 2
		case len(left) > 0 && wanted.K < most:
			wanted.K = min(4*wanted.K, most)
		default:
			return out, nil
		}
		again = left
	}
}

// enough refuses lists that are too short to be true: a cluster answers about a field that is not there as about one in which
// nothing is found.
func (q question) enough(found [][]int32, wanted search.Wanted) error {
	least := min(wanted.K, q.by.index.Rows)
	if wanted.Model != "exact" {
		least = min(least, 1)
	}
	for _, rows := range found {
		if len(rows) < least && len(wanted.Where) == 0 && wanted.Model != "lsh" { // rows may share no hash
			return catalog.Errorf(catalog.Conflict, "the index '%s' names %d rows where it must name %d: it was changed in the cluster", q.by.index.Name, len(rows), least).
				WithHint("vectory doctor tells, and vectory doctor --fix loads it again")
		}
	}
	return nil
}

// asked are some of the queries as the index takes them.
func (q question) asked(which []int32) []search.Query {
	out := make([]search.Query, len(which))
	var hasher *search.Hasher
	if q.by.index.Model == "lsh" {
		hasher = q.by.params.hasher(q.x.Dims)
	}
	for i, at := range which {
		if !q.by.params.Bare {
			out[i].Vector = q.queries[at]
		}
		switch {
		case q.by.params.bits() > 0:
			out[i].Bits = hasher.Bits(q.queries[at])
		case hasher != nil:
			out[i].Hashes = hasher.Hashes(q.queries[at])
		}
	}
	return out
}

// ranked puts the candidates of each query into their order.
func (q question) ranked(which []int32, found [][]int32) ([][]neighbour, error) {
	lists := make([][]neighbour, len(found))
	type seat struct{ list, at int }
	var seats []seat
	for i, rows := range found {
		for _, row := range rows {
			if int(row) == q.skip[which[i]] {
				continue
			}
			if row < 0 || int(row) >= q.x.Rows {
				return nil, catalog.Errorf(catalog.Conflict, "the index '%s' names row %d, and '%s' has %d", q.by.index.Name, row, q.by.side.space.Name, q.x.Rows).WithHint("it was changed by somebody else: load it again")
			}
			seats = append(seats, seat{i, len(lists[i])})
			lists[i] = append(lists[i], neighbour{row: row})
		}
	}
	// By row: a matrix that is larger than the memory is read from its front to its back, and no page of it twice.
	slices.SortFunc(seats, func(a, b seat) int { return cmp.Compare(lists[a.list][a.at].row, lists[b.list][b.at].row) })
	for _, s := range seats {
		n := &lists[s.list][s.at]
		n.distance = vec.Distance(q.by.side.metric, q.queries[which[s.list]], q.x.Row(int(n.row)))
	}
	for _, list := range lists {
		slices.SortFunc(list, func(a, b neighbour) int {
			return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.row, b.row))
		})
	}
	return lists, nil
}

// tied reports whether the last candidate is as near as the k-th, as the cluster can tell.
func (q question) tied(list []neighbour) bool {
	return len(list) >= q.k && sameScore(q.by.side.metric, list[q.k-1].distance, list[len(list)-1].distance)
}

// sameScore reports whether a cluster may put rows at two distances into either order: it ranks by a score that it computes
// in single precision.
func sameScore(metric catalog.Metric, near, far float64) bool {
	score := func(d float64) float64 {
		if metric == catalog.Cosine {
			return 1 - d/2
		}
		return 1 / (1 + d*d)
	}
	const precision = 4e-6 // some dozens of roundings
	return score(near)-score(far) <= precision*score(near)
}

// byIndex answers by an index, from the rows that where takes.
func (w *Workspace) byIndex(ctx context.Context, a *asked, where string) ([]nearest, error) {
	filters, err := search.ParseFilters(where, a.by.params.Numbers)
	if err != nil {
		return nil, err
	}
	return w.searched(ctx, question{by: a.by, x: a.x, k: a.k, where: filters, queries: a.queries, skip: a.rows})
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
			queries[i], skip[i] = slices.Clone(of.x.Row(int(row))), int(row) // looked at again and again, while other pages come and go
		}
		lists, err := w.searched(ctx, question{by: of.by, x: of.x, k: p.K, queries: queries, skip: skip})
		if err != nil {
			return nil, err
		}
		for i, n := range lists {
			list := n.list
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
	kept.Engine, kept.IndexA, kept.IndexB = "elasticsearch", c.byA.index.Name, c.byB.index.Name
	for _, s := range []struct {
		by    *searching
		of    tableOf
		table *knn.Table
	}{{c.byA, m.ofA, m.a}, {c.byB, m.ofB, m.b}} {
		if s.by.index.Model == "exact" {
			open, err := w.openLists(ctx, s.of, s.table, kept.Listed)
			if err != nil {
				return err
			}
			if open > 0 {
				kept.Exact = false
				kept.Warnings = append(kept.Warnings, fmt.Sprintf("of %d rows the index %s does not tell the %d nearest: more rows are equally near than it can name", open, s.by.index.Name, kept.Listed))
			}
			continue
		}
		kept.Exact = false
		share, n, err := w.recallOf(ctx, s.of, s.table, kept.Listed)
		if err != nil {
			return err
		}
		kept.Warnings = append(kept.Warnings, fmt.Sprintf("the index %s (%s) finds %.1f %% of the %d nearest (its recall, told from %d rows): the score may be off by about as much as is missing", s.by.index.Name, s.by.index.Model, 100*share, kept.Listed, n))
	}
	return nil
}

// openLists counts the rows whose k nearest an exact index cannot tell. Only lists that are tied to their end may be.
func (w *Workspace) openLists(ctx context.Context, of tableOf, t *knn.Table, k int) (int, error) {
	q := question{by: of.by, x: of.x, k: k}
	for i := range t.Lists() {
		distances := t.Distances[i*t.K : (i+1)*t.K]
		if t.K < t.Rows-1 && sameScore(of.metric, float64(distances[k-1]), float64(distances[t.K-1])) {
			row := t.RowOf(i)
			q.queries, q.skip = append(q.queries, of.x.Row(row)), append(q.skip, row)
		}
	}
	found, err := w.searched(ctx, q)
	open := 0
	for _, n := range found {
		if n.open {
			open++
		}
	}
	return open, err
}

// exactLists are the neighbours of some rows as the daemon finds them: by a join, or, where that would take more memory than
// there is, by one pass over all rows.
func (w *Workspace) exactLists(ctx context.Context, of tableOf, rows []int32, k int) (*knn.Table, error) {
	p := knn.Params{K: k, Metric: of.metric, Threads: w.machine.Threads, Kernel: w.machine.Kernel, Queries: rows, Yield: w.urgent.wait}
	if w.machine.Memory <= 0 || knn.Memory(of.x.Rows, of.x.Dims, p) <= w.machine.Memory {
		return knn.SelfJoin(ctx, of.x, p)
	}
	var vectors []float32
	for _, row := range rows {
		vectors = append(vectors, of.x.Row(int(row))...)
	}
	p.Kernel, p.Queries = nil, nil // a kernel wants codes of all rows
	ids, distances, err := knn.Query(ctx, of.x, vectors, p, rows)
	if err != nil {
		return nil, err
	}
	t := &knn.Table{Rows: of.x.Rows, K: k, Queries: rows, IDs: ids, Distances: make([]float32, len(distances))}
	for i, d := range distances {
		t.Distances[i] = float32(d)
	}
	return t, nil
}

// recallOf is the share of the true neighbours that a table holds, from a sample of its lists.
func (w *Workspace) recallOf(ctx context.Context, of tableOf, t *knn.Table, k int) (share float64, rows int, err error) {
	var queries []int32
	for _, i := range sampleOf(t.Lists(), min(recallRows, t.Lists())) {
		queries = append(queries, int32(t.RowOf(int(i))))
	}
	exact, err := w.exactLists(ctx, of, queries, k)
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
