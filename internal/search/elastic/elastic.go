// Package elastic keeps copies of embedding spaces in an Elasticsearch cluster and searches them there. It promises that
// an index is called ready only when the cluster has as many documents as were sent, that only indices which carry our
// mark and this installation's name are ever changed or deleted, that a fault comes back as a catalog.Error which says
// what to do, and that nothing needs a script, a plugin or more than a basic licence.
//
// An index is a copy: it can always be made again. Distances are never taken from the cluster's scores; who asks ranks
// the rows that it names by their own vectors.
package elastic

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/elastic/go-elasticsearch/v8/esapi"

	"github.com/pentoai/vectory/internal/catalog"
)

// Cluster is a connection to a cluster. Its methods may be called from any goroutine; nothing is sent before the first
// call.
type Cluster struct {
	config Config
	mu     sync.Mutex
	now    connection
	away   bool // it has not answered
	base64 bool // the one of now, as it last told its health, takes vectors in base64
	back   chan struct{}
}

// Open names the cluster. Without an address, or with one that cannot be, every call says so: what needs no cluster goes on.
func Open(c Config) *Cluster { return &Cluster{config: c, back: make(chan struct{}, 1)} }

// connection is the present one: the server of this machine may have come meanwhile.
func (c *Cluster) connection() (connection, error) {
	url := c.config.URL
	if url == "" && c.config.Local != nil {
		url = c.config.Local()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if url == c.now.url {
		return c.now, nil
	}
	next, err := c.config.connect(url)
	if err == nil {
		c.away = c.away || c.now.url != "" // another, perhaps with the data of before
		c.now, c.base64 = next, false
	}
	return next, err
}

// Back tells that the cluster answers again after it did not, or that another one answers: what was known of its indices
// may be true no more.
func (c *Cluster) Back() <-chan struct{} { return c.back }

// answered notes whether the cluster has answered a request.
func (c *Cluster) answered(yes bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.away && yes {
		select {
		case c.back <- struct{}{}:
		default: // it is told already
		}
	}
	c.away = !yes
}

// Address is where the cluster is, without credentials; "": none is named.
func (c *Cluster) Address() string {
	now, err := c.connection()
	if err != nil {
		return ""
	}
	return now.address
}

// request is one of esapi's requests.
type request interface {
	Do(ctx context.Context, transport esapi.Transport) (*esapi.Response, error)
}

// do sends a request and decodes the reply into out (nil: it is thrown away).
func (c *Cluster) do(ctx context.Context, r request, out any) error {
	body, err := c.raw(ctx, r)
	if err != nil || out == nil {
		return err
	}
	if err := json.Unmarshal(body, out); err != nil {
		return catalog.Errorf(catalog.Unavailable, "%s answers what cannot be read: %s", c.Address(), err).WithHint("check ELASTICSEARCH_URL")
	}
	return nil
}

func (c *Cluster) raw(ctx context.Context, r request) ([]byte, error) {
	now, err := c.connection()
	if err != nil {
		return nil, err
	}
	if now.transport == nil {
		return nil, catalog.Errorf(catalog.Unavailable, "no Elasticsearch is named").WithHint("start one: vectory elastic up; or set ELASTICSEARCH_URL and restart with: vectory stop")
	}
	response, err := r.Do(ctx, now.transport)
	if err != nil {
		if ctx.Err() == nil {
			c.answered(false)
		}
		return nil, c.unreachable(ctx, now, err)
	}
	c.answered(true)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, c.unreachable(ctx, now, err)
	}
	status := response.StatusCode
	switch {
	case status == http.StatusUnauthorized: // to strangers it does not name itself
		return nil, c.unknown(now)
	case response.Header.Get("X-Elastic-Product") != "Elasticsearch" && !isFault(body):
		return nil, stranger(ctx, now, status)
	case status >= 300 && status != http.StatusRequestTimeout: // that is the health of a cluster, with its body
		return nil, refused(status, body)
	}
	return body, nil
}

