package server

import (
	"encoding/binary"
	"encoding/json"
	"math"

	"github.com/pentoai/vectory/internal/wire"
	"github.com/pentoai/vectory/internal/workspace"
)

const (
	frameHeader = 32
	frameChunk  = 256 << 10 // bytes of meta and payload in a message: larger ones are slower through a notebook's relay
	frameMagic  = "VCTY"
	frameKind   = 1 // places of a layout
	answerKind  = 2 // the answer to a request
)

// encodeFrame writes the places of a layout as binary messages; openapi.yaml has the form. All spaces share
// one range an axis, so that what stands in one place in both still does.
func encodeFrame(stream, sequence uint32, l wire.Layout, places []workspace.Frame) ([][]byte, error) {
	meta := wire.FrameMeta{Layout: l.ID, Epoch: l.Epoch, Of: l.EpochsAll}
	low, high := ranges(places)
	size := 0
	for i, p := range places {
		meta.Columns = append(meta.Columns, wire.FrameColumn{Name: "coords_" + wire.LayoutSide(i), Dtype: "u16", Shape: []int{p.Rows, p.Width}, Offset: size, Low: low, High: high})
		size += padded(2 * len(p.Floats))
	}
	body, err := encodeMeta(meta, size)
	if err != nil {
		return nil, err
	}
	metaBytes := len(body)
	for _, p := range places {
		body = quantised(body, p, low, high)
	}
	return chunked(frameKind, body, metaBytes, stream, sequence), nil
}

// encodeMeta writes the JSON at the head of a message, with room behind it.
func encodeMeta(meta any, room int) ([]byte, error) {
	text, err := json.Marshal(meta)
	if err != nil {
		return nil, err
	}
	body := make([]byte, padded(len(text)), padded(len(text))+room)
	for i := copy(body, text); i < len(body); i++ {
		body[i] = ' '
	}
	return body, nil
}

func padded(n int) int { return (n + 7) &^ 7 }

// ranges gives the least and the largest of each axis.
func ranges(places []workspace.Frame) (low, high []float64) {
	low, high = make([]float64, places[0].Width), make([]float64, places[0].Width)
	for axis := range low {
		low[axis], high[axis] = math.Inf(1), math.Inf(-1)
		for _, p := range places {
			for at := axis; at < len(p.Floats); at += p.Width {
				low[axis], high[axis] = min(low[axis], float64(p.Floats[at])), max(high[axis], float64(p.Floats[at]))
			}
		}
		if low[axis] > high[axis] {
			low[axis], high[axis] = 0, 0 // no rows
		}
	}
	return low, high
}

func quantised(out []byte, p workspace.Frame, low, high []float64) []byte {
	for at, v := range p.Floats {
		axis, q := at%p.Width, 0.0
		if span := high[axis] - low[axis]; span > 0 {
			q = math.Round((float64(v) - low[axis]) / span * math.MaxUint16)
		}
		out = binary.LittleEndian.AppendUint16(out, uint16(q))
	}
	for len(out)%8 != 0 {
		out = append(out, 0)
	}
	return out
}

// chunked cuts meta and payload into messages with a header each.
func chunked(kind byte, body []byte, metaBytes int, stream, sequence uint32) [][]byte {
	chunks := (len(body) + frameChunk - 1) / frameChunk
	messages := make([][]byte, 0, chunks)
	for i := range chunks {
		part := body[i*frameChunk : min((i+1)*frameChunk, len(body))]
		meta := 0
		if i == 0 {
			meta = metaBytes
		}
		m := append(make([]byte, 0, frameHeader+len(part)), frameMagic...)
		m = append(m, 1, kind, 0, 0) // version, kind, flags
		m = binary.LittleEndian.AppendUint32(m, stream)
		m = binary.LittleEndian.AppendUint32(m, sequence)
		m = binary.LittleEndian.AppendUint16(m, uint16(i))
		m = binary.LittleEndian.AppendUint16(m, uint16(chunks))
		m = binary.LittleEndian.AppendUint32(m, uint32(meta))
		m = binary.LittleEndian.AppendUint32(m, uint32(len(part)-meta))
		m = binary.LittleEndian.AppendUint32(m, 0)
		messages = append(messages, append(m, part...))
	}
	return messages
}
