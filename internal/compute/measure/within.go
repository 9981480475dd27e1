package measure

import (
	"slices"

	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/random"
)

const (
	exactPairs   = 40_000 // of rows of one group: 200 rows squared
	sampledPairs = 40_000
	sampleSeed   = 0x6c61_6265_6c73 // "labels"
)

// kindCount is how many of a row's k neighbours carry one label.
type kindCount struct {
	kind  int32 // the label, count for rows without one
	count int32
}

// within computes chances under pairings that keep labels.
type within struct {
	k     int
	sizes []int         // rows that take part, by kind
	kinds []int32       // kind by row of the space
	own   []int32       // kind by list: that of its row
	a, b  [][]kindCount // by list: the neighbours by kind, rising kind
	laws  map[law]distribution
}

// law names a hypergeometric distribution.
type law struct{ population, good, draws int }

func newWithin(a, b *knn.Table, k int, shared, labels []int32, count int) *within {
	w := &within{k: k, sizes: make([]int, count+1), kinds: make([]int32, len(labels)), laws: map[law]distribution{}}
	for i, label := range labels {
		if label < 0 {
			label = int32(count)
		}
		w.kinds[i] = label
		if a.Queries != nil || shared[i] >= 0 {
			w.sizes[label]++
		}
	}
	w.own = make([]int32, len(shared))
	for i := range w.own {
		w.own[i] = w.kinds[a.RowOf(i)]
	}
	w.a, w.b = w.profiles(a, shared), w.profiles(b, shared)
	return w
}

// profiles counts the neighbours of every scored list by kind.
func (w *within) profiles(t *knn.Table, shared []int32) [][]kindCount {
	profiles := make([][]kindCount, t.Lists())
	sorted := make([]int32, 0, w.k)
	for i := range profiles {
		if shared[i] < 0 {
			continue
		}
		sorted = sorted[:0]
		for _, j := range t.Neighbours(i)[:w.k] {
			if t.Queries != nil || shared[j] >= 0 {
				sorted = append(sorted, w.kinds[j])
			}
		}
		slices.Sort(sorted)
		var profile []kindCount
		for _, kind := range sorted {
			if last := len(profile) - 1; last >= 0 && profile[last].kind == kind {
				profile[last].count++
			} else {
				profile = append(profile, kindCount{kind: kind, count: 1})
			}
		}
		profiles[i] = profile
	}
	return profiles
}

// chance gives the expected mean Jaccard and overlap of the lists of one group.
func (w *within) chance(rows []int32) (jaccard, overlap float64) {
	n := len(rows)
	if n*n <= exactPairs {
		for _, i := range rows {
			for _, j := range rows {
				jaccard += w.pair(i, j)
			}
		}
		return jaccard / float64(n*n), w.overlap(rows)
	}
	r := random.New(sampleSeed)
	for at := range sampledPairs {
		jaccard += w.pair(rows[at%n], rows[r.Below(n)])
	}
	return jaccard / sampledPairs, w.overlap(rows)
}

// overlap is the closed form: the mean over i of Σ_c a_c(i) · (mean of b_c)/M_c, over k.
func (w *within) overlap(rows []int32) float64 {
	sum := map[int32]int64{}
	for _, j := range rows {
		for _, b := range w.b[j] {
			sum[b.kind] += int64(b.count)
		}
	}
	n := float64(len(rows))
	var total float64
	for _, i := range rows {
		for _, a := range w.a[i] {
			if s := sum[a.kind]; s > 0 {
				total += float64(a.count) * (float64(s) / n) / float64(w.others(a.kind, i)) // ends in a division: cannot fuse
			}
		}
	}
	return total / n / float64(w.k)
}

// others is M_c: the rows of a kind, that of list i itself left out.
func (w *within) others(kind, i int32) int {
	if w.own[i] == kind {
		return w.sizes[kind] - 1
	}
	return w.sizes[kind]
}

// pair is the expected Jaccard of row i in the one space against row j, of the same label, in the
// other.
func (w *within) pair(i, j int32) float64 {
	sure := 0 // neighbours that are shared however the rows are paired
	var uncertain []distribution
	a, b := w.a[i], w.b[j]
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0].kind < b[0].kind:
			a = a[1:]
		case a[0].kind > b[0].kind:
			b = b[1:]
		default:
			d := w.law(law{w.others(a[0].kind, i), int(a[0].count), int(b[0].count)})
			sure += d.from
			if len(d.p) > 1 {
				uncertain = append(uncertain, d)
			}
			a, b = a[1:], b[1:]
		}
	}
	var mean float64
	for m, p := range sumOf(uncertain) {
		mean += float64(p * Jaccard.Value(int32(min(sure+m, w.k)), w.k))
	}
	return mean
}

// law is the distribution of l, from the memory if it was needed before.
func (w *within) law(l law) distribution {
	d, known := w.laws[l]
	if !known {
		d = hypergeometric(l.population, l.good, l.draws)
		w.laws[l] = d
	}
	return d
}

// sumOf is the distribution of the sum of independent counts, less their least values.
func sumOf(parts []distribution) []float64 {
	total := []float64{1}
	for _, part := range parts {
		next := make([]float64, len(total)+len(part.p)-1)
		for x, p := range total {
			for y, q := range part.p {
				next[x+y] += float64(p * q)
			}
		}
		total = next
	}
	return total
}