// stranger says what answers in the place of an Elasticsearch.
func stranger(ctx context.Context, now connection, status int) error {
	var root struct {
		Version struct {
			Distribution string `json:"distribution"`
			Number       string `json:"number"`
		} `json:"version"`
	}
	if response, err := (esapi.InfoRequest{}).Do(ctx, now.transport); err == nil {
		defer response.Body.Close()
		_ = json.NewDecoder(response.Body).Decode(&root) // whatever it is
	}
	if root.Version.Distribution == "opensearch" {
		return catalog.Errorf(catalog.Unavailable, "%s is OpenSearch %s and is no Elasticsearch: its vectors and searches are others", now.address, root.Version.Number).
			WithHint("name an Elasticsearch 8.15 or later in ELASTICSEARCH_URL, or start one: vectory elastic up")
	}
	return catalog.Errorf(catalog.Unavailable, "%s answers %d %s, and is no Elasticsearch", now.address, status, http.StatusText(status)).
		WithHint("is the port right? check ELASTICSEARCH_URL; a proxy before a cluster must let the header X-Elastic-Product through")
}

// fault is what a cluster says of an error.
type fault struct {
	Type   string  `json:"type"`
	Reason string  `json:"reason"`
	Cause  *fault  `json:"caused_by"`
	Roots  []fault `json:"root_cause"`
}

func (f fault) text() string {
	if f.Cause == nil && len(f.Roots) > 0 { // all shards have failed; this is of one of them
		f = f.Roots[0]
	}
	for f.Cause != nil && f.Cause.Reason != "" {
		f = *f.Cause
	}
	return f.Type + ": " + f.Reason
}

// faultOf reads an error of the cluster; ok is false where the body is none.
func faultOf(body []byte) (f fault, ok bool) {
	var said struct {
		Error json.RawMessage `json:"error"`
	}
	ok = json.Unmarshal(body, &said) == nil && json.Unmarshal(said.Error, &f) == nil && f.Type != ""
	return f, ok
}

func isFault(body []byte) bool {
	_, ok := faultOf(body)
	return ok
}

// refused turns an error of the cluster into ours.
func refused(status int, body []byte) error {
	f, ok := faultOf(body)
	if !ok {
		f = fault{Type: http.StatusText(status), Reason: string(bytes.TrimSpace(body[:min(len(body), 200)]))}
	}
	return translate(status, f)
}

// errRejected marks what a cluster has no room for just now.
var errRejected = errors.New("rejected")

