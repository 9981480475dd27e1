// Package archtest holds the import rules of the house (internal/README.md) as one test.
package archtest

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/pentoai/vectory/"

// floors: a package may import packages of its own module that stand lower. Equal numbers are
// strangers to each other.
var floors = map[string]int{
	"client-python": 0, "internal/catalog": 0, "internal/demo": 0, "internal/viewer": 0,
	"internal/wire": 1, "internal/compute/random": 1, "internal/search": 2, "internal/search/elastic": 10, "internal/search/elastic/node": 10, "internal/compute/vec": 1,
	"internal/compute/kernel": 2, "internal/compute/knn": 3, "internal/compute/measure": 4, "internal/compute/projection": 5,
	"internal/store/npy": 10, "internal/store/columnar": 11, "internal/store/table": 12, "internal/store/sqlite": 10, "internal/jobs": 10, "internal/client": 10,
	"internal/store/arrays": 13, "internal/store/backup": 14,
	"internal/workspace": 20, "internal/lifecycle": 20,
	"internal/server": 30, "daemon": 40,
	"internal/testkit": 5, "internal/archtest": 50,
}

// onlyImporter: a dependency can be replaced by rewriting one room.
var onlyImporter = map[string]string{
	"github.com/mattn/go-sqlite3":                  "internal/store/sqlite",
	"github.com/kshedden/gonpy":                    "internal/store/npy",
	"github.com/gin-gonic/gin":                     "internal/server",
	"github.com/gorilla/websocket":                 "internal/server",
	"github.com/gofrs/flock":                       "internal/lifecycle",
	"github.com/spf13/cobra":                       "daemon",
	"github.com/elastic/go-elasticsearch/v8/esapi": "internal/search/elastic",
	"github.com/parquet-go/parquet-go":             "internal/store/columnar",
	"github.com/apache/arrow-go/v18/arrow":         "internal/store/columnar",
	"gonum.org/v1/gonum/mat":                       "internal/compute/measure",
}

var (
	pureForbids    = []string{"net", "net/http", "os", "time", "log", "log/slog", "database/sql"}
	forbiddenNames = []string{"util", "utils", "common", "helpers", "model", "models", "manager", "base", "misc"}
)

// faults lists what is wrong with one package's imports.
func faults(pkg string, imports []string) []string {
	var list []string
	floor, known := floors[pkg]
	if !known {
		list = append(list, pkg+" stands on no floor: name it in archtest and in internal/README.md")
	}
	if slices.Contains(forbiddenNames, path.Base(pkg)) {
		list = append(list, pkg+": the name does not say what is inside")
	}
	for _, imported := range imports {
		own, inside := strings.CutPrefix(imported, module)
		if inside && floors[own] >= floor {
			list = append(list, pkg+" must not import "+own)
		}
		if pkg == "internal/workspace" && (strings.HasPrefix(own, "internal/store/") || strings.HasPrefix(own, "internal/search/")) {
			list = append(list, pkg+" must not import "+own+": it declares the interfaces that it needs")
		}
		if only, ok := onlyImporter[imported]; ok && only != pkg {
			list = append(list, pkg+" must not import "+imported+": only "+only+" does")
		}
		if strings.HasPrefix(pkg, "internal/compute/") && slices.Contains(pureForbids, imported) {
			list = append(list, pkg+" must not import "+imported+": it is pure")
		}
		if pkg == "internal/catalog" && strings.Contains(strings.Split(imported, "/")[0], ".") {
			list = append(list, pkg+" must not import "+imported+": standard library only")
		}
	}
	return list
}

func TestTheHouseKeepsItsRules(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", module+"...").Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		seen++
		for _, fault := range faults(strings.TrimPrefix(p.ImportPath, module), p.Imports) {
			t.Error(fault)
		}
	}
	if seen < len(floors) {
		t.Errorf("%d packages seen, %d expected", seen, len(floors))
	}
}

// Only serve.go may know the rooms behind the door: every other command goes through the client.
func TestCommandsUseTheClientOnly(t *testing.T) {
	out, err := exec.Command("grep", "-lE", `internal/(workspace|server|store|jobs|compute)`, "-r", "../../daemon", "--include=*.go").Output()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.TrimSpace(string(out)); got != "../../daemon/serve.go" {
		t.Errorf("these files of daemon/ import rooms behind the door:\n%s", got)
	}
}

func TestTheRulesCatchWhatTheyForbid(t *testing.T) {
	for _, c := range []struct{ name, pkg, imported string }{
		{"upwards", "internal/store/npy", module + "internal/workspace"},
		{"sideways", "internal/store/sqlite", module + "internal/store/npy"},
		{"workspace knows a store", "internal/workspace", module + "internal/store/npy"},
		{"compute tells the time", "internal/compute/knn", "time"},
		{"second importer", "internal/server", "github.com/mattn/go-sqlite3"},
		{"catalog leaves the standard library", "internal/catalog", "golang.org/x/sync/errgroup"},
		{"a room without a floor", "internal/attic", "fmt"},
		{"a name that says nothing", "internal/util", "fmt"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if len(faults(c.pkg, []string{c.imported})) == 0 {
				t.Error("nothing was found")
			}
		})
	}
}
