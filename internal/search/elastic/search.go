package elastic

import (
	"bytes"
	"context"
	"encoding/json"

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

// searchBatch is how many queries one request carries.
const searchBatch = 50

// maxCandidates is a limit of Elasticsearch.
const maxCandidates = 10_000

// Search gives the candidates of each query: rows, the nearest first as the cluster sees it; of an lsh index those that share
// most hashes.
func (c *Cluster) Search(ctx context.Context, w search.Wanted, queries []search.Query) ([][]int32, error) {
	if w.K > maxCandidates {
		return nil, catalog.Errorf(catalog.Invalid, "k=%d: Elasticsearch gives at most %d", w.K, maxCandidates)
	}
	out := make([][]int32, 0, len(queries))
	for from := 0; from < len(queries); from += searchBatch {
		some, err := c.searchSome(ctx, w, queries[from:min(from+searchBatch, len(queries))])
		if err != nil {
			return nil, err
		}
		out = append(out, some...)
	}
	return out, nil
}

func (c *Cluster) searchSome(ctx context.Context, w search.Wanted, queries []search.Query) ([][]int32, error) {
	var lines bytes.Buffer
	for _, q := range queries {
		lines.WriteString("{}\n")
		text, err := json.Marshal(body(w, q))
		if err != nil {
			return nil, err
		}
		lines.Write(append(text, '\n'))
	}
	var reply struct {
		Responses []struct {
			Status int   `json:"status"`
			Error  fault `json:"error"`
			Shards struct {
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
		} `json:"responses"`
	}
	if err := c.do(ctx, esapi.MsearchRequest{Index: []string{w.Index}, Body: &lines, FilterPath: []string{"responses.status", "responses.error", "responses._shards.failed", "responses.timed_out", "responses.hits.hits.fields"}}, &reply); err != nil {
		return nil, err
	}
	if len(reply.Responses) != len(queries) {
		return nil, catalog.Errorf(catalog.Unavailable, "Elasticsearch answered %d of %d queries", len(reply.Responses), len(queries))
	}
	out := make([][]int32, len(queries))
	for i, r := range reply.Responses {
		if r.Status >= 300 {
			return nil, translate(r.Status, r.Error)
		}
		if r.Shards.Failed > 0 || r.TimedOut {
			return nil, catalog.Errorf(catalog.Unavailable, "%d shards of the index did not answer, so that neighbours may be missing", r.Shards.Failed).WithHint("look at the health of the cluster: vectory elastic status")
		}
		for _, hit := range r.Hits.Hits {
			out[i] = append(out[i], hit.Fields.Row...)
		}
	}
	return out, nil
}

// body is one search.
func body(w search.Wanted, q search.Query) map[string]any {
	filters := []any{}
	for _, f := range w.Where {
		filters = append(filters, clause(f))
	}
	out := map[string]any{"size": w.K, "_source": false, "stored_fields": "_none_", "docvalue_fields": []string{"row"}, "track_total_hits": false}
	if w.Model == "lsh" {
		should := make([]any, len(q.Hashes))
		for i, h := range q.Hashes {
			should[i] = map[string]any{"constant_score": map[string]any{"filter": map[string]any{"term": map[string]any{"hash": h}}}}
		}
		out["query"] = map[string]any{"bool": map[string]any{"should": should, "minimum_should_match": 1, "filter": filters}}
		return out
	}
	candidates := w.K
	if w.Model == "hnsw" {
		candidates = min(max(10*w.K, 100), maxCandidates)
	}
	knn := map[string]any{"field": "vec", "query_vector": q.Vector, "k": w.K, "num_candidates": candidates}
	if len(filters) > 0 {
		knn["filter"] = filters
	}
	out["knn"] = knn
	return out
}
