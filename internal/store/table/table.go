// Package table reads the CSV of a dataset: one streaming pass that checks every record and remembers
// where it stands, then random access by row. It promises that no row is dropped or shifted without a
// word, and that hostile input costs bounded memory. It does not interpret values beyond ids.
package table

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/pentoai/vectory/internal/catalog"
)

const (
	maxRecord  = 16 << 20 // bytes of one record
	maxColumns = 4096
)

// Options say how to read a CSV.
type Options struct {
	IDField      string // the column that holds the ids; "" takes a column called id, if there is one
	IDFieldIndex *int   // the same by position, from 0
	RowNumbers   bool   // ids are the row numbers, whatever the columns are called
	JSONLines    bool   // it was made of JSON lines: errors tell those
	Rowwise      bool   // it was made of a file without lines: errors tell rows, from 0
}

// Index is what was learned of a CSV: its columns, its ids, and where each record stands.
type Index struct {
	Columns    []string
	IDField    string // "": ids are the row numbers
	Rows       int
	BlankLines []int // line numbers (from 1) that were skipped
	Delimiter  rune

	ids     []string
	offsets []int64 // where record i begins; one more at the end
	once    sync.Once
	rowOf   map[string]int
}

func invalid(format string, args ...any) *catalog.Error {
	return catalog.Errorf(catalog.Invalid, format, args...)
}

