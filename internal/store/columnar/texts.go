package columnar

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// columns are the plain columns of a file, by name and in order; Left are those that hold lists, structures or raw
// bytes, and pandas' own row numbers.
type columns struct{ names, left []string }

func (c *columns) add(name string, plain bool) {
	if !plain || strings.HasPrefix(name, "__index_level_") {
		c.left = append(c.left, name)
		return
	}
	c.names = append(c.names, name)
}

// begin checks that there is a table before its rows are told.
func (c *columns) begin(f Format, begin func(columns) error) error {
	switch {
	case len(c.names) == 0:
		return invalid("the %s file has no plain columns; it has %s", f, someOf(c.left))
	case len(c.names) > maxColumns:
		return invalid("the %s file has %d columns; at most %d are taken", f, len(c.names), maxColumns)
	}
	return begin(*c)
}

// texts reads the plain columns as texts, as a CSV would have them: null is "", times are as ISO 8601 has them. begin is
// told the columns, then row each record, which it must not keep. Errors: invalid, with the row; those of begin and row.
func texts(ctx context.Context, f Format, file *os.File, size int64, begin func(columns) error, row func(record []string) error) (err error) {
	defer sound(f, &err)
	if f == Parquet {
		err = textsOfParquet(ctx, file, size, begin, row)
	} else {
		err = textsOfArrow(ctx, f, file, size, begin, row)
	}
	if err != nil {
		return damaged(f, err)
	}
	return nil
}

func textsOfParquet(ctx context.Context, file *os.File, size int64, begin func(columns) error, row func([]string) error) error {
	f, err := openParquet(file, size)
	if err != nil {
		return err
	}
	var named columns
	var leaves []*parquet.Column
	for _, column := range f.Root().Columns() {
		plain := column.Leaf() && column.MaxRepetitionLevel() == 0 && writer(column.Type()) != nil
		named.add(column.Name(), plain)
		if n := len(named.names); n > len(leaves) {
			leaves = append(leaves, column)
		}
	}
	if err := named.begin(Parquet, begin); err != nil {
		return err
	}
	record := make([]string, len(leaves))
	done := 0
	for _, group := range f.RowGroups() {
		streams := make([]*textStream, len(leaves))
		for j, leaf := range leaves {
			streams[j] = &textStream{pages: group.ColumnChunks()[leaf.Index()].Pages(), write: writer(leaf.Type())}
		}
		err := eachRecord(ctx, streams, group.NumRows(), record, done, row)
		for _, s := range streams {
			_ = s.pages.Close()
		}
		if err != nil {
			return err
		}
		done += int(group.NumRows())
	}
	return nil
}

func eachRecord(ctx context.Context, streams []*textStream, rows int64, record []string, first int, row func([]string) error) error {
	for i := range rows {
		if i%4096 == 0 {
			if err := canceled(ctx); err != nil {
				return err
			}
		}
		for j, s := range streams {
			text, err := s.next()
			if err != nil {
				return fmt.Errorf("row %d: %w", first+int(i), err)
			}
			record[j] = text
		}
		if err := row(record); err != nil {
			return err
		}
	}
	return nil
}

// textStream gives the values of one column chunk, one by one.
type textStream struct {
	pages  parquet.Pages
	page   parquet.Page
	values parquet.ValueReader
	write  func(parquet.Value) string
	buffer [256]parquet.Value
	some   []parquet.Value
}

func (s *textStream) next() (string, error) {
	for len(s.some) == 0 {
		if s.values == nil {
			page, err := s.pages.ReadPage()
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			if err != nil {
				return "", err
			}
			s.page, s.values = page, page.Values()
		}
		n, err := s.values.ReadValues(s.buffer[:])
		s.some = s.buffer[:n]
		if err != nil && !errors.Is(err, io.EOF) {
			return "", err
		}
		if errors.Is(err, io.EOF) || n == 0 {
			s.values = nil // the page is not given back: the values still lie in it
		}
	}
	v := s.some[0]
	s.some = s.some[1:]
	if v.IsNull() {
		return "", nil
	}
	text := s.write(v)
	if !utf8.ValidString(text) {
		return "", invalid("the text %.40q is not valid UTF-8", text)
	}
	return text, nil
}

