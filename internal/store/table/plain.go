package table

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/text/encoding/unicode"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/store/columnar"
	"github.com/pentoai/vectory/internal/store/npy"
)

// Text is the rows of a dataset as CSV in UTF-8, whatever they were written as.
type Text struct {
	io.Reader
	Notes     []string // how they were written, when otherwise
	Rowwise   bool     // errors tell rows, not lines: the CSV was made here
	JSONLines bool
	close     []func() error
}

// Close ends what is still being converted.
func (t *Text) Close() error {
	var all []error
	for _, f := range t.close {
		all = append(all, f())
	}
	return errors.Join(all...)
}

// Plain looks at the first bytes. UTF-16 with its mark becomes UTF-8; JSON lines (an object a line) become CSV,
// with the columns in the order in which the keys come first: they pass through a file in tempDir, since a
// later line may have a key of its own. So do the plain columns of a parquet or arrow file. Errors: invalid, with the line; no_space.
func Plain(ctx context.Context, r io.Reader, tempDir string, reader columnar.Reader) (*Text, error) {
	t := &Text{}
	in := bufio.NewReaderSize(r, 64<<10)
	head, _ := in.Peek(columnar.HeadBytes)
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		t.Notes = append(t.Notes, "read as UTF-16, kept as UTF-8")
		pairs := &surrogates{r: in, little: head[0] == 0xff, line: 1}
		in = bufio.NewReaderSize(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Reader(pairs), 64<<10)
	}
	t.Reader = in
	if format := columnar.FormatOf(head); format != columnar.None {
		if file, ok := r.(*npy.File); ok {
			return t, t.fromColumns(ctx, reader, format, file.File, file.Size)
		}
		return t, t.spoolColumns(ctx, reader, format, in, tempDir)
	}
	if !startsObject(in) {
		return t, nil
	}
	return t, t.fromJSONLines(in, tempDir)
}

// surrogates refuses UTF-16 that is none: half a character, which the decoder would replace without a word.
type surrogates struct {
	r      io.Reader
	little bool
	line   int
	unit   [2]byte
	n      int  // bytes of unit so far
	open   bool // the second half of a pair has to follow
}

func (s *surrogates) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	for _, b := range p[:n] {
		s.unit[s.n] = b
		if s.n = (s.n + 1) % 2; s.n > 0 {
			continue
		}
		unit := uint16(s.unit[0])<<8 | uint16(s.unit[1])
		if s.little {
			unit = uint16(s.unit[1])<<8 | uint16(s.unit[0])
		}
		if second := unit&0xfc00 == 0xdc00; second != s.open {
			return 0, s.fault()
		}
		s.open = unit&0xfc00 == 0xd800
		if unit == '\n' {
			s.line++
		}
	}
	if errors.Is(err, io.EOF) && (s.open || s.n > 0) {
		return 0, s.fault()
	}
	return n, err
}

func (s *surrogates) fault() error {
	return invalid("line %d is not valid UTF-16: it holds half a character", s.line).WithHint("save the file as UTF-8")
}

// startsObject tells whether the first byte that is no space opens a JSON object.
func startsObject(in *bufio.Reader) bool {
	head, _ := in.Peek(1024)
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	return len(head) > 1 && head[0] == '{' && bytes.ContainsAny(head[1:2], "\" \t}")
}

func (t *Text) fromJSONLines(in io.Reader, tempDir string) error {
	t.JSONLines = true
	t.Notes = append(t.Notes, "read as JSON lines, kept as CSV")
	spool, err := t.spool(tempDir)
	if err != nil {
		return err
	}
	columns, err := keysOf(io.TeeReader(in, spool))
	if err != nil {
		return errors.Join(err, t.Close())
	}
	if _, err := spool.Seek(0, io.SeekStart); err != nil {
		return errors.Join(err, t.Close())
	}
	t.writtenBy(func(to io.Writer) error { return writeLines(to, spool, columns) })
	return nil
}

// spool makes a file that is gone after Close.
func (t *Text) spool(tempDir string) (*os.File, error) {
	spool, err := os.CreateTemp(tempDir, ".tmp-spool-*")
	if err != nil {
		return nil, &catalog.Error{Code: catalog.Unavailable, Message: "cannot write to the store", Err: err}
	}
	t.close = append(t.close, spool.Close, func() error { return os.Remove(spool.Name()) })
	return spool, nil
}

// writtenBy lets Reader give what write writes.
func (t *Text) writtenBy(write func(io.Writer) error) {
	read, out := io.Pipe()
	done := make(chan struct{})
	go func() {
		defer close(done)
		out.CloseWithError(write(out))
	}()
	t.Reader = read
	t.close = append([]func() error{func() error { err := read.Close(); <-done; return err }}, t.close...)
}