// Scan reads a CSV to its end. Errors: invalid, with the line.
func Scan(ctx context.Context, r io.Reader, o Options) (*Index, error) {
	in := bufio.NewReaderSize(r, 64<<10)
	base, err := opening(in)
	if err != nil {
		return nil, err
	}
	ix := &Index{Delimiter: sniff(in)}
	guard := &guard{r: in, passed: base}
	records := csv.NewReader(guard)
	records.Comma = ix.Delimiter
	records.FieldsPerRecord = -1 // checked here, to tell both counts
	records.ReuseRecord = true
	s := scanner{ix: ix, records: records, guard: guard, base: base, nextLine: 1, jsonLines: o.JSONLines, rowwise: o.Rowwise, unit: "line"}
	if o.Rowwise {
		s.unit = "row"
	}
	if err := s.header(o); err != nil {
		return nil, err
	}
	for {
		if ix.Rows%4096 == 0 && ctx.Err() != nil {
			return nil, &catalog.Error{Code: catalog.Canceled, Message: "canceled", Err: ctx.Err()}
		}
		err := s.record()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	return ix, s.finish()
}

// opening looks at the first bytes: a byte-order mark is skipped, an empty file is refused.
func opening(in *bufio.Reader) (base int64, err error) {
	head, err := in.Peek(8)
	switch {
	case len(head) == 0 && !errors.Is(err, io.EOF):
		return 0, err
	case len(head) == 0:
		return 0, invalid("the CSV is empty").WithHint("its first line names the columns; each further line is an item")
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		_, err := in.Discard(3)
		return 3, err
	case bytes.HasPrefix(head, []byte("\x93NUM")):
		return 0, invalid("the dataset is an .npy file, not a CSV (it starts with '\\x93NUMPY')").WithHint("did you swap -i and -e?")
	case widths(head) != "":
		return 0, invalid("the CSV looks like %s without the mark that says so: a NUL byte stands on line 1, byte %d", widths(head), bytes.IndexByte(head, 0)).
			WithHint("save it as UTF-8: iconv -f %s -t UTF-8 OLD.csv > NEW.csv", widths(head))
	}
	return 0, nil
}

// widths names the code of plain letters that have NULs between them; "": it is none.
func widths(head []byte) string {
	var letters []byte
	nuls := ""
	for _, b := range head {
		if b == 0 {
			nuls += "0"
			continue
		}
		nuls += "x"
		letters = append(letters, b)
	}
	if len(letters) == 0 || bytes.ContainsFunc(letters, func(r rune) bool { return r > '~' || r < ' ' && !unicode.IsSpace(r) }) {
		return ""
	}
	for code, pattern := range map[string]string{"UTF-16LE": "x0x0x0x0", "UTF-16BE": "0x0x0x0x", "UTF-32LE": "x000x000", "UTF-32BE": "000x000x"} {
		if len(nuls) >= 4 && strings.HasPrefix(pattern, nuls) {
			return code
		}
	}
	return ""
}

// sniff takes the separator that stands most often in the first line.
func sniff(in *bufio.Reader) rune {
	head, _ := in.Peek(32 << 10)
	line, _, _ := bytes.Cut(head, []byte("\n"))
	best, most := ',', 0
	for _, r := range ",;\t|" {
		count, quoted := 0, false
		for _, b := range string(line) {
			if b == '"' {
				quoted = !quoted
			}
			if b == r && !quoted {
				count++
			}
		}
		if count > most {
			best, most = r, count
		}
	}
	return best
}

// guard bounds the bytes of a record and refuses NULs and lone carriage returns, which encoding/csv
// lets pass.
type guard struct {
	r      io.Reader
	served int64 // since the last record began
	passed int64 // in all
	line   int
	cr     bool
}

func (g *guard) Read(p []byte) (int, error) {
	n, err := g.r.Read(p)
	g.served += int64(n)
	if g.served > maxRecord+64<<10 {
		return 0, invalid("the record that begins after line %d is longer than %d MiB", g.line, maxRecord>>20).WithHint("is a quote not closed?")
	}
	for at, b := range p[:n] {
		switch {
		case b == 0:
			return 0, invalid("a NUL byte stands on line %d, byte %d", g.line+1, g.passed+int64(at)).WithHint("is this a text file? A dataset is CSV, JSON lines, parquet or arrow")
		case g.cr && b != '\n' && b != '\r':
			return 0, invalid("line %d ends in a lone carriage return", g.line+1).WithHint("save the CSV with Unix (LF) or Windows (CRLF) line ends")
		case b == '\n':
			g.line++
		}
		g.cr = b == '\r'
	}
	g.passed += int64(n)
	return n, err
}

// scanner is the state of one pass.
type scanner struct {
	ix        *Index
	records   *csv.Reader
	guard     *guard
	base      int64
	idColumn  int // −1: row numbers
	nextLine  int // the line after the last record
	jsonLines bool
	rowwise   bool
	unit      string // what errors count
	seen      map[string]int
	double    []string // what to say of the first duplicate ids
	doubles   int
}

// next reads one record and tells the line that it begins on; blank lines before it are noted.
func (s *scanner) next() (record []string, line int, err error) {
	s.guard.served = 0
	record, err = s.records.Read()
	if err != nil {
		return nil, 0, csvError(err)
	}
	line, _ = s.records.FieldPos(0)
	for blank := s.nextLine; blank < line; blank++ {
		s.ix.BlankLines = append(s.ix.BlankLines, blank)
	}
	s.nextLine = line + 1
	switch {
	case s.jsonLines:
		line = s.ix.Rows + 1
	case s.rowwise:
		line = s.ix.Rows
	}
	for i, field := range record {
		s.nextLine += strings.Count(field, "\n")
		if !validText(field) {
			return nil, 0, invalid("%s %d, column %d is not valid UTF-8", s.unit, line, i+1).WithHint("%s", otherwise(field))
		}
	}
	return record, line, nil
}

// otherwise says what a field that is no UTF-8 seems to be, and how it is made UTF-8. It is not read so: what the bytes of one
// code are is letters of every other one, too, and an id that was guessed wrongly finds nothing later.
func otherwise(field string) string {
	const few = 40
	text, err := charmap.Windows1252.NewDecoder().String(field)
	if err != nil || strings.ContainsFunc(text, func(r rune) bool {
		return r == utf8.RuneError || unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t'
	}) {
		return "save the CSV as UTF-8"
	}
	if runes := []rune(text); len(runes) > few {
		text = string(runes[:few]) + "…"
	}
	return fmt.Sprintf("as Windows-1252 (Latin-1) it would be %q: if that is right, iconv -f WINDOWS-1252 -t UTF-8 OLD.csv > NEW.csv", text)
}

func validText(s string) bool { return strings.ToValidUTF8(s, "") == s }

func csvError(err error) error {
	var known *catalog.Error
	var parse *csv.ParseError
	switch {
	case errors.Is(err, io.EOF), errors.As(err, &known):
		return err
	case errors.As(err, &parse):
		where := fmt.Sprintf("line %d of the CSV", parse.Line)
		if parse.StartLine != parse.Line {
			where += fmt.Sprintf(", in the record that begins on line %d", parse.StartLine)
		}
		return invalid("%s: %s", where, parse.Err).WithHint(`a quote within a quoted field is written twice: "say ""hello"""`)
	}
	return err
}

// header reads the column names and finds the ids.
func (s *scanner) header(o Options) error {
	names, _, err := s.next()
	if errors.Is(err, io.EOF) {
		return invalid("the CSV has blank lines only").WithHint("its first line names the columns")
	}
	if err != nil {
		return err
	}
	columns := slices.Clone(names)
	if len(columns) > maxColumns {
		return invalid("the CSV has %d columns; at most %d are allowed", len(columns), maxColumns)
	}
	for i, name := range columns {
		if strings.TrimSpace(name) == "" {
			return invalid("column %d of the CSV has no name", i+1).WithHint("the first line names the columns; drop a comma at its end")
		}
		if at := slices.Index(columns, name); at != i {
			return invalid("columns %d and %d of the CSV are both called '%s'", at+1, i+1, name)
		}
	}
	s.ix.Columns = columns
	s.idColumn, err = findID(columns, o)
	if err != nil {
		return err
	}
	if s.idColumn >= 0 {
		s.ix.IDField = columns[s.idColumn]
		s.seen = map[string]int{}
	}
	s.ix.offsets = []int64{s.base + s.records.InputOffset()}
	return nil
}

func findID(columns []string, o Options) (int, error) {
	list := strings.Join(columns, ", ")
	switch {
	case o.RowNumbers:
		return -1, nil
	case o.IDField != "":
		at := slices.Index(columns, o.IDField)
		if at < 0 {
			return 0, invalid("the CSV has no column '%s'", o.IDField).WithHint("its columns are: %s", list)
		}
		return at, nil
	case o.IDFieldIndex != nil:
		if at := *o.IDFieldIndex; at >= 0 && at < len(columns) {
			return at, nil
		}
		return 0, invalid("the CSV has no column number %d", *o.IDFieldIndex).WithHint("its %d columns, from 0, are: %s", len(columns), list)
	}
	for i, name := range columns {
		if strings.EqualFold(name, "id") {
			return i, nil
		}
	}
	return -1, nil
}

// record takes one row in.
func (s *scanner) record() error {
	fields, line, err := s.next()
	if err != nil {
		return err
	}
	if len(fields) != len(s.ix.Columns) {
		return invalid("line %d has %d fields; the header has %d", line, len(fields), len(s.ix.Columns)).
			WithHint("a comma inside a value needs quotes around the value")
	}
	if s.idColumn >= 0 {
		if err := s.takeID(strings.Clone(fields[s.idColumn]), line); err != nil {
			return err
		}
	}
	s.ix.Rows++
	s.ix.offsets = append(s.ix.offsets, s.base+s.records.InputOffset())
	return nil
}

func (s *scanner) takeID(id string, line int) error {
	switch strings.ToLower(strings.TrimSpace(id)) {
	case "":
		return invalid("%s %d has no id (column '%s' is empty)", s.unit, line, s.ix.IDField).WithHint("every item needs an id; or choose another column with --id-field=COLUMN")
	case "nan", "na", "null", "none", "n/a":
		return invalid("%s %d has the id '%s', which stands for a missing value", s.unit, line, id).WithHint("every item needs an id; or choose another column with --id-field=COLUMN")
	}
	if first, ok := s.seen[id]; ok {
		s.doubles++
		if len(s.double) < 3 {
			s.double = append(s.double, fmt.Sprintf("id '%s' stands on %ss %d and %d", id, s.unit, first, line))
		}
		return nil
	}
	s.seen[id] = line
	s.ix.ids = append(s.ix.ids, id)
	return nil
}

// finish says what can be said at the end only.
func (s *scanner) finish() error {
	if s.doubles > 0 {
		return invalid("%s (%d duplicate ids in all)", strings.Join(s.double, "; "), s.doubles).
			WithHint("ids must be unique; choose another column with --id-field=COLUMN, or drop the repeated rows")
	}
	if len(s.ix.Columns) == 1 && len(s.ix.BlankLines) > 0 {
		return invalid("line %d is blank: in a CSV of one column that may be an empty value or nothing", s.ix.BlankLines[0]).
			WithHint(`write an empty value as "", or drop the line`)
	}
	return nil
}

// Notes says how the file was read, where that may not be what was meant.
func (ix *Index) Notes() []string {
	name, odd := map[rune]string{';': "semicolons", '\t': "tabs", '|': "bars"}[ix.Delimiter]
	if !odd {
		return nil
	}
	return []string{"the fields are parted by " + name}
}

// ID gives the id of a row: a value of the id column, or the row number.
func (ix *Index) ID(row int) string {
	if ix.IDField == "" {
		return strconv.Itoa(row)
	}
	return ix.ids[row]
}

// Row finds the row of an id.
func (ix *Index) Row(id string) (int, bool) {
	if ix.IDField == "" {
		row, err := strconv.Atoi(id)
		return row, err == nil && row >= 0 && row < ix.Rows && strconv.Itoa(row) == id
	}
	ix.once.Do(func() {
		ix.rowOf = make(map[string]int, len(ix.ids))
		for row, id := range ix.ids {
			ix.rowOf[id] = row
		}
	})
	row, ok := ix.rowOf[id]
	return row, ok
}

// Read gives the fields of rows [from, to).
func (ix *Index) Read(file io.ReaderAt, from, to int) ([][]string, error) {
	if from < 0 || to > ix.Rows || from > to {
		return nil, catalog.Errorf(catalog.Internal, "rows %d to %d of %d", from, to, ix.Rows)
	}
	start, end := ix.offsets[from], ix.offsets[to]
	records := csv.NewReader(io.NewSectionReader(file, start, end-start))
	records.Comma = ix.Delimiter
	list, err := records.ReadAll()
	if err != nil || len(list) != to-from {
		return nil, &catalog.Error{Code: catalog.Internal, Message: "the kept CSV is damaged", Hint: "add the dataset again with --replace", Err: err}
	}
	return list, nil
}

// Copy writes a CSV of the chosen rows, in that order, with commas; rows that follow each other are read at once.
func (ix *Index) Copy(to io.Writer, file io.ReaderAt, rows []int) error {
	if err := writeHeader(to, ix.Columns); err != nil {
		return err
	}
	out := csv.NewWriter(to)
	const some = 4096
	for from := 0; from < len(rows); {
		upto := from + 1
		for upto < len(rows) && upto-from < some && rows[upto] == rows[upto-1]+1 {
			upto++
		}
		records, err := ix.Read(file, rows[from], rows[upto-1]+1)
		if err != nil {
			return err
		}
		if err := out.WriteAll(records); err != nil {
			return err
		}
		from = upto
	}
	return out.Error()
}

// Column gives one column of the whole file, a value for each row.
func (ix *Index) Column(file io.ReaderAt, name string) ([]string, error) {
	at := slices.Index(ix.Columns, name)
	if at < 0 {
		return nil, catalog.Errorf(catalog.NotFound, "there is no column '%s'", name).WithHint("the columns are: %s", strings.Join(ix.Columns, ", "))
	}
	const some = 4096
	values := make([]string, 0, ix.Rows)
	for from := 0; from < ix.Rows; from += some {
		records, err := ix.Read(file, from, min(from+some, ix.Rows))
		if err != nil {
			return nil, err
		}
		for _, record := range records {
			values = append(values, record[at])
		}
	}
	return values, nil
}

// Mismatch is the error for an array whose row count is not that of the dataset.
func (ix *Index) Mismatch(arrayRows int, dataset string) error {
	err := invalid("the array has %d rows, dataset '%s' has %d (header not counted)", arrayRows, dataset, ix.Rows)
	if n := len(ix.BlankLines); n > 0 {
		err.Message += fmt.Sprintf(". Blank lines: %d, the first at line %d", n, ix.BlankLines[0])
	}
	return err.WithHint("row i of the array must belong to line i of the CSV")
}
