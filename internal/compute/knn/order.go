package knn

import (
	"context"
	"math"

	"github.com/pentoai/vectory/internal/compute/kernel"
)

// Blocks of like rows make most tiles hopeless at once, and the first ones fruitful. The rows are put
// in order by k-means on their first scores, in two levels: √(n/384) clusters, each cut into clusters
// of about a block, and clusters chained nearest to nearest. The order changes no result.

// inOrder gives the places of the rows (indices into scores) in order.
func inOrder(ctx context.Context, set *kernel.Set, scores []float32, n, dims, stride int, p Params) ([]int32, error) {
	coarse := max(1, int(math.Round(math.Sqrt(float64(n)/kernel.BlockRows))))
	all := points{set, scores, n, dims, stride}
	labels, err := all.cluster(ctx, coarse, 5, 16384, p)
	if err != nil {
		return nil, err
	}
	places, starts := byLabel(labels, coarse)
	err = inParallel(ctx, threads(p, coarse), coarse, func() func(task int) error {
		return func(task int) error {
			members := places[starts[task]:starts[task+1]]
			fine := (len(members) + kernel.BlockRows/2) / kernel.BlockRows
			if fine < 2 {
				return nil
			}
			own := points{set, make([]float32, len(members)*dims), len(members), dims, dims}
			for i, place := range members {
				copy(own.values[i*dims:(i+1)*dims], scores[int(place)*stride:])
			}
			one := p
			one.Threads = 1
			labels, err := own.cluster(ctx, fine, 4, 4096, one)
			if err != nil {
				return err
			}
			sorted, _ := byLabel(labels, fine)
			for i, at := range sorted {
				sorted[i] = members[at]
			}
			copy(members, sorted)
			return nil
		}
	})
	return places, err
}

// byLabel lists the places by label, in rising order within each, and where each label starts.
func byLabel(labels []int32, count int) (places []int32, starts []int) {
	starts = make([]int, count+1)
	for _, l := range labels {
		starts[l+1]++
	}
	for l := range count {
		starts[l+1] += starts[l]
	}
	next := append([]int(nil), starts...)
	places = make([]int32, len(labels))
	for i, l := range labels {
		places[next[l]] = int32(i)
		next[l]++
	}
	return places, starts
}

// points are n rows of dims values, stride apart.
type points struct {
	set             *kernel.Set
	values          []float32
	n, dims, stride int
}

// cluster runs Lloyd's algorithm on a sample and labels every point; labels follow the chain.
func (x points) cluster(ctx context.Context, count, rounds, sample int, p Params) ([]int32, error) {
	labels := make([]int32, x.n)
	if count < 2 {
		return labels, nil
	}
	centres := make([]float32, count*x.dims)
	for c := range count {
		copy(centres[c*x.dims:(c+1)*x.dims], x.values[c*x.n/count*x.stride:])
	}
	step := max(1, x.n/sample)
	few := points{x.set, x.values, x.n / step, x.dims, x.stride * step}
	some := make([]int32, few.n)
	for range rounds {
		if err := few.assign(ctx, centres, count, some, p); err != nil {
			return nil, err
		}
		few.recentre(centres, count, some)
	}
	if err := x.assign(ctx, centres, count, labels, p); err != nil {
		return nil, err
	}
	rank := chain(centres, count, x.dims)
	for i, l := range labels {
		labels[i] = rank[l]
	}
	return labels, nil
}

// assign labels each point with its nearest centre: the largest x·c − |c|²/2.
func (x points) assign(ctx context.Context, centres []float32, count int, labels []int32, p Params) error {
	turned := make([]float32, x.dims*count)
	half := make([]float32, count)
	for c := range count {
		for i, v := range centres[c*x.dims : (c+1)*x.dims] {
			turned[i*count+c] = v
			half[c] += v * v / 2
		}
	}
	products := packColumns(x.set, turned, x.dims, count, count)
	const part = 192
	tasks := (x.n + part - 1) / part
	return inParallel(ctx, threads(p, tasks), tasks, func() func(task int) error {
		scores := make([]float32, part*products.columns)
		return func(task int) error {
			from, to := task*part, min((task+1)*part, x.n)
			products.multiply(x.values[from*x.stride:], to-from, x.stride, scores)
			for i := from; i < to; i++ {
				best, at := float32(math.Inf(-1)), 0
				for c, v := range scores[(i-from)*products.columns : (i-from)*products.columns+count] {
					if v -= half[c]; v > best {
						best, at = v, c
					}
				}
				labels[i] = int32(at)
			}
			return nil
		}
	})
}

// recentre puts each centre at the mean of its points; one without points stays.
func (x points) recentre(centres []float32, count int, labels []int32) {
	sums, counts := make([]float32, count*x.dims), make([]int, count)
	for i, l := range labels {
		counts[l]++
		sum := sums[int(l)*x.dims : (int(l)+1)*x.dims]
		for c, v := range x.values[i*x.stride : i*x.stride+x.dims] {
			sum[c] += v
		}
	}
	for c, n := range counts {
		for i := c * x.dims; n > 0 && i < (c+1)*x.dims; i++ {
			centres[i] = sums[i] / float32(n)
		}
	}
}

// chain ranks the centres so that each is followed by the nearest that is left.
func chain(centres []float32, count, dims int) []int32 {
	rank, used := make([]int32, count), make([]bool, count)
	at := 0
	for place := range count {
		rank[at], used[at] = int32(place), true
		best, next := float32(math.Inf(1)), -1
		for c := range count {
			if used[c] {
				continue
			}
			if gap := squaredGap(centres[at*dims:(at+1)*dims], centres[c*dims:(c+1)*dims]); gap < best || next < 0 {
				best, next = gap, c
			}
		}
		at = max(next, 0)
	}
	return rank
}

func squaredGap(a, b []float32) (sum float32) {
	b = b[:len(a)]
	for i, v := range a {
		gap := v - b[i]
		sum += gap * gap
	}
	return sum
}
