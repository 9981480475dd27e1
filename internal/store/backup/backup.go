// Package backup writes everything that is tracked into a folder and reads it back. It promises that a folder with a
// manifest is whole: the manifest is written last, and names every file with its size and its hash. A restore checks
// every byte before it changes anything, and moves what stood in the home aside.
package backup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/store/arrays"
	"github.com/pentoai/vectory/internal/wire"
)

const (
	manifestName = "manifest.json"
	databaseName = "vectory.db"
	storeName    = "store"
)

// Manifest names what a backup holds.
type Manifest struct {
	Version   string    `json:"version"` // of the program that wrote it
	CreatedAt time.Time `json:"created_at"`
	Files     []File    `json:"files"` // by path
}

// File is one file of a backup.
type File struct {
	Path   string `json:"path"` // in the folder, with slashes
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// Write makes the folder and puts into it a copy of the catalogue, which copyBook writes, the files of the store that
// the copy refers to, and the manifest. When it fails the folder is removed. The caller sees to it that no file of the
// store goes meanwhile.
func Write(ctx context.Context, folder string, store *arrays.Store, copyBook func(ctx context.Context, path string) (references map[string]map[string]bool, err error)) (b wire.Backup, err error) {
	if !filepath.IsAbs(folder) {
		return b, catalog.Errorf(catalog.Invalid, "the folder '%s' of the backup is not absolute", folder)
	}
	if err := os.MkdirAll(filepath.Dir(folder), 0o700); err != nil {
		return b, unusable(folder, err)
	}
	if err := os.Mkdir(folder, 0o700); errors.Is(err, fs.ErrExist) {
		return b, catalog.Errorf(catalog.Conflict, "'%s' is there already", folder).WithHint("name a folder that does not exist yet")
	} else if err != nil {
		return b, unusable(folder, err)
	}
	defer func() {
		if err != nil {
			_ = os.RemoveAll(folder)
		}
		var full *catalog.Error
		if errors.As(err, &full) && full.Code == catalog.NoSpace {
			err = full.WithHint("free some space on the disk of that folder, or choose another one; nothing of the backup is left there")
		}
	}()
	wanted, err := copyBook(ctx, filepath.Join(folder, databaseName))
	if err != nil {
		return b, err
	}
	files, err := store.CopyTo(ctx, filepath.Join(folder, storeName), wanted, func() {})
	if err != nil {
		return b, err
	}
	m := Manifest{Version: wire.Version, CreatedAt: time.Now().UTC()}
	paths := []string{databaseName}
	for path := range files {
		paths = append(paths, filepath.Join(storeName, path))
	}
	slices.Sort(paths)
	for _, path := range paths {
		f, err := describe(ctx, folder, path)
		if err != nil {
			return b, err
		}
		m.Files = append(m.Files, f)
		b.Bytes += f.Size
	}
	b.Folder, b.Files = folder, len(m.Files)
	return b, writeManifest(folder, m)
}

// unusable is an error of a folder that somebody has named. A full or failing disk keeps its own code and hint.
func unusable(folder string, err error) error {
	what := "the folder '" + folder + "' cannot be used"
	if known := arrays.DiskError(err, what); catalog.CodeOf(known) == catalog.NoSpace || errors.Is(err, syscall.EIO) {
		return known
	}
	return &catalog.Error{Code: catalog.Unavailable, Message: what + ": " + err.Error(), Hint: "choose another folder", Err: err}
}

func describe(ctx context.Context, folder, path string) (File, error) {
	f, err := os.Open(filepath.Join(folder, path))
	if err != nil {
		return File{}, unusable(folder, err)
	}
	defer f.Close()
	sum := sha256.New()
	n, err := io.Copy(sum, stopping{ctx, f})
	if err != nil {
		return File{}, unusable(folder, err)
	}
	return File{Path: filepath.ToSlash(path), Size: n, SHA256: hex.EncodeToString(sum.Sum(nil))}, nil
}

// stopping reads until ctx ends.
type stopping struct {
	ctx context.Context //nolint:containedctx // lives as long as one copy
	r   io.Reader
}

func (s stopping) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, catalog.Errorf(catalog.Canceled, "the backup was stopped: %w", err)
	}
	return s.r.Read(p)
}

// writeManifest makes the folder a whole backup.
func writeManifest(folder string, m Manifest) error {
	text, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return err
	}
	temp := filepath.Join(folder, "."+manifestName)
	f, err := os.OpenFile(temp, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return unusable(folder, err)
	}
	_, err = f.Write(append(text, '\n'))
	if err := errors.Join(err, f.Sync(), f.Close(), syncPath(filepath.Join(folder, databaseName))); err != nil {
		return unusable(folder, err)
	}
	if err := errors.Join(os.Rename(temp, filepath.Join(folder, manifestName)), syncPath(folder)); err != nil {
		return unusable(folder, err)
	}
	return nil
}

