// Package sqlite keeps the catalogue in one SQLite file: write-ahead log, synchronous=FULL (an
// acknowledged write survives a power cut), foreign keys, one writer whose transactions are immediate,
// several readers. It promises that Update is all or nothing, and knows no rules: which names may be
// taken and what may be deleted is decided in package workspace, inside the transaction.
package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"runtime"
	"sort"
	"strings"
	"sync/atomic"

	sqlite3 "github.com/mattn/go-sqlite3"

	"github.com/pentoai/vectory/internal/catalog"
)

//go:embed migrations/*.sql
var migrations embed.FS

// applicationID marks a file as ours in SQLite's header ("Vcty").
const applicationID = 0x56637479

// Version is that of the SQLite library.
func Version() string {
	version, _, _ := sqlite3.Version()
	return version
}

// Store is an open catalogue. Its methods may be called from any goroutine.
type Store struct {
	path    string
	writer  *sql.DB
	reader  *sql.DB
	changes atomic.Uint64
}

// Open opens or makes the file at path and brings its schema up to date. Errors: unavailable when the
// file cannot be used (locked by a foreign program, read-only, not a database), conflict when a newer
// version wrote it.
func Open(ctx context.Context, path string) (*Store, error) {
	writer, err := sql.Open("sqlite3", dsn(path, "_txlock=immediate"))
	if err != nil {
		return nil, storeError(err)
	}
	writer.SetMaxOpenConns(1)
	s := &Store{path: path, writer: writer}
	if err := s.prepare(ctx, path); err != nil {
		_ = s.Close()
		return nil, err
	}
	s.reader, err = sql.Open("sqlite3", dsn(path, "mode=ro", "_query_only=1", "_stmt_cache_size=64"))
	if err != nil {
		_ = s.Close()
		return nil, s.failure(err)
	}
	s.reader.SetMaxOpenConns(max(4, runtime.NumCPU()))
	return s, nil
}

func dsn(path string, more ...string) string {
	options := append([]string{"_journal_mode=WAL", "_synchronous=FULL", "_busy_timeout=5000", "_foreign_keys=1"}, more...)
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + strings.Join(options, "&")
}

// prepare checks that the pragmas took (they silently do not on some network file systems) and migrates.
func (s *Store) prepare(ctx context.Context, path string) error {
	var journal string
	var synchronous int
	if err := s.writer.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&journal); err != nil {
		return s.failure(err)
	}
	if err := s.writer.QueryRowContext(ctx, "PRAGMA synchronous").Scan(&synchronous); err != nil {
		return s.failure(err)
	}
	if journal != "wal" || synchronous != 2 {
		return catalog.Errorf(catalog.Unavailable, "the file system of %s does not support SQLite's write-ahead log (journal_mode=%s, synchronous=%d)", path, journal, synchronous).
			WithHint("put VECTORY_HOME on a local disk")
	}
	return s.migrate(ctx, path)
}

// migrate applies the scripts that the file has not seen, each in a transaction of its own, after
// keeping a copy of the file as it was.
func (s *Store) migrate(ctx context.Context, path string) error {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	sort.Strings(names)
	var have, owner int
	if err := s.writer.QueryRowContext(ctx, "PRAGMA user_version").Scan(&have); err != nil {
		return s.failure(err)
	}
	if err := s.writer.QueryRowContext(ctx, "PRAGMA application_id").Scan(&owner); err != nil {
		return s.failure(err)
	}
	switch {
	case have > len(names):
		return catalog.Errorf(catalog.Conflict, "%s has schema %d; this version knows schemas up to %d", path, have, len(names)).
			WithHint("a newer vectory wrote it: upgrade with pip install -U vectory, or choose another VECTORY_HOME")
	case have > 0 && owner != applicationID:
		return catalog.Errorf(catalog.Conflict, "%s is a database of another program", path).WithHint("choose another VECTORY_HOME")
	case have > 0 && have < len(names):
		if err := s.copyBefore(ctx, path, have); err != nil {
			return err
		}
	}
	for number := have + 1; number <= len(names); number++ {
		if err := s.apply(ctx, names[number-1], number); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) copyBefore(ctx context.Context, path string, have int) error {
	backup := fmt.Sprintf("%s.schema-%d", path, have)
	if err := os.Remove(backup); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return s.failure(err)
	}
	_, err := s.writer.ExecContext(ctx, "VACUUM INTO ?", backup)
	return s.failure(err)
}

