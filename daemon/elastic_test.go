package main

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/search/elastic/node"
	"github.com/pentoai/vectory/internal/wire"
)

// TestElasticScripts drives the real program against a real Elasticsearch: `.ci/run elastic` starts one.
func TestElasticScripts(t *testing.T) {
	cluster := os.Getenv("VECTORY_TEST_ELASTICSEARCH")
	if cluster == "" {
		t.Skip("no Elasticsearch to test against: VECTORY_TEST_ELASTICSEARCH names none")
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/elastic",
		Setup: func(env *testscript.Env) error {
			env.Setenv("VECTORY_HOME", filepath.Join(env.WorkDir, "home"))
			env.Setenv("VECTORY_IDLE", "2m")
			env.Setenv("ELASTICSEARCH_URL", cluster)
			env.Setenv("SECURED", os.Getenv("VECTORY_TEST_ELASTICSEARCH_SECURED"))
			env.Setenv("SECURED_PLAIN", strings.Replace(os.Getenv("VECTORY_TEST_ELASTICSEARCH_SECURED"), "https", "http", 1))
			env.Setenv("SECURED_CA", os.Getenv("VECTORY_TEST_ELASTICSEARCH_CA"))
			env.Setenv("ES_JAVA_HOME", os.Getenv("ES_JAVA_HOME"))
			env.Setenv("DISTRIBUTION", os.Getenv("VECTORY_TEST_ELASTICSEARCH_HOME"))
			bin := filepath.SplitList(env.Getenv("PATH"))[0]
			env.Setenv("BIN", bin)
			env.Defer(func() { // should a script have failed
				command := exec.Command(filepath.Join(bin, "vectory"), "elastic", "down", "--purge")
				command.Env = []string{"VECTORY_HOME=" + filepath.Join(env.WorkDir, "home")}
				_ = command.Run()
			})
			return writeDemo(env.WorkDir)
		},
		Condition: func(condition string) (bool, error) {
			variable, ok := map[string]string{"distribution": "VECTORY_TEST_ELASTICSEARCH_HOME", "secured": "VECTORY_TEST_ELASTICSEARCH_SECURED", "keys": "VECTORY_TEST_ELASTICSEARCH_KEYS"}[condition]
			return ok && os.Getenv(variable) != "", nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"npy": npyFile, "sameneighbours": sameNeighbours, "samescore": sameScore, "recall": recall, "incluster": inCluster, "cluster": askCluster, "cutoff": cutOff, "arrives": arrives, "stands": stands, "queried": queried, "apikey": apiKey, "fingerprint": fingerprint},
	})
}

// prints runs the program and reads the document that it prints.
func prints(ts *testscript.TestScript, into any, args ...string) {
	program := filepath.Join(filepath.SplitList(ts.Getenv("PATH"))[0], "vectory")
	command := exec.Command(program, args...)
	command.Env = append(os.Environ(), "VECTORY_HOME="+ts.Getenv("VECTORY_HOME"))
	for _, name := range []string{"URL", "USERNAME", "PASSWORD", "API_KEY", "CA", "FINGERPRINT"} { // should it start the daemon
		command.Env = append(command.Env, "ELASTICSEARCH_"+name+"="+ts.Getenv("ELASTICSEARCH_"+name))
	}
	out, err := command.Output()
	ts.Check(err)
	ts.Check(json.Unmarshal(out, into))
}

// answer gives what `vectory neighbours` prints.
func answer(ts *testscript.TestScript, args ...string) (n wire.Neighbours) {
	prints(ts, &n, append([]string{"neighbours", "--json"}, args...)...)
	return n
}

// both asks the daemon and an index about a row.
func both(ts *testscript.TestScript, space, metric, index string, row int) (local, there []wire.Neighbour) {
	args := []string{space, "--row", strconv.Itoa(row), "-k", "10", "--metric", metric}
	return answer(ts, args...).Neighbours, answer(ts, append(args, "--engine", "elasticsearch", "--index", index)...).Neighbours
}

// sameNeighbours checks that an exact index gives the very lists of the daemon: space, metric, index, rows from which some are taken.
func sameNeighbours(ts *testscript.TestScript, _ bool, args []string) {
	rows, err := strconv.Atoi(args[3])
	ts.Check(err)
	for i := range 40 {
		row := i * (rows - 1) / 39
		local, there := both(ts, args[0], args[1], args[2], row)
		if !slices.Equal(local, there) {
			ts.Fatalf("row %d: here %v, in the index %v", row, local, there)
		}
	}
}

// sameScore checks that two spaces have the score by exact indices that they have by the daemon.
func sameScore(ts *testscript.TestScript, _ bool, args []string) {
	var by [2]wire.Comparison
	for i, engine := range []string{"local", "elasticsearch"} {
		prints(ts, &by[i], "compare", args[0], args[1], "-ma", "euclidean", "-mb", "euclidean", "--engine", engine, "--json")
	}
	if !slices.Equal(by[0].Histogram.Counts, by[1].Histogram.Counts) || by[0].Jaccard.Mean != by[1].Jaccard.Mean || !by[1].Exact {
		ts.Fatalf("here %v, by the indices %v", by[0].Jaccard, by[1].Jaccard)
	}
}

