package server

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pentoai/vectory/internal/wire"
	"github.com/pentoai/vectory/internal/workspace"
)

// The page's tests read the same file: what is written here is what is read there.
func TestFramesHaveTheFormThatThePageReads(t *testing.T) {
	places := []workspace.Frame{{Rows: 3, Width: 2, Floats: []float32{0, 1, 2, 3, 4, 5}}, {Rows: 3, Width: 2, Floats: []float32{-4, 1, 0, 1, 2, 9}}}
	messages, err := encodeFrame(7, 9, wire.Layout{ID: "abc", Epoch: 3, EpochsAll: 200}, places)
	if err != nil || len(messages) != 1 {
		t.Fatal(len(messages), err)
	}
	const golden = "testdata/frame.bin"
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(golden, messages[0], 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(messages[0], want) {
		t.Errorf("%q\nwant %q", messages[0], want)
	}
}

func TestLargeFramesComeInChunks(t *testing.T) {
	const rows = 300_000
	p := workspace.Frame{Rows: rows, Width: 2, Floats: make([]float32, 2*rows)}
	for i := range p.Floats {
		p.Floats[i] = float32(i)
	}
	messages, err := encodeFrame(1, 2, wire.Layout{ID: "x"}, []workspace.Frame{p})
	if err != nil {
		t.Fatal(err)
	}
	var body []byte
	for i, m := range messages {
		if len(m) > frameHeader+frameChunk || string(m[:4]) != frameMagic {
			t.Fatalf("message %d has %d bytes and begins with %q", i, len(m), m[:4])
		}
		if got := []uint16{binary.LittleEndian.Uint16(m[16:]), binary.LittleEndian.Uint16(m[18:])}; !cmp.Equal(got, []uint16{uint16(i), uint16(len(messages))}) {
			t.Fatalf("message %d says it is %v", i, got)
		}
		if n := binary.LittleEndian.Uint32(m[20:]) + binary.LittleEndian.Uint32(m[24:]); int(n) != len(m)-frameHeader {
			t.Fatalf("message %d says it holds %d bytes", i, n)
		}
		body = append(body, m[frameHeader:]...)
	}
	metaBytes := binary.LittleEndian.Uint32(messages[0][20:])
	var meta wire.FrameMeta
	if err := json.Unmarshal(body[:metaBytes], &meta); err != nil {
		t.Fatal(err)
	}
	column := meta.Columns[0]
	values := body[int(metaBytes)+column.Offset:]
	for i, v := range p.Floats {
		axis := i % 2
		span := column.High[axis] - column.Low[axis]
		got := column.Low[axis] + float64(binary.LittleEndian.Uint16(values[2*i:]))/65535*span
		if d := got - float64(v); d < -span/65535 || d > span/65535 {
			t.Fatalf("value %d is %g, was %g", i, got, v)
		}
	}
}

func TestAFrameOfOnePointOrNone(t *testing.T) {
	for _, p := range []workspace.Frame{{Width: 2}, {Rows: 1, Width: 2, Floats: []float32{3, 3}}, {Rows: 2, Width: 2, Floats: []float32{1, 2, 1, 2}}} {
		if messages, err := encodeFrame(1, 1, wire.Layout{}, []workspace.Frame{p}); err != nil || len(messages) != 1 {
			t.Errorf("%+v: %d messages, %v", p, len(messages), err)
		}
	}
}
