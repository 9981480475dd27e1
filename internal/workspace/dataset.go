package workspace

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/wire"
)

// AddDataset takes in a CSV. The same content under the same name is no error; other content under a
// taken name is a conflict unless Replace is set. A staged dataset is shown nowhere until AddSpace
// names its token.
func (w *Workspace) AddDataset(ctx context.Context, req wire.AddDataset, body io.Reader) (wire.AddedDataset, error) {
	if req.PartOf != "" {
		return w.addPart(ctx, req, body)
	}
	if err := catalog.CheckName("dataset", req.Name); err != nil {
		return wire.AddedDataset{}, err
	}
	return w.addCSV(ctx, req, body)
}

func (w *Workspace) addCSV(ctx context.Context, req wire.AddDataset, body io.Reader) (wire.AddedDataset, error) {
	w.adding.RLock()
	defer w.adding.RUnlock()
	csv, err := w.files.PutDataset(ctx, body, catalog.CSVSpec{IDField: req.IDField, IDFieldIndex: req.IDFieldIndex})
	if err != nil {
		return wire.AddedDataset{}, err
	}
	if csv.Rows == 0 {
		return wire.AddedDataset{}, catalog.Errorf(catalog.Invalid, "the CSV of dataset '%s' has a header and no rows", req.Name).
			WithHint("each row after the header is one item")
	}
	if req.Name == "" {
		req.Name = req.PartOf + "/part-" + csv.SHA256[:8]
	}
	d := catalog.Dataset{Name: req.Name, Rows: csv.Rows, Columns: csv.Columns, IDField: csv.IDField, SHA256: csv.SHA256,
		CreatedAt: now(), MediaRoot: req.MediaRoot}
	reply := wire.AddedDataset{Dataset: d, Created: true, Notes: datasetNotes(csv)}
	if req.Staged {
		reply.Staged = w.staged.put(d, req.Replace)
		return reply, nil
	}
	err = w.book.Update(ctx, func(tx Tx) (err error) {
		reply.Dataset, reply.Created, err = settleDataset(tx, d, req.Replace)
		return err
	})
	return reply, err
}

func datasetNotes(csv catalog.CSV) []string {
	notes := csv.Notes
	if len(csv.BlankLines) > 0 {
		notes = append(notes, fmt.Sprintf("skipped %d blank line(s), the first at line %d", len(csv.BlankLines), csv.BlankLines[0]))
	}
	return notes
}

// settleDataset makes d current, or finds that it is already.
func settleDataset(tx Tx, d catalog.Dataset, replace bool) (catalog.Dataset, bool, error) {
	old, ok, err := tx.Dataset(d.Name)
	switch {
	case err != nil:
		return d, false, err
	case ok && sameDataset(old, d):
		return old, false, nil
	case ok && !replace:
		return d, false, catalog.Errorf(catalog.Conflict, "a dataset named '%s' is tracked with other content (%d rows, id column %s; this one has %d rows, id column %s)",
			d.Name, old.Rows, idColumn(old), d.Rows, idColumn(d)).WithHint("choose another name, or replace it with --replace (its spaces keep the version they were made with)")
	case ok:
		if err := tx.SupersedeDataset(old.ID, now()); err != nil {
			return d, false, err
		}
	}
	return d, true, errors.Join(tx.InsertDataset(&d), note(tx, verb(ok), "dataset", d.Name, describeDataset(d)))
}

func sameDataset(a, b catalog.Dataset) bool {
	return a.SHA256 == b.SHA256 && idColumn(a) == idColumn(b)
}

func idColumn(d catalog.Dataset) string {
	if d.IDField == nil {
		return "none"
	}
	return "'" + *d.IDField + "'"
}

// stagedDatasets are checked and kept, and wait for the space that names them.
type stagedDatasets struct {
	mu   sync.Mutex
	kept map[string]stagedDataset
}

type stagedDataset struct {
	dataset catalog.Dataset
	replace bool
	until   time.Time
}

// stagedFor is how long a staged dataset waits: a slow upload of the vectors may follow.
const stagedFor = 6 * time.Hour

func (s *stagedDatasets) put(d catalog.Dataset, replace bool) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kept == nil {
		s.kept = map[string]stagedDataset{}
	}
	for key, old := range s.kept {
		if now().After(old.until) {
			delete(s.kept, key)
		}
	}
	key := token()
	s.kept[key] = stagedDataset{dataset: d, replace: replace, until: now().Add(stagedFor)}
	return key
}

func (s *stagedDatasets) get(key string) (stagedDataset, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, ok := s.kept[key]
	if !ok {
		return d, catalog.Errorf(catalog.NotFound, "the staged dataset is not here any more").WithHint("run the command again")
	}
	return d, nil
}

func (s *stagedDatasets) drop(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.kept, key)
}

func (s *stagedDatasets) contents() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []string
	for _, d := range s.kept {
		list = append(list, d.dataset.SHA256)
	}
	return list
}

// Datasets lists the datasets.
func (w *Workspace) Datasets(ctx context.Context) (list []catalog.Dataset, err error) {
	err = w.book.View(ctx, func(tx Tx) error { list, err = tx.Datasets(); return err })
	return list, err
}