// recall checks the share of the true neighbours that an index finds: space, metric, index, least.
func recall(ts *testscript.TestScript, _ bool, args []string) {
	least, err := strconv.ParseFloat(args[3], 64)
	ts.Check(err)
	found, all := 0, 0
	for row := 0; row < 1797; row += 60 {
		local, there := both(ts, args[0], args[1], args[2], row)
		for _, n := range local {
			all++
			if slices.Contains(there, n) {
				found++
			}
		}
	}
	share := float64(found) / float64(all)
	ts.Logf("recall of %s: %.4f", args[2], share)
	if share < least {
		ts.Fatalf("the index %s finds %.4f of the neighbours, less than %g", args[2], share, least)
	}
}

// inCluster puts the name that an index has in the cluster into a variable, and that of the installation into another.
func inCluster(ts *testscript.TestScript, _ bool, args []string) {
	var list wire.Indices
	prints(ts, &list, "ls", "indices", "--json")
	at := slices.IndexFunc(list.Indices, func(ix catalog.Index) bool { return ix.Name == args[0] })
	if at < 0 {
		ts.Fatalf("no index %s among %v", args[0], list.Indices)
	}
	ts.Setenv(args[1], list.Indices[at].InCluster)
	ts.Setenv("INSTALLATION", strings.Split(list.Indices[at].InCluster, "-")[1])
}

// send asks the cluster something that the daemon does not know of.
func send(ts *testscript.TestScript, method, path, body string) []byte {
	request, err := http.NewRequest(method, ts.Getenv("ELASTICSEARCH_URL")+path, strings.NewReader(body)) //nolint:noctx // a test
	ts.Check(err)
	request.Header.Set("Content-Type", "application/json")
	reply, err := http.DefaultClient.Do(request)
	ts.Check(err)
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	ts.Check(err)
	if reply.StatusCode >= http.StatusBadRequest {
		ts.Fatalf("%s %s: %s: %s", method, path, reply.Status, text)
	}
	return text
}

// askCluster is `cluster METHOD PATH [BODY]`; its output can be matched.
func askCluster(ts *testscript.TestScript, _ bool, args []string) {
	_, err := ts.Stdout().Write(send(ts, args[0], args[1], strings.Join(args[2:], " ")))
	ts.Check(err)
}

// rowsSent is how many rows an index has taken, those that it had already too.
func rowsSent(ts *testscript.TestScript, name string) int {
	var stats struct {
		All struct {
			Primaries struct {
				Indexing struct {
					Total int `json:"index_total"`
				} `json:"indexing"`
			} `json:"primaries"`
		} `json:"_all"`
	}
	ts.Check(json.Unmarshal(send(ts, http.MethodGet, "/"+name+"/_stats/indexing", ""), &stats))
	return stats.All.Primaries.Indexing.Total
}

// arrived waits until the cluster has at least so many rows of an index that is being loaded, and gives its name there.
func arrived(ts *testscript.TestScript, index string, rows int) string {
	for range 3000 {
		time.Sleep(20 * time.Millisecond)
		var list wire.Indices
		prints(ts, &list, "ls", "indices", "--json")
		at := slices.IndexFunc(list.Indices, func(ix catalog.Index) bool { return ix.Name == index })
		if at < 0 {
			continue
		}
		name := list.Indices[at].InCluster
		if rowsSent(ts, name+"*") >= rows { // with a star it is no fault that there is none yet
			return name
		}
	}
	ts.Fatalf("the rows of %s do not arrive", index)
	return ""
}

