package elastic

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"

	"github.com/elastic/go-elasticsearch/v8/esapi"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/search"
)

func clause(f search.Filter) map[string]any {
	field := "column." + f.Column
	var value any = f.Value
	if f.Number {
		value = json.Number(f.Value)
	}
	switch f.Op {
	case "=":
		return map[string]any{"term": map[string]any{field: value}}
	case "!=":
		return map[string]any{"bool": map[string]any{"must_not": map[string]any{"term": map[string]any{field: value}}}}
	}
	name := map[string]string{"<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}[f.Op]
	return map[string]any{"range": map[string]any{field: map[string]any{name: value}}}
}

// searchBatch is how many queries one request carries at most, and searchHits how many rows it asks for: the cluster holds
// them all in memory at once.
const (
	searchBatch = 50
	searchHits  = 20_000
)

// maxCandidates is a limit of Elasticsearch.
const maxCandidates = 10_000

// Search gives the candidates of each query: rows, the nearest first as the cluster sees it; of an lsh index those that share
// most hashes.
func (c *Cluster) Search(ctx context.Context, w search.Wanted, queries []search.Query) ([][]int32, error) {
	out := make([][]int32, 0, len(queries))
	for some := range slices.Chunk(queries, max(1, min(searchBatch, searchHits/max(w.K, 1)))) {
		rows, err := c.searchSome(ctx, w, some)
		if err != nil {
			return nil, err
		}
		out = append(out, rows...)
	}
	return out, nil
}

// answer is what a cluster says to one search.
type answer struct {
	Status int   `json:"status"` // among many
	Error  fault `json:"error"`
	Shards *struct {
		Failed int `json:"failed"`
	} `json:"_shards"`
	TimedOut bool `json:"timed_out"`
	Hits     struct {
		Hits []struct {
			Fields struct {
				Row []int32 `json:"row"`
			} `json:"fields"`
		} `json:"hits"`
	} `json:"hits"`
}

func (a answer) rows() (rows []int32, err error) {
	if a.Status >= 300 {
		return nil, translate(a.Status, a.Error)
	}
	if a.Shards == nil {
		return nil, catalog.Errorf(catalog.Unavailable, "Elasticsearch does not say which shards have answered").WithHint("is there a proxy before it? check ELASTICSEARCH_URL")
	}
	if a.Shards.Failed > 0 || a.TimedOut {
		return nil, catalog.Errorf(catalog.Unavailable, "%d shards of the index did not answer, so that neighbours may be missing", a.Shards.Failed).WithHint("look at the health of the cluster: vectory elastic status")
	}
	for _, hit := range a.Hits.Hits {
		rows = append(rows, hit.Fields.Row...)
	}
	return rows, nil
}

// searchSome asks one query by itself, which a cluster answers sooner, and several in one request.
func (c *Cluster) searchSome(ctx context.Context, w search.Wanted, queries []search.Query) ([][]int32, error) {
	where := make([]any, len(w.Where))
	for i, f := range w.Where {
		where[i] = clause(f)
	}
	filters, err := json.Marshal(where)
	if err != nil {
		return nil, err
	}
	var answers []answer
	if len(queries) == 1 {
		answers, err = c.one(ctx, w.Index, appendSearch(nil, w, queries[0], filters))
	} else {
		var lines []byte
		for _, q := range queries {
			lines = append(lines, "{\"allow_partial_search_results\":false}\n"...)
			lines = append(appendSearch(lines, w, q, filters), '\n')
		}
		answers, err = c.many(ctx, w.Index, lines)
	}
	if err != nil {
		return nil, err
	}
	if len(answers) != len(queries) {
		return nil, catalog.Errorf(catalog.Unavailable, "Elasticsearch answered %d of %d queries", len(answers), len(queries))
	}
	out := make([][]int32, len(queries))
	for i, a := range answers {
		if out[i], err = a.rows(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (c *Cluster) one(ctx context.Context, index string, body []byte) ([]answer, error) {
	whole := false
	var a answer
	err := c.do(ctx, esapi.SearchRequest{Index: []string{index}, Body: bytes.NewReader(body), AllowPartialSearchResults: &whole,
		FilterPath: []string{"_shards.failed", "timed_out", "hits.hits.fields"}}, &a)
	return []answer{a}, err
}

func (c *Cluster) many(ctx context.Context, index string, lines []byte) ([]answer, error) {
	var reply struct {
		Responses []answer `json:"responses"`
	}
	err := c.do(ctx, esapi.MsearchRequest{Index: []string{index}, Body: bytes.NewReader(lines),
		FilterPath: []string{"responses.status", "responses.error", "responses._shards.failed", "responses.timed_out", "responses.hits.hits.fields"}}, &reply)
	return reply.Responses, err
}

// appendSearch writes one search. filters are clauses, as an array.
//
// Where the rows of an lsh index have their vectors, those that share enough hashes with the query, or differ from it in
// fewest bits, are scored by them in the same search: they are the filter of a search for the nearest. That is a query like
// others: as a section of its own, `knn` would make the cluster go through the shards once more.
func appendSearch(out []byte, w search.Wanted, q search.Query, filters []byte) []byte {
	out = strconv.AppendInt(append(out, `{"size":`...), int64(w.K), 10)
	out = append(out, `,"_source":false,"stored_fields":"_none_","docvalue_fields":["row"],"track_total_hits":false,`...)
	switch {
	case q.Vector == nil && q.Bits != nil:
		out = appendNearest(append(out, `"query":`...), "bits", appendBits(nil, q.Bits), w.K, w.K, filters)
	case q.Vector == nil:
		out = appendSharing(append(out, `"query":`...), q.Hashes, 1, filters)
	default:
		candidates := w.K
		switch {
		case q.Bits != nil:
			most := max(w.K, search.Candidates)
			near := appendNearest([]byte{'['}, "bits", appendBits(nil, q.Bits), most, most, filters)
			near = append(near, ']')
			filters = near
		case q.Hashes != nil:
			filters = append(appendSharing([]byte{'['}, q.Hashes, w.Least, filters), ']')
		case w.Model == "hnsw":
			candidates = min(max(10*w.K, 100), maxCandidates)
		}
		out = appendNearest(append(out, `"query":`...), "vec", appendVector(nil, q.Vector), w.K, candidates, filters)
	}
	return append(out, '}')
}

// appendNearest asks for the k rows whose field is nearest.
func appendNearest(out []byte, field string, query []byte, k, candidates int, filters []byte) []byte {
	out = append(append(out, `{"knn":{"field":"`+field+`","query_vector":`...), query...)
	out = strconv.AppendInt(append(out, `,"k":`...), int64(k), 10)
	out = strconv.AppendInt(append(out, `,"num_candidates":`...), int64(candidates), 10)
	if len(filters) > len("[]") {
		out = append(append(out, `,"filter":`...), filters...)
	}
	return append(out, "}}"...)
}

// appendSharing asks for the rows that share at least so many hashes, scored by how many they share.
func appendSharing(out []byte, hashes []uint64, least int, filters []byte) []byte {
	out = append(append(append(out, `{"bool":{"filter":`...), filters...), `,"should":[`...)
	for table, h := range hashes {
		if table > 0 {
			out = append(out, ',')
		}
		out = append(search.AppendTerm(append(out, `{"constant_score":{"filter":{"term":{"hash":"`...), table, h), `"}}}}`...)
	}
	out = strconv.AppendInt(append(out, `],"minimum_should_match":`...), int64(least), 10)
	return append(out, "}}"...)
}

// appendVector writes a vector in the fewest decimals that read the same.
func appendVector(out []byte, v []float32) []byte {
	out = append(out, '[')
	for i, value := range v {
		if i > 0 {
			out = append(out, ',')
		}
		out = strconv.AppendFloat(out, float64(value), 'g', -1, 32)
	}
	return append(out, ']')
}

func appendBits(out, bits []byte) []byte {
	return append(hex.AppendEncode(append(out, '"'), bits), '"')
}
