package workspace

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"math"
	"strconv"
)

// Table is what is exported: rows of typed columns, which a door writes as it is asked to. Close it after use.
type Table struct {
	Rows    int
	Columns []TableColumn
	close   []func()
}

// TableColumn gives the value of a row; one of its functions is set. NaN is no value.
type TableColumn struct {
	Name    string
	Text    func(row int) string
	Integer func(row int) int32
	Single  func(row int) float32
	Double  func(row int) float64
	Vector  func(row int) []float32
	Width   int // of vectors
}

// Close lets go of what the columns read from.
func (t *Table) Close() {
	for _, f := range t.close {
		f()
	}
}

// WriteCSV writes a header and a record for each row; a vector is as many columns as it has values, 0, 1, ….
func (t *Table) WriteCSV(ctx context.Context, to io.Writer) error {
	buffered := bufio.NewWriterSize(to, 1<<16)
	out := csv.NewWriter(buffered)
	var record []string
	for _, c := range t.Columns {
		if c.Vector == nil {
			record = append(record, c.Name)
			continue
		}
		for d := range c.Width {
			record = append(record, strconv.Itoa(d))
		}
	}
	if err := out.Write(record); err != nil {
		return err
	}
	for row := range t.Rows {
		if row%1024 == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		record = record[:0]
		for _, c := range t.Columns {
			record = c.texts(record, row)
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return errors.Join(out.Error(), buffered.Flush())
}

func (c TableColumn) texts(record []string, row int) []string {
	switch {
	case c.Text != nil:
		return append(record, c.Text(row))
	case c.Integer != nil:
		return append(record, strconv.Itoa(int(c.Integer(row))))
	case c.Single != nil:
		return append(record, number(float64(c.Single(row)), 32))
	case c.Double != nil:
		return append(record, number(c.Double(row), 64))
	}
	for _, v := range c.Vector(row) {
		record = append(record, number(float64(v), 32))
	}
	return record
}

func number(v float64, bits int) string {
	if math.IsNaN(v) {
		return ""
	}
	return strconv.FormatFloat(v, 'g', -1, bits)
}
