package knn

import (
	"fmt"
	"testing"
)

func TestEveryPairOfBlocksHasOneTurn(t *testing.T) {
	for _, n := range []int{0, 1, 2, 3, 7, 40, 101} {
		for at := range 12 {
			sorted, asked, apart := at%2 == 0, []int{n, n / 3, min(n, 1)}[at/2%3], at >= 6
			t.Run(fmt.Sprintf("%d of %d blocks, sorted %t, apart %t", asked, n, sorted, apart), func(t *testing.T) {
				centres := make([][]float32, n)
				for i := range centres {
					if sorted {
						centres[i] = []float32{float32(i * 37 % 11), float32(i % 5)}
					}
				}
				s := newSchedule(centres, asked, apart, 10)
				seen := map[tilePair]bool{}
				for turn := range s.count() {
					p := s.at(turn)
					if p.a < 0 || p.a >= p.b || int(p.a) >= asked || apart && int(p.b) < asked || int(p.b) >= n || seen[p] {
						t.Fatalf("turn %d is %v", turn, p)
					}
					seen[p] = true
				}
				want := n*(n-1)/2 - (n-asked)*(n-asked-1)/2
				if apart {
					want -= asked * (asked - 1) / 2
				}
				if len(seen) != want {
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
	if first := newSchedule(centres, 30, false, 10).at(0); first != (tilePair{3, 17}) {
		t.Errorf("the nearest blocks are not the first: %v", first)
	}
}
