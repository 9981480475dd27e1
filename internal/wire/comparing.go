package wire

import (
	"time"

	"github.com/pentoai/vectory/internal/catalog"
)

// MatrixRequest is the body of POST /matrix: the spaces that are named, else those of a dataset, else all; or those of
// an experiment, along its steps.
type MatrixRequest struct {
	Spaces   []string `json:"spaces"`
	Dataset  string   `json:"dataset"`
	Timeline string   `json:"timeline"` // name of an experiment
	Measure  string   `json:"measure"`  // "": jaccard
	K        int      `json:"k"`        // 0: 10
	Metric   string   `json:"metric"`   // "": each space's own
}

// MatrixReply is the reply of POST /matrix: the numbers, or the job that makes them; then ask again.
type MatrixReply struct {
	Matrix *Matrix `json:"matrix"`
	Job    *Job    `json:"job"`
}

// Matrix holds one measure of every pair of spaces; of a timeline only the pairs that it shows.
type Matrix struct {
	Spaces     []string        `json:"spaces"`
	Steps      []*int64        `json:"steps"`
	Measure    string          `json:"measure"`
	K          int             `json:"k"`
	Values     [][]*float64    `json:"values"` // [i][j]: of spaces i and j; null where it cannot be computed or was not asked
	Chance     [][]*float64    `json:"chance"`
	Experiment *string         `json:"experiment"` // of a timeline
	Timeline   []TimelinePoint `json:"timeline"`   // null: it is a matrix
}

// TimelinePoint is one step of an experiment: its agreement with the step before, the first and the last.
type TimelinePoint struct {
	Space    string   `json:"space"`
	Step     int64    `json:"step"`
	Previous *float64 `json:"previous"` // null for the first
	First    *float64 `json:"first"`
	Last     *float64 `json:"last"`
}

// CompareRequest is the body of POST /comparisons.
type CompareRequest struct {
	A        string   `json:"a"`
	B        string   `json:"b"`
	K        int      `json:"k"`        // 0: 10
	MetricA  string   `json:"metric_a"` // "": the space's own
	MetricB  string   `json:"metric_b"`
	Preset   string   `json:"preset"`   // "", "vectory" (self counted, euclidean), "resi" or "platonic"
	By       []string `json:"by"`       // columns to group by
	Measures []string `json:"measures"` // names, or all; none: the usual ones
	Sample   int      `json:"sample"`   // score this many rows, looked up among all; 0: all, or as many as the machine's patience allows
	Exact    bool     `json:"exact"`    // score all rows, however long it takes
	Engine   string   `json:"engine"`   // "", "local": the daemon itself; elasticsearch: the indices of the spaces
	IndexA   string   `json:"index_a"`  // of that engine; "": the best of the space
	IndexB   string   `json:"index_b"`
}

// CompareReply is the reply of POST /comparisons: 200 with Comparison when it was kept already, else
// 202 with the Job that makes it; the job's result is the comparison's key.
type CompareReply struct {
	Comparison *Comparison `json:"comparison,omitempty"`
	Job        *Job        `json:"job,omitempty"`
}

// Comparison is a kept result of comparing two spaces; the reply of GET /comparisons/{key} and what
// `vectory compare --json` prints.
type Comparison struct {
	A           string         `json:"a"`
	B           string         `json:"b"`
	Rows        int            `json:"rows"`     // rows compared
	Coverage    float64        `json:"coverage"` // ids in both over ids in either
	K           int            `json:"k"`
	MetricA     catalog.Metric `json:"metric_a"`
	MetricB     catalog.Metric `json:"metric_b"`
	Engine      string         `json:"engine"`
	Exact       bool           `json:"exact"`                // all rows were scored
	SampledRows *int           `json:"sampled_rows"`         // else: as many, each with its exact neighbours among all rows
	EstimateS   *float64       `json:"estimate_s,omitempty"` // a sample was taken since all rows would take so long
	Preset      *string        `json:"preset,omitempty"`
	IndexA      string         `json:"index_a,omitempty"` // by another engine than local: where the neighbours are from
	IndexB      string         `json:"index_b,omitempty"`
	Jaccard     JaccardScore   `json:"jaccard"`
	Overlap     OverlapScore   `json:"overlap"`
	Histogram   Histogram      `json:"histogram"`
	// Values counts the rows by the number of neighbours shared, 0..k: the Jaccard of k neighbours
	// takes only these k+1 values, so ten bins leave some empty by construction.
	Values    []int              `json:"values"`
	Measures  map[string]Measure `json:"measures"`
	Groups    []Group            `json:"groups"`
	Ties      Ties               `json:"ties"`
	Excluded  Excluded           `json:"excluded"`
	Warnings  []string           `json:"warnings"`        // what a reader should know first
	Floor     *Floor             `json:"floor,omitempty"` // filled in by who asked for one
	TookS     float64            `json:"took_s"`
	Cached    bool               `json:"cached"`
	Key       string             `json:"key"`
	CreatedAt time.Time          `json:"created_at"`
}

