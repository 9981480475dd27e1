package measure

import "github.com/pentoai/vectory/internal/compute/knn"

// Agreement is how alike the neighbourhoods of two spaces are.
type Agreement struct {
	K      int
	Rows   int     // rows scored
	Of     int     // N, rows that take part: more than Rows when those are a sample
	Shared []int32 // m by list of the tables; NotScored for rows that either table left out
	Counts []int   // rows by m = 0..k

	Jaccard Score
	Overlap Score
	RNX     *float64 // see [RNX]
	Z       *float64 // see [Z]; nil for a sample: it needs every list
}

// Score is one rule's summary over the scored rows.
type Score struct {
	Mean      float64
	Chance    float64     // see [Rule.Chance]
	Adjusted  *float64    // see [Adjusted]
	CI95      *[2]float64 // see [CI95]; for a sample [SampleCI95]
	Histogram []int       // see [Rule.Histogram]
}

// Compare scores the k nearest neighbours of two tables about the same rows. Errors: Internal when
// the tables have different rows or fewer than k columns. With no row scored, means and chances
// are 0 and everything that can be nil is.
func Compare(a, b *knn.Table, k int) (*Agreement, error) {
	if err := comparable(a, b, k); err != nil {
		return nil, err
	}
	shared := Shared(a, b, k)
	r := &Agreement{K: k, Rows: Scored(shared), Of: population(a, shared), Shared: shared, Counts: Counts(shared, k)}
	r.Jaccard = Jaccard.Summary(shared, k, r.Of)
	r.Overlap = Overlap.Summary(shared, k, r.Of)
	if r.Rows > 0 {
		r.RNX = RNX(r.Overlap.Mean, r.Of, k)
		if a.Queries == nil {
			r.Z = Z(a, b, shared, k)
		}
	}
	return r, nil
}

// Summary is the score of the rows under the rule. shared comes from Shared(a, b, r.Listed(k)); of is the
// number of rows that take part, of which those scored are all or a sample.
func (r Rule) Summary(shared []int32, k, of int) Score {
	counts := Counts(shared, r.Listed(k))
	s := Score{Histogram: r.Histogram(counts, k)}
	n := Scored(shared)
	if n == 0 {
		return s
	}
	s.Mean = r.Mean(counts, k)
	s.Chance = r.Chance(of, k)
	s.Adjusted = Adjusted(s.Mean, s.Chance)
	s.CI95 = interval(r.Values(shared, k), n < of, of)
	return s
}

// TieShare is the share of the scored rows that tie at place k in either space (see
// [knn.Table.TiesAt]); 0 when no row is scored.
func TieShare(a, b []bool, shared []int32) float64 {
	ties := 0
	for i, m := range shared {
		if m >= 0 && (a[i] || b[i]) {
			ties++
		}
	}
	return float64(ties) / float64(max(Scored(shared), 1))
}
