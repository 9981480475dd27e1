package wire

import (
	"encoding/json"
	"errors"
	"time"

	"github.com/pentoai/vectory/internal/catalog"
)

// ErrorReply is the body of every reply with a status of 400 or more.
type ErrorReply struct {
	Error Error `json:"error"`
}

// Error is a catalog.Error on its way.
type Error struct {
	Code    catalog.Code `json:"code"`
	Message string       `json:"message"`
	Hint    string       `json:"hint,omitempty"`
	Request string       `json:"request,omitempty"` // id to look up in the log; internal errors only
}

// Status is the reply of GET /status and of `vectory status --json`.
type Status struct {
	Running   bool      `json:"running"`
	PID       int       `json:"pid,omitempty"`
	URL       string    `json:"url,omitempty"`
	Version   string    `json:"version"`
	API       int       `json:"api"`
	Instance  string    `json:"instance,omitempty"`
	Home      string    `json:"home"`
	StartedAt time.Time `json:"started_at,omitzero"`
	Jobs      int       `json:"jobs"`    // queued or running
	Clients   int       `json:"clients"` // requests in flight besides this one
	Datasets  int       `json:"datasets"`
	Spaces    int       `json:"spaces"`
}

// Lists is what `vectory ls --json` prints.
type Lists struct {
	Datasets    []catalog.Dataset    `json:"datasets"`
	Experiments []catalog.Experiment `json:"experiments"`
	Spaces      []catalog.Space      `json:"spaces"`
	Indices     []catalog.Index      `json:"indices"`
}

// Datasets is the reply of GET /datasets.
type Datasets struct {
	Datasets []catalog.Dataset `json:"datasets"`
}

// Experiments is the reply of GET /experiments.
type Experiments struct {
	Experiments []catalog.Experiment `json:"experiments"`
}

// Spaces is the reply of GET /spaces.
type Spaces struct {
	Spaces []catalog.Space `json:"spaces"`
}

// AddDataset are the query parameters of POST /datasets; the body is the CSV (text/csv).
type AddDataset struct {
	Name         string `form:"name"`
	IDField      string `form:"id_field"`
	IDFieldIndex *int   `form:"id_field_idx"`
	MediaRoot    string `form:"media_root"` // folder that paths in the rows are relative to
	Replace      bool   `form:"replace"`
	// Staged: check and keep the CSV, but show it nowhere until a PUT of a space names it in
	// staged_dataset. This is how `vectory add` is all or nothing.
	Staged bool `form:"staged"`
}

// AddedDataset is the reply: 201 when new, 200 when the same content stood there already.
type AddedDataset struct {
	Dataset catalog.Dataset `json:"dataset"`
	Created bool            `json:"created"`
	Staged  string          `json:"staged,omitempty"` // hand to PUT /spaces/{name}
	Notes   []string        `json:"notes,omitempty"`  // e.g. blank lines that were skipped
}

// AddExperiment is the body of POST /experiments.
type AddExperiment struct {
	Name         string          `json:"name"`
	Model        string          `json:"model"`
	TrainDataset string          `json:"train_dataset"`
	Params       json.RawMessage `json:"params"`
	GitCommit    string          `json:"git_commit"`
	Replace      bool            `json:"replace"`
}

// AddedExperiment is the reply: 201 when new, 200 when the same stood there already.
type AddedExperiment struct {
	Experiment catalog.Experiment `json:"experiment"`
	Created    bool               `json:"created"`
}

// AddSpace are the query parameters of PUT /spaces/{name}; the body is an .npy or .npz file
// (application/octet-stream).
type AddSpace struct {
	Name          string `form:"-"`
	Dataset       string `form:"dataset"`        // name of a tracked dataset; "" with no StagedDataset: ids are row numbers
	StagedDataset string `form:"staged_dataset"` // from POST /datasets?staged=true
	Experiment    string `form:"experiment"`     // made when it does not exist
	Model         string `form:"model"`
	TrainDataset  string `form:"train_dataset"`
	Params        string `form:"params"` // a JSON object
	GitCommit     string `form:"git_commit"`
	Array         string `form:"array"` // which array of an .npz
	Dims          int    `form:"dims"`  // refuse another width; 0: any
	Step          *int64 `form:"step"`
	Metric        string `form:"metric"` // "": cosine for normalised rows, else euclidean
	Replace       bool   `form:"replace"`
}

// AddedSpace is the reply: 201 when new, 200 when the same content stood there already.
type AddedSpace struct {
	Space   catalog.Space `json:"space"`
	Created bool          `json:"created"`
	Notes   []string      `json:"notes,omitempty"`
}

