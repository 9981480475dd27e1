package workspace

import (
	"slices"
	"testing"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/wire"
)

// Which row is which can be asked before the layout has settled, as soon as the spaces are matched.
func TestRowsOfARunningLayout(t *testing.T) {
	var w Workspace
	run := w.layouts.begin(wire.Layout{ID: "x", Spaces: []string{"a", "b"}, State: "running"})
	if _, err := w.LayoutColumn(t.Context(), "x", "row_a"); catalog.CodeOf(err) != catalog.Unavailable {
		t.Errorf("before they are matched: error %v", err)
	}
	run.rows = [][]int32{{0, 2}, {5, 1}}
	f, err := w.LayoutColumn(t.Context(), "x", "row_b")
	if err != nil || f.Rows != 2 || !slices.Equal(f.Integers, []int32{5, 1}) {
		t.Errorf("row_b: %v, error %v", f, err)
	}
	if _, err := w.LayoutColumn(t.Context(), "x", "row_c"); catalog.CodeOf(err) != catalog.Invalid {
		t.Errorf("a third space: error %v", err)
	}
	if _, err := w.LayoutColumn(t.Context(), "x", "local_trust_a"); catalog.CodeOf(err) != catalog.Conflict {
		t.Errorf("what is not made yet: error %v", err)
	}
}
