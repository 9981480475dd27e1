// Package jobs runs long work: a queue with a few places, progress, cancel, result. It promises that
// a job outlives the request that asked for it, that progress never falls, that a canceled job ends
// at its next look at the context, and that equal work asked for twice at once is done once. It keeps
// jobs in memory: they end with the daemon.
package jobs

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/wire"
)

// Report is how work tells where it is: the stage in a few words and the share done, 0..1.
type Report func(stage string, progress float64)

// Work does the job and gives its result, e.g. the key of a comparison.
type Work func(ctx context.Context, report Report) (result string, err error)

// kept is how many ended jobs stay visible.
const kept = 200

// Runner owns the jobs. Its methods may be called from any goroutine.
type Runner struct {
	ctx    context.Context //nolint:containedctx // jobs live as long as the daemon, not as a request
	stop   context.CancelFunc
	places chan struct{}
	side   chan struct{}        // the place of layouts
	quick  chan struct{}        // the place of small work
	busy   func() (done func()) // told when work begins; for the idle clock

	mu   sync.Mutex
	jobs []*job
	wg   sync.WaitGroup
}

type job struct {
	mu      sync.Mutex
	info    wire.Job
	began   time.Time // when it got its place
	given   float64   // done by then, as good as: tables that were kept
	same    string
	small   bool
	cancel  context.CancelFunc
	changed chan struct{} // closed and replaced at every change
}

// New makes a runner that does at most atOnce jobs at a time; the others wait in order. One layout more
// has a place of its own: whoever opens a page looks at it for a while, and no comparison waits for it,
// nor it for one. Small work has one place more: what takes a second waits for nothing that takes minutes.
// busy is called when a job is submitted, and what it returns when the job has ended.
func New(atOnce int, busy func() (done func())) *Runner {
	ctx, stop := context.WithCancel(context.Background())
	return &Runner{ctx: ctx, stop: stop, places: make(chan struct{}, atOnce), side: make(chan struct{}, 1), quick: make(chan struct{}, 1), busy: busy}
}

// Wanted says what work is: what kind, in words, and what it has in common with equal work.
type Wanted struct {
	Kind  string
	Title string
	Same  string
	Small bool // it takes little memory, and seconds
}

// Submit queues work. When a job of the same kind and the same key is queued or running, that one is
// returned instead.
func (r *Runner) Submit(wanted Wanted, work Work) (wire.Job, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ctx.Err() != nil {
		return wire.Job{}, catalog.Errorf(catalog.Unavailable, "the daemon is stopping").WithHint("try again: vectory up")
	}
	for _, j := range r.jobs {
		if info := j.look(); info.Kind == wanted.Kind && j.same == wanted.Same && !ended(info.State) {
			return info, nil
		}
	}
	ctx, cancel := context.WithCancel(r.ctx)
	j := &job{same: wanted.Same, small: wanted.Small, cancel: cancel, changed: make(chan struct{}),
		info: wire.Job{ID: newID(), Kind: wanted.Kind, Title: wanted.Title, State: "queued", CreatedAt: time.Now().UTC()}}
	r.jobs = append(r.jobs, j)
	r.forget()
	r.wg.Add(1)
	done := r.busy()
	go func() {
		defer r.wg.Done()
		defer done()
		defer cancel()
		r.run(ctx, j, work)
	}()
	return j.look(), nil
}

func newID() string {
	b := make([]byte, 8)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}

// forget drops the oldest ended jobs over the limit.
func (r *Runner) forget() {
	over := len(r.jobs) - kept
	r.jobs = slices.DeleteFunc(r.jobs, func(j *job) bool {
		if over <= 0 || !ended(j.look().State) {
			return false
		}
		over--
		return true
	})
}

func (r *Runner) run(ctx context.Context, j *job, work Work) {
	places := r.places
	if j.look().Kind == "layout" {
		places = r.side
	}
	var quick chan struct{} // nil: no way
	if j.small {
		quick = r.quick
	}
	select {
	case places <- struct{}{}:
	case quick <- struct{}{}:
		places = quick
	case <-ctx.Done():
		j.end("", ctx.Err())
		return
	}
	defer func() { <-places }()
	j.change(func(info *wire.Job) { info.State, j.began = "running", time.Now() })
	result, err := protect(ctx, work, j.report)
	if err == nil && ctx.Err() != nil {
		err = ctx.Err()
	}
	j.end(result, err)
}

