package workspace

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/search"
	"github.com/pentoai/vectory/internal/wire"
)

// Searcher is a search cluster. It holds copies of spaces, which can always be made again.
type Searcher interface {
	Address() string
	Back() <-chan struct{}
	Health(ctx context.Context) (wire.Elastic, error)
	Create(ctx context.Context, s search.Spec) error
	Load(ctx context.Context, index string, n int, next func(row int) (doc search.Doc, ok bool, err error), how search.Loading) error
	Finish(ctx context.Context, index string, want search.Meta) error
	Publish(ctx context.Context, alias, index string) error
	Holds(ctx context.Context, name string, want search.Meta, block int) (counts map[int]int, ok bool, err error)
	Delete(ctx context.Context, name, installation string) error
	Survey(ctx context.Context, installation string) ([]search.Found, error)
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
	Width   float64         `json:"w,omitempty"`      // of euclidean lsh
	Hashes  int             `json:"hashes,omitempty"` // version of those of lsh
	Least   int             `json:"m,omitempty"`      // hashes that a candidate shares; of lsh by terms
	Bare    bool            `json:"bare,omitempty"`   // of lsh: the cluster has no vectors to re-score by
	Shards  int             `json:"shards"`
	Numbers map[string]bool `json:"columns"` // of the dataset; true: numbers
	Matrix  string          `json:"matrix"`
}

func (p indexParams) hasher(dims int) *search.Hasher {
	return search.NewHasher(dims, p.Tables, p.Bits, p.Width)
}

// bits are those that a row has in an lsh index of one hyperplane a table; 0: it has terms, or is none.
func (p indexParams) bits() int {
	if p.Bits != 1 || p.Width > 0 {
		return 0
	}
	return (p.Tables + 7) / 8 * 8
}

// fields are those that a row is searched by.
func (p indexParams) fields(model string) []string {
	switch {
	case model != "lsh":
		return []string{"vec"}
	case p.bits() > 0 && p.Bare:
		return []string{"bits"}
	case p.bits() > 0:
		return []string{"vec", "bits"}
	case p.Bare:
		return []string{"hash"}
	}
	return []string{"vec", "hash"}
}

