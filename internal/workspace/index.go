package workspace

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/vec"
	"github.com/pentoai/vectory/internal/jobs"
	"github.com/pentoai/vectory/internal/search"
	"github.com/pentoai/vectory/internal/wire"
)

// Searcher is a search cluster. It holds copies of spaces, which can always be made again.
type Searcher interface {
	Address() string
	Health(ctx context.Context) (wire.Elastic, error)
	Create(ctx context.Context, s search.Spec) error
	Load(ctx context.Context, index string, n int, next func(row int) (doc search.Doc, ok bool, err error), how search.Loading) error
	Finish(ctx context.Context, index string, rows int) error
	Delete(ctx context.Context, name, installation string) error
	State(ctx context.Context, name string, want search.Meta) (string, error)
	Search(ctx context.Context, w search.Wanted, queries []search.Query) ([][]int32, error)
}

var (
	indexModels       = []string{"exact", "hnsw", "lsh"}
	indexSimilarities = []string{"cosine", "euclidean"}
)

// indexParams are the parameters of an index as they are kept.
type indexParams struct {
	Tables  int             `json:"L,omitempty"` // of lsh
	Bits    int             `json:"k,omitempty"`
	Width   float64         `json:"w,omitempty"` // of euclidean lsh
	Shards  int             `json:"shards"`
	Numbers map[string]bool `json:"columns"` // of the dataset; true: numbers
	Matrix  string          `json:"matrix"`
}

func (p indexParams) hasher(dims int) *search.Hasher {
	return search.NewHasher(dims, p.Tables, p.Bits, p.Width)
}

// loading is an index that has been looked up and not yet made.
type loading struct {
	wire.LoadRequest
	side
	index        catalog.Index
	params       indexParams
	installation string
	former       *catalog.Index
}

// LoadIndex copies a space into the search cluster under a name, or says that it is there. It gives the index, and the
// job that loads it.
func (w *Workspace) LoadIndex(ctx context.Context, req wire.LoadRequest) (wire.IndexReply, error) {
	l, err := w.wantedIndex(ctx, req)
	if err != nil {
		return wire.IndexReply{}, err
	}
	if l.former != nil && l.former.State == "ready" {
		return wire.IndexReply{Index: l.former}, nil
	}
	if _, err := w.search.Health(ctx); err != nil {
		return wire.IndexReply{}, err
	}
	job, err := w.jobs.Submit("load", l.index.Name, l.index.Name, func(ctx context.Context, report jobs.Report) (string, error) {
		err := w.load(ctx, l, report)
		if err != nil {
			w.loadFailed(l, err)
		}
		return l.index.Name, err
	})
	return wire.IndexReply{Index: &l.index, Job: &job}, err
}

