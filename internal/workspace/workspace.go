// Package workspace holds the verbs: add, list, show, delete, neighbours, compare. It knows the order of
// things ("first this, then that, and undo on failure") and the rules between the nouns, and promises that
// a verb that fails has changed nothing. It declares the small interfaces it needs (Book, Files) and
// imports no store, no server and no search engine.
package workspace

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/kernel"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/measure"
	"github.com/pentoai/vectory/internal/jobs"
	"github.com/pentoai/vectory/internal/wire"
)

// Book is the catalogue: what is tracked.
type Book interface {
	// View runs do on one consistent snapshot.
	View(ctx context.Context, do func(Tx) error) error
	// Update runs do and keeps what it wrote when it returns nil; otherwise nothing has happened.
	Update(ctx context.Context, do func(Tx) error) error
	// Changes is another number after every Update that has ended: what was seen under the same one is true still.
	Changes() uint64
	// Integrity gives what is wrong with the catalogue's file; nothing when it is sound.
	Integrity(ctx context.Context) ([]string, error)
	// CopyTo writes the catalogue as it stands into a new file, and gives what the copy refers to.
	CopyTo(ctx context.Context, path string) (references map[string]map[string]bool, err error)
}

// Tx is one transaction on the book. Lookups tell with ok whether there is such a thing.
type Tx interface {
	// Counts are those of the current versions.
	Counts() (datasets, spaces int, err error)
	Datasets() ([]catalog.Dataset, error)
	Dataset(name string) (d catalog.Dataset, ok bool, err error)
	DatasetByID(id int64) (d catalog.Dataset, ok bool, err error)
	DatasetVersions(name string) ([]catalog.Dataset, error)
	InsertDataset(d *catalog.Dataset) error
	SupersedeDataset(id int64, at time.Time) error
	DeleteDataset(id int64) error

	Experiments() ([]catalog.Experiment, error)
	Experiment(name string) (e catalog.Experiment, ok bool, err error)
	ExperimentVersions(name string) ([]catalog.Experiment, error)
	ExperimentsTrainedOn(datasetID int64) ([]catalog.Experiment, error)
	InsertExperiment(e *catalog.Experiment, trainDatasetID *int64) error
	SupersedeExperiment(id int64, at time.Time) error
	DeleteExperiment(id int64) error

	Spaces() ([]catalog.Space, error)
	Space(name string) (s catalog.Space, ok bool, err error)
	SpaceByID(id int64) (s catalog.Space, ok bool, err error)
	SpaceVersions(name string) ([]catalog.Space, error)
	SpacesOfDataset(id int64) ([]catalog.Space, error)
	SpacesOfExperiment(id int64) ([]catalog.Space, error)
	InsertSpace(s *catalog.Space, experimentID *int64) error
	SupersedeSpace(id int64, at time.Time) error
	DeleteSpace(id int64) error

	NeighbourTable(content string, metric catalog.Metric) (n catalog.NeighbourTable, ok bool, err error)
	NeighbourTables(matrix string) ([]catalog.NeighbourTable, error)
	PutNeighbourTable(n catalog.NeighbourTable, at time.Time) error
	ForgetTablesWithoutSpace() error
	// ForgetTable forgets the table that is kept in the file of that name.
	ForgetTable(file string) error

	Comparison(key string) (c catalog.KeptComparison, ok bool, err error)
	Comparisons() ([]catalog.KeptComparison, error)
	ComparisonsOf(spaceID int64) ([]catalog.KeptComparison, error)
	PutComparison(c catalog.KeptComparison, at time.Time) error
	DeleteComparison(key string) (bool, error)

	// Those of a space are those of its comparisons too.
	Selections() ([]catalog.Selection, error)
	Selection(id int64) (l catalog.Selection, ok bool, err error)
	SelectionsOfSpace(id int64) ([]catalog.Selection, error)
	SelectionsOfComparison(key string) ([]catalog.Selection, error)
	InsertSelection(l *catalog.Selection) error
	UpdateSelection(l catalog.Selection) error
	DeleteSelection(id int64) error

	Layout(key string) (l catalog.KeptLayout, ok bool, err error)
	Layouts() ([]catalog.KeptLayout, error)
	PutLayout(l catalog.KeptLayout, at time.Time) error
	DeleteLayout(key string) (bool, error)

	Installation() (string, error)
	SetInstallation(id string) error
	Indices() ([]catalog.Index, error)
	Index(name string) (ix catalog.Index, ok bool, err error)
	IndicesOf(spaceID int64) ([]catalog.Index, error)
	PutIndex(ix catalog.Index) error
	DeleteIndex(name string) error

	// AddEvent notes what happened; Events gives the newest, newest first, of one name or ("") of all. Superseded
	// tells when a version made room; the zero time: it is current.
	AddEvent(e catalog.Event) error
	Events(name string, limit int) ([]catalog.Event, error)
	Superseded(kind string, id int64) (time.Time, error)

	// References gives the names of all files that something in the book needs, by kind of file.
	References() (map[string]map[string]bool, error)
}

