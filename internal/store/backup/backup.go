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
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
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
// references names, and the manifest. When it fails the folder is removed.
func Write(ctx context.Context, folder string, store *arrays.Store, copyBook func(path string) error, references func() (map[string]map[string]bool, error)) (b wire.Backup, err error) {
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
	}()
	// The files first: what is added while they are linked is in neither.
	wanted, err := references()
	if err != nil {
		return b, err
	}
	if err := copyBook(filepath.Join(folder, databaseName)); err != nil {
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

func unusable(folder string, err error) error {
	return &catalog.Error{Code: catalog.Unavailable, Message: "the folder '" + folder + "' cannot be used: " + err.Error(), Hint: "choose another folder", Err: err}
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
	if err := errors.Join(err, f.Sync(), f.Close(), os.Rename(temp, filepath.Join(folder, manifestName))); err != nil {
		return unusable(folder, err)
	}
	d, err := os.Open(folder)
	if err != nil {
		return unusable(folder, err)
	}
	defer d.Close()
	return d.Sync()
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
		case catalog.CodeOf(err) == catalog.Canceled:
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
// nothing). The caller holds the home's lock.
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
	if aside, err = moveAside(home); err != nil {
		return m, aside, unusable(home, err)
	}
	for _, name := range []string{storeName, databaseName} {
		if err := os.Rename(filepath.Join(fresh, name), filepath.Join(home, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return m, aside, unusable(home, err)
		}
	}
	return m, aside, nil
}

// moveAside moves the catalogue and the store of a home into a folder of the home.
func moveAside(home string) (aside string, err error) {
	for _, name := range []string{databaseName, databaseName + "-wal", databaseName + "-shm", storeName} {
		from := filepath.Join(home, name)
		if _, err := os.Stat(from); err != nil {
			continue
		}
		if aside == "" {
			aside = filepath.Join(home, fmt.Sprintf("before-restore-%s", time.Now().UTC().Format("20060102-150405.000")))
			if err := os.Mkdir(aside, 0o700); err != nil {
				return "", err
			}
		}
		if err := os.Rename(from, filepath.Join(aside, name)); err != nil {
			return aside, err
		}
	}
	return aside, nil
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
