package workspace

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/pentoai/vectory/internal/compute/knn"
)

// cutOff keeps how far one join has come.
type cutOff struct {
	Files

	partial *knn.Partial
}

func (c *cutOff) Partial(string) *knn.Partial { return c.partial }

func (c *cutOff) PutPartial(_ string, r *knn.Partial) error { c.partial = r; return nil }

// run is a part of a join: it goes on from what was kept if that is of this join, and is cut off after a minute.
func (c *cutOff) run(fits bool) (before time.Duration) {
	w := &Workspace{files: c, machine: Machine{Checkpoint: time.Second}}
	var params knn.Params
	w.resumable(&params, "table")
	if params.Resume != nil {
		params.Resume.Used = fits
	}
	time.Sleep(time.Minute)
	params.Checkpoint(func() *knn.Partial { return new(knn.Partial) })
	return spentBefore(params)
}

func TestATableThatWasCutOffTookWhatAllItsRunsTook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c cutOff
		for i, run := range []struct {
			fits bool
			want time.Duration // of the runs before
		}{{true, 0}, {true, time.Minute}, {true, 2 * time.Minute}, {false, 0}, {true, time.Minute}} {
			if before := c.run(run.fits); before != run.want {
				t.Errorf("run %d: %s were spent before, not %s", i, before, run.want)
			}
		}
	})
}
