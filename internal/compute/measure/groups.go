package measure

import "github.com/pentoai/vectory/internal/compute/knn"

// Group is the score of the rows that carry one label.
type Group struct {
	Label   int32
	Rows    int // rows scored
	Jaccard float64
	Overlap float64
	Of      int         // rows of the label that take part: more than Rows when those are a sample
	CI95    *[2]float64 // of the mean Jaccard, see [CI95] and [SampleCI95]; nil under [MinGroupRows] rows

	// Q tells whether the group's Jaccard is unlike that of all other rows: the share of false findings, among
	// the groups, at which it counts as unlike (Welch's test, [BenjaminiHochberg]); nil under MinGroupRows rows.
	Q *float64

	// ChanceWithin and OverlapChanceWithin are the expected mean Jaccard and overlap when rows are
	// paired at random with rows of their own label only: what the labels alone explain.
	// OverlapChanceWithin is exact. ChanceWithin is exact for small groups and else the mean over
	// a fixed sample of pairs (see [Groups]).
	ChanceWithin        float64
	OverlapChanceWithin float64
}

// MinGroupRows is the least number of rows for which a group gets an interval.
const MinGroupRows = 30

// Groups scores the rows of every label on their own. labels has one label of 0..count−1 for each
// row of the space, or −1 for none: rows without a label belong to no group, and among themselves count as one
// kind when they are neighbours. Groups come by rising label; a label without scored rows has none.
//
// Chance within: a random pairing that keeps labels puts row i against a row i′ of its own label.
// Of label c, let a_c be the neighbours of i in the one space, b_c those of i′ in the other, and M_c
// the rows of label c other than i itself. Given i′, the shared neighbours of label c are
// hypergeometric (b_c draws, a_c good among M_c), independently for every c. The overlap is linear
// in m, so its mean has a closed form: Σ_c a_c · (mean of b_c)/M_c /k. The Jaccard is not: it is
// the mean, over pairs (i, i′), of m/(2k−m) under the sum of those counts. All pairs are taken
// where a group has no more than 40,000 of them; a larger group takes 40,000 by a
// fixed seed, which leaves an error near 1/200 of the spread of that score between pairs.
//
// Errors: those of [Compare].
func Groups(a, b *knn.Table, shared []int32, k int, labels []int32, count int) ([]Group, error) {
	if err := comparable(a, b, k); err != nil {
		return nil, err
	}
	members := membersByLabel(a, shared, labels, count)
	w := newWithin(a, b, k, shared, labels, count)
	groups := make([]Group, 0, count)
	for label, rows := range members {
		if len(rows) == 0 {
			continue
		}
		own := make([]int32, len(rows))
		for at, i := range rows {
			own[at] = shared[i]
		}
		counts := Counts(own, k)
		g := Group{
			Label: int32(label), Rows: len(rows), Of: w.sizes[label],
			Jaccard: Jaccard.Mean(counts, k), Overlap: Overlap.Mean(counts, k),
		}
		if len(rows) >= MinGroupRows {
			g.CI95 = interval(Jaccard.Values(own, k), g.Rows < g.Of, g.Of)
		}
		g.ChanceWithin, g.OverlapChanceWithin = w.chance(rows)
		groups = append(groups, g)
	}
	differing(groups, members, shared, k)
	return groups, nil
}

// membersByLabel gives the lists of the scored rows of each label.
func membersByLabel(t *knn.Table, shared, labels []int32, count int) [][]int32 {
	members := make([][]int32, count)
	for i, m := range shared {
		if label := labels[t.RowOf(i)]; m >= 0 && label >= 0 {
			members[label] = append(members[label], int32(i))
		}
	}
	return members
}
