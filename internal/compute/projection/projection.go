// Package projection lays spaces out in two or three dimensions: principal components, UMAP, t-SNE, PaCMAP, and two
// spaces together, so that what moved between them really moved; and says what a layout gets wrong.
//
// It promises the same bytes for any number of threads, any pacing and any look at a layout that still runs: all
// randomness is a hash of seed, epoch and place, and every parallel step works on parts that nothing else touches.
// No coordinate is ever NaN or infinite. Neighbours come in as tables of package knn; rows that a table left out
// (zeros under cosine) lie apart, in a corner of their own.
//
// It keeps nothing, and does not choose the method.
package projection

import (
	"math"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/pentoai/vectory/internal/compute/kernel"
)

// Machine is what may be used: threads (0: all) and the processor's kernels (nil: plain Go). No result depends on it.
type Machine struct {
	Threads int
	Kernel  *kernel.Set
}

// limited is the machine with at most so many threads.
func (on Machine) limited(most int) Machine {
	if on.Threads < 1 {
		on.Threads = runtime.GOMAXPROCS(0)
	}
	on.Threads = min(on.Threads, most)
	return on
}

// parallel calls do for the parts [from, to) of 0..n, of at most grain each.
func (on Machine) parallel(n, grain int, do func(from, to int)) {
	threads := on.Threads
	if threads < 1 {
		threads = runtime.GOMAXPROCS(0)
	}
	parts := (n + grain - 1) / grain
	if threads = min(threads, parts); threads < 2 {
		for from := 0; from < n; from += grain {
			do(from, min(from+grain, n))
		}
		return
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for range threads {
		wg.Go(func() {
			for part := int(next.Add(1) - 1); part < parts; part = int(next.Add(1) - 1) {
				do(part*grain, min((part+1)*grain, n))
			}
		})
	}
	wg.Wait()
}

// mix is the finaliser of splitmix64: it turns a counter into a random number.
func mix(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}

const golden = 0x9e3779b97f4a7c15

// noise is a normal random number of a place (Box and Muller).
func noise(seed uint64, place int) float64 {
	h := mix(seed ^ mix(uint64(place)*golden+1))
	u := float64(h>>11)*0x1p-53 + 0x1p-54
	v := float64(mix(h+golden)>>11) * 0x1p-53
	return math.Sqrt(-2*math.Log(u)) * math.Cos(2*math.Pi*v)
}

// Layout holds n points of some dimensions, row-major.
type Layout struct {
	Dims   int
	Points []float32
}

// Rows is the number of points.
func (l Layout) Rows() int { return len(l.Points) / l.Dims }

// Row is point i, shared with the layout.
func (l Layout) Row(i int) []float32 { return l.Points[i*l.Dims : (i+1)*l.Dims : (i+1)*l.Dims] }

// clone copies the layout.
func (l Layout) clone() Layout {
	return Layout{l.Dims, append([]float32(nil), l.Points...)}
}

// startOf are some points of a layout about their centre, the first coordinate's standard deviation as given, with a
// hash's noise of a hundredth, so that equal points part.
func startOf(l Layout, rows []int32, deviation float64, seed uint64) Layout {
	n := float64(len(rows))
	centre := make([]float64, l.Dims)
	for _, row := range rows {
		for c, v := range l.Row(int(row)) {
			centre[c] += float64(v) / n
		}
	}
	var square, factor float64
	for _, row := range rows {
		v := float64(l.Row(int(row))[0]) - centre[0]
		square += v * v / n
	}
	if square > 0 {
		factor = deviation / math.Sqrt(square)
	}
	out := Layout{l.Dims, make([]float32, 0, len(rows)*l.Dims)}
	for _, row := range rows {
		for c, v := range l.Row(int(row)) {
			out.Points = append(out.Points, float32(factor*(float64(v)-centre[c])+deviation/100*noise(seed, int(row)*l.Dims+c)))
		}
	}
	return out
}

// scaled is the layout about its centre, its largest coordinate at most, with a hash's noise, so that equal points
// part.
func (l Layout) scaled(most, jitter float64, seed uint64) Layout {
	out := l.clone()
	centre := make([]float64, l.Dims)
	n := max(l.Rows(), 1)
	for i, v := range l.Points {
		centre[i%l.Dims] += float64(v) / float64(n)
	}
	var largest float64
	for i, v := range l.Points {
		largest = max(largest, math.Abs(float64(v)-centre[i%l.Dims]))
	}
	factor := 0.0
	if largest > 0 {
		factor = most / largest
	}
	for i, v := range l.Points {
		out.Points[i] = float32((float64(v)-centre[i%l.Dims])*factor + jitter*noise(seed, i))
	}
	return out
}
