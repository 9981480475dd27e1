package columnar

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/store/npy"
)

// A process of its own reads the file, which it gets as file 3, and writes frames to its output: a letter, a length
// (uint32, little-endian), so many bytes. It is asked by its one argument, a JSON task.
const (
	frameHeader = 'H' // JSON: an npy.Header; the matrix begins
	frameRows   = 'D' // float32, little-endian: whole rows
	frameNotes  = 'N' // JSON: []string; the CSV begins
	frameText   = 'T' // a part of the CSV
	frameError  = 'E' // JSON: a fault
	frameEnd    = 'Z'
)

const (
	maxFrame  = 1 << 20
	maxMemory = 3 << 30          // bytes that the process may have, its mapped files not counted
	patience  = 60 * time.Second // that it may say nothing
)

// task is what the process is asked.
type task struct {
	Format  Format
	Vectors bool
	Array   string
}

// fault is a catalog.Error on its way.
type fault struct {
	Code          catalog.Code
	Message, Hint string
}

// Reader reads files in a process of its own.
type Reader struct {
	Program string   // that calls Serve with its last argument; "": files are read in this process
	Args    []string // what comes before it, the name that the program goes by first
}

// Decode reads the column that o.Array names, or the only one that holds lists of numbers, as rows of a matrix. Lists
// must be of one length. Errors: invalid, with row and column.
func (r Reader) Decode(ctx context.Context, f Format, file *os.File, size int64, o npy.Options, emit npy.Emit) (npy.Header, error) {
	if r.Program == "" {
		return decode(ctx, f, file, size, o, emit)
	}
	o.Size = -1 // speaks of an .npy
	take := taker{o: o, emit: emit}
	err := r.run(ctx, task{Format: f, Vectors: true, Array: o.Array}, file, take.frame)
	if err == nil && take.next != take.h.Rows {
		err = damaged(f, fmt.Errorf("%d of %d rows came", take.next, take.h.Rows))
	}
	return take.h, err
}

// WriteCSV writes the plain columns as a CSV: null is "", times are as ISO 8601 has them. begin is told what a user
// should know of it before the first byte is written to what it gives. Errors: invalid, with the row.
func (r Reader) WriteCSV(ctx context.Context, f Format, file *os.File, size int64, begin func(notes []string) io.Writer) error {
	if r.Program == "" {
		return writeCSV(ctx, f, file, size, begin)
	}
	var to io.Writer
	return r.run(ctx, task{Format: f}, file, func(kind byte, content []byte) error {
		switch {
		case kind == frameNotes && to == nil:
			var notes []string
			if err := json.Unmarshal(content, &notes); err != nil {
				return err
			}
			to = begin(notes)
			return nil
		case kind == frameText && to != nil:
			_, err := to.Write(content)
			return err
		}
		return fmt.Errorf("frame %q came", kind)
	})
}

// taker puts the frames of a matrix together.
type taker struct {
	o    npy.Options
	emit npy.Emit
	h    npy.Header
	next int
	rows []float32
}

func (t *taker) frame(kind byte, content []byte) error {
	switch {
	case kind == frameHeader && t.h.Dims == 0:
		if err := json.Unmarshal(content, &t.h); err != nil {
			return err
		}
		if t.h.Dims < 1 || t.h.Dims > npy.MaxDims || t.h.Rows < 1 {
			return fmt.Errorf("a matrix of %d×%d", t.h.Rows, t.h.Dims)
		}
		return t.o.Accept(t.h)
	case kind == frameRows && t.h.Dims > 0 && len(content)%(4*t.h.Dims) == 0 && len(content) > 0:
		if n := len(content) / 4; cap(t.rows) < n {
			t.rows = make([]float32, n)
		}
		t.rows = t.rows[:len(content)/4]
		for i := range t.rows {
			t.rows[i] = math.Float32frombits(binary.LittleEndian.Uint32(content[4*i:]))
		}
		first := t.next
		t.next += len(t.rows) / t.h.Dims
		if t.next > t.h.Rows {
			return fmt.Errorf("more than %d rows came", t.h.Rows)
		}
		return t.emit(t.h, first, t.rows)
	}
	return fmt.Errorf("frame %q of %d bytes came", kind, len(content))
}

