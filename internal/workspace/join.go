package workspace

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"slices"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
)

// side is one space of a comparison with the dataset version that its rows belong to.
type side struct {
	space   catalog.Space
	dataset *catalog.Dataset
	metric  catalog.Metric
}

// table says which neighbours a comparison needs on this side, of the rows that are shared.
func (s side) table(x knn.Matrix, rows []int32, k int) tableOf {
	of := tableOf{matrix: s.space.SHA256, metric: s.metric, k: k, stage: "neighbours in " + s.space.Name}
	of.x, of.content = selected(x, rows, s.space.SHA256)
	return of
}

// What small work reads at most: it takes seconds, and no more memory than this beside what runs.
const (
	smallRows   = 20_000
	smallValues = 16 << 20
)

// small says whether work on some spaces waits for none on larger ones.
func small(sides ...side) bool {
	values := 0
	for _, s := range sides {
		if !fewRows(s.space.Rows, s.space.Dims) {
			return false
		}
		values += s.space.Rows * s.space.Dims
	}
	return values <= smallValues
}

// fewRows says it of one matrix.
func fewRows(rows, dims int) bool { return rows <= smallRows && rows*dims <= smallValues }

// rough is the size of that table before the shared rows are known.
func (s side) rough() tableOf { return tableOf{x: knn.Matrix{Rows: s.space.Rows, Dims: s.space.Dims}} }

// join is the rows that two spaces share, matched by id: row i of it is rows.a[i] of A and rows.b[i]
// of B. The rows are in the order of the dataset that was tracked first, so that ties, which go to the
// lower row, do not depend on which space is called A nor on how a copy was shuffled.
type join struct {
	a, b     []int32
	excluded excluded
	coverage float64
}

type excluded struct{ zeroA, zeroB, missingA, missingB int }

// joinRows matches the rows of two spaces.
func (w *Workspace) joinRows(ctx context.Context, a, b side) (*join, error) {
	if err := joinable(a, b); err != nil {
		return nil, err
	}
	if a.dataset == nil || b.dataset == nil || sameDataset(*a.dataset, *b.dataset) {
		return &join{a: upTo(a.space.Rows), b: upTo(b.space.Rows), coverage: 1}, nil
	}
	if a.dataset.ID > b.dataset.ID {
		j, err := w.joinRows(ctx, b, a)
		if err != nil {
			return nil, err
		}
		j.a, j.b = j.b, j.a
		j.excluded.missingA, j.excluded.missingB = j.excluded.missingB, j.excluded.missingA
		return j, nil
	}
	return w.joinByID(ctx, a, b)
}

// joinable refuses pairs whose rows cannot be told to be the same items.
func joinable(a, b side) error {
	switch {
	case a.dataset != nil && b.dataset != nil:
		if sameDataset(*a.dataset, *b.dataset) || a.dataset.IDField != nil && b.dataset.IDField != nil {
			return nil
		}
		return catalog.Errorf(catalog.Invalid, "'%s' belongs to dataset '%s' (%d rows) and '%s' to dataset '%s' (%d rows), and they cannot be matched by id: %s has no id column",
			a.space.Name, a.dataset.Name, a.space.Rows, b.space.Name, b.dataset.Name, b.space.Rows, withoutIDs(a, b)).
			WithHint("add the datasets with --id-field=COLUMN, so that equal items can be found")
	case a.dataset != nil && a.dataset.IDField != nil, b.dataset != nil && b.dataset.IDField != nil:
		return catalog.Errorf(catalog.Invalid, "one of '%s' and '%s' belongs to no dataset, so its rows cannot be matched by id", a.space.Name, b.space.Name).
			WithHint("say its dataset when you add it")
	case a.space.Rows != b.space.Rows:
		return catalog.Errorf(catalog.Invalid, "'%s' has %d rows and '%s' has %d, and without ids they cannot be matched", a.space.Name, a.space.Rows, b.space.Name, b.space.Rows).
			WithHint("add both with a dataset that has an id column")
	}
	return nil
}

func withoutIDs(a, b side) string {
	if a.dataset.IDField == nil {
		return "'" + a.dataset.Name + "'"
	}
	return "'" + b.dataset.Name + "'"
}

func upTo(n int) []int32 {
	rows := make([]int32, n)
	for i := range rows {
		rows[i] = int32(i)
	}
	return rows
}

