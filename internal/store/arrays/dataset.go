package arrays

import (
	"context"
	"io"
	"os"
	"sync"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/store/table"
)

// PutDataset reads a CSV, checks it, and keeps its bytes as they are; what is written otherwise (UTF-16, JSON lines, parquet,
// arrow) is kept as a CSV in UTF-8. Errors: those of package table (invalid), no_space.
func (s *Store) PutDataset(ctx context.Context, r io.Reader, spec catalog.CSVSpec) (catalog.CSV, error) {
	st, err := s.stage(Datasets)
	if err != nil {
		return catalog.CSV{}, err
	}
	defer st.discard()
	text, err := table.Plain(ctx, r, s.TempDir(), s.Foreign)
	if err != nil {
		return catalog.CSV{}, err
	}
	defer func() { _ = text.Close() }() // a file of the trash at worst
	ix, err := table.Scan(ctx, io.TeeReader(text, st), table.Options{IDField: spec.IDField, IDFieldIndex: spec.IDFieldIndex, JSONLines: text.JSONLines, Rowwise: text.Rowwise})
	if err != nil {
		return catalog.CSV{}, err
	}
	if err := unchanged(r); err != nil {
		return catalog.CSV{}, err
	}
	sum, err := st.commit("")
	if err != nil {
		return catalog.CSV{}, err
	}
	s.index.put(indexKey{sum, ix.IDField}, ix)
	csv := catalog.CSV{SHA256: sum, Columns: ix.Columns, Rows: ix.Rows, BlankLines: ix.BlankLines, Notes: append(text.Notes, ix.Notes()...)}
	if ix.IDField != "" {
		csv.IDField = &ix.IDField
	}
	return csv, nil
}

// Rows opens the kept CSV of a dataset for reading by row. Close it after use.
func (s *Store) Rows(ctx context.Context, d catalog.Dataset) (*Rows, error) {
	path, err := s.path(Datasets, d.SHA256)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, &catalog.Error{Code: catalog.Internal, Message: "the kept CSV of dataset '" + d.Name + "' is missing",
			Hint: "add it again with --replace", Err: err}
	}
	key := indexKey{sha256: d.SHA256}
	if d.IDField != nil {
		key.idField = *d.IDField
	}
	ix, ok := s.index.get(key)
	if !ok {
		ix, err = table.Scan(ctx, f, table.Options{IDField: key.idField, RowNumbers: key.idField == ""})
		if err != nil {
			_ = f.Close()
			return nil, err
		}
		s.index.put(key, ix)
	}
	return &Rows{Index: ix, file: f}, nil
}

// Rows reads the records of one kept CSV.
type Rows struct {
	*table.Index
	file *os.File
}

// Close closes the file.
func (r *Rows) Close() error { return r.file.Close() }

// Records gives the fields of rows [from, to).
func (r *Rows) Records(from, to int) ([][]string, error) { return r.Read(r.file, from, to) }

// WriteCSV writes the header and the chosen records, in that order.
func (r *Rows) WriteCSV(to io.Writer, rows []int) error { return r.Copy(to, r.file, rows) }

// Values gives one column, a value for each row.
func (r *Rows) Values(column string) ([]string, error) { return r.Column(r.file, column) }

type indexKey struct{ sha256, idField string }

// indexCache keeps the few indices that were used last: making one reads the whole file.
type indexCache struct {
	mu    sync.Mutex
	kept  map[indexKey]*table.Index
	order []indexKey // oldest first
}

const keptIndices = 8

func (c *indexCache) get(key indexKey) (*table.Index, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	ix, ok := c.kept[key]
	return ix, ok
}

func (c *indexCache) put(key indexKey, ix *table.Index) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.kept == nil {
		c.kept = map[indexKey]*table.Index{}
	}
	if _, ok := c.kept[key]; !ok {
		c.order = append(c.order, key)
	}
	c.kept[key] = ix
	if len(c.order) > keptIndices {
		delete(c.kept, c.order[0])
		c.order = c.order[1:]
	}
}
