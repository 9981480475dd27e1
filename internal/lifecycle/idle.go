package lifecycle

import (
	"context"
	"sync"
	"time"
)

// Idle tells when nothing has happened for a while. Activities (requests, jobs) begin and end; time
// counts in ticks, so that a laptop's sleep is not taken for idleness.
type Idle struct {
	mu     sync.Mutex
	active int
	ticks  int
}

// Begin notes an activity; call the result when it ends.
func (i *Idle) Begin() (end func()) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.active++
	return sync.OnceFunc(func() {
		i.mu.Lock()
		defer i.mu.Unlock()
		i.active--
		i.ticks = 0
	})
}

// Wait returns when nothing has been active for limit, or when ctx ends. A limit of 0 waits for ctx.
func (i *Idle) Wait(ctx context.Context, limit time.Duration) {
	if limit <= 0 {
		<-ctx.Done()
		return
	}
	const parts = 60
	tick := time.NewTicker(max(limit/parts, time.Millisecond))
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if i.pass() >= parts {
				return
			}
		}
	}
}

func (i *Idle) pass() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.active > 0 {
		i.ticks = 0
	} else {
		i.ticks++
	}
	return i.ticks
}
