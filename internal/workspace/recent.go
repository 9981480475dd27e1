package workspace

import (
	"cmp"
	"sync"
)

// recent keeps what was made last, by a key of its content: what is quick to make again and not worth a file.
type recent[T any] struct {
	mu   sync.Mutex
	keys []string // oldest first
	kept map[string]T
	most int // that are kept; 0: recentKept
}

const recentKept = 100

func (r *recent[T]) get(key string) (T, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	v, ok := r.kept[key]
	return v, ok
}

func (r *recent[T]) put(key string, v T) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.kept == nil {
		r.kept = map[string]T{}
	}
	if _, ok := r.kept[key]; !ok {
		r.keys = append(r.keys, key)
	}
	r.kept[key] = v
	if len(r.keys) > cmp.Or(r.most, recentKept) {
		delete(r.kept, r.keys[0])
		r.keys = r.keys[1:]
	}
}
