package columnar

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/store/npy"
)

// isolated reads in another process of this very test.
var isolated Reader

func TestMain(m *testing.M) {
	if asked := os.Args[len(os.Args)-1]; strings.HasPrefix(asked, "{") {
		if err := Serve(asked, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	isolated = Reader{Program: os.Args[0], Args: os.Args[:1]}
	m.Run()
}

func formatOfFile(t testing.TB, path string) (Format, *os.File, int64) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	head := make([]byte, HeadBytes)
	if _, err := file.ReadAt(head, 0); err != nil {
		t.Fatal(err)
	}
	info, err := file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	return FormatOf(head), file, info.Size()
}

func decodeFile(t testing.TB, path, array string) (values []float32, h npy.Header, err error) {
	t.Helper()
	f, file, size := formatOfFile(t, path)
	next := 0
	h, err = isolated.Decode(t.Context(), f, file, size, npy.Options{Array: array}, func(h npy.Header, first int, rows []float32) error {
		if first != next || len(rows)%h.Dims != 0 {
			t.Errorf("%d values at row %d, expected at %d", len(rows), first, next)
		}
		next += len(rows) / h.Dims
		values = append(values, rows...)
		return nil
	})
	return values, h, err
}

// The files are written by pyarrow (../../testkit/testdata/columnar/make.py): every codec, both versions of pages, every type of list.
func TestVectorsOfOtherWriters(t *testing.T) {
	raw, err := os.ReadFile("../../testkit/testdata/columnar/want.bin")
	if err != nil {
		t.Fatal(err)
	}
	want := make([]float32, len(raw)/4)
	if _, err := binary.Decode(raw, binary.LittleEndian, want); err != nil {
		t.Fatal(err)
	}
	descr := map[string]string{"half": "<f2", "double": "<f8", "int8": "<i1", "uint16": "<u2"}
	back := map[string]func(v float32) float32{"int8": func(v float32) float32 { return v / 8 }, "uint16": func(v float32) float32 { return (v - 100) / 8 }}
	paths, err := filepath.Glob("../../testkit/testdata/columnar/*.[pfa]*")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, path := range paths {
		base, ending, _ := strings.Cut(filepath.Base(path), ".")
		if strings.HasPrefix(base, "bad-") || ending == "py" {
			continue
		}
		seen++
		t.Run(filepath.Base(path), func(t *testing.T) {
			got, h, err := decodeFile(t, path, "")
			if err != nil {
				t.Fatal(err)
			}
			if f := back[base]; f != nil {
				for i := range got {
					got[i] = f(got[i])
				}
			}
			d := descr[base]
			if d == "" {
				d = "<f4"
			}
			if h.Rows != 60 || h.Dims != 7 || h.Descr != d || !slices.Equal(got, want) {
				t.Errorf("%d×%d of %s: %s", h.Rows, h.Dims, h.Descr, cmp.Diff(want, got))
			}
		})
	}
	if seen < 19 {
		t.Errorf("%d files seen", seen)
	}
}

func TestTextsOfOtherWriters(t *testing.T) {
	raw, err := os.ReadFile("../../testkit/testdata/columnar/want.csv")
	if err != nil {
		t.Fatal(err)
	}
	want, err := csv.NewReader(bytes.NewReader(raw)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"snappy.parquet", "zstd.parquet", "pages.parquet", "lz4.parquet", "lz4.feather", "zstd.feather", "stream.arrow"} {
		t.Run(name, func(t *testing.T) {
			f, file, size := formatOfFile(t, "../../testkit/testdata/columnar/"+name)
			var out bytes.Buffer
			var said []string
			err := isolated.WriteCSV(t.Context(), f, file, size, func(notes []string) io.Writer { said = notes; return &out })
			if err != nil {
				t.Fatal(err)
			}
			got, err := csv.NewReader(&out).ReadAll()
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Error(diff, err)
			}
			if want := []string{"read as " + f.String() + ", kept as CSV", "left out what is no plain column: vector"}; !slices.Equal(said, want) {
				t.Errorf("%q", said)
			}
		})
	}
}

func TestWhatIsRefused(t *testing.T) {
	for _, c := range []struct{ name, array, want string }{
		{"bad-ragged.*", "", "row 3 has 6 values, and row 0 has 7"},
		{"bad-null.*", "", "row 1 has no vector"},
		{"bad-nullvalue.*", "", "row 1, column 1 is null"},
		{"bad-emptylist.*", "", "row 1 has 0 values"},
		{"bad-nan.*", "", "row 1, column 0 is NaN (1 bad values in 1 rows: 1)"},
		{"bad-wide.*", "", "row 0, column 1 is 1e+300, which is too large for float32"},
		{"bad-two.*", "", "2 columns of the parquet file hold lists of numbers: 'a', 'b'"},
		{"bad-two.*", "c", "the column 'c' of the parquet file does not hold lists of numbers"},
		{"bad-two.*", "d", "no column 'd'"},
		{"bad-none.*", "", "no column of the parquet file holds lists of numbers; it has 'a', 'b'"},
		{"bad-norows.*", "", "no rows"},
	} {
		paths, err := filepath.Glob("../../testkit/testdata/columnar/" + c.name)
		if err != nil || len(paths) == 0 {
			t.Fatal(c.name, err)
		}
		for _, path := range paths {
			t.Run(filepath.Base(path)+c.array, func(t *testing.T) {
				_, _, err := decodeFile(t, path, c.array)
				if catalog.CodeOf(err) != catalog.Invalid || !strings.Contains(err.Error(), c.want) {
					t.Errorf("got %v, want %q", err, c.want)
				}
			})
		}
	}
}

// What the process says is not believed either.
func FuzzFrames(f *testing.F) {
	var good bytes.Buffer
	to := framer{bufio.NewWriter(&good)}
	_ = to.json(frameHeader, npy.Header{Descr: "<f4", Rows: 2, Dims: 3})
	_ = to.floats([]float32{1, 2, 3, 4, 5, 6})
	_ = to.frame(frameEnd, nil)
	_ = to.Flush()
	f.Add(good.Bytes())
	f.Add([]byte("E\x10\x00\x00\x00{\"Code\":\"invalid\"}"))
	f.Fuzz(func(t *testing.T, said []byte) {
		rows := 0
		take := taker{o: npy.Options{Size: -1}, emit: func(h npy.Header, first int, values []float32) error {
			if first != rows || len(values)%h.Dims != 0 {
				t.Fatalf("%d values at %d of %d", len(values), first, rows)
			}
			rows += len(values) / h.Dims
			return nil
		}}
		if _, err := frames(bytes.NewReader(said), take.frame); err == nil && rows > take.h.Rows {
			t.Errorf("%d rows of %d", rows, take.h.Rows)
		}
	})
}
