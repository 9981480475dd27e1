// Package columnar reads parquet, arrow and feather files: one column of vectors as rows of float32, or the plain columns
// as a CSV. It promises that a hostile file costs an error: the libraries believe the lengths that a file claims, and Go
// ends a process that asks for more memory than there is, so that a Reader lets a process of its own do the reading, with
// a limit (isolated.go). A file is read in place, never as a whole.
package columnar

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/store/npy"
)

const (
	maxFooter  = 64 << 20 // bytes
	maxColumns = 4096
	blockBytes = 256 << 10 // of rows that are passed on at once, as package npy does
	maxBatch   = 1 << 30   // bytes of an arrow record batch in memory
)

// Format is how a file is laid out.
type Format int

// The formats.
const (
	None Format = iota
	Parquet
	ArrowFile   // also called feather, version 2
	ArrowStream // what datasets.save_to_disk writes
)

// HeadBytes is how many first bytes FormatOf wants.
const HeadBytes = 8

// FormatOf tells the format by a file's first bytes.
func FormatOf(head []byte) Format {
	switch {
	case bytes.HasPrefix(head, []byte("PAR1")), bytes.HasPrefix(head, []byte("PARE")):
		return Parquet
	case bytes.HasPrefix(head, []byte("ARROW1")):
		return ArrowFile
	case bytes.HasPrefix(head, []byte("\xff\xff\xff\xff")) && len(head) == HeadBytes && head[7] == 0:
		return ArrowStream
	}
	return None
}

func (f Format) String() string {
	return [...]string{"plain", "parquet", "arrow", "arrow"}[f]
}

func invalid(format string, args ...any) *catalog.Error {
	return catalog.Errorf(catalog.Invalid, format, args...)
}

func damaged(f Format, err error) error {
	var known *catalog.Error
	if errors.As(err, &known) {
		return err
	}
	return &catalog.Error{Code: catalog.Invalid, Message: fmt.Sprintf("the %s file is damaged: %s", f, firstLine(err.Error())), Hint: "write it again", Err: err}
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	if len(line) > 200 {
		line = strings.ToValidUTF8(line[:200], "") + "…"
	}
	return line
}

// sound turns a panic of a library into an error: both index what a file says.
func sound(f Format, err *error) {
	p := recover()
	if p == nil {
		return
	}
	if known, ok := p.(*catalog.Error); ok {
		*err = known
		return
	}
	*err = damaged(f, fmt.Errorf("%v", p))
}

// decode reads the column that o.Array names, or the only one that holds lists of numbers, as rows of a matrix. Lists
// must be of one length. Errors: invalid, with row and column.
func decode(ctx context.Context, f Format, file *os.File, size int64, o npy.Options, emit npy.Emit) (h npy.Header, err error) {
	defer sound(f, &err)
	fill := &filler{o: o, emit: emit, row: -1}
	fill.o.Size = -1 // speaks of an .npy
	switch f {
	case Parquet:
		err = vectorsOfParquet(ctx, file, size, fill)
	default:
		err = vectorsOfArrow(ctx, f, file, size, fill)
	}
	if err == nil {
		err = fill.finish()
	}
	if err != nil && !errors.As(err, new(*catalog.Error)) {
		err = damaged(f, fmt.Errorf("%w (the file has %d bytes; %d rows were read)", err, size, max(fill.row, 0)))
	}
	return fill.h, err
}

// chooseColumn takes the one column of vectors, or the named one.
func chooseColumn(f Format, vectors, others []string, array string) (string, error) {
	switch {
	case array != "" && slices.Contains(vectors, array):
		return array, nil
	case array != "" && slices.Contains(others, array):
		return "", invalid("the column '%s' of the %s file does not hold lists of numbers", array, f).WithHint("%s", holds(vectors))
	case array != "":
		return "", invalid("the %s file has no column '%s'", f, array).WithHint("%s", holds(vectors))
	case len(vectors) == 0:
		return "", invalid("no column of the %s file holds lists of numbers; it has %s", f, someOf(others)).
			WithHint("the vectors are one column of lists: pandas.DataFrame({'id': ids, 'vector': list(x)})")
	case len(vectors) > 1:
		return "", invalid("%d columns of the %s file hold lists of numbers: %s", len(vectors), f, someOf(vectors)).WithHint("say which one with --array NAME")
	}
	return vectors[0], nil
}