// writer gives how values of a type are written; nil: they are not.
func writer(t parquet.Type) func(parquet.Value) string {
	switch of := logicalOf(t).(type) {
	case *format.DateType:
		return func(v parquet.Value) string {
			return time.Unix(int64(v.Int32())*86400, 0).UTC().Format(time.DateOnly)
		}
	case *format.TimestampType:
		return func(v parquet.Value) string { return stamp(v.Int64(), of.Unit.Value.Duration(), of.IsAdjustedToUTC) }
	case *format.TimeType:
		return func(v parquet.Value) string { return clock(whole(v), of.Unit.Value.Duration()) }
	case *format.DecimalType:
		return func(v parquet.Value) string { return decimal(v, int(of.Scale)) }
	case *format.IntType:
		if !of.IsSigned {
			return func(v parquet.Value) string {
				if v.Kind() == parquet.Int32 {
					return strconv.FormatUint(uint64(v.Uint32()), 10)
				}
				return strconv.FormatUint(v.Uint64(), 10)
			}
		}
	case *format.UUIDType, *format.StringType, *format.EnumType, *format.JsonType:
		return parquet.Value.String
	case nil:
		if kind := t.Kind(); kind == parquet.ByteArray || kind == parquet.FixedLenByteArray || kind == parquet.Int96 {
			return nil
		}
	default:
		return nil
	}
	switch t.Kind() {
	case parquet.Boolean:
		return func(v parquet.Value) string { return strconv.FormatBool(v.Boolean()) }
	case parquet.Int32, parquet.Int64:
		return func(v parquet.Value) string { return strconv.FormatInt(whole(v), 10) }
	case parquet.Float:
		return func(v parquet.Value) string { return strconv.FormatFloat(float64(v.Float()), 'g', -1, 32) }
	case parquet.Double:
		return func(v parquet.Value) string { return strconv.FormatFloat(v.Double(), 'g', -1, 64) }
	default:
		return nil
	}
}

func whole(v parquet.Value) int64 {
	if v.Kind() == parquet.Int32 {
		return int64(v.Int32())
	}
	return v.Int64()
}

// stamp writes an instant; without a zone it is a time on some clock.
func stamp(n int64, unit time.Duration, utc bool) string {
	perSecond := int64(time.Second / max(unit, 1))
	t := time.Unix(n/perSecond, n%perSecond*int64(unit)).UTC()
	if utc {
		return t.Format(time.RFC3339Nano)
	}
	return t.Format("2006-01-02T15:04:05.999999999")
}

func clock(n int64, unit time.Duration) string {
	return time.Unix(0, n*int64(unit)).UTC().Format("15:04:05.999999999")
}

func decimal(v parquet.Value, scale int) string {
	n := new(big.Int)
	if kind := v.Kind(); kind == parquet.Int32 || kind == parquet.Int64 {
		n.SetInt64(whole(v))
	} else {
		raw := v.ByteArray()
		n.SetBytes(raw)
		if len(raw) > 0 && raw[0] >= 0x80 { // two's complement
			n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(raw))))
		}
	}
	if scale <= 0 || scale > 1000 {
		return n.String()
	}
	return new(big.Rat).SetFrac(n, new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale)), nil)).FloatString(scale)
}

func textsOfArrow(ctx context.Context, f Format, file *os.File, size int64, begin func(columns) error, row func([]string) error) error {
	b, err := openArrow(f, file, size)
	if err != nil {
		return err
	}
	defer func() { _ = b.close() }()
	var named columns
	var places []int
	for i, field := range b.schema.Fields() {
		named.add(strings.Clone(field.Name), plainArrow(field.Type))
		if len(named.names) > len(places) {
			places = append(places, i)
		}
	}
	if err := named.begin(f, begin); err != nil {
		return err
	}
	record := make([]string, len(places))
	done := 0
	return b.each(ctx, func(batch arrow.RecordBatch) error {
		for i := range int(batch.NumRows()) {
			for j, place := range places {
				text := arrowText(batch.Column(place), i)
				if !utf8.ValidString(text) {
					return invalid("row %d: the text %.40q is not valid UTF-8", done+i, text)
				}
				record[j] = text
			}
			if err := row(record); err != nil {
				return err
			}
		}
		done += int(batch.NumRows())
		return nil
	})
}

func plainArrow(t arrow.DataType) bool {
	if dictionary, ok := t.(*arrow.DictionaryType); ok {
		t = dictionary.ValueType
	}
	switch t.ID() {
	case arrow.BINARY, arrow.LARGE_BINARY, arrow.BINARY_VIEW, arrow.FIXED_SIZE_BINARY, arrow.EXTENSION, arrow.NULL:
		return false
	default:
		_, nested := t.(arrow.NestedType)
		return !nested
	}
}

func arrowText(a arrow.Array, i int) string {
	if a.IsNull(i) {
		return ""
	}
	return a.ValueStr(i)
}
