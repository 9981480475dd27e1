package elastic_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/search"
	"github.com/pentoai/vectory/internal/search/elastic"
)

// scripted is a server that answers what a real one will not on demand; everything else is tested against a real one.
func scripted(t *testing.T, answer http.HandlerFunc) *elastic.Cluster {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Elastic-Product", "Elasticsearch")
		w.Header().Set("Content-Type", "application/json")
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	c, err := elastic.Open(elastic.Config{URL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func rows(n int) func(row int) (search.Doc, bool, error) {
	return func(row int) (search.Doc, bool, error) {
		return search.Doc{Row: row, ID: fmt.Sprint(row), Vector: []float32{1, float32(row)}}, row < n, nil
	}
}

// items answers a bulk request: what says gives the item of the i-th row that was sent.
func items(w http.ResponseWriter, r *http.Request, what func(i int) string) {
	body, _ := io.ReadAll(r.Body)
	n := strings.Count(string(body), "\n") / 2
	list := make([]string, n)
	for i := range list {
		list[i] = what(i)
	}
	fmt.Fprintf(w, `{"errors":true,"items":[%s]}`, strings.Join(list, ","))
}

const (
	taken = `{"index":{"status":201}}`
	full  = `{"index":{"status":429,"error":{"type":"es_rejected_execution_exception","reason":"queue full"}}}`
)

func TestRowsThatTheClusterIsTooBusyForAreSentAgain(t *testing.T) {
	var calls, sent atomic.Int64
	c := scripted(t, func(w http.ResponseWriter, r *http.Request) {
		first := calls.Add(1) == 1
		items(w, r, func(i int) string {
			sent.Add(1)
			if first && i%2 == 1 {
				return full
			}
			return taken
		})
	})
	done := 0
	if err := c.Load(t.Context(), "x", 10, rows(10), search.Loading{Threads: 1, Done: func(rows int) { done += rows }}); err != nil {
		t.Fatal(err)
	}
	if calls.Load() != 2 || sent.Load() != 15 || done != 10 {
		t.Errorf("%d requests with %d rows, %d told of", calls.Load(), sent.Load(), done)
	}
}

func TestARowThatIsRefusedForGoodIsNamed(t *testing.T) {
	c := scripted(t, func(w http.ResponseWriter, r *http.Request) {
		items(w, r, func(i int) string {
			if i == 3 {
				return `{"index":{"status":400,"error":{"type":"document_parsing_exception","reason":"failed","caused_by":{"type":"illegal_argument_exception","reason":"zero magnitude"}}}}`
			}
			return taken
		})
	})
	err := c.Load(t.Context(), "x", 10, rows(10), search.Loading{Threads: 1})
	if catalog.CodeOf(err) != catalog.Invalid || !strings.Contains(err.Error(), "row 3: ") || !strings.Contains(err.Error(), "zero magnitude") {
		t.Errorf("%v", err)
	}
}

func TestACanceledLoadEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	c := scripted(t, func(w http.ResponseWriter, r *http.Request) {
		cancel()
		items(w, r, func(int) string { return full })
	})
	if err := c.Load(ctx, "x", 10, rows(10), search.Loading{}); catalog.CodeOf(err) != catalog.Canceled {
		t.Errorf("%v", err)
	}
}

func TestFaultsOfAClusterSayWhatToDo(t *testing.T) {
	for _, c := range []struct {
		name, body string
		status     int
		code       catalog.Code
		says       string
	}{
		{"nobody known", `{"error":{"type":"security_exception","reason":"missing authentication credentials"}}`, 401, catalog.Unauthorized, "does not know who asks"},
		{"no rights", `{"error":{"type":"security_exception","reason":"action is unauthorized"}}`, 403, catalog.Forbidden, "refuses"},
		{"a full disk", `{"error":{"type":"cluster_block_exception","reason":"index [x] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark]"}}`, 429, catalog.NoSpace, "disk of Elasticsearch is nearly full"},
		{"read-only", `{"error":{"type":"cluster_block_exception","reason":"index [x] blocked by: [FORBIDDEN/8/index write (api)]"}}`, 403, catalog.Forbidden, "read-only"},
		{"gone", `{"error":{"type":"index_not_found_exception","reason":"no such index [x]"}}`, 404, catalog.NotFound, "not in the cluster any more"},
		{"taken", `{"error":{"type":"resource_already_exists_exception","reason":"index [x] already exists"}}`, 400, catalog.Conflict, "already"},
		{"too many shards", `{"error":{"type":"validation_exception","reason":"this action would add [2] shards, but this cluster currently has [1000]/[1000] maximum shards open"}}`, 400, catalog.TooLarge, "no more shards"},
		{"little memory", `{"error":{"type":"circuit_breaking_exception","reason":"[parent] Data too large"}}`, 429, catalog.TooLarge, "too little memory"},
		{"busy", `{"error":{"type":"es_rejected_execution_exception","reason":"rejected"}}`, 429, catalog.Unavailable, "too busy"},
		{"broken", `oops`, 502, catalog.Unavailable, "failed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			cluster := scripted(t, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(c.status)
				fmt.Fprint(w, c.body)
			})
			err := cluster.Finish(t.Context(), "x", 1)
			if catalog.CodeOf(err) != c.code || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v (%s)", err, catalog.CodeOf(err))
			}
		})
	}
}

