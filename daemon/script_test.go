package main

import (
	"encoding/binary"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

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
			return writeDemo(env.WorkDir)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"npy": npyFile, "starters": starters, "damage": damage},
	})
}

// writeDemo puts real data beside each script.
func writeDemo(dir string) error {
	for _, name := range []string{"items.csv", "pixels.npy", "epoch20.npy"} {
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
