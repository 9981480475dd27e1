package measure

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/random"
)

const (
	rbfWork   = 8e9  // products of values that kernels may take
	rbfExact  = 500  // rows of which all pairs are taken, however wide,
	rbfBlock  = 500  // and of a block
	rbfBlocks = 10   // at least
	rbfSkew   = 500  // rows that tell the skewness
	rbfMedian = 2000 // rows up to which the median is that of all pairs
)

// RBFCKA is CKA with a Gaussian kernel as wide as the median distance, by the unbiased HSIC of Song et al. (2012):
// K = exp(−d²/(2·median(d²))), the median over all pairs, of more than two thousand rows over those of a thousand (Kornblith et al.
// 2019). What the kernels sum to
// is added up as they are made: of all pairs of rows where that is quick; else of the pairs within blocks of 500 rows, which
// all rows are dealt to at random, or as many as are quick (each sum is unbiased, and so is their mean; Nguyen et al. 2021). No
// matrix of more than a block's pairs is kept.
//
// Its mean over all pairings is 0 and its variance known (see [centredCosine]); blocks count as independent.
func RBFCKA(ctx context.Context, x, y knn.Matrix, on Machine) (Result, error) {
	if x.Rows < 4 {
		return Result{Reason: "needs 4 rows"}, nil
	}
	widthX, widthY := medianGap(x, on), medianGap(y, on)
	if widthX == 0 || widthY == 0 {
		return Result{Reason: "half of all pairs of rows are equal"}, nil
	}
	gauss := func(width float64) func(float64) float64 {
		return func(gap float64) float64 { return math.Exp(-gap / (2 * width)) }
	}
	return hsicCosine(ctx, x, y, gauss(widthX), gauss(widthY), on)
}

// hsicCosine is the cosine of two kernels by the unbiased HSIC; ofX and ofY give the kernel of a squared distance.
func hsicCosine(ctx context.Context, x, y knn.Matrix, ofX, ofY func(gap float64) float64, on Machine) (Result, error) {
	order := random.New(pairwiseSeed).Permutation(x.Rows)
	some := order[:min(rbfSkew, len(order))]
	skewX := pairSkew(kernelOf(x, some, ofX, on), len(some), on)
	skewY := pairSkew(kernelOf(y, some, ofY, on), len(some), on)

	n, wide := float64(x.Rows), float64(x.Dims+y.Dims)
	if x.Rows <= rbfExact || n*n*wide <= rbfWork {
		return hsicOfAll(ctx, x, y, ofX, ofY, centredCosine(x.Rows, skewX, skewY), on)
	}
	count := max(rbfBlocks, (x.Rows+rbfBlock-1)/rbfBlock)
	size := x.Rows / count
	most := max(rbfBlocks, int(rbfWork/(float64(size*size)*wide)))
	note := fmt.Sprintf("of pairs within %d blocks of all rows", count)
	if most < count {
		count = most
		order = order[:count*size]
		note = fmt.Sprintf("from a sample of %d rows, of pairs within %d blocks", count*size, count)
	}
	blocks := make([][]int, count)
	for at, row := range order {
		blocks[at%count] = append(blocks[at%count], row)
	}
	r, err := hsicOfBlocks(ctx, x, y, blocks, ofX, ofY, on)
	if err != nil || r.Reason != "" {
		return r, err
	}
	law := centredCosine(size, skewX, skewY)
	law.sd, law.skew = law.sd/math.Sqrt(float64(count)), law.skew/math.Sqrt(float64(count))
	r = law.read(r)
	r.Note = note
	return r, nil
}