// run starts a process and gives its frames to take. Whatever happens to it, it is gone afterwards.
func (r Reader) run(ctx context.Context, what task, file *os.File, take func(kind byte, content []byte) error) error {
	asked, err := json.Marshal(what)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	command := exec.CommandContext(ctx, r.Program)
	command.Args = append(slices.Clone(r.Args), string(asked))
	command.Env = append(environment(), "GOMEMLIMIT=1GiB", "GOTRACEBACK=none")
	command.ExtraFiles = []*os.File{file}
	var said tail
	command.Stderr = &said
	out, err := command.StdoutPipe()
	if err != nil {
		return err
	}
	if err := command.Start(); err != nil {
		return fmt.Errorf("start a process to read the file: %w", err)
	}
	idle := time.AfterFunc(patience, stop)
	defer idle.Stop()
	ended, err := frames(bufio.NewReaderSize(out, 1<<20), func(kind byte, content []byte) error {
		idle.Reset(patience)
		return take(kind, content)
	})
	stop() // kills it where it still runs
	waited := command.Wait()
	switch {
	case err != nil:
		return damaged(what.Format, err)
	case ended:
		return nil
	case context.Cause(ctx) != nil && !idle.Stop():
		return damaged(what.Format, fmt.Errorf("it could not be read in %s", patience))
	}
	return damaged(what.Format, fmt.Errorf("reading it failed (%s)", said.reason(waited)))
}

// environment is that of this process without what is none of the other's business.
func environment() []string {
	var list []string
	for _, one := range os.Environ() {
		if strings.HasPrefix(one, "LD_") || strings.HasPrefix(one, "PATH=") {
			list = append(list, one)
		}
	}
	return list
}

// frames gives each frame to take until the one that ends it; an error frame is its error.
func frames(r io.Reader, take func(kind byte, content []byte) error) (ended bool, err error) {
	var head [5]byte
	var content []byte
	for {
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return false, nil //nolint:nilerr // the process has ended: run tells why
		}
		length := binary.LittleEndian.Uint32(head[1:])
		if length > maxFrame {
			return false, fmt.Errorf("frame %q of %d bytes came", head[0], length)
		}
		if cap(content) < int(length) {
			content = make([]byte, length)
		}
		content = content[:length]
		if _, err := io.ReadFull(r, content); err != nil {
			return false, nil //nolint:nilerr // as above
		}
		switch head[0] {
		case frameEnd:
			return true, nil
		case frameError:
			var e fault
			if err := json.Unmarshal(content, &e); err != nil {
				return false, err
			}
			return false, &catalog.Error{Code: e.Code, Message: e.Message, Hint: e.Hint}
		}
		if err := take(head[0], content); err != nil {
			return false, err
		}
	}
}

// tail keeps the first bytes of what a process says.
type tail struct{ text []byte }

func (t *tail) Write(p []byte) (int, error) {
	if room := 4<<10 - len(t.text); room > 0 {
		t.text = append(t.text, p[:min(room, len(p))]...)
	}
	return len(p), nil
}

func (t *tail) reason(waited error) string {
	for line := range strings.Lines(string(t.text)) {
		if what, ok := strings.CutPrefix(line, "fatal error: "); ok {
			return strings.TrimSpace(what)
		}
	}
	if waited == nil {
		return "it ended early"
	}
	return waited.Error()
}