func (s *Store) apply(ctx context.Context, name string, number int) error {
	script, err := migrations.ReadFile(name)
	if err != nil {
		return err
	}
	tx, err := s.writer.BeginTx(ctx, nil)
	if err != nil {
		return s.failure(err)
	}
	defer rollback(tx)
	for _, statement := range []string{string(script), fmt.Sprintf("PRAGMA user_version = %d", number), fmt.Sprintf("PRAGMA application_id = %d", applicationID)} {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("migration %s: %w", name, err)
		}
	}
	return s.failure(tx.Commit())
}

// rollback undoes what was not committed; after a commit it does nothing.
func rollback(tx *sql.Tx) { _ = tx.Rollback() }

// Close checkpoints the write-ahead log and closes the file.
func (s *Store) Close() error {
	if s.reader != nil {
		_ = s.reader.Close()
	}
	_, err := s.writer.Exec("PRAGMA wal_checkpoint(TRUNCATE)")
	return errors.Join(s.failure(err), s.writer.Close())
}

// View runs do on one consistent snapshot.
func (s *Store) View(ctx context.Context, do func(*Tx) error) error {
	if ctx.Err() != nil {
		return s.failure(ctx.Err())
	}
	ctx = context.WithoutCancel(ctx) // else each query starts a goroutine that watches it, which takes longer than most reads
	tx, err := s.reader.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return s.failure(err)
	}
	defer rollback(tx)
	return s.failure(do(&Tx{ctx: ctx, tx: tx}))
}

// Changes counts the calls of Update that have ended: while the number is the same, what View saw is what it would see.
func (s *Store) Changes() uint64 { return s.changes.Load() }

// Update runs do in the one write transaction and commits it when do returns nil; otherwise nothing
// of it has happened.
func (s *Store) Update(ctx context.Context, do func(*Tx) error) error {
	defer s.changes.Add(1) // after the commit, and before who asked for it hears of it
	tx, err := s.writer.BeginTx(ctx, nil)
	if err != nil {
		return s.failure(err)
	}
	defer rollback(tx)
	if err := do(&Tx{ctx: ctx, tx: tx}); err != nil {
		return s.failure(err)
	}
	return s.failure(tx.Commit())
}

// failure is storeError of this file. SQLite calls a page that the disk does not give damage, like one that holds nonsense
// (SQLITE_IOERR_CORRUPTFS becomes SQLITE_CORRUPT): which of them it is shows when the file is read once more.
func (s *Store) failure(err error) error {
	var sq sqlite3.Error
	if errors.As(err, &sq) && (sq.Code == sqlite3.ErrCorrupt || sq.Code == sqlite3.ErrNotADB) {
		for _, path := range []string{s.path, s.path + "-wal"} {
			if cause := readable(path); cause != nil {
				return failingDisk(cause.Error(), errors.Join(err, cause))
			}
		}
	}
	return storeError(err)
}

// readable reads a file to its end. One that is not there is no failure of the disk.
func readable(path string) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		_, err = io.Copy(io.Discard, f)
		err = errors.Join(err, f.Close())
	}
	var failed *fs.PathError
	if errors.As(err, &failed) {
		return failed.Err // the path may name other users' folders
	}
	return err
}

func failingDisk(how string, err error) error {
	return &catalog.Error{Code: catalog.Unavailable, Message: "the disk of the catalogue fails: " + how, Hint: "nothing was changed; dmesg tells what is wrong with it; then try again, and let vectory doctor look", Err: err}
}

// storeError gives SQLite's own failures a code that tells the user what to do; others pass.
func storeError(err error) error {
	var sq sqlite3.Error
	if !errors.As(err, &sq) {
		return err
	}
	switch sq.Code {
	case sqlite3.ErrFull:
		return &catalog.Error{Code: catalog.NoSpace, Message: "the catalogue cannot be written: the disk is full", Hint: "free some space, or move VECTORY_HOME to another disk", Err: err}
	case sqlite3.ErrReadonly, sqlite3.ErrPerm, sqlite3.ErrCantOpen:
		return &catalog.Error{Code: catalog.Unavailable, Message: "the catalogue cannot be written: " + sq.Error(), Hint: "make VECTORY_HOME writable, or choose another one", Err: err}
	case sqlite3.ErrBusy, sqlite3.ErrLocked:
		return &catalog.Error{Code: catalog.Unavailable, Message: "the catalogue is locked by another program", Hint: "close what has vectory.db open and try again", Err: err}
	case sqlite3.ErrCorrupt, sqlite3.ErrNotADB:
		return &catalog.Error{Code: catalog.Unavailable, Message: "the catalogue file is damaged: " + sq.Error(), Hint: "nothing was changed; keep the file aside and restore a backup", Err: err}
	case sqlite3.ErrIoErr:
		return failingDisk(sq.Error(), err)
	}
	return &catalog.Error{Code: catalog.Internal, Message: "the catalogue failed: " + sq.Error(), Err: err}
}
