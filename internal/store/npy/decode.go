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
	"syscall"
	"unsafe"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/vec"
)

// Options say what is expected of an array.
type Options struct {
	Size    int64  // bytes of the whole file, or -1 when unknown
	TempDir string // where arrays in Fortran order and .npz archives are spooled
	Array   string // which array of an .npz, which tensor of a .safetensors
	Dtype   string // what raw values of two bytes are; "" or BFloat16
	Dims    int    // expected columns; 0: any
	// Check is told the header before the data is read and may refuse it; nil: any.
	Check func(Header) error
	// Room gives n floats to read the next rows into, which are then emitted; room that was not emitted (nothing is after
	// a fault) may be given again. nil: there is one room for all, and Emit must not keep it.
	Room func(n int) []float32

	lies *File // where the array lies on a disk already
}

// Emit takes rows of width h.Dims in C order, first being the number of the first.
type Emit func(h Header, first int, rows []float32) error

// chunk is how many bytes are read at a time: little enough to stay in a core's cache while they are looked at, hashed
// and written, and for the kernel to find room for in memory that is in use already.
const chunk = 256 << 10

var hostIsLittle = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

// Decode streams an .npy file as float32 rows. NaN and infinite values are refused with row and
// column, after a count of all of them. Errors: invalid.
func Decode(ctx context.Context, r io.Reader, o Options, emit Emit) (Header, error) {
	h, err := readHeader(r, o.Dtype)
	if err != nil {
		return h, err
	}
	if err := o.Accept(h); err != nil {
		return h, err
	}
	if h.Fortran && h.Rows > 1 && h.Dims > 1 {
		return h, decodeFortran(ctx, r, h, o, emit)
	}
	body := &counter{r: r}
	if err := h.stream(ctx, body, o.Room, emit); err != nil {
		return h, err
	}
	return h, nothingLeft(r)
}

// Accept checks what the header says against what is expected.
func (o Options) Accept(h Header) error {
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
		return ReadError(err)
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

// ReadError tells a body that broke off from a disk that is full of what was put there on the way.
func ReadError(err error) error {
	var known *catalog.Error
	switch {
	case errors.As(err, &known):
		return err
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return &catalog.Error{Code: catalog.NoSpace, Message: "the array cannot be put on the disk: it is full", Hint: "free some space, or put VECTORY_HOME on another disk", Err: err}
	}
	return &catalog.Error{Code: catalog.Invalid, Message: "the array could not be read to its end: " + err.Error(), Hint: "send it again", Err: err}
}

// stream reads data in C order.
func (h Header) stream(ctx context.Context, r *counter, room func(n int) []float32, emit Emit) error {
	width := h.Dims * h.size
	some := max(1, chunk/width)
	var raw []byte
	if !h.native() {
		raw = make([]byte, min(some, h.Rows)*width)
	}
	if room == nil {
		block := make([]float32, min(some, h.Rows)*h.Dims)
		room = func(n int) []float32 { return block[:n] }
	}
	rows := NewRows(h, emit)
	for first := 0; first < h.Rows; first += some {
		if ctx.Err() != nil {
			return &catalog.Error{Code: catalog.Canceled, Message: "canceled", Err: ctx.Err()}
		}
		n := min(some, h.Rows-first)
		values := room(n * h.Dims)
		if h.native() {
			raw = bytesOf(values)
		}
		if _, err := io.ReadFull(r, raw[:n*width]); err != nil {
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				return cutShort(h, r.n)
			}
			return ReadError(err)
		}
		if !h.native() {
			h.convert(values, raw[:n*width])
		}
		if err := rows.Put(values, h.wide(raw)); err != nil {
			return err
		}
	}
	return rows.Close()
}

// wide gives values as they were before they became float32; nil where none can be lost.
func (h Header) wide(raw []byte) func(i int) float64 {
	if h.kind != 'f' || h.size != 8 {
		return nil
	}
	order := binary.ByteOrder(binary.LittleEndian)
	if h.big {
		order = binary.BigEndian
	}
	return func(i int) float64 { return math.Float64frombits(order.Uint64(raw[8*i:])) }
}

// native says whether the data is float32 as this machine has it in memory.
func (h Header) native() bool { return h.kind == 'f' && h.size == 4 && !h.big && hostIsLittle }

