package catalog

import (
	"encoding/json"
	"time"
)

// Dataset is a set of rows with ids, from a CSV whose bytes are kept by content hash.
type Dataset struct {
	ID        int64     `json:"-"`
	Name      string    `json:"name"`
	Rows      int       `json:"rows"`
	Columns   []string  `json:"columns"`
	IDField   *string   `json:"id_field"` // nil: ids are the row numbers, as text, from "0"
	SHA256    string    `json:"sha256"`   // of the CSV's bytes
	CreatedAt time.Time `json:"created_at"`
	// MediaRoot is the folder that thumbnail paths in the rows are relative to; "" when unknown.
	MediaRoot string `json:"-"`
}

// Experiment is a model with its parameters and the dataset that it was trained on.
type Experiment struct {
	ID           int64           `json:"-"`
	Name         string          `json:"name"`
	Model        string          `json:"model"`
	TrainDataset *string         `json:"train_dataset"`
	Params       json.RawMessage `json:"params"`      // a JSON object; {} when none was given
	GitCommit    *string         `json:"git_commit"`  // with "-dirty" when there were changes beside it
	Environment  json.RawMessage `json:"environment"` // a JSON object: command line, host, versions, as the door saw them
	CreatedAt    time.Time       `json:"created_at"`
}

// Space is an embedding space: an n×d float32 matrix, one row for each row of its dataset.
type Space struct {
	ID         int64     `json:"-"`
	Name       string    `json:"name"`
	Dataset    *string   `json:"dataset"`    // nil: ids are the row numbers
	Experiment *string   `json:"experiment"` // nil: not said
	Rows       int       `json:"rows"`
	Dims       int       `json:"dims"`
	Metric     Metric    `json:"metric"`
	DtypeIn    string    `json:"dtype_in"` // what was handed in, as numpy writes it, e.g. "<f8"
	SHA256     string    `json:"sha256"`   // of the n×d little-endian float32 values in C order
	Step       *int64    `json:"step"`
	State      string    `json:"state"` // "ready"
	CreatedAt  time.Time `json:"created_at"`
	Health     Health    `json:"health"`
	DatasetID  *int64    `json:"-"` // the very version of the dataset that the rows belong to
}

// Event is one thing that happened to a tracked thing.
type Event struct {
	At     time.Time `json:"at"`
	Verb   string    `json:"verb"` // "added", "replaced", "changed", "deleted", "restored"
	Kind   string    `json:"kind"` // "dataset", "experiment", "space"
	Name   string    `json:"name"`
	Detail string    `json:"detail"` // a few words: shape and content hash
}

// Trash tells what was removed from the trash for good, and what is still there.
type Trash struct {
	Removed, Kept           int // files
	RemovedBytes, KeptBytes int64
}

// Array describes a stored matrix: its identity and what was seen while it streamed in.
type Array struct {
	SHA256  string // of the n×d little-endian float32 values in C order
	Rows    int
	Dims    int
	DtypeIn string
	Health  Health
}

// Health is what was noticed about the values of a space when it was added.
type Health struct {
	NonFinite     int     `json:"nonfinite"`      // NaN and infinite values; always 0 in a kept space
	ZeroRows      int     `json:"zero_rows"`      // rows of norm 0: cosine is not defined for them
	DuplicateRows int     `json:"duplicate_rows"` // rows that equal an earlier row bit for bit
	ConstantDims  int     `json:"constant_dims"`  // columns that hold one value only
	NormMin       float64 `json:"norm_min"`       // L2 norms of the rows that are not zero
	NormMean      float64 `json:"norm_mean"`
	NormMax       float64 `json:"norm_max"`
	Spread        *Spread `json:"spread"` // nil: the space was added before it was looked at
}

// Flat is the share of the widest column's, or direction's, spread below which another is as good as dead: no neighbour
// depends on it.
const Flat = 1e-3

// Spread is how the rows of a space differ from each other.
type Spread struct {
	Share         float64 `json:"share"`          // of the mean square of the rows that is not their mean's: its root, 0 (all equal) to 1
	WeakDims      int     `json:"weak_dims"`      // columns that vary, by less than Flat of what the widest does
	Rows          int     `json:"rows"`           // evenly chosen, that what stands below is of
	Columns       int     `json:"columns"`        // that vary by Flat of the widest or more
	Rank          int     `json:"rank"`           // directions along which they differ, by at least Flat of the widest
	EffectiveRank float64 `json:"effective_rank"` // exp of the entropy of the shares of the variance
}

// UnitRows reports whether every row that is not zero has length 1 to within 1e-3: the mark of a
// space whose maker means cosine.
func (h Health) UnitRows() bool {
	const slack = 1e-3
	return h.NormMax > 0 && h.NormMin > 1-slack && h.NormMax < 1+slack
}

// EqualNorms reports whether all rows that are not zero have the same length, to a thousandth of it.
func (h Health) EqualNorms() bool { return h.NormMax > 0 && h.NormMax-h.NormMin <= 1e-3*h.NormMax }

