package sqlite

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/pentoai/vectory/internal/catalog"
)

// NeighbourTable gives the kept table of a content and metric.
func (t *Tx) NeighbourTable(content string, metric catalog.Metric) (n catalog.NeighbourTable, ok bool, err error) {
	return first(t.neighbourTables("WHERE content = ? AND metric = ?", content, metric))
}

// NeighbourTables gives the kept tables that were made from one matrix.
func (t *Tx) NeighbourTables(matrix string) ([]catalog.NeighbourTable, error) {
	return t.neighbourTables("WHERE matrix = ? ORDER BY content = matrix DESC, metric", matrix)
}

// AllNeighbourTables gives every kept table.
func (t *Tx) AllNeighbourTables() ([]catalog.NeighbourTable, error) { return t.neighbourTables("") }

func (t *Tx) neighbourTables(where string, args ...any) ([]catalog.NeighbourTable, error) {
	list := []catalog.NeighbourTable{}
	err := t.query(func(rows *sql.Rows) error {
		var n catalog.NeighbourTable
		if err := rows.Scan(&n.Content, &n.Metric, &n.Matrix, &n.K, &n.Queries, &n.TookS, &n.Kernel, &n.Threads); err != nil {
			return err
		}
		list = append(list, n)
		return nil
	}, "SELECT content, metric, matrix, k, coalesce(queries, 0), took_s, kernel, threads FROM neighbour_tables "+where, args...)
	return list, err
}

// PutNeighbourTable records a kept table in place of a shorter one.
func (t *Tx) PutNeighbourTable(n catalog.NeighbourTable, at time.Time) error {
	return t.exec(`INSERT INTO neighbour_tables (content, metric, matrix, k, queries, took_s, kernel, threads, created_at) VALUES (?,?,?,?,nullif(?, 0),?,?,?,?)
	    ON CONFLICT (content, metric) DO UPDATE SET k = excluded.k, took_s = excluded.took_s, kernel = excluded.kernel,
	    threads = excluded.threads, created_at = excluded.created_at`,
		n.Content, n.Metric, n.Matrix, n.K, n.Queries, n.TookS, n.Kernel, n.Threads, at.Format(timeForm))
}

// Comparison gives the kept comparison of a key.
func (t *Tx) Comparison(key string) (c catalog.KeptComparison, ok bool, err error) {
	return first(t.comparisons("WHERE key = ?", key))
}

// Comparisons gives the kept comparisons, newest first.
func (t *Tx) Comparisons() ([]catalog.KeptComparison, error) {
	return t.comparisons("ORDER BY created_at DESC, key")
}

// ComparisonsOf gives those that a version of a space is part of.
func (t *Tx) ComparisonsOf(spaceID int64) ([]catalog.KeptComparison, error) {
	return t.comparisons("WHERE a_id = ? OR b_id = ? ORDER BY created_at, key", spaceID, spaceID)
}

func (t *Tx) comparisons(where string, args ...any) ([]catalog.KeptComparison, error) {
	list := []catalog.KeptComparison{}
	err := t.query(func(rows *sql.Rows) error {
		var c catalog.KeptComparison
		var summary string
		if err := rows.Scan(&c.Key, &c.AID, &c.BID, &summary); err != nil {
			return err
		}
		c.Summary = json.RawMessage(summary)
		list = append(list, c)
		return nil
	}, "SELECT key, a_id, b_id, summary FROM comparisons "+where, args...)
	return list, err
}

// PutComparison keeps a comparison in place of one of the same key. It fails when a space of it has
// been deleted in the meantime.
func (t *Tx) PutComparison(c catalog.KeptComparison, at time.Time) error {
	err := t.exec("INSERT OR REPLACE INTO comparisons (key, a_id, b_id, summary, created_at) VALUES (?,?,?,?,?)",
		c.Key, c.AID, c.BID, string(c.Summary), at.Format(timeForm))
	if err != nil {
		return fmt.Errorf("keep the comparison: %w", err)
	}
	return nil
}

// DeleteComparison forgets a comparison; whether there was one is told.
func (t *Tx) DeleteComparison(key string) (bool, error) {
	result, err := t.tx.ExecContext(t.ctx, "DELETE FROM comparisons WHERE key = ?", key)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, errors.Join(err)
}

// ForgetTablesWithoutSpace drops the tables whose matrix no space has any more.
func (t *Tx) ForgetTablesWithoutSpace() error {
	return t.exec("DELETE FROM neighbour_tables WHERE matrix NOT IN (SELECT sha256 FROM spaces)")
}

// ForgetTable forgets the table that is kept in the file of that name.
func (t *Tx) ForgetTable(file string) error {
	return t.exec("DELETE FROM neighbour_tables WHERE content || '-' || metric = ?", file)
}

// References gives the names of all files that the catalogue needs, by the store's kind of file.
func (t *Tx) References() (map[string]map[string]bool, error) {
	wanted := map[string]map[string]bool{}
	for kind, text := range map[string]string{
		"arrays":      "SELECT sha256 FROM spaces",
		"datasets":    "SELECT sha256 FROM datasets",
		"neighbours":  "SELECT content || '-' || metric FROM neighbour_tables",
		"comparisons": "SELECT key FROM comparisons",
		"layouts":     "SELECT key FROM layouts WHERE summary NOT LIKE '%\"rows\":0,%'",
	} {
		set := map[string]bool{}
		wanted[kind] = set
		err := t.query(func(rows *sql.Rows) error {
			var name string
			err := rows.Scan(&name)
			set[name] = true
			return err
		}, text)
		if err != nil {
			return nil, err
		}
	}
	return wanted, nil
}
