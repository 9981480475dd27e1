package workspace

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/projection"
	"github.com/pentoai/vectory/internal/wire"
)

// runningLayouts are those that a job makes just now.
type runningLayouts struct {
	mu   sync.Mutex
	byID map[string]*runningLayout
}

func (r *runningLayouts) begin(l wire.Layout) *runningLayout {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.byID == nil {
		r.byID = map[string]*runningLayout{}
	}
	if run, ok := r.byID[l.ID]; ok {
		return run
	}
	run := &runningLayout{layout: l, resumed: make(chan struct{}), changed: make(chan struct{})}
	close(run.resumed)
	r.byID[l.ID] = run
	return run
}

func (r *runningLayouts) end(run *runningLayout) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.byID[run.layout.ID] == run {
		delete(r.byID, run.layout.ID)
	}
	run.mu.Lock()
	defer run.mu.Unlock()
	run.ended = true
	run.tell()
}

func (r *runningLayouts) find(id string) *runningLayout {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.byID[id]
}

func (r *runningLayouts) running() []wire.Layout {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := []wire.Layout{}
	for _, run := range r.byID {
		list = append(list, run.look())
	}
	slices.SortFunc(list, func(a, b wire.Layout) int { return strings.Compare(a.ID, b.ID) })
	return list
}

// runningLayout is what can be seen of a layout while it is made.
type runningLayout struct {
	mu      sync.Mutex
	layout  wire.Layout
	shown   []projection.Layout // smoothed
	rows    [][]int32           // of each space; nil: not matched yet
	resumed chan struct{}       // closed: it is not paused
	changed chan struct{}       // closed and replaced when there is something new to see
	paused  bool
	job     string
	begun   bool // it has its place, and is not queued any more
	ended   bool
}

func (r *runningLayout) begin() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.begun = true
}

func (r *runningLayout) madeBy(job string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.job = job
}

func (r *runningLayout) jobID() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.job
}

func (r *runningLayout) look() wire.Layout {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.layout
}

// tell wakes those who watch; the lock is held.
func (r *runningLayout) tell() {
	close(r.changed)
	r.changed = make(chan struct{})
}

// show replaces what is seen.
func (r *runningLayout) show(layouts []projection.Layout, epoch, epochs int, stage string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.shown = nil
	for _, l := range layouts {
		r.shown = append(r.shown, projection.Layout{Dims: l.Dims, Points: slices.Clone(l.Points)})
	}
	r.layout.Epoch, r.layout.EpochsAll, r.layout.Stage = epoch, epochs, stage
	r.layout.Rows = layouts[0].Rows()
	r.tell()
}

// smoothing is the share of a new epoch in what is seen: raw epochs look like boiling water.
const smoothing = 0.15

// smooth mixes an epoch into what is seen. which is the first of the layouts given.
func (r *runningLayout) smooth(layouts []projection.Layout, which, epoch, epochs int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, l := range layouts {
		shown := &r.shown[which+i]
		if epoch == 1 {
			shown.Points = slices.Clone(l.Points)
			continue
		}
		for at, v := range l.Points {
			shown.Points[at] += smoothing * (v - shown.Points[at])
		}
	}
	r.layout.Epoch, r.layout.EpochsAll, r.layout.Stage = epoch, epochs, "layout"
	r.tell()
}

func (r *runningLayout) done(l wire.Layout, made []projection.Layout) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.layout, r.shown = l, made
}

// hold pauses or resumes.
func (r *runningLayout) hold(pause bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case pause && !r.paused:
		r.resumed, r.layout.State = make(chan struct{}), "paused"
	case !pause && r.paused:
		close(r.resumed)
		r.layout.State = "running"
	}
	r.paused = pause
	r.tell()
}

// watch gives what can be seen now, nothing before the first places, and what is closed when there is more.
func (r *runningLayout) watch() (wire.Layout, []Frame, <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var frames []Frame
	for _, l := range r.shown {
		frames = append(frames, Frame{Rows: l.Rows(), Width: l.Dims, Floats: slices.Clone(l.Points)})
	}
	return r.layout, frames, r.changed
}

// pause waits while the layout is paused.
func (r *runningLayout) pause(ctx context.Context) error {
	r.mu.Lock()
	resumed := r.resumed
	r.mu.Unlock()
	select {
	case <-resumed:
		return nil
	case <-ctx.Done():
		return catalog.Errorf(catalog.Canceled, "the layout was stopped: %w", context.Cause(ctx))
	}
}

// rowsOf gives the rows of a space that are laid out, in the order of the frames.
func (r *runningLayout) rowsOf(side string) (Frame, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	at, err := r.sideAt(side)
	if err != nil {
		return Frame{}, err
	}
	if r.rows == nil {
		return Frame{}, nothingYet()
	}
	return Frame{Rows: len(r.rows[at]), Width: 1, Integers: r.rows[at]}, nil
}

// sideAt is which of the spaces a side is; the lock is held.
func (r *runningLayout) sideAt(side string) (int, error) {
	for at := range r.layout.Spaces {
		if wire.LayoutSide(at) == side {
			return at, nil
		}
	}
	return 0, noSide(side, len(r.layout.Spaces))
}

func (r *runningLayout) frame(side string) (Frame, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	at, err := r.sideAt(side)
	if err != nil {
		return Frame{}, err
	}
	if r.shown == nil {
		return Frame{}, nothingYet()
	}
	l := r.shown[at]
	return Frame{Rows: l.Rows(), Width: l.Dims, Floats: slices.Clone(l.Points)}, nil
}
