package knn

import (
	"fmt"
	"testing"
)

func TestEveryPairOfBlocksHasOneTurn(t *testing.T) {
	for _, n := range []int{0, 1, 2, 3, 7, 40, 101} {
		for _, sorted := range []bool{true, false} {
			t.Run(fmt.Sprintf("%d blocks, sorted %t", n, sorted), func(t *testing.T) {
				centres := make([][]float32, n)
				for i := range centres {
					if sorted {
						centres[i] = []float32{float32(i * 37 % 11), float32(i % 5)}
					}
				}
				s := newSchedule(centres)
				seen := map[tilePair]bool{}
				for turn := range s.count() {
					p := s.at(turn)
					if p.a < 0 || p.a >= p.b || int(p.b) >= n || seen[p] {
						t.Fatalf("turn %d is %v", turn, p)
					}
					seen[p] = true
				}
				if len(seen) != n*(n-1)/2 {
					t.Errorf("%d pairs had a turn", len(seen))
				}
			})
		}
	}
	centres := make([][]float32, 30)
	for i := range centres {
		centres[i] = []float32{float32(i * i)}
	}
	centres[17] = []float32{9}
	if first := newSchedule(centres).at(0); first != (tilePair{3, 17}) {
		t.Errorf("the nearest blocks are not the first: %v", first)
	}
}
