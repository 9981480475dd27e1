package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pentoai/vectory/internal/catalog"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 123456789, time.UTC)

func open(t *testing.T, path string) *Store {
	t.Helper()
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func fresh(t *testing.T) *Store { return open(t, filepath.Join(t.TempDir(), "vectory.db")) }

func update(t *testing.T, s *Store, do func(*Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), do); err != nil {
		t.Fatal(err)
	}
}

func dataset(name string) *catalog.Dataset {
	id := "id"
	return &catalog.Dataset{Name: name, Rows: 3, Columns: []string{"id", "text"}, IDField: &id, SHA256: strings.Repeat("a", 64), CreatedAt: noon, MediaRoot: "/m"}
}

func space(name string, d *catalog.Dataset) *catalog.Space {
	step := int64(7)
	s := &catalog.Space{Name: name, Rows: 3, Dims: 2, Metric: catalog.Cosine, DtypeIn: "<f8", SHA256: strings.Repeat("b", 64), Step: &step, State: "ready", CreatedAt: noon,
		Health: catalog.Health{ZeroRows: 1, NormMax: 2.5}}
	if d != nil {
		s.Dataset, s.DatasetID = &d.Name, &d.ID
	}
	return s
}

// What is promised to survive a power cut depends on these.
func TestDurabilityIsInForce(t *testing.T) {
	s := fresh(t)
	for _, db := range []*sql.DB{s.writer, s.reader} {
		for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000"} {
			var got string
			if err := db.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
				t.Errorf("%s = %s, %v; want %s", pragma, got, err, want)
			}
		}
	}
	if _, err := s.reader.ExecContext(t.Context(), "DELETE FROM spaces"); err == nil {
		t.Error("a reader wrote")
	}
}

func TestWhatWasWrittenIsReadBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vectory.db")
	s := open(t, path)
	d := dataset("d")
	train, commit := "d", "abc"
	e := &catalog.Experiment{Name: "e", Model: "m", TrainDataset: &train, Params: json.RawMessage(`{"lr":0.1}`), GitCommit: &commit, Environment: json.RawMessage("{}"), CreatedAt: noon}
	var x *catalog.Space
	update(t, s, func(tx *Tx) error {
		if err := tx.InsertDataset(d); err != nil {
			return err
		}
		if err := tx.InsertExperiment(e, &d.ID); err != nil {
			return err
		}
		x = space("x/ü 1", d)
		x.Experiment = &e.Name
		return tx.InsertSpace(x, &e.ID)
	})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again := open(t, path)
	err := again.View(t.Context(), func(tx *Tx) error {
		gotD, _, err := tx.Dataset("d")
		if err != nil {
			return err
		}
		gotE, _, err := tx.Experiment("e")
		if err != nil {
			return err
		}
		gotX, ok, err := tx.Space("x/ü 1")
		if err != nil || !ok {
			return errors.Join(err, errors.New("the space is gone"))
		}
		if diff := cmp.Diff(*d, gotD) + cmp.Diff(*e, gotE) + cmp.Diff(*x, gotX); diff != "" {
			t.Error(diff)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAnUpdateIsAllOrNothing(t *testing.T) {
	s := fresh(t)
	boom := errors.New("boom")
	err := s.Update(t.Context(), func(tx *Tx) error {
		if err := tx.InsertDataset(dataset("d")); err != nil {
			return err
		}
		return boom
	})
	if !errors.Is(err, boom) {
		t.Fatalf("the error is %v", err)
	}
	func() {
		defer func() { _ = recover() }()
		_ = s.Update(t.Context(), func(tx *Tx) error {
			if err := tx.InsertDataset(dataset("d")); err != nil {
				return err
			}
			panic("in the middle")
		})
	}()
	ctx, leave := context.WithCancel(t.Context())
	if err := s.Update(ctx, func(tx *Tx) error {
		err := tx.InsertDataset(dataset("d"))
		leave()
		return err
	}); err == nil {
		t.Error("a canceled update was committed")
	}
	update(t, s, func(tx *Tx) error { return tx.InsertDataset(dataset("other")) }) // the writer is free again
	_ = s.View(t.Context(), func(tx *Tx) error {
		list, err := tx.Datasets()
		if err != nil || len(list) != 1 || list[0].Name != "other" {
			t.Errorf("%v, %v", list, err)
		}
		return nil
	})
}

func TestANameStandsOnceAndItsHistoryIsKept(t *testing.T) {
	s := fresh(t)
	first, second := dataset("d"), dataset("d")
	update(t, s, func(tx *Tx) error { return tx.InsertDataset(first) })
	if err := s.Update(t.Context(), func(tx *Tx) error { return tx.InsertDataset(second) }); err == nil {
		t.Fatal("a name was taken twice")
	}
	update(t, s, func(tx *Tx) error {
		if err := tx.SupersedeDataset(first.ID, noon); err != nil {
			return err
		}
		return tx.InsertDataset(second)
	})
	_ = s.View(t.Context(), func(tx *Tx) error {
		current, _, _ := tx.Dataset("d")
		versions, err := tx.DatasetVersions("d")
		old, ok, _ := tx.DatasetByID(first.ID)
		if current.ID != second.ID || len(versions) != 2 || err != nil || !ok || old.Name != "d" {
			t.Errorf("%v, %v, %v", current, versions, err)
		}
		return nil
	})
}

func TestForeignKeysHold(t *testing.T) {
	s := fresh(t)
	d := dataset("d")
	update(t, s, func(tx *Tx) error {
		if err := tx.InsertDataset(d); err != nil {
			return err
		}
		return tx.InsertSpace(space("x", d), nil)
	})
	if err := s.Update(t.Context(), func(tx *Tx) error { return tx.DeleteDataset(d.ID) }); err == nil {
		t.Error("a dataset went from under its space")
	}
	stranger := *d
	stranger.ID = 999
	if err := s.Update(t.Context(), func(tx *Tx) error { return tx.InsertSpace(space("y", &stranger), nil) }); err == nil {
		t.Error("a space of no dataset was taken")
	}
}

func TestManyWritersAndReaders(t *testing.T) {
	s := fresh(t)
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			if err := s.Update(t.Context(), func(tx *Tx) error { return tx.InsertDataset(dataset("d" + string(rune('a'+i)))) }); err != nil {
				t.Error(err)
			}
		})
		wg.Go(func() {
			if err := s.View(t.Context(), func(tx *Tx) error { _, err := tx.Datasets(); return err }); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	_ = s.View(t.Context(), func(tx *Tx) error {
		if list, err := tx.Datasets(); err != nil || len(list) != 20 {
			t.Errorf("%d datasets, %v", len(list), err)
		}
		return nil
	})
}

// Who keeps what was read under a number of changes must never take something for true that an ended Update has changed.
func TestTheSameNumberOfChangesIsTheSameCatalogue(t *testing.T) {
	s := fresh(t)
	count := func() (n int) {
		if err := s.View(t.Context(), func(tx *Tx) (err error) { n, _, err = tx.Counts(); return err }); err != nil {
			t.Error(err)
		}
		return n
	}
	var mu sync.Mutex
	written, kept := 0, map[uint64]int{} // by the number of changes
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for least := 0; least < 20; {
				mu.Lock()
				least = written
				changes := s.Changes()
				n, ok := kept[changes]
				mu.Unlock()
				if !ok {
					n = count()
				}
				if n < least {
					t.Errorf("%d datasets at %d changes, and %d were written", n, changes, least)
				}
				mu.Lock()
				kept[changes] = n
				mu.Unlock()
			}
		})
	}
	for i := range 20 {
		update(t, s, func(tx *Tx) error { return tx.InsertDataset(dataset(fmt.Sprint("d", i))) })
		mu.Lock()
		written = i + 1
		mu.Unlock()
	}
	all.Wait()
	before := s.Changes()
	if count(); s.Changes() != before {
		t.Error("a View counts as a change")
	}
}

