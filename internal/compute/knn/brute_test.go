package knn_test

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/kernel"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/vec"
)

// pairedWith is another row and how far it is.
type pairedWith struct {
	distance float64
	id       int32
}

// bruteRow sorts all other rows by (distance, row number).
func bruteRow(n, i int, exclude []bool, distance func(j int) float64) []pairedWith {
	all := make([]pairedWith, 0, n)
	for j := range n {
		if j != i && (exclude == nil || !exclude[j]) {
			all = append(all, pairedWith{distance(j), int32(j)})
		}
	}
	slices.SortFunc(all, func(a, b pairedWith) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.id, b.id))
	})
	return all
}

// brute is the reference: every distance, sorted.
func brute(x knn.Matrix, metric catalog.Metric, k int, exclude []bool) (ids []int32, distances []float32) {
	for i := range x.Rows {
		if exclude != nil && exclude[i] {
			ids = append(ids, slices.Repeat([]int32{-1}, k)...)
			distances = append(distances, slices.Repeat([]float32{-1}, k)...)
			continue
		}
		all := bruteRow(x.Rows, i, exclude, func(j int) float64 { return vec.Distance(metric, x.Row(i), x.Row(j)) })
		for _, p := range all[:k] {
			ids = append(ids, p.id)
			distances = append(distances, float32(p.distance))
		}
	}
	return ids, distances
}

// kinds are ways to fill a matrix, most of them unpleasant.
var kinds = []struct {
	name string
	fill func(r *rand.Rand, x knn.Matrix)
}{
	{"gaussian", func(r *rand.Rand, x knn.Matrix) { each(x, func(int, int) float64 { return r.NormFloat64() }) }},
	{"all rows equal", func(r *rand.Rand, x knn.Matrix) {
		each(x, func(_, c int) float64 { return float64(c%7) + 0.3 })
	}},
	{"heavy duplicates", func(r *rand.Rand, x knn.Matrix) {
		base := make([]float64, 5*x.Dims)
		for i := range base {
			base[i] = r.NormFloat64()
		}
		var from int
		each(x, func(_, c int) float64 {
			if c == 0 {
				from = r.IntN(5)
			}
			return base[from*x.Dims+c]
		})
	}},
	{"small integers", func(r *rand.Rand, x knn.Matrix) { each(x, func(int, int) float64 { return float64(r.IntN(3)) }) }},
	{"sparse with zero rows", func(r *rand.Rand, x knn.Matrix) {
		each(x, func(i, _ int) float64 {
			if i%4 == 0 || r.IntN(3) > 0 {
				return 0
			}
			return float64(1 + r.IntN(2))
		})
	}},
	{"norms near 1e18", func(r *rand.Rand, x knn.Matrix) {
		each(x, func(int, int) float64 { return 1e18 * r.NormFloat64() / math.Sqrt(float64(x.Dims)) })
	}},
	{"norms near 1e-30", func(r *rand.Rand, x knn.Matrix) { each(x, func(int, int) float64 { return 1e-30 * r.NormFloat64() }) }},
	{"denormals", func(r *rand.Rand, x knn.Matrix) {
		each(x, func(int, int) float64 { return math.SmallestNonzeroFloat32 * float64(r.IntN(40)-20) })
	}},
	{"norms from 1e-18 to 1e18", func(r *rand.Rand, x knn.Matrix) {
		var scale float64
		each(x, func(_, c int) float64 {
			if c == 0 {
				scale = math.Pow(10, float64(r.IntN(37)-18)) / float64(x.Dims)
			}
			return scale * r.NormFloat64()
		})
	}},
	{"one outlier at 1e6", func(r *rand.Rand, x knn.Matrix) {
		each(x, func(i, _ int) float64 {
			if i == x.Rows/2 {
				return 1e6
			}
			return r.NormFloat64()
		})
	}},
	{"one outlier at 1e17", func(r *rand.Rand, x knn.Matrix) {
		each(x, func(i, c int) float64 {
			if i == x.Rows/2 && c == 0 {
				return 1e17
			}
			return r.NormFloat64()
		})
	}},
	{"mean 1e4", func(r *rand.Rand, x knn.Matrix) {
		each(x, func(int, int) float64 { return 1e4 + 0.01*r.NormFloat64() })
	}},
	{"tight clusters", func(r *rand.Rand, x knn.Matrix) {
		each(x, func(i, c int) float64 { return float64((i%4)*(c%5)) + 1e-6*r.NormFloat64() })
	}},
	{"scaled copies", func(r *rand.Rand, x knn.Matrix) {
		each(x, func(i, c int) float64 { return float64(1+i/3%4) * float64((i%3+1)*(c+2)%5+1) })
	}},
	{"a grid that ties by symmetry", func(r *rand.Rand, x knn.Matrix) {
		each(x, func(i, c int) float64 { return float64((i>>(c%8))&1) - 0.5 })
	}},
}

