package elastic_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

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
	return elastic.Open(elastic.Config{URL: server.URL})
}

func rows(n int) func(row int) (search.Doc, bool, error) {
	return func(row int) (search.Doc, bool, error) {
		return search.Doc{Row: row, ID: fmt.Sprint(row), Vector: []float32{1, float32(row)}}, row < n, nil
	}
}

// sent is how many rows a bulk request has: two documents each, which end with the byte that is nowhere in them.
func sent(body []byte) int { return bytes.Count(body, []byte{0xff}) / 2 }

// items answers a bulk request: what says gives the item of the i-th row that was sent.
func items(w http.ResponseWriter, r *http.Request, what func(i int) string) {
	body, _ := io.ReadAll(r.Body)
	n := sent(body)
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
	var calls, rowsSent atomic.Int64
	c := scripted(t, func(w http.ResponseWriter, r *http.Request) {
		first := calls.Add(1) == 1
		items(w, r, func(i int) string {
			rowsSent.Add(1)
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
	if calls.Load() != 2 || rowsSent.Load() != 15 || done != 10 {
		t.Errorf("%d requests with %d rows, %d told of", calls.Load(), rowsSent.Load(), done)
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

// What a cluster says of one row, and what it means: for good, or the index is not there as it was.
func TestFaultsOfARowEndTheLoad(t *testing.T) {
	for name, c := range map[string]struct {
		status       int
		kind, reason string
		code         catalog.Code
		says         string
	}{
		"not of unit length":  {400, "document_parsing_exception", "The [dot_product] similarity can only be used with unit-length vectors", catalog.Invalid, "row 3: Elasticsearch refuses: document_parsing_exception: The [dot_product]"},
		"another width":       {400, "document_parsing_exception", "The [dense_vector] field [vec] has a different number of dimensions [3] than defined in the mapping [2]", catalog.Invalid, "different number of dimensions"},
		"no number":           {400, "parsing_exception", "Failed to parse object: expecting token of type [VALUE_NUMBER] but found [VALUE_NULL]", catalog.Invalid, "row 3: Elasticsearch refuses: parsing_exception"},
		"no such index":       {404, "index_not_found_exception", "no such index [x]", catalog.NotFound, "row 3: the index is not in the cluster any more"},
		"a closed index":      {400, "index_closed_exception", "closed", catalog.Conflict, "row 3: the index is closed"},
		"a new column":        {400, "strict_dynamic_mapping_exception", "mapping set to strict, dynamic introduction of [a] within [column] is not allowed", catalog.Conflict, "its mapping was changed"},
		"a block of the user": {403, "cluster_block_exception", "index [x] blocked by: [FORBIDDEN/8/index write (api)];", catalog.Forbidden, "row 3: the index is read-only"},
		"a read-only index":   {403, "cluster_block_exception", "index [x] blocked by: [FORBIDDEN/5/index read-only (api)];", catalog.Forbidden, "row 3: the index is read-only"},
	} {
		cluster := scripted(t, func(w http.ResponseWriter, r *http.Request) {
			items(w, r, func(i int) string {
				if i != 3 {
					return taken
				}
				return fmt.Sprintf(`{"index":{"status":%d,"error":{"type":%q,"reason":%q}}}`, c.status, c.kind, c.reason)
			})
		})
		err := cluster.Load(t.Context(), "x", 10, rows(10), search.Loading{Threads: 1})
		if catalog.CodeOf(err) != c.code || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v (%s)", name, err, catalog.CodeOf(err))
		}
	}
}

// A primary without a node, and a connection that is cut, as by a body above the server's limit: rows are sent again.
func TestRowsThatWereNotTakenForNowAreSentAgain(t *testing.T) {
	for name, fault := range map[string]func(w http.ResponseWriter, r *http.Request){
		"no primary": func(w http.ResponseWriter, r *http.Request) {
			items(w, r, func(int) string {
				return `{"index":{"status":503,"error":{"type":"unavailable_shards_exception","reason":"[x][0] primary shard is not active Timeout: [1m]"}}}`
			})
		},
		"a cut connection": func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err == nil {
				_ = conn.Close()
			}
		},
		"half an answer": func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"errors":false,"items":[`+taken+`]}`) },
	} {
		calls, sent, done := 0, 0, 0
		c := scripted(t, func(w http.ResponseWriter, r *http.Request) {
			if calls++; calls == 1 {
				fault(w, r)
				return
			}
			items(w, r, func(int) string { sent++; return taken })
		})
		err := c.Load(t.Context(), "x", 4, rows(4), search.Loading{Threads: 1, Done: func(rows int) { done += rows }})
		if err != nil || calls != 2 || sent != 4 || done != 4 {
			t.Errorf("%s: %d requests, %d rows sent, %d told of: %v", name, calls, sent, done, err)
		}
	}
}

// What is in flight is too much for the memory of the cluster: after a pause it gets the rows in halves.
func TestABatchThatIsRejectedIsHalvedAfterAPause(t *testing.T) {
	var sizes []int
	c := scripted(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		n := sent(body)
		sizes = append(sizes, n)
		if n > 5 {
			w.WriteHeader(http.StatusTooManyRequests)
			fmt.Fprint(w, `{"error":{"type":"es_rejected_execution_exception","reason":"rejected execution of coordinating operation [coordinating_and_primary_bytes=0]"}}`)
			return
		}
		fmt.Fprintf(w, `{"errors":false,"items":[%s]}`, strings.TrimSuffix(strings.Repeat(taken+",", n), ","))
	})
	if err := c.Load(t.Context(), "x", 10, rows(10), search.Loading{Threads: 1}); err != nil || !slices.Equal(sizes, []int{10, 5, 5}) {
		t.Errorf("%v, %v", sizes, err)
	}
}

// No request comes near the limit of a server, however wide the rows are.
func TestRequestsStayBelowTheLimitOfAServer(t *testing.T) {
	longest, sent := 0, 0
	c := scripted(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		longest = max(longest, len(body))
		r.Body = io.NopCloser(bytes.NewReader(body))
		items(w, r, func(int) string { sent++; return taken })
	})
	wide := make([]float32, 4096)
	for i := range wide {
		wide[i] = 1 / (3 + float32(i))
	}
	err := c.Load(t.Context(), "x", 400, func(row int) (search.Doc, bool, error) {
		return search.Doc{Row: row, ID: fmt.Sprint(row), Vector: wide}, true, nil
	}, search.Loading{Threads: 1})
	if err != nil || sent != 400 || longest > 10<<20 || longest < 4<<20 {
		t.Errorf("%d rows, %d bytes: %v", sent, longest, err)
	}
}

// A document may be taken without its vector: the rows are counted by it before the index is called ready.
func TestRowsWithoutTheirVectorAreMissed(t *testing.T) {
	asked := ""
	c := scripted(t, func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.URL.Path, "_count") {
			fmt.Fprint(w, `{}`)
			return
		}
		body, _ := io.ReadAll(r.Body)
		asked = string(body)
		fmt.Fprint(w, `{"count":9,"_shards":{"total":1,"successful":1,"failed":0}}`)
	})
	err := c.Finish(t.Context(), "x", search.Meta{Rows: 10, Fields: []string{"vec"}})
	if catalog.CodeOf(err) != catalog.Unavailable || !strings.Contains(err.Error(), "has 9 rows after 10 were sent") || !strings.Contains(asked, `{"exists":{"field":"vec"}}`) {
		t.Errorf("%v; asked %s", err, asked)
	}
}

// A shard without a node is waited for, then told with the cluster's own reason.
func TestAShardWithoutANodeIsExplained(t *testing.T) {
	c := scripted(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "explain") {
			fmt.Fprint(w, `{"allocate_explanation":"no node may have it","node_allocation_decisions":[{"deciders":[{"explanation":"the disk is full"}]}]}`)
			return
		}
		w.WriteHeader(http.StatusRequestTimeout)
		fmt.Fprint(w, `{"status":"red","timed_out":true}`)
	})
	err := c.Finish(t.Context(), "x", search.Meta{Rows: 1, Fields: []string{"vec"}})
	if catalog.CodeOf(err) != catalog.Unavailable || !strings.Contains(err.Error(), "some shards of the index have no node: no node may have it: the disk is full") {
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
		{"nobody known", `{"error":{"type":"security_exception","reason":"missing authentication credentials"}}`, 401, catalog.Unauthorized, "wants to know who asks"},
		{"no rights", `{"error":{"type":"security_exception","reason":"action is unauthorized"}}`, 403, catalog.Forbidden, "refuses"},
		{"a full disk", `{"error":{"type":"cluster_block_exception","reason":"index [x] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark]"}}`, 429, catalog.NoSpace, "disk of Elasticsearch is nearly full"},
		{"read-only", `{"error":{"type":"cluster_block_exception","reason":"index [x] blocked by: [FORBIDDEN/8/index write (api)]"}}`, 403, catalog.Forbidden, "the index is read-only"},
		{"gone", `{"error":{"type":"index_not_found_exception","reason":"no such index [x]"}}`, 404, catalog.NotFound, "not in the cluster any more"},
		{"taken", `{"error":{"type":"resource_already_exists_exception","reason":"index [x] already exists"}}`, 400, catalog.Conflict, "already"},
		{"too many shards", `{"error":{"type":"validation_exception","reason":"this action would add [2] shards, but this cluster currently has [1000]/[1000] maximum shards open"}}`, 400, catalog.TooLarge, "no more shards"},
		{"little memory", `{"error":{"type":"circuit_breaking_exception","reason":"[parent] Data too large"}}`, 429, catalog.TooLarge, "too little memory"},
		{"busy", `{"error":{"type":"es_rejected_execution_exception","reason":"rejected"}}`, 429, catalog.Unavailable, "too busy"},
		{"no primary", `{"error":{"type":"unavailable_shards_exception","reason":"[x][0] primary shard is not active Timeout: [1m]"}}`, 503, catalog.Unavailable, "primary shard is not active"},
		{"no shard", `{"error":{"type":"search_phase_execution_exception","reason":"all shards failed","caused_by":{"type":"no_shard_available_action_exception","reason":"none"}}}`, 503, catalog.Unavailable, "no_shard_available_action_exception"},
		{"searches queue", `{"error":{"type":"search_phase_execution_exception","reason":"all shards failed","caused_by":{"type":"es_rejected_execution_exception","reason":"queue"}}}`, 429, catalog.Unavailable, "too busy"},
		{"not to be read", `{"error":{"type":"cluster_block_exception","reason":"index [x] blocked by: [FORBIDDEN/7/index read (api)];"}}`, 403, catalog.Forbidden, "may not be read"},
		{"cluster read-only", `{"error":{"type":"cluster_block_exception","reason":"blocked by: [FORBIDDEN/6/cluster read-only (api)]"}}`, 403, catalog.Forbidden, "the cluster is read-only"},
		{"closed", `{"error":{"type":"index_closed_exception","reason":"closed"}}`, 400, catalog.Conflict, "closed"},
		{"too many dimensions", `{"error":{"type":"mapper_parsing_exception","reason":"The number of dimensions should be in the range [1, 4096] but was [4097]"}}`, 400, catalog.Invalid, "range [1, 4096]"},
		{"another column", `{"error":{"type":"strict_dynamic_mapping_exception","reason":"mapping set to strict"}}`, 400, catalog.Conflict, "mapping was changed"},
		{"another field", `{"error":{"root_cause":[{"type":"query_shard_exception","reason":"failed to create query: [knn] queries are only supported on [dense_vector] fields"}],"type":"search_phase_execution_exception","reason":"all shards failed"}}`, 400, catalog.Conflict, "mapping was changed"},
		{"licence", `{"error":{"type":"security_exception","reason":"current license is non-compliant for [x]"}}`, 403, catalog.Forbidden, "license is non-compliant"},
		{"no type of a body", `{"error":"Content-Type header [text/plain] is not supported","status":406}`, 406, catalog.Invalid, "Not Acceptable"},
		{"a body that is none", `{"error":{"type":"illegal_argument_exception","reason":"The bulk request must be terminated by a newline [\\n]"}}`, 400, catalog.Invalid, "terminated by a newline"},
		{"nothing to do", `{"error":{"type":"parse_exception","reason":"request body is required"}}`, 400, catalog.Invalid, "request body is required"},
		{"no such path", `{"error":"Incorrect HTTP method for uri [/x/_nodes] and method [GET], allowed: [POST]","status":405}`, 405, catalog.Unavailable, "nothing there"},
		{"versions", `{"error":{"type":"media_type_header_exception","reason":"Invalid media-type value"}}`, 400, catalog.Invalid, "media"},
		{"broken", `oops`, 502, catalog.Unavailable, "failed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			cluster := scripted(t, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(c.status)
				fmt.Fprint(w, c.body)
			})
			err := cluster.Finish(t.Context(), "x", search.Meta{Rows: 1, Fields: []string{"vec"}})
			if catalog.CodeOf(err) != c.code || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v (%s)", err, catalog.CodeOf(err))
			}
		})
	}
}

func TestAnAnswerThatLacksShardsIsNoAnswer(t *testing.T) {
	for name, reply := range map[string]string{
		"a shard failed": `{"status":200,"_shards":{"failed":1},"hits":{"hits":[{"fields":{"row":[4]}}]}}`,
		"out of time":    `{"status":200,"_shards":{"failed":0},"timed_out":true,"hits":{"hits":[]}}`,
		"none is told":   `{"status":200,"hits":{"hits":[{"fields":{"row":[4]}}]}}`,
		"no primary":     `{"status":503,"error":{"type":"search_phase_execution_exception","reason":"all shards failed"}}`,
		"one refused":    `{"status":429,"error":{"type":"es_rejected_execution_exception","reason":"queue"}}`,
		"one of none":    ``,
	} {
		for queries := 1; queries <= 2; queries++ {
			c := scripted(t, func(w http.ResponseWriter, _ *http.Request) {
				if queries == 2 {
					fmt.Fprintf(w, `{"responses":[%s]}`, strings.TrimSuffix(strings.Repeat(reply+",", 2), ","))
					return
				}
				var said struct{ Status int }
				if json.Unmarshal([]byte(reply), &said) == nil {
					w.WriteHeader(said.Status)
				}
				fmt.Fprint(w, reply)
			})
			if _, err := c.Search(t.Context(), search.Wanted{Index: "x", Model: "exact", K: 3}, slices.Repeat([]search.Query{{Vector: []float32{1}}}, queries)); catalog.CodeOf(err) != catalog.Unavailable {
				t.Errorf("%s, %d queries: %v", name, queries, err)
			}
		}
	}
}

// Every answer of many is looked at by itself, and a missing shard may not be passed over.
func TestEachAnswerOfManyIsLookedAt(t *testing.T) {
	good := `{"status":200,"_shards":{"failed":0},"hits":{"hits":[{"fields":{"row":[4]}}]}}`
	for says, second := range map[string]string{
		"zero magnitude":               `{"status":400,"error":{"type":"query_shard_exception","reason":"failed to create query: The [cosine] similarity does not support vectors with zero magnitude."}}`,
		"not in the cluster any more":  `{"status":404,"error":{"type":"index_not_found_exception","reason":"no such index [x]"}}`,
		"too busy":                     `{"status":429,"error":{"type":"search_phase_execution_exception","reason":"","caused_by":{"type":"es_rejected_execution_exception","reason":"queue"}}}`,
		"did not answer, so that neig": `{"status":200,"_shards":{"failed":1},"hits":{"hits":[]}}`,
	} {
		asked := ""
		c := scripted(t, func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			asked = string(body)
			fmt.Fprintf(w, `{"responses":[%s,%s]}`, good, second)
		})
		_, err := c.Search(t.Context(), search.Wanted{Index: "x", Model: "exact", K: 3}, []search.Query{{Vector: []float32{1}}, {Vector: []float32{0}}})
		if err == nil || !strings.Contains(err.Error(), says) || strings.Count(asked, `{"allow_partial_search_results":false}`) != 2 {
			t.Errorf("%v; asked %s", err, asked)
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

// Rows of an index are counted only when all of its shards have answered.
func TestACountThatLacksShardsIsNoCount(t *testing.T) {
	c := scripted(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "_count") {
			fmt.Fprint(w, `{"count":7,"_shards":{"total":3,"successful":2,"failed":1}}`)
			return
		}
		fmt.Fprint(w, `{}`)
	})
	if err := c.Finish(t.Context(), "x", search.Meta{Rows: 7, Fields: []string{"vec"}}); catalog.CodeOf(err) != catalog.Unavailable || !strings.Contains(err.Error(), "1 of 3 shards") {
		t.Errorf("%v", err)
	}
}

// An index that is closed or may not be read is told by itself: it is no reason not to look at the others.
func TestAnIndexThatCannotBeReadIsBlocked(t *testing.T) {
	for name, fault := range map[string]struct {
		status int
		body   string
		want   string
	}{
		"closed":  {400, `{"error":{"type":"index_closed_exception","reason":"closed"}}`, "blocked"},
		"no read": {403, `{"error":{"type":"cluster_block_exception","reason":"index [x] blocked by: [FORBIDDEN/7/index read (api)];"}}`, "blocked"},
		"short":   {200, `{"count":6,"_shards":{"total":1,"successful":1,"failed":0}}`, "incomplete"},
		"whole":   {200, `{"count":7,"_shards":{"total":1,"successful":1,"failed":0}}`, "ready"},
	} {
		c := scripted(t, func(w http.ResponseWriter, r *http.Request) {
			if strings.Contains(r.URL.Path, "_mapping") {
				fmt.Fprint(w, `{"x":{"mappings":{"_meta":{"vectory":{"installation":"i","rows":7,"params":{}}}}}}`)
				return
			}
			w.WriteHeader(fault.status)
			fmt.Fprint(w, fault.body)
		})
		if state, err := c.State(t.Context(), "x", search.Meta{Installation: "i", Rows: 7, Params: []byte("{}")}); state != fault.want || err != nil {
			t.Errorf("%s: %s, %v", name, state, err)
		}
	}
}

// Who watches is told once when a cluster answers again after it did not.
func TestAClusterThatIsBackIsTold(t *testing.T) {
	var down atomic.Bool
	c := scripted(t, func(w http.ResponseWriter, _ *http.Request) {
		if down.Load() {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err == nil {
				_ = conn.Close()
			}
			return
		}
		fmt.Fprint(w, `{}`)
	})
	told := func() bool {
		_ = c.Publish(t.Context(), "alias", "index")
		select {
		case <-c.Back():
			return true
		default:
			return false
		}
	}
	var got []bool
	for _, is := range []bool{false, true, true, false, false} {
		down.Store(is)
		got = append(got, told())
	}
	if !slices.Equal(got, []bool{false, false, false, true, false}) {
		t.Errorf("told %v", got)
	}
}

// A batch that is too large for the memory of the cluster is sent in halves; one row that is too large is refused.
func TestABatchThatIsTooLargeIsHalved(t *testing.T) {
	var sizes []int
	c := scripted(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		n := sent(body)
		if n > 3 {
			w.WriteHeader(http.StatusTooManyRequests)
			fmt.Fprint(w, `{"error":{"type":"circuit_breaking_exception","reason":"[parent] Data too large"}}`)
			return
		}
		sizes = append(sizes, n)
		fmt.Fprintf(w, `{"errors":false,"items":[%s]}`, strings.TrimSuffix(strings.Repeat(taken+",", n), ","))
	})
	if err := c.Load(t.Context(), "x", 10, rows(10), search.Loading{Threads: 1}); err != nil || !slices.Equal(sizes, []int{2, 3, 2, 3}) {
		t.Errorf("%v, %v", sizes, err)
	}
}

// A full disk is waited for, and told; then the load goes on by itself.
func TestAFullDiskIsWaitedFor(t *testing.T) {
	calls, told := 0, ""
	c := scripted(t, func(w http.ResponseWriter, r *http.Request) {
		if calls++; calls <= 4 {
			items(w, r, func(int) string {
				return `{"index":{"status":429,"error":{"type":"cluster_block_exception","reason":"index [x] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark, index has read-only-allow-delete block]"}}}`
			})
			return
		}
		items(w, r, func(int) string { return taken })
	})
	err := c.Load(t.Context(), "x", 3, rows(3), search.Loading{Threads: 1, Waiting: func(why string) { told = why }})
	if err != nil || !strings.Contains(told, "disk of Elasticsearch is nearly full") {
		t.Errorf("told %q, %v", told, err)
	}
}

// A cluster that stays away ends the load, and the message says why.
func TestAClusterThatStaysAwayEndsTheLoad(t *testing.T) {
	defer func(p time.Duration) { elastic.Patience = p }(elastic.Patience)
	elastic.Patience = 0
	c := scripted(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprint(w, `{"error":{"type":"unavailable_shards_exception","reason":"primary shard is not active"}}`)
	})
	if err := c.Load(t.Context(), "x", 3, rows(3), search.Loading{}); catalog.CodeOf(err) != catalog.Unavailable || !strings.Contains(err.Error(), "primary shard is not active") {
		t.Errorf("%v", err)
	}
}

// Hashes and bits choose the candidates of a search, and vectors score them in that same search: filters hold for both.
func TestCandidatesAreScoredInTheSameSearch(t *testing.T) {
	where := `{"term":{"column.label":3}}`
	sharing := func(least string) string {
		return `{"bool":{"filter":[` + where + `],"should":[{"constant_score":{"filter":{"term":{"hash":"0.a"}}}},{"constant_score":{"filter":{"term":{"hash":"1.b"}}}}],"minimum_should_match":` + least + `}}`
	}
	bits := func(k string) string {
		return `{"knn":{"field":"bits","query_vector":"ff01","k":` + k + `,"num_candidates":` + k + `,"filter":[` + where + `]}}`
	}
	vector := `"query":{"knn":{"field":"vec","query_vector":[1,-0.5],"k":21,"num_candidates":`
	for _, c := range []struct {
		name  string
		model string
		q     search.Query
		want  string
	}{
		{"exact", "exact", search.Query{Vector: []float32{1, -0.5}}, vector + `21,"filter":[` + where + `]}}`},
		{"a graph", "hnsw", search.Query{Vector: []float32{1, -0.5}}, vector + `210,"filter":[` + where + `]}}`},
		{"hashes", "lsh", search.Query{Vector: []float32{1, -0.5}, Hashes: []uint64{10, 11}}, vector + `21,"filter":[` + sharing("2") + `]}}`},
		{"bits", "lsh", search.Query{Vector: []float32{1, -0.5}, Bits: []byte{255, 1}}, vector + `21,"filter":[` + bits("500") + `]}}`},
		{"hashes alone", "lsh", search.Query{Hashes: []uint64{10, 11}}, `"query":` + sharing("1")},
		{"bits alone", "lsh", search.Query{Bits: []byte{255, 1}}, `"query":` + bits("21")},
	} {
		t.Run(c.name, func(t *testing.T) {
			// One is asked by itself, several in one request: in the same words.
			want := `{"size":21,"_source":false,"stored_fields":"_none_","docvalue_fields":["row"],"track_total_hits":false,` + c.want + "}"
			asked := map[string]string{}
			cluster := scripted(t, func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				asked[r.URL.Path] = string(body)
				hit := `{"_shards":{"failed":0},"hits":{"hits":[{"fields":{"row":[4]}}]}}`
				if r.URL.Path == "/x/_msearch" {
					hit = `{"responses":[` + hit + `,` + hit + `]}`
				} else if r.URL.Query().Get("allow_partial_search_results") != "false" {
					t.Errorf("some rows would do: %s", r.URL)
				}
				fmt.Fprint(w, hit)
			})
			for queries := 1; queries <= 2; queries++ {
				rows, err := cluster.Search(t.Context(), search.Wanted{Index: "x", Model: c.model, K: 21, Least: 2, Where: []search.Filter{{Column: "label", Op: "=", Value: "3", Number: true}}}, slices.Repeat([]search.Query{c.q}, queries))
				if err != nil || len(rows) != queries || !slices.Equal(rows[0], []int32{4}) {
					t.Fatalf("%v, %v", rows, err)
				}
			}
			line := `{"allow_partial_search_results":false}` + "\n" + want + "\n"
			if diff := cmp.Diff(map[string]string{"/x/_search": want, "/x/_msearch": line + line}, asked); diff != "" {
				t.Error(diff)
			}
		})
	}
}