// Floor is how much runs of one model differ: the mean over every pair of A and those that it was asked with.
type Floor struct {
	With    string       `json:"with"`    // the other runs
	Jaccard JaccardScore `json:"jaccard"` // of several pairs without z and ci95
	Range   [2]float64   `json:"range"`   // of the pairs
	Pairs   []FloorPair  `json:"pairs"`
}

// FloorPair is the score of two runs.
type FloorPair struct {
	A       string  `json:"a"`
	B       string  `json:"b"`
	Jaccard float64 `json:"jaccard"`
}

// FloorReply is the reply of GET /comparisons/{key}/floor?with=, like GradeReply.
type FloorReply struct {
	Floor *Floor `json:"floor,omitempty"`
	Job   *Job   `json:"job,omitempty"`
}

// JaccardScore is the headline: mean over rows of shared / union of the two neighbour lists.
type JaccardScore struct {
	Mean     float64     `json:"mean"`
	Chance   float64     `json:"chance"`   // expected when rows are paired at random
	Adjusted *float64    `json:"adjusted"` // (mean − chance) / (1 − chance); null when chance is 1
	Z        *float64    `json:"z"`        // of the shared count under random pairing; null when undefined
	CI95     *[2]float64 `json:"ci95"`     // for other items like these; of a sample: for the score of all rows; null for too few rows
}

// OverlapScore is the mean over rows of shared / k.
type OverlapScore struct {
	Mean   float64 `json:"mean"`
	Chance float64 `json:"chance"`
}

// Histogram has ten bins of equal width on [0, 1], left-closed, the last closed: 11 edges, 10 counts.
type Histogram struct {
	Edges  []float64 `json:"edges"`
	Counts []int     `json:"counts"`
}

// Measure is a named number, or the reason why there is none.
type Measure struct {
	Value    *float64    `json:"value"`
	Chance   *float64    `json:"chance,omitempty"`
	Adjusted *float64    `json:"adjusted,omitempty"` // (value − chance)/(best − chance)
	Z        *float64    `json:"z,omitempty"`
	P        *float64    `json:"p,omitempty"`
	CI95     *[2]float64 `json:"ci95,omitempty"`
	Range    *[2]float64 `json:"range,omitempty"`
	Ranks    *[2]int     `json:"ranks,omitempty"` // effective ranks: the directions of A and of B that were read, where others were left out
	Note     *string     `json:"note,omitempty"`
	Reason   *string     `json:"reason,omitempty"`
}

// MeasureInfo describes a measure.
type MeasureInfo struct {
	Name    string      `json:"name"`
	Of      string      `json:"of"` // "pair", "row", "space" or "drift"
	Meaning string      `json:"meaning"`
	Range   *[2]float64 `json:"range"`
	Better  string      `json:"better"`  // "higher", "lower" or ""
	Needs   string      `json:"needs"`   // beyond finite rows
	Ignores string      `json:"ignores"` // O rotation, S scale, T shift, L invertible linear map, R scale of rows
	Source  string      `json:"source"`
	Rows    bool        `json:"rows"`   // there is a value for each row, too
	Exact   bool        `json:"exact"`  // of spaces of any size
	Sample  *string     `json:"sample"` // what a larger space is represented by; null when exact
}

// MeasureList is the reply of GET /measures.
type MeasureList struct {
	Measures []MeasureInfo `json:"measures"`
}

// Grade is the quality of one space, as `vectory grade --json` prints it.
type Grade struct {
	Space    string             `json:"space"`
	Rows     int                `json:"rows"`
	Dims     int                `json:"dims"`
	Metric   catalog.Metric     `json:"metric"`
	K        int                `json:"k"`
	Label    *string            `json:"label"`
	Health   catalog.Health     `json:"health"`
	Measures map[string]Measure `json:"measures"`
	Hubs     []Hub              `json:"hubs"`
	Outliers []Outlier          `json:"outliers"`
}

