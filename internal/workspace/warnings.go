package workspace

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pentoai/vectory/internal/compute/measure"
	"github.com/pentoai/vectory/internal/wire"
)

// heavy are the shares from which something is worth a warning.
const (
	heavyLeverage = 0.05 // of the sums of CKA that one row carries
	heavyTies     = 0.10 // of the rows that tie at place k
	explained     = 0.50 // of the score above chance that a column's values explain
)

// warnings says in words what a reader of the numbers should know first.
func warnings(c *comparing, m *measured, kept wire.Comparison) []string {
	list := []string{}
	warn := func(format string, args ...any) { list = append(list, fmt.Sprintf(format, args...)) }
	if c.preset != "" {
		warn("preset %s: %s", c.preset, presets[c.preset].differs)
	}
	if c.a.space.SHA256 == c.b.space.SHA256 && c.a.metric == c.b.metric {
		warn("both spaces hold the same vectors: every number is that of a space beside itself")
	}
	if m.sums != nil {
		if row, share := m.sums.Leverage(m.ofA.x, m.ofB.x); share > heavyLeverage {
			warn("row %d alone carries %.0f %% of the inner products that CKA compares: the number tells of that row more than of the spaces", row, 100*share)
		}
	}
	for _, s := range []struct {
		name string
		dims int
	}{{kept.A, m.ofA.x.Dims}, {kept.B, m.ofB.x.Dims}} {
		if m.ofA.x.Rows < 5*s.dims {
			warn("%d rows are few for the %d dimensions of %s: CKA and canonical correlations come out too high", m.ofA.x.Rows, s.dims, s.name)
		}
	}
	for _, s := range []side{c.a, c.b} {
		if dead := s.space.Health.ConstantDims; dead > 0 {
			rank := ""
			if r, ok := m.rank(s.space.SHA256 == c.a.space.SHA256); ok {
				rank = fmt.Sprintf(": its rows differ in %d directions", r)
			}
			warn("%d of %d dimensions of %s hold one value only%s", dead, s.space.Dims, s.space.Name, rank)
		}
	}
	if t := kept.Ties.ShareOfRows; t > heavyTies {
		warn("%.0f %% of the rows tie at place %d: which of them count as neighbours is decided by row number", 100*t, kept.K)
	}
	byColumn := map[string][2]float64{} // score and chance within, weighted by rows
	var columns []string
	for _, g := range kept.Groups {
		if g.ChanceWithin == nil {
			continue
		}
		if _, seen := byColumn[g.Column]; !seen {
			columns = append(columns, g.Column)
		}
		sum := byColumn[g.Column]
		byColumn[g.Column] = [2]float64{sum[0] + float64(g.Rows)*g.Jaccard, sum[1] + float64(g.Rows)**g.ChanceWithin}
	}
	for _, column := range columns {
		rows := 0
		for _, g := range kept.Groups {
			if g.Column == column {
				rows += g.Rows
			}
		}
		score, within := byColumn[column][0]/float64(rows), byColumn[column][1]/float64(rows)
		if above := score - kept.Jaccard.Chance; above > 0 && (within-kept.Jaccard.Chance)/above > explained {
			warn("%.0f %% of the agreement above chance is explained by the values of '%s' alone", 100*(within-kept.Jaccard.Chance)/above, column)
		}
	}
	for _, sample := range samples(kept.Measures) {
		warn("%s; which they are hangs on a fixed seed", sample)
	}
	return slices.Compact(list) // one space twice has its notes once
}

// samples say of measures that read a sample of the rows or of their pairs which it is, those of the same one in one line.
func samples(measures map[string]wire.Measure) (list []string) {
	names := map[string][]string{}
	var notes []string
	for _, info := range measure.Registry {
		m := measures[info.Name]
		if info.Sample == "" || m.Note == nil {
			continue
		}
		if names[*m.Note] == nil {
			notes = append(notes, *m.Note)
		}
		names[*m.Note] = append(names[*m.Note], info.Name)
	}
	for _, note := range notes {
		list = append(list, strings.Join(names[note], ", ")+": "+note)
	}
	return list
}

// maxRanked is the width up to which the rank of a space is found for a warning.
const maxRanked = 512

// rank is the effective rank of A or of B, where inner products were summed up.
func (m *measured) rank(a bool) (int, bool) {
	if m.sums == nil || max(m.ofA.x.Dims, m.ofB.x.Dims) > maxRanked {
		return 0, false
	}
	x, y, ok := m.sums.Ranks()
	if a {
		return x, ok
	}
	return y, ok
}
