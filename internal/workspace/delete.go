package workspace

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/wire"
)

// DeleteOptions say how far a deletion goes.
type DeleteOptions struct {
	Recursive bool // dependants too
	DryRun    bool // tell what would go, and change nothing
}

// removal is what a deletion takes along: dependants first, every version of a name.
type removal struct {
	datasets    []catalog.Dataset
	experiments []catalog.Experiment
	spaces      []catalog.Space
	comparisons []string
	selections  []catalog.Selection
}

// DeleteSpace removes a space with its history and the comparisons that it is part of.
func (w *Workspace) DeleteSpace(ctx context.Context, name string, o DeleteOptions) (wire.Deleted, error) {
	return w.remove(ctx, wire.Thing{Kind: "space", Name: name}, o, func(tx Tx, r *removal) error {
		s, err := mustSpace(tx, name)
		if err != nil {
			return err
		}
		if _, number := catalog.SplitVersion(name); number > 0 {
			return r.addFormer(tx, s)
		}
		versions, err := tx.SpaceVersions(name)
		if err != nil {
			return err
		}
		return r.addSpaces(tx, versions)
	})
}

// DeleteExperiment removes an experiment; its spaces only if Recursive.
func (w *Workspace) DeleteExperiment(ctx context.Context, name string, o DeleteOptions) (wire.Deleted, error) {
	return w.remove(ctx, wire.Thing{Kind: "experiment", Name: name}, o, func(tx Tx, r *removal) error {
		if _, err := mustExperiment(tx, name); err != nil {
			return err
		}
		versions, err := tx.ExperimentVersions(name)
		if err != nil {
			return err
		}
		return r.addExperiments(tx, versions)
	})
}

// DeleteDataset removes a dataset; its spaces, the experiments trained on it and their spaces only if
// Recursive.
func (w *Workspace) DeleteDataset(ctx context.Context, name string, o DeleteOptions) (wire.Deleted, error) {
	return w.remove(ctx, wire.Thing{Kind: "dataset", Name: name}, o, func(tx Tx, r *removal) error {
		if _, err := mustDataset(tx, name); err != nil {
			return err
		}
		versions, err := tx.DatasetVersions(name)
		if err != nil {
			return err
		}
		for _, d := range versions {
			trained, err := tx.ExperimentsTrainedOn(d.ID)
			if err != nil {
				return err
			}
			if err := r.addExperiments(tx, trained); err != nil {
				return err
			}
			spaces, err := tx.SpacesOfDataset(d.ID)
			if err != nil {
				return err
			}
			if err := r.addVersions(tx, spaces); err != nil {
				return err
			}
			r.datasets = append(r.datasets, d)
		}
		return nil
	})
}

// addFormer takes one former version of a space.
func (r *removal) addFormer(tx Tx, s catalog.Space) error {
	at, err := tx.Superseded("space", s.ID)
	if err != nil {
		return err
	}
	if at.IsZero() {
		base, _ := catalog.SplitVersion(s.Name)
		return catalog.Errorf(catalog.Conflict, "'%s' is the current version", s.Name).WithHint("delete the space with all its versions: vectory embeddings delete %s", base)
	}
	return r.addSpaces(tx, []catalog.Space{s})
}

// addVersions takes versions of spaces that may have others which stay: a former one goes by the name that one asks for it
// with, name@N.
func (r *removal) addVersions(tx Tx, spaces []catalog.Space) error {
	for i, s := range spaces {
		if at, err := tx.Superseded("space", s.ID); err != nil {
			return err
		} else if at.IsZero() {
			continue
		}
		versions, err := tx.SpaceVersions(s.Name)
		if err != nil {
			return err
		}
		before := slices.IndexFunc(versions, func(v catalog.Space) bool { return v.ID == s.ID })
		spaces[i].Name = fmt.Sprintf("%s@%d", s.Name, before+1)
	}
	return r.addSpaces(tx, spaces)
}

func (r *removal) addSpaces(tx Tx, spaces []catalog.Space) error {
	for _, s := range spaces {
		if slices.ContainsFunc(r.spaces, func(have catalog.Space) bool { return have.ID == s.ID }) {
			continue
		}
		indices, err := tx.IndicesOf(s.ID)
		if err != nil {
			return err
		}
		if len(indices) > 0 {
			return catalog.Errorf(catalog.Conflict, "'%s' is loaded into the index '%s'", s.Name, indices[0].Name).WithHint("vectory embeddings delete-index %s", indices[0].Name)
		}
		comparisons, err := tx.ComparisonsOf(s.ID)
		if err != nil {
			return err
		}
		for _, c := range comparisons {
			if err := r.addComparison(tx, c.Key); err != nil {
				return err
			}
		}
		selections, err := tx.SelectionsOfSpace(s.ID)
		if err != nil {
			return err
		}
		r.addSelections(selections)
		r.spaces = append(r.spaces, s)
	}
	return nil
}

