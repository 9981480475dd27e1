package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pentoai/vectory/internal/client"
	"github.com/pentoai/vectory/internal/demo"
	"github.com/pentoai/vectory/internal/lifecycle"
)

// BenchmarkCompareAll times the whole of `vectory compare A B --measure all` with warm neighbour tables and nothing else warm, but for
// the start of the program: two spaces of 7,600 rows, 384 and 256 dimensions, made of the glosses of the demo, repeated with noise.
// The daemon is in the same process, and a new one each time.
func BenchmarkCompareAll(b *testing.B) {
	b.Setenv("VECTORY_HOME", b.TempDir())
	dir := b.TempDir()
	items := filepath.Join(dir, "items.csv")
	var rows strings.Builder
	rows.WriteString("id\n")
	for i := range 7600 {
		fmt.Fprintf(&rows, "%d\n", i)
	}
	if err := os.WriteFile(items, []byte(rows.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	quiet(b)
	stop := daemonHere(b)
	for name, dims := range map[string]int{"minilm": 384, "tfidf": 256} {
		file := filepath.Join(dir, name+".npy")
		writeGlosses(b, file, name, dims, 7600)
		vectoryHere(b, "add", "-i", items, "-e", file)
	}
	vectoryHere(b, "compare", "minilm", "tfidf")
	stop()
	for b.Loop() {
		b.StopTimer()
		stop := daemonHere(b)
		b.StartTimer()
		vectoryHere(b, "compare", "minilm", "tfidf", "--measure", "all")
		b.StopTimer()
		forgetMeasures(b)
		stop()
		b.StartTimer()
	}
}

// quiet keeps what daemons tell from the figures.
func quiet(b *testing.B) {
	nowhere, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		b.Fatal(err)
	}
	told := os.Stderr
	os.Stderr = nowhere
	b.Cleanup(func() { os.Stderr = told; _ = nowhere.Close() })
}

// daemonHere serves the home until stop is called.
func daemonHere(b *testing.B) (stop func()) {
	settings, err := lifecycle.Load(os.Getenv)
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx, settings, true) }()
	// A command that found none would start this test program as a daemon.
	for found := false; !found; time.Sleep(5 * time.Millisecond) {
		if _, found, err = lifecycle.Find(ctx, settings); err != nil {
			b.Fatal(err)
		}
	}
	return func() {
		cancel()
		if err := <-ended; err != nil {
			b.Fatal(err)
		}
	}
}

// vectoryHere runs a command in this process.
func vectoryHere(b *testing.B, args ...string) {
	var errors bytes.Buffer
	if code := (&app{stdout: io.Discard, stderr: &errors}).execute(b.Context(), args); code != 0 {
		b.Fatalf("%v: exit code %d\n%s", args, code, errors.String())
	}
}

// forgetMeasures deletes the comparisons that are kept; the neighbour tables stay.
func forgetMeasures(b *testing.B) {
	c, err := (&app{stdout: io.Discard, stderr: io.Discard}).client(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	kept, err := c.Comparisons(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	for _, comparison := range kept.Comparisons {
		if _, err := c.Delete(b.Context(), client.Kind("comparisons"), comparison.Key, false, false); err != nil {
			b.Fatal(err)
		}
	}
}

// writeGlosses repeats a space of the demo to so many rows, with noise of half its spread, at length 1.
func writeGlosses(b *testing.B, file, name string, dims, rows int) {
	content, err := demo.Data.ReadFile("data/words/" + name + ".npy")
	if err != nil {
		b.Fatal(err)
	}
	own := make([]float32, (len(content)-npyHeader)/4)
	if _, err := binary.Decode(content[npyHeader:], binary.LittleEndian, own); err != nil {
		b.Fatal(err)
	}
	spread := 0.0
	for _, v := range own {
		spread += float64(v) * float64(v) / float64(len(own))
	}
	r, data := rand.New(rand.NewPCG(1, uint64(dims))), make([]float32, rows*dims)
	for i := range rows {
		row, norm := data[i*dims:(i+1)*dims], 0.0
		for c := range row {
			v := float64(own[(i*dims+c)%len(own)]) + r.NormFloat64()*math.Sqrt(spread)/2
			row[c], norm = float32(v), norm+v*v
		}
		for c := range row {
			row[c] /= float32(math.Sqrt(norm))
		}
	}
	out := append([]byte("\x93NUMPY\x01\x00"), npyHeader-10, 0)
	out = fmt.Appendf(out, "%-*s\n", npyHeader-11, fmt.Sprintf("{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }", rows, dims))
	out, err = binary.Append(out, binary.LittleEndian, data)
	if err == nil {
		err = os.WriteFile(file, out, 0o600)
	}
	if err != nil {
		b.Fatal(err)
	}
}

const npyHeader = 128 // bytes of that of the demo's spaces
