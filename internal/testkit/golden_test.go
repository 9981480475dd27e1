package testkit

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"testing"
)

func TestSpacesAreTheOnesThatTheGoldensAreAbout(t *testing.T) {
	for name, want := range Golden(t).Digits.Spaces {
		m := Space(t, name)
		if m.Rows != want.Rows || m.Dims != want.Dims {
			t.Errorf("%s: %d×%d, want %d×%d", name, m.Rows, m.Dims, want.Rows, want.Dims)
		}
		h := sha256.New()
		if err := binary.Write(h, binary.LittleEndian, m.Data); err != nil {
			t.Fatal(err)
		}
		if got := hex.EncodeToString(h.Sum(nil)); got != want.SHA256 {
			t.Errorf("%s: sha256 %s, want %s", name, got, want.SHA256)
		}
	}
}

func TestGoldensHoldEveryPairAndMetric(t *testing.T) {
	g := Golden(t)
	if len(g.Tiny.Pairs) != 3 || len(g.Digits.Pairs) != 5 {
		t.Errorf("%d tiny and %d digits pairs, want 3 and 5", len(g.Tiny.Pairs), len(g.Digits.Pairs))
	}
	for name, pair := range g.Digits.Pairs {
		for _, metric := range []string{"euclidean", "cosine"} {
			p := pair[metric]
			if p.Vectory == nil || p.At[10].MeanJaccard == 0 || p.At[50].MeanJaccard == 0 {
				t.Errorf("%s %s: values are missing", name, metric)
			}
		}
	}
}
