// Package npy reads .npy, .npz and .safetensors files strictly and writes .npy results. It promises that a hostile
// file costs an error and never memory, time or a wrong number: the header is tokenised, not searched;
// sizes are checked before anything is allocated; data is streamed. Rows and columns in messages
// count from 0, as numpy does. It never loads pickled objects.
package npy

import (
	"encoding/binary"
	"fmt"
	"io"
	"math/bits"
	"strconv"
	"strings"

	"github.com/pentoai/vectory/internal/catalog"
)

const (
	magic     = "\x93NUMPY"
	maxHeader = 10_000 // bytes, as numpy itself allows
	// MaxDims is the largest number of columns taken.
	MaxDims = 65_536
	// BFloat16 is what Options.Dtype may say: numpy has no such type and saves its values as raw bytes.
	BFloat16 = "bfloat16"
	brain    = 'B' // the kind of bfloat16, the upper half of a float32
)

// Header is what an .npy file says of its array.
type Header struct {
	Descr   string // as numpy writes it, e.g. "<f4"
	Fortran bool   // column after column
	Rows    int
	Dims    int
	Offset  int64 // where the data begins
	kind    byte  // f i u b, or brain
	size    int   // bytes a value
	big     bool  // big-endian
}

// DataBytes is the exact length of the data.
func (h Header) DataBytes() int64 { return int64(h.Rows) * int64(h.Dims) * int64(h.size) }

func invalid(format string, args ...any) *catalog.Error {
	return catalog.Errorf(catalog.Invalid, format, args...)
}

// ReadHeader reads up to the first byte of the data. Errors: invalid, with the reason and the remedy.
func ReadHeader(r io.Reader) (Header, error) { return readHeader(r, "") }

func readHeader(r io.Reader, dtype string) (Header, error) {
	var start [8]byte
	if n, err := io.ReadFull(r, start[:]); err != nil {
		return Header{}, notNpy(start[:n])
	}
	if string(start[:6]) != magic {
		return Header{}, notNpy(start[:])
	}
	major, minor := start[6], start[7]
	if major < 1 || major > 3 || minor != 0 {
		return Header{}, invalid("the .npy file has format version %d.%d; 1.0, 2.0 and 3.0 are known", major, minor).WithHint("write it again with numpy.save")
	}
	length, width, err := headerLength(r, major)
	if err != nil {
		return Header{}, err
	}
	text := make([]byte, length)
	if n, err := io.ReadFull(r, text); err != nil {
		return Header{}, invalid("the .npy file ends inside its header (%d of %d bytes)", n, length).WithHint("it was cut short: write or copy it again")
	}
	h, err := parseHeader(string(text), dtype)
	h.Offset = int64(len(start) + width + length)
	return h, err
}

func headerLength(r io.Reader, major byte) (length, width int, err error) {
	width = 2
	if major > 1 {
		width = 4
	}
	var field [4]byte
	if n, err := io.ReadFull(r, field[:width]); err != nil {
		return 0, 0, invalid("the .npy file ends inside its header, after byte %d", len(magic)+2+n).WithHint("it was cut short: write or copy it again")
	}
	n := binary.LittleEndian.Uint32(field[:]) // the upper half is 0 for version 1
	if n > maxHeader {
		return 0, 0, invalid("the .npy header claims %d bytes; at most %d are allowed", n, maxHeader).WithHint("write it again with numpy.save")
	}
	return int(n), width, nil
}

// notNpy says what the file looks like instead.
func notNpy(start []byte) error {
	if len(start) == 0 {
		return invalid("the file is empty, so it is not a .npy file").WithHint("write the array with numpy.save")
	}
	shown := strconv.QuoteToASCII(string(start))
	shown = shown[1 : len(shown)-1]
	err := invalid("not a .npy file (starts with '%s')", shown)
	switch {
	case strings.HasPrefix(string(start), "\x80"):
		return err.WithHint("this looks like a Python pickle, which is never loaded; save the array with numpy.save(path, array)")
	case strings.HasPrefix(string(start), "PK"):
		return err.WithHint("this looks like a zip archive; an .npz is written by numpy.savez")
	case printable(start):
		return err.WithHint("did you pass a CSV? The vectors come as .npy, .npz, .safetensors, .parquet or .arrow")
	}
	return err.WithHint("the vectors come as .npy, .npz, .safetensors, .parquet or .arrow")
}

func printable(b []byte) bool {
	for _, c := range b {
		if (c < ' ' || c > '~') && c != '\n' && c != '\r' && c != '\t' && c < 0x80 {
			return false
		}
	}
	return true
}