// translate gives a status and a fault the words of a catalog.Error.
func translate(status int, f fault) error {
	text := f.text()
	is := func(word string) bool { return strings.Contains(f.Type+" "+f.Reason+" "+text, word) }
	switch {
	case is("TOO_MANY_REQUESTS/12"), is("disk usage exceeded flood-stage"):
		return catalog.Errorf(catalog.NoSpace, "the disk of Elasticsearch is nearly full: it takes nothing in").WithHint("free some space there; it goes on by itself")
	case status == http.StatusForbidden && is("FORBIDDEN/7/"):
		return catalog.Errorf(catalog.Forbidden, "the index may not be read: %s", text).WithHint("remove the block of the index: index.blocks.read")
	case status == http.StatusForbidden && is("FORBIDDEN/6/"):
		return catalog.Errorf(catalog.Forbidden, "the cluster is read-only: %s", text).WithHint("remove the block of the cluster: cluster.blocks.read_only")
	case status == http.StatusForbidden && is("cluster_block_exception"):
		return catalog.Errorf(catalog.Forbidden, "the index is read-only: %s", text).WithHint("remove the block of the index: index.blocks.read_only or index.blocks.write")
	case status == http.StatusForbidden && is("license is non-compliant"):
		return catalog.Errorf(catalog.Forbidden, "the licence of the cluster does not allow it: %s", text)
	case status == http.StatusForbidden:
		return catalog.Errorf(catalog.Forbidden, "Elasticsearch refuses: %s", text).WithHint("the key needs the rights to manage, write and read indices that begin with vectory-")
	case is("index_not_found_exception"):
		return catalog.Errorf(catalog.NotFound, "the index is not in the cluster any more").WithHint("load it again: vectory embeddings load")
	case is("index_closed_exception"):
		return catalog.Errorf(catalog.Conflict, "the index is closed in the cluster").WithHint("open it there, or load it again")
	case is("strict_dynamic_mapping_exception"), is("[knn] queries are only supported on"):
		return catalog.Errorf(catalog.Conflict, "the index is not as it was made: its mapping was changed: %s", text).WithHint("delete it and load it again: vectory embeddings delete-index")
	case is("resource_already_exists_exception"):
		return catalog.Errorf(catalog.Conflict, "the cluster has an index of that name already: %s", text)
	case is("maximum shards open"), is("validation_exception"):
		return catalog.Errorf(catalog.TooLarge, "the cluster takes no more shards: %s", text).WithHint("delete indices, or raise cluster.max_shards_per_node")
	case is("circuit_breaking_exception"):
		return catalog.Errorf(catalog.TooLarge, "Elasticsearch has too little memory for the request: %s", text).WithHint("a smaller chunk: --chunk-size=N")
	case status == http.StatusTooManyRequests, status == http.StatusServiceUnavailable:
		busy := catalog.Errorf(catalog.Unavailable, "Elasticsearch is too busy: %s", text).WithHint("try again later")
		if f.Type == "es_rejected_execution_exception" {
			busy.Err = errRejected
		}
		return busy
	case status == http.StatusMethodNotAllowed:
		return catalog.Errorf(catalog.Unavailable, "Elasticsearch has nothing there: %s", text).WithHint("is the path of ELASTICSEARCH_URL right? most clusters have none%s", restart)
	case status >= http.StatusInternalServerError:
		return catalog.Errorf(catalog.Unavailable, "Elasticsearch failed: %s", text)
	}
	return catalog.Errorf(catalog.Invalid, "Elasticsearch refuses: %s", text)
}

// Health is what a cluster says of itself.
type Health struct {
	Version string
	Name    string
	Status  string // green, yellow or red
	Nodes   int
	Free    int64 // bytes on the disks of the nodes
	Total   int64
}

// The versions that are known, and the first that takes vectors in base64. Those before 8.15 know no bit vectors, and no k
// of a query that is knn.
const (
	firstKnown   = "8.15.0"
	firstBase64  = "9.3.0"
	firstUnknown = "10"
)

// older compares versions such as 8.19.20, number by number.
func older(a, b string) bool {
	numbers := func(version string) (list []int) {
		for _, word := range strings.FieldsFunc(version, func(r rune) bool { return r == '.' || r == '-' }) {
			n, _ := strconv.Atoi(word) // SNAPSHOT is 0
			list = append(list, n)
		}
		return list
	}
	return slices.Compare(numbers(a), numbers(b)) < 0
}

// takesBase64 tells how vectors travel.
func (c *Cluster) takesBase64() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.base64
}

// Health asks the cluster how it is. It needs no route beyond nodes and health: the test distribution lacks the root.
func (c *Cluster) Health(ctx context.Context) (Health, error) {
	var nodes struct {
		Nodes map[string]struct {
			Version string `json:"version"`
		} `json:"nodes"`
	}
	if err := c.do(ctx, esapi.NodesInfoRequest{FilterPath: []string{"nodes.*.version"}}, &nodes); err != nil {
		return Health{}, err
	}
	var h Health
	for _, n := range nodes.Nodes { // the oldest: in the middle of an upgrade there are two
		if h.Version == "" || older(n.Version, h.Version) {
			h.Version = n.Version
		}
	}
	c.mu.Lock()
	c.base64 = h.Version != "" && !older(h.Version, firstBase64)
	c.mu.Unlock()
	if older(h.Version, firstKnown) || !older(h.Version, firstUnknown) {
		return h, catalog.Errorf(catalog.Unavailable, "Elasticsearch %s is not supported", h.Version).WithHint("from %s on versions 8 and 9 are", firstKnown)
	}
	var health struct {
		Name   string `json:"cluster_name"`
		Status string `json:"status"`
		Nodes  int    `json:"number_of_nodes"`
	}
	if err := c.do(ctx, esapi.ClusterHealthRequest{}, &health); err != nil {
		return h, err
	}
	h.Name, h.Status, h.Nodes = health.Name, health.Status, health.Nodes
	var stats struct {
		Nodes map[string]struct {
			FS struct {
				Total struct {
					Total     int64 `json:"total_in_bytes"`
					Available int64 `json:"available_in_bytes"`
				} `json:"total"`
			} `json:"fs"`
		} `json:"nodes"`
	}
	if err := c.do(ctx, esapi.NodesStatsRequest{Metric: []string{"fs"}}, &stats); err != nil {
		return h, err
	}
	for _, n := range stats.Nodes {
		h.Free += n.FS.Total.Available
		h.Total += n.FS.Total.Total
	}
	return h, nil
}

