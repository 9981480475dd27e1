package workspace

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/wire"
)

// spaceWish is a space as asked for, checked as far as that goes without its vectors.
type spaceWish struct {
	wire.AddSpace
	metric     catalog.Metric // "" when it was not said
	experiment *experimentWish
	staged     *stagedDataset
	dataset    *catalog.Dataset // the tracked or staged one; nil: none
}

// AddSpace takes in a matrix (.npy, .npz, .safetensors, parquet or arrow, size bytes or -1) with its dataset and experiment: all or
// nothing. The same content under the same name is no error; something else is a conflict unless
// Replace is set.
func (w *Workspace) AddSpace(ctx context.Context, req wire.AddSpace, body io.Reader, size int64) (wire.AddedSpace, error) {
	wish, err := w.wantedSpace(ctx, req)
	if err != nil {
		return wire.AddedSpace{}, err
	}
	w.adding.RLock()
	defer w.adding.RUnlock()
	array, err := w.files.PutMatrix(ctx, body, catalog.MatrixSpec{Size: size, Array: req.Array, Dtype: req.Dtype, Dims: req.Dims,
		Check: func(rows int) error { return w.checkRows(ctx, wish, rows) }})
	if err != nil {
		return wire.AddedSpace{}, err
	}
	var reply wire.AddedSpace
	err = w.book.Update(ctx, func(tx Tx) (err error) {
		reply.Space, reply.Created, err = settleSpace(tx, wish, array)
		return err
	})
	if err != nil {
		return wire.AddedSpace{}, err
	}
	w.staged.drop(req.StagedDataset)
	reply.Notes = spaceNotes(reply.Space)
	return reply, nil
}

// wantedSpace checks everything that can be checked before the vectors are read.
func (w *Workspace) wantedSpace(ctx context.Context, req wire.AddSpace) (*spaceWish, error) {
	wish := &spaceWish{AddSpace: req}
	if err := catalog.CheckName("space", req.Name); err != nil {
		return nil, err
	}
	if req.Dims < 0 {
		return nil, catalog.Errorf(catalog.Invalid, "dims=%d cannot be", req.Dims)
	}
	var err error
	if req.Metric != "" {
		if wish.metric, err = catalog.ParseMetric(req.Metric); err != nil {
			return nil, err
		}
	}
	if wish.experiment, err = experimentOf(req); err != nil {
		return nil, err
	}
	if req.StagedDataset != "" {
		staged, err := w.staged.get(req.StagedDataset)
		if err != nil {
			return nil, err
		}
		wish.staged, wish.dataset = &staged, &staged.dataset
	}
	// The transaction at the end decides; this look refuses early what is bound to fail, before
	// gigabytes are sent.
	return wish, w.book.View(ctx, wish.look)
}

func (wish *spaceWish) look(tx Tx) error {
	if wish.staged == nil && wish.Dataset != "" {
		d, err := mustDataset(tx, wish.Dataset)
		if err != nil {
			return err
		}
		wish.dataset = &d
	}
	if wish.staged != nil && !wish.staged.replace {
		old, ok, err := tx.Dataset(wish.dataset.Name)
		if err != nil {
			return err
		}
		if ok && !sameDataset(old, *wish.dataset) {
			_, _, err := settleDataset(tx, *wish.dataset, false) // a conflict: it names both sides
			return err
		}
	}
	if wish.experiment == nil {
		return nil
	}
	if train := wish.experiment.train; train != nil && (wish.staged == nil || *train != wish.dataset.Name) {
		if _, err := mustDataset(tx, *train); err != nil {
			return err
		}
	}
	return nil
}

// experimentOf gives the experiment that the request speaks of, nil when it speaks of none. Without a
// name it is called like its model, else like the space.
func experimentOf(req wire.AddSpace) (*experimentWish, error) {
	e := wire.AddExperiment{Name: req.Experiment, Model: req.Model, TrainDataset: req.TrainDataset, Params: json.RawMessage(req.Params), GitCommit: req.GitCommit, Environment: json.RawMessage(req.Environment)}
	if e.Name == "" && e.Model == "" && e.TrainDataset == "" && len(e.Params) == 0 {
		return nil, nil
	}
	if e.Name == "" {
		e.Name = e.Model
	}
	if e.Name == "" {
		e.Name = req.Name
	}
	wish, err := wantedExperiment(e)
	return &wish, err
}

// checkRows refuses a matrix whose row count is not that of its dataset, before its data is read.
func (w *Workspace) checkRows(ctx context.Context, wish *spaceWish, rows int) error {
	if wish.dataset == nil || wish.dataset.Rows == rows {
		return nil
	}
	lines, err := w.files.Rows(ctx, *wish.dataset)
	if err != nil {
		return err
	}
	defer lines.Close()
	return lines.Mismatch(rows, wish.dataset.Name)
}