// Dataset gives one dataset.
func (w *Workspace) Dataset(ctx context.Context, name string) (d catalog.Dataset, err error) {
	err = w.book.View(ctx, func(tx Tx) error { d, err = mustDataset(tx, name); return err })
	return d, err
}

// maxRows is how many records one reply carries.
const maxRows = 1000

// RowsOf says which records of a dataset: [From, To) of all, or of those that hold a text in any column, whatever the
// case of its letters.
type RowsOf struct {
	Dataset, Filter string
	From, To        int
}

// DatasetRows gives records of a dataset; at most 1,000 at a time.
func (w *Workspace) DatasetRows(ctx context.Context, of RowsOf) (wire.Rows, error) {
	d, err := w.Dataset(ctx, of.Dataset)
	if err != nil {
		return wire.Rows{}, err
	}
	if of.From < 0 || of.From > d.Rows || of.To < of.From {
		return wire.Rows{}, catalog.Errorf(catalog.Invalid, "rows %d to %d are not in dataset '%s', which has %d", of.From, of.To, of.Dataset, d.Rows)
	}
	rows, err := w.files.Rows(ctx, d)
	if err != nil {
		return wire.Rows{}, err
	}
	defer rows.Close()
	reply := wire.Rows{Dataset: of.Dataset, Columns: d.Columns, From: of.From, IDs: []string{}, Matches: []int{}}
	if of.Filter != "" {
		err := filtered(ctx, &reply, rows, d.Rows, of)
		return reply, err
	}
	to := min(of.To, d.Rows, of.From+maxRows)
	if reply.Rows, err = rows.Records(of.From, to); err != nil {
		return wire.Rows{}, err
	}
	for row := of.From; row < to; row++ {
		reply.IDs = append(reply.IDs, rows.ID(row))
	}
	return reply, nil
}

// filtered fills a reply with the records [From, To) of those that hold the text.
func filtered(ctx context.Context, reply *wire.Rows, rows Rows, n int, of RowsOf) (err error) {
	if reply.Matches, err = holding(ctx, rows, n, of.Filter); err != nil {
		return err
	}
	reply.Rows = [][]string{}
	from := min(of.From, len(reply.Matches))
	for _, row := range reply.Matches[from:min(max(of.To, from), len(reply.Matches), from+maxRows)] {
		records, err := rows.Records(row, row+1)
		if err != nil {
			return err
		}
		reply.IDs, reply.Rows = append(reply.IDs, rows.ID(row)), append(reply.Rows, records[0])
	}
	return nil
}

// holding finds the rows that hold a text in any column.
func holding(ctx context.Context, rows Rows, n int, text string) ([]int, error) {
	found := []int{}
	text = strings.ToLower(text)
	for from := 0; from < n; from += maxRows {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		records, err := rows.Records(from, min(n, from+maxRows))
		if err != nil {
			return nil, err
		}
		for i, record := range records {
			if slices.ContainsFunc(record, func(cell string) bool { return strings.Contains(strings.ToLower(cell), text) }) {
				found = append(found, from+i)
			}
		}
	}
	return found, nil
}

// DatasetColumn gives a column, each row's value as its place among the different values, sorted.
func (w *Workspace) DatasetColumn(ctx context.Context, name, column string) (wire.Column, error) {
	d, err := w.Dataset(ctx, name)
	if err != nil {
		return wire.Column{}, err
	}
	rows, err := w.files.Rows(ctx, d)
	if err != nil {
		return wire.Column{}, err
	}
	defer rows.Close()
	if !slices.Contains(d.Columns, column) {
		return wire.Column{}, catalog.Errorf(catalog.NotFound, "dataset '%s' has no column '%s'", name, column).WithHint("its columns: %s", strings.Join(d.Columns, ", "))
	}
	all, err := rows.Values(column)
	if err != nil {
		return wire.Column{}, err
	}
	codes, values := numbered(all)
	return wire.Column{Dataset: name, Column: column, Values: values, Codes: codes}, nil
}

// MediaPath gives the folder and the relative path of the media file that a cell names.
func (w *Workspace) MediaPath(ctx context.Context, dataset string, row int, column string) (root, path string, err error) {
	d, err := w.Dataset(ctx, dataset)
	if err != nil {
		return "", "", err
	}
	if d.MediaRoot == "" {
		return "", "", catalog.Errorf(catalog.NotFound, "dataset '%s' was added without its folder, so its media cannot be found", dataset)
	}
	at := -1
	for i, c := range d.Columns {
		if c == column {
			at = i
		}
	}
	if at < 0 {
		return "", "", catalog.Errorf(catalog.NotFound, "dataset '%s' has no column '%s'", dataset, column).WithHint("its columns: %s", strings.Join(d.Columns, ", "))
	}
	if row < 0 || row >= d.Rows {
		return "", "", catalog.Errorf(catalog.NotFound, "dataset '%s' has no row %d", dataset, row)
	}
	rows, err := w.files.Rows(ctx, d)
	if err != nil {
		return "", "", err
	}
	defer rows.Close()
	records, err := rows.Records(row, row+1)
	if err != nil {
		return "", "", err
	}
	return d.MediaRoot, records[0][at], nil
}