func TestAnAnswerThatLacksShardsIsNoAnswer(t *testing.T) {
	for name, reply := range map[string]string{
		"a shard failed": `{"responses":[{"status":200,"_shards":{"failed":1},"hits":{"hits":[{"fields":{"row":[4]}}]}}]}`,
		"out of time":    `{"responses":[{"status":200,"timed_out":true,"hits":{"hits":[]}}]}`,
		"one of none":    `{"responses":[]}`,
		"one refused":    `{"responses":[{"status":429,"error":{"type":"es_rejected_execution_exception","reason":"queue"}}]}`,
	} {
		c := scripted(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, reply) })
		if _, err := c.Search(t.Context(), search.Wanted{Index: "x", Model: "exact", K: 3}, []search.Query{{Vector: []float32{1}}}); catalog.CodeOf(err) != catalog.Unavailable {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnIndexThatIsNotOursIsNeverDeleted(t *testing.T) {
	for name, mapping := range map[string]string{
		"without a mark":            `{"x":{"mappings":{}}}`,
		"of another installation":   `{"x":{"mappings":{"_meta":{"vectory":{"installation":"other"}}}}}`,
		"with the mark of somebody": `{"x":{"mappings":{"_meta":{"somebody":{"installation":"mine"}}}}}`,
	} {
		deleted := false
		c := scripted(t, func(w http.ResponseWriter, r *http.Request) {
			deleted = deleted || r.Method == http.MethodDelete
			fmt.Fprint(w, mapping)
		})
		if err := c.Delete(t.Context(), "x", "mine"); catalog.CodeOf(err) != catalog.Forbidden || deleted {
			t.Errorf("%s: %v, deleted: %t", name, err, deleted)
		}
	}
}

func TestSomethingElseThanElasticsearchIsNamed(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"version":{"distribution":"opensearch"}}`)
	}))
	defer server.Close()
	c, err := elastic.Open(elastic.Config{URL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Health(t.Context()); catalog.CodeOf(err) != catalog.Unavailable || !strings.Contains(err.Error(), "is no Elasticsearch") {
		t.Errorf("%v", err)
	}
	old := scripted(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"nodes":{"a":{"version":"7.16.2"}}}`) })
	if _, err := old.Health(t.Context()); err == nil || !strings.Contains(err.Error(), "7.16.2 is not supported") {
		t.Errorf("%v", err)
	}
	none, err := elastic.Open(elastic.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := none.Health(t.Context()); catalog.CodeOf(err) != catalog.Unavailable || !strings.Contains(err.Error(), "no Elasticsearch is named") {
		t.Errorf("%v", err)
	}
}
