package knn

import (
	"fmt"
	"testing"
)

func TestEveryPairOfBlocksHasOneTurn(t *testing.T) {
	for _, n := range []int{0, 1, 2, 3, 7, 40, 101} {
		for at := range 6 {
			sorted, asked := at%2 == 0, []int{n, n / 3, min(n, 1)}[at/2]
			t.Run(fmt.Sprintf("%d of %d blocks, sorted %t", asked, n, sorted), func(t *testing.T) {
				centres := make([][]float32, n)
				for i := range centres {
					if sorted {
						centres[i] = []float32{float32(i * 37 % 11), float32(i % 5)}
					}
				}
				s := newSchedule(centres, asked)
				seen := map[tilePair]bool{}
				for turn := range s.count() {
					p := s.at(turn)
					if p.a < 0 || p.a >= p.b || int(p.a) >= asked || int(p.b) >= n || seen[p] {
						t.Fatalf("turn %d is %v", turn, p)
					}
					seen[p] = true
				}
				if others := n - asked; len(seen) != n*(n-1)/2-others*(others-1)/2 {
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
	if first := newSchedule(centres, 30).at(0); first != (tilePair{3, 17}) {
		t.Errorf("the nearest blocks are not the first: %v", first)
	}
}
