package workspace

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/wire"
)

// mustSpace gives the space of that name, the current version or, for name@2, the second; or the error that suggests
// others. A former version is called by the name it was asked for.
func mustSpace(tx Tx, name string) (catalog.Space, error) {
	if base, number := catalog.SplitVersion(name); number > 0 {
		s, err := versionOf(tx.SpaceVersions, "space", base, number)
		s.Name = name
		return s, err
	}
	s, ok, err := tx.Space(name)
	if err != nil || ok {
		return s, err
	}
	list, err := tx.Spaces()
	if err != nil {
		return s, err
	}
	return s, catalog.Unknown("space", name, names(list, func(s catalog.Space) string { return s.Name }))
}

func mustDataset(tx Tx, name string) (catalog.Dataset, error) {
	if base, number := catalog.SplitVersion(name); number > 0 {
		d, err := versionOf(tx.DatasetVersions, "dataset", base, number)
		d.Name = name
		return d, err
	}
	d, ok, err := tx.Dataset(name)
	if err != nil || ok {
		return d, err
	}
	list, err := tx.Datasets()
	if err != nil {
		return d, err
	}
	return d, catalog.Unknown("dataset", name, names(list, func(d catalog.Dataset) string { return d.Name }))
}

func mustExperiment(tx Tx, name string) (catalog.Experiment, error) {
	if base, number := catalog.SplitVersion(name); number > 0 {
		e, err := versionOf(tx.ExperimentVersions, "experiment", base, number)
		e.Name = name
		return e, err
	}
	e, ok, err := tx.Experiment(name)
	if err != nil || ok {
		return e, err
	}
	list, err := tx.Experiments()
	if err != nil {
		return e, err
	}
	return e, catalog.Unknown("experiment", name, names(list, func(e catalog.Experiment) string { return e.Name }))
}

// versionOf gives one of the versions of a name, from 1.
func versionOf[T any](versions func(name string) ([]T, error), kind, name string, number int) (v T, err error) {
	list, err := versions(name)
	switch {
	case err != nil:
		return v, err
	case len(list) == 0:
		return v, catalog.Errorf(catalog.NotFound, "no %s is named %q", kind, name).WithHint("see: vectory ls %ss", kind)
	case number > len(list):
		return v, catalog.Errorf(catalog.NotFound, "%s '%s' has %s, and no version %d", kind, name, count(len(list), "version"), number).WithHint("vectory show %s lists them", name)
	}
	return list[number-1], nil
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// versionsOfSpace lists the versions of a name, oldest first.
func versionsOfSpace(tx Tx, name string) ([]wire.SpaceVersion, error) {
	list, err := tx.SpaceVersions(name)
	if err != nil {
		return nil, err
	}
	versions := make([]wire.SpaceVersion, len(list))
	for i, s := range list {
		at, err := tx.Superseded("space", s.ID)
		if err != nil {
			return nil, err
		}
		versions[i] = wire.SpaceVersion{Name: fmt.Sprintf("%s@%d", name, i+1), Rows: s.Rows, Dims: s.Dims, SHA256: s.SHA256, CreatedAt: s.CreatedAt}
		if !at.IsZero() {
			versions[i].SupersededAt = &at
		}
	}
	return versions, nil
}

// note writes what happened into the history, in the transaction that did it.
func note(tx Tx, verb, kind, name, detail string) error {
	return tx.AddEvent(catalog.Event{At: now(), Verb: verb, Kind: kind, Name: name, Detail: detail})
}

func describeSpace(s catalog.Space) string {
	return fmt.Sprintf("%d×%d, %s", s.Rows, s.Dims, s.SHA256[:12])
}

func describeDataset(d catalog.Dataset) string {
	return fmt.Sprintf("%d rows, %s", d.Rows, d.SHA256[:12])
}

// verb says how something came to be there.
func verb(replaced bool) string {
	if replaced {
		return "replaced"
	}
	return "added"
}

// maxEvents is how many events one reply carries.
const maxEvents = 1000

// History gives the newest events, newest first, of one name or ("") of all.
func (w *Workspace) History(ctx context.Context, name string, limit int) (reply wire.History, err error) {
	if limit < 1 {
		return reply, catalog.Errorf(catalog.Invalid, "n=%d cannot be: at least one event is needed", limit)
	}
	err = w.book.View(ctx, func(tx Tx) error { reply.Events, err = tx.Events(name, min(limit, maxEvents)); return err })
	return reply, err
}

// trashAge is how long the bytes of what was deleted are kept.
const trashAge = 7 * 24 * time.Hour

// CollectGarbage removes the files that nothing refers to and the trash that is a week old, or all of it.
func (w *Workspace) CollectGarbage(ctx context.Context, all bool) (wire.Garbage, error) {
	removed, err := w.tidy(ctx)
	if err != nil {
		return wire.Garbage{}, err
	}
	age := trashAge
	if all {
		age = 0
	}
	trash, err := w.files.EmptyTrash(age)
	if err == nil && trash.Removed > 0 {
		slog.Info("emptied the trash", "files", trash.Removed, "bytes", trash.RemovedBytes)
	}
	return wire.Garbage{Unreferenced: removed, Removed: trash.Removed, RemovedBytes: trash.RemovedBytes, Kept: trash.Kept, KeptBytes: trash.KeptBytes}, err
}
