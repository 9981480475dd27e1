package columnar

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding"
	"github.com/parquet-go/parquet-go/format"

	"github.com/pentoai/vectory/internal/store/npy"
)

// vectorsOfParquet fills rows from a list column. A list is a leaf that repeats once: each value comes with a repetition
// level (0: a row begins) and a definition level (the highest: it is there).
func vectorsOfParquet(ctx context.Context, file *os.File, size int64, fill *filler) error {
	f, err := openParquet(file, size)
	if err != nil {
		return err
	}
	leaves := map[string]*parquet.Column{}
	var vectors, others []string
	for _, column := range f.Root().Columns() {
		if leaf := listOf(f, column); leaf != nil {
			leaves[column.Name()] = leaf
			vectors = append(vectors, column.Name())
		} else {
			others = append(others, column.Name())
		}
	}
	name, err := chooseColumn(Parquet, vectors, others, fill.o.Array)
	if err != nil {
		return err
	}
	leaf := leaves[name]
	if f.NumRows() < 0 || f.NumRows() > math.MaxInt32 {
		return fmt.Errorf("it speaks of %d rows", f.NumRows())
	}
	fill.h = npy.Header{Descr: numberType(f, leaf), Rows: int(f.NumRows())}
	read := listReader{fill: fill, kind: leaf.Type(), unsigned: fill.h.Descr[1] == 'u', highest: byte(leaf.MaxDefinitionLevel()), nullable: leaf.Optional()}
	if read.empty = read.highest - 1; read.nullable {
		read.empty--
	}
	for _, group := range f.RowGroups() {
		if err := eachPage(ctx, group.ColumnChunks()[leaf.Index()], read.page); err != nil {
			return err
		}
	}
	return nil
}

