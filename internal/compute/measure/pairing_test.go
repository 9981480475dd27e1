package measure_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/measure"
)

// As scipy has them: stats.pearson3.sf and stats.t.sf.
func TestTailsOfLaws(t *testing.T) {
	for _, c := range []struct{ z, skew, want float64 }{
		{0, 0, 0.5}, {1.6449, 0, 0.04999521746834631}, {2, 0.3, 0.030195684683387253}, {3, 0.6, 0.006398240780155703},
		{-1, 0.5, 0.8444156524501832}, {8, 0.2, 2.948294557648321e-11}, {2, -0.4, 0.011164780271550276}, {-3, 1.2, 1},
	} {
		if got := measure.PearsonTail(c.z, c.skew); math.Abs(got-c.want) > 1e-9*c.want {
			t.Errorf("z %g, skewness %g: %.15g, want %.15g", c.z, c.skew, got, c.want)
		}
	}
	for _, c := range []struct{ t, freedom, want float64 }{
		{0, 4, 0.5}, {2.5, 4, 0.03338327240599407}, {-1, 4, 0.8130495168499705}, {12, 19, 1.2954473186110983e-10},
	} {
		if got := measure.StudentTail(c.t, c.freedom); math.Abs(got-c.want) > 1e-9*c.want {
			t.Errorf("t %g of %g: %.15g, want %.15g", c.t, c.freedom, got, c.want)
		}
	}
}

// With all weight on one depth the variance over depths is that of z; with weights on several it is that of all orders of a few rows.
func TestSpreadOverDepthsIsThatOfAllPairings(t *testing.T) {
	r := rand.New(rand.NewPCG(41, 42))
	const n, k = 6, 3
	x, y := normal(r, n, 2), normal(r, n, 2)
	a, b := tables(t, x, "euclidean", k), tables(t, y, "euclidean", k)
	weights := []float64{0.5, -0.2, 1.1}
	var sum, squares, count float64
	var every func(order []int)
	every = func(order []int) {
		if len(order) < n {
			for next := range n {
				used := false
				for _, i := range order {
					used = used || i == next
				}
				if !used {
					every(append(order[:len(order):len(order)], next))
				}
			}
			return
		}
		var value float64
		back := make([]int32, n)
		for i, row := range order {
			back[row] = int32(i)
		}
		for i, row := range order {
			for d := range k {
				for _, j := range b.Neighbours(row)[:d+1] {
					for _, own := range a.Neighbours(i)[:d+1] {
						if own == back[j] {
							value += weights[d]
						}
					}
				}
			}
		}
		sum += value
		squares += value * value
		count++
	}
	every(nil)
	want := math.Sqrt(squares/count - sum/count*sum/count)
	if got := measure.SpreadOfDepths(a, b, k, weights); count != 720 || math.Abs(got-want) > 1e-12 {
		t.Errorf("%.15g, all %g orders give %.15g", got, count, want)
	}
	z := compare(t, a, b, k)
	total := z.Overlap.Mean * n * k
	if got := (total - float64(n*k*k)/float64(n-1)) / measure.SpreadOfDepths(a, b, k, []float64{0, 0, 1}); math.Abs(got-*z.Z) > 1e-9 {
		t.Errorf("z %.12g, of one depth %.12g", *z.Z, got)
	}
}

// One at a time, from the definition.
func rbfByHand(x, y knn.Matrix, rows []int, widthX, widthY float64) (xx, yy, xy float64) {
	n := len(rows)
	of := func(m knn.Matrix, width float64) [][]float64 {
		k := make([][]float64, n)
		for i := range k {
			k[i] = make([]float64, n)
			for j := range k[i] {
				var gap float64
				for c, v := range m.Row(rows[i]) {
					gap += math.Pow(float64(v)-float64(m.Row(rows[j])[c]), 2)
				}
				if i != j {
					k[i][j] = math.Exp(-gap / (2 * width))
				}
			}
		}
		return k
	}
	hsic := func(k, l [][]float64) float64 { // Song et al. (2012), equation 5
		var trace, all, sumK, sumL, cross float64
		for i := range n {
			var rowK, rowL float64
			for j := range n {
				trace += k[i][j] * l[j][i]
				rowK += k[i][j]
				rowL += l[i][j]
			}
			sumK += rowK
			sumL += rowL
			cross += rowK * rowL
		}
		m := float64(n)
		all = trace + sumK*sumL/(m-1)/(m-2) - 2/(m-2)*cross
		return all / m / (m - 3)
	}
	k, l := of(x, widthX), of(y, widthY)
	return hsic(k, k), hsic(l, l), hsic(k, l)
}

