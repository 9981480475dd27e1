// Command join times the self-join of an .npy file of float32: join FILE METRIC K THREADS KERNEL. With
// `moments` in place of a metric it times the sums that global measures read, of the space with itself as two.
// It prints one line of JSON: wall and CPU seconds, peak memory, and the rows' neighbours.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/kernel"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/measure"
	"github.com/pentoai/vectory/internal/store/npy"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	k, err := strconv.Atoi(args[2])
	if err != nil {
		return err
	}
	threads, err := strconv.Atoi(args[3])
	if err != nil {
		return err
	}
	set, err := kernel.Named(args[4])
	if err != nil {
		return err
	}
	x, err := read(args[0])
	if err != nil {
		return err
	}
	before, began := cpu(), time.Now()
	var ids []int32
	if args[1] == "moments" {
		_, err = measure.NewMoments(context.Background(), x, x, measure.Machine{Threads: threads, Kernel: set})
	} else {
		ids, err = join(x, knn.Params{K: k, Metric: catalog.Metric(args[1]), Threads: threads, Kernel: set})
	}
	if err != nil {
		return err
	}
	wall, spent := time.Since(began).Seconds(), cpu()-before
	return json.NewEncoder(os.Stdout).Encode(map[string]any{"wall": wall, "cpu": spent, "peak_mb": peakMB(), "input_mb": len(x.Data) * 4 >> 20, "ids": ids})
}

func join(x knn.Matrix, p knn.Params) ([]int32, error) {
	table, err := knn.SelfJoin(context.Background(), x, p)
	if err != nil {
		return nil, err
	}
	return table.IDs, nil
}

// peakMB is the peak memory of this process; what getrusage tells counts the parent's too.
func peakMB() int {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	kb, err := strconv.Atoi(strings.Fields(rest)[0])
	if err != nil {
		return 0
	}
	return kb / 1024
}

func read(path string) (knn.Matrix, error) {
	file, err := os.Open(path)
	if err != nil {
		return knn.Matrix{}, err
	}
	defer file.Close()
	var x knn.Matrix
	header, err := npy.DecodeAny(context.Background(), file, npy.Options{Size: -1}, func(h npy.Header, _ int, rows []float32) error {
		if x.Data == nil {
			x.Data = make([]float32, 0, h.Rows*h.Dims)
		}
		x.Data = append(x.Data, rows...)
		return nil
	})
	x.Rows, x.Dims = header.Rows, header.Dims
	return x, err
}

func cpu() float64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e9
}