// openParquet opens a parquet file whose footer is of a sane size; column statistics and filters are not looked at.
func openParquet(file *os.File, size int64) (*parquet.File, error) {
	var end [8]byte
	if size < 12 {
		return nil, errors.New("it is cut short")
	}
	if _, err := file.ReadAt(end[:], size-8); err != nil {
		return nil, err
	}
	if string(end[4:]) == "PARE" {
		return nil, invalid("the parquet file is encrypted").WithHint("write it again without encryption")
	}
	if string(end[4:]) != "PAR1" {
		return nil, errors.New("it does not end as parquet does: it is cut short")
	}
	if footer := int64(binary.LittleEndian.Uint32(end[:])); footer > size-12 || footer > maxFooter {
		return nil, fmt.Errorf("its footer claims %d bytes of the file's %d", footer, size)
	}
	return parquet.OpenFile(file, size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
}

// listOf gives the leaf of a column of lists of numbers, nil of any other.
func listOf(f *parquet.File, column *parquet.Column) *parquet.Column {
	for !column.Leaf() {
		if len(column.Columns()) != 1 {
			return nil
		}
		column = column.Columns()[0]
	}
	if column.MaxRepetitionLevel() != 1 || numberType(f, column) == "" {
		return nil
	}
	return column
}

// numberType is what numpy calls the type; "": these are no numbers.
func numberType(f *parquet.File, leaf *parquet.Column) string {
	t := leaf.Type()
	logical := logicalOf(t)
	switch t.Kind() {
	case parquet.Float:
		return "<f4"
	case parquet.Double:
		return "<f8"
	case parquet.FixedLenByteArray:
		// The library has no such type.
		if _, ok := elementOf(f, leaf.Index()).LogicalType.Value.(*format.Float16Type); ok && t.Length() == 2 {
			return "<f2"
		}
	case parquet.Int32, parquet.Int64:
		sign, bits := "i", 8*map[parquet.Kind]int8{parquet.Int32: 4, parquet.Int64: 8}[t.Kind()]
		if of, ok := logical.(*format.IntType); ok {
			if bits = of.BitWidth; !of.IsSigned {
				sign = "u"
			}
		} else if logical != nil {
			return "" // a date, a time, a decimal
		}
		return fmt.Sprintf("<%s%d", sign, bits/8)
	default:
	}
	return ""
}

// elementOf gives what the footer says of a leaf.
func elementOf(f *parquet.File, leaf int) format.SchemaElement {
	for _, element := range f.Metadata().Schema {
		if !element.Type.Valid {
			continue
		}
		if leaf == 0 {
			return element
		}
		leaf--
	}
	return format.SchemaElement{}
}

func logicalOf(t parquet.Type) format.LogicalTypeValue {
	if l := t.LogicalType(); l != nil {
		return l.Value
	}
	return nil
}

func eachPage(ctx context.Context, chunk parquet.ColumnChunk, take func(parquet.Page) error) error {
	pages := chunk.Pages()
	defer pages.Close()
	// By the number of values and not to the end: pyarrow may leave an empty page there, which the library cannot read.
	for left := chunk.NumValues(); left > 0; {
		if err := canceled(ctx); err != nil {
			return err
		}
		page, err := pages.ReadPage()
		if errors.Is(err, io.EOF) {
			err = fmt.Errorf("a column lacks %d of its %d values", left, chunk.NumValues())
		}
		if err != nil {
			return err
		}
		left -= page.NumValues()
		err = take(page)
		parquet.Release(page)
		if err != nil {
			return err
		}
	}
	return nil
}

// listReader passes the values of pages on to the rows that they belong to.
type listReader struct {
	fill     *filler
	kind     parquet.Type
	unsigned bool
	dict     parquet.Dictionary // whose values these are
	known    []float32
	wide     []float64

	highest  byte // the definition level of a value that is there
	empty    byte // that of an empty list; less: there is no list
	nullable bool // the level below highest is that of a null in a list
}

func (l *listReader) page(page parquet.Page) error {
	begins, there := page.RepetitionLevels(), page.DefinitionLevels()
	if len(begins) != len(there) {
		return errors.New("a page has as many repetition levels as definition levels")
	}
	values, wide, err := l.numbers(page)
	if err != nil {
		return err
	}
	for at := 0; at < len(begins); {
		if begins[at] == 0 {
			if err := l.fill.begin(); err != nil {
				return err
			}
		} else if l.fill.row < 0 {
			return errors.New("its first list has no beginning")
		}
		end := len(begins)
		if next := bytes.IndexByte(begins[at+1:], 0); next >= 0 {
			end = at + 1 + next
		}
		if err := l.run(&values, &wide, there[at:end]); err != nil {
			return err
		}
		at = end
	}
	if len(values) > 0 {
		return errors.New("a page has more values than it says")
	}
	return nil
}

// run adds values to the row that is being filled.
func (l *listReader) run(values *[]float32, wide *[]float64, there []byte) error {
	n := len(there)
	for i, level := range there {
		switch {
		case level == l.highest:
			continue
		case l.nullable && level == l.highest-1:
			l.fill.width += i
			return l.fill.nullValue()
		case len(there) > 1 || l.fill.width > 0:
			return errors.New("a list goes on after its end")
		case level < l.empty:
			return l.fill.noVector(l.fill.row)
		}
		n = 0 // an empty list
	}
	if n > len(*values) {
		return errors.New("a page has fewer values than it says")
	}
	var w []float64
	if len(*wide) > 0 {
		w, *wide = (*wide)[:n], (*wide)[n:]
	}
	v := (*values)[:n]
	*values = (*values)[n:]
	return l.fill.add(v, w)
}

// numbers gives the values of a page that are there.
func (l *listReader) numbers(page parquet.Page) ([]float32, []float64, error) {
	dict := page.Dictionary()
	if dict == nil {
		return l.convert(page.Data())
	}
	if l.dict != dict {
		var err error
		if l.known, l.wide, err = l.convert(dict.Page().Data()); err != nil {
			return nil, nil, err
		}
		l.dict = dict
	}
	data := page.Data()
	indices := data.Int32()
	values := make([]float32, len(indices))
	var wide []float64
	if l.wide != nil {
		wide = make([]float64, len(indices))
	}
	for i, at := range indices {
		if at < 0 || int(at) >= len(l.known) {
			return nil, nil, fmt.Errorf("a page names value %d of a dictionary of %d", at, len(l.known))
		}
		values[i] = l.known[at]
		if wide != nil {
			wide[i] = l.wide[at]
		}
	}
	return values, wide, nil
}

func (l *listReader) convert(data encoding.Values) (values []float32, wide []float64, err error) {
	switch l.kind.Kind() {
	case parquet.Float:
		values, _ = floats(data.Float())
	case parquet.Double:
		values, wide = floats(data.Double())
	case parquet.FixedLenByteArray:
		raw, _ := data.FixedLenByteArray()
		values = make([]float32, len(raw)/2)
		for i := range values {
			values[i] = npy.Half(binary.LittleEndian.Uint16(raw[2*i:]))
		}
	case parquet.Int32:
		if values, _ = floats(data.Int32()); l.unsigned {
			values, _ = floats(data.Uint32())
		}
	case parquet.Int64:
		if values, _ = floats(data.Int64()); l.unsigned {
			values, _ = floats(data.Uint64())
		}
	default:
		err = fmt.Errorf("values of type %s", l.kind)
	}
	return values, wide, err
}