func TestRBFCKAByBlocks(t *testing.T) {
	r, n := rand.New(rand.NewPCG(43, 44)), 700
	if testing.Short() {
		n = 350
	}
	x, y := normal(r, n, 5), normal(r, n, 4)
	for i := range n {
		copy(y.Row(i)[:2], x.Row(i))
	}
	widthX, widthY := measure.MedianGap(x, machine()), measure.MedianGap(y, machine())
	xx, yy, xy := rbfByHand(x, y, ofRange(n), widthX, widthY)
	want := xy / math.Sqrt(xx*yy)
	for _, on := range []measure.Machine{machine(), {Threads: 3}} {
		got, err := measure.RBFCKA(t.Context(), x, y, on)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(got.Value-want) > 1e-11 || got.Note != "" || *got.P > 1e-5 || got.CI95 == nil || !(got.CI95[0] < want && want < got.CI95[1]) {
			t.Errorf("of all pairs %+v, by hand %.12f", got, want)
		}
	}
	blocks := make([][]int, 10)
	for i, row := range r.Perm(n) {
		blocks[i%10] = append(blocks[i%10], row)
	}
	var all [3]float64
	for _, rows := range blocks {
		xx, yy, xy := rbfByHand(x, y, rows, widthX, widthY)
		all[0], all[1], all[2] = all[0]+xx, all[1]+yy, all[2]+xy
	}
	byHand := all[2] / math.Sqrt(all[0]*all[1])
	got, err := measure.RBFBlocks(t.Context(), x, y, blocks, widthX, widthY, machine())
	if err != nil || math.Abs(got.Value-byHand) > 1e-11 {
		t.Errorf("of blocks %+v (%v), by hand %.12f", got, err, byHand)
	}
	if half := (got.CI95[1] - got.CI95[0]) / 2; math.Abs(got.Value-want) > 1.5*half || half > 0.2 {
		t.Errorf("of blocks %.4f ± %.4f, of all pairs %.4f", got.Value, half, want)
	}
}

// As numpy has it, of all pairs: np.exp(-D/(2*np.median(D[np.triu_indices(n, 1)]))) of both squared distances D, each U-centred
// (diagonal 0, less row sums over n−2, plus the sum over (n−1)(n−2)), and the cosine of the two.
func TestRBFCKAOfDigits(t *testing.T) {
	got := rbf(t, digits(t, "digits_pixels"), digits(t, "digits_epoch20"))
	relative(t, "RBF-CKA", got, 0.8688766986769754, 1e-9)
}

// Rows beyond what is quick are dealt to blocks; the values stand for all pairs, and the same whatever the machine.
func TestRBFCKAOfManyRows(t *testing.T) {
	r := rand.New(rand.NewPCG(45, 46))
	const n, d = 3000, 500 // 9e9 products
	x := normal(r, n, d)
	y := normal(r, n, d)
	for i := range n {
		for c := range d / 2 {
			y.Row(i)[c] += x.Row(i)[c]
		}
	}
	var values []float64
	for _, on := range []measure.Machine{machine(), {Threads: 1, Kernel: machine().Kernel}} {
		got, err := measure.RBFCKA(t.Context(), x, y, on)
		if err != nil {
			t.Fatal(err)
		}
		if got.Note != "of pairs within 10 blocks of all rows" || got.CI95 == nil || *got.P != 1e-6 {
			t.Errorf("%+v", got)
		}
		values = append(values, got.Value)
	}
	if values[0] != values[1] {
		t.Errorf("two threads %.17g, one %.17g", values[0], values[1])
	}
}