func each(x knn.Matrix, value func(i, c int) float64) {
	for at := range x.Data {
		x.Data[at] = float32(value(at/x.Dims, at%x.Dims))
	}
}

func makeMatrix(kind, n, d int, seed uint64) knn.Matrix {
	x := knn.Matrix{Data: make([]float32, n*d), Rows: n, Dims: d}
	kinds[kind].fill(rand.New(rand.NewPCG(seed, 9)), x)
	return x
}

var metrics = []catalog.Metric{catalog.Euclidean, catalog.Cosine, catalog.Dot}

// someMetrics are all of them, or in a short run one, another for each turn: the race detector makes everything slow.
func someMetrics(turn int) []catalog.Metric {
	if testing.Short() {
		return metrics[turn%3 : turn%3+1]
	}
	return metrics
}

// paths are all that this processor can take: plain Go (nil), and each set of kernels.
func paths() []*kernel.Set {
	list := []*kernel.Set{nil}
	for _, name := range []string{"avx2", "avx512"} {
		if set, err := kernel.Named(name); err == nil {
			list = append(list, set)
		}
	}
	return list
}

func pathName(set *kernel.Set) string {
	if set == nil {
		return kernel.Portable
	}
	return set.Name
}

// agree checks a self join, with some threads, on every path against the reference.
func agree(t *testing.T, x knn.Matrix, metric catalog.Metric, k int, exclude []bool, threads int) {
	t.Helper()
	left := exclude
	if zero := knn.Exclusions(x, metric); zero != nil {
		left = slices.Clone(zero)
		for i := range exclude {
			left[i] = left[i] || exclude[i]
		}
	}
	taking := x.Rows
	for _, out := range left {
		if out {
			taking--
		}
	}
	if taking < 2 {
		return
	}
	k = min(k, taking-1)
	ids, distances := brute(x, metric, k, left)
	for _, path := range paths() {
		table, err := knn.SelfJoin(context.Background(), x, knn.Params{K: k, Metric: metric, Exclude: exclude, Threads: threads, Kernel: path})
		if err != nil {
			t.Fatal(err)
		}
		for at := range ids {
			if table.IDs[at] != ids[at] || table.Distances[at] != distances[at] {
				t.Fatalf("%s %s %d×%d k=%d: row %d, place %d: row %d at %g, want row %d at %g", pathName(path),
					metric, x.Rows, x.Dims, k, at/k, at%k, table.IDs[at], table.Distances[at], ids[at], distances[at])
			}
		}
	}
}

func TestSelfJoinEqualsBruteForce(t *testing.T) {
	shapes := []struct{ n, d, k int }{
		{2, 1, 1}, {3, 2, 2}, {5, 3, 1}, {17, 1, 4}, {97, 8, 10}, {130, 7, 3}, {193, 16, 30}, {300, 65, 10}, {260, 3, 256}, {40, 130, 39}, {60, 1100, 5}, {400, 33, 10}, {780, 20, 10},
	}
	for kind, of := range kinds {
		t.Run(of.name, func(t *testing.T) {
			for at, shape := range shapes {
				turn := kind + at
				if testing.Short() && turn%3 > 0 { // every shape still has its turn with five kinds, and with every metric
					continue
				}
				for _, metric := range someMetrics(turn / 3) {
					agree(t, makeMatrix(kind, shape.n, shape.d, uint64(at)), metric, shape.k, nil, 1+at%3)
				}
			}
		})
	}
}

func TestSelfJoinEqualsBruteForceOnRandomShapes(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	runs := uint64(250)
	if testing.Short() {
		runs = 40
	}
	for seed := range runs {
		kind, n, d := r.IntN(len(kinds)), 2+r.IntN(200), 1+r.IntN(130)
		x := makeMatrix(kind, n, d, seed)
		var exclude []bool
		if r.IntN(2) == 0 {
			exclude = make([]bool, n)
			for i := range exclude {
				exclude[i] = r.IntN(5) == 0
			}
		}
		metric, k := metrics[r.IntN(3)], 1+r.IntN(n)
		t.Run(fmt.Sprintf("%d %s", seed, kinds[kind].name), func(t *testing.T) { agree(t, x, metric, k, exclude, 1+r.IntN(4)) })
	}
}

