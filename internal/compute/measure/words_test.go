package measure_test

import (
	"math"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/measure"
	"github.com/pentoai/vectory/internal/testkit"
)

// Spaces of the words of one corpus by two seeds each, as Hellrich and Hahn (2016) and Antoniak and Mimno (2018) made them.
// What decomposes counts is the same every time. What is trained has a CKA that says the same of it, while more than half of
// the nearest words change with the seed; and of the two ways to train, the one with the higher CKA has the less steady
// neighbours.
func TestWordSpacesOfTwoSeeds(t *testing.T) {
	manyRounds(t)
	c := readCorpus(t)
	type score struct{ cka, jaccard float64 }
	of := func(space func(seed uint64) knn.Matrix) score {
		x, y := space(1), space(2)
		m, err := measure.NewMoments(t.Context(), x, y, machine())
		if err != nil {
			t.Fatal(err)
		}
		agreement, err := measure.Compare(tables(t, x, "cosine", 10), tables(t, y, "cosine", 10), 10)
		if err != nil {
			t.Fatal(err)
		}
		return score{m.CKA().Value, agreement.Jaccard.Mean}
	}
	counted := of(c.decomposed)
	skip := of(func(seed uint64) knn.Matrix { return c.trained(seed, false) })
	bag := of(func(seed uint64) knn.Matrix { return c.trained(seed, true) })
	if counted.cka < 0.9999 || counted.jaccard < 0.999 {
		t.Errorf("of counts: %+v", counted)
	}
	for name, got := range map[string]score{"skip-gram": skip, "bag of words": bag} {
		if got.cka < 0.9 || got.jaccard > 0.5 {
			t.Errorf("of %s: %+v", name, got)
		}
	}
	if bag.cka <= skip.cka || bag.jaccard >= skip.jaccard {
		t.Errorf("skip-gram %+v, bag of words %+v", skip, bag)
	}
}

// corpus is the glosses of the demo as numbers of words, those that occur eight times or more.
type corpus struct {
	texts [][]int
	count []float64
}

func readCorpus(t *testing.T) *corpus {
	t.Helper()
	word := regexp.MustCompile(`[a-z]+`)
	var texts [][]string
	counts := map[string]int{}
	for _, row := range testkit.Items(t, "words") {
		text := word.FindAllString(strings.ToLower(row[1]+" "+row[3]), -1)
		texts = append(texts, text)
		for _, w := range text {
			counts[w]++
		}
	}
	var names []string
	for w, n := range counts {
		if n >= 8 {
			names = append(names, w)
		}
	}
	slices.Sort(names)
	c := &corpus{}
	number := map[string]int{}
	for i, w := range names {
		number[w] = i
		c.count = append(c.count, float64(counts[w]))
	}
	for _, text := range texts {
		var known []int
		for _, w := range text {
			if i, ok := number[w]; ok {
				known = append(known, i)
			}
		}
		c.texts = append(c.texts, known)
	}
	return c
}

const (
	wordDims   = 32
	wordWindow = 5
)

// around calls with the words of each window, the middle one first.
func (c *corpus) around(text []int, do func(middle int, others []int)) {
	for i, w := range text {
		others := slices.Concat(text[max(0, i-wordWindow):i], text[i+1:min(len(text), i+1+wordWindow)])
		if len(others) > 0 {
			do(w, others)
		}
	}
}

// decomposed is the singular vectors of the positive pointwise mutual information, times the roots of the values. The seed
// says in what order the texts are counted.
func (c *corpus) decomposed(seed uint64) knn.Matrix {
	r, n := rand.New(rand.NewPCG(seed, 1)), len(c.count)
	counts := mat.NewSymDense(n, nil)
	for _, at := range r.Perm(len(c.texts)) {
		c.around(c.texts[at], func(middle int, others []int) {
			for _, other := range others {
				counts.SetSym(middle, other, counts.At(middle, other)+0.5)
			}
		})
	}
	sums, all := make([]float64, n), 0.0
	for i := range n {
		for j := range n {
			sums[i] += counts.At(i, j)
		}
		all += sums[i]
	}
	for i := range n {
		for j := range i + 1 {
			v := 0.0
			if both := counts.At(i, j); both > 0 {
				v = max(0, math.Log(both*all/sums[i]/sums[j]))
			}
			counts.SetSym(i, j, v)
		}
	}
	var e mat.EigenSym
	e.Factorize(counts, true)
	var vectors mat.Dense
	e.VectorsTo(&vectors)
	values := e.Values(nil)
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		if math.Abs(values[a]) > math.Abs(values[b]) {
			return -1
		}
		return 1
	})
	x := knn.Matrix{Rows: n, Dims: wordDims, Data: make([]float32, n*wordDims)}
	for i := range n {
		for d := range wordDims {
			x.Row(i)[d] = float32(vectors.At(i, order[d]) * math.Sqrt(math.Abs(values[order[d]])))
		}
	}
	return x
}

// trained is word2vec with negative sampling (Mikolov et al. 2013): each word of a window is told by the middle one (skip-gram),
// or the middle one by the mean of all (bag).
func (c *corpus) trained(seed uint64, bag bool) knn.Matrix {
	const epochs, negatives, rate = 12, 5, 0.05
	r, n := rand.New(rand.NewPCG(seed, 2)), len(c.count)
	in, out := make([]float64, n*wordDims), make([]float64, n*wordDims)
	for i := range in {
		in[i] = (r.Float64() - 0.5) / wordDims
	}
	steps := make([]float64, n+1)
	for i, v := range c.count {
		steps[i+1] = steps[i] + math.Pow(v, 0.75)
	}
	hidden, back := make([]float64, wordDims), make([]float64, wordDims)
	tell := func(word int, now float64) {
		clear(back)
		for s := range negatives + 1 {
			target, want := word, 1.0
			if s > 0 {
				target, _ = slices.BinarySearch(steps, r.Float64()*steps[n])
				target, want = max(0, target-1), 0
			}
			o := out[target*wordDims : (target+1)*wordDims]
			var dot float64
			for d, h := range hidden {
				dot += h * o[d]
			}
			g := (want - 1/(1+math.Exp(-dot))) * now
			for d, h := range hidden {
				back[d] += g * o[d]
				o[d] += g * h
			}
		}
	}
	for epoch := range epochs {
		now := rate * (1 - float64(epoch)/epochs)
		for _, at := range r.Perm(len(c.texts)) {
			c.around(c.texts[at], func(middle int, others []int) {
				if bag {
					clear(hidden)
					for _, other := range others {
						for d := range hidden {
							hidden[d] += in[other*wordDims+d] / float64(len(others))
						}
					}
					tell(middle, now)
					for _, other := range others {
						for d, b := range back {
							in[other*wordDims+d] += b
						}
					}
					return
				}
				row := in[middle*wordDims : (middle+1)*wordDims]
				for _, other := range others {
					copy(hidden, row)
					tell(other, now)
					for d, b := range back {
						row[d] += b
					}
				}
			})
		}
	}
	x := knn.Matrix{Rows: n, Dims: wordDims, Data: make([]float32, n*wordDims)}
	for i, v := range in {
		x.Data[i] = float32(v)
	}
	return x
}