// parseHeader reads the Python dict of the header: exactly the keys descr, fortran_order, shape.
func parseHeader(text, dtype string) (Header, error) {
	p := &parser{text: text}
	var h Header
	var shape []string
	seen := map[string]bool{}
	p.want('{')
	for p.err == nil && !p.take('}') {
		key := p.quoted()
		p.want(':')
		if seen[key] {
			p.fail("the key '%s' stands twice", key)
		}
		seen[key] = true
		switch key {
		case "descr":
			h.Descr = p.descr()
		case "fortran_order":
			h.Fortran = p.boolean()
		case "shape":
			shape = p.tuple()
		default:
			p.fail("the key '%s' does not belong there", key)
		}
		if !p.take(',') {
			p.want('}')
			break
		}
	}
	if p.err == nil && strings.TrimSpace(p.rest()) != "" {
		p.fail("something follows the dictionary")
	}
	for _, key := range []string{"descr", "fortran_order", "shape"} {
		if p.err == nil && !seen[key] {
			p.fail("the key '%s' is missing", key)
		}
	}
	if p.err != nil {
		return Header{}, p.err
	}
	if err := h.setType(dtype); err != nil {
		return Header{}, err
	}
	return h, h.setShape(shape)
}

// setType decodes descr, e.g. "<f4"; dtype names what has no descr.
func (h *Header) setType(dtype string) error {
	d := h.Descr
	if dtype != "" {
		return h.setNamedType(dtype)
	}
	if len(d) < 2 || len(d) < 3 && d[1] != 'O' {
		return invalid("the array has the unknown type '%s'", d)
	}
	order, kind, digits := d[0], d[1], d[2:]
	size, err := strconv.Atoi(digits)
	switch {
	case kind == 'O':
		return invalid("the array holds Python objects ('%s'); pickled Python objects are never loaded", d).
			WithHint("make it numeric first: np.save(path, np.asarray(x, dtype=np.float32), allow_pickle=False); ragged lists must be made rectangular")
	case kind == 'U' || kind == 'S':
		return invalid("the array holds text ('%s'), not numbers", d).WithHint("pass the embedding vectors; texts belong into the dataset's CSV")
	case kind == 'V' && digits == "2":
		return invalid("the array has the type '%s', which is how bfloat16 is saved; it cannot be told from raw bytes", d).
			WithHint("say --dtype bfloat16 (in Python vectory.log does), or convert it first: tensor.float().numpy()")
	case kind == 'c':
		return invalid("the array holds complex numbers ('%s')", d).WithHint("save its real part, or real and imaginary columns side by side")
	case kind == 'M' || kind == 'm':
		return invalid("the array holds dates or times ('%s'), not numbers", d)
	case err != nil || strings.TrimLeft(digits, "0123456789") != "" || !strings.ContainsRune("<>=|", rune(order)):
		return invalid("the array has the unknown type '%s'", d).WithHint("save it as float32: np.save(path, x.astype(np.float32))")
	case !knownType(kind, size):
		return invalid("the array has the type '%s', which cannot be read", d).WithHint("save it as float32: np.save(path, x.astype(np.float32))")
	}
	h.kind, h.size = kind, size
	h.big = order == '>' || order == '=' && !hostIsLittle
	return nil
}

// setNamedType takes raw values of two bytes, or integers of them, for bfloat16.
func (h *Header) setNamedType(dtype string) error {
	switch d := h.Descr; {
	case dtype != BFloat16:
		return invalid("dtype=%q is unknown", dtype).WithHint("all types but bfloat16 are told by the file")
	case len(d) != 3 || d[2] != '2' || !strings.ContainsRune("Vui", rune(d[1])) || !strings.ContainsRune("<>=|", rune(d[0])):
		return invalid("the array has the type '%s', and bfloat16 was said", h.Descr).WithHint("bfloat16 is saved as raw values of two bytes: x.view(torch.int16).numpy()")
	}
	h.kind, h.size, h.big = brain, 2, h.Descr[0] == '>'
	h.Descr = BFloat16
	return nil
}

func knownType(kind byte, size int) bool {
	switch kind {
	case 'f':
		return size == 2 || size == 4 || size == 8
	case 'i', 'u':
		return size == 1 || size == 2 || size == 4 || size == 8
	case 'b':
		return size == 1
	}
	return false
}

