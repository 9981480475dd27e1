package npy

import (
	"os"
	"syscall"

	"github.com/pentoai/vectory/internal/catalog"
)

// File is a file of somebody else, which lies on a disk already: what has to be read from its end is read where it lies.
type File struct {
	*os.File
	Size int64
	seen os.FileInfo
}

// OpenFile opens a regular file for reading; anything else is refused without waiting for it, as for a pipe.
func OpenFile(path string) (*File, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = invalid("%s is no regular file", path)
	}
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return &File{File: f, Size: info.Size(), seen: info}, nil
}

// Unchanged is an error when the file was written to since it was opened: what was read may be half of the one and half of
// the other. Errors: conflict.
func (f *File) Unchanged() error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if info.Size() != f.seen.Size() || !info.ModTime().Equal(f.seen.ModTime()) {
		return catalog.Errorf(catalog.Conflict, "the file was written to while it was read").WithHint("add it again when it is complete")
	}
	return nil
}
