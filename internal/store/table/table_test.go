package table

import (
	"bytes"
	"context"
	"encoding/csv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pentoai/vectory/internal/catalog"
)

func scan(t *testing.T, text string, o Options) *Index {
	t.Helper()
	ix, err := Scan(t.Context(), strings.NewReader(text), o)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return ix
}

func place(n int) *int { return &n }

func TestWhatIsRead(t *testing.T) {
	for _, c := range []struct {
		name, text string
		options    Options
		ids        []string
		rows       [][]string
		blank      []int
		idField    string
	}{
		{"ids by name", "id,text\na,x\nb,y\n", Options{}, []string{"a", "b"}, [][]string{{"a", "x"}, {"b", "y"}}, nil, "id"},
		{"ids in capitals", "ID,text\na,x\n", Options{}, []string{"a"}, [][]string{{"a", "x"}}, nil, "ID"},
		{"no id column", "text,n\nx,1\ny,2\n", Options{}, []string{"0", "1"}, [][]string{{"x", "1"}, {"y", "2"}}, nil, ""},
		{"ids by choice", "id,key\n1,a\n1,b\n", Options{IDField: "key"}, []string{"a", "b"}, [][]string{{"1", "a"}, {"1", "b"}}, nil, "key"},
		{"ids by place", "x,key\n1,a\n1,b\n", Options{IDFieldIndex: place(1)}, []string{"a", "b"}, [][]string{{"1", "a"}, {"1", "b"}}, nil, "key"},
		{"row numbers by choice", "id\n7\n7\n", Options{RowNumbers: true}, []string{"0", "1"}, [][]string{{"7"}, {"7"}}, nil, ""},
		{"byte-order mark", "\ufeffid,t\na,x\n", Options{}, []string{"a"}, [][]string{{"a", "x"}}, nil, "id"},
		{"CRLF", "id,t\r\na,x\r\nb,y\r\n", Options{}, []string{"a", "b"}, [][]string{{"a", "x"}, {"b", "y"}}, nil, "id"},
		{"no newline at the end", "id,t\na,x", Options{}, []string{"a"}, [][]string{{"a", "x"}}, nil, "id"},
		{"quotes, commas and newlines", "id,t\na,\"one, \"\"two\"\"\nthree\"\nb,y\n", Options{}, []string{"a", "b"}, [][]string{{"a", "one, \"two\"\nthree"}, {"b", "y"}}, nil, "id"},
		{"blank lines", "\nid,t\n\na,x\n\n\nb,y\n\n", Options{}, []string{"a", "b"}, [][]string{{"a", "x"}, {"b", "y"}}, []int{1, 3, 5, 6}, "id"},
		{"blank line after a value of two lines", "id,t\na,\"x\ny\"\n\nb,z\n", Options{}, []string{"a", "b"}, [][]string{{"a", "x\ny"}, {"b", "z"}}, []int{4}, "id"},
		{"semicolons", "id;t\na;1,5\n", Options{}, []string{"a"}, [][]string{{"a", "1,5"}}, nil, "id"},
		{"tabs", "id\tt\na\tx\n", Options{}, []string{"a"}, [][]string{{"a", "x"}}, nil, "id"},
		{"a separator within quotes does not count", "\"a;b;c\",id\nx,1\n", Options{}, []string{"1"}, [][]string{{"x", "1"}}, nil, "id"},
		{"ids keep their zeros and spaces", "id,t\n007,x\n 7,y\n", Options{}, []string{"007", " 7"}, [][]string{{"007", "x"}, {" 7", "y"}}, nil, "id"},
		{"empty values", "id,t\na,\n\"b\",\"\"\n", Options{}, []string{"a", "b"}, [][]string{{"a", ""}, {"b", ""}}, nil, "id"},
		{"header only", "id,t\n", Options{}, nil, nil, nil, "id"},
	} {
		t.Run(c.name, func(t *testing.T) {
			ix := scan(t, c.text, c.options)
			if ix.Rows != len(c.rows) || ix.IDField != c.idField {
				t.Fatalf("%d rows, id column %q", ix.Rows, ix.IDField)
			}
			rows, err := ix.Read(strings.NewReader(c.text), 0, ix.Rows)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.rows, rows); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(c.blank, ix.BlankLines); diff != "" {
				t.Errorf("blank lines: %s", diff)
			}
			for row, id := range c.ids {
				if got := ix.ID(row); got != id {
					t.Errorf("row %d has the id %q", row, got)
				}
				if at, ok := ix.Row(id); !ok || at != row {
					t.Errorf("id %q stands on row %d, %v", id, at, ok)
				}
			}
			for _, id := range []string{"nobody", "-1", "00", "+0", "99"} {
				if _, ok := ix.Row(id); ok {
					t.Errorf("id %q was found", id)
				}
			}
		})
	}
}

