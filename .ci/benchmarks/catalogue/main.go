// Catalogue times what a catalogue of many spaces costs: it starts a daemon on an empty home, adds so many spaces of so
// many rows, and asks as a user does. Prints a line for each; `bash .ci/bench catalogue` runs it.
package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/csv"
	"flag"
	"fmt"
	"log"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/pentoai/vectory/internal/client"
	"github.com/pentoai/vectory/internal/lifecycle"
	"github.com/pentoai/vectory/internal/wire"
)

var (
	program = flag.String("vectory", "vectory", "the program")
	spaces  = flag.Int("spaces", 10_000, "how many")
	rows    = flag.Int("rows", 1_000, "of each")
	dims    = flag.Int("dims", 8, "of each")
)

func main() {
	flag.Parse()
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	home, err := os.MkdirTemp("", "vectory-catalogue-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(home)
	if err := os.Setenv("VECTORY_HOME", home); err != nil {
		return err
	}
	defer func() { _ = exec.CommandContext(ctx, *program, "stop").Run() }()
	c, err := start(ctx)
	if err != nil {
		return err
	}
	if err := addDataset(ctx, c); err != nil {
		return err
	}
	took := make([]time.Duration, *spaces)
	began := time.Now()
	for i := range took {
		content := matrix(uint64(i))
		one := time.Now()
		req := wire.AddSpace{Name: fmt.Sprintf("run/step-%05d", i), Dataset: "items", Experiment: "run-" + strconv.Itoa(i%100), Model: "m", Step: new(int64(i))}
		if _, err := c.AddSpace(ctx, req, bytes.NewReader(content), int64(len(content))); err != nil {
			return err
		}
		took[i] = time.Since(one)
	}
	_, _ = fmt.Fprintf(os.Stdout, "%d spaces of %d×%d added in %.1f s: first hundred %s, last hundred %s (medians)\n", *spaces, *rows, *dims, time.Since(began).Seconds(), median(took[:100]), median(took[len(took)-100:]))
	last := fmt.Sprintf("run/step-%05d", *spaces-1)
	for _, ask := range [][]string{{"ls", "--json"}, {"ls"}, {"ls", "experiments", "--where", "model=m"}, {"show", last}, {"show", last, "run/step-00000"}, {"status"}, {"log"}} {
		if err := ask5(ctx, ask...); err != nil {
			return err
		}
	}
	if err := exec.CommandContext(ctx, *program, "stop").Run(); err != nil {
		return err
	}
	began = time.Now()
	if _, err := start(ctx); err != nil {
		return err
	}
	_, _ = fmt.Fprintf(os.Stdout, "started again in %s\n", time.Since(began).Round(time.Millisecond))
	return ask5(ctx, "doctor")
}

func start(ctx context.Context) (*client.Client, error) {
	if out, err := exec.CommandContext(ctx, *program, "up").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w: %s", err, out)
	}
	settings, err := lifecycle.Load(os.Getenv)
	if err != nil {
		return nil, err
	}
	d, _, err := lifecycle.Find(ctx, settings)
	return client.New(d.URL, d.Token), err
}

func addDataset(ctx context.Context, c *client.Client) error {
	var text bytes.Buffer
	out := csv.NewWriter(&text)
	_ = out.Write([]string{"id", "label"}) // into memory
	for i := range *rows {
		_ = out.Write([]string{"item-" + strconv.Itoa(i), strconv.Itoa(i % 10)})
	}
	out.Flush()
	_, err := c.AddDataset(ctx, wire.AddDataset{Name: "items"}, &text, int64(text.Len()))
	return err
}

// matrix is an .npy of noise.
func matrix(seed uint64) []byte {
	chance := rand.New(rand.NewPCG(seed, 1))
	header := fmt.Sprintf("{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }\n", *rows, *dims)
	out := append([]byte("\x93NUMPY\x01\x00"), byte(len(header)), byte(len(header)>>8))
	out = append(out, header...)
	for range *rows * *dims {
		out = binary.LittleEndian.AppendUint32(out, math.Float32bits(chance.Float32()))
	}
	return out
}

// ask5 runs a command five times and tells the median.
func ask5(ctx context.Context, args ...string) error {
	var took []time.Duration
	size := 0
	for range 5 {
		began := time.Now()
		out, err := exec.CommandContext(ctx, *program, args...).Output()
		if err != nil {
			return fmt.Errorf("%s %v: %w", filepath.Base(*program), args, err)
		}
		took, size = append(took, time.Since(began)), len(out)
	}
	_, _ = fmt.Fprintf(os.Stdout, "vectory %v: %s, %d kB\n", args, median(took), size/1000)
	return nil
}

func median(took []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(took))
	return sorted[len(sorted)/2].Round(100 * time.Microsecond)
}