// protect turns a panic of the work into an error: one bad job must not end the daemon.
func protect(ctx context.Context, work Work, report Report) (result string, err error) {
	defer func() {
		if p := recover(); p != nil {
			slog.Error("job panicked", "panic", p, "stack", string(debug.Stack()))
			err = catalog.Errorf(catalog.Internal, "the job failed unexpectedly").WithHint("the log has the details: vectory logs")
		}
	}()
	return work(ctx, report)
}

func ended(state string) bool { return state == "done" || state == "failed" || state == "canceled" }

func (j *job) look() wire.Job {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.info
}

func (j *job) change(do func(*wire.Job)) {
	j.mu.Lock()
	defer j.mu.Unlock()
	do(&j.info)
	close(j.changed)
	j.changed = make(chan struct{})
}

func (j *job) report(stage string, progress float64) {
	j.mu.Lock()
	small := stage == j.info.Stage && progress < j.info.Progress+0.005 && progress < 1
	j.mu.Unlock()
	if small {
		return
	}
	j.change(func(info *wire.Job) {
		info.Stage = stage
		info.Progress = max(info.Progress, min(progress, 1))
		info.LeftS = nil
		took := time.Since(j.began)
		if took < atOnce { // says nothing of the pace
			j.given = info.Progress
		}
		if p := info.Progress; p >= j.given+0.01 {
			left := took.Seconds() * (1 - p) / (p - j.given)
			info.LeftS = &left
		}
	})
}

// atOnce is how long it takes at most to find what is kept.
const atOnce = 200 * time.Millisecond

func (j *job) end(result string, err error) {
	j.change(func(info *wire.Job) {
		info.EndedAt, info.LeftS = time.Now().UTC(), nil
		switch {
		case err == nil:
			info.State, info.Result, info.Progress, info.Stage = "done", result, 1, ""
		case errors.Is(err, context.Canceled), catalog.CodeOf(err) == catalog.Canceled:
			info.State = "canceled"
			info.Error = &wire.Error{Code: catalog.Canceled, Message: "canceled"}
		default:
			info.State, info.Error = "failed", wire.ErrorOf(err)
			if info.Error.Code == catalog.Internal {
				slog.Error("job failed", "job", info.ID, "kind", info.Kind, "error", err)
			}
		}
	})
}

// List gives the jobs, newest first.
func (r *Runner) List() []wire.Job {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := make([]wire.Job, 0, len(r.jobs))
	for _, j := range slices.Backward(r.jobs) {
		list = append(list, j.look())
	}
	return list
}

// Active counts the jobs that are queued or running.
func (r *Runner) Active() int {
	n := 0
	for _, info := range r.List() {
		if !ended(info.State) {
			n++
		}
	}
	return n
}

func (r *Runner) find(id string) (*job, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, j := range r.jobs {
		if j.info.ID == id { // the id never changes
			return j, nil
		}
	}
	return nil, catalog.Errorf(catalog.NotFound, "no job has the id %q", id).WithHint("see: vectory ls jobs")
}

// Get gives one job. It answers at once when wait is 0 or the job has ended, else when the job has
// moved, or after wait.
func (r *Runner) Get(ctx context.Context, id string, wait time.Duration) (wire.Job, error) {
	j, err := r.find(id)
	if err != nil {
		return wire.Job{}, err
	}
	j.mu.Lock()
	info, changed := j.info, j.changed
	j.mu.Unlock()
	if wait <= 0 || ended(info.State) {
		return info, nil
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-changed:
	case <-timer.C:
	case <-ctx.Done():
	}
	return j.look(), nil
}

// Cancel asks a job to end; one that has ended stays as it is.
func (r *Runner) Cancel(id string) (wire.Job, error) {
	j, err := r.find(id)
	if err != nil {
		return wire.Job{}, err
	}
	j.cancel()
	return j.look(), nil
}

// Close cancels all jobs and waits for them.
func (r *Runner) Close() {
	r.mu.Lock()
	r.stop()
	r.mu.Unlock()
	r.wg.Wait()
}