func (r *removal) addComparison(tx Tx, key string) error {
	if slices.Contains(r.comparisons, key) {
		return nil
	}
	r.comparisons = append(r.comparisons, key)
	selections, err := tx.SelectionsOfComparison(key)
	r.addSelections(selections)
	return err
}

func (r *removal) addSelections(list []catalog.Selection) {
	for _, l := range list {
		if !slices.ContainsFunc(r.selections, func(have catalog.Selection) bool { return have.ID == l.ID }) {
			r.selections = append(r.selections, l)
		}
	}
}

func (r *removal) addExperiments(tx Tx, experiments []catalog.Experiment) error {
	for _, e := range experiments {
		if slices.ContainsFunc(r.experiments, func(have catalog.Experiment) bool { return have.ID == e.ID }) {
			continue
		}
		spaces, err := tx.SpacesOfExperiment(e.ID)
		if err != nil {
			return err
		}
		if err := r.addVersions(tx, spaces); err != nil {
			return err
		}
		r.experiments = append(r.experiments, e)
	}
	return nil
}

// things lists what goes, each name once: of a space that goes with its history the name alone.
func (r *removal) things() []wire.Thing {
	list := []wire.Thing{}
	add := func(kind, name string) {
		if t := (wire.Thing{Kind: kind, Name: name}); !slices.Contains(list, t) {
			list = append(list, t)
		}
	}
	for _, l := range r.selections {
		list = append(list, wire.Thing{Kind: "selection", Name: l.Name}) // two spaces may have one of the same name
	}
	for _, key := range r.comparisons {
		add("comparison", key)
	}
	for _, s := range r.spaces {
		base, _ := catalog.SplitVersion(s.Name)
		if base == s.Name || !slices.ContainsFunc(r.spaces, func(now catalog.Space) bool { return now.Name == base }) {
			add("space", s.Name)
		}
	}
	for _, e := range r.experiments {
		add("experiment", e.Name)
	}
	for _, d := range r.datasets {
		add("dataset", d.Name)
	}
	return list
}

// remove plans and does a deletion in one transaction. Comparisons are derived and selections mean nothing without their
// space, so both go along; any other dependant stops it unless Recursive.
func (w *Workspace) remove(ctx context.Context, what wire.Thing, o DeleteOptions, plan func(Tx, *removal) error) (wire.Deleted, error) {
	var reply wire.Deleted
	do := w.forget
	if o.DryRun {
		do = w.book.View
	}
	err := do(ctx, func(tx Tx) error {
		var r removal
		if err := plan(tx, &r); err != nil {
			return err
		}
		reply = wire.Deleted{Deleted: r.things(), DryRun: o.DryRun}
		if o.DryRun {
			return nil
		}
		if err := refuseDependants(what, reply.Deleted, o); err != nil {
			return err
		}
		return r.carryOut(tx)
	})
	return reply, err
}

func refuseDependants(what wire.Thing, going []wire.Thing, o DeleteOptions) error {
	var dependants []string
	for _, t := range going {
		if t != what && t.Kind != "comparison" && t.Kind != "selection" {
			dependants = append(dependants, t.Kind+" '"+t.Name+"'")
		}
	}
	if len(dependants) == 0 || o.Recursive {
		return nil
	}
	shown := dependants[:min(10, len(dependants))]
	more := ""
	if len(dependants) > len(shown) {
		more = fmt.Sprintf(" and %d more", len(dependants)-len(shown))
	}
	return catalog.Errorf(catalog.Conflict, "%s '%s' is needed by %s%s", what.Kind, what.Name, strings.Join(shown, ", "), more).
		WithHint("delete them first, or all of it with --recursive")
}

func (r *removal) carryOut(tx Tx) error {
	for _, l := range r.selections {
		if err := tx.DeleteSelection(l.ID); err != nil {
			return err
		}
	}
	for _, key := range r.comparisons {
		if _, err := tx.DeleteComparison(key); err != nil {
			return err
		}
	}
	for _, s := range r.spaces {
		if err := errors.Join(tx.DeleteSpace(s.ID), note(tx, "deleted", "space", s.Name, describeSpace(s))); err != nil {
			return err
		}
	}
	for _, e := range r.experiments {
		if err := errors.Join(tx.DeleteExperiment(e.ID), note(tx, "deleted", "experiment", e.Name, e.Model)); err != nil {
			return err
		}
	}
	for _, d := range r.datasets {
		if err := errors.Join(tx.DeleteDataset(d.ID), note(tx, "deleted", "dataset", d.Name, describeDataset(d))); err != nil {
			return err
		}
	}
	return tx.ForgetTablesWithoutSpace()
}
