package npy

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// A .safetensors file is the length of its header (8 bytes, little-endian), the header (a JSON object: by name a type, a
// shape, and where the data begins and ends), and the data, little-endian in C order without a gap. No Go library of it
// is kept well: this reads it strictly.

// maxTensorHeader is how long the header may be: files of whole models have a few hundred KiB.
const maxTensorHeader = 8 << 20

// tensorTypes are the types that are numbers, by their names in the header.
var tensorTypes = map[string]struct {
	kind byte
	size int
}{
	"F64": {'f', 8}, "F32": {'f', 4}, "F16": {'f', 2}, "BF16": {brain, 2}, "BOOL": {'b', 1},
	"I64": {'i', 8}, "I32": {'i', 4}, "I16": {'i', 2}, "I8": {'i', 1}, "U64": {'u', 8}, "U32": {'u', 4}, "U16": {'u', 2}, "U8": {'u', 1},
}

type tensor struct {
	Dtype   string        `json:"dtype"`
	Shape   []json.Number `json:"shape"`
	Offsets []int64       `json:"data_offsets"`
}

// isSafetensors looks at the first ten bytes: a length that can be, and an object that opens.
func isSafetensors(head []byte) bool {
	return len(head) == 10 && binary.LittleEndian.Uint64(head) <= maxTensorHeader && head[8] == '{' && (head[9] == '"' || head[9] == ' ' || head[9] == '}')
}

func badTensors(format string, args ...any) error {
	return invalid("the .safetensors file is damaged: %s", fmt.Sprintf(format, args...)).WithHint("write or copy it again")
}

// decodeSafetensors streams one tensor; what stands before it and after it is passed over, and must be there.
func decodeSafetensors(ctx context.Context, r *bufio.Reader, o Options, emit Emit) (Header, error) {
	var field [8]byte
	if _, err := io.ReadFull(r, field[:]); err != nil {
		return Header{}, ReadError(err)
	}
	length := binary.LittleEndian.Uint64(field[:]) // isSafetensors has looked at it
	text := make([]byte, length)
	if n, err := io.ReadFull(r, text); err != nil {
		return Header{}, badTensors("it ends inside its header (%d of %d bytes)", n, length)
	}
	tensors, err := parseTensors(text)
	if err != nil {
		return Header{}, err
	}
	end, err := layOut(tensors)
	if err != nil {
		return Header{}, err
	}
	if have := o.Size - int64(len(field)+len(text)); o.Size >= 0 && have != end {
		return Header{}, badTensors("its header speaks of %d bytes of data, it has %d", end, have)
	}
	name, err := chooseTensor(tensors, o.Array)
	if err != nil {
		return Header{}, err
	}
	h, err := tensors[name].header(name)
	if err != nil {
		return h, err
	}
	o.Size = -1 // has been looked at
	if err := o.Accept(h); err != nil {
		return h, err
	}
	from, upto := tensors[name].Offsets[0], tensors[name].Offsets[1]
	if err := passOver(r, from); err != nil {
		return h, err
	}
	if err := h.stream(ctx, &counter{r: io.LimitReader(r, upto-from)}, o.Room, emit); err != nil {
		return h, err
	}
	if err := passOver(r, end-upto); err != nil {
		return h, err
	}
	if n, err := io.Copy(io.Discard, io.LimitReader(r, 1<<16)); err != nil || n > 0 {
		if err != nil {
			return h, ReadError(err)
		}
		return h, badTensors("%d bytes follow the data", n)
	}
	return h, nil
}

func passOver(r io.Reader, n int64) error {
	passed, err := io.Copy(io.Discard, io.LimitReader(r, n))
	if err != nil {
		return ReadError(err)
	}
	if passed < n {
		return badTensors("it is cut short: %d bytes of data are missing", n-passed)
	}
	return nil
}