func settleSpace(tx Tx, wish *spaceWish, array catalog.Array) (catalog.Space, bool, error) {
	s := catalog.Space{Name: wish.Name, Rows: array.Rows, Dims: array.Dims, Metric: wish.metric, DtypeIn: array.DtypeIn, SHA256: array.SHA256,
		Step: wish.Step, State: "ready", CreatedAt: now(), Health: array.Health}
	if s.Metric == "" {
		s.Metric = catalog.DefaultMetric(array.Health)
	}
	if wish.dataset != nil {
		d, err := settleSpaceDataset(tx, wish)
		if err != nil {
			return s, false, err
		}
		s.Dataset, s.DatasetID = &d.Name, &d.ID
	}
	var experimentID *int64
	if wish.experiment != nil {
		e, _, err := settleExperiment(tx, *wish.experiment, wish.Replace)
		if err != nil {
			return s, false, err
		}
		s.Experiment, experimentID = &e.Name, &e.ID
	}
	old, ok, err := tx.Space(s.Name)
	if err != nil {
		return s, false, err
	}
	if ok {
		differs := spaceDifferences(old, s, wish)
		if len(differs) == 0 {
			return old, false, nil
		}
		if !wish.Replace {
			return s, false, catalog.Errorf(catalog.Conflict, "a space named '%s' is tracked with %s", s.Name, strings.Join(differs, ", ")).
				WithHint("choose another name (--space-name), or replace it with --replace (the old one is kept in history)")
		}
		if err := tx.SupersedeSpace(old.ID, now()); err != nil {
			return s, false, err
		}
	}
	return s, true, errors.Join(tx.InsertSpace(&s, experimentID), note(tx, verb(ok), "space", s.Name, describeSpace(s)))
}

// settleSpaceDataset makes the staged dataset current, or takes the tracked one, which must still be
// the one whose row count was checked.
func settleSpaceDataset(tx Tx, wish *spaceWish) (catalog.Dataset, error) {
	if wish.staged != nil {
		d, _, err := settleDataset(tx, wish.staged.dataset, wish.staged.replace || wish.Replace)
		return d, err
	}
	d, err := mustDataset(tx, wish.Dataset)
	if err == nil && d.ID != wish.dataset.ID {
		return d, catalog.Errorf(catalog.Conflict, "dataset '%s' was replaced while the vectors were being sent", d.Name).WithHint("send them again")
	}
	return d, err
}

// spaceDifferences says in words what of the tracked space is not as asked for.
func spaceDifferences(old, s catalog.Space, wish *spaceWish) []string {
	var list []string
	switch {
	case old.Rows != s.Rows || old.Dims != s.Dims:
		list = append(list, fmt.Sprintf("another shape (%d×%d; this one is %d×%d)", old.Rows, old.Dims, s.Rows, s.Dims))
	case old.SHA256 != s.SHA256:
		list = append(list, "other vectors")
	}
	if s.DatasetID != nil && (old.DatasetID == nil || *old.DatasetID != *s.DatasetID) || s.DatasetID == nil && old.DatasetID != nil {
		list = append(list, "another dataset ("+said(old.Dataset)+")")
	}
	if wish.metric != "" && old.Metric != s.Metric {
		list = append(list, "another metric ("+string(old.Metric)+")")
	}
	if s.Experiment != nil && said(old.Experiment) != said(s.Experiment) {
		list = append(list, "another experiment ("+said(old.Experiment)+")")
	}
	if s.Step != nil && (old.Step == nil || *old.Step != *s.Step) {
		list = append(list, "another step")
	}
	return list
}

func said(name *string) string {
	if name == nil {
		return "none"
	}
	return "'" + *name + "'"
}

// oneOr gives the word for one thing or for several.
func oneOr(n int, one, several string) string {
	if n == 1 {
		return one
	}
	return several
}

