package workspace

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/pentoai/vectory/internal/catalog"
)

// What is taken as parameters is one object, written in one way: reading it again changes nothing.
func FuzzParams(f *testing.F) {
	for _, text := range []string{`{}`, `{"lr": 0.01, "layers": [1, 2, {"a": null}]}`, `{"a":1}}`, `{"a":1}]`, `{"a":1} {}`, `{"big":123456789012345678901234567890}`, `{"a":1e400}`, `null`, `[]`, "\xff", `{"a":1,"a":2}`, `{"a":{"b":[{"c":1,"c":2}]}}`, `{"":1,"":2}`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		taken, err := canonicalObject("the parameters are", raw)
		if err != nil {
			if catalog.CodeOf(err) != catalog.Invalid {
				t.Errorf("%q: %v", raw, err)
			}
			return
		}
		if taken == nil {
			return
		}
		if !json.Valid(raw) {
			t.Errorf("%q is taken and is no JSON", raw)
		}
		again, err := canonicalObject("the parameters are", taken)
		if err != nil || !bytes.Equal(taken, again) {
			t.Errorf("%q became %q and then %q, %v", raw, taken, again, err)
		}
	})
}

// A key that stands twice is told with its path and its place: what a decoder takes silently is the last.
func TestAKeyThatStandsTwiceIsRefused(t *testing.T) {
	for _, c := range []struct{ name, raw, want string }{
		{"at the top", `{"lr": 1, "lr": 2}`, `"lr" stands twice, the second time at byte 14`},
		{"the same value", `{"lr": 1, "lr": 1}`, `"lr" stands twice`},
		{"deep", `{"opt": {"name": "a", "steps": [1, {"at": 2}], "name": "b"}}`, `"opt.name" stands twice`},
		{"in a list", `{"layers": [{"n": 1}, {"n": 1, "n": 2}]}`, `"layers.n" stands twice`},
		{"by another spelling", `{"a": 1, "\u0061": 2}`, `"a" stands twice`},
		{"the empty key", `{"x": {"": 1, "": 2}}`, `"x." stands twice`},
		{"the empty key at the top", `{"": 1, "": 2}`, `"" stands twice, the second time at byte 10`},
		{"one name in two objects", `{"a": {"n": 1}, "b": {"n": 1}, "c": [{"n": 1}, {"n": 1}], "n": "n"}`, ""},
		{"a value like a key", `{"a": "a", "b": ["a", "a"], "c": "a"}`, ""},
		{"upper and lower case", `{"a": 1, "A": 2}`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := canonicalObject("the parameters are", []byte(c.raw))
			if c.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			if catalog.CodeOf(err) != catalog.Invalid || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}