func (w *Workspace) wantedIndex(ctx context.Context, req wire.LoadRequest) (*loading, error) {
	if err := catalog.CheckName("index", req.Name); err != nil {
		return nil, err
	}
	l := &loading{LoadRequest: req}
	if l.Similarity == "l2" {
		l.Similarity = "euclidean"
	}
	err := w.book.Update(ctx, func(tx Tx) (err error) {
		if l.side, err = lookUp(tx, req.Space, ""); err != nil {
			return err
		}
		if l.installation, err = tx.Installation(); err == nil && l.installation == "" {
			l.installation = token()[:12]
			err = tx.SetInstallation(l.installation)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if l.Model == "" {
		l.Model = "exact"
	}
	if l.Similarity == "" {
		l.Similarity = "euclidean"
		if l.space.Metric == catalog.Cosine {
			l.Similarity = "cosine"
		}
	}
	if err := l.check(); err != nil {
		return nil, err
	}
	if err := w.describeIndex(ctx, l); err != nil {
		return nil, err
	}
	return l, w.book.View(ctx, func(tx Tx) error { return l.compareFormer(tx) })
}

// check refuses what no cluster takes.
func (l *loading) check() error {
	choice := func(what, given string, from []string) error {
		e := catalog.Errorf(catalog.Invalid, "there is no %s '%s'", what, given)
		return e.WithHint("%s", strings.Join(from, ", "))
	}
	switch {
	case !slices.Contains(indexModels, l.Model):
		return choice("model", l.Model, indexModels)
	case !slices.Contains(indexSimilarities, l.Similarity):
		return choice("similarity", l.Similarity, indexSimilarities)
	case l.space.Dims > 4096 && l.Model != "lsh":
		return catalog.Errorf(catalog.Invalid, "'%s' has %d dimensions; Elasticsearch takes 4096 at most", l.space.Name, l.space.Dims).WithHint("model lsh has no such limit")
	case l.Shards < 0 || l.Shards > 1024 || l.Threads < 0 || l.Threads > 64 || l.Chunk < 0:
		return catalog.Errorf(catalog.Invalid, "shards, threads and chunk size are whole numbers above 0 (1024 shards and 64 threads at most)")
	case l.Tables < 0 || l.Tables > 1000 || l.Bits < 0 || l.Bits > 64 || l.Width < 0:
		return catalog.Errorf(catalog.Invalid, "L is 1 to 1000, k 1 to 64, w above 0")
	}
	return nil
}

// describeIndex fills in the parameters that were left out.
func (w *Workspace) describeIndex(ctx context.Context, l *loading) error {
	l.params = indexParams{Shards: max(l.Shards, 1), Matrix: l.space.SHA256, Numbers: map[string]bool{}}
	if l.Model == "lsh" {
		l.params.Tables, l.params.Bits = l.Tables, l.Bits
		if l.Tables == 0 {
			l.params.Tables = 100
		}
		if l.Bits == 0 {
			l.params.Bits = 8
		}
		if l.Similarity == "euclidean" {
			l.params.Width = l.Width
			if l.Width == 0 {
				x, release, err := w.files.Matrix(l.space.SHA256, l.space.Rows, l.space.Dims)
				if err != nil {
					return err
				}
				l.params.Width = search.SlotWidth(x.Rows, x.Row)
				release()
			}
		}
	}
	if l.dataset != nil {
		rows, err := w.files.Rows(ctx, *l.dataset)
		if err != nil {
			return err
		}
		defer rows.Close()
		for _, column := range l.dataset.Columns {
			values, err := rows.Values(column)
			if err != nil {
				return err
			}
			l.params.Numbers[column] = !slices.ContainsFunc(values, func(v string) bool {
				_, err := strconv.ParseFloat(v, 64)
				return v != "" && err != nil
			})
		}
	}
	text, err := json.Marshal(l.params)
	l.index = catalog.Index{Name: l.Name, SpaceID: l.space.ID, Space: l.space.Name, Model: l.Model, Similarity: l.Similarity, Rows: l.space.Rows, State: "building",
		Params: text, InCluster: search.IndexName(l.installation, l.Name, 1), Cluster: w.search.Address(), CreatedAt: now()}
	return err
}

// compareFormer looks at an index of the same name.
func (l *loading) compareFormer(tx Tx) error {
	old, ok, err := tx.Index(l.Name)
	if err != nil || !ok {
		return err
	}
	same := old.SpaceID == l.space.ID && old.Model == l.Model && old.Similarity == l.Similarity && string(old.Params) == string(l.index.Params) && old.Cluster == l.index.Cluster
	switch {
	case same && old.State == "ready", old.State != "ready":
		l.former = &old
		return nil
	}
	return catalog.Errorf(catalog.Conflict, "an index named '%s' holds '%s' as %s, %s", old.Name, old.Space, old.Model, old.Similarity).WithHint("choose another name, or vectory embeddings delete-index %s", old.Name)
}

// load does the work: what may be in the cluster is written down before it is.
func (w *Workspace) load(ctx context.Context, l *loading, report jobs.Report) error {
	x, release, err := w.files.Matrix(l.space.SHA256, l.space.Rows, l.space.Dims)
	if err != nil {
		return err
	}
	defer release()
	zero := []bool(nil)
	if l.Similarity == "cosine" {
		zero = knn.Exclusions(x, catalog.Cosine)
	}
	for _, is := range zero {
		if is {
			l.index.Excluded++
		}
	}
	l.index.Rows = x.Rows - l.index.Excluded
	if err := w.putIndex(ctx, l.index); err != nil {
		return err
	}
	report("preparing the index", 0)
	if err := w.search.Delete(ctx, l.index.InCluster, l.installation); err != nil { // what an earlier try left
		return err
	}
	if err := w.search.Create(ctx, search.Spec{Name: l.index.InCluster, Dims: x.Dims, Model: l.Model, Similarity: l.Similarity, Shards: l.params.Shards, Columns: l.params.Numbers, Meta: l.meta()}); err != nil {
		return err
	}
	next, done, err := w.docs(ctx, l, x, zero)
	if err != nil {
		return err
	}
	defer done()
	var sent atomic.Int64
	err = w.search.Load(ctx, l.index.InCluster, x.Rows, next, search.Loading{Threads: l.Threads, Chunk: l.Chunk, Numbers: l.params.Numbers,
		Done: func(rows int) { report("loading rows", float64(sent.Add(int64(rows)))/float64(max(l.index.Rows, 1))) }})
	if err != nil {
		return err
	}
	report("counting", 1)
	if err := w.search.Finish(ctx, l.index.InCluster, l.index.Rows); err != nil {
		return err
	}
	l.index.State = "ready"
	return w.putIndex(ctx, l.index)
}

func (l *loading) meta() search.Meta {
	return search.Meta{Installation: l.installation, Index: l.index.Name, Matrix: l.space.SHA256, Model: l.Model, Similarity: l.Similarity, Rows: l.index.Rows, Params: l.index.Params}
}

func (w *Workspace) putIndex(ctx context.Context, ix catalog.Index) error {
	return w.book.Update(ctx, func(tx Tx) error {
		if _, ok, err := tx.SpaceByID(ix.SpaceID); err != nil || !ok {
			return gone(err)
		}
		return tx.PutIndex(ix)
	})
}

// loadFailed notes why; the job's context may have ended.
func (w *Workspace) loadFailed(l *loading, why error) {
	l.index.State, l.index.Reason = "failed", why.Error()
	if err := w.putIndex(context.Background(), l.index); err != nil {
		slog.Error("note that an index failed", "index", l.index.Name, "error", err)
	}
}

// docs gives the rows as they are sent, in order.
func (w *Workspace) docs(ctx context.Context, l *loading, x knn.Matrix, zero []bool) (next func(row int) (search.Doc, bool, error), done func(), err error) {
	done = func() {}
	id := strconv.Itoa
	var csv Rows
	if l.dataset != nil {
		if csv, err = w.files.Rows(ctx, *l.dataset); err != nil {
			return nil, nil, err
		}
		id, done = csv.ID, func() { _ = csv.Close() }
	}
	var hasher *search.Hasher
	if l.Model == "lsh" {
		hasher = l.params.hasher(x.Dims)
	}
	const page = 1000
	var records [][]string
	return func(row int) (search.Doc, bool, error) {
		if csv != nil && row%page == 0 {
			var err error
			if records, err = csv.Records(row, min(row+page, x.Rows)); err != nil {
				return search.Doc{}, false, err
			}
		}
		if zero != nil && zero[row] {
			return search.Doc{}, false, nil
		}
		d := search.Doc{Row: row, ID: id(row), Columns: map[string]string{}}
		if hasher != nil {
			d.Hashes = hasher.Hashes(x.Row(row))
		} else {
			d.Vector = x.Row(row)
		}
		if csv != nil {
			for c, name := range l.dataset.Columns {
				d.Columns[name] = records[row%page][c]
			}
		}
		return d, true, nil
	}, done, nil
}

// Indices lists the indices. With check the cluster is asked how each stands there: "missing", "changed" or "incomplete"
// in place of ready.
func (w *Workspace) Indices(ctx context.Context, check bool) ([]catalog.Index, error) {
	var list []catalog.Index
	var installation string
	err := w.book.View(ctx, func(tx Tx) (err error) {
		if installation, err = tx.Installation(); err == nil {
			list, err = tx.Indices()
		}
		return err
	})
	if err != nil || !check {
		return list, err
	}
	for i := range list {
		ix := &list[i]
		if ix.State != "ready" {
			continue
		}
		var p indexParams
		if err := json.Unmarshal(ix.Params, &p); err != nil {
			return nil, err
		}
		if ix.State, err = w.search.State(ctx, ix.InCluster, search.Meta{Installation: installation, Matrix: p.Matrix, Model: ix.Model, Similarity: ix.Similarity, Rows: ix.Rows}); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// DeleteIndex removes an index from the cluster and forgets it; one of a cluster that is not ours any more, or gone there,
// is forgotten.
func (w *Workspace) DeleteIndex(ctx context.Context, name string) (wire.Deleted, error) {
	var ix catalog.Index
	var installation string
	err := w.book.Update(ctx, func(tx Tx) (err error) {
		if ix, err = mustIndex(tx, name); err != nil {
			return err
		}
		if installation, err = tx.Installation(); err != nil {
			return err
		}
		ix.State = "deleting"
		return tx.PutIndex(ix)
	})
	if err != nil {
		return wire.Deleted{}, err
	}
	if err := w.search.Delete(ctx, ix.InCluster, installation); err != nil {
		return wire.Deleted{}, err
	}
	err = w.book.Update(ctx, func(tx Tx) error {
		return errors.Join(tx.DeleteIndex(name), note(tx, "deleted", "index", name, ix.Space))
	})
	return wire.Deleted{Deleted: []wire.Thing{{Kind: "index", Name: name}}}, err
}

func mustIndex(tx Tx, name string) (catalog.Index, error) {
	ix, ok, err := tx.Index(name)
	if err != nil || ok {
		return ix, err
	}
	list, err := tx.Indices()
	if err != nil {
		return ix, err
	}
	e := catalog.Errorf(catalog.NotFound, "no index is named %q", name)
	if near := catalog.Nearest(name, names(list, func(ix catalog.Index) string { return ix.Name }), 1); len(near) > 0 {
		return ix, e.WithHint("did you mean '%s'?", near[0])
	}
	return ix, e.WithHint("vectory embeddings list-indices lists them")
}

// settleIndices marks the loads that the last daemon did not end.
func (w *Workspace) settleIndices(ctx context.Context) error {
	return w.book.Update(ctx, func(tx Tx) error {
		list, err := tx.Indices()
		if err != nil {
			return err
		}
		for _, ix := range list {
			if ix.State == "building" {
				ix.State, ix.Reason = "failed", "the daemon ended while it was loaded; load it again"
				if err := tx.PutIndex(ix); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// Elastic says how the search cluster is.
func (w *Workspace) Elastic(ctx context.Context) (wire.Elastic, error) { return w.search.Health(ctx) }

// indexFor finds a ready index of a space for a metric: the one that is named, or else an exact one before others.
func (w *Workspace) indexFor(ctx context.Context, s side, name string) (catalog.Index, indexParams, error) {
	var found catalog.Index
	err := w.book.View(ctx, func(tx Tx) error {
		if name != "" {
			ix, err := mustIndex(tx, name)
			found = ix
			return err
		}
		list, err := tx.IndicesOf(s.space.ID)
		slices.SortStableFunc(list, func(a, b catalog.Index) int { return cmp.Compare(a.Model, b.Model) }) // exact, hnsw, lsh
		for _, ix := range list {
			if found.Name == "" && ix.State == "ready" && ix.Similarity == string(s.metric) {
				found = ix
			}
		}
		return err
	})
	var p indexParams
	switch {
	case err != nil:
		return found, p, err
	case found.Name == "":
		return found, p, catalog.Errorf(catalog.NotFound, "'%s' is in no index for %s", s.space.Name, s.metric).WithHint("vectory embeddings load NAME %s --similarity %s", s.space.Name, s.metric)
	case found.SpaceID != s.space.ID:
		return found, p, catalog.Errorf(catalog.Invalid, "the index '%s' holds '%s', not '%s'", found.Name, found.Space, s.space.Name)
	case found.State != "ready":
		return found, p, catalog.Errorf(catalog.Conflict, "the index '%s' is %s: %s", found.Name, found.State, found.Reason).WithHint("load it again: vectory embeddings load %s %s", found.Name, found.Space)
	case found.Similarity != string(s.metric):
		return found, p, catalog.Errorf(catalog.Invalid, "the index '%s' is made for %s, and %s is asked", found.Name, found.Similarity, s.metric)
	}
	return found, p, json.Unmarshal(found.Params, &p)
}

// moreCandidates is how many rows beyond k are asked for, so that equal distances can be put into their order.
const moreCandidates = 10

// lshCandidates is how many rows that share most hashes are ranked.
const lshCandidates = 500

// searched asks an index for the k nearest of each query, and ranks what it names by the vectors here: (distance, row). skip
// is the query's own row, −1: none.
func (w *Workspace) searched(ctx context.Context, s side, x knn.Matrix, ix catalog.Index, p indexParams, k int, where []search.Filter, queries [][]float32, skip []int) ([][]neighbour, error) {
	wanted := search.Wanted{Index: ix.InCluster, Model: ix.Model, K: min(k+1+moreCandidates, x.Rows), Where: where}
	if ix.Model == "lsh" {
		wanted.K = max(lshCandidates, k+1)
	}
	asked := make([]search.Query, len(queries))
	var hasher *search.Hasher
	if ix.Model == "lsh" {
		hasher = p.hasher(x.Dims)
	}
	for i, q := range queries {
		asked[i] = search.Query{Vector: q}
		if hasher != nil {
			asked[i] = search.Query{Hashes: hasher.Hashes(q)}
		}
	}
	found, err := w.search.Search(ctx, wanted, asked)
	if err != nil {
		return nil, err
	}
	out := make([][]neighbour, len(queries))
	for i, rows := range found {
		for _, row := range rows {
			if int(row) == skip[i] {
				continue
			}
			if row < 0 || int(row) >= x.Rows {
				return nil, catalog.Errorf(catalog.Conflict, "the index '%s' names row %d, and '%s' has %d", ix.Name, row, s.space.Name, x.Rows).WithHint("it was changed by somebody else: load it again")
			}
			out[i] = append(out[i], neighbour{row, vec.Distance(s.metric, queries[i], x.Row(int(row)))})
		}
		slices.SortFunc(out[i], func(a, b neighbour) int {
			return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.row, b.row))
		})
		out[i] = out[i][:min(k, len(out[i]))]
	}
	return out, nil
}

// neighbour is a row at a distance.
type neighbour struct {
	row      int32
	distance float64
}

// elasticNeighbours answers a question by an index.
func (w *Workspace) elasticNeighbours(ctx context.Context, a *asked, q NeighboursOf, row int, query []float32) (rows []int32, distances []float64, ix catalog.Index, err error) {
	ix, p, err := w.indexFor(ctx, a.side, q.Index)
	if err != nil {
		return nil, nil, ix, err
	}
	where, err := search.ParseFilters(q.Where, func(column string) (bool, bool) { number, known := p.Numbers[column]; return number, known })
	if err != nil {
		return nil, nil, ix, err
	}
	found, err := w.searched(ctx, a.side, a.x, ix, p, a.k, where, [][]float32{query}, []int{row})
	if err != nil {
		return nil, nil, ix, err
	}
	for _, n := range found[0] {
		rows, distances = append(rows, n.row), append(distances, n.distance)
	}
	return rows, distances, ix, nil
}

// engines are who may look for neighbours.
func checkEngine(engine string) error {
	if engine == "" || engine == "local" || engine == "elasticsearch" {
		return nil
	}
	return catalog.Errorf(catalog.Invalid, "there is no engine '%s'", engine).WithHint("local or elasticsearch")
}
