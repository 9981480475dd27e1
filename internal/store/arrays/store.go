// Package arrays keeps immutable files by content hash: the matrices of spaces, the CSVs of datasets,
// neighbour tables, and the per-row columns of comparisons. It promises that a name that Put returned
// survives a power cut (stage in the same folder, fsync, rename, fsync the folder) and that a reader
// never sees a half-written file. It knows no names of spaces and no rules: what refers to a file is
// the catalogue's business.
package arrays

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/store/columnar"
)

// Kind is a folder of the store.
type Kind string

// The kinds.
const (
	Matrices    Kind = "arrays"      // n×d little-endian float32, C order, named by their own sha256
	Datasets    Kind = "datasets"    // CSV bytes as handed in, named by their own sha256
	Neighbours  Kind = "neighbours"  // neighbour tables, named by what they were made from
	Comparisons Kind = "comparisons" // per-row columns, named by the comparison's key
	Layouts     Kind = "layouts"     // per-row columns of layouts, named by the layout's key
	Unfinished  Kind = "unfinished"  // how far joins had come, named as the tables that they will be
)

var kinds = []Kind{Matrices, Datasets, Neighbours, Comparisons, Layouts, Unfinished}

const tempPrefix = ".tmp-"

// nameForm is what a file may be called: a sha256, perhaps with a suffix of ours. The one place that
// turns a name into a path checks it.
var nameForm = regexp.MustCompile(`^[0-9a-f]{64}(-[a-z0-9]+)*$`)

// Store is a folder of immutable files. Its methods may be called from any goroutine.
type Store struct {
	// Foreign reads parquet and arrow files; as it is, in this process.
	Foreign columnar.Reader

	root  string
	index indexCache
	sound sound
	idle  idle
	fault func(call string) error // asked before each call that may fail; nil outside of tests
}

// before is the error that the next call of the operating system is to have.
func (s *Store) before(call string) error {
	if s.fault == nil {
		return nil
	}
	return s.fault(call)
}

// Open makes the folders under root where they are missing and removes what an earlier process left
// half-written. Only the process that holds the home's lock may call it.
func Open(root string) (*Store, error) {
	for _, kind := range kinds {
		dir := filepath.Join(root, string(kind))
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, DiskError(err, "cannot make the folder "+dir)
		}
		leftovers, err := filepath.Glob(filepath.Join(dir, tempPrefix+"*"))
		if err != nil {
			return nil, err
		}
		for _, path := range leftovers {
			if err := os.Remove(path); err != nil {
				return nil, DiskError(err, "cannot remove "+path)
			}
		}
	}
	if err := os.MkdirAll(filepath.Join(root, trashFolder), 0o700); err != nil {
		return nil, DiskError(err, "cannot make the trash")
	}
	return &Store{root: root}, nil
}

// path is the only place that makes a path of a name.
func (s *Store) path(kind Kind, name string) (string, error) {
	if !nameForm.MatchString(name) {
		return "", catalog.Errorf(catalog.Internal, "%q cannot name a stored file", name)
	}
	return filepath.Join(s.root, string(kind), name), nil
}

// TempDir is where readers may spool what they cannot stream; it is on the same disk as the store.
func (s *Store) TempDir() string { return filepath.Join(s.root, string(Matrices)) }

// Has reports whether the file is there.
func (s *Store) Has(kind Kind, name string) bool {
	path, err := s.path(kind, name)
	if err != nil {
		return false
	}
	_, err = os.Stat(path)
	return err == nil
}

// Remove deletes a file; that it is gone already is no error.
func (s *Store) Remove(kind Kind, name string) error {
	path, err := s.path(kind, name)
	if err != nil {
		return err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return DiskError(err, "cannot remove a file of the store")
	}
	if kind == Matrices { // an idle mapping would keep its blocks
		return s.idle.put(nil, nil)
	}
	return nil
}

// Sweep removes the files that keep does not want (matrices and datasets go to the trash), and partial results that are
// a week old. It is for the start of the daemon, when nothing is being written.
func (s *Store) Sweep(keep func(kind, name string) bool) (removed int, err error) {
	err = s.unwanted(keep, func(kind Kind, name string) error {
		removed++
		if kind.byContent() { // all others can be made again
			return s.discardToTrash(kind, name)
		}
		return s.Remove(kind, name)
	})
	if err != nil {
		return removed, err
	}
	return removed, s.sweepPartials()
}

// Orphans counts the files that keep does not want.
func (s *Store) Orphans(keep func(kind, name string) bool) (n int, err error) {
	err = s.unwanted(keep, func(Kind, string) error { n++; return nil })
	return n, err
}

// unwanted calls do for every file that keep does not want.
func (s *Store) unwanted(keep func(kind, name string) bool, do func(kind Kind, name string) error) error {
	for _, kind := range kinds {
		if kind == Unfinished {
			continue
		}
		entries, err := os.ReadDir(filepath.Join(s.root, string(kind)))
		if err != nil {
			return DiskError(err, "cannot list the store")
		}
		for _, entry := range entries {
			name := entry.Name()
			if !nameForm.MatchString(name) || keep(string(kind), name) {
				continue
			}
			if err := do(kind, name); err != nil {
				return err
			}
		}
	}
	return nil
}

