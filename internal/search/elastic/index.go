package elastic

import (
	"context"
	"encoding/json"
	"net/http"
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
		"settings": map[string]any{"number_of_shards": max(s.Shards, 1), "number_of_replicas": 0, "refresh_interval": "-1"},
		"mappings": map[string]any{"dynamic": "strict", "_meta": map[string]any{"vectory": s.Meta}, "_source": map[string]any{"excludes": []string{"vec", "hash"}}, "properties": properties},
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
	var reply map[string]struct {
		Mappings struct {
			Meta struct {
				Vectory *search.Meta `json:"vectory"`
			} `json:"_meta"`
		} `json:"mappings"`
	}
	if err := c.do(ctx, esapi.IndicesGetMappingRequest{Index: []string{name}}, &reply); err != nil {
		if catalog.CodeOf(err) == catalog.NotFound {
			return nil, false, nil
		}
		return nil, false, err
	}
	return reply[name].Mappings.Meta.Vectory, true, nil
}

// State says how an index of ours stands in the cluster: "ready", "missing", "changed" (it holds something else) or
// "incomplete" (it has another number of rows).
func (c *Cluster) State(ctx context.Context, name string, want search.Meta) (string, error) {
	m, ok, err := c.meta(ctx, name)
	switch {
	case err != nil:
		return "", err
	case !ok:
		return "missing", nil
	case m == nil || m.Installation != want.Installation || m.Matrix != want.Matrix || m.Model != want.Model || m.Similarity != want.Similarity:
		return "changed", nil
	}
	n, err := c.count(ctx, name)
	if err == nil && n != want.Rows {
		return "incomplete", nil
	}
	return "ready", err
}

// Orphans lists the indices of the installation that are not among the known ones.
func (c *Cluster) Orphans(ctx context.Context, installation string, known func(name string) bool) ([]string, error) {
	var reply map[string]json.RawMessage
	err := c.do(ctx, esapi.IndicesGetRequest{Index: []string{search.Prefix + installation + "-*"}, FilterPath: []string{"*.aliases"}, AllowNoIndices: yes()}, &reply)
	var list []string
	for name := range reply {
		if !known(name) {
			list = append(list, name)
		}
	}
	return list, err
}

func yes() *bool { v := true; return &v }

// busy reports whether a status may be another one a moment later.
func busy(status int) bool {
	return status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable || status == http.StatusBadGateway || status == http.StatusGatewayTimeout
}
