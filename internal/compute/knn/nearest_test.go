package knn_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/pentoai/vectory/internal/compute/knn"
)

// What a list keeps is what sorting everything keeps, however many are equally far and however few are offered.
func TestAListKeepsTheNearest(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for round := range 3000 {
		k, n, values := 1+r.IntN(150), r.IntN(400), 1+r.IntN(1+round%200)
		distances := make([]float64, n)
		want := make([]int32, n)
		for i := range distances {
			distances[i], want[i] = float64(r.IntN(values)), int32(i)
		}
		slices.SortStableFunc(want, func(a, b int32) int { return int(distances[a] - distances[b]) })
		want = want[:min(k, n)]
		if got := knn.Nearest(k, distances); !slices.Equal(got, want) {
			t.Fatalf("k=%d of %d: %v, want %v", k, n, got, want)
		}
	}
}
