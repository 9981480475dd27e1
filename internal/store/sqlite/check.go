package sqlite

import (
	"context"
	"strings"
)

// Integrity gives what SQLite finds wrong with the file; nothing when it is sound.
func (s *Store) Integrity(ctx context.Context) (faults []string, err error) {
	rows, err := s.reader.QueryContext(ctx, "PRAGMA integrity_check")
	if err != nil {
		return nil, storeError(err)
	}
	defer rows.Close()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return nil, storeError(err)
		}
		if !strings.EqualFold(line, "ok") {
			faults = append(faults, line)
		}
	}
	return faults, storeError(rows.Err())
}

// CopyTo writes the catalogue as it stands now into a new file.
func (s *Store) CopyTo(ctx context.Context, path string) error {
	_, err := s.writer.ExecContext(ctx, "VACUUM INTO ?", path)
	return storeError(err)
}
