package workspace

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/jobs"
	"github.com/pentoai/vectory/internal/search"
	"github.com/pentoai/vectory/internal/wire"
)

// indices compares what the catalogue says of indices with what the cluster has. To mend is to load again what is not
// there as it should be, and to delete what is ours and nobody's; an index without our mark is told and left alone.
func (e *examination) indices(ctx context.Context, tell jobs.Report) error {
	list, installation, err := e.w.kept(ctx)
	if err != nil || installation == "" || e.w.search.Address() == "" {
		return err
	}
	tell("comparing with the cluster", 1)
	_, err = e.w.search.Survey(ctx, installation)
	if err != nil && catalog.CodeOf(err) != catalog.Canceled {
		if len(list) > 0 {
			e.found("cluster", e.w.search.Address(), "the indices in it cannot be checked: "+err.Error(), "")
		}
		return nil
	}
	if err != nil {
		return err
	}
	for _, ix := range list {
		if err := e.index(ctx, ix, installation, tell); err != nil {
			return err
		}
	}
	return e.strays(ctx, installation)
}

// kept gives the indices of the catalogue and the name of the installation.
func (w *Workspace) kept(ctx context.Context) (list []catalog.Index, installation string, err error) {
	err = w.book.View(ctx, func(tx Tx) (err error) {
		if installation, err = tx.Installation(); err == nil {
			list, err = tx.Indices()
		}
		return err
	})
	return list, installation, err
}

// faulty says what is wrong with an index by its state.
var faulty = map[string]string{
	"missing":    "is not in the cluster any more",
	"changed":    "is in the cluster as something else",
	"incomplete": "has another number of rows in the cluster",
	"blocked":    "is closed in the cluster, or may not be read there",
	"outdated":   "was made by an earlier vectory, in another way",
	"failed":     "was not loaded to its end",
	"deleting":   "was not deleted to its end",
}

// faultOf says what is wrong with an index in a state, and why as far as it is known; "": nothing is.
func faultOf(ix catalog.Index, state string) string {
	problem := faulty[state]
	if (state == "failed" || state == "deleting") && ix.Reason != "" {
		problem += ": " + ix.Reason
	}
	return problem
}

func (e *examination) index(ctx context.Context, ix catalog.Index, installation string, tell jobs.Report) error {
	if ix.Cluster != e.w.search.Address() {
		return nil // nobody asks that cluster
	}
	state, err := e.w.stateOf(ctx, ix, installation)
	problem := faultOf(ix, state)
	if err != nil || problem == "" {
		return err
	}
	mended := ""
	if e.fix && state != "blocked" { // somebody's decision, which loses nothing
		if mended, err = e.mendIndex(ctx, ix, state, tell); err != nil {
			problem += "; to mend it failed: " + err.Error()
		}
	}
	e.found("index", ix.Name, problem, mended)
	return ctx.Err()
}

func (e *examination) mendIndex(ctx context.Context, ix catalog.Index, state string, tell jobs.Report) (string, error) {
	if state == "deleting" {
		_, err := e.w.DeleteIndex(ctx, ix.Name)
		return "deleted", err
	}
	var l *loading
	err := e.w.book.View(ctx, func(tx Tx) error {
		s, ok, err := tx.SpaceByID(ix.SpaceID)
		if err != nil || !ok {
			return gone(err)
		}
		l, err = reloading(tx, ix, s, state)
		return err
	})
	if err != nil {
		return "", err
	}
	if ix.Model == "lsh" { // a former program may have hashed otherwise
		if err := e.w.describeHashes(l); err != nil {
			return "", err
		}
		if l.index.Params, err = json.Marshal(l.params); err != nil {
			return "", err
		}
	}
	if err := e.w.load(ctx, l, tell); err != nil {
		e.w.loadFailed(l, err)
		return "", err
	}
	return "loaded again", nil
}

// strays are what the cluster has under our names and the catalogue does not know.
func (w *Workspace) strays(ctx context.Context, found []search.Found) ([]search.Found, error) {
	list, _, err := w.kept(ctx)
	known := map[string]bool{}
	for _, ix := range list {
		known[ix.InCluster] = true
	}
	return slices.DeleteFunc(found, func(f search.Found) bool { return known[f.Name] }), err
}

func (e *examination) strays(ctx context.Context, installation string) error {
	found, err := e.w.search.Survey(ctx, installation) // after the mending: what was mended is none
	if err != nil {
		return err
	}
	strays, err := e.w.strays(ctx, found)
	if err != nil {
		return err
	}
	for _, f := range strays {
		switch {
		case f.Meta == nil || f.Meta.Installation != installation:
			e.found("index in the cluster", f.Name, "has a name of ours, and was made by somebody else: it is left alone", "")
		default:
			mended := ""
			if e.fix {
				if err := e.w.search.Delete(ctx, f.Name, installation); err != nil {
					return err
				}
				mended = "deleted"
			}
			e.found("index in the cluster", f.Name, fmt.Sprintf("holds '%s' and is in use by nothing", f.Meta.Index), mended)
		}
	}
	return nil
}

// reloading is the load that makes an index again, as it was wanted.
func reloading(tx Tx, ix catalog.Index, s catalog.Space, state string) (*loading, error) {
	l := &loading{index: ix, LoadRequest: wire.LoadRequest{Name: ix.Name, Space: s.Name, Model: ix.Model, Similarity: ix.Similarity}}
	var err error
	if l.installation, err = tx.Installation(); err != nil {
		return nil, err
	}
	if l.side, err = sideOf(tx, s, ""); err != nil {
		return nil, err
	}
	if state != "failed" { // something else may be there under the present name
		l.index.InCluster = search.IndexName(l.installation, ix.Name, search.Generation(ix.InCluster)+1)
	}
	l.index.State, l.index.Reason, l.index.Excluded, l.index.CreatedAt = "building", "", 0, now()
	l.params, err = paramsOf(ix)
	return l, err
}
