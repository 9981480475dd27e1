package sqlite

import (
	"database/sql"

	"github.com/pentoai/vectory/internal/catalog"
)

// Selections gives all selections, by name.
func (t *Tx) Selections() ([]catalog.Selection, error) { return t.selections("ORDER BY l.name, l.id") }

// Selection gives the selection of an id.
func (t *Tx) Selection(id int64) (l catalog.Selection, ok bool, err error) {
	return first(t.selections("WHERE l.id = ?", id))
}

// SelectionsOfSpace gives those of one version of a space, of its comparisons too.
func (t *Tx) SelectionsOfSpace(spaceID int64) ([]catalog.Selection, error) {
	return t.selections("WHERE l.space_id = ? ORDER BY l.name, l.id", spaceID)
}

// SelectionsOfComparison gives those of a comparison.
func (t *Tx) SelectionsOfComparison(key string) ([]catalog.Selection, error) {
	return t.selections("WHERE l.comparison = ? ORDER BY l.name, l.id", key)
}

func (t *Tx) selections(where string, args ...any) ([]catalog.Selection, error) {
	list := []catalog.Selection{}
	err := t.query(func(rows *sql.Rows) error {
		var l catalog.Selection
		var created string
		if err := rows.Scan(&l.ID, &l.SpaceID, &l.Space, &l.Comparison, &l.Name, &l.Note, &l.Rows, &l.Count, &created); err != nil {
			return err
		}
		var err error
		l.CreatedAt, err = parseTime(created)
		list = append(list, l)
		return err
	}, "SELECT l.id, l.space_id, (SELECT name FROM spaces WHERE id = l.space_id), nullif(l.comparison, ''), l.name, l.note, l.rows, l.count, l.created_at FROM selections l "+where, args...)
	return list, err
}

// InsertSelection adds l and sets its ID.
func (t *Tx) InsertSelection(l *catalog.Selection) (err error) {
	l.ID, err = t.insert("INSERT INTO selections (space_id, comparison, name, note, rows, count, created_at) VALUES (?,coalesce(?, ''),?,?,?,?,?)",
		l.SpaceID, l.Comparison, l.Name, l.Note, l.Rows, l.Count, l.CreatedAt.Format(timeForm))
	return err
}

// UpdateSelection writes the name, the note and the rows of the selection of l's ID.
func (t *Tx) UpdateSelection(l catalog.Selection) error {
	return t.exec("UPDATE selections SET name = ?, note = ?, rows = ?, count = ? WHERE id = ?", l.Name, l.Note, l.Rows, l.Count, l.ID)
}

// DeleteSelection forgets one.
func (t *Tx) DeleteSelection(id int64) error {
	return t.exec("DELETE FROM selections WHERE id = ?", id)
}
