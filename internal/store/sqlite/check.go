package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"strings"
)

// Integrity gives what SQLite finds wrong with the file; nothing when it is sound.
func (s *Store) Integrity(ctx context.Context) (faults []string, err error) {
	rows, err := s.reader.QueryContext(ctx, "PRAGMA integrity_check")
	if err != nil {
		return nil, s.failure(err)
	}
	defer rows.Close()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return nil, s.failure(err)
		}
		if !strings.EqualFold(line, "ok") {
			faults = append(faults, line)
		}
	}
	return faults, s.failure(rows.Err())
}

// CopyTo writes the catalogue as it stands now into a new file, and gives what the copy refers to: the catalogue itself
// may refer to more or less by then.
func (s *Store) CopyTo(ctx context.Context, path string) (references map[string]map[string]bool, err error) {
	if _, err := s.writer.ExecContext(ctx, "VACUUM INTO ?", path); err != nil {
		return nil, s.failure(err)
	}
	written, err := sql.Open("sqlite3", "file:"+(&url.URL{Path: path}).EscapedPath()+"?mode=ro&immutable=1")
	if err != nil {
		return nil, s.failure(err)
	}
	defer func() { err = errors.Join(err, written.Close()) }()
	err = (&Store{path: path, reader: written}).View(ctx, func(tx *Tx) error { references, err = tx.References(); return err })
	return references, err
}
