package npy

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/pentoai/vectory/internal/catalog"
)

// tensors makes a .safetensors file.
func tensors(header string, data []byte) []byte {
	out := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(out, header...), data...)
}

func TestTensors(t *testing.T) {
	f32 := encode(t, binary.LittleEndian, []float32{1, 2, 3, 4, 5, 6})
	bf16 := []byte{0x80, 0x3f, 0x00, 0x40, 0x40, 0x40, 0x80, 0x40, 0xa0, 0x40, 0xc0, 0x40} // 1 to 6
	two := tensors(`{"__metadata__":{"a":"b"},"y":{"dtype":"BF16","shape":[3,2],"data_offsets":[24,36]},"x":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}  `, append(slices.Clone(f32), bf16...))
	for _, c := range []struct {
		name, array string
		content     []byte
		rows        int
		descr       string
	}{
		{"one", "", tensors(`{"x":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}`, f32), 2, "F32"},
		{"the first of two", "x", two, 2, "F32"},
		{"the last of two, bfloat16", "y", two, 3, "BF16"},
	} {
		for _, size := range []int64{-1, int64(len(c.content))} {
			t.Run(fmt.Sprintf("%s/size=%d", c.name, size), func(t *testing.T) {
				got, h, err := decode(t, c.content, Options{Size: size, Array: c.array})
				if err != nil || h.Rows != c.rows || h.Descr != c.descr || !slices.Equal(got, []float32{1, 2, 3, 4, 5, 6}) {
					t.Errorf("%v of %+v, %v", got, h, err)
				}
			})
		}
	}
	for _, c := range []struct {
		name, array, header string
		data                int
		want                string
	}{
		{"several", "", `{"a":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1,1],"data_offsets":[4,8]}}`, 8, "holds 2 tensors: a, b"},
		{"unknown name", "c", `{"a":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]}}`, 4, "no tensor 'c'; it holds a"},
		{"none", "", `{"__metadata__":{}}`, 0, "holds no tensor"},
		{"empty", "", `{}`, 0, "holds no tensor"},
		{"twice", "", `{"a":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]}}`, 4, "stands twice"},
		{"overlap", "a", `{"a":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]}}`, 4, "has to begin"},
		{"gap", "", `{"a":{"dtype":"F32","shape":[1,1],"data_offsets":[4,8]}}`, 8, "0 is where it has to begin"},
		{"backwards", "", `{"a":{"dtype":"F32","shape":[1,1],"data_offsets":[0,-4]}}`, 4, "has to begin"},
		{"three offsets", "", `{"a":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4,8]}}`, 4, "has to begin"},
		{"shape and length", "", `{"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,4]}}`, 4, "needs 8 bytes and has 4"},
		{"product overflows", "", `{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}`, 0, "at most 65536"},
		{"a fraction", "", `{"a":{"dtype":"F32","shape":[1.5,1],"data_offsets":[0,4]}}`, 4, "impossible"},
		{"one dimension", "", `{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, 4, "one dimension"},
		{"unknown type", "", `{"a":{"dtype":"F8_E4M3","shape":[1,1],"data_offsets":[0,1]}}`, 1, "type 'F8_E4M3', which cannot be read"},
		{"more in a tensor", "", `{"a":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4],"x":1}}`, 4, "unknown field"},
		{"no JSON", "", `{"a":}`, 0, "no JSON"},
		{"more after it", "", `{} x`, 0, "something follows"},
		{"cut short", "", `{"a":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]}}`, 3, ""},
		{"too long", "", `{"a":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]}}`, 5, ""},
	} {
		content := tensors(c.header, make([]byte, c.data))
		for _, size := range []int64{-1, int64(len(content))} {
			t.Run(fmt.Sprintf("%s/size=%d", c.name, size), func(t *testing.T) {
				_, _, err := decode(t, content, Options{Size: size, Array: c.array})
				if catalog.CodeOf(err) != catalog.Invalid || !strings.Contains(err.Error(), c.want) {
					t.Errorf("got %v, want %q", err, c.want)
				}
			})
		}
	}
}

// bfloat16 is what numpy saves as raw bytes, when its name is sent along.
func TestBFloat16ByName(t *testing.T) {
	raw := encode(t, binary.LittleEndian, []uint16{0x3f80, 0xc000, 0x7f7f, 0x0001})
	want := []float32{1, -2, math.Float32frombits(0x7f7f0000), math.Float32frombits(0x00010000)}
	for _, descr := range []string{"<V2", "|V2", "<u2", "<i2"} {
		got, h, err := decode(t, file(1, dict("'"+descr+"'", "False", "(2, 2)"), raw), Options{Size: -1, Dtype: BFloat16})
		if err != nil || h.Descr != BFloat16 || !slices.Equal(got, want) {
			t.Errorf("%s: %v of %+v, %v", descr, got, h, err)
		}
	}
	for _, c := range []struct{ descr, dtype, want string }{
		{"<f4", BFloat16, "and bfloat16 was said"}, {"<f2", BFloat16, "and bfloat16 was said"}, {"<u2", "float8", `dtype="float8" is unknown`},
	} {
		_, _, err := decode(t, file(1, dict("'"+c.descr+"'", "False", "(2, 2)"), raw), Options{Size: -1, Dtype: c.dtype})
		if catalog.CodeOf(err) != catalog.Invalid || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
	nan := encode(t, binary.LittleEndian, []uint16{0x3f80, 0x7fc0})
	if _, _, err := decode(t, file(1, dict("'<V2'", "False", "(1, 2)"), nan), Options{Size: -1, Dtype: BFloat16}); err == nil || !strings.Contains(err.Error(), "row 0, column 1 is NaN") {
		t.Errorf("got %v", err)
	}
}

func FuzzTensors(f *testing.F) {
	f.Add([]byte(`{"x":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}`), 24)
	f.Add([]byte(`{"x":{"dtype":"BF16","shape":[2,3],"data_offsets":[4,16]},"y":{"dtype":"I8","shape":[4],"data_offsets":[0,4]}}`), 16)
	f.Fuzz(func(t *testing.T, header []byte, data int) {
		content := tensors(string(header), make([]byte, data&0xffff))
		rows := 0
		h, err := DecodeAny(context.Background(), bytes.NewReader(content), Options{Size: -1, Array: "x"}, func(h Header, first int, values []float32) error {
			if first != rows || len(values)%h.Dims != 0 {
				t.Fatalf("%d values at %d of %d", len(values), first, rows)
			}
			rows += len(values) / h.Dims
			return nil
		})
		if err == nil && rows != h.Rows {
			t.Errorf("%d of %d rows came", rows, h.Rows)
		}
	})
}
