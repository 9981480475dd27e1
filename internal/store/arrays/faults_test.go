package arrays

import (
	"archive/zip"
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
)

// TestEveryCallFailsOnce: each write, fsync, close, rename and fsync of the folder of every way in fails in turn. The error
// is told, nothing half-made is left, and the same again is kept, once its folder is durable.
func TestEveryCallFailsOnce(t *testing.T) {
	content := matrix(t, 300, 600, func(i int) float32 { return float32(i%977) / 7 }) // three blocks
	var archive bytes.Buffer
	packed := zip.NewWriter(&archive)
	member, err := packed.Create("x.npy")
	if err == nil {
		_, err = member.Write(content)
	}
	if err := errors.Join(err, packed.Close()); err != nil {
		t.Fatal(err)
	}
	csv := []byte("id,text\n" + strings.Repeat("x", 600_000) + ",a\n" + strings.Repeat("y", 600_000) + ",b\n")
	name := strings.Repeat("a", 64)
	ways := map[string]func(s *Store) error{
		"npy": func(s *Store) error {
			_, err := s.PutMatrix(t.Context(), bytes.NewReader(content), catalog.MatrixSpec{Size: int64(len(content))})
			return err
		},
		"npz": func(s *Store) error {
			_, err := s.PutMatrix(t.Context(), bytes.NewReader(archive.Bytes()), catalog.MatrixSpec{Size: -1})
			return err
		},
		"csv": func(s *Store) error {
			_, err := s.PutDataset(t.Context(), bytes.NewReader(csv), catalog.CSVSpec{})
			return err
		},
		"table": func(s *Store) error {
			return s.PutTable(name, &knn.Table{Rows: 2, K: 1, IDs: []int32{1, 0}, Distances: []float32{1, 1}})
		},
		"columns": func(s *Store) error { return s.PutColumns(name, [][]int32{{1, 2}, {3, 4}}) },
	}
	for way, put := range ways {
		t.Run(way, func(t *testing.T) {
			var calls []string
			for k := 0; ; k++ {
				s := open(t)
				calls = nil
				s.fault = func(call string) error {
					if calls = append(calls, call); len(calls) == k+1 {
						return &os.PathError{Op: call, Path: "x", Err: syscall.EIO}
					}
					return nil
				}
				err := put(s)
				if len(calls) <= k {
					if err != nil {
						t.Fatalf("nothing failed, and yet: %v", err)
					}
					break
				}
				if err == nil || catalog.CodeOf(err) != catalog.Unavailable || !errors.Is(err, syscall.EIO) {
					t.Fatalf("call %d (%s) failed, and it said %v", k, calls[k], err)
				}
				whole(t, s)
				before := len(calls)
				if err := put(s); err != nil {
					t.Fatalf("after call %d (%s) had failed: %v", k, calls[k], err)
				}
				if !slices.Contains(calls[before:], "fsync of the folder") {
					t.Errorf("after call %d (%s) had failed the folder was not made durable: %v", k, calls[k], calls[before:])
				}
				whole(t, s)
				if again, err := Open(s.root); err != nil || len(files(t, again)) != 1 {
					t.Errorf("after call %d (%s) and a second try there are %v, %v", k, calls[k], files(t, again), err)
				}
			}
			for _, call := range []string{"create", "write", "fsync", "close", "rename", "fsync of the folder"} {
				if !slices.Contains(calls, call) {
					t.Errorf("%s never failed", call)
				}
			}
			t.Logf("%d calls failed in turn", len(calls))
		})
	}
}

// whole looks at every file: none is staged, each that has a name is sound.
func whole(t *testing.T, s *Store) {
	t.Helper()
	for _, path := range files(t, s) {
		kind, name := filepath.Split(path)
		if !nameForm.MatchString(name) {
			t.Fatalf("%s was left", path)
		}
		if fault, err := s.Check(t.Context(), Kind(filepath.Clean(kind)), name); fault != "" || err != nil {
			t.Fatalf("%s %s, %v", path, fault, err)
		}
	}
}
