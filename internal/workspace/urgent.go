package workspace

import (
	"context"
	"sync"
)

// urgent lets questions that a person waits for go before long work: while one is being answered, the
// long work waits between two tiles.
type urgent struct {
	mu    sync.Mutex
	count int
	over  chan struct{} // closed when no question is open; nil: none is
}

// begin opens a question; call done when it is answered.
func (u *urgent) begin() (done func()) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.count++; u.count == 1 {
		u.over = make(chan struct{})
	}
	return func() {
		u.mu.Lock()
		defer u.mu.Unlock()
		if u.count--; u.count == 0 {
			close(u.over)
			u.over = nil
		}
	}
}

// wait returns when no question is open, or ctx has ended.
func (u *urgent) wait(ctx context.Context) {
	u.mu.Lock()
	over := u.over
	u.mu.Unlock()
	if over == nil {
		return
	}
	select {
	case <-over:
	case <-ctx.Done():
	}
}
