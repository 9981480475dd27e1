package main

import (
	"archive/zip"
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/pentoai/vectory/internal/demo"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"vectory": main})
}

// TestScripts drives the real program and a real daemon, one home for each script.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Setenv("VECTORY_HOME", filepath.Join(env.WorkDir, "home"))
			env.Setenv("VECTORY_IDLE", "2m") // should a script die, its daemon does not stay
			env.Setenv("HTTP_PROXY", "http://127.0.0.1:9")
			for _, name := range []string{"pages.parquet", "zstd.feather", "bad-ragged.parquet", "bad-none.parquet"} {
				content, err := os.ReadFile(filepath.Join("../internal/testkit/testdata/columnar", name))
				if err != nil {
					return err
				}
				if err := os.WriteFile(filepath.Join(env.WorkDir, name), content, 0o600); err != nil {
					return err
				}
			}
			return writeDemo(env.WorkDir)
		},
		Condition: func(name string) (bool, error) {
			if name == "race" {
				return raceDetector, nil
			}
			return false, fmt.Errorf("unknown condition %s", name)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"npy": npyFile, "npz": npzFile, "exits": exits, "starters": starters, "damage": damage, "agent": agent, "socket": socket, "pauses": pauses, "overtakes": overtakes, "ids": ids, "continues": continues, "olddb": olddb},
	})
}

// writeDemo puts real data beside each script.
func writeDemo(dir string) error {
	for _, name := range []string{"items.csv", "pixels.npy", "epoch05.npy", "epoch20.npy"} {
		content, err := demo.Data.ReadFile("data/digits/" + name)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// npyFile writes an .npy of float32: npy FILE ROWSxDIMS VALUE... (the last value repeats; a shape of
// one or three numbers is written as it stands).
func npyFile(ts *testscript.TestScript, _ bool, args []string) {
	count := 1
	for part := range strings.SplitSeq(args[1], "x") {
		n, err := strconv.Atoi(part)
		ts.Check(err)
		count *= n
	}
	header := "{'descr': '<f4', 'fortran_order': False, 'shape': (" + strings.ReplaceAll(args[1], "x", ", ") + ",), }"
	header += strings.Repeat(" ", 118-1-len(header)) + "\n"
	out := append([]byte("\x93NUMPY\x01\x00"), byte(len(header)), 0)
	out = append(out, header...)
	for i := range count {
		text := args[min(2+i, len(args)-1)]
		value, err := strconv.ParseFloat(text, 32)
		ts.Check(err)
		out = binary.LittleEndian.AppendUint32(out, math.Float32bits(float32(value)))
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), out, 0o600))
}

// npzFile packs files, as numpy.savez does: npz FILE.npz NAME.npy...
func npzFile(ts *testscript.TestScript, _ bool, args []string) {
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	for _, name := range args[1:] {
		member, err := archive.Create(name)
		ts.Check(err)
		_, err = member.Write([]byte(ts.ReadFile(name)))
		ts.Check(err)
	}
	ts.Check(archive.Close())
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), out.Bytes(), 0o600))
}

// exits runs a command that must end with this very code: exits CODE COMMAND ARGUMENT...
func exits(ts *testscript.TestScript, _ bool, args []string) {
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		code = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("exit code %d, want %s", code, args[0])
	}
}

// continues tells whether every line of a table begins with that of another, the header apart.
func continues(ts *testscript.TestScript, not bool, args []string) {
	longer, shorter := strings.Split(ts.ReadFile(args[0]), "\n"), strings.Split(ts.ReadFile(args[1]), "\n")
	does := len(longer) == len(shorter) && len(longer) > 2
	for i := 1; does && i < len(longer); i++ {
		does = strings.HasPrefix(longer[i], shorter[i]) && (longer[i] == "" || len(longer[i]) > len(shorter[i]))
	}
	if does == not {
		ts.Fatalf("%s continues %s: %t", args[0], args[1], does)
	}
}

// damage flips a bit in the middle of every file of a folder.
func damage(ts *testscript.TestScript, _ bool, args []string) {
	folder := ts.MkAbs(args[0])
	files, err := os.ReadDir(folder)
	ts.Check(err)
	if len(files) == 0 {
		ts.Fatalf("%s is empty", folder)
	}
	for _, file := range files {
		path := filepath.Join(folder, file.Name())
		content, err := os.ReadFile(path)
		ts.Check(err)
		content[len(content)/2] ^= 4
		ts.Check(os.WriteFile(path, content, 0o600))
	}
}

// starters runs N `vectory up --json` at once; all must find the same daemon.
func starters(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	program := filepath.Join(filepath.SplitList(ts.Getenv("PATH"))[0], "vectory")
	var mu sync.Mutex
	var wg sync.WaitGroup
	found := map[string]int{}
	for range n {
		wg.Go(func() {
			command := exec.Command(program, "up", "--json")
			command.Env = append(os.Environ(), "VECTORY_HOME="+ts.Getenv("VECTORY_HOME"))
			// Output reads to the end: it hangs if the daemon holds the caller's stdout.
			out, err := command.Output()
			_, instance, _ := strings.Cut(string(out), `"instance":"`)
			mu.Lock()
			defer mu.Unlock()
			found[instance[:min(16, len(instance))]]++
			if err != nil {
				ts.Logf("a starter failed: %s", err)
			}
		})
	}
	wg.Wait()
	if len(found) != 1 || found[""] > 0 {
		ts.Fatalf("%d starters found these daemons: %v", n, found)
	}
}

// agent speaks to `vectory mcp` as an agent does: agent tools, or agent TOOL JSON. It prints what it is
// told, with ! it must be told of a failure.
func agent(ts *testscript.TestScript, fails bool, args []string) {
	program, err := exec.LookPath("vectory")
	ts.Check(err)
	server := exec.Command(program, "mcp")
	server.Dir = ts.MkAbs(".")
	server.Env = append(os.Environ(), "VECTORY_HOME="+ts.Getenv("VECTORY_HOME"), "VECTORY_IDLE=2m")
	client := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil)
	session, err := client.Connect(context.Background(), &mcp.CommandTransport{Command: server}, nil)
	ts.Check(err)
	defer session.Close()
	if args[0] == "tools" {
		list, err := session.ListTools(context.Background(), nil)
		ts.Check(err)
		for _, tool := range list.Tools {
			about, err := json.Marshal(tool)
			ts.Check(err)
			_, err = fmt.Fprintf(ts.Stdout(), "%s\n", about)
			ts.Check(err)
		}
		return
	}
	params := &mcp.CallToolParams{Name: args[0], Arguments: json.RawMessage(args[1])}
	params.SetProgressToken("1")
	result, err := session.CallTool(context.Background(), params)
	ts.Check(err)
	for _, part := range result.Content {
		_, err = fmt.Fprintln(ts.Stdout(), part.(*mcp.TextContent).Text)
		ts.Check(err)
	}
	if result.IsError != fails {
		ts.Fatalf("the tool failed: %t", result.IsError)
	}
}

// olddb runs the statements of a file on a new SQLite database: olddb FILE.db STATEMENTS.sql.
func olddb(ts *testscript.TestScript, _ bool, args []string) {
	db, err := sql.Open("sqlite3", ts.MkAbs(args[0]))
	ts.Check(err)
	defer db.Close()
	_, err = db.Exec(os.Expand(ts.ReadFile(args[1]), ts.Getenv))
	ts.Check(err)
}