func FuzzSelfJoin(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4, 5, 6, 7, 8}, uint8(2), uint8(1), uint8(0))
	f.Add([]byte("neighbours of neighbours"), uint8(3), uint8(4), uint8(1))
	f.Fuzz(func(t *testing.T, values []byte, dims, k, metric uint8) {
		d := 1 + int(dims)%16
		n := len(values) / d
		if n < 2 || k == 0 {
			return
		}
		x := knn.Matrix{Data: make([]float32, n*d), Rows: n, Dims: d}
		for at := range x.Data { // a sign, a scale and a small number, so that ties are common
			b := values[at]
			x.Data[at] = float32(math.Ldexp(float64(int(b&7)-3), int(b>>3)-16))
		}
		agree(t, x, metrics[metric%3], int(k), nil, 2)
	})
}

func TestBytesDoNotDependOnThreadsOrPath(t *testing.T) {
	counts := []int{1, 2, 3, 8}
	if testing.Short() {
		counts = []int{2, 8}
	}
	for kind, of := range kinds {
		t.Run(of.name, func(t *testing.T) {
			x := makeMatrix(kind, 700, 19, 5)
			for _, metric := range someMetrics(kind) {
				want := selfJoin(t, x, knn.Params{K: 12, Metric: metric, Threads: 1})
				for _, path := range paths() {
					for _, threads := range counts {
						got := selfJoin(t, x, knn.Params{K: 12, Metric: metric, Threads: threads, Kernel: path})
						if !slices.Equal(got.IDs, want.IDs) || !slices.Equal(got.Distances, want.Distances) {
							t.Errorf("%s: %d threads on the path %s give another table", metric, threads, pathName(path))
						}
					}
				}
			}
		})
	}
}

func TestQueryEqualsBruteForce(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	for seed := range uint64(150) {
		kind, n, d := r.IntN(len(kinds)), 12+r.IntN(900), 1+r.IntN(40)
		x := makeMatrix(kind, n, d, seed)
		metric := metrics[r.IntN(3)]
		exclude := knn.Exclusions(x, metric)
		rows := []int32{int32(r.IntN(n)), int32(r.IntN(n)), int32(r.IntN(n))}
		var q []float32
		for at, row := range rows {
			if exclude != nil && exclude[row] {
				rows[at], row = 1, 1
			}
			q = append(q, x.Row(int(row))...)
		}
		if exclude != nil && exclude[1] {
			continue
		}
		k := 1 + r.IntN(3)
		ids, distances, err := knn.Query(context.Background(), x, q, knn.Params{K: k, Metric: metric, Threads: 1 + r.IntN(3)}, rows)
		if err != nil {
			t.Fatal(err)
		}
		for at, row := range rows {
			want := bruteRow(n, int(row), exclude, func(j int) float64 { return vec.Distance(metric, x.Row(int(row)), x.Row(j)) })
			for place := range k {
				if ids[at*k+place] != want[place].id || distances[at*k+place] != want[place].distance {
					t.Fatalf("%s %s: query %d, place %d: row %d at %g, want %v", kinds[kind].name, metric, at, place, ids[at*k+place], distances[at*k+place], want[place])
				}
			}
		}
	}
}

// FuzzShapes tries shapes, kinds of data, metrics and prefixes on every path.
func FuzzShapes(f *testing.F) {
	f.Add(uint64(1), uint16(130), uint16(300), uint8(9), uint8(0), uint8(0), uint8(0))
	f.Add(uint64(2), uint16(777), uint16(60), uint8(4), uint8(11), uint8(1), uint8(2))
	f.Add(uint64(3), uint16(64), uint16(699), uint8(31), uint8(5), uint8(2), uint8(1))
	f.Fuzz(func(t *testing.T, seed uint64, dims, rows uint16, k, kind, metric, prefix uint8) {
		n, d := 2+int(rows)%699, 1+int(dims)%1100
		if n*n*d > 40e6 { // brute force has to keep up
			n = 2 + int(math.Sqrt(40e6/float64(d)))%n
		}
		defer knn.ForcePrefix([]int{0, 16, 48}[prefix%3])()
		agree(t, makeMatrix(int(kind)%len(kinds), n, d, seed), metrics[metric%3], 1+int(k), nil, 1+int(seed%3))
	})
}