// SpaceDetail is the reply of GET /spaces/{name}, as `vectory show SPACE --json` prints it.
type SpaceDetail struct {
	catalog.Space
	Lineage    Lineage         `json:"lineage"`
	Health     catalog.Health  `json:"health"`
	Neighbours []NeighbourNote `json:"neighbours"`
	Versions   []SpaceVersion  `json:"versions"` // of the name, oldest first; the last is the current one
}

// SpaceVersion is one version of a space. Its name can be used wherever a space is named.
type SpaceVersion struct {
	Name         string     `json:"name"` // name@1, name@2, …
	Rows         int        `json:"rows"`
	Dims         int        `json:"dims"`
	SHA256       string     `json:"sha256"`
	CreatedAt    time.Time  `json:"created_at"`
	SupersededAt *time.Time `json:"superseded_at"` // null: it is the current one
}

// History is the reply of GET /history?name=&n=, newest first.
type History struct {
	Events []catalog.Event `json:"events"`
}

// DoctorReply is the reply of POST /doctor?fix=: the report of the check that is named, or the job that makes it, whose
// result names it.
type DoctorReply struct {
	Report *DoctorReport `json:"report"`
	Job    *Job          `json:"job"`
}

// DoctorReport tells what a check of everything kept found.
type DoctorReport struct {
	Sound    bool      `json:"sound"` // nothing is wrong, or all of it is mended
	Files    int       `json:"files"` // that were read
	Findings []Finding `json:"findings"`
}

// Finding is one thing that is wrong.
type Finding struct {
	Kind    string  `json:"kind"` // "catalogue", "matrix", "dataset", "neighbour table", "comparison", "file"
	Name    string  `json:"name"`
	Problem string  `json:"problem"`
	Mended  *string `json:"mended"` // what was done about it; null: nothing
}

// BackupRequest is the body of POST /backups.
type BackupRequest struct {
	Folder string `json:"folder"` // absolute; made by the backup
}

// Backup tells what a backup holds.
type Backup struct {
	Folder string `json:"folder"`
	Files  int    `json:"files"`
	Bytes  int64  `json:"bytes"` // those that are hard links take no room
}

// Garbage is the reply of POST /gc?all=: what went for good, and what the trash still holds.
type Garbage struct {
	Unreferenced int   `json:"unreferenced"` // files that nothing referred to
	Removed      int   `json:"removed"`      // files of the trash
	RemovedBytes int64 `json:"removed_bytes"`
	Kept         int   `json:"kept"`
	KeptBytes    int64 `json:"kept_bytes"`
}

// Lineage is where a space came from.
type Lineage struct {
	Dataset    *catalog.Dataset    `json:"dataset"`
	Experiment *catalog.Experiment `json:"experiment"`
}

// NeighbourNote tells of one kept neighbour table.
type NeighbourNote struct {
	Metric  catalog.Metric `json:"metric"`
	K       int            `json:"k"`
	TookS   float64        `json:"took_s"`
	Kernel  string         `json:"kernel"`
	Threads int            `json:"threads"`
}

// Deleted is the reply of a DELETE: what went, dependants first. With dry_run nothing goes.
type Deleted struct {
	Deleted []Thing `json:"deleted"`
	DryRun  bool    `json:"dry_run,omitempty"`
}

// Thing names one tracked thing.
type Thing struct {
	Kind string `json:"kind"` // "dataset", "experiment", "space", "comparison"
	Name string `json:"name"`
}

// Neighbours is the reply of GET /spaces/{name}/neighbours, nearest first.
type Neighbours struct {
	Space      string         `json:"space"`
	Metric     catalog.Metric `json:"metric"`
	K          int            `json:"k"`
	Row        *int           `json:"row"` // nil when a vector was asked about
	ID         *string        `json:"id"`
	Neighbours []Neighbour    `json:"neighbours"`

	// Of another engine than the daemon's own:
	Engine      string `json:"engine,omitempty"`
	Index       string `json:"index,omitempty"`
	Approximate bool   `json:"approximate,omitempty"` // the index may miss some
}

// Neighbour is one entry of a list. Distance: see catalog.Metric.
type Neighbour struct {
	Row      int     `json:"row"`
	ID       string  `json:"id"`
	Distance float64 `json:"distance"`
}

// Query is the body of POST /query: a vector, or the id of an item, asked in each of Spaces.
type Query struct {
	Spaces []string  `json:"spaces"`
	Vector []float64 `json:"vector,omitempty"`
	ID     *string   `json:"id,omitempty"`
	K      int       `json:"k"`
	Metric string    `json:"metric"`
}

// QueryReply is the reply of POST /query, in the order of Query.Spaces.
type QueryReply struct {
	Results []Neighbours `json:"results"`
}

