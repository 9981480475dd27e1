package sqlite

import (
	"database/sql"
	"encoding/json"

	"github.com/pentoai/vectory/internal/catalog"
)

// Installation gives the name of this installation; "": it has none yet.
func (t *Tx) Installation() (id string, err error) {
	err = t.query(func(rows *sql.Rows) error { return rows.Scan(&id) }, "SELECT id FROM installation")
	return id, err
}

// SetInstallation names this installation, once.
func (t *Tx) SetInstallation(id string) error {
	return t.exec("INSERT INTO installation (id) VALUES (?)", id)
}

// Indices gives all indices, by name.
func (t *Tx) Indices() ([]catalog.Index, error) { return t.indices("ORDER BY i.name") }

// Index gives the index of that name.
func (t *Tx) Index(name string) (ix catalog.Index, ok bool, err error) {
	return first(t.indices("WHERE i.name = ?", name))
}

// IndicesOf gives the indices of one version of a space.
func (t *Tx) IndicesOf(spaceID int64) ([]catalog.Index, error) {
	return t.indices("WHERE i.space_id = ? ORDER BY i.name", spaceID)
}

func (t *Tx) indices(where string, args ...any) ([]catalog.Index, error) {
	list := []catalog.Index{}
	err := t.query(func(rows *sql.Rows) error {
		var ix catalog.Index
		var params, zeros, created string
		if err := rows.Scan(&ix.ID, &ix.Name, &ix.SpaceID, &ix.Space, &ix.Model, &ix.Similarity, &ix.Rows, &ix.Excluded, &zeros, &ix.State, &ix.Reason, &params, &ix.InCluster, &ix.Cluster, &created); err != nil {
			return err
		}
		ix.Params = json.RawMessage(params)
		if err := json.Unmarshal([]byte(zeros), &ix.ZeroIDs); err != nil {
			return err
		}
		var err error
		ix.CreatedAt, err = parseTime(created)
		list = append(list, ix)
		return err
	}, `SELECT i.id, i.name, i.space_id, (SELECT name FROM spaces WHERE id = i.space_id), i.model, i.similarity, i.rows, i.excluded, i.excluded_ids, i.state, i.reason, i.params, i.in_cluster, i.cluster, i.created_at
	    FROM indices i `+where, args...)
	return list, err
}

// PutIndex writes an index in place of one of the same name.
func (t *Tx) PutIndex(ix catalog.Index) error {
	zeros, err := json.Marshal(append([]string{}, ix.ZeroIDs...))
	if err != nil {
		return err
	}
	return t.exec(`INSERT OR REPLACE INTO indices (id, name, space_id, model, similarity, rows, excluded, excluded_ids, state, reason, params, in_cluster, cluster, created_at)
	    VALUES ((SELECT id FROM indices WHERE name = ?),?,?,?,?,?,?,?,?,?,?,?,?,?)`, ix.Name, ix.Name, ix.SpaceID, ix.Model, ix.Similarity, ix.Rows, ix.Excluded, string(zeros), ix.State, ix.Reason,
		string(ix.Params), ix.InCluster, ix.Cluster, ix.CreatedAt.Format(timeForm))
}

// DeleteIndex forgets an index.
func (t *Tx) DeleteIndex(name string) error {
	return t.exec("DELETE FROM indices WHERE name = ?", name)
}
