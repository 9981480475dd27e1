package arrays

import (
	"os"
	"path/filepath"
	"time"

	"github.com/pentoai/vectory/internal/catalog"
)

// trashFolder holds what was swept away and cannot be made again, for some days; files keep their names, with
// their kind before.
const trashFolder = "trash"

// discardToTrash moves a file to the trash; its clock begins now.
func (s *Store) discardToTrash(kind Kind, name string) error {
	path, err := s.path(kind, name)
	if err != nil {
		return err
	}
	if err := os.Chtimes(path, time.Time{}, time.Now()); err != nil {
		return DiskError(err, "cannot touch a file of the store")
	}
	if err := os.Rename(path, filepath.Join(s.root, trashFolder, string(kind)+"-"+name)); err != nil {
		return DiskError(err, "cannot move a file to the trash")
	}
	return nil
}

// EmptyTrash removes what has been in the trash for longer than age, and says what went and what is left.
func (s *Store) EmptyTrash(age time.Duration) (t catalog.Trash, err error) {
	folder := filepath.Join(s.root, trashFolder)
	entries, err := os.ReadDir(folder)
	if err != nil {
		return t, DiskError(err, "cannot list the trash")
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil {
			continue // gone
		}
		if time.Since(info.ModTime()) < age {
			t.Kept++
			t.KeptBytes += info.Size()
			continue
		}
		if err := os.Remove(filepath.Join(folder, entry.Name())); err != nil {
			return t, DiskError(err, "cannot remove a file of the trash")
		}
		t.Removed++
		t.RemovedBytes += info.Size()
	}
	return t, nil
}
