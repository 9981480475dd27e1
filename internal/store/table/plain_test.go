package table

import (
	"encoding/json"
	"io"
	"os"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/store/columnar"
)

func wide(text string, little bool) string {
	out := []byte{0xfe, 0xff}
	if little {
		out = []byte{0xff, 0xfe}
	}
	for _, unit := range utf16.Encode([]rune(text)) {
		if little {
			out = append(out, byte(unit), byte(unit>>8))
		} else {
			out = append(out, byte(unit>>8), byte(unit))
		}
	}
	return string(out)
}

func TestTextsAreMadePlain(t *testing.T) {
	for _, c := range []struct {
		name, text, want string
		notes            int
	}{
		{"a CSV", "id,t\na,1\n", "id,t\na,1\n", 0},
		{"UTF-16, little", wide("id,t\nä,𝄞\n", true), "id,t\nä,𝄞\n", 1},
		{"UTF-16, big", wide("id,t\nä,1\n", false), "id,t\nä,1\n", 1},
		{"JSON lines", "{\"id\":\"a\",\"n\":1.50,\"on\":true}\n\n{\"id\":\"b, c\",\"tags\":[1, 2],\"n\":null}\n",
			"\"id\",\"n\",\"on\",\"tags\"\na,1.50,true,\n\"b, c\",,,\"[1,2]\"\n", 1},
		{"JSON lines in UTF-16 with a text of two lines", wide("{\"t\":\"x\\r\\ny \\\"z\\\"\"}\r\n", true), "\"t\"\n\"x\ny \"\"z\"\"\"\n", 2},
		{"JSON lines after a mark", "\xef\xbb\xbf{\"a\": 1}", "\"a\"\n1\n", 1},
		{"a key that stands twice", "{\"a\":1,\"a\":2}", "\"a\"\n2\n", 1},
		{"an empty value of one column", "{\"a\":\"\"}\n{\"a\":\"x\"}\n", "\"a\"\n\"\"\nx\n", 1},
		{"a CSV whose first column is called {", "{,b\n1,2\n", "{,b\n1,2\n", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			text, err := Plain(t.Context(), strings.NewReader(c.text), dir, columnar.Reader{})
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(text)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, string(got)); diff != "" {
				t.Error(diff)
			}
			if len(text.Notes) != c.notes {
				t.Errorf("the notes are %q", text.Notes)
			}
			closed(t, text, dir)
		})
	}
}

// closed checks that nothing is left behind.
func closed(t *testing.T, text *Text, dir string) {
	t.Helper()
	if err := text.Close(); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%d files are left, %v", len(left), err)
	}
}

func TestTextsThatCannotBeMadePlain(t *testing.T) {
	for _, c := range []struct{ name, text, words string }{
		{"a line that is no object", "{\"a\":1}\n[2]\n", "line 2 is not a JSON object"},
		{"an object that ends early", "{\"a\":1}\n\n{\"a\":\n", "line 3 is not a JSON object"},
		{"two objects on a line", "{\"a\":1} {\"a\":2}\n", "line 1 is not a JSON object: something follows"},
		{"objects without keys", "{}\n{}\n", "have no keys"},
		{"keys without end", manyKeys(), "more than 4096 different keys"},
		{"a line without end", "{\"a\":\"" + strings.Repeat("x", 17<<20), "line 1 is longer than 16 MiB"},
		{"parquet", "PAR1\x15\x04", "parquet"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			text, err := Plain(t.Context(), strings.NewReader(c.text), dir, columnar.Reader{})
			if err == nil {
				closed(t, text, dir)
			}
			if catalog.CodeOf(err) != catalog.Invalid || !strings.Contains(err.Error(), c.words) {
				t.Errorf("the error is %v", err)
			}
			if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
				t.Errorf("%d files are left, %v", len(left), err)
			}
		})
	}
}

func manyKeys() string {
	var b strings.Builder
	for i := range 5000 {
		b.WriteString("{\"k" + strings.Repeat("x", i%7) + string(rune('a'+i%26)) + string(rune(0x4e00+i)) + "\":1}\n")
	}
	return b.String()
}

func TestReadingMayEndEarly(t *testing.T) {
	dir := t.TempDir()
	text, err := Plain(t.Context(), strings.NewReader(strings.Repeat("{\"a\":\"some text\"}\n", 50_000)), dir, columnar.Reader{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(text, make([]byte, 10)); err != nil {
		t.Fatal(err)
	}
	closed(t, text, dir)
}

func TestHalfCharactersOfUTF16AreRefused(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"the first half alone", "\xff\xfei\x00d\x00\n\x00\x00\xd8\n\x00", "line 2 is not valid UTF-16"},
		{"the second half alone", "\xfe\xff\x00i\x00d\x00\n\xdc\x00", "line 2 is not valid UTF-16"},
		{"an odd byte", "\xff\xfei\x00d\x00\n\x001", "line 2 is not valid UTF-16"},
		{"a whole one", "\xff\xfei\x00d\x00\n\x00\x3d\xd8\x00\xde\n\x00", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			text, err := Plain(t.Context(), iotest.OneByteReader(strings.NewReader(c.text)), t.TempDir(), columnar.Reader{})
			if err != nil {
				t.Fatal(err)
			}
			if _, err = Scan(t.Context(), text, Options{}); c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestErrorsOfJSONLinesTellTheirLine(t *testing.T) {
	text, err := Plain(t.Context(), strings.NewReader("{\"id\":\"a\",\"t\":\"1\\n2\"}\n{\"id\":\"b\"}\n{\"id\":\"a\"}\n"), t.TempDir(), columnar.Reader{})
	if err != nil {
		t.Fatal(err)
	}
	defer text.Close()
	if _, err = Scan(t.Context(), text, Options{JSONLines: true}); err == nil || !strings.Contains(err.Error(), "id 'a' stands on lines 1 and 3") {
		t.Errorf("the error is %v", err)
	}
}

func FuzzPlain(f *testing.F) {
	dir := f.TempDir()
	f.Add("{\"id\":1,\"t\":\"a\"}\n{\"t\":[1,{\"x\":null}]}")
	f.Add(wide("id,t\na,1\n", true))
	f.Add("\xff\xfe{")
	f.Fuzz(func(t *testing.T, in string) {
		text, err := Plain(t.Context(), strings.NewReader(in), dir, columnar.Reader{})
		if err != nil {
			return
		}
		defer text.Close()
		ix, err := Scan(t.Context(), text, Options{JSONLines: text.JSONLines, RowNumbers: true})
		if err != nil || !text.JSONLines {
			return
		}
		objects := 0
		if err := eachObject(strings.NewReader(in), func([]string, map[string]json.RawMessage) error { objects++; return nil }); err == nil && ix.Rows != objects {
			t.Errorf("%q: %d objects became %d rows", in, objects, ix.Rows)
		}
	})
}
