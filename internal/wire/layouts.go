package wire

import (
	"encoding/json"
	"time"

	"github.com/pentoai/vectory/internal/catalog"
)

// SocketRequest is what a watcher says over GET /ws: watch or unwatch a stream, that it has drawn a frame (ack), or a
// request as by HTTP (ask), whose answer comes as a binary message of that number.
type SocketRequest struct {
	T      string          `json:"t"`      // watch, unwatch, ack, ask
	Stream string          `json:"stream"` // job:ID or layout:ID
	Number int             `json:"number"` // of an ask; the watcher counts them
	Method string          `json:"method"`
	Path   string          `json:"path"` // below /api/v1/, with its query
	Body   json.RawMessage `json:"body,omitempty"`
}

// AnswerMeta is the JSON at the head of the answer to an ask; the payload is the body.
type AnswerMeta struct {
	Status int    `json:"status"`
	Type   string `json:"type"` // Content-Type
}

// SocketEvent is what the daemon says over GET /ws. The places of a layout that runs come as binary messages.
type SocketEvent struct {
	T        string  `json:"t"`        // welcome, job, layout, error, end
	Stream   string  `json:"stream"`   // what it belongs to; "" for welcome
	Number   int     `json:"number"`   // the stream's number in binary messages
	Instance string  `json:"instance"` // with welcome: the daemon
	Version  string  `json:"version"`
	Job      *Job    `json:"job"`
	Layout   *Layout `json:"layout"`
	Error    *Error  `json:"error"`
}

// FrameMeta is the JSON at the head of a binary message: columns of 16-bit numbers, 0 for Low and 65535 for High of their axis.
type FrameMeta struct {
	Layout  string        `json:"layout"`
	Epoch   int           `json:"epoch"`
	Of      int           `json:"of"`
	Columns []FrameColumn `json:"columns"`
}

// FrameColumn is one column of a frame.
type FrameColumn struct {
	Name   string    `json:"name"`
	Dtype  string    `json:"dtype"`
	Shape  []int     `json:"shape"`
	Offset int       `json:"offset"` // in the payload
	Low    []float64 `json:"low"`    // of each axis
	High   []float64 `json:"high"`
}

// LayoutRequest is the body of POST /layouts.
type LayoutRequest struct {
	Spaces     []string `json:"spaces"`             // one, or more that are laid out side by side
	Timeline   string   `json:"timeline"`           // instead of spaces: an experiment, whose spaces with a step are laid out in the order of the steps
	Dataset    string   `json:"dataset"`            // of a timeline: only its spaces in this dataset; "": all
	Method     string   `json:"method"`             // pca, umap, joint-umap, anchored-umap, tsne, pacmap; "": joint-umap of more than one, anchored-umap of a timeline, else umap
	Dims       int      `json:"dims"`               // 2 or 3; 0: 2
	Seed       *int64   `json:"seed,omitempty"`     // left out: 42
	Metric     string   `json:"metric"`             // "": each space's own
	K          int      `json:"k"`                  // neighbours, the row itself counted; 0: 15
	Epochs     int      `json:"epochs"`             // 0: by the number of rows
	MinDist    *float64 `json:"min_dist,omitempty"` // left out: 0.1
	Perplexity float64  `json:"perplexity"`         // of tsne: about how many neighbours each row looks at; 0: 30, or what the rows allow
	Start      string   `json:"start"`              // where points begin: pca, spectral (of umap), or the id of a layout of the same items, of one space or of as many; "": pca
	Reduce     int      `json:"reduce"`             // principal components that stand for a wider space while its rows are laid out; 0: all columns
	Supervise  string   `json:"supervise"`          // of umap: a column whose equal values are drawn together
	Preset     string   `json:"preset"`             // of umap: compat is umap-learn's own start, number of epochs and learning rate
	More       int      `json:"more"`               // epochs that the layout start goes on for as it is, instead of being laid out anew
	Label      string   `json:"label"`              // a column: how well neighbours know it goes into the quality
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
	Timeline     string           `json:"timeline"` // the experiment that was asked for, else ""
	Steps        []*int64         `json:"steps"`    // of each space, where it has one
	Method       string           `json:"method"`
	Dims         int              `json:"dims"`
	Seed         int64            `json:"seed"`
	Metrics      []catalog.Metric `json:"metrics"` // of each space
	K            int              `json:"k"`
	Epochs       int              `json:"epochs"` // asked for; 0: by the number of rows
	MinDist      float64          `json:"min_dist"`
	Perplexity   float64          `json:"perplexity"`   // of tsne, else 0
	Start        string           `json:"start"`        // as asked for, "" for pca
	Reduce       int              `json:"reduce"`       // principal components that stood for a wider space, 0: none
	Preset       string           `json:"preset"`       // as asked for
	More         int              `json:"more"`         // epochs that it went on for from start, else 0
	Supervise    string           `json:"supervise"`    // the column that drew its values together, else ""
	Rows         int              `json:"rows"`         // of several spaces those that all have, in the order of a comparison
	State        string           `json:"state"`        // running, paused, done
	Stage        string           `json:"stage"`        // of a running one
	Epoch        int              `json:"epoch"`        // done so far,
	EpochsAll    int              `json:"of"`           // of so many
	Columns      []string         `json:"columns"`      // for frame, once it is done; coords_a, coords_b, … always
	Quality      []LayoutQuality  `json:"quality"`      // of each space; null until it is done
	Displacement *float64         `json:"displacement"` // of two spaces: how far the median row moved, in radii
	Moves        []LayoutMove     `json:"moves"`        // of each space after the first; null until it is done
	NullBand     *float64         `json:"null_band"`    // 95 % of the rows of a space that is laid out with itself move less: no movement
	TookS        float64          `json:"took_s"`
	CreatedAt    time.Time        `json:"created_at"`
}

// LayoutMove tells what changed from the space before: how far the median row moved, in radii, and how much of it the
// spaces themselves say.
type LayoutMove struct {
	Displacement float64 `json:"displacement"`
	Jaccard      float64 `json:"jaccard"` // mean, of the 10 nearest in both spaces
}

// LayoutSide is what the columns of a layout's space end in: a, b, …, z, aa, ab, … as those of a spreadsheet.
func LayoutSide(space int) string {
	side := ""
	for n := space + 1; n > 0; n = (n - 1) / 26 {
		side = string(rune('a'+(n-1)%26)) + side
	}
	return side
}

// LayoutQuality tells how far a layout can be trusted; see package projection.
type LayoutQuality struct {
	AskedRows       int      `json:"asked_rows"` // that trustworthiness, continuity, recall_5 and recall_50 are of: a sample, of large spaces a smaller one
	Trustworthiness float64  `json:"trustworthiness"`
	Continuity      float64  `json:"continuity"`
	Recall5         float64  `json:"recall_5"` // of the rows asked, as is recall_50; recall_15 is of all
	Recall          float64  `json:"recall_15"`
	Recall50        float64  `json:"recall_50"`
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