func holds(vectors []string) string {
	if len(vectors) == 0 {
		return "no column does"
	}
	return "those that hold lists of numbers: " + someOf(vectors)
}

func someOf(names []string) string {
	const some = 12
	list := "'" + strings.Join(names[:min(len(names), some)], "', '") + "'"
	switch {
	case len(names) == 0:
		return "no column"
	case len(names) > some:
		list += fmt.Sprintf(" and %d more", len(names)-some)
	}
	return list
}

// filler makes rows of one width out of values that come in any portions.
type filler struct {
	o      npy.Options
	emit   npy.Emit
	h      npy.Header // Rows and Descr are set by the reader, Dims when the first row has ended
	rows   *npy.Rows
	values []float32 // whole rows, then the row that is being filled
	wide   []float64 // the same before they became float32; empty where nothing can be lost
	row    int       // the row that is being filled; -1: none
	width  int       // its values so far
}

// begin ends the last row and begins the next.
func (f *filler) begin() error {
	if err := f.end(); err != nil {
		return err
	}
	f.row++
	return nil
}

// end checks the row that has been filled.
func (f *filler) end() error {
	if f.row < 0 {
		return nil
	}
	if f.rows == nil {
		if err := f.first(); err != nil {
			return err
		}
	}
	if f.width != f.h.Dims {
		return invalid("row %d has %d values, and row 0 has %d: all vectors must be of one length", f.row, f.width, f.h.Dims)
	}
	f.width = 0
	if 4*len(f.values) >= blockBytes {
		return f.flush()
	}
	return nil
}

// first learns the width from row 0.
func (f *filler) first() error {
	switch f.h.Dims = f.width; {
	case f.width == 0:
		return invalid("row 0 holds an empty list, where a vector is needed")
	case f.width > npy.MaxDims:
		return invalid("the vectors have %d values; at most %d are taken", f.width, npy.MaxDims)
	}
	f.rows = npy.NewRows(f.h, f.emit)
	return f.o.Accept(f.h)
}

func (f *filler) flush() error {
	var wide func(i int) float64
	if len(f.wide) > 0 {
		wide = func(i int) float64 { return f.wide[i] }
	}
	err := f.rows.Put(f.values, wide)
	f.values, f.wide = f.values[:0], f.wide[:0]
	return err
}

func (f *filler) add(values []float32, wide []float64) error {
	f.width += len(values)
	if f.width > npy.MaxDims {
		return invalid("row %d has more than %d values", f.row, npy.MaxDims)
	}
	f.values, f.wide = append(f.values, values...), append(f.wide, wide...)
	return nil
}

func (f *filler) noVector(row int) error {
	return invalid("row %d has no vector (it is null)", row).WithHint("rows count from 0; leave such rows out, of the dataset too")
}

func (f *filler) nullValue() error {
	return invalid("row %d, column %d is null", f.row, f.width).WithHint("rows count from 0; remove those rows, or find out why the model gives them")
}

func (f *filler) finish() error {
	if f.row < 0 {
		return invalid("the file has no rows")
	}
	if err := f.end(); err != nil {
		return err
	}
	if f.row+1 != f.h.Rows {
		return fmt.Errorf("it speaks of %d rows and has %d", f.h.Rows, f.row+1)
	}
	if err := f.flush(); err != nil {
		return err
	}
	return f.rows.Close()
}

func canceled(ctx context.Context) error {
	if ctx.Err() == nil {
		return nil
	}
	return &catalog.Error{Code: catalog.Canceled, Message: "canceled", Err: ctx.Err()}
}

// floats makes float32 of numbers; wide is what float64s were.
func floats[T int8 | int16 | int32 | int64 | uint8 | uint16 | uint32 | uint64 | float32 | float64](from []T) (values []float32, wide []float64) {
	if same, ok := any(from).([]float32); ok {
		return same, nil
	}
	values = make([]float32, len(from))
	for i, v := range from {
		values[i] = float32(v)
	}
	wide, _ = any(from).([]float64)
	return values, wide
}
