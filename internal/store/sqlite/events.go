package sqlite

import (
	"database/sql"
	"time"

	"github.com/pentoai/vectory/internal/catalog"
)

// AddEvent notes that something happened.
func (t *Tx) AddEvent(e catalog.Event) error {
	return t.exec("INSERT INTO events (at, verb, kind, name, detail) VALUES (?,?,?,?,?)", e.At.Format(timeForm), e.Verb, e.Kind, e.Name, e.Detail)
}

// Events gives the newest events, newest first, of one name or ("") of all.
func (t *Tx) Events(name string, limit int) ([]catalog.Event, error) {
	list := []catalog.Event{}
	err := t.query(func(rows *sql.Rows) error {
		var e catalog.Event
		var at string
		if err := rows.Scan(&at, &e.Verb, &e.Kind, &e.Name, &e.Detail); err != nil {
			return err
		}
		var err error
		e.At, err = parseTime(at)
		list = append(list, e)
		return err
	}, "SELECT at, verb, kind, name, detail FROM events WHERE ? IN ('', name) ORDER BY id DESC LIMIT ?", name, limit)
	return list, err
}

// Superseded tells when a version made room for a newer one; the zero time: it is the current one.
func (t *Tx) Superseded(kind string, id int64) (at time.Time, err error) {
	table := map[string]string{"dataset": "datasets", "experiment": "experiments", "space": "spaces"}[kind]
	err = t.query(func(rows *sql.Rows) error {
		var text sql.NullString
		if err := rows.Scan(&text); err != nil || !text.Valid {
			return err
		}
		var err error
		at, err = parseTime(text.String)
		return err
	}, "SELECT superseded_at FROM "+table+" WHERE id = ?", id)
	return at, err
}
