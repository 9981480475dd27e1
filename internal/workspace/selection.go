package workspace

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/wire"
)

// Selections lists those of a space (of its comparisons too), those of a comparison, or, with both "", all.
func (w *Workspace) Selections(ctx context.Context, space, comparison string) (list []catalog.Selection, err error) {
	err = w.book.View(ctx, func(tx Tx) (err error) {
		switch {
		case space != "" && comparison != "":
			return catalog.Errorf(catalog.Invalid, "a space and a comparison are named; one of them is needed")
		case space != "":
			s, err := mustSpace(tx, space)
			if err != nil {
				return err
			}
			list, err = tx.SelectionsOfSpace(s.ID)
			return err
		case comparison != "":
			if _, err := comparedIn(tx, comparison); err != nil {
				return err
			}
			list, err = tx.SelectionsOfComparison(comparison)
			return err
		}
		list, err = tx.Selections()
		return err
	})
	return list, err
}

// AddSelection keeps rows under a name. Conflict: the space or the comparison has a selection of that name.
func (w *Workspace) AddSelection(ctx context.Context, req wire.SelectionRequest) (l catalog.Selection, err error) {
	if (req.Space == "") == (req.Comparison == "") {
		return l, catalog.Errorf(catalog.Invalid, "a selection is of a space or of a comparison; one of them is needed")
	}
	if req.Rows == nil {
		return l, catalog.Errorf(catalog.Invalid, "the selection has no rows")
	}
	err = w.book.Update(ctx, func(tx Tx) error {
		l = catalog.Selection{CreatedAt: now()}
		var s catalog.Space
		var err error
		if req.Comparison != "" {
			l.Comparison = &req.Comparison
			s, err = comparedIn(tx, req.Comparison)
		} else {
			s, err = mustSpace(tx, req.Space)
		}
		if err != nil {
			return err
		}
		l.SpaceID, l.Space = s.ID, s.Name
		if req.Name == nil {
			req.Name = new(string)
		}
		if err := change(tx, &l, req); err != nil {
			return err
		}
		return errors.Join(tx.InsertSelection(&l), note(tx, "added", "selection", l.Name, describeSelection(l)))
	})
	return l, err
}

// ChangeSelection renames a selection, or changes its note or its rows: what req leaves out stays.
func (w *Workspace) ChangeSelection(ctx context.Context, id int64, req wire.SelectionRequest) (l catalog.Selection, err error) {
	if req.Space != "" || req.Comparison != "" {
		return l, catalog.Errorf(catalog.Invalid, "a selection stays where it was made")
	}
	err = w.book.Update(ctx, func(tx Tx) error {
		if l, err = mustSelection(tx, id); err != nil {
			return err
		}
		if err := change(tx, &l, req); err != nil {
			return err
		}
		return errors.Join(tx.UpdateSelection(l), note(tx, "changed", "selection", l.Name, describeSelection(l)))
	})
	return l, err
}

// DeleteSelection forgets a selection.
func (w *Workspace) DeleteSelection(ctx context.Context, id int64) (wire.Deleted, error) {
	var l catalog.Selection
	err := w.book.Update(ctx, func(tx Tx) (err error) {
		if l, err = mustSelection(tx, id); err != nil {
			return err
		}
		return errors.Join(tx.DeleteSelection(id), note(tx, "deleted", "selection", l.Name, describeSelection(l)))
	})
	return wire.Deleted{Deleted: []wire.Thing{{Kind: "selection", Name: l.Name}}}, err
}

func describeSelection(l catalog.Selection) string {
	return fmt.Sprintf("%d of the rows of %s", l.Count, l.Space)
}

func mustSelection(tx Tx, id int64) (catalog.Selection, error) {
	l, ok, err := tx.Selection(id)
	if err == nil && !ok {
		err = catalog.Errorf(catalog.NotFound, "there is no selection %d", id).WithHint("it may have been deleted meanwhile")
	}
	return l, err
}

// comparedIn gives the space A of a comparison.
func comparedIn(tx Tx, key string) (s catalog.Space, err error) {
	c, ok, err := tx.Comparison(key)
	if err != nil {
		return s, err
	}
	if !ok {
		return s, catalog.Errorf(catalog.NotFound, "no comparison has the key %.12q", key).WithHint("see: vectory ls comparisons")
	}
	s, _, err = tx.SpaceByID(c.AID)
	return s, err
}

// change sets what req names, and checks it.
func change(tx Tx, l *catalog.Selection, req wire.SelectionRequest) error {
	if req.Name != nil {
		if err := catalog.CheckName("selection", *req.Name); err != nil {
			return err
		}
		if err := refuseTaken(tx, *l, *req.Name); err != nil {
			return err
		}
		l.Name = *req.Name
	}
	if req.Note != nil {
		if err := catalog.CheckNote(*req.Note); err != nil {
			return err
		}
		l.Note = *req.Note
	}
	if req.Rows == nil {
		return nil
	}
	s, _, err := tx.SpaceByID(l.SpaceID)
	if err != nil {
		return err
	}
	l.Rows = *req.Rows
	l.Count, err = catalog.CountRanges(l.Rows, s.Rows)
	return err
}

func refuseTaken(tx Tx, l catalog.Selection, name string) error {
	list, err := tx.SelectionsOfSpace(l.SpaceID)
	if err != nil {
		return err
	}
	same := func(other catalog.Selection) bool {
		return other.ID != l.ID && other.Name == name && deref(other.Comparison) == deref(l.Comparison)
	}
	if slices.ContainsFunc(list, same) {
		return catalog.Errorf(catalog.Conflict, "a selection is called '%s' already", name).WithHint("choose another name, or delete that one")
	}
	return nil
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