func bytesOf(values []float32) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(&values[0])), 4*len(values))
}

// convert makes float32 of raw values; float64 and integers round to nearest.
func (h Header) convert(out []float32, raw []byte) {
	order := binary.ByteOrder(binary.LittleEndian)
	if h.big {
		order = binary.BigEndian
	}
	switch {
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
			out[i] = Half(order.Uint16(raw[2*i:]))
		}
	case h.kind == brain:
		for i := range out {
			out[i] = math.Float32frombits(uint32(order.Uint16(raw[2*i:])) << 16)
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

// Half is an IEEE 754 binary16 value; exact in float32.
func Half(b uint16) float32 {
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

// Rows passes the rows of a matrix on, whatever file they come from, until a value is not finite: then it only counts.
type Rows struct {
	h    Header
	emit Emit
	next int // the number of the next row
	bad  faults
}

// NewRows makes one for a matrix of that header.
func NewRows(h Header, emit Emit) *Rows { return &Rows{h: h, emit: emit} }

// Put takes the next rows, C order. wide gives value i of them as it was before it became float32; nil: the same.
func (r *Rows) Put(values []float32, wide func(i int) float64) error {
	first := r.next
	r.next += len(values) / r.h.Dims
	if !vec.Finite(values) {
		r.bad.look(values, first, r.h.Dims, wide)
	}
	if r.bad.values > 0 {
		return nil
	}
	return r.emit(r.h, first, values)
}

// Close tells of the values that were not finite. Errors: invalid.
func (r *Rows) Close() error { return r.bad.error() }

// faults counts the values that are not finite.
type faults struct {
	values int
	rows   []int // the first few
	nrows  int
	last   int
	first  string
}

const infinite = 0x7f800000 // the exponent of NaN and ±Inf

func (f *faults) look(values []float32, first, dims int, wide func(i int) float64) {
	for i, v := range values {
		if math.Float32bits(v)&infinite != infinite {
			continue
		}
		row, column := first+i/dims, i%dims
		if f.values == 0 {
			was := float64(v)
			if wide != nil {
				was = wide(i)
			}
			f.first = fmt.Sprintf("row %d, column %d is %s", row, column, nameOf(was))
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

// nameOf says what a value is; a float64 beyond float32 is told from a true infinity.
func nameOf(v float64) string {
	switch {
	case math.IsNaN(v):
		return "NaN"
	case math.IsInf(v, 1):
		return "Inf"
	case math.IsInf(v, -1):
		return "-Inf"
	}
	return fmt.Sprintf("%g, which is too large for float32", v)
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

// decodeFortran spools the columns to a file, unless they lie in one, and reads it back by blocks of rows, so that memory
// stays bounded whatever the size.
func decodeFortran(ctx context.Context, r io.Reader, h Header, o Options, emit Emit) error {
	if o.lies != nil { // its size has been checked
		return h.stream(ctx, &counter{r: &transposer{file: o.lies, at: h.Offset, h: h}}, o.Room, emit)
	}
	spool, err := os.CreateTemp(o.TempDir, ".tmp-fortran-*")
	if err != nil {
		return fmt.Errorf("spool an array in Fortran order: %w", err)
	}
	defer spool.Close()
	defer os.Remove(spool.Name())
	n, err := io.Copy(spool, io.LimitReader(r, h.DataBytes()))
	if err != nil {
		return ReadError(err)
	}
	if n < h.DataBytes() {
		return cutShort(h, n)
	}
	if err := nothingLeft(r); err != nil {
		return err
	}
	return h.stream(ctx, &counter{r: &transposer{file: spool, h: h}}, o.Room, emit)
}

// transposer reads a column-major file as if it were row-major, a block of rows at a time.
type transposer struct {
	file  io.ReaderAt
	at    int64 // where the first column begins
	h     Header
	row   int // the next row to load
	block []byte

	memory []byte // of every block
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
	rows := min(max(1, (8<<20)/(size*dims)), t.h.Rows-t.row)
	run := make([]byte, rows*size)
	if t.memory == nil {
		t.memory = make([]byte, rows*dims*size)
	}
	block := t.memory[:rows*dims*size]
	for column := range dims {
		if _, err := t.file.ReadAt(run, t.at+int64(column*t.h.Rows+t.row)*int64(size)); err != nil {
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
