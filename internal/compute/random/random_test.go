package random_test

import (
	"math"
	"slices"
	"testing"

	"github.com/pentoai/vectory/internal/compute/random"
)

func TestNumbersAreThePublishedOnes(t *testing.T) {
	// The first outputs of SplitMix64 for seed 1234567, as its reference code prints them.
	s := random.New(1234567)
	for i, want := range []uint64{6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821} {
		if got := s.Uint64(); got != want {
			t.Errorf("number %d is %d, want %d", i, got, want)
		}
	}
}

func TestNumbersAreUniform(t *testing.T) {
	s := random.New(1)
	const draws, sides = 60000, 6
	var counts [sides]int
	var sum float64
	for range draws {
		counts[s.Below(sides)]++
		f := s.Float64()
		if f < 0 || f >= 1 {
			t.Fatalf("Float64 gave %g", f)
		}
		sum += f
	}
	for side, n := range counts {
		if math.Abs(float64(n)-draws/sides) > 5*math.Sqrt(draws/sides) {
			t.Errorf("side %d came %d times of %d", side, n, draws)
		}
	}
	if mean := sum / draws; math.Abs(mean-0.5) > 0.006 {
		t.Errorf("mean of Float64 is %g", mean)
	}
}

func TestPermutationHoldsEachNumberOnceAndEveryOrderComes(t *testing.T) {
	s := random.New(2)
	seen := map[[4]int]int{}
	for range 24000 {
		p := s.Permutation(4)
		seen[[4]int(p)]++
		slices.Sort(p)
		if !slices.Equal(p, []int{0, 1, 2, 3}) {
			t.Fatalf("permutation of %v", p)
		}
	}
	for order, n := range seen {
		if n < 800 || n > 1200 {
			t.Errorf("order %v came %d times, want near 1000", order, n)
		}
	}
	if len(seen) != 24 || len(s.Permutation(0)) != 0 {
		t.Errorf("%d orders of 24", len(seen))
	}
}

func TestEqualSeedsGiveEqualNumbers(t *testing.T) {
	if a, b := random.New(9).Permutation(50), random.New(9).Permutation(50); !slices.Equal(a, b) {
		t.Error("two sources of one seed differ")
	}
	if a, b := random.New(9).Permutation(50), random.New(10).Permutation(50); slices.Equal(a, b) {
		t.Error("two seeds give one order")
	}
}