// staged is a file on its way in: hashed while written, invisible until commit.
type staged struct {
	store *Store
	kind  Kind
	file  *os.File
	buf   *bufio.Writer
	hash  hash.Hash
	out   io.Writer
	kept  int64 // bytes that keep wrote
	begun int64 // of which the disk has been told
}

func (s *Store) stage(kind Kind) (*staged, error) {
	if err := s.before("create"); err != nil {
		return nil, DiskError(err, "cannot write to the store")
	}
	file, err := os.CreateTemp(filepath.Join(s.root, string(kind)), tempPrefix+"*")
	if err != nil {
		return nil, DiskError(err, "cannot write to the store")
	}
	st := &staged{store: s, kind: kind, file: file, hash: sha256.New()}
	st.buf = bufio.NewWriterSize(writerFunc(st.write), 1<<20)
	st.out = io.MultiWriter(st.hash, st.buf)
	return st, nil
}

func (st *staged) Write(p []byte) (int, error) {
	n, err := st.out.Write(p)
	if err != nil {
		return n, DiskError(err, "cannot write to the store")
	}
	return n, nil
}

type writerFunc func(p []byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

func (st *staged) write(p []byte) (int, error) {
	if err := st.store.before("write"); err != nil {
		return 0, err
	}
	return st.file.Write(p)
}

// keep writes a large block without hashing: the caller hashes the same bytes. It never mixes with Write.
func (st *staged) keep(p []byte) error {
	n, err := st.write(p)
	if err != nil {
		return DiskError(err, "cannot write to the store")
	}
	st.kept += int64(n)
	if some := st.kept - st.begun; some >= ahead {
		beginWriting(st.file, st.begun, some)
		st.begun = st.kept
	}
	return nil
}

// ahead is after how many bytes the disk begins, so that little is left to do when commit calls fsync.
const ahead = 16 << 20

func (st *staged) sum() string { return hex.EncodeToString(st.hash.Sum(nil)) }

// discard removes the file unless commit has given it its name. It is made to be deferred.
func (st *staged) discard() {
	if st.file == nil {
		return
	}
	_ = st.file.Close()
	_ = os.Remove(st.file.Name())
	st.file = nil
}

// commit makes the file durable under its name; "" names it by its content. When a file of that name
// is there already, the content is the same and the new copy is dropped.
func (st *staged) commit(name string) (string, error) {
	if name == "" {
		name = st.sum()
	}
	path, err := st.store.path(st.kind, name)
	if err != nil {
		return "", err
	}
	if err := st.buf.Flush(); err != nil {
		return "", DiskError(err, "cannot write to the store")
	}
	folder := filepath.Dir(path)
	if st.kind.byContent() && st.store.Has(st.kind, name) {
		// discard drops the copy. The folder may not be durable yet: who gave the file its name may have failed there, or
		// be about to do it.
		return name, st.store.syncDir(folder)
	}
	// A failed fsync is final for this file (the kernel may have dropped the pages): never retried.
	if err := st.store.before("fsync"); err != nil {
		return "", DiskError(err, "cannot make a file of the store durable")
	}
	if err := st.file.Sync(); err != nil {
		return "", DiskError(err, "cannot make a file of the store durable")
	}
	if err := errors.Join(st.store.before("close"), st.file.Close()); err != nil {
		return "", DiskError(err, "cannot close a file of the store")
	}
	temp := st.file.Name()
	st.file = nil
	err = st.store.before("rename")
	if err == nil {
		err = os.Rename(temp, path)
	}
	if err != nil {
		_ = os.Remove(temp)
		return "", DiskError(err, "cannot name a file of the store")
	}
	return name, st.store.syncDir(folder)
}

// byContent says whether files of the kind are named by their own hash.
func (k Kind) byContent() bool { return k == Matrices || k == Datasets }

func (s *Store) syncDir(dir string) error {
	if err := s.before("fsync of the folder"); err != nil {
		return DiskError(err, "cannot make a folder of the store durable")
	}
	d, err := os.Open(dir)
	if err != nil {
		return DiskError(err, "cannot open a folder of the store")
	}
	defer d.Close()
	if err := d.Sync(); err != nil {
		return DiskError(err, "cannot make a folder of the store durable")
	}
	return nil
}

// DiskError turns what the operating system says into something a user can act on.
func DiskError(err error, what string) error {
	var already *catalog.Error
	switch {
	case errors.As(err, &already):
		return err
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return &catalog.Error{Code: catalog.NoSpace, Message: what + ": the disk is full", Hint: "free some space, or put VECTORY_HOME on another disk", Err: err}
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return &catalog.Error{Code: catalog.Unavailable, Message: what + ": " + lastWords(err), Hint: "make VECTORY_HOME writable, or choose another one", Err: err}
	case errors.Is(err, syscall.EIO):
		return &catalog.Error{Code: catalog.Unavailable, Message: what + ": the disk fails: " + lastWords(err), Hint: "nothing was changed; dmesg tells what is wrong with it; then try again, and let vectory doctor look", Err: err}
	}
	return &catalog.Error{Code: catalog.Internal, Message: what + ": " + lastWords(err), Err: err}
}

// lastWords drops the path in front of an operating-system error: it may name other users' folders.
func lastWords(err error) string {
	parts := strings.Split(err.Error(), ": ")
	return parts[len(parts)-1]
}
