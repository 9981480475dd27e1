package backup

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pentoai/vectory/internal/store/arrays"
)

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func read(path string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// name is one that the store takes: the hash of some content.
var name = strings.Repeat("ab", 32)

// made is a backup of a catalogue, "then", and one matrix.
func made(t *testing.T) (folder string) {
	t.Helper()
	root := t.TempDir()
	store, err := arrays.Open(filepath.Join(root, "store"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(root, "store", "arrays", name), "matrix")
	folder = filepath.Join(root, "backup")
	b, err := Write(t.Context(), folder, store, func(_ context.Context, path string) (map[string]map[string]bool, error) {
		write(t, path, "then")
		return map[string]map[string]bool{"arrays": {name: true}}, nil
	})
	if err != nil || b.Files != 2 {
		t.Fatalf("%+v, %v", b, err)
	}
	return folder
}

func TestARestoreMovesWhatWasThereAside(t *testing.T) {
	folder, home := made(t), t.TempDir()
	write(t, filepath.Join(home, databaseName), "now")
	write(t, filepath.Join(home, databaseName+"-wal"), "and its log")
	write(t, filepath.Join(home, "store", "arrays", "other"), "other")
	_, aside, err := Restore(t.Context(), folder, home)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		filepath.Join(home, databaseName):              "then",
		filepath.Join(home, "store", "arrays", name):   "matrix",
		filepath.Join(aside, databaseName):             "now",
		filepath.Join(aside, databaseName+"-wal"):      "and its log",
		filepath.Join(aside, "store/arrays/other"):     "other",
		filepath.Join(folder, databaseName):            "then",
		filepath.Join(folder, "store", "arrays", name): "matrix",
	} {
		if got := read(path); got != want {
			t.Errorf("%s holds %q, want %q", path, got, want)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(home, ".restore-*")); len(left) > 0 {
		t.Errorf("%v stays", left)
	}
	empty := t.TempDir()
	if _, aside, err := Restore(t.Context(), folder, empty); err != nil || aside != "" {
		t.Errorf("into an empty home: aside %q, %v", aside, err)
	}
}

func TestADamagedBackupChangesNothing(t *testing.T) {
	for what, damage := range map[string]func(folder string) error{
		"bits": func(f string) error {
			return os.WriteFile(filepath.Join(f, "store", "arrays", name), []byte("matriX"), 0o600)
		},
		"no file":     func(f string) error { return os.Remove(filepath.Join(f, "store", "arrays", name)) },
		"no manifest": func(f string) error { return os.Remove(filepath.Join(f, manifestName)) },
		"outside": func(f string) error {
			return os.WriteFile(filepath.Join(f, manifestName), []byte(`{"files":[{"path":"vectory.db"},{"path":"../x"}]}`), 0o600)
		},
	} {
		folder, home := made(t), t.TempDir()
		write(t, filepath.Join(home, databaseName), "now")
		if err := damage(folder); err != nil {
			t.Fatal(err)
		}
		if _, _, err := Restore(t.Context(), folder, home); err == nil {
			t.Errorf("%s: restored", what)
		}
		onlyNow(t, what, home)
	}
}

// A move that fails half way leaves both folders as they were.
func TestAMoveIsWholeOrNone(t *testing.T) {
	from, to := t.TempDir(), t.TempDir()
	write(t, filepath.Join(from, databaseName), "now")
	write(t, filepath.Join(from, storeName, "arrays", name), "matrix")
	write(t, filepath.Join(to, storeName, "in the way"), "")
	if _, err := move(from, to); err == nil {
		t.Fatal("moved onto a folder that is not empty")
	}
	if got := read(filepath.Join(from, databaseName)) + read(filepath.Join(from, storeName, "arrays", name)); got != "nowmatrix" {
		t.Errorf("left behind: %q", got)
	}
	if _, err := os.Stat(filepath.Join(to, databaseName)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the catalogue stays where it was moved to: %v", err)
	}
}

func TestAFailedBackupLeavesNoFolder(t *testing.T) {
	root := t.TempDir()
	store, err := arrays.Open(filepath.Join(root, "store"))
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(root, "backup")
	_, err = Write(t.Context(), folder, store, func(_ context.Context, path string) (map[string]map[string]bool, error) {
		write(t, path, "then")
		return map[string]map[string]bool{"arrays": {name: true}}, nil // which is not there
	})
	if _, gone := os.Stat(folder); err == nil || !errors.Is(gone, os.ErrNotExist) {
		t.Errorf("%v, %v", err, gone)
	}
}

func onlyNow(t *testing.T, what, home string) {
	t.Helper()
	entries, err := os.ReadDir(home)
	if err != nil || len(entries) != 1 || read(filepath.Join(home, databaseName)) != "now" {
		t.Errorf("%s: the home holds %v, %v", what, entries, err)
	}
}
