// Package search has the words in which an index of a space is described, filled and asked, whatever engine holds it:
// package elastic is the one there is. It is pure: nothing is sent from here.
package search

import (
	"encoding/json"
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
}

// IndexName is what an index of ours is called in the cluster: our prefix, the installation, and a name that any cluster
// takes.
func IndexName(installation, name string, generation int) string {
	clean := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '-', r == '_':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '_'
	}, name)
	return Prefix + installation + "-" + clean[:min(len(clean), 100)] + "-g" + strconv.Itoa(generation)
}

// Prefix begins the name of every index of ours.
const Prefix = "vectory-"

// Doc is one row on its way.
type Doc struct {
	Row     int
	ID      string
	Vector  []float32 // nil where the model keeps none
	Hashes  []string
	Columns map[string]string // empty ones are left out
}

// Loading says how rows are sent.
type Loading struct {
	Threads int // requests in flight; 0: 2
	Chunk   int // rows of a request at most; 0: as many as fit
	Numbers map[string]bool
	Done    func(rows int) // told of the rows that the cluster has taken
}

// Query asks for the rows nearest to a vector.
type Query struct {
	Vector []float32
	Hashes []string // of an lsh index
}

// Wanted says what is asked of an index.
type Wanted struct {
	Index string
	Model string
	K     int // candidates of each query
	Where []Filter
}

// Filter is a condition on a column: =, !=, <, <=, > or >=.
type Filter struct {
	Column, Op, Value string
	Number            bool
}

// ParseFilters reads "label=3, size>=2.5".
func ParseFilters(text string, numbers func(column string) (isNumber, known bool)) ([]Filter, error) {
	var list []Filter
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		at := strings.IndexAny(part, "=<>!")
		if at < 1 {
			return nil, catalog.Errorf(catalog.Invalid, "%q is no condition", part).WithHint("for example label=3 or size>=2.5; several with commas")
		}
		op := part[at : at+1]
		if at+1 < len(part) && part[at+1] == '=' {
			op += "="
		}
		if op == "!" || op == "==" {
			return nil, catalog.Errorf(catalog.Invalid, "%q is no condition", part).WithHint("=, !=, <, <=, > or >=")
		}
		f := Filter{Column: strings.TrimSpace(part[:at]), Op: op, Value: strings.TrimSpace(part[at+len(op):])}
		number, known := numbers(f.Column)
		if !known {
			return nil, catalog.Errorf(catalog.Invalid, "no column '%s' to filter by", f.Column)
		}
		if f.Number = number; number {
			if _, err := strconv.ParseFloat(f.Value, 64); err != nil {
				return nil, catalog.Errorf(catalog.Invalid, "column '%s' holds numbers, and %q is none", f.Column, f.Value)
			}
		}
		list = append(list, f)
	}
	return list, nil
}
