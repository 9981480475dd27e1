package arrays

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"time"

	"github.com/pentoai/vectory/internal/compute/knn"
)

// partialLife is how long the partial result of a join that nobody asks for again is kept.
const partialLife = 7 * 24 * time.Hour

// PutPartial keeps how far a join has come, in place of an earlier state of it. A kept partial result is a
// frame (columns.go) with one column.
func (s *Store) PutPartial(name string, r *knn.Partial) error {
	head := binary.LittleEndian.AppendUint64(nil, r.Join)
	head = binary.LittleEndian.AppendUint64(head, uint64(r.Tiles))
	head = binary.LittleEndian.AppendUint64(head, uint64(r.Spent))
	return s.putFrame(Unfinished, name, len(r.IDs), 1, head, integerBytes(r.IDs))
}

// Partial reads it; nil: there is none that can be used. One of a version that did not keep the time begins anew.
func (s *Store) Partial(name string) *knn.Partial {
	const head = 24
	n, columns, data, err := s.frame(Unfinished, name)
	if err != nil || columns != 1 || len(data) < head || len(data)-head != 4*n {
		return nil
	}
	return &knn.Partial{Join: binary.LittleEndian.Uint64(data), Tiles: int(binary.LittleEndian.Uint64(data[8:])),
		Spent: int64(binary.LittleEndian.Uint64(data[16:])), IDs: integers(data[head:])}
}

// DropPartial forgets it.
func (s *Store) DropPartial(name string) error { return s.Remove(Unfinished, name) }

// sweepPartials removes the partial results that nobody came back for.
func (s *Store) sweepPartials() error {
	entries, err := os.ReadDir(filepath.Join(s.root, string(Unfinished)))
	if err != nil {
		return DiskError(err, "cannot list the store")
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil || time.Since(info.ModTime()) < partialLife {
			continue // gone, or young
		}
		if err := os.Remove(filepath.Join(s.root, string(Unfinished), entry.Name())); err != nil {
			return DiskError(err, "cannot remove a file of the store")
		}
	}
	return nil
}
