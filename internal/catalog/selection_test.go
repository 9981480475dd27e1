package catalog

import (
	"strings"
	"testing"
)

func TestCountRanges(t *testing.T) {
	for _, c := range []struct {
		name, ranges string
		count        int
		wrong        string
	}{
		{"one row", "4", 1, ""},
		{"ranges", "0-3,7", 5, ""},
		{"the last row", "8-9", 2, ""},
		{"none", "", 0, "no row"},
		{"beyond the end", "8-10", 0, "the space has 10 rows"},
		{"twice", "0-3,3", 0, "not ascending"},
		{"downwards", "5-2", 0, "not ascending"},
		{"a sign", "-1", 0, "no row"},
		{"a number that would overflow", "99999999999999999999", 0, "no row"},
		{"text", "0;1", 0, "no row"},
		{"an open end", "1,", 0, "no row"},
		{"too long", strings.Repeat("1", MaxRanges+1), 0, "at most"},
	} {
		t.Run(c.name, func(t *testing.T) {
			count, err := CountRanges(c.ranges, 10)
			if count != c.count || (err == nil) != (c.wrong == "") || err != nil && !strings.Contains(err.Error(), c.wrong) {
				t.Errorf("%d, %v", count, err)
			}
		})
	}
}
