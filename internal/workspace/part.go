package workspace

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/wire"
)

// addPart takes in some items of a tracked dataset, by the ids that the body lists (a CSV of one column), in
// that order. They become a dataset of their own with the same columns, so that a space of them is compared
// with any other by id. All items in their own order are the dataset itself.
func (w *Workspace) addPart(ctx context.Context, req wire.AddDataset, body io.Reader) (wire.AddedDataset, error) {
	var reply wire.AddedDataset
	whole, err := w.Dataset(ctx, req.PartOf)
	if err != nil {
		return reply, err
	}
	if whole.IDField == nil {
		return reply, catalog.Errorf(catalog.Invalid, "dataset '%s' has no id column, so no part of it can be named", whole.Name).
			WithHint("add it with --id-field=COLUMN")
	}
	ids, err := readIDs(body)
	if err != nil {
		return reply, err
	}
	rows, err := w.files.Rows(ctx, whole)
	if err != nil {
		return reply, err
	}
	defer rows.Close()
	chosen, err := chosenRows(rows, ids, whole.Name)
	if err != nil {
		return reply, err
	}
	if len(chosen) == whole.Rows && slices.IsSorted(chosen) {
		reply.Dataset, reply.Notes = whole, []string{}
		if req.Staged {
			reply.Staged = w.staged.put(whole, false)
		}
		return reply, nil
	}
	read, write := io.Pipe()
	go func() { write.CloseWithError(rows.WriteCSV(write, chosen)) }()
	req.IDField, req.IDFieldIndex, req.MediaRoot = *whole.IDField, nil, whole.MediaRoot
	reply, err = w.addCSV(ctx, req, read)
	_ = read.Close() // ends the writer where reading ended early
	reply.Notes = append(reply.Notes, fmt.Sprintf("%d of the %d items of dataset '%s'", len(chosen), whole.Rows, whole.Name))
	return reply, err
}

// readIDs reads the first column of a CSV with a header.
func readIDs(body io.Reader) ([]string, error) {
	records := csv.NewReader(body)
	records.FieldsPerRecord = 1
	if _, err := records.Read(); err != nil {
		return nil, badIDs(err)
	}
	var ids []string
	for {
		record, err := records.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, badIDs(err)
		}
		ids = append(ids, record[0])
	}
	if len(ids) == 0 {
		return nil, badIDs(io.EOF)
	}
	return ids, nil
}

func badIDs(err error) error {
	if errors.Is(err, io.EOF) {
		return catalog.Errorf(catalog.Invalid, "the list of ids is empty")
	}
	var parse *csv.ParseError
	if !errors.As(err, &parse) {
		return err
	}
	return catalog.Errorf(catalog.Invalid, "the list of ids: %w", err).WithHint("a CSV of one column with a header, an id each line")
}

// chosenRows finds the row of each id; unknown and repeated ones are told with examples.
func chosenRows(rows Rows, ids []string, dataset string) ([]int, error) {
	chosen := make([]int, 0, len(ids))
	seen := make(map[int]bool, len(ids))
	var unknown, repeated []string
	for _, id := range ids {
		row, ok := rows.Row(id)
		switch {
		case !ok:
			unknown = append(unknown, id)
		case seen[row]:
			repeated = append(repeated, id)
		default:
			seen[row] = true
			chosen = append(chosen, row)
		}
	}
	if len(unknown) > 0 {
		return nil, catalog.Errorf(catalog.Invalid, "%d of the %d ids are not in dataset '%s': %s", len(unknown), len(ids), dataset, someOf(unknown)).
			WithHint("its first id is '%s'", rows.ID(0))
	}
	if len(repeated) > 0 {
		return nil, catalog.Errorf(catalog.Invalid, "%d of the %d ids stand there twice: %s", len(repeated), len(ids), someOf(repeated))
	}
	return chosen, nil
}

// someOf quotes the first few.
func someOf(ids []string) string {
	list := "'" + strings.Join(ids[:min(len(ids), 3)], "', '") + "'"
	if len(ids) > 3 {
		list += ", …"
	}
	return list
}
