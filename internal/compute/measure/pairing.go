package measure

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// leastP is the smallest p that a closed form is trusted with; p of pairings at random is at least one over their number
// and one.
const leastP = 1e-6

// chanceLaw is what a number is like over all pairings of the rows at random. With moments that are known no pairing has to be
// tried: p is that of the Pearson type III law with those moments (Josse and Holmes 2016), which is the normal one without
// skewness.
type chanceLaw struct{ mean, sd, skew float64 }

// read adds z and p to a value of which more says that it is related.
func (l chanceLaw) read(r Result) Result {
	if r.Reason != "" || !(l.sd > 0) {
		return r
	}
	z := (r.Value - l.mean) / l.sd
	p := max(leastP, pearsonTail(z, l.skew))
	r.Z, r.P = &z, &p
	return r
}

// pearsonTail is the chance that a number of mean 0, variance 1 and some skewness is at least z.
func pearsonTail(z, skew float64) float64 {
	if math.Abs(skew) < 1e-3 {
		return math.Erfc(z/math.Sqrt2) / 2
	}
	shape := 4 / skew / skew
	at := shape + z*2/skew
	switch {
	case at <= 0 && skew > 0:
		return 1
	case at <= 0:
		return 0
	case skew > 0:
		return mathext.GammaIncRegComp(shape, at)
	}
	return mathext.GammaIncReg(shape, at)
}

// gramSums are those of a symmetric matrix K of inner products of centred rows that pairings at random need.
type gramSums struct {
	trace, squared, cubed float64 // tr K, tr K², tr K³
	fourth                float64 // Σ K_ii²
}

// product is the law of Σ K_ij·L_π(i)π(j) over all N! orders π. Mean and variance are exact (Kazi-Aoual et al. 1995); the
// skewness is that of rotations at random, which keeps no more of K than its eigenvalues: with eigenvalues about their mean,
// Σλ³·Σμ³·8N/((N−1)(N−2)(N+2)(N+4)), N one less than the rows. Nothing below 5 rows.
func (k gramSums) product(l gramSums, rows int) chanceLaw {
	n := float64(rows)
	if n < 5 {
		return chanceLaw{}
	}
	// Second and third moment of the eigenvalues, and what is special about the diagonal: 0 for normal rows.
	about := func(f gramSums) (second, third, tau float64) {
		mean, beta := f.trace/(n-1), f.trace*f.trace/f.squared
		second = f.squared - f.trace*mean
		third = f.cubed - 3*mean*f.squared + 2*mean*mean*f.trace
		tau = (n - 1) / ((n - 3) * (n - 1 - beta)) * (n*(n+1)*f.fourth/f.squared - (n-1)*(beta+2))
		return second, third, tau
	}
	secondK, thirdK, tauK := about(k)
	secondL, thirdL, tauL := about(l)
	out := chanceLaw{mean: k.trace * l.trace / (n - 1)}
	variance := 2 * secondK * secondL / ((n + 1) * (n - 2)) * (1 + (n-3)/(2*n*(n-1))*tauK*tauL)
	if !(variance > 0) {
		return out
	}
	out.sd = math.Sqrt(variance)
	out.skew = rotated(n-1) * thirdK * thirdL / (variance * out.sd)
	return out
}

// rotated is the factor of the third moment under rotations in n dimensions.
func rotated(n float64) float64 { return 8 * n / ((n - 1) * (n - 2) * (n + 2) * (n + 4)) }

// over is the law of the number divided by a scale.
func (l chanceLaw) over(scale float64) chanceLaw {
	return chanceLaw{l.mean / scale, l.sd / scale, l.skew}
}

// centredCosine is the law of the cosine between two U-centred matrices of pairs of n rows (no diagonal, rows that sum to 0):
// its mean over all pairings is 0 and its variance 2/(n(n−3)), whatever they hold (Székely and Rizzo 2013 have these degrees
// of freedom). skews are Σλ³/(Σλ²)^1.5 of both.
func centredCosine(rows int, skewK, skewL float64) chanceLaw {
	n := float64(rows)
	if n < 5 {
		return chanceLaw{}
	}
	sd := math.Sqrt(2 / (n * (n - 3)))
	return chanceLaw{sd: sd, skew: rotated(n-1) * skewK * skewL / (sd * sd * sd)}
}

// symmetricSums are the sums over pairs of a symmetric matrix without a diagonal that the variance of Σ A_ij·B_π(i)π(j)
// needs: Σ A, Σ A², and Σ of the squared sums of its rows.
type symmetricSums struct{ all, squared, rows float64 }

func symmetricOf(a []float64, n int) (s symmetricSums) {
	for i := range n {
		var row float64
		for j, v := range a[i*n : (i+1)*n] {
			if i != j {
				row += v
				s.squared += v * v
			}
		}
		s.all += row
		s.rows += row * row
	}
	return s
}

// product is the law of that number, of mean and variance: the exact moments of Mantel's test (see [Z]) with weights.
func (a symmetricSums) product(b symmetricSums, rows int) chanceLaw {
	n := float64(rows)
	if n < 4 {
		return chanceLaw{}
	}
	n2 := n * (n - 1)
	n3, n4 := n2*(n-2), n2*(n-2)*(n-3)
	apart := func(s symmetricSums) float64 { return s.all*s.all - 4*s.rows + 2*s.squared }
	mean := a.all * b.all / n2
	variance := 2*a.squared*b.squared/n2 + 4*(a.rows-a.squared)*(b.rows-b.squared)/n3 + apart(a)*apart(b)/n4 - mean*mean
	return chanceLaw{mean: mean, sd: math.Sqrt(max(0, variance))}
}

// studentTail is the chance that Student's t with some degrees of freedom is at least t.
func studentTail(t, freedom float64) float64 {
	tail := mathext.RegIncBeta(freedom/2, 0.5, freedom/(freedom+t*t)) / 2
	if t < 0 {
		return 1 - tail
	}
	return tail
}