// refresh makes what was written visible.
func (c *Cluster) refresh(ctx context.Context, index string) error {
	return c.do(ctx, esapi.IndicesRefreshRequest{Index: []string{index}}, nil)
}

// whole finds the documents that have a row and what is searched by: a document may be taken without its vector.
func whole(fields []string) string {
	clauses := `{"exists":{"field":"row"}}`
	for _, field := range fields {
		clauses += `,{"exists":{"field":` + quoted(field) + `}}`
	}
	return `{"bool":{"filter":[` + clauses + `]}}`
}

// shards tells how many shards have answered a request.
type shards struct {
	Total      int `json:"total"`
	Successful int `json:"successful"`
	Failed     int `json:"failed"`
}

// complete refuses an answer that lacks rows.
func (s shards) complete() error {
	if s.Failed == 0 && s.Successful == s.Total {
		return nil
	}
	return catalog.Errorf(catalog.Unavailable, "%d of %d shards of the index do not answer", s.Total-s.Successful, s.Total).WithHint("look at the health of the cluster: vectory elastic status")
}

// count is the number of whole documents.
func (c *Cluster) count(ctx context.Context, index string, fields []string) (int, error) {
	var reply struct {
		Count  int    `json:"count"`
		Shards shards `json:"_shards"`
	}
	if err := c.do(ctx, esapi.CountRequest{Index: []string{index}, Body: strings.NewReader(`{"query":` + whole(fields) + `}`)}, &reply); err != nil {
		return 0, err
	}
	return reply.Count, reply.Shards.complete()
}

// awake waits until every shard of an index has a node.
func (c *Cluster) awake(ctx context.Context, index string) error {
	var reply struct {
		TimedOut bool `json:"timed_out"`
	}
	err := c.do(ctx, esapi.ClusterHealthRequest{Index: []string{index}, WaitForStatus: "yellow", Timeout: time.Minute}, &reply)
	if err == nil && reply.TimedOut {
		err = catalog.Errorf(catalog.Unavailable, "some shards of the index have no node%s", c.explain(ctx, index)).WithHint("look at the health of the cluster: vectory elastic status")
	}
	return err
}

// explain gives what the cluster says of a shard that has no node, as far as it does.
func (c *Cluster) explain(ctx context.Context, index string) string {
	var reply struct {
		Explanation string `json:"allocate_explanation"`
		Nodes       []struct {
			Deciders []struct {
				Explanation string `json:"explanation"`
			} `json:"deciders"`
		} `json:"node_allocation_decisions"`
	}
	body := strings.NewReader(`{"primary":true,"shard":0,"index":` + quoted(index) + `}`)
	if err := c.do(ctx, esapi.ClusterAllocationExplainRequest{Body: body}, &reply); err != nil || reply.Explanation == "" {
		return ""
	}
	text := ": " + reply.Explanation
	for _, node := range reply.Nodes {
		for _, d := range node.Deciders {
			return text + ": " + d.Explanation
		}
	}
	return text
}

func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // strings only
	}
	return string(b)
}