// parseTensors reads the header: names that stand once, and of each exactly what belongs there.
func parseTensors(text []byte) (map[string]tensor, error) {
	tensors := map[string]tensor{}
	decoder := json.NewDecoder(bytes.NewReader(text))
	if _, err := decoder.Token(); err != nil {
		return nil, badTensors("its header is no JSON, at byte %d: %s", decoder.InputOffset(), err)
	}
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return nil, badTensors("its header is no JSON, at byte %d: %s", decoder.InputOffset(), err)
		}
		name, _ := token.(string) // an object's keys are strings, or Token has failed
		var raw json.RawMessage
		if err := decoder.Decode(&raw); err != nil {
			return nil, badTensors("its header is no JSON, at byte %d: %s", decoder.InputOffset(), err)
		}
		if name == "__metadata__" {
			continue
		}
		if _, twice := tensors[name]; twice {
			return nil, badTensors("the tensor '%s' stands twice", shown(name))
		}
		var one tensor
		strict := json.NewDecoder(bytes.NewReader(raw))
		strict.DisallowUnknownFields()
		if err := strict.Decode(&one); err != nil {
			var kind *json.UnmarshalTypeError
			if errors.As(err, &kind) {
				err = fmt.Errorf("what is said of it is %s, of another kind than belongs there", kind.Value)
			}
			return nil, badTensors("of the tensor '%s', before byte %d: %s", shown(name), decoder.InputOffset(), err)
		}
		tensors[name] = one
	}
	if _, err := decoder.Token(); err != nil {
		return nil, badTensors("its header is no JSON, at byte %d: %s", decoder.InputOffset(), err)
	}
	if rest := strings.TrimRight(string(text[decoder.InputOffset():]), " "); rest != "" {
		return nil, badTensors("something follows its header's object, at byte %d", decoder.InputOffset())
	}
	return tensors, nil
}

// layOut checks that the tensors fill the data without gaps or overlaps, and gives where it ends.
func layOut(tensors map[string]tensor) (end int64, err error) {
	names := slices.SortedFunc(maps.Keys(tensors), func(a, b string) int {
		return slices.Compare(tensors[a].Offsets, tensors[b].Offsets)
	})
	for _, name := range names {
		at := tensors[name].Offsets
		if len(at) != 2 || at[0] != end || at[1] < at[0] || at[1] > 1<<62 {
			return 0, badTensors("the tensor '%s' lies at %v, and %d is where it has to begin", shown(name), at, end)
		}
		end = at[1]
	}
	return end, nil
}

// chooseTensor takes the one tensor, or the named one.
func chooseTensor(tensors map[string]tensor, array string) (string, error) {
	names := slices.Sorted(maps.Keys(tensors))
	_, there := tensors[array]
	switch {
	case len(names) == 0:
		return "", invalid("the .safetensors file holds no tensor")
	case there:
		return array, nil
	case array != "":
		return "", invalid("the .safetensors file has no tensor '%s'; it holds %s", shown(array), listed(names))
	case len(names) > 1:
		return "", invalid("the .safetensors file holds %d tensors: %s", len(names), listed(names)).WithHint("say which one with --array NAME")
	}
	return names[0], nil
}

// listed gives the first names.
func listed(names []string) string {
	const some = 12
	var list []string
	for _, name := range names[:min(len(names), some)] {
		list = append(list, shown(name))
	}
	if len(names) > some {
		return fmt.Sprintf("%s and %d more", strings.Join(list, ", "), len(names)-some)
	}
	return strings.Join(list, ", ")
}

// header makes the header of one tensor and checks that its data is as long as its shape says.
func (t tensor) header(name string) (Header, error) {
	kind, known := tensorTypes[t.Dtype]
	if !known {
		return Header{}, invalid("the tensor '%s' has the type '%s', which cannot be read", shown(name), clip(t.Dtype)).WithHint("save it as F32: tensor.float()")
	}
	h := Header{Descr: t.Dtype, kind: kind.kind, size: kind.size}
	shape := make([]string, len(t.Shape))
	for i, n := range t.Shape {
		shape[i] = n.String()
	}
	if err := h.setShape(shape); err != nil {
		return Header{}, err
	}
	if have := t.Offsets[1] - t.Offsets[0]; have != h.DataBytes() {
		return Header{}, badTensors("the tensor '%s', %d×%d of %s, needs %d bytes and has %d", shown(name), h.Rows, h.Dims, t.Dtype, h.DataBytes(), have)
	}
	return h, nil
}