func TestWhatIsRefused(t *testing.T) {
	for _, c := range []struct {
		name, text string
		options    Options
		words      []string // in message and hint
	}{
		{"empty", "", Options{}, []string{"empty"}},
		{"blank", "\n\n\n", Options{}, []string{"blank lines only"}},
		{"duplicate ids", "id,t\na,1\nb,2\na,3\nb,4\na,5\n", Options{}, []string{"'a' stands on lines 2 and 4", "'b' stands on lines 3 and 5", "3 duplicate ids in all", "--id-field"}},
		{"duplicate after a value of two lines", "id,t\na,\"1\n2\"\na,3\n", Options{}, []string{"'a' stands on lines 2 and 4"}},
		{"empty id", "id,t\na,1\n,2\n", Options{}, []string{"line 3 has no id"}},
		{"id of spaces", "id,t\n  ,2\n", Options{}, []string{"line 2 has no id"}},
		{"missing id", "id,t\nNaN,2\n", Options{}, []string{"line 2", "'NaN'", "missing value"}},
		{"too few fields", "id,t\na,1\nb\n", Options{}, []string{"line 3 has 1 fields", "header has 2"}},
		{"too many fields", "id,t\na,1,2\n", Options{}, []string{"line 2 has 3 fields", "quotes"}},
		{"unknown id column", "key,t\na,1\n", Options{IDField: "id"}, []string{"no column 'id'", "key, t"}},
		{"id column out of range", "key,t\na,1\n", Options{IDFieldIndex: place(2)}, []string{"no column number 2", "key, t"}},
		{"negative id column", "key,t\na,1\n", Options{IDFieldIndex: place(-1)}, []string{"no column number -1"}},
		{"nameless column", "id,t,\na,1,2\n", Options{}, []string{"column 3 of the CSV has no name"}},
		{"two columns of a name", "id,t,t\na,1,2\n", Options{}, []string{"columns 2 and 3", "'t'"}},
		{"stray quote", "id,t\na,1\nb,x\"y\n", Options{}, []string{"line 3", "quote"}},
		{"quote not closed", "id,t\na,\"1\nb,2\n", Options{}, []string{"line 2"}},
		{"NUL", "id,t\na,\x00\n", Options{}, []string{"NUL byte", "line 2"}},
		{"old Mac line ends", "id,t\ra,1\rb,2\r", Options{}, []string{"carriage return"}},
		{"Latin-1", "id,t\na,caf\xe9\n", Options{}, []string{"line 2, column 2", "UTF-8", "as Windows-1252 (Latin-1) it would be \"café\"", "iconv -f WINDOWS-1252"}},
		{"no text in Latin-1 either", "id,t\na,\x81\xff\n", Options{}, []string{"line 2, column 2", "save the CSV as UTF-8"}},
		{"an .npy", "\x93NUMPY\x01\x00v\x00{'descr'", Options{}, []string{".npy", "swap"}},
		{"one column with a blank line", "t\na\n\nb\n", Options{}, []string{"line 3 is blank"}},
		{"a record without end", "id,t\na,\"" + strings.Repeat("x", 17<<20), Options{}, []string{"longer than 16 MiB", "quote not closed"}},
		{"columns without end", strings.Repeat("a,", 5000) + "\n", Options{}, []string{"column"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Scan(t.Context(), strings.NewReader(c.text), c.options)
			if catalog.CodeOf(err) != catalog.Invalid {
				t.Fatalf("the error is %v", err)
			}
			known := err.(*catalog.Error) //nolint:errorlint // Scan gives this very type
			for _, words := range c.words {
				if !strings.Contains(known.Message+" "+known.Hint, words) {
					t.Errorf("%q is not said: %s (%s)", words, known.Message, known.Hint)
				}
			}
		})
	}
}

