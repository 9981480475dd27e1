// Package search has the words in which an index of a space is described, filled and asked, whatever engine holds it:
// package elastic is the one there is. It is pure: nothing is sent from here.
package search

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/pentoai/vectory/internal/catalog"
)

// Spec is an index as it is to be made.
type Spec struct {
	Name       string // in the cluster, see [IndexName]
	Dims       int
	Model      string // exact, hnsw or lsh
	Similarity string // cosine or euclidean
	Shards     int
	Bits       int             // of a row, where the model keeps bits: a multiple of 8
	Bare       bool            // the model keeps hashes or bits, and no vectors to re-score by
	Columns    map[string]bool // of the dataset; true: it holds numbers
	Meta       Meta
}

// Meta is what an index says of itself, in the mapping: which installation made it, and of what.
type Meta struct {
	Installation string          `json:"installation"`
	Index        string          `json:"index"`
	Matrix       string          `json:"matrix"` // sha256 of the space's vectors
	Model        string          `json:"model"`
	Similarity   string          `json:"similarity"`
	Rows         int             `json:"rows"`
	Params       json.RawMessage `json:"params"`

	Fields []string `json:"-"` // that each row has: what it is searched by
}

// Same reports whether two indices hold the same: that of one installation, of one content, in one way.
func (m Meta) Same(other Meta) bool {
	return m.Installation == other.Installation && m.Matrix == other.Matrix && m.Model == other.Model && m.Similarity == other.Similarity && m.Rows == other.Rows && sameJSON(m.Params, other.Params)
}

// sameJSON compares what may have been written anew by a cluster: in another order, with other blanks.
func sameJSON(a, b json.RawMessage) bool {
	var x, y any
	return json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && reflect.DeepEqual(x, y)
}

// IndexName is what an index of ours is called in the cluster: our prefix, the installation, and a name that any cluster
// takes.
func IndexName(installation, name string, generation int) string {
	return Alias(installation, name) + generationMark + strconv.Itoa(generation)
}

// generationMark stands before the number of a generation: a name that is loaded anew goes into another index.
const generationMark = "-g"

// Generation is the number at the end of an index's name; 0: it has none.
func Generation(inCluster string) int {
	at := strings.LastIndex(inCluster, generationMark)
	if at < 0 {
		return 0
	}
	number, err := strconv.Atoi(inCluster[at+len(generationMark):])
	if err != nil {
		return 0
	}
	return number
}

// Alias is the name by which others ask an index of ours: it leads to the generation that is ready.
func Alias(installation, name string) string {
	clean := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '-', r == '_':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '_'
	}, name)
	if clean != name || len(clean) > 100 || Generation(name) > 0 { // another name may look the same by now
		sum := sha256.Sum256([]byte(name))
		clean = clean[:min(len(clean), 100)] + "-" + hex.EncodeToString(sum[:4])
	}
	return Prefix + installation + "-" + clean
}

// Prefix begins the name of every index of ours.
const Prefix = "vectory-"

// Doc is one row on its way.
type Doc struct {
	Row     int
	ID      string
	Vector  []float32 // nil where the index keeps none
	Hashes  []uint64
	Bits    []byte
	Columns []string // a value of each of the load's; empty ones are left out
}

// Loading says how rows are sent.
type Loading struct {
	Threads int // requests in flight; 0: 2
	Chunk   int // rows of a request at most; 0: 2000, or as many as fit
	Columns []Column
	Done    func(rows int)   // told of the rows that the cluster has taken
	Waiting func(why string) // told why rows are waiting
}

// Column is one of a dataset.
type Column struct {
	Name    string
	Numbers bool // it holds numbers and nothing else
}

// Found is an index that a cluster has under our names.
type Found struct {
	Name string
	Meta *Meta // nil: it carries no mark of ours
}

// Query asks for the rows nearest to a vector.
type Query struct {
	Vector []float32 // nil: the index keeps none, and names those that are like the hashes or bits
	Hashes []uint64  // of an lsh index
	Bits   []byte    // of one that keeps bits
}

// Wanted says what is asked of an index.
type Wanted struct {
	Index string
	Model string
	K     int // candidates of each query
	Least int // hashes that a candidate has in common with the query
	Where []Filter
}

// Filter is a condition on a column: =, !=, <, <=, > or >=.
type Filter struct {
	Column, Op, Value string
	Number            bool
}

// ParseFilters reads "label=3, size>=2.5".
func ParseFilters(text string, numbers map[string]bool) ([]Filter, error) {
	conditions, err := catalog.ParseConditions(text, "label=3 or size>=2.5")
	if err != nil {
		return nil, err
	}
	var list []Filter
	for _, c := range conditions {
		f := Filter{Column: c.Name, Op: c.Op, Value: c.Value}
		number, known := numbers[f.Column]
		if !known {
			return nil, catalog.Errorf(catalog.Invalid, "no column '%s' to filter by", f.Column).WithHint("the columns are: %s", strings.Join(slices.Sorted(maps.Keys(numbers)), ", "))
		}
		if f.Number = number; number {
			if _, err := strconv.ParseFloat(f.Value, 64); err != nil {
				return nil, catalog.Errorf(catalog.Invalid, "column '%s' holds numbers, and %q is none", f.Column, f.Value).WithHint("for example %s>=2.5", f.Column)
			}
		}
		list = append(list, f)
	}
	return list, nil
}
