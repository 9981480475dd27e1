package measure

import "github.com/pentoai/vectory/internal/compute/knn"

// ExpectedScore is the mean of what value gives for m shared of k neighbours when equal distances are put in order by chance instead of by row
// number, independently in both spaces. Rows without a tie at place k keep their score. Of a row with one,
// the neighbours nearer than the tie are sure, and the others are drawn from those that tie: the shared ones
// among them follow nested hypergeometric laws, over which the expectation is exact. ties are the blocks of
// [knn.Table.TieBlock] of each list. Of a block that goes on beyond the table only what the table holds is
// drawn from.
func ExpectedScore(a, b *knn.Table, shared []int32, k int, value func(m int32) float64, blockA, blockB func(i int) (from, to int)) float64 {
	var sum float64
	rows := 0
	for i, m := range shared {
		if m < 0 {
			continue
		}
		rows++
		fromA, toA := blockA(i)
		fromB, toB := blockB(i)
		if toA <= k && toB <= k { // nothing beyond place k could be in its stead
			sum += value(m)
			continue
		}
		sum += newDraw(a.Neighbours(i), b.Neighbours(i), k, fromA, toA, fromB, toB).expected(value)
	}
	return sum / float64(max(rows, 1))
}

// draw counts how a row's sure and tied neighbours of both lists overlap.
type draw struct {
	sure         int // in both lists for sure
	tiedA, tiedB int // neighbours that tie
	pickA, pickB int // of which so many are drawn
	inSureB      int // of A's tied ones
	inSureA      int // of B's
	inBoth       int // tied in both
}

func newDraw(a, b []int32, k, fromA, toA, fromB, toB int) draw {
	d := draw{tiedA: toA - fromA, tiedB: toB - fromB, pickA: k - fromA, pickB: k - fromB}
	for _, id := range a[:toA] {
		at := place(b[:toB], id) - 1
		tiedHere := place(a[:fromA], id) == 0
		switch {
		case at < 0:
		case at < fromB && tiedHere:
			d.inSureB++
		case at < fromB:
			d.sure++
		case tiedHere:
			d.inBoth++
		default:
			d.inSureA++
		}
	}
	return d
}

func (d draw) expected(value func(m int32) float64) (mean float64) {
	first := hypergeometric(d.tiedA, d.inSureB, d.pickA)
	other := hypergeometric(d.tiedB, d.inSureA, d.pickB)
	for x, px := range first.p {
		sureOfA := first.from + x
		common := hypergeometric(d.tiedA-d.inSureB, d.inBoth, d.pickA-sureOfA)
		for y, py := range common.p {
			picked := common.from + y
			for z, pz := range other.p {
				sureOfB := other.from + z
				both := hypergeometric(d.tiedB-d.inSureA, picked, d.pickB-sureOfB)
				for v, pv := range both.p {
					m := d.sure + sureOfA + sureOfB + both.from + v
					mean += px * py * pz * pv * value(int32(m))
				}
			}
		}
	}
	return mean
}
