package catalog

import "testing"

func TestNormsThatAreOff(t *testing.T) {
	for _, c := range []struct {
		name       string
		rows       int
		h          Health
		odd, equal bool
	}{
		{"as of a model", 1000, Health{NormMin: 2, NormMean: 4, NormMax: 9}, false, false},
		{"one is 500 times as long", 1000, Health{NormMin: 2, NormMean: (999*4 + 2000) / 1000., NormMax: 2000}, true, false},
		{"one is long, of two", 2, Health{NormMin: 1, NormMean: 500.5, NormMax: 1000}, true, false},
		{"one is nearly zero", 1000, Health{NormMin: 1e-9, NormMean: 4, NormMax: 9}, true, false},
		{"half are long", 1000, Health{NormMin: 1, NormMean: 500.5, NormMax: 1000}, false, false},
		{"zeros do not count", 3, Health{ZeroRows: 1, NormMin: 1, NormMean: 100.5, NormMax: 200}, true, false},
		{"one row", 1, Health{NormMin: 3, NormMean: 3, NormMax: 3}, false, true},
		{"unit rows", 10, Health{NormMin: 0.9999, NormMean: 1, NormMax: 1.0001}, false, true},
		{"zeros only", 10, Health{ZeroRows: 10}, false, false},
	} {
		if odd, equal := c.h.OddNorms(c.rows), c.h.EqualNorms(); odd != c.odd || equal != c.equal {
			t.Errorf("%s: odd %v, equal %v", c.name, odd, equal)
		}
	}
}