// setShape checks the shape and that its size cannot overflow.
func (h *Header) setShape(shape []string) error {
	text := "(" + strings.Join(shape, ", ") + ")"
	sizes := make([]uint64, len(shape))
	for i, s := range shape {
		n, err := strconv.ParseUint(s, 10, 63)
		if err != nil {
			return invalid("the array's shape %s is impossible", clip(text))
		}
		sizes[i] = n
	}
	switch {
	case len(sizes) == 0:
		return invalid("the array is a single number, shape (); a matrix of shape (rows, dimensions) is needed")
	case len(sizes) == 1:
		return invalid("the array has one dimension, shape %s; a matrix of shape (rows, dimensions) is needed", clip(text)).
			WithHint("x.reshape(1, -1) for one vector, x.reshape(-1, 1) for one number an item")
	case len(sizes) > 2:
		return invalid("the array has %d dimensions, shape %s; a matrix of shape (rows, dimensions) is needed", len(sizes), clip(text)).
			WithHint("flatten each item: x.reshape(len(x), -1)")
	case sizes[0] == 0 || sizes[1] == 0:
		return invalid("the array is empty: shape %s", text)
	case sizes[1] > MaxDims:
		return invalid("the array has %d columns; at most %d are taken", sizes[1], MaxDims).WithHint("is it transposed? Rows are items")
	}
	hi, lo := bits.Mul64(sizes[0], sizes[1]*uint64(h.size))
	if hi != 0 || lo > 1<<62 || sizes[0] > 1<<31-1 {
		return invalid("the array's shape %s is impossible", clip(text))
	}
	h.Rows, h.Dims = int(sizes[0]), int(sizes[1])
	return nil
}

func clip(s string) string {
	if len(s) > 80 {
		return s[:80] + "…"
	}
	return s
}

// parser walks over a Python literal. The first fault stays in err, with its byte, from 0; after it every call does nothing.
type parser struct {
	text string
	at   int
	err  error
}

func (p *parser) fail(format string, args ...any) {
	if p.err == nil {
		p.err = invalid("the .npy header is damaged: %s, at byte %d", fmt.Sprintf(format, args...), p.at).WithHint("write the file again with numpy.save")
	}
}

func (p *parser) rest() string { return p.text[p.at:] }

func (p *parser) skip() {
	for p.at < len(p.text) && strings.ContainsRune(" \t\r\n", rune(p.text[p.at])) {
		p.at++
	}
}

func (p *parser) take(c byte) bool {
	p.skip()
	if p.err != nil || p.at >= len(p.text) || p.text[p.at] != c {
		return false
	}
	p.at++
	return true
}

func (p *parser) want(c byte) {
	if !p.take(c) {
		p.fail("'%c' is missing", c)
	}
}

// quoted reads a string in single or double quotes; escapes are not needed for what numpy writes.
func (p *parser) quoted() string {
	p.skip()
	if p.err != nil || p.at >= len(p.text) || (p.text[p.at] != '\'' && p.text[p.at] != '"') {
		p.fail("a quoted word is missing")
		return ""
	}
	quote := p.text[p.at]
	end := strings.IndexByte(p.text[p.at+1:], quote)
	if end < 0 {
		p.fail("a quote is not closed")
		return ""
	}
	word := p.text[p.at+1 : p.at+1+end]
	p.at += end + 2
	if strings.ContainsAny(word, "\\\n") {
		p.fail("a word holds an escape")
	}
	return word
}

// descr reads the type; a list is a structured array, which is told apart to say so.
func (p *parser) descr() string {
	p.skip()
	if p.err == nil && p.at < len(p.text) && p.text[p.at] == '[' {
		p.err = invalid("the array is structured (it has named fields)").WithHint("save one plain matrix: np.stack([x[f] for f in x.dtype.names], axis=1)")
		return ""
	}
	return p.quoted()
}

func (p *parser) boolean() bool {
	p.skip()
	for word, value := range map[string]bool{"True": true, "False": false} {
		if strings.HasPrefix(p.rest(), word) {
			p.at += len(word)
			return value
		}
	}
	p.fail("fortran_order is neither True nor False")
	return false
}

// tuple reads (n, m) as its digits; Python 2 wrote 2L.
func (p *parser) tuple() []string {
	var list []string
	p.want('(')
	for p.err == nil && !p.take(')') {
		list = append(list, p.number())
		if len(list) > 64 {
			p.fail("the shape has too many parts")
		}
		if !p.take(',') {
			p.want(')')
			if len(list) == 1 {
				p.fail("the shape is no tuple")
			}
			break
		}
	}
	return list
}

func (p *parser) number() string {
	p.skip()
	from := p.at
	if p.at < len(p.text) && p.text[p.at] == '-' {
		p.at++
	}
	for p.at < len(p.text) && p.text[p.at] >= '0' && p.text[p.at] <= '9' {
		p.at++
	}
	digits := p.text[from:p.at]
	if strings.Trim(digits, "-") == "" {
		p.fail("the shape holds something that is no whole number")
	}
	if p.at < len(p.text) && p.text[p.at] == 'L' {
		p.at++
	}
	return digits
}
