package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/wire"
)

// bad is a file that has to be refused.
type bad struct {
	name    string
	content []byte
	want    string // part of the message: what is wrong, or where
	dataset bool   // it is sent as a dataset
	array   string
	params  string // sent with a good matrix instead
}

// npyFileOf makes an .npy of a header, as it stands, and data.
func npyFileOf(header string, data []byte) []byte {
	out := binary.LittleEndian.AppendUint16([]byte("\x93NUMPY\x01\x00"), uint16(len(header)))
	return append(append(out, header...), data...)
}

func headerOf(descr, fortran, shape string) string {
	return "{'descr': " + descr + ", 'fortran_order': " + fortran + ", 'shape': " + shape + ", }\n"
}

func badMatrices() (list []bad) {
	add := func(name string, content []byte, want string) {
		list = append(list, bad{name: "npy: " + name, content: content, want: want})
	}
	data := make([]byte, 24)
	good := npyFileOf(headerOf("'<f4'", "False", "(3, 2)"), data)
	for cut := range good {
		want := "cut"
		switch {
		case cut == 0:
			want = "empty"
		case cut < 8:
			want = "not a .npy file"
		case cut < len(good)-24:
			want = "ends inside its header"
		}
		if cut%3 == 0 || cut < 12 || cut > len(good)-6 {
			add(fmt.Sprintf("cut after %d bytes", cut), good[:cut], want)
		}
	}
	for _, extra := range []int{1, 7, 24, 4096} {
		add(fmt.Sprintf("%d bytes more", extra), append(bytes.Clone(good), make([]byte, extra)...), "bytes follow the array")
	}
	for at := range 6 {
		changed := bytes.Clone(good)
		changed[at] ^= 0x20
		add(fmt.Sprintf("byte %d of the magic", at), changed, "not a .npy file")
	}
	for _, version := range [][2]byte{{0, 0}, {4, 0}, {1, 1}, {2, 9}, {255, 255}} {
		changed := bytes.Clone(good)
		changed[6], changed[7] = version[0], version[1]
		add(fmt.Sprintf("version %d.%d", version[0], version[1]), changed, "format version")
	}
	for _, descr := range []string{"'|O'", "'O'", "'<U8'", "'|S4'", "'<c8'", "'<c16'", "'<M8[ns]'", "'<m8[s]'", "'|V2'", "'<V2'", "'|V7'", "'<f16'", "'<f1'", "'<i3'", "'<u16'", "'|b4'",
		"''", "'f'", "'<'", "'f4'", "'*f4'", "'<f-4'", "'<f+4'", "'<f4 '", "'<f4,<f4'", "'<F4'", "'(2,)<f4'", "'bfloat16'", "'<f99999999999999999999'", "[('a', '<f4')]", "None", "4", "'<f4", "'<f\\x34'"} {
		add("type "+descr, npyFileOf(headerOf(descr, "False", "(3, 2)"), data), "")
	}
	for _, shape := range []string{"()", "(6,)", "(3, 2, 1)", "(1, 1, 3, 2)", "(0, 2)", "(3, 0)", "(-3, -2)", "(-1, 2)", "(3,,2)", "(3.0, 2)", "(3 2)", "[3, 2]", "3", "None", "(True, 2)", "(0x3, 2)", "(3, '2')",
		"(3, 65537)", "(4294967296, 4294967296)", "(4611686018427387904, 4)", "(9223372036854775807, 2)", "(99999999999999999999, 2)", "(2147483648, 1)", "(1000000000, 1000)", "(3, 2", "3, 2)", "((3, 2))",
		"(" + strings.Repeat("1, ", 100) + ")", "(" + strings.Repeat("9", 400) + ", 2)", "(3, 3)", "(4, 2)", "(2, 2)"} {
		add("shape "+shape[:min(len(shape), 30)], npyFileOf(headerOf("'<f4'", "False", shape), data), "")
	}
	for _, fortran := range []string{"Falsey", "0", "false", "None", "'False'", ""} {
		add("order "+fortran, npyFileOf(headerOf("'<f4'", fortran, "(3, 2)"), data), "header is damaged")
	}
	for name, header := range map[string]string{"no dictionary": "hello", "empty": "", "a list": "[1, 2]\n", "an empty dictionary": "{}\n", "a key more": "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), 'x': 1}\n",
		"shape twice": "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), 'shape': (3, 2)}\n", "no type": "{'fortran_order': False, 'shape': (3, 2)}\n", "no shape": "{'descr': '<f4', 'fortran_order': False}\n",
		"code": "__import__('os').system('true')\n", "shape in a string": "{'descr': '<f4', 'fortran_order': False, 'x': \"'shape': (1,)\", 'shape': (3, 2)}\n", "something after it": strings.TrimSpace(headerOf("'<f4'", "False", "(3, 2)")) + " x\n",
		"NUL": "{'descr': '<f4'\x00, 'fortran_order': False, 'shape': (3, 2)}\n", "deep": strings.Repeat("{", 9000), "bytes": strings.Repeat("\xff", 500)} {
		add("header: "+name, npyFileOf(header, data), "header is damaged")
	}
	for _, length := range []uint32{10_001, 1 << 20, 1 << 30, math.MaxUint32} {
		add(fmt.Sprintf("a header of %d bytes", length), binary.LittleEndian.AppendUint32([]byte("\x93NUMPY\x02\x00"), length), "at most 10000")
	}
	for at, value := range map[int]float64{0: math.NaN(), 5: math.Inf(1), 3: math.Inf(-1), 2: 1e39, 4: -1e300} {
		wide := make([]byte, 48)
		binary.LittleEndian.PutUint64(wide[8*at:], math.Float64bits(value))
		add(fmt.Sprintf("%g at %d", value, at), npyFileOf(headerOf("'<f8'", "False", "(3, 2)"), wide), fmt.Sprintf("row %d, column %d is ", at/2, at%2))
		add(fmt.Sprintf("%g at %d, Fortran", value, at), npyFileOf(headerOf("'<f8'", "True", "(2, 3)"), wide), fmt.Sprintf("row %d, column %d is ", at%2, at/2))
	}
	for name, start := range map[string]string{"a CSV": "id,label\n1,2\n", "a pickle": "\x80\x04\x95\x10\x00", "PNG": "\x89PNG\r\n\x1a\n0000", "gzip": "\x1f\x8b\x08\x00\x00\x00\x00\x00", "HDF5": "\x89HDF\r\n\x1a\n0000", "PDF": "%PDF-1.7\n1234", "HTML": "<!DOCTYPE html>",
		"ELF": "\x7fELF\x02\x01\x01\x00\x00", "JSON": "[[1.0, 2.0]]", "a torch file of old": "\x80\x02\x8a\x0al\xfc\x9cF\xf9", "zstd": "\x28\xb5\x2f\xfd\x00\x00\x00\x00", "tar": "file\x00\x00\x00\x00\x00", "spaces": "          "} {
		add(name, []byte(start), "not a .npy file")
	}
	return list
}

