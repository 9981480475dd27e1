package workspace

import (
	"context"
	"slices"
	"sync"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
)

// keptCodes are the codes of spaces that were asked about lately: with them a vector is answered from a quarter of the bytes,
// and a thousand without coding the space anew. They go by content and metric, the one that was asked for longest ago first.
type keptCodes struct {
	mu    sync.Mutex
	list  []codesOf // the last that was asked for at the end
	bytes int64
	asked []string // what was asked about without codes, the last at the end
}

type codesOf struct {
	key   string
	codes *knn.Codes
	bytes int64
}

// codesShare is the part of the memory that they may take.
const codesShare = 8

// manyQueries are worth coding a space for at once; for fewer it must have been asked about before.
const manyQueries = 64

func (c *keptCodes) find(key string) *knn.Codes {
	c.mu.Lock()
	defer c.mu.Unlock()
	at := slices.IndexFunc(c.list, func(k codesOf) bool { return k.key == key })
	if at < 0 {
		return nil
	}
	found := c.list[at]
	c.list = append(slices.Delete(c.list, at, at+1), found)
	return found.codes
}

// again notes that a space is asked about, and tells whether it was lately.
func (c *keptCodes) again(key string) bool {
	const most = 32
	c.mu.Lock()
	defer c.mu.Unlock()
	if slices.Contains(c.asked, key) {
		return true
	}
	c.asked = append(c.asked, key)
	c.asked = c.asked[max(0, len(c.asked)-most):]
	return false
}

func (c *keptCodes) keep(of codesOf, most int64) {
	c.shrink(most - of.bytes)
	c.mu.Lock()
	defer c.mu.Unlock()
	if slices.ContainsFunc(c.list, func(k codesOf) bool { return k.key == of.key }) {
		return // another made them meanwhile
	}
	c.list, c.bytes = append(c.list, of), c.bytes+of.bytes
}

// shrink forgets until they take at most so many bytes.
func (c *keptCodes) shrink(most int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.list) > 0 && c.bytes > most {
		c.bytes -= c.list[0].bytes
		c.list = slices.Delete(c.list, 0, 1)
	}
}

// roomFor forgets codes where something needs the memory.
func (w *Workspace) roomFor(need int64) {
	if w.machine.Memory > 0 {
		w.codes.shrink(w.machine.Memory - need)
	}
}

// nearest gives the k rows of a stored matrix nearest to each query, as knn.Query does. skip is knn.Query's.
func (w *Workspace) nearest(ctx context.Context, sha string, x knn.Matrix, metric catalog.Metric, q []float32, k int, skip []int32) ([]int32, []float64, error) {
	p := knn.Params{K: k, Metric: metric, Threads: w.machine.Threads, Kernel: w.machine.Kernel}
	codes, err := w.codesOf(ctx, tableName(sha, metric), x, len(q)/max(x.Dims, 1), p)
	switch {
	case err != nil:
		return nil, nil, err
	case codes == nil:
		return knn.Query(ctx, x, q, p, skip)
	}
	return codes.Query(ctx, x, q, k, p.Threads, skip)
}

// codesOf gives the codes of a matrix that is asked about by so many queries; nil: they would not pay, or take too much.
func (w *Workspace) codesOf(ctx context.Context, key string, x knn.Matrix, queries int, p knn.Params) (*knn.Codes, error) {
	if codes := w.codes.find(key); codes != nil {
		return codes, nil
	}
	need, most := knn.CodesMemory(x.Rows, x.Dims), int64(1)<<30
	if w.machine.Memory > 0 {
		most = w.machine.Memory / codesShare
	}
	if seen := w.codes.again(key); need > most || !seen && queries < manyQueries {
		return nil, nil //nolint:nilnil // there are none, and that is no error
	}
	codes, err := knn.Encode(ctx, x, p)
	if err == nil && codes != nil {
		w.codes.keep(codesOf{key, codes, need}, most)
	}
	return codes, err
}