// fromColumns takes the plain columns of a parquet or arrow file.
func (t *Text) spoolColumns(ctx context.Context, reader columnar.Reader, format columnar.Format, in io.Reader, tempDir string) error {
	spool, err := t.spool(tempDir)
	if err != nil {
		return err
	}
	size, err := io.Copy(spool, in)
	if err != nil {
		return errors.Join(npy.ReadError(err), t.Close())
	}
	return t.fromColumns(ctx, reader, format, spool, size)
}

func (t *Text) fromColumns(ctx context.Context, reader columnar.Reader, format columnar.Format, file *os.File, size int64) error {
	t.Rowwise = true
	// The first record is waited for, so that what was left out is known.
	begun := make(chan error, 1)
	t.writtenBy(func(to io.Writer) error {
		err := reader.WriteCSV(ctx, format, file, size, func(notes []string) io.Writer {
			t.Notes = append(t.Notes, notes...)
			begun <- nil
			return to
		})
		select {
		case begun <- err: // it was not begun
		default:
		}
		return err
	})
	if err := <-begun; err != nil {
		return errors.Join(err, t.Close())
	}
	return nil
}

// writeRecord writes one record; one of a single empty field would be a blank line, which is no row.
func writeRecord(to io.Writer, out *csv.Writer, record []string) error {
	if len(record) == 1 && record[0] == "" {
		out.Flush()
		_, err := io.WriteString(to, "\"\"\n")
		return err
	}
	return out.Write(record)
}

// keysOf gives the keys of all objects, in the order in which they come first.
func keysOf(r io.Reader) ([]string, error) {
	var columns []string
	known := map[string]bool{}
	err := eachObject(r, func(keys []string, _ map[string]json.RawMessage) error {
		for _, key := range keys {
			if known[key] {
				continue
			}
			known[key] = true
			if columns = append(columns, key); len(columns) > maxColumns {
				return invalid("the objects have more than %d different keys", maxColumns)
			}
		}
		return nil
	})
	if err == nil && len(columns) == 0 {
		err = invalid("the objects have no keys").WithHint("each line is an item, its keys are the columns")
	}
	return columns, err
}

// writeLines writes a CSV of one record for each object; a key that an object lacks is an empty field.
func writeLines(to io.Writer, r io.Reader, columns []string) error {
	if err := writeHeader(to, columns); err != nil {
		return err
	}
	out := csv.NewWriter(to)
	record := make([]string, len(columns))
	err := eachObject(r, func(_ []string, object map[string]json.RawMessage) error {
		for i, column := range columns {
			record[i] = cell(object[column])
		}
		return writeRecord(to, out, record)
	})
	out.Flush()
	return errors.Join(err, out.Error())
}

// writeHeader writes the names in quotes, so that nothing in them is taken for a separator.
func writeHeader(to io.Writer, columns []string) error {
	names := make([]string, len(columns))
	for i, name := range columns {
		names[i] = `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
	}
	_, err := io.WriteString(to, strings.Join(names, ",")+"\n")
	return err
}

// cell writes a JSON value as a CSV has it: strings as they are, null as nothing, lists and objects as JSON.
func cell(raw json.RawMessage) string {
	var text string
	if len(raw) > 0 && raw[0] == '"' && json.Unmarshal(raw, &text) == nil {
		return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	}
	var compact bytes.Buffer
	if len(raw) == 0 || string(raw) == "null" || json.Compact(&compact, raw) != nil {
		return ""
	}
	return compact.String()
}

// eachObject reads one JSON object a line; blank lines are passed over.
func eachObject(r io.Reader, take func(keys []string, object map[string]json.RawMessage) error) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 64<<10), maxRecord)
	line := 0
	for lines.Scan() {
		line++
		text := bytes.TrimSpace(lines.Bytes())
		if line == 1 {
			text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
		}
		if len(text) == 0 {
			continue
		}
		keys, object, err := parseObject(text)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			err = fmt.Errorf("it ends after byte %d of the line, inside the object", len(text))
		}
		if err != nil {
			return invalid("line %d is not a JSON object: %w", line, err).WithHint("each line is one object: {\"id\": 1, \"text\": \"…\"}")
		}
		if err := take(keys, object); err != nil {
			return err
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return invalid("line %d is longer than %d MiB", line+1, maxRecord>>20)
	}
	return lines.Err()
}

func parseObject(text []byte) (keys []string, object map[string]json.RawMessage, err error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	if open, err := decoder.Token(); err != nil || open != json.Delim('{') {
		return nil, nil, errors.New("it does not begin with {")
	}
	object = map[string]json.RawMessage{}
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return nil, nil, err
		}
		key, _ := token.(string) // an object's keys are strings, or Token has failed
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return nil, nil, err
		}
		keys = append(keys, key)
		object[key] = value
	}
	if _, err := decoder.Token(); err != nil {
		return nil, nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, nil, errors.New("something follows the object")
	}
	return keys, object, nil
}