func zipOf(flags uint16, members ...[2]string) []byte {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, m := range members {
		to, err := w.CreateHeader(&zip.FileHeader{Name: m[0], Method: zip.Deflate, Flags: flags})
		if err != nil {
			panic(err)
		}
		_, _ = to.Write([]byte(m[1]))
	}
	_ = w.Close()
	return out.Bytes()
}

func badArchives() (list []bad) {
	add := func(name string, content []byte, want string) {
		list = append(list, bad{name: "npz: " + name, content: content, want: want})
	}
	good := string(npyFileOf(headerOf("'<f4'", "False", "(3, 2)"), make([]byte, 24)))
	whole := zipOf(0, [2]string{"a.npy", good})
	for _, cut := range []int{4, 5, 8, 20, 30, 35, 60, 90, len(whole) - 60, len(whole) - 30, len(whole) - 22, len(whole) - 10, len(whole) - 1} {
		add(fmt.Sprintf("cut after %d bytes", cut), whole[:cut], "damaged")
	}
	for _, name := range []string{"../../etc/passwd.npy", "/abs.npy", "a\\b.npy", "C:x.npy", "..", "", "a\x00b.npy", strings.Repeat("x", 60_000)} {
		add(fmt.Sprintf("a member called %.20q that is no array", name), zipOf(0, [2]string{name, "root:x:0:0"}), "not a .npy file")
		add(fmt.Sprintf("two members, one called %.20q", name), zipOf(0, [2]string{name, good}, [2]string{"b.npy", good}), "holds 2 arrays")
	}
	add("none", zipOf(0), "holds no array")
	many := make([][2]string, 65)
	for i := range many {
		many[i] = [2]string{strconv.Itoa(i), good}
	}
	add("65 members", zipOf(0, many...), "at most 64")
	add("twice the same", zipOf(0, [2]string{"a", good}, [2]string{"a", good}), "holds 2 arrays")
	list = append(list, bad{name: "npz: twice the name that was asked for", content: zipOf(0, [2]string{"a", good}, [2]string{"a", good}), want: "2 times", array: "a"},
		bad{name: "npz: a name that is not there", content: whole, want: "no array 'b'; it holds a", array: "b"})
	add("encrypted", zipOf(1, [2]string{"a", good}), "encrypted")
	// A member of a few KiB that unpacks to 256 MiB: zeros after a small array, and zeros that a header asks for, of which
	// the last are missing.
	zeros := make([]byte, 1<<20)
	bomb := func(header string, mib int) []byte {
		var out bytes.Buffer
		w := zip.NewWriter(&out)
		to, _ := w.Create("a.npy")
		_, _ = to.Write(npyFileOf(header, nil))
		for range mib {
			_, _ = to.Write(zeros)
		}
		_ = w.Close()
		return out.Bytes()
	}
	add("256 MiB after a small array", bomb(headerOf("'<f4'", "False", "(3, 2)"), 256), "bytes follow the array")
	add("256 MiB where more was promised", bomb(headerOf("'<f4'", "False", "(1048576, 65)"), 256), "cut short")
	crc := bytes.Clone(whole)
	binary.LittleEndian.PutUint32(crc[bytes.LastIndex(crc, []byte("PK\x01\x02"))+16:], crc32.ChecksumIEEE([]byte("other")))
	add("another checksum", crc, "damaged")
	method := bytes.Clone(whole)
	binary.LittleEndian.PutUint16(method[bytes.LastIndex(method, []byte("PK\x01\x02"))+10:], 99)
	add("an unknown method", method, "cannot be read")
	for _, size := range []uint32{0, 10, 100, 1 << 30, math.MaxUint32 - 1} {
		lying := bytes.Clone(whole)
		binary.LittleEndian.PutUint32(lying[bytes.LastIndex(lying, []byte("PK\x01\x02"))+24:], size)
		add(fmt.Sprintf("a member that says it has %d bytes", size), lying, "")
	}
	for _, inner := range []string{"", "text", good[:20], good[:len(good)-1], good + "x", string(npyFileOf(headerOf("'|O'", "False", "(3, 2)"), nil)), string(whole)} {
		add(fmt.Sprintf("a member of %d bytes that is bad itself", len(inner)), zipOf(0, [2]string{"a.npy", inner}), "")
	}
	return list
}