// Files keeps the bytes.
type Files interface {
	PutMatrix(ctx context.Context, r io.Reader, spec catalog.MatrixSpec) (catalog.Array, error)
	// Matrix maps a stored matrix; release it when nothing reads it any more.
	Matrix(sha256 string, rows, dims int) (m knn.Matrix, release func(), err error)
	PutDataset(ctx context.Context, r io.Reader, spec catalog.CSVSpec) (catalog.CSV, error)
	Rows(ctx context.Context, d catalog.Dataset) (Rows, error)
	PutTable(name string, t *knn.Table) error
	// Table maps a kept neighbour table; release it when nothing reads it any more.
	Table(name string) (t *knn.Table, release func(), err error)
	// PutPartial keeps how far the join of a table has come; Partial gives it, nil when there is none that can be
	// used; DropPartial forgets it.
	PutPartial(name string, r *knn.Partial) error
	Partial(name string) *knn.Partial
	DropPartial(name string) error
	PutColumns(name string, columns [][]int32) error
	Columns(name string) ([][]int32, error)
	PutLayout(name string, columns [][]int32) error
	Layout(name string) ([][]int32, error)
	// Sweep removes the files that keep does not want: what cannot be made again goes to the trash.
	Sweep(keep func(kind, name string) bool) (removed int, err error)
	// Orphans counts the files that keep does not want.
	Orphans(keep func(kind, name string) bool) (int, error)
	// Check reads a whole file and says what is wrong with it; "": nothing. SetAside takes it out of the way, Recover
	// brings it back from the trash.
	Check(ctx context.Context, kind, name string) (fault string, err error)
	SetAside(kind, name string) error
	Recover(ctx context.Context, kind, name string) (bool, error)
	// Backup writes the files that the book refers to, and the book, into a new folder.
	Backup(ctx context.Context, folder string, book Book) (wire.Backup, error)
	// EmptyTrash removes what has been there for longer than age, and says what is left.
	EmptyTrash(age time.Duration) (catalog.Trash, error)
}

// Rows reads the kept CSV of one dataset by row.
type Rows interface {
	ID(row int) string
	Row(id string) (row int, ok bool)
	Records(from, to int) ([][]string, error)
	Values(column string) ([]string, error)
	// WriteCSV writes the header and the chosen records, in that order.
	WriteCSV(to io.Writer, rows []int) error
	// Mismatch is the error for an array whose row count is not the dataset's.
	Mismatch(arrayRows int, dataset string) error
	Close() error
}

// Workspace is the house's one instance of the verbs. Its methods may be called from any goroutine.
type Workspace struct {
	book    Book
	files   Files
	jobs    *jobs.Runner
	machine Machine
	search  Searcher

	// adding is held for reading from the first byte of a new file until the book refers to it, and
	// for writing while unreferenced files are removed.
	adding      sync.RWMutex
	untidy      atomic.Bool // files were to be removed while adding was held
	staged      stagedDatasets
	urgent      urgent
	making      chan struct{} // full while a neighbour table is made
	makingSmall chan struct{} // full while one of little work is made
	grades      recent[wire.Grade]
	lastParts   recent[map[string][]float64] // of comparisons, by key: three values a row
	lastSums    recent[*measure.Moments]     // of two spaces, by the content of their rows
	codes       keptCodes                    // of spaces that vectors are looked for in
	axes        keptAxes                     // of spaces that new rows are placed on
	drifts      recent[wire.Drift]
	floors      recent[wire.Floor]
	checks      recent[wire.DoctorReport]
	same        recent[[][]int32] // groups of equal rows, by content
	lookedUp    recent[lookedUp]  // what questions name, by the words and the number of changes to the book

	layouts runningLayouts
}

