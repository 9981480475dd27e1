package sqlite

import (
	"database/sql"
	"encoding/json"
	"time"

	"github.com/pentoai/vectory/internal/catalog"
)

// Layout gives the kept layout of a key.
func (t *Tx) Layout(key string) (l catalog.KeptLayout, ok bool, err error) {
	return first(t.layouts("WHERE key = ?", key))
}

// Layouts gives the kept layouts, newest first.
func (t *Tx) Layouts() ([]catalog.KeptLayout, error) {
	return t.layouts("ORDER BY created_at DESC, key")
}

func (t *Tx) layouts(where string, args ...any) ([]catalog.KeptLayout, error) {
	list := []catalog.KeptLayout{}
	err := t.query(func(rows *sql.Rows) error {
		var l catalog.KeptLayout
		var summary string
		if err := rows.Scan(&l.Key, &l.AID, &l.BID, &summary); err != nil {
			return err
		}
		l.Summary = json.RawMessage(summary)
		list = append(list, l)
		return nil
	}, "SELECT key, a_id, b_id, summary FROM layouts "+where, args...)
	return list, err
}

// PutLayout keeps a layout in place of one of the same key. It fails when a space of it has been deleted in the meantime.
func (t *Tx) PutLayout(l catalog.KeptLayout, at time.Time) error {
	return t.exec("INSERT OR REPLACE INTO layouts (key, a_id, b_id, summary, created_at) VALUES (?,?,?,?,?)", l.Key, l.AID, l.BID, string(l.Summary), at.Format(timeForm))
}

// DeleteLayout forgets a layout; whether there was one is told.
func (t *Tx) DeleteLayout(key string) (bool, error) {
	result, err := t.tx.ExecContext(t.ctx, "DELETE FROM layouts WHERE key = ?", key)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, err
}