// Serve is the process: it reads file 3 as the task says, and writes frames to out.
func Serve(asked string, out io.Writer) error {
	limit := syscall.Rlimit{Cur: maxMemory, Max: maxMemory}
	if err := syscall.Setrlimit(syscall.RLIMIT_DATA, &limit); err != nil {
		return fmt.Errorf("limit the memory: %w", err)
	}
	var what task
	if err := json.Unmarshal([]byte(asked), &what); err != nil {
		return err
	}
	file := os.NewFile(3, "file")
	info, err := file.Stat()
	if err != nil {
		return err
	}
	to := framer{bufio.NewWriterSize(out, 1<<20)}
	if err := what.do(file, info.Size(), to); err != nil {
		var known *catalog.Error
		if !errors.As(err, &known) {
			return err
		}
		if err := to.json(frameError, fault{known.Code, known.Message, known.Hint}); err != nil {
			return err
		}
	} else if err := to.frame(frameEnd, nil); err != nil {
		return err
	}
	return to.Flush()
}

func (w task) do(file *os.File, size int64, to framer) error {
	ctx := context.Background() // the process is killed when nobody waits for it
	if !w.Vectors {
		return writeCSV(ctx, w.Format, file, size, func(notes []string) io.Writer {
			_ = to.json(frameNotes, notes) // a failure is the next write's, too
			return textFrames{to}
		})
	}
	begun := false
	_, err := decode(ctx, w.Format, file, size, npy.Options{Array: w.Array, Size: -1, Check: func(h npy.Header) error {
		begun = true
		return to.json(frameHeader, h)
	}}, func(h npy.Header, _ int, rows []float32) error {
		if !begun {
			return errors.New("rows came before their header")
		}
		for len(rows) > 0 { // a frame has whole rows
			n := min(len(rows), max(1, blockBytes/(4*h.Dims))*h.Dims)
			if err := to.floats(rows[:n]); err != nil {
				return err
			}
			rows = rows[n:]
		}
		return nil
	})
	return err
}

// framer writes frames.
type framer struct{ *bufio.Writer }

func (f framer) frame(kind byte, content []byte) error {
	head := binary.LittleEndian.AppendUint32([]byte{kind}, uint32(len(content)))
	if _, err := f.Write(head); err != nil {
		return err
	}
	_, err := f.Write(content)
	return err
}

func (f framer) json(kind byte, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return f.frame(kind, text)
}

func (f framer) floats(rows []float32) error {
	content := make([]byte, 0, 4*len(rows))
	for _, v := range rows {
		content = binary.LittleEndian.AppendUint32(content, math.Float32bits(v))
	}
	return f.frame(frameRows, content)
}

type textFrames struct{ framer }

func (t textFrames) Write(p []byte) (int, error) {
	for rest := p; len(rest) > 0; {
		n := min(len(rest), maxFrame)
		if err := t.frame(frameText, rest[:n]); err != nil {
			return 0, err
		}
		rest = rest[n:]
	}
	return len(p), nil
}

// writeCSV is WriteCSV in this process.
func writeCSV(ctx context.Context, f Format, file *os.File, size int64, begin func(notes []string) io.Writer) error {
	var out *csv.Writer
	var to *bufio.Writer
	err := texts(ctx, f, file, size, func(c columns) error {
		notes := []string{"read as " + f.String() + ", kept as CSV"}
		if len(c.left) > 0 {
			notes = append(notes, "left out what is no plain column: "+strings.Join(c.left, ", "))
		}
		to = bufio.NewWriterSize(begin(notes), 64<<10)
		out = csv.NewWriter(to)
		quoted := make([]string, len(c.names))
		for i, name := range c.names { // so that nothing in them is taken for a separator
			quoted[i] = `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
		}
		_, err := to.WriteString(strings.Join(quoted, ",") + "\n")
		return err
	}, func(record []string) error {
		if len(record) == 1 && record[0] == "" { // a blank line would be no row
			out.Flush()
			_, err := to.WriteString("\"\"\n")
			return err
		}
		return out.Write(record)
	})
	if out != nil {
		out.Flush()
		err = errors.Join(err, out.Error(), to.Flush())
	}
	return err
}
