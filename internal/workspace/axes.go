package workspace

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/projection"
)

// keptAxes are the principal axes of spaces that new rows were lately placed on, and such a space as it is seen on them: to find
// them reads the whole space, to place a row reads the row.
type keptAxes struct {
	mu   sync.Mutex
	list []axesOf // the last that was asked for at the end
}

type axesOf struct {
	key     string
	axes    *projection.Axes
	reduced knn.Matrix // without rows: not kept
}

const (
	mostAxes    = 4
	mostReduced = 256 << 20 // bytes of a reduced space that is kept
)

// axesOf gives dims axes of a stored matrix; reduced the matrix on them, too, when it is asked for.
func (w *Workspace) axesOf(ctx context.Context, sha string, x knn.Matrix, dims int, unit, reduced bool) (found axesOf, err error) {
	on := projection.Machine{Threads: w.machine.Threads, Kernel: w.machine.Kernel}
	key := fmt.Sprintf("%s %d %t", sha, dims, unit)
	found, known := w.axes.find(key)
	if !known {
		found.key = key
		if found.axes, err = projection.AxesOf(ctx, x, dims, unit, on); err != nil {
			return found, err
		}
	}
	if reduced && found.reduced.Rows == 0 {
		found.reduced = found.axes.Reduced(x, on)
	}
	w.axes.keep(found)
	return found, nil
}

func (k *keptAxes) find(key string) (axesOf, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	at := slices.IndexFunc(k.list, func(a axesOf) bool { return a.key == key })
	if at < 0 {
		return axesOf{}, false
	}
	return k.list[at], true
}

func (k *keptAxes) keep(a axesOf) {
	if 4*len(a.reduced.Data) > mostReduced {
		a.reduced = knn.Matrix{}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.list = append(slices.DeleteFunc(k.list, func(known axesOf) bool { return known.key == a.key }), a)
	if len(k.list) > mostAxes {
		k.list = slices.Delete(k.list, 0, 1)
	}
}
