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
		var spaces, summary string
		if err := rows.Scan(&l.Key, &spaces, &summary); err != nil {
			return err
		}
		l.Summary = json.RawMessage(summary)
		list = append(list, l)
		return json.Unmarshal([]byte(spaces), &list[len(list)-1].Spaces)
	}, "SELECT key, (SELECT json_group_array(space_id) FROM (SELECT space_id FROM layout_spaces WHERE layout = key ORDER BY place)), summary FROM layouts "+where, args...)
	return list, err
}

// PutLayout keeps a layout in place of one of the same key. It fails when a space of it has been deleted in the meantime.
func (t *Tx) PutLayout(l catalog.KeptLayout, at time.Time) error {
	if _, err := t.DeleteLayout(l.Key); err != nil {
		return err
	}
	if err := t.exec("INSERT INTO layouts (key, summary, created_at) VALUES (?,?,?)", l.Key, string(l.Summary), at.Format(timeForm)); err != nil {
		return err
	}
	for place, id := range l.Spaces {
		if err := t.exec("INSERT INTO layout_spaces (layout, place, space_id) VALUES (?,?,?)", l.Key, place, id); err != nil {
			return err
		}
	}
	return nil
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
