package sqlite

import (
	"encoding/json"
	"errors"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/pentoai/vectory/internal/catalog"
)

// What a person wrote outlives a comparison that is made anew, and goes with its space.
func TestSelections(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "vectory.db"))
	space := func(name string) *catalog.Space {
		return &catalog.Space{Name: name, Rows: 9, Dims: 2, Metric: catalog.Cosine, DtypeIn: "<f4", SHA256: name, State: "ready", CreatedAt: noon}
	}
	x, y, key := space("x"), space("y"), "k"
	own := catalog.Selection{Name: "own", Rows: "1", Count: 1, CreatedAt: noon}
	both := catalog.Selection{Name: "both", Note: "why\nso", Rows: "0-3,7", Count: 5, Comparison: &key, CreatedAt: noon}
	compare := func(tx *Tx) error {
		return tx.PutComparison(catalog.KeptComparison{Key: key, AID: x.ID, BID: y.ID, Summary: json.RawMessage(`{}`)}, noon)
	}
	update(t, s, func(tx *Tx) error {
		if err := errors.Join(tx.InsertSpace(x, nil), tx.InsertSpace(y, nil), compare(tx)); err != nil {
			return err
		}
		own.SpaceID, own.Space, both.SpaceID, both.Space = y.ID, "y", x.ID, "x"
		return errors.Join(tx.InsertSelection(&own), tx.InsertSelection(&both))
	})
	kept := func(want ...catalog.Selection) {
		t.Helper()
		_ = s.View(t.Context(), func(tx *Tx) error {
			got, err := tx.Selections()
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); err != nil || diff != "" {
				t.Errorf("%v %s", err, diff)
			}
			return nil
		})
	}
	kept(both, own)
	update(t, s, func(tx *Tx) error {
		_, err := tx.DeleteComparison(key) // as the doctor does to one whose file is damaged
		return errors.Join(err, compare(tx), compare(tx))
	})
	kept(both, own)
	both.Name, both.Rows, both.Count = "some", "7", 1
	update(t, s, func(tx *Tx) error { return tx.UpdateSelection(both) })
	kept(own, both)
	if err := s.Update(t.Context(), func(tx *Tx) error { twin := own; return tx.InsertSelection(&twin) }); err == nil {
		t.Error("two selections of a space have one name")
	}
	update(t, s, func(tx *Tx) error {
		of, err := tx.SelectionsOfComparison(key)
		if len(of) != 1 || err != nil {
			t.Errorf("those of the comparison: %v, %v", of, err)
		}
		return tx.DeleteSpace(y.ID)
	})
	kept(both)
	update(t, s, func(tx *Tx) error { return tx.DeleteSelection(both.ID) })
	kept()
}
