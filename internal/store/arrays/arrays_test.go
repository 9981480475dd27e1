package arrays

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/store/npy"
)

func open(t *testing.T) *Store {
	t.Helper()
	s, err := Open(filepath.Join(t.TempDir(), "store"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// matrix is an .npy of float32.
func matrix(t *testing.T, rows, dims int, value func(i int) float32) []byte {
	t.Helper()
	data := make([]float32, rows*dims)
	for i := range data {
		data[i] = value(i)
	}
	var out bytes.Buffer
	if err := npy.Write(&out, data, rows, dims); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func put(t *testing.T, s *Store, content []byte) catalog.Array {
	t.Helper()
	a, err := s.PutMatrix(t.Context(), bytes.NewReader(content), catalog.MatrixSpec{Size: int64(len(content))})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// files lists everything under the store.
func files(t *testing.T, s *Store) (list []string) {
	t.Helper()
	err := filepath.WalkDir(s.root, func(path string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			name, _ := filepath.Rel(s.root, path)
			list = append(list, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestAMatrixIsKeptAsLittleEndianFloats(t *testing.T) {
	s := open(t)
	a := put(t, s, matrix(t, 3, 2, func(i int) float32 { return float32(i) - 2.5 }))
	raw, err := os.ReadFile(filepath.Join(s.root, "arrays", a.SHA256))
	if err != nil {
		t.Fatal(err)
	}
	var want []byte
	for i := range 6 {
		want = binary.LittleEndian.AppendUint32(want, math.Float32bits(float32(i)-2.5))
	}
	if !bytes.Equal(raw, want) {
		t.Errorf("the file holds %x", raw)
	}
	m, err := s.Matrix(a.SHA256, 3, 2)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]float32{-2.5, -1.5, -.5, .5, 1.5, 2.5}, m.Data); diff != "" {
		t.Error(diff)
	}
	if err := m.Close(); err != nil {
		t.Error(err)
	}
}

// The identity of a space is what its values are, not how they came.
func TestTheSameValuesAreOneFile(t *testing.T) {
	s := open(t)
	wide := make([]float64, 12)
	for i := range wide {
		wide[i] = float64(i)
	}
	var asDoubles bytes.Buffer
	if err := npy.Write(&asDoubles, wide, 4, 3); err != nil {
		t.Fatal(err)
	}
	a := put(t, s, matrix(t, 4, 3, func(i int) float32 { return float32(i) }))
	b := put(t, s, asDoubles.Bytes())
	if a.SHA256 != b.SHA256 || b.DtypeIn != "<f8" {
		t.Errorf("%+v, %+v", a, b)
	}
	if got := files(t, s); len(got) != 1 {
		t.Errorf("the store holds %v", got)
	}
}

func TestManyWritersOfOneContent(t *testing.T) {
	s := open(t)
	content := matrix(t, 200, 50, func(i int) float32 { return float32(i % 17) })
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			a, err := s.PutMatrix(t.Context(), bytes.NewReader(content), catalog.MatrixSpec{Size: -1})
			if err != nil {
				t.Error(err)
				return
			}
			m, err := s.Matrix(a.SHA256, 200, 50)
			if err != nil {
				t.Error(err)
				return
			}
			if err := m.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := files(t, s); len(got) != 1 {
		t.Errorf("the store holds %v", got)
	}
}

func TestARefusedMatrixLeavesNothing(t *testing.T) {
	s := open(t)
	whole := matrix(t, 100, 8, func(i int) float32 { return float32(i) })
	broken := errors.New("the line went dead")
	for _, c := range []struct {
		name string
		body io.Reader
		spec catalog.MatrixSpec
	}{
		{"not a number in the last row", bytes.NewReader(matrix(t, 100, 8, func(i int) float32 {
			if i == 799 {
				return float32(math.NaN())
			}
			return 1
		})), catalog.MatrixSpec{Size: -1}},
		{"cut short", bytes.NewReader(whole[:len(whole)-1]), catalog.MatrixSpec{Size: -1}},
		{"too long", bytes.NewReader(append(bytes.Clone(whole), 0)), catalog.MatrixSpec{Size: -1}},
		{"another width", bytes.NewReader(whole), catalog.MatrixSpec{Size: -1, Dims: 9}},
		{"refused by its row count", bytes.NewReader(whole), catalog.MatrixSpec{Size: -1, Check: func(int) error { return catalog.Errorf(catalog.Invalid, "no") }}},
		{"the sender is gone", io.MultiReader(bytes.NewReader(whole[:1000]), &failing{broken}), catalog.MatrixSpec{Size: int64(len(whole))}},
	} {
		if _, err := s.PutMatrix(t.Context(), c.body, c.spec); err == nil {
			t.Errorf("%s: taken", c.name)
		}
		if got := files(t, s); got != nil {
			t.Errorf("%s: left %v", c.name, got)
		}
	}
	ctx, leave := context.WithCancel(t.Context())
	leave()
	if _, err := s.PutMatrix(ctx, bytes.NewReader(whole), catalog.MatrixSpec{Size: -1}); err == nil || files(t, s) != nil {
		t.Errorf("canceled: %v, left %v", err, files(t, s))
	}
}

type failing struct{ err error }

func (f *failing) Read([]byte) (int, error) { return 0, f.err }

func TestHealthIsWhatTheValuesSay(t *testing.T) {
	s := open(t)
	rows := [][]float32{{3, 4, 1}, {0, 0, 0}, {3, 4, 1}, {0, 0, 1}}
	a := put(t, s, matrix(t, 4, 3, func(i int) float32 { return rows[i/3][i%3] }))
	want := catalog.Health{ZeroRows: 1, DuplicateRows: 1, NormMin: 1, NormMean: (2*math.Sqrt(26) + 1) / 3, NormMax: math.Sqrt(26)}
	close := func(a, b float64) bool { return math.Abs(a-b) < 1e-6 }
	want.Spread = spreadOf(rows, 2)
	if diff := cmp.Diff(want, a.Health, cmp.Comparer(close)); diff != "" {
		t.Error(diff)
	}
	constant := put(t, s, matrix(t, 4, 2, func(i int) float32 { return float32(i * (i % 2)) }))
	if constant.Health.ConstantDims != 1 {
		t.Errorf("%+v", constant.Health)
	}
}

// spreadOf is catalog.Spread by the book, but for the effective rank of two directions, which is that of a known matrix.
func spreadOf(rows [][]float32, rank int) *catalog.Spread {
	var within, all float64
	for j := range rows[0] {
		var mean float64
		for _, row := range rows {
			mean += float64(row[j]) / float64(len(rows))
		}
		for _, row := range rows {
			within += (float64(row[j]) - mean) * (float64(row[j]) - mean)
			all += float64(row[j]) * float64(row[j])
		}
	}
	// numpy: s = np.linalg.svd(X - X.mean(0))[1]**2; p = s/s.sum(); np.exp(-(p[p > 1e-15]*np.log(p[p > 1e-15])).sum())
	return &catalog.Spread{Share: math.Sqrt(within / all), Rows: len(rows), Columns: len(rows[0]), Rank: rank, EffectiveRank: 1.0996513737260865}
}

// What a collapsed model gives is seen, wherever it stands in the file and whatever else is sound.
func TestACollapseIsSeen(t *testing.T) {
	const rows, dims = 3001, 48 // more than are looked at for the directions
	r := rand.New(rand.NewPCG(3, 4))
	noise := make([]float64, rows*dims)
	for i := range noise {
		noise[i] = r.NormFloat64()
	}
	for _, c := range []struct {
		name   string
		value  func(row, column int) float64
		seen   func(h catalog.Health) bool
		others bool // may be seen too
	}{
		{"nothing is wrong", func(i, j int) float64 { return noise[i*dims+j] }, func(h catalog.Health) bool { return h.Spread.Rank == dims && h.Spread.EffectiveRank > 40 }, false},
		{"nothing is wrong far from zero", func(i, j int) float64 { return 20 + noise[i*dims+j] }, func(h catalog.Health) bool { return h.Spread.Rank == dims }, false},
		{"two weak columns", func(i, j int) float64 {
			if j == 7 || j == 40 {
				return 0.5 + 1e-5*noise[i*dims+j]
			}
			return noise[i*dims+j]
		}, func(h catalog.Health) bool { return h.Spread.WeakDims == 2 && h.ConstantDims == 0 }, true},
		{"a rare column is none", func(i, j int) float64 {
			if j == 7 {
				return float64(i / (rows - 1))
			}
			return noise[i*dims+j]
		}, func(h catalog.Health) bool { return h.Spread.WeakDims == 0 && h.ConstantDims == 0 }, false},
		{"a third of the directions", func(i, j int) float64 { return noise[i*dims+j%16] + noise[i*dims+16+(j*j)%8] }, func(h catalog.Health) bool {
			rank, _ := h.FewDirections()
			return rank && h.Spread.Rank <= 24
		}, true},
		{"one vector and noise", func(i, j int) float64 { return float64(j) + 1e-3*noise[i*dims+j] }, func(h catalog.Health) bool { return h.AlikeRows() && h.Spread.Rank == dims }, true},
		{"along one direction", func(i, j int) float64 { return noise[i*dims]*float64(j) + 0.5*noise[i*dims+j] }, func(h catalog.Health) bool {
			_, effective := h.FewDirections()
			return effective && h.Spread.Rank >= dims-1
		}, true},
		{"all rows are equal", func(_, j int) float64 { return float64(j) / 3 }, func(h catalog.Health) bool {
			return h.ConstantDims == dims && *h.Spread == catalog.Spread{Rows: 512}
		}, true},
	} {
		h := put(t, open(t), matrix(t, rows, dims, func(i int) float32 { return float32(c.value(i/dims, i%dims)) })).Health
		rank, effective := h.FewDirections()
		odd := h.Spread.WeakDims > 0 || h.AlikeRows() || rank || effective
		if !c.seen(h) || odd && !c.others {
			t.Errorf("%s: %+v, %+v", c.name, h, *h.Spread)
		}
	}
}

// Rows are equal when all their values are, and 0 equals −0; one value that differs is enough, wherever it stands.
func TestDuplicatesAreRowsWithTheSameValues(t *testing.T) {
	const dims = 21
	minus := float32(math.Copysign(0, -1))
	s := open(t)
	a := put(t, s, matrix(t, dims+3, dims, func(i int) float32 {
		switch row, column := i/dims, i%dims; {
		case row < dims && row == column: // each of the first differs from the base in one place
			return 1
		case row == dims+1: // the base, by other zeros
			return minus
		}
		return 0
	}))
	if a.Health.DuplicateRows != 2 || a.Health.ZeroRows != 3 {
		t.Errorf("%d duplicates and %d rows of zeros of %d rows", a.Health.DuplicateRows, a.Health.ZeroRows, a.Rows)
	}
}

func TestDuplicatesAreCountedAsByAMap(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 300 {
		hashes, seen := make([]uint64, n*n/8), map[uint64]bool{}
		for i := range hashes {
			hashes[i] = r.Uint64() >> (n % 64)
			seen[hashes[i]] = true
		}
		if got, want := duplicates(slices.Clone(hashes)), len(hashes)-len(seen); got != want {
			t.Fatalf("%d duplicates of %d values, not %d", want, len(hashes), got)
		}
	}
}

func TestWhatACrashLeftIsSweptAtTheNextStart(t *testing.T) {
	s := open(t)
	a := put(t, s, matrix(t, 2, 2, func(i int) float32 { return float32(i) }))
	for _, kind := range kinds {
		if err := os.WriteFile(filepath.Join(s.root, string(kind), tempPrefix+"123"), []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	again, err := Open(s.root)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"arrays/" + a.SHA256}, files(t, again)); diff != "" {
		t.Error(diff)
	}
	foreign := filepath.Join(s.root, "arrays", "README.txt")
	if err := os.WriteFile(foreign, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	removed, err := again.Sweep(func(_, name string) bool { return name != a.SHA256 })
	if err != nil || removed != 1 || again.Has(Matrices, a.SHA256) {
		t.Errorf("%d removed, %v", removed, err)
	}
	if _, err := os.Stat(foreign); err != nil {
		t.Error("a file that is not ours was removed")
	}
}

func TestADamagedMatrixIsNamed(t *testing.T) {
	s := open(t)
	a := put(t, s, matrix(t, 4, 4, func(i int) float32 { return float32(i) }))
	path := filepath.Join(s.root, "arrays", a.SHA256)
	if err := os.Truncate(path, 60); err != nil {
		t.Fatal(err)
	}
	for _, how := range []string{"has the wrong size", "is missing"} {
		_, err := s.Matrix(a.SHA256, 4, 4)
		if err == nil || !strings.Contains(err.Error(), how) || !strings.Contains(err.Error(), a.SHA256[:12]) {
			t.Errorf("want %q, got %v", how, err)
		}
		if err := s.Remove(Matrices, a.SHA256); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Remove(Matrices, a.SHA256); err != nil {
		t.Errorf("removing what is gone: %v", err)
	}
}

func TestNoNameLeadsOutOfTheStore(t *testing.T) {
	s := open(t)
	for _, name := range []string{"", "..", "../x", "a/b", strings.Repeat("A", 64), strings.Repeat("a", 63), strings.Repeat("a", 64) + "/..", strings.Repeat("a", 64) + "-x/../y"} {
		if s.Has(Matrices, name) || s.Remove(Matrices, name) == nil {
			t.Errorf("the name %q was taken", name)
		}
	}
}

func tableOf(rows, k int) *knn.Table {
	table := &knn.Table{Rows: rows, K: k, IDs: make([]int32, rows*k), Distances: make([]float32, rows*k)}
	for i := range table.IDs {
		table.IDs[i] = int32(i % rows)
		table.Distances[i] = float32(i) / 3
	}
	table.IDs[0] = -1 // no neighbour: a row that was left out
	return table
}

func TestTablesAreReadAsTheyWereWritten(t *testing.T) {
	s := open(t)
	name := strings.Repeat("ab", 32) + "-euclidean"
	for _, k := range []int{3, 16} { // a longer one takes the place of a shorter
		want := tableOf(50, k)
		if k == 3 { // the lists of some rows
			want.Queries, want.IDs, want.Distances = []int32{4, 9, 40}, want.IDs[:9], want.Distances[:9]
		}
		if err := s.PutTable(name, want); err != nil {
			t.Fatal(err)
		}
		got, err := s.Table(name)
		if err != nil {
			t.Fatal(err)
		}
		if got.Rows != want.Rows || got.K != want.K || !cmp.Equal(got.Queries, want.Queries) || !cmp.Equal(got.IDs, want.IDs) || !cmp.Equal(got.Distances, want.Distances) {
			t.Errorf("k=%d: the table changed", k)
		}
		if err := got.Close(); err != nil {
			t.Error(err)
		}
	}
	if got := files(t, s); len(got) != 1 {
		t.Errorf("the store holds %v", got)
	}
}

// Every single bit of a kept table counts: a flipped one is an error, never a wrong neighbour.
func TestADamagedTableIsNeverRead(t *testing.T) {
	s := open(t)
	name := strings.Repeat("cd", 32) + "-cosine"
	if err := s.PutTable(name, tableOf(7, 3)); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(s.root, "neighbours", name)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	check := func(what string, content []byte) {
		t.Helper()
		if err := os.Remove(path); err != nil { // a file of its own: a sound one is not read twice
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Table(name); err == nil || !strings.Contains(err.Error(), "damaged") {
			t.Errorf("%s: %v", what, err)
		}
	}
	for i := range whole {
		flipped := bytes.Clone(whole)
		flipped[i] ^= 1 << (i % 8)
		check(fmt.Sprintf("bit %d of byte %d", i%8, i), flipped)
		check(fmt.Sprintf("cut at %d", i), whole[:i])
	}
	check("one byte more", append(bytes.Clone(whole), 0))
}

func TestPartialResultsAreReadAsTheyWereWrittenAndForgotten(t *testing.T) {
	s := open(t)
	name := strings.Repeat("ef", 32) + "-dot"
	if s.Partial(name) != nil {
		t.Error("there is one before one was put")
	}
	for tiles := range 2 { // a later state takes the place of an earlier
		want := &knn.Partial{Join: math.MaxUint64 - 3, Tiles: 40 + tiles, IDs: []int32{3, -1, 7}, Spent: 90e9}
		if err := s.PutPartial(name, want); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, s.Partial(name)); diff != "" {
			t.Error(diff)
		}
	}
	path := filepath.Join(s.root, string(Unfinished), name)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range whole {
		flipped := bytes.Clone(whole)
		flipped[i] ^= 1 << (i % 8)
		if err := os.WriteFile(path, flipped, 0o600); err != nil {
			t.Fatal(err)
		}
		if got := s.Partial(name); got != nil {
			t.Errorf("bit %d of byte %d is another, and it is read as %v", i%8, i, got)
		}
	}
	nothing := func(string, string) bool { return false }
	for _, age := range []time.Duration{partialLife - time.Hour, partialLife + time.Hour} {
		if err := os.Chtimes(path, time.Time{}, time.Now().Add(-age)); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Sweep(nothing); err != nil {
			t.Fatal(err)
		}
		if s.Has(Unfinished, name) != (age < partialLife) {
			t.Errorf("after %s it is there: %t", age, s.Has(Unfinished, name))
		}
	}
	if err := s.DropPartial(name); err != nil {
		t.Errorf("what is gone is dropped: %v", err)
	}
}

func TestColumnsAreReadAsTheyWereWritten(t *testing.T) {
	s := open(t)
	want := [][]int32{{1, -2, 3}, {0, math.MaxInt32, math.MinInt32}}
	name := strings.Repeat("ef", 32)
	if err := s.PutColumns(name, want); err != nil {
		t.Fatal(err)
	}
	got, err := s.Columns(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestDatasetsAreKeptAsTheyCame(t *testing.T) {
	s := open(t)
	text := "\ufeffkey;text\r\na;\"x;y\"\r\n\r\nb;z\r\n"
	csv, err := s.PutDataset(t.Context(), strings.NewReader(text), catalog.CSVSpec{IDField: "key"})
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join(s.root, "datasets", csv.SHA256))
	if err != nil || string(raw) != text {
		t.Errorf("kept %q, %v", raw, err)
	}
	fresh, err := Open(s.root) // nothing remembered
	if err != nil {
		t.Fatal(err)
	}
	for _, store := range []*Store{s, fresh} {
		rows, err := store.Rows(t.Context(), catalog.Dataset{Name: "d", SHA256: csv.SHA256, IDField: csv.IDField})
		if err != nil {
			t.Fatal(err)
		}
		values, err := rows.Values("text")
		if err != nil || !cmp.Equal(values, []string{"x;y", "z"}) || rows.ID(1) != "b" {
			t.Errorf("%v, %v", values, err)
		}
		if err := rows.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := s.PutDataset(t.Context(), strings.NewReader("id\na\na\n"), catalog.CSVSpec{}); err == nil {
		t.Error("duplicate ids were taken")
	}
	if got := files(t, s); len(got) != 1 {
		t.Errorf("the store holds %v", got)
	}
}

// A file system of 64 KiB would need root; a folder that may not be written is the same path of errors.
func TestAStoreThatCannotBeWrittenSaysSo(t *testing.T) {
	s := open(t)
	if err := os.RemoveAll(filepath.Join(s.root, "arrays")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(s.root, "arrays"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := s.PutMatrix(t.Context(), bytes.NewReader(nil), catalog.MatrixSpec{})
	if err == nil || !strings.Contains(err.Error(), "cannot write to the store") {
		t.Errorf("the error is %v", err)
	}
	if strings.Contains(err.Error(), s.root) {
		t.Errorf("the error tells a path: %v", err)
	}
}

func TestAFullDiskIsNamed(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("there is no /dev/full here")
	}
	defer full.Close()
	_, err = full.Write([]byte("x"))
	err = DiskError(err, "cannot write to the store")
	if catalog.CodeOf(err) != catalog.NoSpace || !strings.Contains(err.Error(), "the disk is full") {
		t.Errorf("the error is %v", err)
	}
}

// The mapping that was closed last is kept for whoever asks next, and never for a file that is another by now or gone.
func TestAnIdleMappingIsThatOfTheFile(t *testing.T) {
	s := open(t)
	put := func(first float32) string {
		a, err := s.PutMatrix(t.Context(), bytes.NewReader(matrix(t, 50, 8, func(i int) float32 { return first + float32(i) })), catalog.MatrixSpec{Size: -1})
		if err != nil {
			t.Fatal(err)
		}
		return a.SHA256
	}
	at := func(sha256 string) *float32 {
		t.Helper()
		m, err := s.Matrix(sha256, 50, 8)
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := errors.Join(m.Close(), m.Close()); err != nil { // once is enough
				t.Error(err)
			}
		}()
		return &m.Data[0]
	}
	one, two := put(1), put(2)
	if first := at(one); at(one) != first {
		t.Error("it was mapped twice")
	}
	if m, err := s.Matrix(one, 50, 8); err != nil {
		t.Error(err)
	} else if other, err := s.Matrix(one, 50, 8); err != nil || &other.Data[0] == &m.Data[0] {
		t.Errorf("two share a mapping that one of them may close: %v", err)
	} else if err := errors.Join(m.Close(), other.Close()); err != nil {
		t.Error(err)
	}
	if m, err := s.Matrix(two, 50, 8); err != nil || m.Data[0] != 2 {
		t.Errorf("%v", err)
	} else if err := m.Close(); err != nil {
		t.Error(err)
	}
	path := filepath.Join(s.root, "arrays", two)
	changed := bytes.Repeat([]byte{0, 0, 64, 64}, 400)
	if err := errors.Join(os.Remove(path), os.WriteFile(path, changed, 0o600)); err != nil {
		t.Fatal(err)
	}
	if m, err := s.Matrix(two, 50, 8); err != nil || m.Data[0] != 3 {
		t.Errorf("not the file that is there: %v", err)
	} else if err := m.Close(); err != nil {
		t.Error(err)
	}
	if err := s.Remove(Matrices, two); err != nil || s.idle.bytes != nil {
		t.Errorf("%v; a mapping of a removed file is left: %v", err, s.idle.bytes != nil)
	}
	if _, err := s.Matrix(two, 50, 8); catalog.CodeOf(err) != catalog.Internal {
		t.Errorf("%v", err)
	}
}