// Hub is a row that is often a neighbour: in Lists lists of k.
type Hub struct {
	Row   int    `json:"row"`
	ID    string `json:"id"`
	Lists int    `json:"lists"`
}

// Outlier is a row that is far from everything: its k-th neighbour is Distance away, Isolation times as far as those of its
// neighbours are from them.
type Outlier struct {
	Row       int     `json:"row"`
	ID        string  `json:"id"`
	Distance  float64 `json:"distance"`
	Isolation float64 `json:"isolation"`
}

// Drift compares two spaces as samples of one, as `vectory drift --json` prints it.
type Drift struct {
	A        string             `json:"a"`
	B        string             `json:"b"`
	Rows     [2]int             `json:"rows"`
	Dims     int                `json:"dims"`
	Measures map[string]Measure `json:"measures"`
	Novel    []Novel            `json:"novel"`    // rows of B that lie farthest from A
	Warnings []string           `json:"warnings"` // what a reader of the numbers should know first
}

// Novel is a row of B and its euclidean distance to the nearest of A.
type Novel struct {
	Row      int     `json:"row"`
	ID       string  `json:"id"`
	Distance float64 `json:"distance"`
}

// DriftReply is the reply of GET /spaces/{name}/drift, like GradeReply.
type DriftReply struct {
	Drift *Drift `json:"drift,omitempty"`
	Job   *Job   `json:"job,omitempty"`
}

// GradeReply is the reply of GET /spaces/{name}/grade: 200 with Grade, else 202 with the Job that makes it;
// ask again when it is done.
type GradeReply struct {
	Grade *Grade `json:"grade,omitempty"`
	Job   *Job   `json:"job,omitempty"`
}

// Group is the score within the rows that share one value of a column.
type Group struct {
	Column       string      `json:"column"`
	Value        string      `json:"value"`
	Rows         int         `json:"rows"`
	Jaccard      float64     `json:"jaccard"`
	CI95         *[2]float64 `json:"ci95"`          // null under 30 rows
	Q            *float64    `json:"q"`             // unlike the other rows at this rate of false findings (Benjamini-Hochberg); null under 30 rows
	ChanceWithin *float64    `json:"chance_within"` // expected when rows are re-paired within their group only
}

// Flow is the reply of GET /comparisons/{key}/flow?column=: the share of the neighbours of rows with Values[i]
// that carry Values[j], in each space.
type Flow struct {
	Column string      `json:"column"`
	Values []string    `json:"values"`
	A      [][]float64 `json:"a"`
	B      [][]float64 `json:"b"`
}

// Ties tells how far the score depends on the tie rule (lower row first).
type Ties struct {
	ShareOfRows     float64  `json:"share_of_rows"` // rows with a tie at place k in either space
	ExpectedJaccard *float64 `json:"expected_jaccard"`
}

// Excluded counts the rows that were left out of both spaces before neighbours were looked up.
type Excluded struct {
	ZeroRows   [2]int `json:"zero_rows"` // in A, in B; only where the metric is cosine
	MissingInA int    `json:"missing_in_a"`
	MissingInB int    `json:"missing_in_b"`
}

// ComparisonItems is the reply of GET /comparisons/{key}/items?order=worst|best&column=&limit=&lists=true.
type ComparisonItems struct {
	Key   string           `json:"key"`
	Order string           `json:"order"`
	Items []ComparisonItem `json:"items"`
}

// ComparisonItem is one row of a comparison. Its columns are those of the dataset of A.
type ComparisonItem struct {
	ID      string            `json:"id"`
	RowA    int               `json:"row_a"`
	RowB    int               `json:"row_b"`
	Shared  int               `json:"shared"`
	Jaccard float64           `json:"jaccard"`
	Value   *float64          `json:"value,omitempty"` // of the column that put the rows in order, where one was named
	Columns map[string]string `json:"columns"`
	A       []ListedNeighbour `json:"a,omitempty"`
	B       []ListedNeighbour `json:"b,omitempty"`
}

// ListedNeighbour is a neighbour as the page and `--worst` show it.
type ListedNeighbour struct {
	Neighbour
	Shared  bool              `json:"shared"` // stands in the other list too
	Columns map[string]string `json:"columns"`
}

// Comparisons is the reply of GET /comparisons, newest first.
type Comparisons struct {
	Comparisons []Comparison `json:"comparisons"`
}
