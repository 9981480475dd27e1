package sqlite

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	sqlite3 "github.com/mattn/go-sqlite3"
)

// olderSchema makes a catalogue as a version with the first so many migrations left it.
func olderSchema(t *testing.T, path string, migrations int, more ...string) {
	t.Helper()
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var statements []string
	for number := 1; number <= migrations; number++ {
		names, err := filepath.Glob(fmt.Sprintf("migrations/%03d_*.sql", number))
		if err != nil || len(names) != 1 {
			t.Fatal(names, err)
		}
		script, err := os.ReadFile(names[0])
		if err != nil {
			t.Fatal(err)
		}
		statements = append(statements, string(script))
	}
	statements = append(append(statements, more...), fmt.Sprintf("PRAGMA user_version = %d", migrations), fmt.Sprintf("PRAGMA application_id = %d", applicationID))
	for _, statement := range statements {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
}

// what tells everything that stands in a catalogue: its version, its schema and its rows.
func what(t *testing.T, path string) string {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+path+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var out strings.Builder
	all := func(query string) (first []string) {
		rows, err := db.QueryContext(t.Context(), query)
		if err != nil {
			t.Fatalf("%s: %s: %v", path, query, err)
		}
		defer rows.Close()
		columns, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			row := make([]sql.NullString, len(columns))
			into := make([]any, len(row))
			for i := range row {
				into[i] = &row[i]
			}
			if err := rows.Scan(into...); err != nil {
				t.Fatal(err)
			}
			first = append(first, row[0].String)
			fmt.Fprintln(&out, query, row)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		return first
	}
	all("PRAGMA user_version")
	all("PRAGMA application_id")
	all("PRAGMA integrity_check")
	all("PRAGMA foreign_key_check")
	all("SELECT sql FROM sqlite_schema ORDER BY name")
	for _, table := range all("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'installation' ORDER BY name") {
		all("SELECT * FROM " + table + " ORDER BY 1, 2")
	}
	return out.String()
}

const (
	dieAt = "VECTORY_TEST_DIE_AT"
	dying = "VECTORY_TEST_DYING_CATALOGUE"
)

// TestDiesWhileItMigrates is the process that TestAMigrationThatIsKilled kills, at the given step: whenever SQLite asks for
// leave to write, to begin or to end something, and before each commit.
func TestDiesWhileItMigrates(t *testing.T) {
	at, err := strconv.Atoi(os.Getenv(dieAt))
	if err != nil {
		t.Skip("runs as a process of another test")
	}
	db, err := sql.Open("sqlite3", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	steps := 0
	step := func() {
		if steps++; steps == at {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
	}
	db.Driver().(*sqlite3.SQLiteDriver).ConnectHook = func(c *sqlite3.SQLiteConn) error {
		const readsColumn, selects, calls = 20, 21, 31 // SQLITE_READ, SQLITE_SELECT, SQLITE_FUNCTION
		c.RegisterAuthorizer(func(what int, _, _, _ string) int {
			if what != readsColumn && what != selects && what != calls {
				step()
			}
			return sqlite3.SQLITE_OK
		})
		c.RegisterCommitHook(func() int { step(); return 0 })
		return nil
	}
	s, err := Open(t.Context(), os.Getenv(dying))
	if err != nil {
		t.Fatal(err)
	}
	_ = s.Close()
}

// TestAMigrationThatIsKilled at each step of each migration, the copy before it included, is made to its end by the next
// start: the catalogue is what it is without a kill, and the copy of it as it was is there. With VECTORY_CRASH_ROUNDS set it
// is killed at every step, else at some.
func TestAMigrationThatIsKilled(t *testing.T) {
	const when = "'2026-11-01T00:00:00.000000000Z'"
	space := "INSERT INTO spaces (id, name, dataset_id, experiment_id, rows, dims, metric, dtype_in, sha256, state, health, created_at) VALUES (%d, '%s', 1, 1, 3, 2, 'cosine', '<f4', 'b', 'ready', '{}', " + when + ")"
	tracked := []string{
		`INSERT INTO datasets (id, name, sha256, rows, columns, created_at) VALUES (1, 'd', 'a', 3, '["id"]', ` + when + ")",
		`INSERT INTO experiments (id, name, model, train_dataset_id, params, created_at) VALUES (1, 'e', 'm', 1, '{"lr":1}', ` + when + ")",
		fmt.Sprintf(space, 4, "s"), fmt.Sprintf(space, 6, "t"),
	}
	laid := []string{`INSERT INTO layouts VALUES ('one', 6, NULL, '{"rows":3}', ` + when + "), ('two', 6, 4, '{}', " + when + ")"}
	for _, c := range []struct {
		name   string
		schema int
		more   []string
	}{{"a new one", 0, nil}, {"the first schema", 1, tracked}, {"the sixth", 6, append(tracked, laid...)}} {
		t.Run(c.name, func(t *testing.T) {
			folder := t.TempDir()
			fixture := filepath.Join(folder, "fixture.db")
			make := func(path string) {
				if c.schema > 0 {
					olderSchema(t, path, c.schema, c.more...)
				}
			}
			make(fixture)
			before := ""
			if c.schema > 0 {
				before = what(t, fixture)
			}
			_ = open(t, fixture).Close()
			want := what(t, fixture)
			stride := 37 // a process a kill: all of them (600) take minutes
			switch {
			case os.Getenv("VECTORY_CRASH_ROUNDS") != "":
				stride = 1
			case testing.Short():
				stride = 101
			}
			killed := 0
			for at := 1; ; at += stride {
				path := filepath.Join(folder, fmt.Sprintf("killed-%d.db", at))
				make(path)
				child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestDiesWhileItMigrates$", "-test.count=1")
				child.Env = append(os.Environ(), dieAt+"="+strconv.Itoa(at), dying+"="+path)
				said, err := child.CombinedOutput()
				var exit *exec.ExitError
				if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != -1) {
					t.Fatalf("step %d: %v: %s", at, err, said)
				}
				if s, err := Open(t.Context(), path); err != nil {
					t.Fatalf("killed at step %d it does not open: %v", at, err)
				} else if err := s.Close(); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, what(t, path)); diff != "" {
					t.Fatalf("killed at step %d (− without a kill, + afterwards):\n%s", at, diff)
				}
				if c.schema > 0 {
					if diff := cmp.Diff(before, what(t, fmt.Sprintf("%s.schema-%d", path, c.schema))); diff != "" {
						t.Fatalf("killed at step %d, the copy (− what was, + the copy):\n%s", at, diff)
					}
				}
				if err == nil {
					break
				}
				killed++
			}
			if killed < 2 {
				t.Errorf("it was killed %d times only", killed)
			}
			t.Logf("killed %d times", killed)
		})
	}
}
