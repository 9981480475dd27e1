package search_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/search"
)

func TestConditionsAreRead(t *testing.T) {
	columns := func(name string) (number, known bool) { return name == "size", name == "size" || name == "label" }
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
	shared := func(a, b []string) (n int) {
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
