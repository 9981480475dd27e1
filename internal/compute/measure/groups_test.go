package measure_test

import (
	"math"
	"testing"

	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/measure"
	"github.com/pentoai/vectory/internal/compute/random"
)

// clustered is two spaces that agree on clusters and on nothing within them; a few rows carry no label.
func clustered(t testing.TB, rows, k, kinds int) (a, b *knn.Table, labels []int32) {
	x, y := gaussian(rows, 4, 1), gaussian(rows, 4, 2)
	labels = make([]int32, rows)
	for i := range labels {
		labels[i] = int32(i*i) % int32(kinds)
		x.Row(i)[0] += 2 * float32(labels[i])
		y.Row(i)[1] += 2 * float32(labels[i])
		if i%11 == 5 {
			labels[i] = -1
		}
	}
	return tables(t, x, "euclidean", k), tables(t, y, "euclidean", k), labels
}

// shuffledWithin is a random order that keeps the label at each place.
func shuffledWithin(labels []int32, r *random.Source) []int {
	places := map[int32][]int{}
	for i, label := range labels {
		places[label] = append(places[label], i)
	}
	order := make([]int, len(labels))
	for label := int32(-1); int(label) < len(labels); label++ {
		own := places[label]
		for at, from := range r.Permutation(len(own)) {
			order[own[at]] = own[from]
		}
	}
	return order
}

func TestChanceWithinIsThatOfPairingsThatKeepLabels(t *testing.T) {
	manyRounds(t)
	const rows, k, runs = 80, 6, 3000
	a, b, labels := clustered(t, rows, k, 3)
	want, err := measure.Groups(a, b, measure.Shared(a, b, k), k, labels, 3)
	if err != nil {
		t.Fatal(err)
	}
	jaccard, overlap := make([]float64, len(want)), make([]float64, len(want))
	r := random.New(8)
	for range runs {
		mixed := permuted(b, shuffledWithin(labels, r))
		groups, err := measure.Groups(a, mixed, measure.Shared(a, mixed, k), k, labels, 3)
		if err != nil {
			t.Fatal(err)
		}
		for at, g := range groups {
			jaccard[at] += g.Jaccard / runs
			overlap[at] += g.Overlap / runs
			near(t, "overlap chance of another pairing", g.OverlapChanceWithin, want[at].OverlapChanceWithin)
			near(t, "chance of another pairing", g.ChanceWithin, want[at].ChanceWithin)
		}
	}
	for at, g := range want {
		if math.Abs(jaccard[at]-g.ChanceWithin) > 0.01*g.ChanceWithin {
			t.Errorf("label %d: pairings score %.5f, chance within says %.5f", g.Label, jaccard[at], g.ChanceWithin)
		}
		if math.Abs(overlap[at]-g.OverlapChanceWithin) > 0.01*g.OverlapChanceWithin {
			t.Errorf("label %d: pairings overlap %.5f, chance within says %.5f", g.Label, overlap[at], g.OverlapChanceWithin)
		}
	}
}

func TestChanceWithinOneLabelIsPlainChance(t *testing.T) {
	a, b, labels := clustered(t, 60, 5, 1)
	for i := range labels {
		labels[i] = 0
	}
	groups, err := measure.Groups(a, b, measure.Shared(a, b, 5), 5, labels, 1)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "chance within", groups[0].ChanceWithin, measure.Jaccard.Chance(60, 5))
	near(t, "overlap chance within", groups[0].OverlapChanceWithin, measure.Overlap.Chance(60, 5))
}

func TestSampledChanceWithinIsThatOfPairingsToo(t *testing.T) {
	const rows, k, runs = 900, 8, 150 // above the size whose pairs are all taken
	a, b, labels := clustered(t, rows, k, 2)
	shared := measure.Shared(a, b, k)
	want, err := measure.Groups(a, b, shared, k, labels, 2)
	if err != nil {
		t.Fatal(err)
	}
	mean := make([]float64, len(want))
	r := random.New(5)
	for range runs {
		mixed := permuted(b, shuffledWithin(labels, r))
		for i, m := range measure.Shared(a, mixed, k) {
			if labels[i] >= 0 {
				mean[labels[i]] += measure.Jaccard.Value(m, k) / runs
			}
		}
	}
	for at, g := range want {
		if got := mean[at] / float64(g.Rows); math.Abs(got-g.ChanceWithin) > 0.03*g.ChanceWithin {
			t.Errorf("label %d: pairings score %.5f, chance within says %.5f", g.Label, got, g.ChanceWithin)
		}
	}
}

func TestGroupsAreMeansOverTheirRows(t *testing.T) {
	a, b, labels := clustered(t, 80, 4, 5)
	shared := measure.Shared(a, b, 4)
	groups, err := measure.Groups(a, b, shared, 4, labels, 7)
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range groups {
		var sum float64
		rows := 0
		for i, label := range labels {
			if label == g.Label {
				sum += measure.Jaccard.Value(shared[i], 4)
				rows++
			}
		}
		if rows != g.Rows || rows == 0 {
			t.Errorf("label %d has %d rows, want %d", g.Label, g.Rows, rows)
		}
		near(t, "mean of the group", g.Jaccard, sum/float64(rows))
		if (g.CI95 != nil) != (rows >= measure.MinGroupRows) {
			t.Errorf("label %d with %d rows: interval %v", g.Label, rows, g.CI95)
		}
	}
}

func BenchmarkCompareAndGroups(b *testing.B) {
	x := gaussian(20000, 4, 1)
	p, q := tables(b, x, "euclidean", 10), tables(b, noisy(x, 0.3, 2), "euclidean", 10)
	labels := make([]int32, x.Rows)
	for i := range labels {
		labels[i] = int32(i % 40)
	}
	for b.Loop() {
		shared := compare(b, p, q, 10).Shared
		if _, err := measure.Groups(p, q, shared, 10, labels, 40); err != nil {
			b.Fatal(err)
		}
	}
}
