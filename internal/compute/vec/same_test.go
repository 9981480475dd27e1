package vec

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSameIsWhatComparingEveryPairFinds, on few values so that rows repeat, signed zeroes among them.
func TestSameIsWhatComparingEveryPairFinds(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	values := []float32{0, float32(math.Copysign(0, -1)), 1, 2.5}
	for _, shape := range [][2]int{{0, 3}, {1, 1}, {2, 1}, {300, 1}, {300, 2}, {300, 3}, {200, 17}, {5000, 4}} {
		n, dims := shape[0], shape[1]
		x := make([]float32, n*dims)
		for i := range x {
			x[i] = values[r.IntN(len(values))]
		}
		for range n / 4 { // wide rows repeat by chance too seldom
			copy(x[r.IntN(n)*dims:][:dims], x[r.IntN(n)*dims:][:dims])
		}
		var want [][]int32
		at := map[string]int{}
		for row := range n {
			key := ""
			for _, v := range x[row*dims:][:dims] {
				key += fmt.Sprint(v+0, ",") // −0 + 0 is 0
			}
			place, ok := at[key]
			if !ok {
				place = len(want)
				at[key] = place
				want = append(want, nil)
			}
			want[place] = append(want[place], int32(row))
		}
		want = slices.DeleteFunc(want, func(g []int32) bool { return len(g) < 2 })
		slices.SortStableFunc(want, func(a, b []int32) int { return len(b) - len(a) })
		got := Same(x, dims)
		if len(want) == 0 && len(got) == 0 {
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%d×%d (− every pair, + Same):\n%s", n, dims, diff)
		}
	}
}