// LayoutRequest is the body of POST /layouts.
type LayoutRequest struct {
	Spaces  []string `json:"spaces"`             // one, or two that are laid out side by side
	Method  string   `json:"method"`             // pca, umap, joint-umap; "": joint-umap of two, else umap
	Dims    int      `json:"dims"`               // 2 or 3; 0: 2
	Seed    *int64   `json:"seed,omitempty"`     // left out: 42
	Metric  string   `json:"metric"`             // "": each space's own
	K       int      `json:"k"`                  // neighbours, the row itself counted; 0: 15
	Epochs  int      `json:"epochs"`             // 0: by the number of rows
	MinDist *float64 `json:"min_dist,omitempty"` // left out: 0.1
	Label   string   `json:"label"`              // a column: how well neighbours know it goes into the quality
}

// LayoutReply is the reply of POST /layouts: the layout, and the job that makes it when it is not done.
type LayoutReply struct {
	Layout *Layout `json:"layout"`
	Job    *Job    `json:"job"`
}

// Layout tells of a layout; its coordinates come by GET /layouts/{id}/frame.
type Layout struct {
	ID           string           `json:"id"` // a hash of everything that decides it
	Spaces       []string         `json:"spaces"`
	Method       string           `json:"method"`
	Dims         int              `json:"dims"`
	Seed         int64            `json:"seed"`
	Metrics      []catalog.Metric `json:"metrics"` // of each space
	K            int              `json:"k"`
	Epochs       int              `json:"epochs"` // asked for; 0: by the number of rows
	MinDist      float64          `json:"min_dist"`
	Rows         int              `json:"rows"`         // of two spaces those that both have, in the order of a comparison
	State        string           `json:"state"`        // running, paused, done
	Stage        string           `json:"stage"`        // of a running one
	Epoch        int              `json:"epoch"`        // done so far,
	EpochsAll    int              `json:"of"`           // of so many
	Columns      []string         `json:"columns"`      // for frame, once it is done; coords_a and coords_b always
	Quality      []LayoutQuality  `json:"quality"`      // of each space; null until it is done
	Displacement *float64         `json:"displacement"` // of two spaces: how far the median row moved, in radii
	NullBand     *float64         `json:"null_band"`    // 95 % of the rows of a space that is laid out with itself move less: no movement
	TookS        float64          `json:"took_s"`
	CreatedAt    time.Time        `json:"created_at"`
}

// LayoutQuality tells how far a layout can be trusted; see package projection.
type LayoutQuality struct {
	Trustworthiness float64  `json:"trustworthiness"`
	Continuity      float64  `json:"continuity"`
	Recall          float64  `json:"recall_15"`
	RNXAUC          float64  `json:"r_nx_auc"`
	Triplets        float64  `json:"triplets"`
	LabelHere       *float64 `json:"label_here"`
	LabelThere      *float64 `json:"label_there"`
}

// Layouts is the reply of GET /layouts.
type Layouts struct {
	Layouts []Layout `json:"layouts"`
}

// LayoutControl is the body of POST /layouts/{id}/control.
type LayoutControl struct {
	Action string `json:"action"` // pause, resume, cancel
}

// Column is the reply of GET /datasets/{name}/columns/{column}: the row's value is Values[Codes[row]].
type Column struct {
	Dataset string   `json:"dataset"`
	Column  string   `json:"column"`
	Values  []string `json:"values"` // the different ones, sorted
	Codes   []int32  `json:"codes"`  // by row
}

// LoadRequest is the body of POST /indices.
type LoadRequest struct {
	Name       string  `json:"name"`
	Space      string  `json:"space"`
	Model      string  `json:"model"`      // exact, hnsw, lsh; "": exact
	Similarity string  `json:"similarity"` // cosine, euclidean (or l2); "": by the space's metric
	Tables     int     `json:"tables"`     // L of lsh; 0: 100
	Bits       int     `json:"bits"`       // k of lsh; 0: 8
	Width      float64 `json:"width"`      // w of euclidean lsh; 0: by the data
	Shards     int     `json:"shards"`     // 0: 1
	Threads    int     `json:"threads"`    // requests in flight; 0: 2
	Chunk      int     `json:"chunk"`      // rows of a request at most; 0: as many as fit
}

// IndexReply is the reply of POST /indices: the index, and the job that loads it when it is not ready.
type IndexReply struct {
	Index *catalog.Index `json:"index"`
	Job   *Job           `json:"job"`
}

// Indices is the reply of GET /indices.
type Indices struct {
	Indices []catalog.Index `json:"indices"`
}

