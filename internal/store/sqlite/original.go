package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"

	"github.com/pentoai/vectory/internal/catalog"
)

// ReadOriginal reads the original tool's catalogue without changing it. Errors: not_found, invalid when
// the file is another thing.
func ReadOriginal(ctx context.Context, path string) (o catalog.Original, err error) {
	if _, err := os.Stat(path); err != nil {
		return o, catalog.Errorf(catalog.NotFound, "there is no file '%s'", path).WithHint("the original tool keeps its catalogue in main.db in its folder")
	}
	db, err := sql.Open("sqlite3", "file:"+(&url.URL{Path: path}).EscapedPath()+"?mode=ro&_query_only=1")
	if err != nil {
		return o, storeError(err)
	}
	defer db.Close()
	read := func(query string, take func(scan func(...any) error) error) {
		if err == nil {
			err = eachRow(ctx, db, query, take)
		}
	}
	read("SELECT name, csv_path, id_field FROM datasets ORDER BY id", func(scan func(...any) error) error {
		var d catalog.OriginalDataset
		defer func() { o.Datasets = append(o.Datasets, d) }()
		return scan(&d.Name, &d.CSVPath, &d.IDField)
	})
	read(`SELECT e.name, e.model, coalesce(e.params, ''), coalesce(d.name, '')
	      FROM experiments e LEFT JOIN datasets d ON d.id = e.train_dataset_id ORDER BY e.id`, func(scan func(...any) error) error {
		var e catalog.OriginalExperiment
		defer func() { o.Experiments = append(o.Experiments, e) }()
		return scan(&e.Name, &e.Model, &e.Params, &e.TrainDataset)
	})
	read(`SELECT s.name, s.npz_path, s.dims, e.name, d.name FROM embedding_spaces s
	      JOIN experiments e ON e.id = s.experiment_id JOIN datasets d ON d.id = s.dataset_id ORDER BY s.id`, func(scan func(...any) error) error {
		var s catalog.OriginalSpace
		defer func() { o.Spaces = append(o.Spaces, s) }()
		return scan(&s.Name, &s.Path, &s.Dims, &s.Experiment, &s.Dataset)
	})
	if err != nil {
		return o, catalog.Errorf(catalog.Invalid, "'%s' is not a catalogue of the original tool: %w", path, err).WithHint("it is the file main.db, with the tables datasets, experiments and embedding_spaces")
	}
	return o, nil
}

func eachRow(ctx context.Context, db *sql.DB, query string, take func(scan func(...any) error) error) error {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := take(rows.Scan); err != nil {
			return err
		}
	}
	return errors.Join(rows.Err(), rows.Close())
}
