package projection

import "math"

// Curve gives a and b such that 1/(1 + a·x^(2b)) is nearest, in least squares over 300 points of [0, 3·spread], to 1 for
// x < minDist and exp(−(x − minDist)/spread) beyond (umap-learn's find_ab_params), by Levenberg and Marquardt.
func Curve(minDist, spread float64) (a, b float64) {
	const points = 300
	xs, ys := make([]float64, 0, points), make([]float64, 0, points)
	for i := 1; i < points; i++ { // at 0 both are 1
		x := 3 * spread * float64(i) / (points - 1)
		y := 1.0
		if x >= minDist {
			y = math.Exp(-(x - minDist) / spread)
		}
		xs, ys = append(xs, x), append(ys, y)
	}
	loss := func(a, b float64) (sum float64) {
		for i, x := range xs {
			r := 1/(1+a*math.Pow(x, 2*b)) - ys[i]
			sum += r * r
		}
		return sum
	}
	a, b = 1, 1
	damping := 1e-3
	for range 200 {
		var aa, ab, bb, ga, gb float64
		for i, x := range xs {
			p := math.Pow(x, 2*b)
			f := 1 / (1 + a*p)
			r := f - ys[i]
			da, db := -f*f*p, -f*f*a*p*2*math.Log(x)
			aa, ab, bb = aa+da*da, ab+da*db, bb+db*db
			ga, gb = ga+da*r, gb+db*r
		}
		before := loss(a, b)
		for range 30 {
			det := aa*(1+damping)*bb*(1+damping) - ab*ab
			na := a - (bb*(1+damping)*ga-ab*gb)/det
			nb := b - (aa*(1+damping)*gb-ab*ga)/det
			if na > 0 && nb > 0 && loss(na, nb) <= before {
				moved := math.Abs(na-a) + math.Abs(nb-b)
				a, b = na, nb
				damping /= 3
				if moved < 1e-12 {
					return a, b
				}
				break
			}
			damping *= 4
		}
	}
	return a, b
}

// force is the strength of attraction and of repulsion by squared distance.
type force struct {
	attraction, repulsion strengths
	near, span            uint32 // the bits of squared distances where no push is clipped: span of them from near on
}

// strengths is a table over the bits of a float32 with linear steps between: the error is below 1e-4 of the value, and
// no power is taken. Its length lets an index be cut to it instead of being checked.
type strengths [1 << 13]knot

// knot is a value of a table and how far it is to the next.
type knot struct{ value, step float32 }

const (
	tableShift  = 23 - 7
	nearestGap  = 1e-9
	farthestGap = 9e7
)

// firstKnot is that of the nearest gap.
const firstKnot = 0x3089 // math.Float32bits(nearestGap)>>tableShift

func newForce(a, b float64) *force {
	f := new(force)
	for i := range f.attraction {
		x := float64(math.Float32frombits((firstKnot + uint32(i)) << tableShift))
		p := math.Pow(x, b)
		f.attraction[i].value = float32(-2 * a * b * p / x / (a*p + 1))
		f.repulsion[i].value = float32(2 * b / ((0.001 + x) * (a*p + 1)))
		if i > 0 {
			f.attraction[i-1].step = f.attraction[i].value - f.attraction[i-1].value
			f.repulsion[i-1].step = f.repulsion[i].value - f.repulsion[i-1].value
		}
	}
	last := len(f.repulsion) - 1
	for last > 0 && math.Float32frombits((firstKnot+uint32(last))<<tableShift) > farthestGap {
		last--
	}
	calm := last
	for calm > 1 && float64(f.repulsion[calm-1].value)*math.Sqrt(float64(math.Float32frombits((firstKnot+uint32(calm))<<tableShift))) < 4 {
		calm--
	}
	f.near = (firstKnot + uint32(calm)) << tableShift
	f.span = uint32(last-calm) << tableShift
	return f
}

// at reads the table. Branches that are seldom taken are faster than min and max, which mind NaN.
func (s *strengths) at(x float32) float32 {
	if !(x > nearestGap) {
		x = nearestGap
	} else if x > farthestGap {
		x = farthestGap
	}
	return s.within(math.Float32bits(x))
}

// within reads the table where it is known to reach.
func (s *strengths) within(bits uint32) float32 {
	k := &s[(bits>>tableShift-firstKnot)%uint32(len(s))]
	part := float32(int32(bits&(1<<tableShift-1))) * (1.0 / (1 << tableShift))
	return k.value + part*k.step
}
