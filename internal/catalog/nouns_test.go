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

func TestRowsThatDifferTooLittle(t *testing.T) {
	sound := Spread{Share: 1, Rows: 512, Columns: 64, Rank: 64, EffectiveRank: 20}
	with := func(change func(s *Spread)) *Spread { s := sound; change(&s); return &s }
	for _, c := range []struct {
		name                   string
		h                      Health
		alike, rank, effective bool
	}{
		{"as of a model", Health{Spread: &sound}, false, false, false},
		{"nobody has looked", Health{}, false, false, false},
		{"one constant vector and noise", Health{Spread: with(func(s *Spread) { s.Share = 0.001 })}, true, false, false},
		{"all equal is told by the columns", Health{ConstantDims: 64, Spread: &Spread{Rows: 512}}, false, false, false},
		{"half of the directions", Health{Spread: with(func(s *Spread) { s.Rank = 32 })}, false, true, false},
		{"one direction less, as of rows that sum to zero", Health{Spread: with(func(s *Spread) { s.Rank = 63 })}, false, false, false},
		{"what dead columns leave", Health{ConstantDims: 20, Spread: with(func(s *Spread) { s.Rank, s.Columns = 34, 34 })}, false, false, false},
		{"of four rows nothing is odd", Health{Spread: with(func(s *Spread) { s.Rank, s.Rows = 1, 4 })}, false, false, false},
		{"what few rows leave", Health{Spread: with(func(s *Spread) { s.Rank, s.Rows = 9, 10 })}, false, false, false},
		{"along one of them nearly all", Health{Spread: with(func(s *Spread) { s.EffectiveRank = 1.3 })}, false, false, true},
	} {
		rank, effective := c.h.FewDirections()
		if alike := c.h.AlikeRows(); alike != c.alike || rank != c.rank || effective != c.effective {
			t.Errorf("%s: alike %v, rank %v, effective %v", c.name, alike, rank, effective)
		}
	}
	if _, effective := (Health{Spread: &Spread{Share: 1, Rows: 512, Columns: 2, Rank: 2, EffectiveRank: 1.05}}).FewDirections(); effective {
		t.Error("a long map of two dimensions is nothing odd")
	}
}