// stands waits until the catalogue has an index in a state: `stands INDEX STATE`.
func stands(ts *testscript.TestScript, _ bool, args []string) {
	state := ""
	for range 500 {
		var list wire.Indices
		prints(ts, &list, "ls", "indices", "--json")
		at := slices.IndexFunc(list.Indices, func(ix catalog.Index) bool { return ix.Name == args[0] })
		if state = list.Indices[at].State; state == args[1] {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	ts.Fatalf("%s is %s", args[0], state)
}

// queried checks that a vector and many ids have the same neighbours by an index as here, asked at the daemon's door, and an
// id among many the same as alone: space, metric, index.
func queried(ts *testscript.TestScript, _ bool, args []string) {
	vector := make([]float64, 64)
	for i := range vector {
		vector[i] = float64(i%16) + 0.5
	}
	if args[0] == "epoch20" {
		vector = vector[:32]
	}
	ids := make([]string, 120) // more than one request carries
	for i := range ids {
		ids[i] = fmt.Sprintf("digit-%04d", 1796-14*i)
	}
	var run struct{ URL, Token string }
	prints(ts, &run, "up", "--json")
	ask := func(q wire.Query) []wire.Neighbours {
		q.Spaces, q.K, q.Metric = args[:1], 10, args[1]
		body, err := json.Marshal(q)
		ts.Check(err)
		var reply wire.QueryReply
		post(ts, run.URL, run.Token, "query", string(body), &reply)
		return reply.Results
	}
	alone := wire.Query{ID: &ids[77]}
	for _, q := range []wire.Query{{Vector: vector}, {IDs: ids}, alone} {
		here := ask(q)
		q.Engine, q.Indices = "elasticsearch", []string{args[2]}
		there := ask(q)
		if len(here) != max(1, len(q.IDs)) || len(there) != len(here) {
			ts.Fatalf("%d answers here, %d by %s", len(here), len(there), args[2])
		}
		for i, n := range there {
			if !slices.Equal(here[i].Neighbours, n.Neighbours) || n.Index != args[2] || n.Approximate {
				ts.Fatalf("here %v, by %s %v", here[i], n.Index, n)
			}
			if q.IDs != nil && *n.ID != ids[i] {
				ts.Fatalf("answer %d is about %s, not %s", i, *n.ID, ids[i])
			}
		}
		if q.IDs != nil && !slices.Equal(here[77].Neighbours, ask(alone)[0].Neighbours) {
			ts.Fatalf("%s among many: %v", ids[77], here[77])
		}
	}
}

// arrives is `arrives INDEX ROWS`; the cluster is the one that `vectory elastic up` has started.
func arrives(ts *testscript.TestScript, _ bool, args []string) {
	var n node.Node
	prints(ts, &n, "elastic", "up", "--json")
	ts.Setenv("ELASTICSEARCH_URL", n.URL)
	defer ts.Setenv("ELASTICSEARCH_URL", "")
	rows, err := strconv.Atoi(args[1])
	ts.Check(err)
	arrived(ts, args[0], rows)
}

// cutOff kills the daemon while it loads a space four rows at a time, when more than so many rows have arrived, and loads again:
// what is there is not sent again.
func cutOff(ts *testscript.TestScript, _ bool, args []string) {
	index, space := args[0], args[1]
	program := filepath.Join(ts.Getenv("BIN"), "vectory")
	environment := append(os.Environ(), "VECTORY_HOME="+ts.Getenv("VECTORY_HOME"), "ELASTICSEARCH_URL="+ts.Getenv("ELASTICSEARCH_URL"))
	load := exec.Command(program, "embeddings", "load", index, space, "-c", "4", "-t", "1")
	load.Env = environment
	ts.Check(load.Start())
	var status wire.Status
	prints(ts, &status, "status", "--json")
	name := arrived(ts, index, 1100)
	ts.Check(syscall.Kill(status.PID, syscall.SIGKILL))
	_ = load.Wait()
	var list wire.Indices
	prints(ts, &list, "ls", "indices", "--json")
	at := slices.IndexFunc(list.Indices, func(ix catalog.Index) bool { return ix.Name == index })
	if ix := list.Indices[at]; ix.State != "failed" || !strings.Contains(ix.Reason, "the daemon ended") {
		ts.Fatalf("after the death of the daemon: %s, %s", ix.State, ix.Reason)
	}
	var ix catalog.Index
	prints(ts, &ix, "embeddings", "load", index, space, "--json")
	sent := rowsSent(ts, name)
	ts.Logf("%d of %d rows were sent twice, in the same index: %t", sent-ix.Rows, ix.Rows, ix.InCluster == name)
	if ix.State != "ready" || ix.InCluster != name || sent-ix.Rows >= 1000 {
		ts.Fatalf("%s in %s (was %s): %d rows were sent for %d", ix.State, ix.InCluster, name, sent, ix.Rows)
	}
}

// apiKey is `apikey VARIABLE`: the secured cluster makes a key that may do what vectory needs; with ! it forgets all keys.
func apiKey(ts *testscript.TestScript, revoke bool, args []string) {
	authority, err := os.ReadFile(ts.Getenv("SECURED_CA"))
	ts.Check(err)
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(authority)
	door := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}}}
	defer door.CloseIdleConnections()
	method, body := http.MethodPost, `{"name":"vectory","role_descriptors":{"vectory":{"cluster":["monitor"],"indices":[{"names":["vectory-*"],"privileges":["manage","write","read"]}]}}}`
	if revoke {
		method, body = http.MethodDelete, `{"name":"vectory"}`
	}
	request, err := http.NewRequest(method, ts.Getenv("SECURED")+"/_security/api_key", strings.NewReader(body)) //nolint:noctx // a test
	ts.Check(err)
	request.SetBasicAuth("admin", "probe-pass")
	request.Header.Set("Content-Type", "application/json")
	reply, err := door.Do(request)
	ts.Check(err)
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	ts.Check(err)
	if reply.StatusCode != http.StatusOK {
		ts.Fatalf("%s: %s", reply.Status, text)
	}
	if revoke {
		return
	}
	var key struct{ Encoded string }
	ts.Check(json.Unmarshal(text, &key))
	ts.Setenv(args[0], key.Encoded)
}

// fingerprint puts the SHA-256 of the secured cluster's certificate into a variable.
func fingerprint(ts *testscript.TestScript, _ bool, args []string) {
	text, err := os.ReadFile(ts.Getenv("SECURED_CA"))
	ts.Check(err)
	block, _ := pem.Decode(text)
	sum := sha256.Sum256(block.Bytes)
	ts.Setenv(args[0], hex.EncodeToString(sum[:]))
}
