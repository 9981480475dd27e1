package npy

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/kshedden/gonpy"

	"github.com/pentoai/vectory/internal/catalog"
)

// file makes an .npy of a header dictionary and data.
func file(version byte, dict string, data []byte) []byte {
	out := append([]byte(magic), version, 0)
	if version == 1 {
		out = binary.LittleEndian.AppendUint16(out, uint16(len(dict)))
	} else {
		out = binary.LittleEndian.AppendUint32(out, uint32(len(dict)))
	}
	return append(append(out, dict...), data...)
}

func dict(descr, fortran, shape string) string {
	return fmt.Sprintf("{'descr': %s, 'fortran_order': %s, 'shape': %s, }\n", descr, fortran, shape)
}

// decode gives all values of a file.
func decode(t *testing.T, content []byte, o Options) (values []float32, h Header, err error) {
	t.Helper()
	if o.TempDir == "" {
		o.TempDir = t.TempDir()
	}
	h, err = DecodeAny(context.Background(), bytes.NewReader(content), o, func(_ Header, first int, rows []float32) error {
		values = append(values, rows...)
		return nil
	})
	return values, h, err
}

func encode[T any](t testing.TB, order binary.AppendByteOrder, values []T) []byte {
	t.Helper()
	out, err := binary.Append(nil, order.(binary.ByteOrder), values)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestEveryTypeOrderAndVersionGivesTheSameMatrix(t *testing.T) {
	want := []float32{1, 0, 3, 2, 5, 1}
	byColumn := []int{0, 2, 4, 1, 3, 5}
	le, be := binary.AppendByteOrder(binary.LittleEndian), binary.AppendByteOrder(binary.BigEndian)
	pick := func(values []float32, fortran bool) []float32 {
		if !fortran {
			return values
		}
		var out []float32
		for _, at := range byColumn {
			out = append(out, values[at])
		}
		return out
	}
	halves := map[float32]uint16{0: 0, 1: 0x3c00, 2: 0x4000, 3: 0x4200, 5: 0x4500}
	for _, c := range []struct {
		descr string
		data  func(v []float32) []byte
	}{
		{"<f4", func(v []float32) []byte { return encode(t, le, v) }},
		{">f4", func(v []float32) []byte { return encode(t, be, v) }},
		{"<f8", func(v []float32) []byte { return encode(t, le, convert[float64](v)) }},
		{">f8", func(v []float32) []byte { return encode(t, be, convert[float64](v)) }},
		{"<f2", func(v []float32) (out []byte) {
			for _, x := range v {
				out = le.AppendUint16(out, halves[x])
			}
			return out
		}},
		{"|i1", func(v []float32) []byte { return encode(t, le, convert[int8](v)) }},
		{"|u1", func(v []float32) []byte { return encode(t, le, convert[uint8](v)) }},
		{"<i2", func(v []float32) []byte { return encode(t, le, convert[int16](v)) }},
		{">u2", func(v []float32) []byte { return encode(t, be, convert[uint16](v)) }},
		{">i4", func(v []float32) []byte { return encode(t, be, convert[int32](v)) }},
		{"<u4", func(v []float32) []byte { return encode(t, le, convert[uint32](v)) }},
		{"<i8", func(v []float32) []byte { return encode(t, le, convert[int64](v)) }},
		{">u8", func(v []float32) []byte { return encode(t, be, convert[uint64](v)) }},
	} {
		for _, fortran := range []bool{false, true} {
			for version := byte(1); version <= 3; version++ {
				t.Run(fmt.Sprintf("%s/fortran=%v/v%d", c.descr, fortran, version), func(t *testing.T) {
					flag := map[bool]string{true: "True", false: "False"}[fortran]
					content := file(version, dict("'"+c.descr+"'", flag, "(3, 2)"), c.data(pick(want, fortran)))
					got, h, err := decode(t, content, Options{Size: int64(len(content))})
					if err != nil {
						t.Fatal(err)
					}
					if diff := cmp.Diff(want, got); diff != "" || h.Rows != 3 || h.Dims != 2 || h.Descr != c.descr {
						t.Errorf("%+v\n%s", h, diff)
					}
				})
			}
		}
	}
}

func convert[T int8 | uint8 | int16 | uint16 | int32 | uint32 | int64 | uint64 | float64](v []float32) []T {
	out := make([]T, len(v))
	for i, x := range v {
		out[i] = T(x)
	}
	return out
}

func TestWhatIsRefused(t *testing.T) {
	data := make([]byte, 24)
	good := dict("'<f4'", "False", "(3, 2)")
	nan := encode(t, binary.LittleEndian, []float32{1, 2, 3, float32(math.NaN()), 5, float32(math.Inf(-1))})
	huge := encode(t, binary.LittleEndian, []float64{1, 2, 3, 4, 5, 1e300})
	for _, c := range []struct {
		name    string
		content []byte
		want    string
	}{
		{"empty", nil, "the file is empty"},
		{"csv", []byte("id,label\n1,2\n"), "starts with 'id,label"},
		{"pickle", []byte("\x80\x04\x95abcdefgh"), "not a .npy file"},
		{"version 9", file(9, good, data), "format version 9.0"},
		{"header over the limit", append([]byte(magic), 2, 0, 0xff, 0xff, 0xff, 0xff), "claims 4294967295 bytes"},
		{"cut inside the header", file(1, good, data)[:20], "ends inside its header"},
		{"cut inside the data", file(1, good, data[:23]), "need 24 bytes of data, it has 23"},
		{"trailing bytes", file(1, good, append(data, 0)), "1 bytes follow the array"},
		{"objects", file(1, dict("'|O'", "False", "(3, 2)"), data), "pickled Python objects are never loaded"},
		{"structured", file(1, dict("[('a', '<f4')]", "False", "(3, 2)"), data), "structured"},
		{"text", file(1, dict("'<U4'", "False", "(3, 2)"), data), "holds text"},
		{"bfloat16", file(1, dict("'<V2'", "False", "(3, 2)"), data), "bfloat16"},
		{"complex", file(1, dict("'<c8'", "False", "(3, 2)"), data), "complex"},
		{"dates", file(1, dict("'<M8[s]'", "False", "(3, 2)"), data), "dates"},
		{"long double", file(1, dict("'<f16'", "False", "(3, 2)"), data), "cannot be read"},
		{"empty type", file(1, dict("''", "False", "(3, 2)"), data), "unknown type"},
		{"signed size", file(1, dict("'<f+4'", "False", "(3, 2)"), data), "unknown type"},
		{"a number", file(1, dict("'<f4'", "False", "()"), data), "single number"},
		{"one dimension", file(1, dict("'<f4'", "False", "(6,)"), data), "one dimension, shape (6)"},
		{"three dimensions", file(1, dict("'<f4'", "False", "(3, 2, 1)"), data), "3 dimensions"},
		{"no rows", file(1, dict("'<f4'", "False", "(0, 2)"), nil), "empty: shape (0, 2)"},
		{"no columns", file(1, dict("'<f4'", "False", "(2, 0)"), nil), "empty: shape (2, 0)"},
		{"negative", file(1, dict("'<f4'", "False", "(-2, -2)"), data), "impossible"},
		{"overflow to zero", file(1, dict("'<f4'", "False", "(4294967296, 4294967296)"), data), "at most 65536"},
		{"rows beyond everything", file(1, dict("'<f4'", "False", "(4611686018427387904, 4)"), data), "impossible"},
		{"beyond int64", file(1, dict("'<f4'", "False", "(99999999999999999999, 2)"), data), "impossible"},
		{"two commas", file(1, dict("'<f4'", "False", "(3,,2)"), data), "no whole number"},
		{"fraction", file(1, dict("'<f4'", "False", "(3.0, 2)"), data), "damaged"},
		{"not a tuple", file(1, dict("'<f4'", "False", "(3)"), data), "no tuple"},
		{"not a boolean", file(1, dict("'<f4'", "Falsey", "(3, 2)"), data), "damaged"},
		{"twice the shape", file(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), 'shape': (3, 2)}", data), "stands twice"},
		{"a foreign key", file(1, "{'descr': '<f4', 'fortran_order': False, 'x': '(1,)', 'shape': (3, 2)}", data), "does not belong"},
		{"a missing key", file(1, "{'descr': '<f4', 'shape': (3, 2)}", data), "'fortran_order' is missing"},
		{"no dictionary", file(1, "hello world", data), "damaged"},
		{"more after it", file(1, strings.TrimSpace(good)+" x", data), "something follows"},
		{"not finite", file(1, good, nan), "row 1, column 1 is NaN (2 bad values in 2 rows: 1, 2)"},
		{"beyond float32", file(1, dict("'<f8'", "False", "(3, 2)"), huge), "row 2, column 1 is 1e+300, which is too large for float32"},
		{"damaged archive", []byte("PK\x03\x04 and nothing"), "damaged"},
	} {
		for _, size := range []int64{-1, int64(len(c.content))} {
			t.Run(fmt.Sprintf("%s/size=%d", c.name, size), func(t *testing.T) {
				_, _, err := decode(t, c.content, Options{Size: size})
				if catalog.CodeOf(err) != catalog.Invalid || !strings.Contains(err.Error(), c.want) {
					t.Errorf("got %v, want %q", err, c.want)
				}
			})
		}
	}
}

func TestExpectationsAreCheckedBeforeTheData(t *testing.T) {
	content := file(1, dict("'<f4'", "False", "(3, 2)"), make([]byte, 24))
	_, _, err := decode(t, content, Options{Size: -1, Dims: 5})
	if err == nil || !strings.Contains(err.Error(), "has 2 columns, and 5 were asked for") {
		t.Errorf("got %v", err)
	}
	refusal := catalog.Errorf(catalog.Invalid, "no")
	_, _, err = decode(t, content, Options{Size: -1, Check: func(h Header) error {
		if h.Rows != 3 {
			t.Errorf("%d rows", h.Rows)
		}
		return refusal
	}})
	if err != refusal { //nolint:errorlint // the very error
		t.Errorf("got %v", err)
	}
}

// archive makes an .npz of small arrays.
func archive(t testing.TB, names ...string) []byte {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for i, name := range names {
		member, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = member.Write(file(1, dict("'<f4'", "False", "(1, 1)"), encode(t, binary.LittleEndian, []float32{float32(i + 1)})))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestArchives(t *testing.T) {
	make := func(names ...string) []byte { return archive(t, names...) }
	for _, c := range []struct {
		name    string
		content []byte
		array   string
		value   float32
		fault   string
	}{
		{"one array", make("arr_0.npy"), "", 1, ""},
		{"named", make("a.npy", "b.npy"), "b", 2, ""},
		{"named in full", make("a.npy", "b.npy"), "a.npy", 1, ""},
		{"several", make("a.npy", "b.npy"), "", 0, "holds 2 arrays: a, b"},
		{"unknown", make("a.npy", "b.npy"), "c", 0, "no array 'c'; it holds a, b"},
		{"none", make(), "", 0, "holds no array"},
		{"a name that climbs is only a name", make("../../etc/passwd.npy"), "", 1, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, _, err := decode(t, c.content, Options{Size: int64(len(c.content)), Array: c.array})
			if c.fault != "" {
				if catalog.CodeOf(err) != catalog.Invalid || !strings.Contains(err.Error(), c.fault) {
					t.Errorf("got %v, want %q", err, c.fault)
				}
				return
			}
			if err != nil || len(got) != 1 || got[0] != c.value {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
}

// The oracle writes and reads; a reader that gives a byte at a time gives the same.
func TestAgreesWithGonpy(t *testing.T) {
	want := []float32{1.5, -2, 3e-30, 4e30, 0, 6}
	var content bytes.Buffer
	if err := Write(&content, want, 2, 3); err != nil {
		t.Fatal(err)
	}
	got, _, err := decode(t, content.Bytes(), Options{Size: int64(content.Len())})
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	var slow []float32
	_, err = Decode(context.Background(), iotest.OneByteReader(bytes.NewReader(content.Bytes())), Options{Size: -1},
		func(_ Header, _ int, rows []float32) error { slow = append(slow, rows...); return nil })
	if diff := cmp.Diff(want, slow); err != nil || diff != "" {
		t.Errorf("a byte at a time: %v %s", err, diff)
	}
	oracle, err := gonpy.NewReader(bytes.NewReader(content.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := oracle.GetFloat32()
	if diff := cmp.Diff(want, theirs); err != nil || diff != "" {
		t.Errorf("gonpy reads what Write wrote: %v %s", err, diff)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(file(1, dict("'<f4'", "False", "(3, 2)"), make([]byte, 24)))
	f.Add(file(2, dict("'>f8'", "True", "(3L, 2L)"), make([]byte, 48)))
	f.Add([]byte("PK\x03\x04"))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, content []byte) { wholeRows(t, content, dir) })
}

// FuzzArchive changes bytes of an .npz, or of a member of one whose checksum is right again.
func FuzzArchive(f *testing.F) {
	f.Add(archive(f, "arr_0.npy"), false)
	f.Add(archive(f, "a.npy", "../../etc/passwd.npy"), false)
	f.Add(file(1, dict("'<f4'", "False", "(3, 2)"), make([]byte, 24)), true)
	f.Add(file(3, dict("'<f8'", "True", "(3, 2)"), make([]byte, 48)), true)
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, content []byte, member bool) {
		if member {
			var out bytes.Buffer
			w := zip.NewWriter(&out)
			into, err := w.Create("x.npy")
			if err == nil {
				_, err = into.Write(content)
			}
			if err := errors.Join(err, w.Close()); err != nil {
				t.Fatal(err)
			}
			content = out.Bytes()
		}
		wholeRows(t, content, dir)
	})
}

// wholeRows reads a file: what is taken has come in whole rows, in order, all of them; else it is refused, and nothing is left.
func wholeRows(t *testing.T, content []byte, dir string) {
	rows := 0
	h, err := DecodeAny(context.Background(), bytes.NewReader(content), Options{Size: int64(len(content)), TempDir: dir},
		func(h Header, first int, values []float32) error {
			if first != rows || len(values)%h.Dims != 0 {
				t.Fatalf("rows %d at %d of %d", len(values), first, rows)
			}
			rows += len(values) / h.Dims
			return nil
		})
	if err == nil && rows != h.Rows {
		t.Errorf("%d of %d rows came", rows, h.Rows)
	}
	if err != nil && catalog.CodeOf(err) != catalog.Invalid {
		t.Errorf("the error is no refusal: %v", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%v is left, %v", left, err)
	}
}
