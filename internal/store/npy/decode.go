package npy

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"
	"unsafe"

	"github.com/pentoai/vectory/internal/catalog"
)

// Options say what is expected of an array.
type Options struct {
	Size    int64  // bytes of the whole file, or -1 when unknown
	TempDir string // where arrays in Fortran order and .npz archives are spooled
	Array   string // which array of an .npz
	Dims    int    // expected columns; 0: any
	// Check is told the header before the data is read and may refuse it; nil: any.
	Check func(Header) error
}

// Emit takes rows of width h.Dims in C order, first being the number of the first. It must not keep
// the slice.
type Emit func(h Header, first int, rows []float32) error

// chunk is how many bytes are read at a time.
const chunk = 1 << 20

var hostIsLittle = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

// Decode streams an .npy file as float32 rows. NaN and infinite values are refused with row and
// column, after a count of all of them. Errors: invalid.
func Decode(ctx context.Context, r io.Reader, o Options, emit Emit) (Header, error) {
	h, err := ReadHeader(r)
	if err != nil {
		return h, err
	}
	if err := o.accept(h); err != nil {
		return h, err
	}
	if h.Fortran && h.Rows > 1 && h.Dims > 1 {
		return h, decodeFortran(ctx, r, h, o, emit)
	}
	body := &counter{r: r}
	if err := h.stream(ctx, body, emit); err != nil {
		return h, err
	}
	return h, nothingLeft(r)
}

// accept checks what the header says against what is expected.
func (o Options) accept(h Header) error {
	if o.Dims > 0 && h.Dims != o.Dims {
		return invalid("the array has %d columns, and %d were asked for", h.Dims, o.Dims).WithHint("check --dims, or the file")
	}
	if o.Size >= 0 {
		have, want := o.Size-h.Offset, h.DataBytes()
		if have < want {
			return cutShort(h, have)
		}
		if have > want {
			return tooLong(have - want)
		}
	}
	if o.Check != nil {
		return o.Check(h)
	}
	return nil
}

func cutShort(h Header, have int64) error {
	return invalid("the .npy file is cut short: %d rows of %d columns of %s need %d bytes of data, it has %d", h.Rows, h.Dims, h.Descr, h.DataBytes(), have).
		WithHint("write or copy it again")
}

func tooLong(extra int64) error {
	return invalid("%d bytes follow the array in the .npy file", extra).WithHint("several arrays in one file belong into an .npz: numpy.savez")
}

func nothingLeft(r io.Reader) error {
	n, err := io.Copy(io.Discard, io.LimitReader(r, 1<<16))
	if err != nil {
		return readError(err)
	}
	if n > 0 {
		return tooLong(n)
	}
	return nil
}

// counter counts what was read, for the message of a file that is cut short.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

func readError(err error) error {
	var known *catalog.Error
	if errors.As(err, &known) {
		return err
	}
	return &catalog.Error{Code: catalog.Invalid, Message: "the array could not be read to its end: " + err.Error(), Hint: "send it again", Err: err}
}

// stream reads data in C order.
func (h Header) stream(ctx context.Context, r *counter, emit Emit) error {
	width := h.Dims * h.size
	some := max(1, chunk/width)
	raw := make([]byte, min(some, h.Rows)*width)
	rows := make([]float32, min(some, h.Rows)*h.Dims)
	var bad faults
	for first := 0; first < h.Rows; first += some {
		if ctx.Err() != nil {
			return &catalog.Error{Code: catalog.Canceled, Message: "canceled", Err: ctx.Err()}
		}
		n := min(some, h.Rows-first)
		if _, err := io.ReadFull(r, raw[:n*width]); err != nil {
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				return cutShort(h, r.n)
			}
			return readError(err)
		}
		values := rows[:n*h.Dims]
		h.convert(values, raw[:n*width])
		bad.look(values, first, h, raw)
		if bad.values > 0 {
			continue // only to count the rest
		}
		if err := emit(h, first, values); err != nil {
			return err
		}
	}
	return bad.error()
}

// convert makes float32 of raw values; float64 and integers round to nearest.
func (h Header) convert(out []float32, raw []byte) {
	order := binary.ByteOrder(binary.LittleEndian)
	if h.big {
		order = binary.BigEndian
	}
	switch {
	case h.kind == 'f' && h.size == 4 && !h.big && hostIsLittle:
		copy(unsafe.Slice((*byte)(unsafe.Pointer(&out[0])), 4*len(out)), raw)
	case h.kind == 'f' && h.size == 4:
		for i := range out {
			out[i] = math.Float32frombits(order.Uint32(raw[4*i:]))
		}
	case h.kind == 'f' && h.size == 8:
		for i := range out {
			out[i] = float32(math.Float64frombits(order.Uint64(raw[8*i:])))
		}
	case h.kind == 'f':
		for i := range out {
			out[i] = half(order.Uint16(raw[2*i:]))
		}
	default:
		h.convertIntegers(out, raw, order)
	}
}

