package arrays

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"os"
	"syscall"

	"github.com/pentoai/vectory/internal/catalog"
)

var (
	errShort = errors.New("wrong size")
	errSum   = errors.New("its checksum is wrong")
)

// A framed file is magic, rows, columns (little-endian uint64), the data, and a CRC-32C of all before.
const (
	frameMagic = "VCTYFRM1"
	frameHead  = 24
	frameTail  = 4
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// PutColumns keeps the per-row columns of a comparison, each of the same length.
func (s *Store) PutColumns(name string, columns [][]int32) error {
	return s.putColumns(Comparisons, name, columns)
}

// PutLayout keeps the per-row columns of a layout; Layout reads them.
func (s *Store) PutLayout(name string, columns [][]int32) error {
	return s.putColumns(Layouts, name, columns)
}

// Layout reads the kept columns of a layout.
func (s *Store) Layout(name string) ([][]int32, error) { return s.columns(Layouts, name) }

func (s *Store) putColumns(kind Kind, name string, columns [][]int32) error {
	var data []byte
	for _, column := range columns {
		for _, v := range column {
			data = binary.LittleEndian.AppendUint32(data, uint32(v))
		}
	}
	return s.putFrame(kind, name, len(columns[0]), len(columns), data)
}

// Columns reads kept columns.
func (s *Store) Columns(name string) ([][]int32, error) { return s.columns(Comparisons, name) }

func (s *Store) columns(kind Kind, name string) ([][]int32, error) {
	rows, n, data, err := s.frame(kind, name)
	if err != nil {
		return nil, err
	}
	if len(data) != 4*rows*n {
		return nil, damagedFrame(name, errShort)
	}
	columns := make([][]int32, n)
	for i := range columns {
		columns[i] = integers(data[4*rows*i : 4*rows*(i+1)])
	}
	return columns, nil
}

func integers(data []byte) []int32 {
	out := make([]int32, len(data)/4)
	for i := range out {
		out[i] = int32(binary.LittleEndian.Uint32(data[4*i:]))
	}
	return out
}

func (s *Store) putFrame(kind Kind, name string, rows, columns int, parts ...[]byte) error {
	head := binary.LittleEndian.AppendUint64([]byte(frameMagic), uint64(rows))
	head = binary.LittleEndian.AppendUint64(head, uint64(columns))
	return s.putSummed(kind, name, append([][]byte{head}, parts...))
}

// putSummed keeps the parts and a CRC-32C of them.
func (s *Store) putSummed(kind Kind, name string, parts [][]byte) error {
	st, err := s.stage(kind)
	if err != nil {
		return err
	}
	defer st.discard()
	sum := crc32.New(castagnoli)
	out := io.MultiWriter(sum, st)
	for _, part := range parts {
		if _, err := out.Write(part); err != nil {
			return err
		}
	}
	if _, err := st.Write(binary.LittleEndian.AppendUint32(nil, sum.Sum32())); err != nil {
		return err
	}
	_, err = st.commit(name)
	return err
}

func (s *Store) frame(kind Kind, name string) (rows, columns int, data []byte, err error) {
	path, err := s.path(kind, name)
	if err != nil {
		return 0, 0, nil, err
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return 0, 0, nil, damagedFrame(name, err)
	}
	body := len(raw) - frameTail
	if body < frameHead || string(raw[:8]) != frameMagic || crc32.Checksum(raw[:body], castagnoli) != binary.LittleEndian.Uint32(raw[body:]) {
		return 0, 0, nil, damagedFrame(name, errSum)
	}
	return int(binary.LittleEndian.Uint64(raw[8:])), int(binary.LittleEndian.Uint64(raw[16:])), raw[frameHead:body], nil
}

func damagedFrame(name string, err error) error {
	if errors.Is(err, syscall.EIO) {
		return DiskError(err, "the kept file "+name[:12]+"… cannot be read")
	}
	return &catalog.Error{Code: catalog.Internal, Message: "the kept file " + name[:12] + "… is damaged", Hint: "run the comparison again", Err: err}
}
