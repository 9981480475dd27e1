package arrays

import (
	"context"
	"encoding/binary"
	"io"
	"os"
	"syscall"
	"unsafe"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/store/npy"
)

// PutMatrix reads an .npy or .npz stream, checks it, and keeps it as n×d little-endian float32 in
// C order. Memory stays within a few MiB whatever the size. Errors: those of package npy (invalid),
// no_space.
func (s *Store) PutMatrix(ctx context.Context, r io.Reader, spec catalog.MatrixSpec) (catalog.Array, error) {
	st, err := s.stage(Matrices)
	if err != nil {
		return catalog.Array{}, err
	}
	defer st.discard()
	var look onlooker
	var dims int
	passing := newBelt(
		func(rows []float32) error { _, err := st.hash.Write(littleEndian(rows)); return err },
		func(rows []float32) error { look.see(rows, dims); return nil },
		func(rows []float32) error { return st.keep(littleEndian(rows)) },
	)
	header, err := npy.DecodeAny(ctx, r, npy.Options{Size: spec.Size, TempDir: s.TempDir(), Dims: spec.Dims, Array: spec.Array,
		Check: func(h npy.Header) error { return accepts(spec, h.Rows) }},
		func(h npy.Header, _ int, rows []float32) error {
			if dims == 0 { // written once, before any reader looks
				dims = h.Dims
			}
			return passing.put(rows)
		})
	if fault := passing.close(); fault != nil {
		err = fault
	}
	if err != nil {
		return catalog.Array{}, err
	}
	sum, err := st.commit("")
	if err != nil {
		return catalog.Array{}, err
	}
	return catalog.Array{SHA256: sum, Rows: header.Rows, Dims: header.Dims, DtypeIn: header.Descr, Health: look.health()}, nil
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
}

// Matrix maps a stored matrix of the given shape into memory. The files are ours and immutable, so
// that a mapping cannot be cut short under a reader.
func (s *Store) Matrix(sha256 string, rows, dims int) (*Mapped, error) {
	path, err := s.path(Matrices, sha256)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, damaged(sha256, "is missing", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, damaged(sha256, "cannot be read", err)
	}
	if want := int64(rows) * int64(dims) * 4; info.Size() != want {
		return nil, damaged(sha256, "has the wrong size", nil)
	}
	mem, err := syscall.Mmap(int(f.Fd()), 0, int(info.Size()), syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return nil, damaged(sha256, "cannot be mapped", err)
	}
	return &Mapped{Data: asFloats(mem), bytes: mem}, nil
}

// Close unmaps the matrix.
func (m *Mapped) Close() error { return syscall.Munmap(m.bytes) }

func damaged(sha256, how string, err error) error {
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