// Indices lists the indices. With check the cluster is asked how each stands there, and that is noted: "missing",
// "changed", "incomplete", "blocked" or "outdated" in place of ready. Of another cluster nobody knows: that is told as the
// reason, and not noted.
func (w *Workspace) Indices(ctx context.Context, check bool) ([]catalog.Index, error) {
	list, installation, err := w.kept(ctx)
	if err != nil {
		return nil, err
	}
	for i, ix := range list {
		if ix.Cluster != w.search.Address() && loaded(ix.State) {
			list[i].Reason = "in " + w.elsewhere(ix)
			continue
		}
		if !check {
			continue
		}
		if list[i].State, err = w.stateOf(ctx, ix, installation); err != nil {
			return nil, err
		}
		if list[i].State == ix.State {
			continue
		}
		list[i].Reason = ""
		if list[i].State != "ready" {
			list[i].Reason = "the index " + faulty[list[i].State]
			slog.Warn("an index is not as it was loaded", "index", ix.Name, "state", list[i].State)
		}
		if err := w.noteState(ctx, ix, list[i]); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// elsewhere names the cluster of an index that is not the one that is asked.
func (w *Workspace) elsewhere(ix catalog.Index) string {
	return fmt.Sprintf("the cluster at %s, which is not the one that is asked", ix.Cluster)
}

// noteState writes down how an index stands, unless it was loaded or deleted meanwhile.
func (w *Workspace) noteState(ctx context.Context, was, is catalog.Index) error {
	return w.book.Update(ctx, func(tx Tx) error {
		now, ok, err := tx.Index(was.Name)
		if err != nil || !ok || now.State != was.State || now.InCluster != was.InCluster {
			return err
		}
		return tx.PutIndex(is)
	})
}

// WatchIndices compares the catalogue with the cluster at the start, and whenever the cluster is back, until ctx ends. What
// is not as it was is noted and logged; the doctor mends it.
func (w *Workspace) WatchIndices(ctx context.Context) {
	for {
		if err := w.compareIndices(ctx); err != nil && ctx.Err() == nil {
			slog.Warn("the indices in Elasticsearch cannot be checked", "error", err)
		}
		select {
		case <-w.search.Back():
		case <-ctx.Done():
			return
		}
	}
}

// compareIndices asks nothing of a cluster in which nothing was loaded.
func (w *Workspace) compareIndices(ctx context.Context) error {
	list, installation, err := w.kept(ctx)
	if err != nil || w.search.Address() == "" || !slices.ContainsFunc(list, func(ix catalog.Index) bool { return ix.Cluster == w.search.Address() }) {
		return err
	}
	if _, err := w.Indices(ctx, true); err != nil {
		return err
	}
	found, err := w.search.Survey(ctx, installation)
	if err != nil {
		return err
	}
	strays, err := w.strays(ctx, found)
	for _, f := range strays {
		slog.Warn("an index in the cluster is in use by nothing, or is not ours: see vectory doctor", "index", f.Name)
	}
	return err
}

// loaded reports whether an index was loaded to its end, however it stands in the cluster by now.
func loaded(state string) bool {
	return slices.Contains([]string{"ready", "missing", "changed", "incomplete", "blocked", "outdated"}, state)
}

// stateOf asks the cluster, which is that of the index, how a loaded one stands there; others stand as they are noted.
func (w *Workspace) stateOf(ctx context.Context, ix catalog.Index, installation string) (string, error) {
	if !loaded(ix.State) {
		return ix.State, nil
	}
	if p, err := paramsOf(ix); err != nil || ix.Model == "lsh" && p.Hashes != search.HashVersion {
		return "outdated", err
	}
	meta, err := metaOf(ix, installation)
	if err != nil {
		return "", err
	}
	return w.search.State(ctx, ix.InCluster, meta)
}

// DeleteIndex removes an index from the cluster and forgets it; what is in the cluster under its name and is not ours any
// more is left there.
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
	dropped, err := w.dropGenerations(ctx, name, installation, "")
	if err != nil {
		is := ix
		is.Reason = err.Error()
		if noting := w.noteState(context.WithoutCancel(ctx), ix, is); noting != nil {
			slog.Error("note that an index could not be deleted", "index", name, "error", noting)
		}
		return wire.Deleted{}, err
	}
	err = w.book.Update(ctx, func(tx Tx) error {
		return errors.Join(tx.DeleteIndex(name), note(tx, "deleted", "index", name, ix.Space))
	})
	reply := wire.Deleted{Deleted: []wire.Thing{{Kind: "index", Name: name}}}
	if dropped == 0 && ix.Cluster != w.search.Address() {
		reply.Warnings = []string{fmt.Sprintf("'%s' was loaded into %s: a copy that is there is left; where ELASTICSEARCH_URL names it, vectory doctor --fix deletes it", name, w.elsewhere(ix))}
	}
	return reply, err
}

// dropGenerations deletes all that is in the cluster of an index but one generation, and counts it. What does not carry our
// mark is left alone, whatever it is called.
func (w *Workspace) dropGenerations(ctx context.Context, name, installation, but string) (dropped int, err error) {
	found, err := w.search.Survey(ctx, installation)
	if err != nil {
		return 0, err
	}
	for _, f := range found {
		if f.Meta == nil || f.Meta.Installation != installation || f.Meta.Index != name || f.Name == but {
			continue
		}
		if err := w.search.Delete(ctx, f.Name, installation); err != nil {
			return dropped, err
		}
		dropped++
	}
	return dropped, nil
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
				ix.State, ix.Reason = "failed", "the daemon ended while it was loaded; load it again, and it goes on"
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

// engines are who may look for neighbours.
func checkEngine(engine string, indices ...string) error {
	if engine != "elasticsearch" && slices.ContainsFunc(indices, func(name string) bool { return name != "" }) {
		return catalog.Errorf(catalog.Invalid, "an index is named, and only the engine elasticsearch asks one").WithHint("--engine=elasticsearch")
	}
	if engine == "" || engine == "local" || engine == "elasticsearch" {
		return nil
	}
	return catalog.Errorf(catalog.Invalid, "there is no engine '%s'", engine).WithHint("local or elasticsearch")
}
