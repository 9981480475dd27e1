package measure

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"github.com/pentoai/vectory/internal/compute/knn"
)

// Directions says in how many directions the rows of x (n×d) differ: rank counts those along which they spread at least
// flat times as far as along the widest, effective is the exponential of the entropy of the shares of the variance, as
// effective_rank of [Shape]. Both are at most min(n−1, d), and 0 when all rows are equal. The time is that of the
// eigenvalues of a matrix of min(n, d) rows: it is for a few hundred rows.
func Directions(x knn.Matrix, flat float64) (rank int, effective float64) {
	if x.Rows < 2 {
		return 0, 0
	}
	centred := mat.NewDense(x.Rows, x.Dims, nil)
	means := scaled{Matrix: x}.means()
	for i := range x.Rows {
		row := centred.RawRowView(i)
		for j, v := range x.Row(i) {
			row[j] = float64(v) - means[j]
		}
	}
	// XXᵀ has the eigenvalues of XᵀX, but for zeros.
	trans, side := blas.Trans, x.Dims
	if x.Rows < x.Dims {
		trans, side = blas.NoTrans, x.Rows
	}
	gram := blas64.Symmetric{N: side, Stride: side, Data: make([]float64, side*side), Uplo: blas.Upper}
	blas64.Syrk(trans, 1, centred.RawMatrix(), 0, gram)
	var symmetric mat.SymDense
	symmetric.SetRawSymmetric(gram)
	var e mat.EigenSym
	if !e.Factorize(&symmetric, false) {
		return 0, 0
	}
	values := e.Values(nil)
	widest := values[side-1]
	// What is left of nothing by rounding is no direction.
	if noise := 0x1p-52 * float64(side) * norms(x); widest <= noise {
		return 0, 0
	}
	positive := values[:0]
	for _, v := range values {
		if v > 0 {
			positive = append(positive, v)
		}
		if math.Sqrt(max(v, 0)) >= flat*math.Sqrt(widest) {
			rank++
		}
	}
	return rank, math.Exp(entropy(positive))
}

// norms is the sum of the squares of all values.
func norms(x knn.Matrix) (sum float64) {
	for _, v := range x.Data {
		sum += float64(v) * float64(v)
	}
	return sum
}
