package arrays

import (
	"bytes"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/store/npy"
)

// TestAFileIsReadWhereItLies: the same matrix by file and by stream, of every kind of file that is read from its end, and
// nothing of the file stays open or is written beside it.
func TestAFileIsReadWhereItLies(t *testing.T) {
	columns := "../../testkit/testdata/columnar/"
	fortran := filepath.Join(t.TempDir(), "fortran.npy")
	header := "{'descr': '<f4', 'fortran_order': True, 'shape': (3, 2), }"
	header += strings.Repeat(" ", 118-1-len(header)) + "\n"
	content := append([]byte("\x93NUMPY\x01\x00v\x00"), header...)
	for _, v := range []float32{1, 3, 5, 2, 4, 6} {
		content, _ = binary.Append(content, binary.LittleEndian, v)
	}
	if err := os.WriteFile(fortran, content, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{fortran, columns + "pages.parquet", columns + "zstd.feather"} {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		streamed, err := open(t).PutMatrix(t.Context(), bytes.NewReader(content), catalog.MatrixSpec{Size: int64(len(content))})
		if err != nil {
			t.Fatal(path, err)
		}
		file, err := npy.OpenFile(path)
		if err != nil {
			t.Fatal(err)
		}
		read, err := open(t).PutMatrix(t.Context(), file, catalog.MatrixSpec{Size: file.Size})
		if diff := cmp.Diff(streamed, read); err != nil || diff != "" {
			t.Errorf("%s gave other than its bytes (+), %v:\n%s", path, err, diff)
		}
		_ = file.Close()
	}
}

// TestAFileThatIsWrittenToMeanwhileIsNotKept, whatever of it was read.
func TestAFileThatIsWrittenToMeanwhileIsNotKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.csv")
	if err := os.WriteFile(path, []byte("id\na\nb\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := npy.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	appended, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(appended, "c\n"); err != nil {
		t.Fatal(err)
	}
	_ = appended.Close()
	s := open(t)
	if _, err := s.PutDataset(t.Context(), file, catalog.CSVSpec{}); catalog.CodeOf(err) != catalog.Conflict {
		t.Errorf("got %v, want a conflict", err)
	}
	for _, folder := range []Kind{Datasets, Matrices} {
		if left, _ := os.ReadDir(filepath.Join(s.root, string(folder))); len(left) > 0 {
			t.Errorf("%s holds %v", folder, left)
		}
	}
}
