package measure_test

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/pentoai/vectory/internal/compute/measure"
)

// How often each measure calls unrelated spaces related at 5 %: no more often than that, but for what so many rounds leave open
// (one case in a thousand of the binomial law). The shapes are those of Gröger et al. (2026); with 96 rows of 96 dimensions and
// more, every measure that is not read against chance is near its end. `bash .ci/bench --chance` prints the table of a thousand
// rounds.
func TestUnrelatedSpacesAreRarelyCalledRelatedByAnyMeasure(t *testing.T) {
	manyRounds(t)
	// Procrustes, whose every pairing decomposes anew, is read in a fifth of the rounds.
	rounds, shapes := 20, [][2]int{{96, 48}, {96, 96}, {96, 192}, {128, 384}}
	if text := os.Getenv("VECTORY_ROUNDS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		rounds = n
	}
	table := map[string][]string{}
	for at, shape := range shapes {
		r := rand.New(rand.NewPCG(11, uint64(at)))
		related, read := map[string]int{}, map[string]int{}
		for round := range rounds {
			x, y := normal(r, shape[0], shape[1]), normal(r, shape[0], shape[1])
			found := measuredFor(t, x, y, true, func(name string) bool { return name != "procrustes" && name != "angular_shape" || round%5 == 0 })
			a, b := tables(t, x, "euclidean", 10), tables(t, y, "euclidean", 10)
			rows := measure.NewRows(x, y, "euclidean", "euclidean", x.Rows, machine())
			ofRows, err := rows.Pair(t.Context(), a, b, 10, every)
			if err == nil {
				err = rows.Null(t.Context(), ofRows, a, b, 10, every)
			}
			if err != nil {
				t.Fatal(err)
			}
			maps.Copy(found, ofRows)
			found["imbalance_a_to_b"], found["imbalance_b_to_a"] = imbalance(t, a, b, y, "euclidean"), imbalance(t, b, a, x, "euclidean")
			for name, got := range found {
				if got.P == nil {
					continue
				}
				read[name]++
				if *got.P <= 0.05 {
					related[name]++
				}
			}
		}
		for name, n := range read {
			count := related[name]
			if tail := 1 - (distuv.Binomial{N: float64(n), P: 0.05}).CDF(float64(count-1)); tail < 0.001 {
				t.Errorf("%d×%d: %s calls unrelated spaces related in %d of %d cases", shape[0], shape[1], name, count, n)
			}
			for len(table[name]) < at {
				table[name] = append(table[name], "      ")
			}
			table[name] = append(table[name], fmt.Sprintf("%6.3f", float64(count)/float64(n)))
		}
	}
	if len(table) < 20 {
		t.Errorf("only %d measures are read against chance", len(table))
	}
	t.Logf("share of %d pairs of unrelated spaces called related at 5 %% (standard error %.3f)", rounds, math.Sqrt(0.05*0.95/float64(rounds)))
	t.Logf("%-24s 96×48  96×96 96×192 128×384", "rows × dimensions")
	for _, name := range slices.Sorted(maps.Keys(table)) {
		t.Logf("%-24s %s", name, strings.Join(table[name], " "))
	}
}
