package columnar

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"syscall"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/float16"
	"github.com/apache/arrow-go/v18/arrow/ipc"

	"github.com/pentoai/vectory/internal/store/npy"
)

// batches reads the record batches of an arrow file, which is mapped into memory: what is not packed is read in place.
type batches struct {
	schema *arrow.Schema
	rows   int // of all batches; -1 when only the end of a stream tells
	next   func() (arrow.RecordBatch, error)
	close  func() error
}

func openArrow(f Format, file *os.File, size int64) (*batches, error) {
	if size > 1<<46 || size < 8 {
		return nil, errors.New("it is cut short")
	}
	mem, err := syscall.Mmap(int(file.Fd()), 0, int(size), syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("map the file: %w", err)
	}
	b := &batches{rows: -1, close: func() error { return syscall.Munmap(mem) }}
	limits := []ipc.Option{ipc.WithAllocator(&allowance{left: maxBatch}), ipc.WithMetadataSizeLimit(maxFooter), ipc.WithBodySizeLimit(min(size, 16<<30))}
	if f == ArrowStream {
		r, err := ipc.NewReader(bytes.NewReader(mem), limits...)
		if err != nil {
			return nil, errors.Join(err, b.close())
		}
		b.schema, b.next = r.Schema(), r.Read
		return b, nil
	}
	r, err := ipc.NewFileReader(bytes.NewReader(mem), limits...)
	if err == nil && !hasDictionaries(r) { // whose texts only this reader can look up: it copies each batch
		r, err = ipc.NewMappedFileReader(mem, limits...)
	}
	if err != nil {
		return nil, errors.Join(err, b.close())
	}
	b.schema = r.Schema()
	at := 0
	b.next = func() (arrow.RecordBatch, error) {
		if at >= r.NumRecords() {
			return nil, io.EOF
		}
		at++
		return r.RecordBatchAt(at - 1)
	}
	return b, nil
}

func hasDictionaries(r *ipc.FileReader) bool {
	return r.NumDictionaries() > 0 || slices.ContainsFunc(r.Schema().Fields(), func(f arrow.Field) bool { return f.Type.ID() == arrow.DICTIONARY })
}

// each calls take for every batch and releases it.
func (b *batches) each(ctx context.Context, take func(arrow.RecordBatch) error) error {
	for {
		if err := canceled(ctx); err != nil {
			return err
		}
		batch, err := b.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		err = take(batch)
		batch.Release()
		if err != nil {
			return err
		}
	}
}

// allowance hands out memory until it is used up; then it panics, since the library knows no other way.
type allowance struct{ left int }

func (a *allowance) Allocate(size int) []byte {
	if size < 0 || size > a.left {
		panic(invalid("a record batch of the arrow file needs more than %d MiB of memory", maxBatch>>20).WithHint("write it in smaller batches: chunksize=10000"))
	}
	a.left -= size
	return make([]byte, size)
}

func (a *allowance) Reallocate(size int, b []byte) []byte {
	if size <= cap(b) && size >= 0 {
		return b[:size]
	}
	out := a.Allocate(size)
	copy(out, b)
	a.Free(b)
	return out
}

func (a *allowance) Free(b []byte) { a.left += cap(b) }

// vectorsOfArrow fills rows from a list column.
func vectorsOfArrow(ctx context.Context, f Format, file *os.File, size int64, fill *filler) error {
	b, err := openArrow(f, file, size)
	if err != nil {
		return err
	}
	defer func() { _ = b.close() }()
	var vectors, others []string
	at := map[string]int{}
	for i, field := range b.schema.Fields() {
		at[field.Name] = i
		if list, ok := field.Type.(arrow.ListLikeType); ok && arrowNumber(list.Elem()) != "" && field.Type.ID() != arrow.MAP {
			vectors = append(vectors, field.Name)
		} else {
			others = append(others, field.Name)
		}
	}
	name, err := chooseColumn(f, vectors, others, fill.o.Array)
	if err != nil {
		return err
	}
	column := at[name]
	fill.h.Descr = arrowNumber(b.schema.Field(column).Type.(arrow.ListLikeType).Elem())
	if fill.h.Rows, err = countRows(ctx, f, file, size); err != nil {
		return err
	}
	return b.each(ctx, func(batch arrow.RecordBatch) error {
		if int(batch.NumCols()) <= column {
			return errors.New("a record batch lacks columns")
		}
		return listsOfArrow(batch.Column(column), fill)
	})
}

