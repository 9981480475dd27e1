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
	"github.com/pentoai/vectory/internal/jobs"
	"github.com/pentoai/vectory/internal/search"
	"github.com/pentoai/vectory/internal/wire"
)

// loading is an index that has been looked up and not yet made.
type loading struct {
	wire.LoadRequest
	side
	index        catalog.Index
	params       indexParams
	installation string
	former       *catalog.Index // of the same name
	same         bool           // it is of the same content, in the same way
}

// LoadIndex copies a space into the search cluster under a name, or says that it is there. It gives the index, and the
// job that loads it.
func (w *Workspace) LoadIndex(ctx context.Context, req wire.LoadRequest) (wire.IndexReply, error) {
	l, err := w.wantedIndex(ctx, req)
	if err != nil {
		return wire.IndexReply{}, err
	}
	if _, err := w.search.Health(ctx); err != nil {
		return wire.IndexReply{}, err
	}
	if l.same && loaded(l.former.State) {
		state, err := w.stateOf(ctx, *l.former, l.installation)
		if err != nil {
			return wire.IndexReply{}, err
		}
		if state == "ready" {
			is := *l.former
			is.State, is.Reason = "ready", ""
			return wire.IndexReply{Index: &is}, w.noteState(ctx, *l.former, is)
		}
	}
	job, err := w.jobs.Submit(jobs.Wanted{Kind: "load", Title: l.index.Name, Same: l.index.Name}, func(ctx context.Context, report jobs.Report) (string, error) {
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

// maxDims is how many values a vector may have in a cluster.
const maxDims = 4096

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
	case l.space.Dims > maxDims && l.Model != "lsh":
		return catalog.Errorf(catalog.Invalid, "'%s' has %d dimensions; Elasticsearch takes %d at most", l.space.Name, l.space.Dims, maxDims).WithHint("model lsh has no such limit")
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
		l.params.Tables, l.params.Bits = cmp.Or(l.Tables, 100), cmp.Or(l.Bits, 8)
		if l.Similarity == "euclidean" {
			l.params.Width = l.Width
		}
		if err := w.describeHashes(l); err != nil {
			return err
		}
	}
	if l.dataset != nil {
		rows, err := w.files.Rows(ctx, *l.dataset)
		if err != nil {
			return err
		}
		defer rows.Close()
		if l.params.Numbers, err = numeric(rows, l.dataset, l.space.Rows); err != nil {
			return err
		}
	}
	text, err := json.Marshal(l.params)
	l.index = catalog.Index{Name: l.Name, SpaceID: l.space.ID, Space: l.space.Name, Model: l.Model, Similarity: l.Similarity, Rows: l.space.Rows, State: "building",
		Params: text, InCluster: search.IndexName(l.installation, l.Name, 1), Cluster: w.search.Address(), CreatedAt: now()}
	return err
}

// describeHashes fills in what an lsh index has by the data, and by this program.
func (w *Workspace) describeHashes(l *loading) error {
	x, release, err := w.files.Matrix(l.space.SHA256, l.space.Rows, l.space.Dims)
	if err != nil {
		return err
	}
	defer release()
	if l.Similarity == "euclidean" && l.params.Width == 0 {
		l.params.Width = search.SlotWidth(x.Rows, x.Row)
	}
	l.params.Hashes, l.params.Bare, l.params.Least = search.HashVersion, x.Dims > maxDims, 0
	if l.params.bits() == 0 && !l.params.Bare {
		l.params.Least = l.params.hasher(x.Dims).Least(x.Rows, x.Row)
	}
	return nil
}

// page is how many rows of a dataset are read at once.
const page = 1000

// numeric tells of each column whether it holds numbers and nothing else.
func numeric(rows Rows, d *catalog.Dataset, n int) (map[string]bool, error) {
	is := map[string]bool{}
	for _, column := range d.Columns {
		is[column] = true
	}
	for from := 0; from < n; from += page {
		records, err := rows.Records(from, min(from+page, n))
		if err != nil {
			return nil, err
		}
		for _, record := range records {
			for c, column := range d.Columns {
				if is[column] && record[c] != "" {
					_, err := strconv.ParseFloat(record[c], 64)
					is[column] = err == nil
				}
			}
		}
	}
	return is, nil
}

// compareFormer looks at an index of the same name. One that was cut off goes on where it is, in the same generation; an
// earlier version of the space, and what is not in the cluster as it was, are loaded into the next.
func (l *loading) compareFormer(tx Tx) error {
	old, ok, err := tx.Index(l.Name)
	if err != nil || !ok || l.index.Cluster == "" { // what is asked next is the cluster, which there is none of
		return err
	}
	if loaded(old.State) && old.Cluster != l.index.Cluster {
		return catalog.Errorf(catalog.Conflict, "the index '%s' was loaded into the cluster at %s, and the one at %s is asked", old.Name, old.Cluster, l.index.Cluster).
			WithHint("choose another name, or name that cluster in ELASTICSEARCH_URL and restart with: vectory stop")
	}
	like := old.Model == l.Model && old.Similarity == l.Similarity && old.Cluster == l.index.Cluster
	l.former, l.same = &old, like && old.SpaceID == l.space.ID && string(old.Params) == string(l.index.Params)
	generation := search.Generation(old.InCluster)
	switch {
	case l.same && !loaded(old.State):
		l.index.InCluster = old.InCluster
		return nil
	case !loaded(old.State), l.same, like && old.Space == l.space.Name:
		l.index.InCluster = search.IndexName(l.installation, l.Name, generation+1)
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
	if err := w.leaveOut(ctx, l, zero); err != nil {
		return err
	}
	l.index.Rows = x.Rows - l.index.Excluded
	if err := w.putIndex(ctx, l.index); err != nil {
		return err
	}
	report("preparing the index", 0)
	held, err := w.prepare(ctx, l, x.Dims)
	if err != nil {
		return err
	}
	held.count(x.Rows, zero)
	next, done, err := w.docs(ctx, l, x, zero)
	if err != nil {
		return err
	}
	defer done()
	var sent atomic.Int64
	share := func() float64 { return float64(sent.Load()) / float64(max(l.index.Rows, 1)) }
	sent.Store(int64(held.rows))
	err = w.search.Load(ctx, l.index.InCluster, x.Rows, held.skipping(next), search.Loading{Threads: l.Threads, Chunk: l.Chunk, Columns: l.columns(),
		Done:    func(rows int) { sent.Add(int64(rows)); report("loading rows", share()) },
		Waiting: func(why string) { report("waiting: "+why, share()) }})
	if err != nil {
		return err
	}
	report("counting", 1)
	meta, err := metaOf(l.index, l.installation)
	if err != nil {
		return err
	}
	if err := w.search.Finish(ctx, l.index.InCluster, meta); err != nil {
		return err
	}
	if err := w.search.Publish(ctx, search.Alias(l.installation, l.Name), l.index.InCluster); err != nil {
		return err
	}
	l.index.State = "ready"
	if err := w.putIndex(ctx, l.index); err != nil {
		return err
	}
	if _, err := w.dropGenerations(ctx, l.Name, l.installation, l.index.InCluster); err != nil { // doctor finds them
		slog.Warn("a former generation of an index is still in the cluster", "index", l.Name, "error", err)
	}
	return nil
}

// namedZeros is how many of the rows that are left out are named.
const namedZeros = 5

// leaveOut counts the rows that are left out, and names the first.
func (w *Workspace) leaveOut(ctx context.Context, l *loading, zero []bool) error {
	l.index.Excluded, l.index.ZeroIDs = 0, nil
	var first []int
	for row, is := range zero {
		if !is {
			continue
		}
		if l.index.Excluded++; len(first) < namedZeros {
			first = append(first, row)
		}
	}
	if first == nil {
		return nil
	}
	id, done, err := w.idsOf(ctx, l.side)
	if err != nil {
		return err
	}
	defer done()
	for _, row := range first {
		l.index.ZeroIDs = append(l.index.ZeroIDs, id(row))
	}
	return nil
}

// columns are those of the dataset.
func (l *loading) columns() (list []search.Column) {
	if l.dataset == nil {
		return nil
	}
	for _, name := range l.dataset.Columns {
		list = append(list, search.Column{Name: name, Numbers: l.params.Numbers[name]})
	}
	return list
}

// prepare makes the index, or finds the rows in it that an earlier load has brought.
func (w *Workspace) prepare(ctx context.Context, l *loading, dims int) (*held, error) {
	meta, err := metaOf(l.index, l.installation)
	if err != nil {
		return nil, err
	}
	h := &held{block: max(1000, l.space.Rows/5000+1)}
	var ok bool
	if h.counts, ok, err = w.search.Holds(ctx, l.index.InCluster, meta, h.block); err != nil || ok {
		return h, err
	}
	if err := w.search.Delete(ctx, l.index.InCluster, l.installation); err != nil { // what an earlier try of something else left
		return nil, err
	}
	return h, w.search.Create(ctx, search.Spec{Name: l.index.InCluster, Dims: dims, Model: l.Model, Similarity: l.Similarity, Shards: l.params.Shards, Bits: l.params.bits(), Bare: l.params.Bare, Columns: l.params.Numbers, Meta: meta})
}

// held are the rows that an index has, by blocks of so many: those that are there as a whole are not sent again.
type held struct {
	block  int
	counts map[int]int
	whole  map[int]bool
	rows   int // of the whole blocks
}

// count finds the whole blocks; zero rows are in none.
func (h *held) count(rows int, zero []bool) {
	h.whole = map[int]bool{}
	for block, has := range h.counts {
		want := 0
		for row := block * h.block; row < min((block+1)*h.block, rows); row++ {
			if zero == nil || !zero[row] {
				want++
			}
		}
		if has == want {
			h.whole[block] = true
			h.rows += has
		}
	}
}

// skipping leaves out what is there.
func (h *held) skipping(next func(row int) (search.Doc, bool, error)) func(row int) (search.Doc, bool, error) {
	return func(row int) (search.Doc, bool, error) {
		if h.whole[row/h.block] {
			return search.Doc{}, false, nil
		}
		return next(row)
	}
}

func paramsOf(ix catalog.Index) (p indexParams, err error) {
	err = json.Unmarshal(ix.Params, &p)
	return p, err
}

// metaOf is what an index says of itself in the cluster.
func metaOf(ix catalog.Index, installation string) (search.Meta, error) {
	p, err := paramsOf(ix)
	return search.Meta{Installation: installation, Index: ix.Name, Matrix: p.Matrix, Model: ix.Model, Similarity: ix.Similarity, Rows: ix.Rows, Params: ix.Params, Fields: p.fields(ix.Model)}, err
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
	if catalog.CodeOf(why) == catalog.Canceled || errors.Is(why, context.Canceled) {
		l.index.Reason = "it was canceled, or the daemon was stopped; load it again, and it goes on"
	}
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
	var records [][]string
	first := -1 // row of records
	return func(row int) (search.Doc, bool, error) {
		if from := row - row%page; csv != nil && from != first {
			var err error
			if records, err = csv.Records(from, min(from+page, x.Rows)); err != nil {
				return search.Doc{}, false, err
			}
			first = from
		}
		if zero != nil && zero[row] {
			return search.Doc{}, false, nil
		}
		d := search.Doc{Row: row, ID: id(row)}
		if !l.params.Bare {
			d.Vector = x.Row(row)
		}
		switch {
		case l.params.bits() > 0:
			d.Bits = hasher.Bits(x.Row(row))
		case hasher != nil:
			d.Hashes = hasher.Hashes(x.Row(row))
		}
		if csv != nil {
			d.Columns = records[row%page]
		}
		return d, true, nil
	}, done, nil
}