func TestAnAskerWhoLeftIsNotServed(t *testing.T) {
	ctx, leave := context.WithCancel(t.Context())
	leave()
	if _, err := Scan(ctx, strings.NewReader("id\n1\n"), Options{}); catalog.CodeOf(err) != catalog.Canceled {
		t.Errorf("the error is %v", err)
	}
}

func TestColumnsOfALongFile(t *testing.T) {
	var text bytes.Buffer
	text.WriteString("id,t\n")
	const rows = 10_000 // more than one reading of a column takes
	for i := range rows {
		text.WriteString(strings.Repeat("x", i%7) + string(rune('a'+i%26)) + ",\"" + strings.Repeat("v\n", i%3) + "\"\n")
	}
	ix := scan(t, text.String(), Options{RowNumbers: true})
	values, err := ix.Column(bytes.NewReader(text.Bytes()), "t")
	if err != nil || len(values) != rows {
		t.Fatalf("%d values, %v", len(values), err)
	}
	for i, v := range values {
		if v != strings.Repeat("v\n", i%3) {
			t.Fatalf("row %d holds %q", i, v)
		}
	}
	if _, err := ix.Column(bytes.NewReader(nil), "none"); catalog.CodeOf(err) != catalog.NotFound {
		t.Errorf("an unknown column: %v", err)
	}
}

func TestAFileThatChangedUnderneathIsNoticed(t *testing.T) {
	ix := scan(t, "id,t\na,1\nb,2\nc,3\n", Options{})
	if _, err := ix.Read(strings.NewReader("id,t\na,1\n"), 0, 3); err == nil {
		t.Error("a cut file was read")
	}
}

func TestMismatchTellsBothCountsAndTheBlankLines(t *testing.T) {
	err := scan(t, "id,t\na,1\n\nb,2\n", Options{}).Mismatch(3, "d")
	for _, words := range []string{"3 rows", "'d' has 2", "Blank lines: 1, the first at line 3"} {
		if !strings.Contains(err.Error(), words) {
			t.Errorf("%q is not said: %v", words, err)
		}
	}
}

// FuzzScan: whatever is taken is what encoding/csv reads, row by row, in any order of reading.
func FuzzScan(f *testing.F) {
	for _, seed := range []string{"id,t\na,1\n", "id;t\r\na;\"x\r\ny\"\r\n", "\ufeffid\n\n\"\"\n", "a,b\n\"c\"\"d\",e\n\nf,g", "\"", "id,t\na,\"1\nb,2\n", "a|b\nc|d\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		ix, err := Scan(t.Context(), strings.NewReader(text), Options{RowNumbers: true})
		if err != nil {
			if catalog.CodeOf(err) != catalog.Invalid {
				t.Fatalf("the error is no refusal: %v", err)
			}
			return
		}
		reader := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
		reader.Comma = ix.Delimiter
		want, err := reader.ReadAll()
		if err != nil {
			t.Fatalf("taken, and encoding/csv says %v", err)
		}
		if len(want) != ix.Rows+1 {
			t.Fatalf("%d rows are %d", len(want)-1, ix.Rows)
		}
		for row := ix.Rows - 1; row >= 0; row-- {
			got, err := ix.Read(strings.NewReader(text), row, row+1)
			if err != nil {
				t.Fatalf("row %d: %v", row, err)
			}
			if diff := cmp.Diff(want[row+1], got[0]); diff != "" {
				t.Fatalf("row %d: %s", row, diff)
			}
		}
	})
}
