package search_test

import (
	"math"
	"math/bits"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/vec"
	"github.com/pentoai/vectory/internal/search"
)

func TestConditionsAreRead(t *testing.T) {
	columns := map[string]bool{"size": true, "label": false}
	got, err := search.ParseFilters("label=a b, size>=2.5,size!=3,", columns)
	want := []search.Filter{{Column: "label", Op: "=", Value: "a b"}, {Column: "size", Op: ">=", Value: "2.5", Number: true}, {Column: "size", Op: "!=", Value: "3", Number: true}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	for _, text := range []string{"label", "=3", "label!3", "label==3", "colour=1", "size<big"} {
		if _, err := search.ParseFilters(text, columns); catalog.CodeOf(err) != catalog.Invalid {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestIndexNamesAreThoseThatAnyClusterTakes(t *testing.T) {
	for _, name := range []string{"Digits/Pixels v2", "ärger", strings.Repeat("x", 200), "..", "-a", "*"} {
		got := search.IndexName("abc", name, 1)
		if len(got) > 255 || strings.ToLower(got) != got || strings.ContainsAny(got, ` "*,/<>?\|#:`) || !strings.HasPrefix(got, "vectory-abc-") {
			t.Errorf("%q: %q", name, got)
		}
	}
}

// The sides of one hyperplane a table: rows differ in the share of the bits that their angle is of half a turn.
func TestBitsTellTheAngle(t *testing.T) {
	h := search.NewHasher(24, 999, 1, 0)
	a, b := make([]float32, 24), make([]float32, 24)
	for i := range a {
		a[i], b[i] = float32(i-9), float32(5-i%7)
	}
	x, y := h.Bits(a), h.Bits(b)
	differ := 0
	for i := range x {
		differ += bits.OnesCount8(x[i] ^ y[i])
	}
	want := math.Acos(1-vec.Distance(catalog.Cosine, a, b)) / math.Pi
	if got := float64(differ) / 999; len(x) != 125 || math.Abs(got-want) > 0.05 { // three standard deviations of a coin of 999 throws
		t.Errorf("%d bytes; %.3f of the bits differ, the angle is %.3f of half a turn", len(x), got, want)
	}
}

func BenchmarkHashes(b *testing.B) {
	h := search.NewHasher(384, 100, 8, 0)
	v := make([]float32, 384)
	for i := range v {
		v[i] = float32(i%17) - 8
	}
	for b.Loop() {
		h.Hashes(v)
	}
}

// Near rows share more hashes than far ones: what candidates are chosen by.
func TestNearRowsShareHashes(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	vector := func() []float32 {
		v := make([]float32, 24)
		for i := range v {
			v[i] = float32(r.NormFloat64())
		}
		return v
	}
	shared := func(a, b []uint64) (n int) {
		for i := range a {
			if a[i] == b[i] {
				n++
			}
		}
		return n
	}
	for name, h := range map[string]*search.Hasher{"cosine": search.NewHasher(24, 100, 8, 0), "euclidean": search.NewHasher(24, 100, 8, 14)} {
		near, far := 0, 0
		for range 30 {
			v := vector()
			close := make([]float32, len(v))
			for i := range v {
				close[i] = v[i] + 0.15*float32(r.NormFloat64())
			}
			near += shared(h.Hashes(v), h.Hashes(close))
			far += shared(h.Hashes(v), h.Hashes(vector()))
		}
		if near < 3*far || near < 30*30 {
			t.Errorf("%s: near rows share %d hashes, far ones %d", name, near, far)
		}
		if v := vector(); cmp.Diff(h.Hashes(v), h.Hashes(v)) != "" {
			t.Errorf("%s: not the same twice", name)
		}
	}
}

// Of the rows that share the least number of hashes or more, there are enough to find the near ones among, and few besides.
func TestTheLeastNumberOfSharedHashesLeavesEnoughRows(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	const n, d = 2500, 24
	x := make([][]float32, n)
	for i := range x { // 50 clusters
		x[i] = make([]float32, d)
		for j := range x[i] {
			x[i][j] = 2*float32(math.Sin(float64((i%50)*d+j))) + float32(r.NormFloat64())
		}
	}
	row := func(i int) []float32 { return x[i] }
	for name, h := range map[string]*search.Hasher{"cosine": search.NewHasher(d, 100, 8, 0), "euclidean": search.NewHasher(d, 100, 8, search.SlotWidth(n, row))} {
		least := h.Least(n, row)
		hashes := make([][]uint64, n)
		for i := range x {
			hashes[i] = h.Hashes(x[i])
		}
		enough, most := 0, 0
		for i := 0; i < n; i += 50 - 1 {
			left := 0
			for _, other := range hashes {
				shared := 0
				for table := range other {
					if other[table] == hashes[i][table] {
						shared++
					}
				}
				if shared >= least {
					left++
				}
			}
			if left >= search.Candidates/2 {
				enough++
			}
			most = max(most, left)
		}
		if least < 2 || enough < 41 || most > n*3/4 {
			t.Errorf("%s: least %d leaves enough rows for %d of 52 queries, and %d of %d at most", name, least, enough, most, n)
		}
	}
	if least := search.NewHasher(d, 100, 8, 0).Least(3, row); least < 1 {
		t.Errorf("%d of three rows", least)
	}
}
