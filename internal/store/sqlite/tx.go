package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/pentoai/vectory/internal/catalog"
)

// Tx is one transaction. It lives as long as the call of View or Update that made it (which is why,
// against the usual rule, it keeps the context).
type Tx struct {
	ctx context.Context //nolint:containedctx // a transaction is bound to the context it began with
	tx  *sql.Tx
}

const timeForm = time.RFC3339Nano

// query runs a SELECT and hands each row to scan. What is named in another table is read by a SELECT of its own, not by a
// JOIN: SQLite plans one with a parameter anew each time, which takes several times longer than to look a row up.
func (t *Tx) query(scan func(*sql.Rows) error, text string, args ...any) (err error) {
	rows, err := t.tx.QueryContext(t.ctx, text, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (t *Tx) insert(text string, args ...any) (int64, error) {
	result, err := t.tx.ExecContext(t.ctx, text, args...)
	if err != nil {
		return 0, err
	}
	return result.LastInsertId()
}

func (t *Tx) exec(text string, args ...any) error {
	_, err := t.tx.ExecContext(t.ctx, text, args...)
	return err
}

// jsonText is how lists and objects stand in a TEXT column.
func jsonText(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}

func parseTime(s string) (time.Time, error) {
	at, err := time.Parse(timeForm, s)
	if err != nil {
		return time.Time{}, fmt.Errorf("a time in the catalogue: %w", err)
	}
	return at, nil
}

// Datasets gives the current datasets, oldest first.
func (t *Tx) Datasets() ([]catalog.Dataset, error) {
	return t.datasets("WHERE superseded_at IS NULL ORDER BY id")
}

// DatasetByID gives one version of a dataset, current or not; ok is false when there is none.
func (t *Tx) DatasetByID(id int64) (d catalog.Dataset, ok bool, err error) {
	return first(t.datasets("WHERE id = ?", id))
}

// Dataset gives the current dataset of that name.
func (t *Tx) Dataset(name string) (d catalog.Dataset, ok bool, err error) {
	return first(t.datasets("WHERE superseded_at IS NULL AND name = ?", name))
}

// DatasetVersions gives every version of a name.
func (t *Tx) DatasetVersions(name string) ([]catalog.Dataset, error) {
	return t.datasets("WHERE name = ? ORDER BY id", name)
}

func first[T any](list []T, err error) (T, bool, error) {
	var none T
	if err != nil || len(list) == 0 {
		return none, false, err
	}
	return list[0], true, nil
}

func (t *Tx) datasets(where string, args ...any) ([]catalog.Dataset, error) {
	list := []catalog.Dataset{}
	err := t.query(func(rows *sql.Rows) error {
		var d catalog.Dataset
		var columns, created string
		if err := rows.Scan(&d.ID, &d.Name, &d.SHA256, &d.Rows, &columns, &d.IDField, &d.MediaRoot, &created); err != nil {
			return err
		}
		var err error
		if d.CreatedAt, err = parseTime(created); err != nil {
			return err
		}
		list = append(list, d)
		return json.Unmarshal([]byte(columns), &list[len(list)-1].Columns)
	}, "SELECT id, name, sha256, rows, columns, id_field, media_root, created_at FROM datasets "+where, args...)
	return list, err
}

// InsertDataset adds d as the current version of its name and sets its ID.
func (t *Tx) InsertDataset(d *catalog.Dataset) error {
	columns, err := jsonText(d.Columns)
	if err != nil {
		return err
	}
	d.ID, err = t.insert("INSERT INTO datasets (name, sha256, rows, columns, id_field, media_root, created_at) VALUES (?,?,?,?,?,?,?)",
		d.Name, d.SHA256, d.Rows, columns, d.IDField, d.MediaRoot, d.CreatedAt.Format(timeForm))
	return err
}

// SupersedeDataset makes room for a new version under the same name; the old one stays for what
// refers to it.
func (t *Tx) SupersedeDataset(id int64, at time.Time) error {
	return t.exec("UPDATE datasets SET superseded_at = ? WHERE id = ?", at.Format(timeForm), id)
}

// DeleteDataset removes one version.
func (t *Tx) DeleteDataset(id int64) error { return t.exec("DELETE FROM datasets WHERE id = ?", id) }

// Experiments gives the current experiments, oldest first.
func (t *Tx) Experiments() ([]catalog.Experiment, error) {
	return t.experiments("WHERE e.superseded_at IS NULL ORDER BY e.id")
}

// Experiment gives the current experiment of that name.
func (t *Tx) Experiment(name string) (e catalog.Experiment, ok bool, err error) {
	return first(t.experiments("WHERE e.superseded_at IS NULL AND e.name = ?", name))
}

// ExperimentVersions gives every version of a name.
func (t *Tx) ExperimentVersions(name string) ([]catalog.Experiment, error) {
	return t.experiments("WHERE e.name = ? ORDER BY e.id", name)
}

// ExperimentsTrainedOn gives every version of every experiment that names this version of a dataset.
func (t *Tx) ExperimentsTrainedOn(datasetID int64) ([]catalog.Experiment, error) {
	return t.experiments("WHERE e.train_dataset_id = ? ORDER BY e.id", datasetID)
}

func (t *Tx) experiments(where string, args ...any) ([]catalog.Experiment, error) {
	list := []catalog.Experiment{}
	err := t.query(func(rows *sql.Rows) error {
		var e catalog.Experiment
		var params, environment, created string
		if err := rows.Scan(&e.ID, &e.Name, &e.Model, &e.TrainDataset, &params, &e.GitCommit, &environment, &created); err != nil {
			return err
		}
		e.Params, e.Environment = json.RawMessage(params), json.RawMessage(environment)
		var err error
		e.CreatedAt, err = parseTime(created)
		list = append(list, e)
		return err
	}, `SELECT e.id, e.name, e.model, (SELECT name FROM datasets WHERE id = e.train_dataset_id), e.params, e.git_commit, e.environment, e.created_at
	    FROM experiments e `+where, args...)
	return list, err
}

// InsertExperiment adds e as the current version of its name, trained on the given version of a
// dataset (nil: not said), and sets its ID.
func (t *Tx) InsertExperiment(e *catalog.Experiment, trainDatasetID *int64) (err error) {
	e.ID, err = t.insert("INSERT INTO experiments (name, model, train_dataset_id, params, git_commit, environment, created_at) VALUES (?,?,?,?,?,coalesce(nullif(?, ''), '{}'),?)",
		e.Name, e.Model, trainDatasetID, string(e.Params), e.GitCommit, string(e.Environment), e.CreatedAt.Format(timeForm))
	return err
}

// SupersedeExperiment makes room for a new version under the same name.
func (t *Tx) SupersedeExperiment(id int64, at time.Time) error {
	return t.exec("UPDATE experiments SET superseded_at = ? WHERE id = ?", at.Format(timeForm), id)
}

// DeleteExperiment removes one version.
func (t *Tx) DeleteExperiment(id int64) error {
	return t.exec("DELETE FROM experiments WHERE id = ?", id)
}

// Spaces gives the current spaces, oldest first.
func (t *Tx) Spaces() ([]catalog.Space, error) {
	return t.spaces("WHERE s.superseded_at IS NULL ORDER BY s.id")
}

// Space gives the current space of that name.
func (t *Tx) Space(name string) (s catalog.Space, ok bool, err error) {
	return first(t.spaces("WHERE s.superseded_at IS NULL AND s.name = ?", name))
}

// SpaceByID gives one version of a space, current or not.
func (t *Tx) SpaceByID(id int64) (s catalog.Space, ok bool, err error) {
	return first(t.spaces("WHERE s.id = ?", id))
}

// Counts gives how many datasets and spaces are current.
func (t *Tx) Counts() (datasets, spaces int, err error) {
	err = t.query(func(rows *sql.Rows) error { return rows.Scan(&datasets, &spaces) },
		"SELECT (SELECT count(*) FROM datasets WHERE superseded_at IS NULL), (SELECT count(*) FROM spaces WHERE superseded_at IS NULL)")
	return datasets, spaces, err
}

// SpaceVersions gives every version of a name.
func (t *Tx) SpaceVersions(name string) ([]catalog.Space, error) {
	return t.spaces("WHERE s.name = ? ORDER BY s.id", name)
}

// SpacesOfDataset gives every version of every space whose rows are those of this version of a dataset.
func (t *Tx) SpacesOfDataset(id int64) ([]catalog.Space, error) {
	return t.spaces("WHERE s.dataset_id = ? ORDER BY s.id", id)
}

// SpacesOfExperiment gives every version of every space made by this version of an experiment.
func (t *Tx) SpacesOfExperiment(id int64) ([]catalog.Space, error) {
	return t.spaces("WHERE s.experiment_id = ? ORDER BY s.id", id)
}

func (t *Tx) spaces(where string, args ...any) ([]catalog.Space, error) {
	list := []catalog.Space{}
	err := t.query(func(rows *sql.Rows) error {
		var s catalog.Space
		var health, created string
		if err := rows.Scan(&s.ID, &s.Name, &s.Dataset, &s.DatasetID, &s.Experiment, &s.Rows, &s.Dims, &s.Metric,
			&s.DtypeIn, &s.SHA256, &s.Step, &s.State, &health, &created); err != nil {
			return err
		}
		var err error
		if s.CreatedAt, err = parseTime(created); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(health), &s.Health); err != nil {
			return err
		}
		list = append(list, s)
		return nil
	}, `SELECT s.id, s.name, (SELECT name FROM datasets WHERE id = s.dataset_id), s.dataset_id, (SELECT name FROM experiments WHERE id = s.experiment_id),
	    s.rows, s.dims, s.metric, s.dtype_in, s.sha256, s.step, s.state, s.health, s.created_at FROM spaces s `+where, args...)
	return list, err
}

// InsertSpace adds s, made by the given version of an experiment (nil: not said), as the current
// version of its name and sets its ID. s.DatasetID says which dataset its rows are.
func (t *Tx) InsertSpace(s *catalog.Space, experimentID *int64) error {
	health, err := jsonText(s.Health)
	if err != nil {
		return err
	}
	s.ID, err = t.insert(`INSERT INTO spaces (name, dataset_id, experiment_id, rows, dims, metric, dtype_in, sha256, step, state, health, created_at)
	    VALUES (?,?,?,?,?,?,?,?,?,?,?,?)`, s.Name, s.DatasetID, experimentID, s.Rows, s.Dims, s.Metric, s.DtypeIn, s.SHA256, s.Step, s.State,
		health, s.CreatedAt.Format(timeForm))
	return err
}

// SupersedeSpace makes room for a new version under the same name.
func (t *Tx) SupersedeSpace(id int64, at time.Time) error {
	return t.exec("UPDATE spaces SET superseded_at = ? WHERE id = ?", at.Format(timeForm), id)
}

// DeleteSpace removes one version, and with it the comparisons that it is part of.
func (t *Tx) DeleteSpace(id int64) error { return t.exec("DELETE FROM spaces WHERE id = ?", id) }