func TestFilesThatAreNotOursAreRefused(t *testing.T) {
	foreign := func(t *testing.T, statements ...string) string {
		path := filepath.Join(t.TempDir(), "vectory.db")
		db, err := sql.Open("sqlite3", path)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		for _, statement := range statements {
			if _, err := db.ExecContext(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}
		return path
	}
	text := filepath.Join(t.TempDir(), "vectory.db")
	if err := os.WriteFile(text, []byte(strings.Repeat("this is no database. ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, path, words string }{
		{"a newer schema", foreign(t, "PRAGMA user_version = 99", "CREATE TABLE t (x)"), "has schema 99; this version knows schemas up to 9"},
		{"another program's", foreign(t, "PRAGMA user_version = 1", "CREATE TABLE t (x)"), "database of another program"},
		{"a text", text, "vectory.db"},
		{"no folder", filepath.Join(t.TempDir(), "none", "vectory.db"), "vectory.db"},
	} {
		t.Run(c.name, func(t *testing.T) {
			before, _ := os.ReadFile(c.path)
			s, err := Open(t.Context(), c.path)
			if err == nil {
				_ = s.Close()
				t.Fatal("it was opened")
			}
			if c.words != "vectory.db" && !strings.Contains(err.Error(), c.words) {
				t.Errorf("the error is %v", err)
			}
			var known *catalog.Error
			if !errors.As(err, &known) || known.Hint == "" {
				t.Errorf("the error %v says not what to do", err)
			}
			if c.name == "a text" {
				if after, _ := os.ReadFile(c.path); string(before) != string(after) {
					t.Error("a foreign file was changed")
				}
			}
		})
	}
}

// A process that is killed in the middle of a storm of writes has lost none that it acknowledged.
func TestWhatWasAcknowledgedSurvivesAKill(t *testing.T) {
	if path := os.Getenv("SQLITE_TEST_WRITE"); path != "" {
		s, err := Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; ; i++ {
			d := dataset("d")
			d.Name = time.Now().Format(time.RFC3339Nano) + strings.Repeat("x", i%100)
			update(t, s, func(tx *Tx) error { return tx.InsertDataset(d) })
			if _, err := os.Stdout.WriteString("ACK " + d.Name + "\n"); err != nil {
				t.Fatal(err)
			}
		}
	}
	path := filepath.Join(t.TempDir(), "vectory.db")
	writer := exec.CommandContext(t.Context(), os.Args[0], "-test.run=TestWhatWasAcknowledgedSurvivesAKill")
	writer.Env = append(os.Environ(), "SQLITE_TEST_WRITE="+path)
	out, err := writer.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := writer.Start(); err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	for strings.Count(said.String(), "\n") < 50 {
		block := make([]byte, 4096)
		n, err := out.Read(block)
		if err != nil {
			t.Fatal(err)
		}
		said.Write(block[:n])
	}
	_ = writer.Process.Kill()
	_ = writer.Wait()
	s := open(t, path)
	kept := map[string]bool{}
	_ = s.View(t.Context(), func(tx *Tx) error {
		list, err := tx.Datasets()
		for _, d := range list {
			kept[d.Name] = true
		}
		return err
	})
	lines := strings.Split(said.String(), "\n")
	for _, line := range lines[:len(lines)-1] {
		if name, ok := strings.CutPrefix(line, "ACK "); ok && !kept[name] {
			t.Errorf("%s was acknowledged and is lost", name)
		}
	}
	var sound string
	if err := s.writer.QueryRowContext(t.Context(), "PRAGMA integrity_check").Scan(&sound); err != nil || sound != "ok" {
		t.Errorf("integrity: %s, %v", sound, err)
	}
}

func TestResultsAreKeptAndForgottenWithTheirSpace(t *testing.T) {
	s := fresh(t)
	x, y := space("x", nil), space("y", nil)
	y.SHA256 = strings.Repeat("c", 64)
	note := catalog.NeighbourTable{Content: x.SHA256, Matrix: x.SHA256, Metric: catalog.Cosine, K: 16, Queries: 7, TookS: .5, Kernel: "go", Threads: 2}
	update(t, s, func(tx *Tx) error {
		if err := errors.Join(tx.InsertSpace(x, nil), tx.InsertSpace(y, nil), tx.PutNeighbourTable(note, noon)); err != nil {
			return err
		}
		note.K = 64 // a longer table takes the place of the shorter
		return errors.Join(tx.PutNeighbourTable(note, noon), tx.PutComparison(catalog.KeptComparison{Key: "k", AID: x.ID, BID: y.ID, Summary: json.RawMessage(`{}`)}, noon))
	})
	update(t, s, func(tx *Tx) error {
		got, ok, err := tx.NeighbourTable(x.SHA256, catalog.Cosine)
		if diff := cmp.Diff(note, got); !ok || err != nil || diff != "" {
			t.Errorf("%v %s", err, diff)
		}
		if of, err := tx.ComparisonsOf(y.ID); err != nil || len(of) != 1 {
			t.Errorf("comparisons of y: %v, %v", of, err)
		}
		if gone, err := tx.DeleteComparison("k"); !gone || err != nil {
			t.Errorf("the comparison: %v, %v", gone, err)
		}
		if err := tx.DeleteSpace(x.ID); err != nil {
			return err
		}
		return tx.ForgetTablesWithoutSpace()
	})
	_ = s.View(t.Context(), func(tx *Tx) error {
		if left, err := tx.AllNeighbourTables(); err != nil || len(left) != 0 {
			t.Errorf("tables left: %v, %v", left, err)
		}
		return nil
	})
}

// What a copy refers to is what the copy says, whatever happened to the catalogue since.
func TestACopyTellsWhatItRefersTo(t *testing.T) {
	s := fresh(t)
	update(t, s, func(tx *Tx) error { return tx.InsertDataset(dataset("d")) })
	path := filepath.Join(t.TempDir(), "a copy?.db")
	before, err := s.CopyTo(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if !before["datasets"][strings.Repeat("a", 64)] || len(before["arrays"]) > 0 {
		t.Errorf("the copy refers to %v", before)
	}
	update(t, s, func(tx *Tx) error { return tx.InsertSpace(space("x", nil), nil) })
	if faults, err := open(t, path).Integrity(t.Context()); err != nil || len(faults) > 0 {
		t.Errorf("the copy: %v, %v", faults, err)
	}
	after, err := s.CopyTo(t.Context(), path+"2")
	if err != nil || !after["arrays"][strings.Repeat("b", 64)] {
		t.Errorf("the second copy refers to %v, %v", after, err)
	}
	if _, err := s.CopyTo(t.Context(), path); err == nil {
		t.Error("a copy was written over another")
	}
}

// A catalogue from before layouts had more than two spaces keeps its layouts, in their order, and they go with any of
// their spaces as before.
func TestLayoutsOfAnOlderSchemaAreKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vectory.db")
	olderSchema(t, path, 6,
		"INSERT INTO spaces (id, name, rows, dims, metric, dtype_in, sha256, state, health, created_at) SELECT value, 's' || value, 3, 2, 'cosine', '<f4', 'b', 'ready', '{}', '2026-11-01T00:00:00.000000000Z' FROM json_each('[4,5,6]')",
		`INSERT INTO layouts VALUES ('one', 5, NULL, '{"rows":3}', '2026-11-01T00:00:00.000000000Z'), ('two', 6, 4, '{"rows":3}', '2026-11-02T00:00:00.000000000Z')`)
	s := open(t, path)
	one, two := catalog.KeptLayout{Key: "one", Spaces: []int64{5}, Summary: json.RawMessage(`{"rows":3}`)}, catalog.KeptLayout{Key: "two", Spaces: []int64{6, 4}, Summary: json.RawMessage(`{"rows":3}`)}
	many := catalog.KeptLayout{Key: "many", Spaces: []int64{6, 5, 4}, Summary: json.RawMessage(`{"rows":3}`)}
	kept := func(want ...catalog.KeptLayout) {
		t.Helper()
		_ = s.View(t.Context(), func(tx *Tx) error {
			got, err := tx.Layouts()
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("%v %s", err, diff)
			}
			return nil
		})
	}
	kept(two, one)
	update(t, s, func(tx *Tx) error { return errors.Join(tx.PutLayout(many, noon), tx.PutLayout(many, noon)) })
	kept(many, two, one)
	update(t, s, func(tx *Tx) error { return tx.DeleteSpace(4) })
	kept(one)
	if err := s.Update(t.Context(), func(tx *Tx) error { return tx.PutLayout(many, noon) }); err == nil {
		t.Error("a layout of a space that is gone was kept")
	}
	kept(one)
}