// spaceNotes says what a user should know of the values.
func spaceNotes(s catalog.Space) []string {
	var notes []string
	h := s.Health
	if h.ZeroRows > 0 {
		notes = append(notes, fmt.Sprintf("%d of %d rows %s all zeros: cosine leaves %s out", h.ZeroRows, s.Rows, oneOr(h.ZeroRows, "is", "are"), oneOr(h.ZeroRows, "it", "them")))
	}
	if h.DuplicateRows > 0 {
		notes = append(notes, fmt.Sprintf("%d of %d rows %s an earlier row exactly", h.DuplicateRows, s.Rows, oneOr(h.DuplicateRows, "repeats", "repeat")))
	}
	if h.ConstantDims > 0 {
		notes = append(notes, fmt.Sprintf("%d of %d columns %s one value only", h.ConstantDims, s.Dims, oneOr(h.ConstantDims, "holds", "hold")))
	}
	if h.OddNorms(s.Rows) {
		notes = append(notes, fmt.Sprintf("the lengths of rows go from %.3g to %.3g, %.3g on average: one is far off", h.NormMin, h.NormMax, h.NormMean))
	}
	if h.EqualNorms() && !h.UnitRows() && s.Rows > 1 {
		notes = append(notes, fmt.Sprintf("all rows have the same length, %.3g: euclidean and cosine give the same neighbours", h.NormMax))
	}
	if h.Spread == nil {
		return notes
	}
	if h.Spread.WeakDims > 0 {
		notes = append(notes, fmt.Sprintf("%d of %d columns vary less than a thousandth as much as the widest does: no neighbour depends on them", h.Spread.WeakDims, s.Dims))
	}
	if h.AlikeRows() {
		notes = append(notes, fmt.Sprintf("all rows are nearly the same: they are %.2g of their length away from their mean", h.Spread.Share))
	}
	switch rank, effective := h.FewDirections(); {
	case rank:
		notes = append(notes, fmt.Sprintf("the rows differ along %d of %d directions only: the space has collapsed, or was made from fewer dimensions", h.Spread.Rank, s.Dims))
	case effective:
		notes = append(notes, fmt.Sprintf("most of what the rows differ by is along few directions: the effective rank is %.2g of %d", h.Spread.EffectiveRank, s.Dims))
	}
	return notes
}

// Spaces lists the spaces.
func (w *Workspace) Spaces(ctx context.Context) (list []catalog.Space, err error) {
	err = w.book.View(ctx, func(tx Tx) error { list, err = tx.Spaces(); return err })
	return list, err
}

// Counts gives how many datasets and spaces are tracked: every command asks, ten thousand of them must not be listed for it.
func (w *Workspace) Counts(ctx context.Context) (datasets, spaces int, err error) {
	err = w.book.View(ctx, func(tx Tx) error { datasets, spaces, err = tx.Counts(); return err })
	return datasets, spaces, err
}

// Space gives one space in full.
func (w *Workspace) Space(ctx context.Context, name string) (wire.SpaceDetail, error) {
	var detail wire.SpaceDetail
	err := w.book.View(ctx, func(tx Tx) error {
		s, err := mustSpace(tx, name)
		if err != nil {
			return err
		}
		detail = wire.SpaceDetail{Space: s, Neighbours: []wire.NeighbourNote{}}
		base, _ := catalog.SplitVersion(name)
		if detail.Versions, err = versionsOfSpace(tx, base); err != nil {
			return err
		}
		if s.DatasetID != nil {
			d, _, err := tx.DatasetByID(*s.DatasetID)
			if err != nil {
				return err
			}
			detail.Lineage.Dataset = &d
		}
		if s.Experiment != nil {
			e, err := mustExperiment(tx, *s.Experiment)
			if err != nil {
				return err
			}
			detail.Lineage.Experiment = &e
		}
		tables, err := tx.NeighbourTables(s.SHA256)
		for _, t := range tables {
			detail.Neighbours = append(detail.Neighbours, wire.NeighbourNote{Metric: t.Metric, K: t.K, TookS: t.TookS, Kernel: t.Kernel, Threads: t.Threads,
				Part: t.Content != s.SHA256 && t.Queries == 0, Queries: t.Queries})
		}
		slices.SortStableFunc(detail.Neighbours, func(a, b wire.NeighbourNote) int { return lesser(a) - lesser(b) })
		return err
	})
	return detail, err
}

// lesser orders notes of tables: those of all rows come first, those of a sample last.
func lesser(n wire.NeighbourNote) int {
	switch {
	case n.Queries > 0:
		return 2
	case n.Part:
		return 1
	}
	return 0
}

// Vectors gives the chosen rows of a space, m×dims, in the order asked for.
func (w *Workspace) Vectors(ctx context.Context, name string, rows []int) (knn.Matrix, error) {
	var s catalog.Space
	if err := w.book.View(ctx, func(tx Tx) (err error) { s, err = mustSpace(tx, name); return err }); err != nil {
		return knn.Matrix{}, err
	}
	x, release, err := w.files.Matrix(s.SHA256, s.Rows, s.Dims)
	if err != nil {
		return knn.Matrix{}, err
	}
	defer release()
	for _, row := range rows {
		if row < 0 || row >= s.Rows {
			return knn.Matrix{}, noRow(s, row)
		}
	}
	return gather(x, rows), nil
}

func noRow(s catalog.Space, row int) error {
	return catalog.Errorf(catalog.NotFound, "space '%s' has no row %d", s.Name, row).WithHint("its rows are 0 to %d", s.Rows-1)
}

// gather copies the chosen rows.
func gather[I int | int32](x knn.Matrix, rows []I) knn.Matrix {
	out := knn.Matrix{Data: make([]float32, 0, len(rows)*x.Dims), Rows: len(rows), Dims: x.Dims}
	for _, row := range rows {
		out.Data = append(out.Data, x.Row(int(row))...)
	}
	return out
}