// Machine is what computing may use.
type Machine struct {
	Threads int         // 0: all cores
	Kernel  *kernel.Set // nil: plain Go
	Memory  int64       // bytes that computing may take beside the mapped files; 0: no cap

	// Patience is how long a full comparison may take before a sample of the rows is compared unasked.
	Patience time.Duration

	// Checkpoint is how often a running search for neighbours is kept, so that it can go on after the daemon
	// has died; 0: never.
	Checkpoint time.Duration
}

// New makes a workspace and removes the files that nothing refers to (left by a crash between file
// and book).
func New(ctx context.Context, book Book, files Files, searcher Searcher, runner *jobs.Runner, machine Machine) (*Workspace, error) {
	w := &Workspace{book: book, files: files, search: searcher, jobs: runner, machine: machine, making: make(chan struct{}, 1), makingSmall: make(chan struct{}, 1), lastParts: recent[map[string][]float64]{most: 2}, lastSums: recent[*measure.Moments]{most: 1}, same: recent[[][]int32]{most: 4}}
	if err := w.settleIndices(ctx); err != nil {
		return nil, err
	}
	removed, err := w.tidy(ctx)
	if err != nil {
		return nil, err
	}
	if removed > 0 {
		slog.Info("removed files that nothing refers to", "files", removed)
	}
	return w, nil
}

// forget runs do, which takes entries out of the book, and removes what nothing refers to then.
func (w *Workspace) forget(ctx context.Context, do func(Tx) error) error {
	w.untidy.Store(true) // already now: the doctor may look between the two
	if err := w.book.Update(ctx, do); err != nil {
		return err
	}
	_, err := w.tidy(ctx)
	return err
}

// tidy removes unreferenced files, unless something is being added just now: then a later call will.
func (w *Workspace) tidy(ctx context.Context) (removed int, err error) {
	if !w.adding.TryLock() {
		w.untidy.Store(true)
		return 0, nil
	}
	defer w.adding.Unlock()
	wanted, err := w.wanted(ctx)
	if err != nil {
		return 0, err
	}
	w.untidy.Store(false)
	return w.files.Sweep(func(kind, name string) bool { return wanted[kind][name] })
}

// orphans counts the files that nothing refers to, but for those that a deletion is about to remove. It counts none while
// something is being added, which is in the store before it is in the book.
func (w *Workspace) orphans(ctx context.Context) (int, error) {
	if !w.adding.TryLock() {
		return 0, nil
	}
	defer w.adding.Unlock()
	wanted, err := w.wanted(ctx)
	if err != nil || w.untidy.Load() {
		return 0, err
	}
	return w.files.Orphans(func(kind, name string) bool { return wanted[kind][name] })
}

// wanted are the files that something refers to, by kind: the book, or who has put a dataset up to add a space of it.
func (w *Workspace) wanted(ctx context.Context) (wanted map[string]map[string]bool, err error) {
	if err := w.book.View(ctx, func(tx Tx) error { wanted, err = tx.References(); return err }); err != nil {
		return nil, err
	}
	for _, sha := range w.staged.contents() {
		wanted["datasets"][sha] = true
	}
	return wanted, nil
}

// Jobs gives the runner of long work.
func (w *Workspace) Jobs() *jobs.Runner { return w.jobs }

func now() time.Time { return time.Now().UTC() }

// token is an unguessable name for something short-lived.
func token() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}

// ref gives a pointer to a copy of v.
func ref[T any](v T) *T { return &v }

// names lists what a lookup could have meant.
func names[T any](list []T, name func(T) string) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = name(v)
	}
	return out
}