func badTables() (list []bad) {
	add := func(name, content, want string) {
		list = append(list, bad{name: "csv: " + name, content: []byte(content), want: want, dataset: true})
	}
	add("empty", "", "empty")
	for n, lines := range map[string]string{"LF": "\n\n\n", "CRLF": "\r\n\r\n", "a blank": "\n"} {
		add("blank lines only, "+n, lines, "")
	}
	for _, header := range []string{"id,id", "a,b,a", "id,", ",id", "id,,b", "id, ,b", "a,a,a,a"} {
		add("header "+header, header+"\n1,2,3,4\n", "")
	}
	for _, header := range []string{"id", "id,label", "a;b", "a\tb"} {
		add("a header and no rows: "+header, header+"\n", "")
	}
	for at := range 12 {
		lines := make([]string, 12)
		for i := range lines {
			lines[i] = fmt.Sprintf("i%d,x,y", i)
		}
		body := func(line string) string {
			changed := append([]string{"id,a,b"}, lines...)
			changed[1+at] = line
			return strings.Join(changed, "\n") + "\n"
		}
		where := fmt.Sprintf("line %d", at+2)
		add("too few fields on "+where, body("z,x"), where)
		add("too many fields on "+where, body("z,x,y,z"), where)
		add("no id on "+where, body(",x,y"), where)
		if at > 0 {
			add("an id again on "+where, body("i0,x,y"), fmt.Sprintf("id 'i0' stands on lines 2 and %d", at+2))
		}
		add("a NUL on "+where, body("z,\x00,y"), where)
		add("no UTF-8 on "+where, body("z,\xff\xfe,y"), where)
		add("a quote that is not closed on "+where, body(`z,"x,y`), "")
		add("a quote in the middle on "+where, body(`z,x"x,y`), where)
		add("text after a quote on "+where, body(`z,"x"x,y`), where)
	}
	for _, id := range []string{"nan", "NaN", "NA", "N/A", "null", "NULL", "None", " ", "\t", `""`} {
		add("the id "+id, "id,a\n1,x\n"+id+",y\n", "line 3")
	}
	add("a lone CR", "id,a\r1,x\r2,y\r", "lone carriage return")
	add("a lone CR in the middle", "id,a\n1,x\r2,y\n", "lone carriage return")
	add("a blank line in one column", "id\n1\n\n2\n", "line 3 is blank")
	add("UTF-16 without a mark", "i\x00d\x00\n\x001\x00\n\x00", "looks like UTF-16LE without the mark that says so: a NUL byte stands on line 1, byte 1")
	add("UTF-16 without a mark, the large byte first", "\x00i\x00d\x00\n\x001\x00\n", "looks like UTF-16BE")
	add("UTF-16 without a mark, other letters later", "i\x00d\x00,\x00a\x00\n\x001\x00,\x00\xe9\x00\n\x00", "looks like UTF-16LE")
	add("UTF-16 that ends in the middle", "\xff\xfei\x00d\x00\n\x00\x00\xd8\n\x00", "line 2 is not valid UTF-16")
	add("UTF-32", "\x00\x00\xfe\xff\x00\x00\x00i", "byte 0")
	add("UTF-32 without a mark", "i\x00\x00\x00d\x00\x00\x00\n\x00\x00\x001\x00\x00\x00\n\x00\x00\x00", "looks like UTF-32LE")
	add("a record of 17 MiB", "id,a\n1,\""+strings.Repeat("x", 17<<20), "longer than 16 MiB")
	add("5,000 columns", strings.Repeat("c,", 4999)+"c\n", "")
	add("a matrix", string(npyFileOf(headerOf("'<f4'", "False", "(3, 2)"), make([]byte, 24))), ".npy file, not a CSV")
	for name, start := range map[string]string{"PNG": "\x89PNG\r\n\x1a\n0000\x00", "gzip": "\x1f\x8b\x08\x00\x00", "zip": "PK\x03\x04\x14\x00\x00", "pickle": "\x80\x04\x95\x00\x00"} {
		add(name, start, "")
	}
	for _, lines := range []string{"{\"a\":1}\n[2]\n", "{\"a\":\n", "{\"a\":1} {\"a\":2}\n", "{}\n{}\n", "{\"id\":\"x\"}\n{\"id\":\"x\"}\n", "{\"id\":\"x\"}\n{\"id\":null}\n", "{\"id\":\"x\"}\nhello\n"} {
		add(fmt.Sprintf("JSON lines %.12q", lines), lines, "")
	}
	return list
}

