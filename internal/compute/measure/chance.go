package measure

// Chance is the expected score when the rows of one space are paired at random with those of the
// other: m is then hypergeometric, k draws of which k are good among N−1 (exact for every graph).
// n is the number of rows scored. For [Overlap] it is k/(N−1).
func (r Rule) Chance(n, k int) float64 {
	listed := r.Listed(k)
	d := hypergeometric(n-1, listed, listed)
	var sum float64
	for at, p := range d.p {
		sum += float64(p * r.Value(int32(d.from+at), k))
	}
	return sum
}

// distribution gives the probability p[i] of the count from+i.
type distribution struct {
	from int
	p    []float64
}

// hypergeometric is the distribution of the good ones among draws taken from population, of which
// good are good: P(m) = C(good,m)·C(population−good, draws−m)/C(population, draws).
//
// Ratios of neighbouring terms are exact to a rounding, so the terms are built outwards from the
// mode, where the value is 1, and divided by their sum: no factorial, no overflow, and what
// underflows far from the mode is negligible. Right for populations beyond 10⁹.
func hypergeometric(population, good, draws int) distribution {
	from, to := max(0, draws+good-population), min(good, draws)
	if to < from { // more draws than there are: cannot be; treat as all good
		return distribution{from: max(to, 0), p: []float64{1}}
	}
	p := make([]float64, to-from+1)
	mode := int(float64(good+1) * float64(draws+1) / float64(population+2))
	mode = min(max(mode, from), to)
	p[mode-from] = 1
	ratio := func(m int) float64 { // P(m+1)/P(m)
		return float64(good-m) * float64(draws-m) / (float64(m+1) * float64(population-good-draws+m+1))
	}
	for m := mode; m < to; m++ {
		p[m+1-from] = p[m-from] * ratio(m)
	}
	for m := mode; m > from; m-- {
		p[m-1-from] = p[m-from] / ratio(m-1)
	}
	var sum float64
	for _, x := range p {
		sum += x
	}
	for i := range p {
		p[i] /= sum
	}
	return distribution{from: from, p: p}
}

// Adjusted rescales a mean score so that chance is 0 and agreement in everything is 1:
// (mean − chance)/(1 − chance). Below chance it is negative. nil when chance is 1.
func Adjusted(mean, chance float64) *float64 {
	if 1-chance < 1e-12 {
		return nil
	}
	value := (mean - chance) / (1 - chance)
	return &value
}
