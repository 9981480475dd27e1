package arrays

import (
	"encoding/binary"
	"hash/crc32"
	"os"
	"sync"
	"syscall"
	"unsafe"

	"github.com/pentoai/vectory/internal/compute/knn"
)

// A kept table is magic, rows, neighbours, lists (little-endian uint64), the rows that the lists are
// about (int32, only where they are fewer than all), ids (int32), distances (float32), and a CRC-32C of
// all before.
const (
	tableMagic = "VCTYTBL1"
	tableHead  = 32
)

// PutTable keeps a neighbour table, in place of a shorter one of the same name.
func (s *Store) PutTable(name string, t *knn.Table) error {
	head := []byte(tableMagic)
	for _, n := range []int{t.Rows, t.K, t.Lists()} {
		head = binary.LittleEndian.AppendUint64(head, uint64(n))
	}
	return s.putSummed(Neighbours, name, [][]byte{head, integerBytes(t.Queries), integerBytes(t.IDs), littleEndian(t.Distances)})
}

// MappedTable is a read-only view of a kept table. Close it when nothing reads the table any more.
type MappedTable struct {
	knn.Table
	bytes []byte
}

// Close unmaps the table.
func (t *MappedTable) Close() error { return syscall.Munmap(t.bytes) }

// Table maps a kept neighbour table. An error says that it is missing or damaged: make it anew. The
// checksum is looked at once for each file and process.
func (s *Store) Table(name string) (*MappedTable, error) {
	path, err := s.path(Neighbours, name)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, damagedFrame(name, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, damagedFrame(name, err)
	}
	if info.Size() < tableHead+frameTail {
		return nil, damagedFrame(name, errShort)
	}
	mem, err := syscall.Mmap(int(f.Fd()), 0, int(info.Size()), syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return nil, damagedFrame(name, err)
	}
	t := &MappedTable{bytes: mem}
	if err := s.read(t, info); err != nil {
		_ = t.Close() // the first error counts
		return nil, damagedFrame(name, err)
	}
	return t, nil
}

// read points the table at its parts.
func (s *Store) read(t *MappedTable, info os.FileInfo) error {
	body := t.bytes[:len(t.bytes)-frameTail]
	number := func(at int) uint64 { return binary.LittleEndian.Uint64(body[at:]) }
	rows, k, lists := number(8), number(16), number(24)
	const most = 1 << 40
	if string(body[:8]) != tableMagic || rows > most || lists > rows || k > most/(lists+1) {
		return errSum
	}
	size := tableHead + 8*lists*k
	if lists < rows {
		size += 4 * lists
	}
	if size != uint64(len(body)) {
		return errSum
	}
	if !s.sound.has(info) {
		if crc32.Checksum(body, castagnoli) != binary.LittleEndian.Uint32(t.bytes[len(body):]) {
			return errSum
		}
		s.sound.add(info)
	}
	t.Rows, t.K = int(rows), int(k)
	parts := body[tableHead:]
	if lists < rows {
		t.Queries, parts = asIntegers(parts[:4*lists]), parts[4*lists:]
	}
	t.IDs, t.Distances = asIntegers(parts[:4*lists*k]), asFloats(parts[4*lists*k:])
	return nil
}

// sound remembers the files whose checksum was right.
type sound struct {
	mu    sync.Mutex
	files map[fileStamp]bool
}

type fileStamp struct {
	device, inode uint64
	size, changed int64
}

func stampOf(info os.FileInfo) (fileStamp, bool) {
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return fileStamp{}, false
	}
	return fileStamp{st.Dev, st.Ino, info.Size(), info.ModTime().UnixNano()}, true
}

func (s *sound) has(info os.FileInfo) bool {
	stamp, ok := stampOf(info)
	s.mu.Lock()
	defer s.mu.Unlock()
	return ok && s.files[stamp]
}

func (s *sound) add(info os.FileInfo) {
	stamp, ok := stampOf(info)
	if !ok {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.files == nil {
		s.files = map[fileStamp]bool{}
	}
	s.files[stamp] = true
}

// integerBytes views or converts numbers as little-endian bytes.
func integerBytes(v []int32) []byte {
	if len(v) == 0 {
		return nil
	}
	if hostIsLittle {
		return unsafe.Slice((*byte)(unsafe.Pointer(&v[0])), 4*len(v))
	}
	out := make([]byte, 0, 4*len(v))
	for _, n := range v {
		out = binary.LittleEndian.AppendUint32(out, uint32(n))
	}
	return out
}

// asIntegers views or converts little-endian bytes.
func asIntegers(b []byte) []int32 {
	if len(b) == 0 {
		return []int32{}
	}
	if hostIsLittle {
		return unsafe.Slice((*int32)(unsafe.Pointer(&b[0])), len(b)/4)
	}
	return integers(b)
}