// syncPath makes a file, or the names in a folder, survive a power cut.
func syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// Verify reads every file of a backup and gives its manifest; the error names the first file that is not as it was
// written.
func Verify(ctx context.Context, folder string) (Manifest, error) {
	var m Manifest
	text, err := os.ReadFile(filepath.Join(folder, manifestName))
	if err != nil {
		return m, catalog.Errorf(catalog.Invalid, "'%s' holds no whole backup: %s", folder, lastWords(err)).WithHint("name a folder that vectory backup made")
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return m, catalog.Errorf(catalog.Invalid, "the manifest of '%s' cannot be read: %s", folder, err)
	}
	if !slices.ContainsFunc(m.Files, func(f File) bool { return f.Path == databaseName }) {
		return m, catalog.Errorf(catalog.Invalid, "the manifest of '%s' names no catalogue", folder)
	}
	for _, want := range m.Files {
		if !filepath.IsLocal(filepath.FromSlash(want.Path)) {
			return m, catalog.Errorf(catalog.Invalid, "the manifest of '%s' names a file outside of it: %q", folder, want.Path)
		}
		got, err := describe(ctx, folder, filepath.FromSlash(want.Path))
		switch {
		case catalog.CodeOf(err) == catalog.Canceled, err != nil && !errors.Is(err, fs.ErrNotExist):
			return m, err
		case err != nil:
			return m, catalog.Errorf(catalog.Invalid, "the backup lacks %s", want.Path)
		case got != want:
			return m, catalog.Errorf(catalog.Invalid, "%s of the backup is damaged: it has %d bytes with the hash %s…, not %d with %s…", want.Path, got.Size, got.SHA256[:12], want.Size, want.SHA256[:min(12, len(want.SHA256))])
		}
	}
	return m, nil
}

// Restore checks a backup and puts it in place of what the home holds, which is moved to aside ("": there was
// nothing). When it fails the home holds what it held. The caller holds the home's lock.
func Restore(ctx context.Context, folder, home string) (m Manifest, aside string, err error) {
	if m, err = Verify(ctx, folder); err != nil {
		return m, "", err
	}
	fresh, err := os.MkdirTemp(home, ".restore-*")
	if err != nil {
		return m, "", unusable(home, err)
	}
	defer os.RemoveAll(fresh)
	for _, f := range m.Files {
		to := filepath.Join(fresh, filepath.FromSlash(f.Path))
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			return m, "", unusable(home, err)
		}
		copyFile := copyOf // the catalogue will be written to: never a link
		if f.Path != databaseName {
			copyFile = func(from, to string) error { _, err := arrays.LinkOrCopy(from, to); return err }
		}
		if err := copyFile(filepath.Join(folder, filepath.FromSlash(f.Path)), to); err != nil {
			return m, "", unusable(home, err)
		}
	}
	aside = filepath.Join(home, "before-restore-"+time.Now().UTC().Format("20060102-150405.000"))
	if err := os.Mkdir(aside, 0o700); err != nil {
		return m, "", unusable(home, err)
	}
	had, err := move(home, aside)
	if err == nil {
		if _, err = move(fresh, home); err != nil {
			_, back := move(aside, home)
			err = errors.Join(err, back)
		}
	}
	if err != nil || had == 0 {
		_ = os.Remove(aside) // only when it is empty
		aside = ""
	}
	if err = errors.Join(err, syncPath(home)); err != nil {
		return m, aside, unusable(home, err)
	}
	return m, aside, nil
}

// move moves the catalogue and the store from one folder into another, and says how many names it moved. When it
// fails it moves back what it had moved.
func move(from, to string) (moved int, err error) {
	names := []string{databaseName, databaseName + "-wal", databaseName + "-shm", storeName}
	for at, name := range names {
		switch err := os.Rename(filepath.Join(from, name), filepath.Join(to, name)); {
		case err == nil:
			moved++
		case !errors.Is(err, fs.ErrNotExist):
			for _, name := range names[:at] {
				if back := os.Rename(filepath.Join(to, name), filepath.Join(from, name)); !errors.Is(back, fs.ErrNotExist) {
					err = errors.Join(err, back)
				}
			}
			return 0, err
		}
	}
	return moved, nil
}

func copyOf(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}

func lastWords(err error) string {
	parts := strings.Split(err.Error(), ": ")
	return parts[len(parts)-1]
}
