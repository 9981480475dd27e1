package arrays

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/pentoai/vectory/internal/catalog"
)

// Check reads a whole file and says what is wrong with it: "" when it is sound, "is missing", "is damaged". Files
// named by content are hashed, the others have their checksum looked at.
func (s *Store) Check(ctx context.Context, kind Kind, name string) (fault string, err error) {
	if !kind.byContent() {
		return s.checkSummed(kind, name)
	}
	path, err := s.path(kind, name)
	if err != nil {
		return "", err
	}
	sum, err := hashFile(ctx, path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "is missing", nil
	case ctx.Err() != nil:
		return "", catalog.Errorf(catalog.Canceled, "the check was stopped: %w", context.Cause(ctx))
	case err != nil:
		return "cannot be read: " + lastWords(err), nil
	case sum != name:
		return "is damaged", nil
	}
	return "", nil
}

func (s *Store) checkSummed(kind Kind, name string) (string, error) {
	if !s.Has(kind, name) {
		return "is missing", nil
	}
	var err error
	if kind == Neighbours {
		var t *MappedTable
		if t, err = s.Table(name); err == nil {
			err = t.Close()
		}
	} else {
		_, err = s.columns(kind, name)
	}
	if err != nil {
		return "is damaged", nil //nolint:nilerr // the damage is the finding, not a failure of the check
	}
	return "", nil
}

// hashFile gives the sha256 of a file, and looks at ctx once for each megabyte.
func hashFile(ctx context.Context, path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := sha256.New()
	buffer := make([]byte, 1<<20)
	for ctx.Err() == nil {
		n, err := f.Read(buffer)
		_, _ = sum.Write(buffer[:n]) // never fails
		if errors.Is(err, io.EOF) {
			return hex.EncodeToString(sum.Sum(nil)), nil
		}
		if err != nil {
			return "", err
		}
	}
	return "", ctx.Err()
}

// SetAside moves a damaged file to the trash, so that the same content can be put again.
func (s *Store) SetAside(kind Kind, name string) error {
	if !s.Has(kind, name) {
		return nil
	}
	if !kind.byContent() {
		return s.Remove(kind, name)
	}
	path, err := s.path(kind, name)
	if err != nil {
		return err
	}
	to := filepath.Join(s.root, trashFolder, "damaged-"+string(kind)+"-"+name)
	if err := errors.Join(os.Rename(path, to), os.Chtimes(to, time.Time{}, time.Now())); err != nil {
		return DiskError(err, "cannot set a damaged file aside")
	}
	return nil
}

// Recover brings a file back from the trash when it is sound; whether it did is told.
func (s *Store) Recover(ctx context.Context, kind Kind, name string) (bool, error) {
	path, err := s.path(kind, name)
	if err != nil || !kind.byContent() {
		return false, err
	}
	from := filepath.Join(s.root, trashFolder, string(kind)+"-"+name)
	if sum, err := hashFile(ctx, from); err != nil || sum != name {
		return false, nil //nolint:nilerr // what is not there, or not sound, is not brought back
	}
	if err := os.Rename(from, path); err != nil {
		return false, DiskError(err, "cannot bring a file back from the trash")
	}
	return true, s.syncDir(filepath.Dir(path))
}
