package elastic

import (
	"encoding/hex"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pentoai/vectory/internal/search"
)

// Jackson's SmileParser, which is the one of Elasticsearch, reads the values beside them from these bytes.
func TestARowInSmile(t *testing.T) {
	const (
		head   = "3a290a00"
		action = head + "fa84696e646578fa825f69644931303733373431383234fbfbff" // {"index":{"_id":"1073741824"}}
		vector = "f8" + "28037c000000" + "280b7800000028036e33194d28077b7f7f7f" + "280000000001" + "280000000000" + "f9"
	)
	long, text := strings.Repeat("6b", 70), strings.Repeat("79", 33)
	want := action + head + "fa" + "82726f77" + "241000000080" + // "row": 1<<30
		"816964" + "e4c3a4fc" + // "id": "ä"
		"82766563" + vector + // 1, −0.5, 0.1, the largest and the least, 0
		"8362697473" + "4366663031" + // "bits": "ff01"
		"8368617368" + "f842302e6143312e7a7af9" + // "hash": ["0.a", "1.zz"]
		"85636f6c756d6e" + "fa" + // "column":
		"806e" + "2900400400000000000000" + // "n": 3 in double precision
		"34c39ffc" + "4078" + // "ß": "x"
		"20" + "e4" + text + "fc" + // "": 33 times y
		"34" + long + "fc" + "e46e61c3af7665fc" + // a name of 70: "naïve"
		"fb" + "fb" + "ff"
	doc := search.Doc{Row: 1 << 30, ID: "ä", Vector: []float32{1, -0.5, 0.1, math.MaxFloat32, math.SmallestNonzeroFloat32, 0}, Bits: []byte{255, 1},
		Hashes: []uint64{10, 35*36 + 35}, Columns: []string{"3", "x", strings.Repeat("y", 33), "", "naïve", "NaN"}}
	columns := []search.Column{{Name: "n", Numbers: true}, {Name: "ß"}, {Name: ""}, {Name: "not said"}, {Name: strings.Repeat("k", 70)}, {Name: "no number", Numbers: true}}
	if diff := cmp.Diff(want, hex.EncodeToString(appendDoc(nil, doc, columns, false))); diff != "" {
		t.Error(diff)
	}
}

// The end of a document is nowhere in it, whatever it holds.
func TestTheEndOfADocumentIsNowhereInIt(t *testing.T) {
	doc := search.Doc{Row: math.MaxInt32, ID: "\xff\xfc", Vector: []float32{math.Float32frombits(0xffffffff), -1, -0.1}, Hashes: []uint64{math.MaxUint64}, Columns: []string{"-1e308", "\xff\xff"}}
	body := appendDoc(nil, doc, []search.Column{{Name: "n", Numbers: true}, {Name: "\xff"}}, false)
	if n := strings.Count(string(body), "\xff"); n != 2 || !strings.HasSuffix(string(body), "\xff") {
		t.Errorf("%d ends: %x", n, body)
	}
}

func TestWholeNumbersInSmile(t *testing.T) {
	for n, want := range map[int32]string{0: "2480", -1: "2481", 15: "249e", 16: "24a0", 31: "24be", 32: "240180", 4095: "247fbe", 4096: "24010080", math.MaxInt32: "241f7f7f7fbe", math.MinInt32: "241f7f7f7fbf"} {
		if got := hex.EncodeToString(smileInt(nil, n)); got != want {
			t.Errorf("%d: %s, not %s", n, got, want)
		}
	}
}

// From 9.3 on a cluster takes vectors in base64 (1 and −0.5 here), which is read twice as fast.
func TestVectorsTravelInBase64WhereAllNodesTakeIt(t *testing.T) {
	doc := search.Doc{ID: "a", Vector: []float32{1, -0.5}}
	if text := string(appendDoc(nil, doc, nil, true)); !strings.Contains(text, "\x82vec\xe0P4AAAL8AAAA=\xfc") {
		t.Errorf("%q", text)
	}
	for versions, want := range map[string]bool{`"a":{"version":"9.4.3"}`: true, `"a":{"version":"9.3.0"}`: true, `"a":{"version":"8.19.20"}`: false, `"a":{"version":"9.4.3"},"b":{"version":"9.2.11"}`: false} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Elastic-Product", "Elasticsearch")
			_, _ = io.WriteString(w, `{"nodes":{`+versions+`}}`)
		}))
		c := Open(Config{URL: server.URL})
		if _, err := c.Health(t.Context()); err != nil || c.takesBase64() != want {
			t.Errorf("%s: %t, %v", versions, !want, err)
		}
		server.Close()
	}
}
