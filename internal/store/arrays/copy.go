package arrays

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/pentoai/vectory/internal/catalog"
)

// CopyTo puts every file of the store that wanted names into folder, by kind: hard links where the disk is the same,
// copies elsewhere. Files are immutable, so that a link stays what it is. It gives their paths in folder, relative,
// and their sizes. tell is told of each.
func (s *Store) CopyTo(ctx context.Context, folder string, wanted map[string]map[string]bool, tell func()) (files map[string]int64, err error) {
	files = map[string]int64{}
	for _, kind := range kinds {
		if kind == Unfinished {
			continue
		}
		into := filepath.Join(folder, string(kind))
		if err := os.MkdirAll(into, 0o700); err != nil {
			return nil, DiskError(err, "cannot make a folder of the backup")
		}
		for name := range wanted[string(kind)] {
			if ctx.Err() != nil {
				return nil, catalog.Errorf(catalog.Canceled, "the backup was stopped: %w", context.Cause(ctx))
			}
			path, err := s.path(kind, name)
			if err != nil {
				return nil, err
			}
			size, err := LinkOrCopy(path, filepath.Join(into, name))
			if errors.Is(err, fs.ErrNotExist) && !kind.byContent() {
				continue // it can be made again
			}
			if err != nil {
				return nil, DiskError(err, "cannot back up "+string(kind)+"/"+name[:12])
			}
			files[filepath.Join(string(kind), name)] = size
			tell()
		}
		if err := s.syncDir(into); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// LinkOrCopy makes to the same file as from, or a durable copy of it where the disk is another; it gives the size.
func LinkOrCopy(from, to string) (int64, error) {
	info, err := os.Stat(from)
	if err != nil {
		return 0, err
	}
	if err := os.Link(from, to); err == nil || errors.Is(err, fs.ErrExist) {
		return info.Size(), nil
	}
	in, err := os.Open(from)
	if err != nil {
		return 0, err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, err
	}
	_, err = io.Copy(out, in)
	return info.Size(), errors.Join(err, out.Sync(), out.Close())
}
