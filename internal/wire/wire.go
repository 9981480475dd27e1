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
	// PartOf names a tracked dataset: the CSV lists ids of it, in one column, and those items become a dataset, called
	// after their content when Name is "".
	PartOf string `form:"part_of"`
	// Staged: check and keep the CSV, but show it nowhere until a PUT of a space names it in
	// staged_dataset. This is how `vectory add` is all or nothing.
	Staged bool `form:"staged"`
	HandOver
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
	Environment  json.RawMessage `json:"environment"`
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
	Environment   string `form:"environment"` // a JSON object
	Array         string `form:"array"`       // which array of an .npz, tensor of a .safetensors, column of parquet or arrow
	Dtype         string `form:"dtype"`       // bfloat16, which .npy saves as raw bytes; "": the file tells
	Dims          int    `form:"dims"`        // refuse another width; 0: any
	Step          *int64 `form:"step"`
	Metric        string `form:"metric"` // "": cosine for normalised rows, else euclidean
	Replace       bool   `form:"replace"`
	HandOver
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

// Duplicates is the reply of GET /spaces/{name}/duplicates?from=&to=: groups [from, to) of the rows that hold the same
// values, the largest first, then by their first row.
type Duplicates struct {
	Space         string           `json:"space"`
	Rows          int              `json:"rows"`
	DuplicateRows int              `json:"duplicate_rows"` // that repeat an earlier one: each group's size less one
	GroupsTotal   int              `json:"groups_total"`
	From          int              `json:"from"`
	Groups        []DuplicateGroup `json:"groups"`
}

// DuplicateGroup are rows that hold the same values, in rising order.
type DuplicateGroup struct {
	Size int      `json:"size"`
	Rows []int    `json:"rows"` // of a large group the first hundred
	IDs  []string `json:"ids"`  // of Rows
}

// Changes is the reply of GET /spaces/{name}/changes?to=.
type Changes struct {
	From    string   `json:"from"`
	To      string   `json:"to"`
	Same    bool     `json:"same"`
	Changes []Change `json:"changes"`
}

// Change is one thing that differs.
type Change struct {
	What string `json:"what"`
	From string `json:"from"`
	To   string `json:"to"`
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
	Kind    string  `json:"kind"` // "catalogue", "matrix", "dataset", "neighbour table", "comparison", "file", "index", "index in the cluster", "cluster"
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

// NeighbourNote tells of one kept neighbour table: of all rows, or of those that a comparison left, or of a sample.
type NeighbourNote struct {
	Metric  catalog.Metric `json:"metric"`
	K       int            `json:"k"`
	TookS   float64        `json:"took_s"`
	Kernel  string         `json:"kernel"`
	Threads int            `json:"threads"`
	Part    bool           `json:"part"`    // of some rows of the space: a comparison left the others out
	Queries int            `json:"queries"` // how many rows it was made for, a sample; 0: each of them
}

// Deleted is the reply of a DELETE: what went, dependants first. With dry_run nothing goes.
type Deleted struct {
	Deleted  []Thing  `json:"deleted"`
	DryRun   bool     `json:"dry_run,omitempty"`
	Warnings []string `json:"warnings,omitempty"` // what may be left elsewhere
}

// Thing names one tracked thing.
type Thing struct {
	Kind string `json:"kind"` // "dataset", "experiment", "space", "comparison", "selection", "index"
	Name string `json:"name"`
}

// SelectionRequest is the body of POST /selections and, without Space and Comparison, of PATCH /selections/{id}, where what
// is left out stays.
type SelectionRequest struct {
	Space      string  `json:"space,omitempty"`      // either this
	Comparison string  `json:"comparison,omitempty"` // or this: rows of its A
	Name       *string `json:"name,omitempty"`
	Note       *string `json:"note,omitempty"`
	Rows       *string `json:"rows,omitempty"` // ranges, ascending: 0-3,7
}

// Selections is the reply of GET /selections.
type Selections struct {
	Selections []catalog.Selection `json:"selections"`
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
	IDs    []string  `json:"ids,omitempty"`
	K      int       `json:"k"`
	Metric string    `json:"metric"`

	Engine  string   `json:"engine"`  // "", "local": the daemon itself; elasticsearch: indices of the spaces
	Indices []string `json:"indices"` // of that engine, in the order of Spaces; none, or "": the best of a space
	Where   string   `json:"where"`   // of that engine: only rows whose columns fit, such as "label=3, size>2"
}

// QueryReply is the reply of POST /query, in the order of Query.Spaces, and within a space in that of Query.IDs.
type QueryReply struct {
	Results []Neighbours `json:"results"`
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
	Chunk      int     `json:"chunk"`      // rows of a request at most; 0: 2000, or as many as fit
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

// Rows is the reply of GET /datasets/{name}/rows?from=&to=.
type Rows struct {
	Dataset string     `json:"dataset"`
	Columns []string   `json:"columns"`
	From    int        `json:"from"`
	IDs     []string   `json:"ids"`
	Rows    [][]string `json:"rows"`
	Matches []int      `json:"matches"` // with a filter: the rows of all records that hold it; Rows are the first of these
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

// TicketRequest is the body of POST /tickets. With an origin the ticket lets a page of that origin, a notebook's, open
// one websocket at that host, as subprotocol "ticket.CODE" beside vectory.v1.
type TicketRequest struct {
	Compare string `json:"compare"` // key of the comparison to open; "": the list of what is tracked
	Origin  string `json:"origin"`  // of the page elsewhere, as location.origin tells it
	Host    string `json:"host"`    // and where it will ask, as the browser will send it: a proxy's, or this daemon's
}

// SessionRequest is the body of POST /session: the reply is 204 with the session's cookie.
type SessionRequest struct {
	Ticket string `json:"ticket"`
}

// Ticket is the reply of POST /tickets: a code that opens one browser session, or one websocket.
type Ticket struct {
	Ticket    string    `json:"ticket"`
	URL       string    `json:"url"` // the page with the ticket in its fragment, or the websocket
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
