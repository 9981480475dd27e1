// Package random is the one source of chance for computations: a small generator whose output for a
// seed is fixed by the code below, so that a result does not change with the Go release, the machine
// or the number of threads.
//
// It is not for secrets (tokens come from crypto/rand) and not safe for use by several goroutines.
package random

import "math/bits"

// Source is a SplitMix64 generator (Steele, Lea, Flood 2014): a counter and a mixing function.
type Source struct{ state uint64 }

// New gives the source of a seed. Equal seeds give equal numbers.
func New(seed uint64) *Source { return &Source{state: seed} }

// Uint64 is the next number, uniform over all 64 bits.
func (s *Source) Uint64() uint64 {
	s.state += 0x9E3779B97F4A7C15
	z := s.state
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

// Below is uniform over 0..n−1, without bias (Lemire 2019); n must be above 0.
func (s *Source) Below(n int) int {
	bound := uint64(n)
	hi, lo := bits.Mul64(s.Uint64(), bound)
	for floor := -bound % bound; lo < floor; {
		hi, lo = bits.Mul64(s.Uint64(), bound)
	}
	return int(hi)
}

// Float64 is uniform over the multiples of 2⁻⁵³ in [0, 1).
func (s *Source) Float64() float64 { return float64(s.Uint64()>>11) * 0x1p-53 }

// Permutation is a random order of 0..n−1.
func (s *Source) Permutation(n int) []int {
	order := make([]int, n)
	for i := range order {
		j := s.Below(i + 1)
		order[i] = order[j]
		order[j] = i
	}
	return order
}
