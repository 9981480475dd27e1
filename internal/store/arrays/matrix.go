package arrays

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"sync"
	"syscall"
	"unsafe"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/store/columnar"
	"github.com/pentoai/vectory/internal/store/npy"
)

// PutMatrix reads an .npy, .npz, .safetensors, parquet or arrow stream, checks it, and keeps it as n×d little-endian
// float32 in C order. Memory stays within a few MiB whatever the size, but for a page of a parquet file or a packed batch
// of an arrow file. Errors: those of packages npy and columnar (invalid), no_space.
func (s *Store) PutMatrix(ctx context.Context, r io.Reader, spec catalog.MatrixSpec) (catalog.Array, error) {
	st, err := s.stage(Matrices)
	if err != nil {
		return catalog.Array{}, err
	}
	defer st.discard()
	var look onlooker
	var dims, all int
	passing := newBelt(
		func(rows []float32) error { _, err := st.hash.Write(littleEndian(rows)); return err },
		func(rows []float32) error { look.see(rows, dims, all); return nil },
		func(rows []float32) error { return st.keep(littleEndian(rows)) },
	)
	header, err := s.decode(ctx, r, npy.Options{Size: spec.Size, TempDir: s.TempDir(), Dims: spec.Dims, Array: spec.Array, Dtype: spec.Dtype, Room: passing.room,
		Check: func(h npy.Header) error { return accepts(spec, h.Rows) }},
		func(h npy.Header, _ int, _ []float32) error {
			if dims == 0 { // written once, before any reader looks
				dims, all = h.Dims, h.Rows
			}
			return passing.put()
		})
	if fault := passing.close(); fault != nil {
		err = fault
	}
	if err == nil {
		err = unchanged(r)
	}
	if err != nil {
		return catalog.Array{}, err
	}
	health := make(chan catalog.Health, 1)
	go func() { health <- look.health() }() // sorts and finds eigenvalues while the disk writes
	sum, err := st.commit("")
	if err != nil {
		return catalog.Array{}, err
	}
	return catalog.Array{SHA256: sum, Rows: header.Rows, Dims: header.Dims, DtypeIn: header.Descr, Health: <-health}, nil
}

// decode reads whatever file the stream is; one that has to be read from its end is put on the disk first.
func (s *Store) decode(ctx context.Context, r io.Reader, o npy.Options, emit npy.Emit) (npy.Header, error) {
	file, lies := r.(*npy.File)
	var head []byte
	if lies {
		head = make([]byte, columnar.HeadBytes)
		n, _ := file.ReadAt(head, 0)
		head = head[:n]
	} else {
		start := bufio.NewReaderSize(r, 64<<10)
		head, _ = start.Peek(columnar.HeadBytes)
		r = start
	}
	format := columnar.FormatOf(head)
	if format == columnar.None {
		return npy.DecodeAny(ctx, r, o, emit)
	}
	if o.Dtype != "" {
		return npy.Header{}, catalog.Errorf(catalog.Invalid, "dtype=%q is for raw values, and the columns of a %s file tell their types", o.Dtype, format)
	}
	var h npy.Header
	read := func(file *os.File, size int64) (err error) {
		h, err = s.Foreign.Decode(ctx, format, file, size, o, func(h npy.Header, first int, rows []float32) error {
			return emit(h, first, append(o.Room(len(rows))[:0], rows...))
		})
		return err
	}
	var err error
	if lies {
		err = read(file.File, file.Size)
	} else {
		err = s.spooled(r, read)
	}
	return h, err
}

// unchanged is an error when r is a file that was written to since it was opened.
func unchanged(r io.Reader) error {
	if file, ok := r.(*npy.File); ok {
		return file.Unchanged()
	}
	return nil
}

// spooled puts a stream into a file of the store that is gone afterwards.
func (s *Store) spooled(r io.Reader, use func(file *os.File, size int64) error) error {
	file, err := os.CreateTemp(s.TempDir(), tempPrefix+"spool-*")
	if err != nil {
		return DiskError(err, "cannot write to the store")
	}
	defer os.Remove(file.Name())
	defer file.Close()
	size, err := io.Copy(file, r)
	if err != nil {
		return npy.ReadError(err)
	}
	return use(file, size)
}