// medianGap is the median squared distance of all pairs of rows, or of a fixed sample of rows.
func medianGap(x knn.Matrix, on Machine) float64 {
	rows := random.New(pairwiseSeed).Permutation(x.Rows)
	if len(rows) > rbfMedian {
		rows = rows[:rbfMedian/2]
	}
	slices.Sort(rows)
	list := make([]int32, len(rows))
	for at, row := range rows {
		list[at] = int32(row)
	}
	of := points{Matrix: x, set: on.Kernel}
	n := len(list)
	below := make([]float64, n*(n-1)/2)
	on.parallel(n, func(i int) { of.distances(catalog.Euclidean, list[i], list[:i], below[i*(i-1)/2:]) })
	sorted := rising(below)
	first, second := sorted[(len(sorted)-1)/2].value(), sorted[len(sorted)/2].value()
	return (first*first + second*second) / 2
}

// gapsFrom prepares the squared distances among some rows. They are taken as products of rows less their mean; where that would
// lose digits, of rows much nearer than they are long, one by one.
type gapsFrom struct {
	n, d    int
	rows    []float64 // n×d in whole tiles
	lengths []float64
	by      panelled
	on      Machine
}

func gapsOf(x knn.Matrix, rows []int, on Machine) gapsFrom {
	g := gapsFrom{n: len(rows), d: x.Dims, rows: centred(x, rows, false, on), lengths: make([]float64, len(rows)), on: on}
	turned := make([]float64, g.d*g.n)
	for i := range g.n {
		row := g.rows[i*g.d : (i+1)*g.d]
		g.lengths[i] = dotOf(row, row)
		for c, v := range row {
			turned[c*g.n+i] = v
		}
	}
	g.by = on.panelled(g.d, g.n, turned, g.n)
	return g
}

const nearGap = 1e-5 // of the squared lengths: below it five of sixteen digits are gone

// kernel puts what of gives of the squared distances from a tile of rows, the first of which is from, to all rows into out: n
// values for each row.
func (g gapsFrom) kernel(from, tall int, of func(gap float64) float64, out []float64) {
	products := g.on.times(g.rows[from*g.d:], tall, g.by)
	for i := range min(tall, g.n-from) {
		length, row, own := g.lengths[from+i], products[i*g.by.wide:], g.rows[(from+i)*g.d:(from+i+1)*g.d]
		for j, other := range g.lengths {
			gap := length + other - 2*row[j]
			if gap < nearGap*(length+other) {
				gap = squaredGap(own, g.rows[j*g.d:(j+1)*g.d], math.Inf(1))
			}
			out[i*g.n+j] = of(gap)
		}
	}
}

// kernelOf is the kernel matrix of some rows.
func kernelOf(x knn.Matrix, rows []int, of func(gap float64) float64, on Machine) []float64 {
	g := gapsOf(x, rows, on)
	tall, _ := on.tile()
	tall *= 4
	out := make([]float64, g.n*g.n)
	on.parallel((g.n+tall-1)/tall, func(task int) {
		from := task * tall
		g.kernel(from, min(tall, roundUp(g.n-from, tall/4)), of, out[from*g.n:])
	})
	return out
}

// hsicOfAll takes all pairs, a few rows of kernels at a time.
func hsicOfAll(ctx context.Context, x, y knn.Matrix, ofX, ofY func(gap float64) float64, law chanceLaw, on Machine) (Result, error) {
	n := x.Rows
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	inX, inY := gapsOf(x, rows, on), gapsOf(y, rows, on)
	s := newPairSums(n)
	unit, _ := on.tile()
	tall := 4 * unit
	on.parallel((n+tall-1)/tall, func(task int) {
		if ctx.Err() != nil {
			return
		}
		from := task * tall
		k, l := make([]float64, tall*n), make([]float64, tall*n)
		high := min(tall, roundUp(n-from, unit))
		inX.kernel(from, high, ofX, k)
		inY.kernel(from, high, ofY, l)
		for i := range min(tall, n-from) {
			s.row(from+i, k[i*n:(i+1)*n], l[i*n:(i+1)*n])
		}
	})
	if ctx.Err() != nil {
		return Result{}, stoppedRBF(ctx)
	}
	xx, yy, xy := hsicOf(s.a, s.a, s.aa), hsicOf(s.b, s.b, s.bb), hsicOf(s.a, s.b, s.ab)
	if !(xx > 0 && yy > 0) {
		return Result{Reason: constantRows}, nil
	}
	chance := 0.0
	r := finite(xy / math.Sqrt(xx) / math.Sqrt(yy))
	r.Chance = &chance
	if s.groups != nil {
		if half := jackknife(func(g int) float64 { return hsicWithout(s, g) }); half != nil {
			r.CI95 = &[2]float64{max(-1, r.Value+half[0]), min(1, r.Value+half[1])}
		}
	}
	return law.read(r), nil
}