// Elastic is the reply of GET /elastic: how the cluster is that ELASTICSEARCH_URL names.
type Elastic struct {
	URL       string `json:"url"`
	Version   string `json:"version"`
	Cluster   string `json:"cluster"`
	Status    string `json:"status"` // green, yellow, red
	Nodes     int    `json:"nodes"`
	DiskFree  int64  `json:"disk_free"` // bytes
	DiskTotal int64  `json:"disk_total"`
}

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

// Floor is the score of a second run of the same model: how much two seeds differ.
type Floor struct {
	With    string       `json:"with"` // the space that A was compared with
	Jaccard JaccardScore `json:"jaccard"`
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
	Value  *float64    `json:"value"`
	Chance *float64    `json:"chance,omitempty"`
	Z      *float64    `json:"z,omitempty"`
	P      *float64    `json:"p,omitempty"`
	CI95   *[2]float64 `json:"ci95,omitempty"`
	Range  *[2]float64 `json:"range,omitempty"`
	Note   *string     `json:"note,omitempty"`
	Reason *string     `json:"reason,omitempty"`
}

// MeasureInfo describes a measure.
type MeasureInfo struct {
	Name    string      `json:"name"`
	Of      string      `json:"of"` // "pair", "space" or "drift"
	Meaning string      `json:"meaning"`
	Range   *[2]float64 `json:"range"`
	Better  string      `json:"better"`  // "higher", "lower" or ""
	Needs   string      `json:"needs"`   // beyond finite rows
	Ignores string      `json:"ignores"` // O rotation, S scale, T shift, L invertible linear map, R scale of rows
	Source  string      `json:"source"`
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
}

// Hub is a row that is often a neighbour: in Lists lists of k.
type Hub struct {
	Row   int    `json:"row"`
	ID    string `json:"id"`
	Lists int    `json:"lists"`
}

// Drift compares two spaces as samples of one, as `vectory drift --json` prints it.
type Drift struct {
	A        string             `json:"a"`
	B        string             `json:"b"`
	Rows     [2]int             `json:"rows"`
	Dims     int                `json:"dims"`
	Measures map[string]Measure `json:"measures"`
	Novel    []Novel            `json:"novel"` // rows of B that lie farthest from A
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

// ComparisonItems is the reply of GET /comparisons/{key}/items?order=worst|best&limit=&lists=true.
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

// Rows is the reply of GET /datasets/{name}/rows?from=&to=.
type Rows struct {
	Dataset string     `json:"dataset"`
	Columns []string   `json:"columns"`
	From    int        `json:"from"`
	IDs     []string   `json:"ids"`
	Rows    [][]string `json:"rows"`
}

// Job is long work. State: queued, running, done, failed, canceled.
type Job struct {
	ID        string    `json:"id"`
	Kind      string    `json:"kind"`
	Title     string    `json:"title"`
	State     string    `json:"state"`
	Progress  float64   `json:"progress"` // 0..1, never falls
	Stage     string    `json:"stage"`
	LeftS     *float64  `json:"left_s,omitempty"` // estimate, from 1 % on
	Result    string    `json:"result,omitempty"` // e.g. the key of the comparison
	Error     *Error    `json:"error,omitempty"`
	CreatedAt time.Time `json:"created_at"`
	EndedAt   time.Time `json:"ended_at,omitzero"`
}

// Jobs is the reply of GET /jobs.
type Jobs struct {
	Jobs []Job `json:"jobs"`
}

// Comparisons is the reply of GET /comparisons, newest first.
type Comparisons struct {
	Comparisons []Comparison `json:"comparisons"`
}

// TicketRequest is the body of POST /tickets.
type TicketRequest struct {
	Compare string `json:"compare"` // key of the comparison to open; "": the list of what is tracked
}

// SessionRequest is the body of POST /session: the reply is 204 with the session's cookie.
type SessionRequest struct {
	Ticket string `json:"ticket"`
}

// Ticket is the reply of POST /tickets: a code that opens one browser session.
type Ticket struct {
	Ticket    string    `json:"ticket"`
	URL       string    `json:"url"` // the page with the ticket in its fragment
	ExpiresAt time.Time `json:"expires_at"`
}

// Logs is the reply of GET /logs: the last lines, oldest first, each a JSON object of slog.
type Logs struct {
	Lines []string `json:"lines"`
}

// ErrorOf makes what travels of err. An error that is no catalog.Error is ours: its text stays here.
func ErrorOf(err error) *Error {
	var e *catalog.Error
	if !errors.As(err, &e) {
		return &Error{Code: catalog.Internal, Message: "something went wrong in the daemon", Hint: "the log has the details: vectory logs"}
	}
	return &Error{Code: e.Code, Message: e.Message, Hint: e.Hint}
}
