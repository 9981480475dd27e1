package columnar

import (
	"context"
	"io"
	"math"
	"slices"

	"github.com/parquet-go/parquet-go"
)

// Column is one column of a table to write: one of its functions is set, which gives the value of a row.
type Column struct {
	Name    string
	Text    func(row int) string
	Integer func(row int) int32
	Single  func(row int) float32 // NaN is null
	Double  func(row int) float64 // NaN is null
	Vector  func(row int) []float32
}

// ordered is a group whose fields stand in the order in which they were named, not in that of the alphabet.
type ordered struct {
	parquet.Group
	names []string
}

func (o ordered) Fields() []parquet.Field {
	fields := o.Group.Fields()
	slices.SortFunc(fields, func(a, b parquet.Field) int { return slices.Index(o.names, a.Name()) - slices.Index(o.names, b.Name()) })
	return fields
}

// Write writes a table as parquet, packed by zstd, in row groups of 64 Ki rows or 64 MiB.
func Write(ctx context.Context, to io.Writer, rows int, columns []Column) error {
	group := ordered{Group: parquet.Group{}}
	for _, c := range columns {
		group.names = append(group.names, c.Name)
		group.Group[c.Name] = c.node()
	}
	out := parquet.NewWriter(to, parquet.NewSchema("vectory", group), parquet.Compression(&parquet.Zstd), parquet.PageBufferSize(1<<20))
	var row parquet.Row
	held := 0
	for i := range rows {
		if i%1024 == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		row = row[:0]
		for at, c := range columns {
			row = c.append(row, i, at)
		}
		if _, err := out.WriteRows([]parquet.Row{row}); err != nil {
			return err
		}
		if held += 4 * len(row); held >= 64<<20 || i%(64<<10) == 64<<10-1 {
			held = 0
			if err := out.Flush(); err != nil {
				return err
			}
		}
	}
	return out.Close()
}

func (c Column) node() parquet.Node {
	switch {
	case c.Text != nil:
		return parquet.String()
	case c.Integer != nil:
		return parquet.Int(32)
	case c.Single != nil:
		return parquet.Optional(parquet.Leaf(parquet.FloatType))
	case c.Double != nil:
		return parquet.Optional(parquet.Leaf(parquet.DoubleType))
	}
	return parquet.List(parquet.Leaf(parquet.FloatType))
}

func (c Column) append(row parquet.Row, i, at int) parquet.Row {
	switch {
	case c.Text != nil:
		return append(row, parquet.ByteArrayValue([]byte(c.Text(i))).Level(0, 0, at))
	case c.Integer != nil:
		return append(row, parquet.Int32Value(c.Integer(i)).Level(0, 0, at))
	case c.Single != nil:
		if v := c.Single(i); !math.IsNaN(float64(v)) {
			return append(row, parquet.FloatValue(v).Level(0, 1, at))
		}
		return append(row, parquet.NullValue().Level(0, 0, at))
	case c.Double != nil:
		if v := c.Double(i); !math.IsNaN(v) {
			return append(row, parquet.DoubleValue(v).Level(0, 1, at))
		}
		return append(row, parquet.NullValue().Level(0, 0, at))
	}
	for j, v := range c.Vector(i) {
		row = append(row, parquet.FloatValue(v).Level(min(j, 1), 1, at))
	}
	return row
}
