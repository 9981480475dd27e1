package arrays

import (
	"bytes"
	"context"
	"testing"

	"github.com/pentoai/vectory/internal/catalog"
)

// BenchmarkPut keeps 256 MB that are in memory: what remains of a logged matrix when nothing has to be sent.
func BenchmarkPut(b *testing.B) {
	const rows, dims = 500_000, 128
	s, err := Open(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	var t testing.T
	content := matrix(&t, rows, dims, func(i int) float32 { return float32(i%8191) - 4000.25 })
	b.SetBytes(int64(len(content)))
	for b.Loop() {
		content[len(content)-1] ^= 1 // other content: what is kept already is not kept again
		a, err := s.PutMatrix(context.Background(), bytes.NewReader(content), catalog.MatrixSpec{Size: int64(len(content))})
		if err != nil {
			b.Fatal(err)
		}
		if err := s.Remove(Matrices, a.SHA256); err != nil {
			b.Fatal(err)
		}
	}
}
