package elastic

import (
	"encoding/base64"
	"encoding/binary"
	"math"
	"strings"
)

// Rows travel in SMILE, the binary form of JSON that every Elasticsearch takes (https://github.com/FasterXML/smile-format-specification):
// a value of a vector is six bytes that are written and read by shifts, where its decimals are eleven and take a conversion
// on either side. A document begins with a head and ends with a byte that is nowhere in it.
const (
	smileType   = "application/smile"
	smileHead   = ":)\n\x00" // nothing is shared between names or texts, no byte is raw
	smileEnd    = 0xff
	smileObject = 0xfa
	smileClose  = 0xfb
	smileArray  = 0xf8
	smileFinish = 0xf9
	textEnd     = 0xfc // is in no UTF-8
)

// smileName appends the name of a value of an object.
func smileName(out []byte, name string) []byte {
	return smileText(out, name, 0x80, 64, 0x34)
}

// smileString appends a text as a value.
func smileString(out []byte, s string) []byte {
	return smileText(out, s, 0x40, 32, 0xe4)
}

// smileShort is the first byte of a text of so many ASCII characters, 32 at most.
func smileShort(length int) byte { return byte(0x40 + length - 1) }

// smileText appends a text after one byte that says how long it is, or, beyond so many bytes and where not all of it is ASCII, up to an end.
func smileText(out []byte, s string, short byte, most int, long byte) []byte {
	if s == "" {
		return append(out, 0x20)
	}
	if len(s) <= most && ascii(s) {
		return append(append(out, short+byte(len(s)-1)), s...)
	}
	return append(append(append(out, long), strings.ToValidUTF8(s, "\ufffd")...), textEnd)
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// smileInt appends a whole number: its sign is the lowest bit, and the last of its bytes has the highest.
func smileInt(out []byte, n int32) []byte {
	const ofLast = 6
	bits := uint32(n<<1) ^ uint32(n>>31) //nolint:gosec // its bits
	out = append(out, 0x24)
	for at := ofLast + 7*3; at >= ofLast; at -= 7 {
		if bits>>at != 0 {
			out = append(out, byte(bits>>at&0x7f))
		}
	}
	return append(out, byte(0x80|bits&0x3f))
}

func smileFloat(out []byte, v float32) []byte {
	b := math.Float32bits(v)
	return append(out, 0x28, byte(b>>28), byte(b>>21&0x7f), byte(b>>14&0x7f), byte(b>>7&0x7f), byte(b&0x7f))
}

func smileDouble(out []byte, v float64) []byte {
	b := math.Float64bits(v)
	out = append(out, 0x29)
	for at := 63; at >= 0; at -= 7 {
		out = append(out, byte(b>>at&0x7f))
	}
	return out
}

// smileBase64 appends the bytes of a vector, the highest of each value first, as a text.
func smileBase64(out []byte, v []float32) []byte {
	all := make([]byte, 0, 4*len(v))
	for _, value := range v {
		all = binary.BigEndian.AppendUint32(all, math.Float32bits(value))
	}
	return append(base64.StdEncoding.AppendEncode(append(out, 0xe0), all), textEnd)
}
