// Command lay times the layout of an .npy file of float32, mapped as the daemon's are, neighbours included: lay FILE METHOD THREADS
// OUT, METHOD one of pca, umap, tsne, pacmap, and LAY_SEED the seed if it is not 42. With `joint` it lays FILE and the file OTHER out together: lay FILE joint THREADS OUT OTHER,
// and with `place` it lays FILE out by UMAP, codes its rows, and times how the rows of OTHER are placed, one and all. It writes the
// coordinates to OUT (a space after the other) and prints one line of JSON: seconds to the first picture, to the first that is of use
// (smoothed as the daemon shows it, it has half the neighbours that the last one has) and to the end, CPU seconds, peak memory.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unsafe"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/kernel"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/projection"
	"github.com/pentoai/vectory/internal/store/npy"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// bench is one run.
type bench struct {
	ctx   context.Context
	on    projection.Machine
	x     knn.Matrix
	other knn.Matrix
	began time.Time
	told  map[string]any
	seen  []picture
}

// picture is what was to be seen at a time.
type picture struct {
	after  float64
	points []float32
}

func run(args []string) error {
	threads, err := strconv.Atoi(args[2])
	if err != nil {
		return err
	}
	set, err := kernel.Named("")
	if err != nil {
		return err
	}
	b := &bench{ctx: context.Background(), on: projection.Machine{Threads: threads, Kernel: set}, told: map[string]any{}}
	if b.x, err = read(args[0]); err != nil {
		return err
	}
	if len(args) > 4 {
		if b.other, err = read(args[4]); err != nil {
			return err
		}
	}
	if seed := os.Getenv("LAY_SEED"); seed != "" {
		if params.Seed, err = strconv.ParseUint(seed, 10, 64); err != nil {
			return err
		}
	}
	before := cpu()
	b.began = time.Now()
	made, err := b.lay(args[1])
	if err != nil {
		return err
	}
	b.told["wall"], b.told["cpu"], b.told["peak_mb"] = time.Since(b.began).Seconds(), cpu()-before, memory("VmHWM:")
	b.told["mapped_mb"] = memory("RssFile:")
	if len(made) == 1 && b.seen != nil {
		if b.told["usable"], err = b.usable(made[0]); err != nil {
			return err
		}
	}
	if args[1] == "place" {
		if made, err = b.place(made[0]); err != nil {
			return err
		}
	}
	var all []float32
	for _, l := range made {
		all = append(all, l.Points...)
	}
	out, err := os.Create(args[3])
	if err != nil {
		return err
	}
	defer out.Close()
	if err := npy.Write(out, all, len(all)/2, 2); err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(b.told)
}

var params = projection.Params{Dims: 2, K: 15, MinDist: 0.1, Spread: 1, Seed: 42}

func (b *bench) lay(method string) ([]projection.Layout, error) {
	start, err := projection.Start(b.ctx, b.x, 2, false, b.on)
	if err != nil {
		return nil, err
	}
	b.told["first"] = time.Since(b.began).Seconds()
	k := 14
	switch method {
	case "pca":
		start, err = projection.PCA(b.ctx, b.x, 2, false, b.on)
		return []projection.Layout{start}, err
	case "tsne":
		k = projection.NeighboursFor(projection.DefaultPerplexity)
	case "pacmap":
		k = projection.PaCMAPNeighbours(b.x.Rows)
	}
	t, err := b.table(b.x, k)
	if err != nil {
		return nil, err
	}
	b.told["neighbours"] = time.Since(b.began).Seconds()
	if method == "joint" {
		return b.jointly(t, start)
	}
	l, err := b.settle(method, t, start)
	return []projection.Layout{l}, err
}

func (b *bench) settle(method string, t *knn.Table, start projection.Layout) (projection.Layout, error) {
	switch method {
	case "tsne":
		return projection.TSNE(b.ctx, projection.Affinities(t, projection.DefaultPerplexity, b.on), start, params, b.on, b.see)
	case "pacmap":
		return projection.PaCMAP(b.ctx, b.x, catalog.Euclidean, t, start, params, b.on, b.see)
	}
	return projection.Run(b.ctx, projection.NewGraph(t, params.K, b.on), start, params, b.on, b.see)
}

func (b *bench) jointly(t *knn.Table, start projection.Layout) ([]projection.Layout, error) {
	u, err := b.table(b.other, 14)
	if err != nil {
		return nil, err
	}
	return projection.Joint(b.ctx, []*projection.Graph{projection.NewGraph(t, params.K, b.on), projection.NewGraph(u, params.K, b.on)}, []projection.Layout{start}, params, b.on, nothing)
}