// joinByID keeps the order of A's rows.
func (w *Workspace) joinByID(ctx context.Context, a, b side) (*join, error) {
	rowsA, err := w.files.Rows(ctx, *a.dataset)
	if err != nil {
		return nil, err
	}
	defer rowsA.Close()
	rowsB, err := w.files.Rows(ctx, *b.dataset)
	if err != nil {
		return nil, err
	}
	defer rowsB.Close()
	j := &join{}
	for row := range a.space.Rows {
		if other, ok := rowsB.Row(rowsA.ID(row)); ok {
			j.a = append(j.a, int32(row))
			j.b = append(j.b, int32(other))
		}
	}
	shared := len(j.a)
	if shared == 0 {
		return nil, catalog.Errorf(catalog.Invalid, "'%s' and '%s' share no id (column %s of dataset '%s' begins with '%s', column %s of '%s' with '%s')",
			a.space.Name, b.space.Name, idColumn(*a.dataset), a.dataset.Name, rowsA.ID(0), idColumn(*b.dataset), b.dataset.Name, rowsB.ID(0)).
			WithHint("check that both datasets use the same id column")
	}
	j.excluded.missingB = a.space.Rows - shared
	j.excluded.missingA = b.space.Rows - shared
	j.coverage = float64(shared) / float64(a.space.Rows+b.space.Rows-shared)
	return j, nil
}

// joinAll matches the rows of some spaces: those that all have, in the order of the dataset that was tracked first.
func (w *Workspace) joinAll(ctx context.Context, sides []side) ([][]int32, error) {
	lead := 0
	for i, s := range sides {
		if s.dataset != nil && (sides[lead].dataset == nil || s.dataset.ID < sides[lead].dataset.ID) {
			lead = i
		}
	}
	missing := make([]int, sides[lead].space.Rows) // spaces that have not the row
	matched := make([][]int32, len(sides))         // by row of the lead
	for i, s := range sides {
		j := &join{a: upTo(sides[lead].space.Rows), b: upTo(s.space.Rows)}
		if i != lead {
			var err error
			if j, err = w.joinRows(ctx, sides[lead], s); err != nil {
				return nil, err
			}
		}
		matched[i] = make([]int32, len(missing))
		for row := range missing {
			missing[row]++
		}
		for at, row := range j.a {
			matched[i][row] = j.b[at]
			missing[row]--
		}
	}
	rows := make([][]int32, len(sides))
	for row, m := range missing {
		if m > 0 {
			continue
		}
		for i := range sides {
			rows[i] = append(rows[i], matched[i][row])
		}
	}
	if len(rows[0]) == 0 && len(missing) > 0 {
		return nil, catalog.Errorf(catalog.Invalid, "no item is in all of these %s", count(len(sides), "space")).WithHint("lay out fewer together")
	}
	return rows, nil
}

// leaveOut drops from the join the rows whose vector is zero on a side where the metric is cosine:
// they have no direction, so they are neither queries nor neighbours on either side.
func (j *join) leaveOut(a, b side, xa, xb knn.Matrix) {
	zeroA, zeroB := knn.Exclusions(xa, a.metric), knn.Exclusions(xb, b.metric)
	if zeroA == nil && zeroB == nil {
		return
	}
	keptA, keptB := j.a[:0], j.b[:0]
	for i, row := range j.a {
		outA := zeroA != nil && zeroA[row]
		outB := zeroB != nil && zeroB[j.b[i]]
		if outA {
			j.excluded.zeroA++
		}
		if outB {
			j.excluded.zeroB++
		}
		if !outA && !outB {
			keptA = append(keptA, row)
			keptB = append(keptB, j.b[i])
		}
	}
	j.a, j.b = keptA, keptB
}

// selected gives the matrix of the chosen rows and the key that its neighbour table is kept under:
// the matrix's own when all rows are chosen in order.
func selected(x knn.Matrix, rows []int32, sha string) (knn.Matrix, string) {
	key := contentOf(x.Rows, rows, sha)
	if key == sha {
		return x, sha
	}
	return gather(x, rows), key
}

// contentOf is the key of some of n rows.
func contentOf(n int, rows []int32, sha string) string {
	if len(rows) == n && slices.IsSorted(rows) {
		return sha
	}
	h := sha256.New()
	h.Write([]byte(sha))
	var b [4]byte
	for _, row := range rows {
		binary.LittleEndian.PutUint32(b[:], uint32(row))
		h.Write(b[:])
	}
	return hex.EncodeToString(h.Sum(nil))
}
