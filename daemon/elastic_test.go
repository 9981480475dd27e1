package main

import (
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/pentoai/vectory/internal/catalog"
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
			return writeDemo(env.WorkDir)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"npy": npyFile, "sameneighbours": sameNeighbours, "recall": recall, "behind": behind},
	})
}

// answer runs `vectory neighbours` and gives what it prints.
func answer(ts *testscript.TestScript, args ...string) wire.Neighbours {
	program := filepath.Join(filepath.SplitList(ts.Getenv("PATH"))[0], "vectory")
	command := exec.Command(program, append([]string{"neighbours", "--json"}, args...)...)
	command.Env = append(os.Environ(), "VECTORY_HOME="+ts.Getenv("VECTORY_HOME"), "ELASTICSEARCH_URL="+ts.Getenv("ELASTICSEARCH_URL"))
	out, err := command.Output()
	ts.Check(err)
	var n wire.Neighbours
	ts.Check(json.Unmarshal(out, &n))
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

// behind deletes an index in the cluster without telling the daemon.
func behind(ts *testscript.TestScript, _ bool, args []string) {
	program := filepath.Join(filepath.SplitList(ts.Getenv("PATH"))[0], "vectory")
	command := exec.Command(program, "ls", "indices", "--json")
	command.Env = append(os.Environ(), "VECTORY_HOME="+ts.Getenv("VECTORY_HOME"))
	out, err := command.Output()
	ts.Check(err)
	var list wire.Indices
	ts.Check(json.Unmarshal(out, &list))
	at := slices.IndexFunc(list.Indices, func(ix catalog.Index) bool { return ix.Name == args[0] })
	request, err := http.NewRequest(http.MethodDelete, ts.Getenv("ELASTICSEARCH_URL")+"/"+list.Indices[at].InCluster, nil) //nolint:noctx // a test
	ts.Check(err)
	reply, err := http.DefaultClient.Do(request)
	ts.Check(err)
	ts.Check(reply.Body.Close())
	if reply.StatusCode != http.StatusOK {
		ts.Fatalf("deleting: %s", reply.Status)
	}
}