// OddNorms reports whether, of so many rows, one is more than a hundred times as long as the others are on average, or
// so short that it is zero but for rounding.
func (h Health) OddNorms(rows int) bool {
	n := float64(rows - h.ZeroRows)
	if n < 2 {
		return false
	}
	others := (h.NormMean*n - h.NormMax) / (n - 1)
	return h.NormMax > 100*others || h.NormMin < 1e-6*h.NormMean
}

// AlikeRows reports whether the rows, not all equal, are so near their mean that any two have a cosine above 0.9999 or so.
func (h Health) AlikeRows() bool {
	const near = 0.01
	return h.Spread != nil && h.Spread.Share > 0 && h.Spread.Share < near
}

// FewDirections reports whether the rows differ in far fewer directions than their columns that vary allow: by their rank,
// or by their effective rank, where most of the variance is along a few.
func (h Health) FewDirections() (rank, effective bool) {
	const most, few = 0.9, 1. / 30
	s := h.Spread
	if s == nil || s.Rank == 0 {
		return false, false
	}
	could := float64(min(s.Columns, s.Rows-1))
	if could < 4 { // of so few nothing is odd
		return false, false
	}
	return float64(s.Rank) < most*could, s.EffectiveRank < max(1.2, few*could)
}

// Metric names a distance. Values: euclidean = L2 (not squared); cosine = 1 − cosine similarity;
// dot = −inner product.
type Metric string

// The metrics.
const (
	Euclidean Metric = "euclidean"
	Cosine    Metric = "cosine"
	Dot       Metric = "dot"
)

// ParseMetric accepts the names above and "l2" for euclidean, which the original tool used.
func ParseMetric(s string) (Metric, error) {
	switch Metric(s) {
	case Euclidean, Cosine, Dot:
		return Metric(s), nil
	case "l2":
		return Euclidean, nil
	}
	return "", Errorf(Invalid, "unknown metric %q", s).WithHint("use euclidean, cosine or dot")
}

// DefaultMetric is what a space gets when nobody says: cosine when its rows are normalised, else
// euclidean.
func DefaultMetric(h Health) Metric {
	if h.UnitRows() {
		return Cosine
	}
	return Euclidean
}

// NeighbourTable is what is known of a kept neighbour table: those of every row under one metric.
type NeighbourTable struct {
	Content string // what it is of: the matrix's sha256, or the hash of a selection of its rows or of a sample
	Matrix  string // sha256 of the matrix
	Metric  Metric
	K       int // neighbours of each row; it serves every smaller k
	Queries int // rows whose neighbours it holds, a sample; 0: all
	TookS   float64
	Kernel  string
	Threads int
}

// KeptComparison is a comparison as the catalogue keeps it: Summary is the wire.Comparison.
type KeptComparison struct {
	Key      string // hash of everything that decides the result
	AID, BID int64  // the very versions of the spaces
	Summary  json.RawMessage
}

// KeptLayout is a layout as the catalogue keeps it: Summary is the wire.Layout.
type KeptLayout struct {
	Key     string  // hash of everything that decides it
	Spaces  []int64 // the very versions of its spaces, in its order
	Summary json.RawMessage
}

// Index is a space that is loaded into a search cluster.
type Index struct {
	ID         int64           `json:"-"`
	Name       string          `json:"name"`
	SpaceID    int64           `json:"-"`
	Space      string          `json:"space"`
	Model      string          `json:"model"`      // exact, hnsw, lsh
	Similarity string          `json:"similarity"` // cosine, euclidean
	Rows       int             `json:"rows"`
	Excluded   int             `json:"excluded"`     // rows of zeros under cosine, which no cluster takes
	ZeroIDs    []string        `json:"excluded_ids"` // the first of them
	State      string          `json:"state"`        // building, ready, failed, deleting; as the cluster was last seen also missing, changed, incomplete, blocked
	Reason     string          `json:"reason"`       // why it failed
	Params     json.RawMessage `json:"params"`
	InCluster  string          `json:"in_cluster"` // its name there
	Cluster    string          `json:"cluster"`    // the address
	CreatedAt  time.Time       `json:"created_at"`
}

// MatrixSpec says what a matrix must be to be taken.
type MatrixSpec struct {
	Size  int64                // bytes of the body, or -1 when unknown
	Array string               // which array, tensor or column of a file that has several; "": there must be one only
	Dtype string               // what raw values of two bytes are: bfloat16; "": the file tells
	Dims  int                  // expected columns; 0: any
	Check func(rows int) error // told the row count before the data is read; nil: any
}

// CSV is what was learned of a CSV while it was taken in.
type CSV struct {
	SHA256     string
	Columns    []string
	IDField    *string // nil: ids are the row numbers
	Rows       int
	BlankLines []int    // line numbers that were skipped
	Notes      []string // how it was read, where that is not plain
}

// CSVSpec says how to read a CSV. With neither field set, a column called id holds the ids, else the
// row numbers are the ids.
type CSVSpec struct {
	IDField      string
	IDFieldIndex *int
}