func (h Header) convertIntegers(out []float32, raw []byte, order binary.ByteOrder) {
	signed := h.kind == 'i'
	for i := range out {
		at := raw[i*h.size:]
		switch {
		case h.kind == 'b':
			out[i] = float32(min(at[0], 1))
		case h.size == 1 && signed:
			out[i] = float32(int8(at[0]))
		case h.size == 1:
			out[i] = float32(at[0])
		case h.size == 2 && signed:
			out[i] = float32(int16(order.Uint16(at)))
		case h.size == 2:
			out[i] = float32(order.Uint16(at))
		case h.size == 4 && signed:
			out[i] = float32(int32(order.Uint32(at)))
		case h.size == 4:
			out[i] = float32(order.Uint32(at))
		case signed:
			out[i] = float32(int64(order.Uint64(at)))
		default:
			out[i] = float32(order.Uint64(at))
		}
	}
}

// half is an IEEE 754 binary16 value; exact in float32.
func half(b uint16) float32 {
	sign, exponent, fraction := uint32(b>>15)<<31, uint32(b>>10&31), uint32(b&1023)
	switch exponent {
	case 0: // zero or subnormal: fraction · 2⁻²⁴
		value := float32(fraction) * 0x1p-24
		return math.Float32frombits(math.Float32bits(value) | sign)
	case 31:
		return math.Float32frombits(sign | 0x7f800000 | fraction<<13)
	}
	return math.Float32frombits(sign | (exponent+112)<<23 | fraction<<13)
}

// faults counts the values that are not finite.
type faults struct {
	values int
	rows   []int // the first few
	nrows  int
	last   int
	first  string
}

const infinite = 0x7f800000 // the exponent of NaN and ±Inf

func (f *faults) look(values []float32, first int, h Header, raw []byte) {
	for i, v := range values {
		if math.Float32bits(v)&infinite != infinite {
			continue
		}
		row, column := first+i/h.Dims, i%h.Dims
		if f.values == 0 {
			f.first = fmt.Sprintf("row %d, column %d is %s", row, column, h.name(v, raw[i*h.size:]))
		}
		f.values++
		if f.nrows == 0 || row != f.last {
			f.nrows++
			f.last = row
			if len(f.rows) < 5 {
				f.rows = append(f.rows, row)
			}
		}
	}
}

// name says what a value is; a float64 beyond float32 is told from a true infinity.
func (h Header) name(v float32, raw []byte) string {
	if h.kind == 'f' && h.size == 8 && !math.IsNaN(float64(v)) {
		order := binary.ByteOrder(binary.LittleEndian)
		if h.big {
			order = binary.BigEndian
		}
		if x := math.Float64frombits(order.Uint64(raw)); !math.IsInf(x, 0) {
			return fmt.Sprintf("%g, which is too large for float32", x)
		}
	}
	switch {
	case math.IsNaN(float64(v)):
		return "NaN"
	case v < 0:
		return "-Inf"
	}
	return "Inf"
}

func (f *faults) error() error {
	if f.values == 0 {
		return nil
	}
	list := make([]string, len(f.rows))
	for i, row := range f.rows {
		list[i] = strconv.Itoa(row)
	}
	if f.nrows > len(f.rows) {
		list = append(list, "…")
	}
	return invalid("%s (%d bad values in %d rows: %s)", f.first, f.values, f.nrows, strings.Join(list, ", ")).
		WithHint("rows count from 0; remove those rows, or find out why the model gives them")
}

// decodeFortran spools the columns to a file and reads it back by blocks of rows, so that memory
// stays bounded whatever the size.
func decodeFortran(ctx context.Context, r io.Reader, h Header, o Options, emit Emit) error {
	spool, err := os.CreateTemp(o.TempDir, ".tmp-fortran-*")
	if err != nil {
		return fmt.Errorf("spool an array in Fortran order: %w", err)
	}
	defer spool.Close()
	defer os.Remove(spool.Name())
	n, err := io.Copy(spool, io.LimitReader(r, h.DataBytes()))
	if err != nil {
		return readError(err)
	}
	if n < h.DataBytes() {
		return cutShort(h, n)
	}
	if err := nothingLeft(r); err != nil {
		return err
	}
	return h.stream(ctx, &counter{r: &transposer{file: spool, h: h}}, emit)
}

// transposer reads a column-major file as if it were row-major, a block of rows at a time.
type transposer struct {
	file  *os.File
	h     Header
	row   int // the next row to load
	block []byte
}

func (t *transposer) Read(p []byte) (int, error) {
	if len(t.block) == 0 {
		if t.row >= t.h.Rows {
			return 0, io.EOF
		}
		if err := t.load(); err != nil {
			return 0, err
		}
	}
	n := copy(p, t.block)
	t.block = t.block[n:]
	return n, nil
}

// load reads the next rows: a run of each column, 8 MiB in all.
func (t *transposer) load() error {
	size, dims := t.h.size, t.h.Dims
	rows := min(max(1, 8*chunk/(size*dims)), t.h.Rows-t.row)
	run := make([]byte, rows*size)
	block := make([]byte, rows*dims*size)
	for column := range dims {
		if _, err := t.file.ReadAt(run, int64(column*t.h.Rows+t.row)*int64(size)); err != nil {
			return err
		}
		for i := range rows {
			copy(block[(i*dims+column)*size:][:size], run[i*size:])
		}
	}
	t.row += rows
	t.block = block
	return nil
}