func badTensors() (list []bad) {
	for i, header := range []string{`{}`, `{"a":{}}`, `{"a":1}`, `{"a":[]}`, `{"a":{"dtype":"F32","shape":[3,2]}}`, `{"a":{"dtype":"F32","data_offsets":[0,24]}}`, `{"a":{"shape":[3,2],"data_offsets":[0,24]}}`,
		`{"a":{"dtype":"F32","shape":[3,3],"data_offsets":[0,24]}}`, `{"a":{"dtype":"F64","shape":[3,2],"data_offsets":[0,24]}}`, `{"a":{"dtype":"X","shape":[3,2],"data_offsets":[0,24]}}`,
		`{"a":{"dtype":"F32","shape":[3,2],"data_offsets":[0,23]}}`, `{"a":{"dtype":"F32","shape":[3,2],"data_offsets":[4,28]}}`, `{"a":{"dtype":"F32","shape":[3,2],"data_offsets":[24,0]}}`,
		`{"a":{"dtype":"F32","shape":[3,2],"data_offsets":[0,9223372036854775807]}}`, `{"a":{"dtype":"F32","shape":[-3,-2],"data_offsets":[0,24]}}`, `{"a":{"dtype":"F32","shape":[6],"data_offsets":[0,24]}}`,
		`{"a":{"dtype":"F32","shape":[1,3,2],"data_offsets":[0,24]}}`, `{"a":{"dtype":"F32","shape":[3,2],"data_offsets":[0,24]}} x`, `{"a":{"dtype":"F32","shape":[3,2],"data_offsets":[0,24]}`, `{"a"`, `{"a":{"dtype":"F32","shape":[1e9,2],"data_offsets":[0,24]}}`,
		`{"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2,2],"data_offsets":[8,24]}}`, `{"a":{"dtype":"F32","shape":[0,2],"data_offsets":[0,0]}}`} {
		content := append(binary.LittleEndian.AppendUint64(nil, uint64(len(header))), header...)
		list = append(list, bad{name: fmt.Sprintf("safetensors: %d", i), content: append(content, make([]byte, 24)...)})
	}
	return list
}