// countRows reads the headers of all batches: how many rows there are is wanted before the first.
func countRows(ctx context.Context, f Format, file *os.File, size int64) (n int, err error) {
	b, err := openArrow(f, file, size)
	if err != nil {
		return 0, err
	}
	defer func() { _ = b.close() }()
	err = b.each(ctx, func(batch arrow.RecordBatch) error { n += int(batch.NumRows()); return nil })
	return n, err
}

// arrowNumber is what numpy calls the type; "": these are no numbers.
func arrowNumber(t arrow.DataType) string {
	switch t.ID() {
	case arrow.FLOAT16:
		return "<f2"
	case arrow.FLOAT32:
		return "<f4"
	case arrow.FLOAT64:
		return "<f8"
	case arrow.INT8, arrow.INT16, arrow.INT32, arrow.INT64:
		return fmt.Sprintf("<i%d", t.(arrow.FixedWidthDataType).BitWidth()/8)
	case arrow.UINT8, arrow.UINT16, arrow.UINT32, arrow.UINT64:
		return fmt.Sprintf("<u%d", t.(arrow.FixedWidthDataType).BitWidth()/8)
	default:
		return ""
	}
}

func listsOfArrow(column arrow.Array, fill *filler) error {
	lists, ok := column.(array.ListLike)
	if !ok {
		return fmt.Errorf("a record batch has %s where the schema has lists", column.DataType())
	}
	elements := lists.ListValues()
	values, wide, err := arrowNumbers(elements)
	if err != nil {
		return err
	}
	for i := range lists.Len() {
		if lists.IsNull(i) {
			return fill.noVector(fill.row + 1)
		}
		from, upto := lists.ValueOffsets(i)
		if from < 0 || upto < from || upto > int64(len(values)) {
			return fmt.Errorf("list %d lies at %d to %d of %d values", i, from, upto, len(values))
		}
		if err := fill.begin(); err != nil {
			return err
		}
		if elements.NullN() > 0 {
			for j := from; j < upto; j++ {
				if elements.IsNull(int(j)) {
					fill.width = int(j - from)
					return fill.nullValue()
				}
			}
		}
		var w []float64
		if wide != nil {
			w = wide[from:upto]
		}
		if err := fill.add(values[from:upto], w); err != nil {
			return err
		}
	}
	return nil
}

func arrowNumbers(a arrow.Array) (values []float32, wide []float64, err error) {
	switch a := a.(type) {
	case *array.Float32:
		values = a.Float32Values()
	case *array.Float64:
		values, wide = floats(a.Float64Values())
	case *array.Float16:
		values = halves(a.Values())
	case *array.Int8:
		values, _ = floats(a.Int8Values())
	case *array.Int16:
		values, _ = floats(a.Int16Values())
	case *array.Int32:
		values, _ = floats(a.Int32Values())
	case *array.Int64:
		values, _ = floats(a.Int64Values())
	case *array.Uint8:
		values, _ = floats(a.Uint8Values())
	case *array.Uint16:
		values, _ = floats(a.Uint16Values())
	case *array.Uint32:
		values, _ = floats(a.Uint32Values())
	case *array.Uint64:
		values, _ = floats(a.Uint64Values())
	default:
		err = fmt.Errorf("a record batch has %s where the schema has numbers", a.DataType())
	}
	return values, wide, err
}

func halves(from []float16.Num) []float32 {
	values := make([]float32, len(from))
	for i, v := range from {
		values[i] = npy.Half(v.Uint16())
	}
	return values
}