func stoppedRBF(ctx context.Context) error {
	return catalog.Errorf(catalog.Canceled, "the kernels were stopped: %w", context.Cause(ctx))
}

// hsicOf is n(n−3) times equation 5 of Song et al. (2012), from the sums of each row over the others: of either kernel, and of
// their products.
func hsicOf(a, b, ab []float64) float64 {
	n := float64(len(a))
	return total(ab) + total(a)/(n-1)*total(b)/(n-2) - 2/(n-2)*dotOf(a, b)
}

// hsicOfBlocks takes the pairs within each block. The interval leaves out a part of the blocks at a time.
func hsicOfBlocks(ctx context.Context, x, y knn.Matrix, blocks [][]int, ofX, ofY func(gap float64) float64, on Machine) (Result, error) {
	sums := make([][3]float64, len(blocks)) // HSIC of x with itself, of y with itself, of both, each over its n(n−3)
	alone := Machine{Threads: 1, Kernel: on.Kernel}
	on.parallel(len(blocks), func(at int) {
		if ctx.Err() != nil {
			return
		}
		n := len(blocks[at])
		k, l := kernelOf(x, blocks[at], ofX, alone), kernelOf(y, blocks[at], ofY, alone)
		pairs := float64(n) * float64(n-3)
		sums[at] = [3]float64{unbiasedHSIC(k, k, n) / pairs, unbiasedHSIC(l, l, n) / pairs, unbiasedHSIC(k, l, n) / pairs}
	})
	if ctx.Err() != nil {
		return Result{}, stoppedRBF(ctx)
	}
	without := func(group int) float64 {
		var all [3]float64
		for at, sum := range sums {
			if at%jackknifeGroups != group {
				for i, v := range sum {
					all[i] += v
				}
			}
		}
		return all[2] / math.Sqrt(all[0]) / math.Sqrt(all[1])
	}
	chance := 0.0
	r := finite(without(-1))
	if r.Reason != "" {
		return Result{Reason: constantRows}, nil
	}
	r.Chance = &chance
	if half := jackknifeOver(min(jackknifeGroups, len(blocks)), without); half != nil {
		r.CI95 = &[2]float64{max(-1, r.Value+half[0]), min(1, r.Value+half[1])}
	}
	return r, nil
}

// pairSkew is Σλ³/(Σλ²)^1.5 of a symmetric matrix of pairs of at most some rows, U-centred; of many rows the first stand for all.
func pairSkew(a []float64, n int, on Machine) float64 {
	some := min(n, rbfSkew)
	if some < 5 {
		return 0
	}
	rows := make([]float64, some)
	var all float64
	for i := range some {
		for j, v := range a[i*n : i*n+some] {
			if i != j {
				rows[i] += v
			}
		}
		all += rows[i]
	}
	m := float64(some)
	own := zeros(some, some)
	for i := range some {
		for j, v := range a[i*n : i*n+some] {
			if i != j {
				own.Data[i*some+j] = v - rows[i]/(m-2) - rows[j]/(m-2) + all/(m-1)/(m-2)
			}
		}
	}
	square := on.product(dense(own), dense(own)).RawMatrix()
	second := squaredNorm(own)
	return over(inner(square, own), second*math.Sqrt(second))
}