func accepts(spec catalog.MatrixSpec, rows int) error {
	if spec.Check == nil {
		return nil
	}
	return spec.Check(rows)
}

// Mapped is a read-only view of a stored matrix. Close it when nothing reads Data any more.
type Mapped struct {
	Data  []float32 // n×d, row-major; never write to it
	bytes []byte
	file  os.FileInfo
	store *Store
}

// idle is the mapping that was closed last: who asks for one row after another would else map and unmap the matrix, and
// find its pages anew, for each.
type idle struct {
	mu    sync.Mutex
	bytes []byte // nil: none
	file  os.FileInfo
}

// take gives the idle mapping of a file, if it is that one's.
func (i *idle) take(file os.FileInfo) []byte {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.bytes == nil || !os.SameFile(i.file, file) {
		return nil
	}
	bytes := i.bytes
	i.bytes, i.file = nil, nil
	return bytes
}

// put takes a mapping in, and unmaps the one that was here; without bytes it does only that.
func (i *idle) put(bytes []byte, file os.FileInfo) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	former := i.bytes
	i.bytes, i.file = bytes, file
	if former == nil {
		return nil
	}
	return syscall.Munmap(former)
}

// Matrix maps a stored matrix of the given shape into memory. The files are ours and immutable, so
// that a mapping cannot be cut short under a reader.
func (s *Store) Matrix(sha256 string, rows, dims int) (*Mapped, error) {
	path, err := s.path(Matrices, sha256)
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, damaged(sha256, "is missing", err)
	}
	if want := int64(rows) * int64(dims) * 4; info.Size() != want {
		return nil, damaged(sha256, "has the wrong size", nil)
	}
	mem := s.idle.take(info)
	if mem == nil {
		f, err := os.Open(path)
		if err != nil {
			return nil, damaged(sha256, "cannot be read", err)
		}
		defer f.Close()
		if mem, err = syscall.Mmap(int(f.Fd()), 0, int(info.Size()), syscall.PROT_READ, syscall.MAP_SHARED); err != nil {
			return nil, damaged(sha256, "cannot be mapped", err)
		}
	}
	return &Mapped{Data: asFloats(mem), bytes: mem, file: info, store: s}, nil
}

// Close ends the use of the matrix.
func (m *Mapped) Close() error {
	bytes := m.bytes
	m.Data, m.bytes = nil, nil
	if bytes == nil {
		return nil
	}
	return m.store.idle.put(bytes, m.file)
}

func damaged(sha256, how string, err error) error {
	if errors.Is(err, syscall.EIO) {
		return DiskError(err, "the stored matrix "+sha256[:12]+" "+how)
	}
	return &catalog.Error{Code: catalog.Internal, Message: "the stored matrix " + sha256[:12] + " " + how,
		Hint: "add the space again with --replace", Err: err}
}

// hostIsLittle: on such machines (all that we build for today) a stored file is the array itself.
var hostIsLittle = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

// asFloats views or converts little-endian bytes.
func asFloats(b []byte) []float32 {
	if len(b) == 0 {
		return nil
	}
	if hostIsLittle {
		return unsafe.Slice((*float32)(unsafe.Pointer(&b[0])), len(b)/4)
	}
	out := make([]float32, len(b)/4)
	if _, err := binary.Decode(b, binary.LittleEndian, out); err != nil {
		panic(err) // the length is a multiple of four by construction
	}
	return out
}

// littleEndian views or converts floats as little-endian bytes, valid until rows changes.
func littleEndian(rows []float32) []byte {
	if len(rows) == 0 {
		return nil
	}
	if hostIsLittle {
		return unsafe.Slice((*byte)(unsafe.Pointer(&rows[0])), 4*len(rows))
	}
	out, err := binary.Append(nil, binary.LittleEndian, rows)
	if err != nil {
		panic(err)
	}
	return out
}