func badColumns(t *testing.T) (list []bad) {
	paths, err := filepath.Glob("../internal/testkit/testdata/columnar/*.[pfa]*")
	if err != nil || len(paths) < 20 {
		t.Fatal(paths, err)
	}
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		base := filepath.Base(path)
		if strings.HasPrefix(base, "bad-") {
			list = append(list, bad{name: base, content: content})
		}
		if base == "snappy.parquet" || base == "zstd.feather" || base == "stream.arrow" || base == "lz4.parquet" {
			for _, part := range []float64{0.001, 0.3, 0.9} {
				list = append(list, bad{name: fmt.Sprintf("%s cut at %g", base, part), content: content[:int(part*float64(len(content)))]})
			}
		}
	}
	return list
}

func badParams() (list []bad) {
	for _, params := range []string{"[1]", "1", `"x"`, "true", "{", `{"a"}`, `{"a":}`, `{"a":1,}`, `{a:1}`, `{'a':1}`, `{"a":NaN}`, `{"a":Infinity}`, `{"a":01}`, `{"a":1}{"b":2}`, `{"a":1} x`, `{"a":1}}`, `{"a":1}]`, "{\"a\":\"\x01\"}",
		`{"a":` + strings.Repeat("[", 20_000) + `}`, "\x00", "{}{}", "nul", `{"a":1e}`} {
		list = append(list, bad{name: fmt.Sprintf("params %.20q", params), params: params})
	}
	return list
}

// place is where something is wrong: a numbered row, line, column or byte, or how many there are instead; the name of an
// array, tensor, column, key or id; what stands in the header as the type, the shape or the version; the first bytes of what
// is no array; or that there is nothing.
var place = regexp.MustCompile(strings.Join([]string{`(rows?|lines?|columns?|bytes?|version) -?\d`, `\d (bytes|columns|members|arrays|tensors|dimensions)`,
	`(array|tensor|column|key|id) '`, `(type |shape |\()['([]`, `starts with '`, `has '`, `the array is structured`, `(is|are) empty`, `no (rows|array|keys)`, `blank lines only`, `JSON (array|number|string|bool|null), from its byte 0`}, "|"))

