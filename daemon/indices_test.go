package main

import (
	"testing"

	"github.com/pentoai/vectory/internal/catalog"
)

func TestRowsThatAnIndexLacksAreNamed(t *testing.T) {
	for _, c := range []struct {
		excluded int
		ids      []string
		want     string
	}{
		{1, []string{"img_7"}, "1 row of zeros was left out, since it has no direction: img_7"},
		{2, []string{"a", "b"}, "2 rows of zeros were left out, since they have no direction: a, b"},
		{7, []string{"a", "b", "c", "d", "e"}, "7 rows of zeros were left out, since they have no direction: a, b, c, d, e and 2 more"},
		{3, nil, "3 rows of zeros were left out, since they have no direction"}, // loaded by an earlier vectory
	} {
		if got := leftOut(catalog.Index{Excluded: c.excluded, ZeroIDs: c.ids}); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}