// place times the placing of one row and of all of the other file.
func (b *bench) place(old projection.Layout) ([]projection.Layout, error) {
	var out projection.Layout
	p := knn.Params{Metric: catalog.Euclidean, Threads: b.on.Threads, Kernel: b.on.Kernel}
	began := time.Now()
	codes, err := knn.Encode(b.ctx, b.x, p)
	if err != nil {
		return nil, err
	}
	b.told["codes"] = time.Since(began).Seconds()
	for _, rows := range []int{1, 1, 1, 1, 1, b.other.Rows} { // the shortest of one
		name := map[bool]string{true: "one", false: "all"}[rows == 1]
		began, before := time.Now(), cpu()
		f := projection.Fresh{X: knn.Matrix{Data: b.other.Data[:rows*b.x.Dims], Rows: rows, Dims: b.x.Dims}, Old: b.x, K: params.K}
		if codes != nil {
			f.IDs, f.Distances, err = codes.Query(b.ctx, b.x, f.X.Data, params.K, b.on.Threads, nil)
		} else {
			p.K = params.K
			f.IDs, f.Distances, err = knn.Query(b.ctx, b.x, f.X.Data, p, nil)
		}
		if err != nil {
			return nil, err
		}
		l, err := projection.PlaceUMAP(b.ctx, f, old, params, b.on)
		if err != nil {
			return nil, err
		}
		took := time.Since(began).Seconds()
		if shortest, ok := b.told[name].(float64); !ok || took < shortest {
			b.told[name], b.told[name+"_cpu"] = took, cpu()-before
		}
		out = l
	}
	return []projection.Layout{out}, nil
}

func (b *bench) table(x knn.Matrix, k int) (*knn.Table, error) {
	return knn.SelfJoin(b.ctx, x, knn.Params{K: k, Metric: catalog.Euclidean, Threads: b.on.Threads, Kernel: b.on.Kernel})
}

// see keeps the layout after an epoch as the daemon shows it, smoothed, of at most so many rows: what is kept would tell on the
// memory of a large one.
func (b *bench) see(_, _ int, look func() []projection.Layout) error {
	const most = 200_000
	if b.x.Rows > most {
		return nil
	}
	points := look()[0].Points
	if len(b.seen) > 0 {
		for i, v := range b.seen[len(b.seen)-1].points {
			points[i] = v + 0.15*(points[i]-v)
		}
	}
	b.seen = append(b.seen, picture{time.Since(b.began).Seconds(), points})
	return nil
}

// usable is when a picture first had half the neighbours of the space that the last has: of 15, over a thousand rows.
func (b *bench) usable(last projection.Layout) (float64, error) {
	const k, most = 15, 1000
	ask := knn.Params{K: k, Metric: catalog.Euclidean, Threads: b.on.Threads, Kernel: b.on.Kernel}
	for row := range min(most, b.x.Rows) {
		ask.Queries = append(ask.Queries, int32(row*b.x.Rows/min(most, b.x.Rows)))
	}
	there, err := knn.SelfJoin(b.ctx, b.x, ask)
	if err != nil {
		return 0, err
	}
	shared := func(points []float32) (int, error) {
		here, err := knn.SelfJoin(b.ctx, knn.Matrix{Data: points, Rows: b.x.Rows, Dims: last.Dims}, ask)
		if err != nil {
			return 0, err
		}
		count := 0
		for i := range ask.Queries {
			for _, j := range here.Neighbours(i) {
				if slices.Contains(there.Neighbours(i), j) {
					count++
				}
			}
		}
		return count, nil
	}
	goal, err := shared(last.Points)
	if err != nil {
		return 0, err
	}
	for _, p := range b.seen {
		if found, err := shared(p.points); err != nil || 2*found >= goal {
			return p.after, err
		}
	}
	return b.told["wall"].(float64), nil
}

func nothing(int, int, func() []projection.Layout) error { return nil }

// memory is a figure of this process: what getrusage tells counts the parent's too.
func memory(name string) int {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), name)
	kb, err := strconv.Atoi(strings.Fields(rest)[0])
	if err != nil {
		return 0
	}
	return kb / 1024
}

func cpu() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return float64(u.Utime.Sec+u.Stime.Sec) + float64(u.Utime.Usec+u.Stime.Usec)/1e6
}

// read maps the values of a file.
func read(path string) (knn.Matrix, error) {
	file, err := os.Open(path)
	if err != nil {
		return knn.Matrix{}, err
	}
	defer file.Close()
	h, err := npy.ReadHeader(file)
	if err != nil {
		return knn.Matrix{}, err
	}
	from, err := file.Seek(0, io.SeekCurrent)
	if err != nil {
		return knn.Matrix{}, err
	}
	if h.DataBytes() != 4*int64(h.Rows)*int64(h.Dims) || from%4 != 0 {
		return knn.Matrix{}, fmt.Errorf("%s is no float32", path)
	}
	mem, err := syscall.Mmap(int(file.Fd()), 0, int(from+h.DataBytes()), syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return knn.Matrix{}, err
	}
	return knn.Matrix{Data: unsafe.Slice((*float32)(unsafe.Pointer(&mem[from])), h.Rows*h.Dims), Rows: h.Rows, Dims: h.Dims}, nil
}
