package elastic

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/elastic/go-elasticsearch/v8/esapi"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/search"
)

// Create makes an empty index. One of that name that is not ours is a conflict.
func (c *Cluster) Create(ctx context.Context, s search.Spec) error {
	properties := map[string]any{
		"row": map[string]any{"type": "integer"},
		"id":  map[string]any{"type": "keyword", "ignore_above": columnLimit},
	}
	vector := map[string]any{"type": "dense_vector", "dims": s.Dims, "similarity": map[string]string{"cosine": "cosine", "euclidean": "l2_norm"}[s.Similarity]}
	switch s.Model {
	case "exact":
		vector["index_options"] = map[string]any{"type": "flat"}
		properties["vec"] = vector
	case "hnsw":
		vector["index_options"] = map[string]any{"type": "hnsw", "m": 16, "ef_construction": 200}
		properties["vec"] = vector
	case "lsh":
		if !s.Bare {
			vector["index_options"] = map[string]any{"type": "flat"}
			properties["vec"] = vector
		}
		if s.Bits > 0 {
			properties["bits"] = map[string]any{"type": "dense_vector", "element_type": "bit", "dims": s.Bits, "similarity": "l2_norm", "index_options": map[string]any{"type": "flat"}}
			break
		}
		properties["hash"] = map[string]any{"type": "keyword", "norms": false, "index_options": "docs"}
	}
	columns := map[string]any{}
	for name, numbers := range s.Columns {
		columns[name] = map[string]any{"type": "keyword", "ignore_above": columnLimit}
		if numbers {
			columns[name] = map[string]any{"type": "double"}
		}
	}
	properties["column"] = map[string]any{"type": "object", "dynamic": "strict", "subobjects": false, "properties": columns}
	body, err := json.Marshal(map[string]any{
		"settings": map[string]any{"number_of_shards": max(s.Shards, 1), "auto_expand_replicas": "0-1", "refresh_interval": "-1"},
		"mappings": map[string]any{"dynamic": "strict", "_meta": map[string]any{"vectory": s.Meta}, "_source": map[string]any{"excludes": []string{"vec", "hash", "bits"}}, "properties": properties},
	})
	if err != nil {
		return err
	}
	return c.do(ctx, esapi.IndicesCreateRequest{Index: s.Name, Body: strings.NewReader(string(body))}, nil)
}

// columnLimit is how many characters of a text can be filtered by.
const columnLimit = 256

// Delete removes an index of this installation; that it is gone already is no error.
func (c *Cluster) Delete(ctx context.Context, name, installation string) error {
	meta, ok, err := c.meta(ctx, name)
	if err != nil || !ok {
		return err
	}
	if meta == nil || meta.Installation != installation {
		return catalog.Errorf(catalog.Forbidden, "the index %s was not made by this installation", name).WithHint("delete it in the cluster if you are sure")
	}
	return c.do(ctx, esapi.IndicesDeleteRequest{Index: []string{name}}, nil)
}

// meta reads the mark of an index: nil when it carries none of ours; not ok when there is no such index.
func (c *Cluster) meta(ctx context.Context, name string) (m *search.Meta, ok bool, err error) {
	var reply map[string]marked
	if err := c.do(ctx, esapi.IndicesGetMappingRequest{Index: []string{name}}, &reply); err != nil {
		if catalog.CodeOf(err) == catalog.NotFound {
			return nil, false, nil
		}
		return nil, false, err
	}
	return reply[name].Mappings.Meta.Vectory, true, nil
}

// marked is the part of an index's mapping that has our mark.
type marked struct {
	Mappings struct {
		Meta struct {
			Vectory *search.Meta `json:"vectory"`
		} `json:"_meta"`
	} `json:"mappings"`
}

// State says how an index of ours stands in the cluster: "ready", "missing", "changed" (it holds something else),
// "incomplete" (it has another number of rows) or "blocked" (it is closed, or may not be read).
func (c *Cluster) State(ctx context.Context, name string, want search.Meta) (string, error) {
	m, ok, err := c.meta(ctx, name)
	switch {
	case err != nil:
		return "", err
	case !ok:
		return "missing", nil
	case m == nil || !m.Same(want):
		return "changed", nil
	}
	n, err := c.count(ctx, name, want.Fields)
	switch code := catalog.CodeOf(err); {
	case code == catalog.Conflict || code == catalog.Forbidden: // of this one: others can be looked at
		return "blocked", nil
	case err == nil && n != want.Rows:
		return "incomplete", nil
	}
	return "ready", err
}

// Survey lists the indices that have names of the installation, whoever made them.
func (c *Cluster) Survey(ctx context.Context, installation string) ([]search.Found, error) {
	var reply map[string]marked
	err := c.do(ctx, esapi.IndicesGetMappingRequest{Index: []string{search.Prefix + installation + "-*"}}, &reply)
	var list []search.Found
	for name, m := range reply {
		list = append(list, search.Found{Name: name, Meta: m.Mappings.Meta.Vectory})
	}
	slices.SortFunc(list, func(a, b search.Found) int { return cmp.Compare(a.Name, b.Name) })
	return list, err
}

// Publish lets an alias lead to an index, and to no former one, in one step.
func (c *Cluster) Publish(ctx context.Context, alias, index string) error {
	body, err := json.Marshal(map[string]any{"actions": []any{
		map[string]any{"remove": map[string]any{"index": alias + "-g*", "alias": alias, "must_exist": false}},
		map[string]any{"add": map[string]any{"index": index, "alias": alias}},
	}})
	if err != nil {
		return err
	}
	return c.do(ctx, esapi.IndicesUpdateAliasesRequest{Body: bytes.NewReader(body)}, nil)
}

// Holds counts the rows of each block of so many that an index holds: that of an earlier load, when it has the mark that
// is wanted. ok is false when there is no such index.
func (c *Cluster) Holds(ctx context.Context, name string, want search.Meta, block int) (counts map[int]int, ok bool, err error) {
	m, ok, err := c.meta(ctx, name)
	if err != nil || !ok || m == nil || !m.Same(want) {
		return nil, false, err
	}
	if err := c.awake(ctx, name); err != nil {
		return nil, false, err
	}
	if err := c.refresh(ctx, name); err != nil {
		return nil, false, err
	}
	var reply struct {
		Shards       shards `json:"_shards"`
		Aggregations struct {
			Blocks struct {
				Buckets []struct {
					Key   float64 `json:"key"`
					Count int     `json:"doc_count"`
				} `json:"buckets"`
			} `json:"blocks"`
		} `json:"aggregations"`
	}
	body := `{"size":0,"query":` + whole(want.Fields) + `,"aggs":{"blocks":{"histogram":{"field":"row","min_doc_count":1,"interval":` + strconv.Itoa(block) + `}}}}`
	err = c.do(ctx, esapi.SearchRequest{Index: []string{name}, Body: strings.NewReader(body), FilterPath: []string{"_shards", "aggregations"}}, &reply)
	if err == nil {
		err = reply.Shards.complete()
	}
	counts = map[int]int{}
	for _, b := range reply.Aggregations.Blocks.Buckets {
		counts[int(b.Key)/block] = b.Count
	}
	return counts, true, err
}

// busy reports whether a status may be another one a moment later.
func busy(status int) bool {
	return status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable || status == http.StatusBadGateway || status == http.StatusGatewayTimeout
}