// More than 400 files and texts, each wrong in its own way: every one is refused with what, where and what to do, none takes
// long, the daemon holds no more memory afterwards, and nothing of them stays. The table of all answers is printed by
//
//	go test -v -run TestBadFiles ./daemon
func TestBadFiles(t *testing.T) {
	if testing.Short() {
		t.Skip("some seconds; the run without -short has it")
	}
	h := &house{home: filepath.Join(t.TempDir(), "home")}
	h.start(t)
	defer h.kill()
	all := append(badMatrices(), badArchives()...)
	all = append(all, badTables()...)
	all = append(all, badTensors()...)
	all = append(all, badColumns(t)...)
	all = append(all, badParams()...)
	if len(all) < 400 {
		t.Errorf("only %d bad files", len(all))
	}
	good := matrixOf(3, 2, func(i int) float32 { return float32(i) })
	before := memoryOf(t, h.daemon.Process.Pid, "VmRSS")
	var worst time.Duration
	var answers strings.Builder
	for _, b := range all {
		began := time.Now()
		err := sendBad(t.Context(), h, b, good)
		worst = max(worst, time.Since(began))
		var known *catalog.Error
		if asError(err, &known) {
			fmt.Fprintf(&answers, "%.60s → %s: %.160s\n", b.name, known.Code, known.Message)
		}
		switch code := catalog.CodeOf(err); {
		case err == nil:
			t.Errorf("%s: it is taken", b.name)
		case code != catalog.Invalid && code != catalog.TooLarge:
			t.Errorf("%s: %s: %v", b.name, code, err)
		case !asError(err, &known) || !strings.Contains(known.Message, b.want):
			t.Errorf("%s: %q does not say %q", b.name, known.Message, b.want)
		case !place.MatchString(known.Message):
			t.Errorf("%s: %q does not say where", b.name, known.Message)
		case strings.Contains(known.Message, "\n"):
			t.Errorf("%s: %q is more than one line", b.name, known.Message)
		case strings.Contains(err.Error(), h.home):
			t.Errorf("%s: a path is told: %v", b.name, err)
		}
	}
	lists, err := h.client.List(t.Context())
	if err != nil || len(lists.Datasets)+len(lists.Spaces)+len(lists.Experiments) > 0 {
		t.Errorf("%+v is left, %v", lists, err)
	}
	_ = filepath.WalkDir(h.home, func(path string, _ fs.DirEntry, _ error) error {
		if strings.HasPrefix(filepath.Base(path), ".tmp-") {
			t.Errorf("%s is left", filepath.Base(path))
		}
		return nil
	})
	after, peak := memoryOf(t, h.daemon.Process.Pid, "VmRSS"), memoryOf(t, h.daemon.Process.Pid, "VmHWM")
	t.Log("\n" + answers.String())
	t.Logf("%d bad files; the slowest took %s; memory %d MiB before, %d after, %d at most", len(all), worst.Round(time.Millisecond), before, after, peak)
	if after > before+64 || peak > before+256 {
		t.Errorf("memory: %d MiB before, %d after, %d at most", before, after, peak)
	}
	if worst > 30*time.Second {
		t.Errorf("one took %s", worst)
	}
}

func sendBad(ctx context.Context, h *house, b bad, good []byte) error {
	if b.dataset {
		_, err := h.client.AddDataset(ctx, wire.AddDataset{Name: "bad"}, bytes.NewReader(b.content), int64(len(b.content)))
		return err
	}
	req := wire.AddSpace{Name: "bad", Array: b.array}
	content := b.content
	if b.params != "" {
		req.Params, req.Model, content = b.params, "m", good
	}
	_, err := h.client.AddSpace(ctx, req, bytes.NewReader(content), int64(len(content)))
	return err
}

func asError(err error, to **catalog.Error) bool {
	known, ok := err.(*catalog.Error) //nolint:errorlint // as the client makes them
	*to = known
	return ok
}

// memoryOf reads a number of /proc/PID/status, in MiB.
func memoryOf(t *testing.T, pid int, what string) int {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Skip("there is no /proc here")
	}
	_, rest, _ := strings.Cut(string(text), what+":")
	n, err := strconv.Atoi(strings.Fields(rest)[0])
	if err != nil {
		t.Fatal(err)
	}
	return n / 1024
}
