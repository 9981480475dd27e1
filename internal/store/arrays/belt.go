package arrays

import (
	"slices"
	"sync"
	"sync/atomic"
)

// belt carries blocks of rows past several readers at once: hashing, looking and writing take about as long as
// each other, and none needs another. Each reader sees every block, in order. Memory: beltBlocks blocks. Blocks are
// filled where they lie: copying them cost as much as looking at them.
type belt struct {
	free  chan *beltBlock
	next  *beltBlock // has been given out by room
	lanes []chan *beltBlock
	done  sync.WaitGroup
	fault atomic.Pointer[error] // the first
}

type beltBlock struct {
	rows []float32
	left atomic.Int32 // readers that have not seen it yet
}

const beltBlocks = 16

func newBelt(readers ...func(rows []float32) error) *belt {
	b := &belt{free: make(chan *beltBlock, beltBlocks)}
	for range beltBlocks {
		b.free <- &beltBlock{}
	}
	for _, read := range readers {
		lane := make(chan *beltBlock, beltBlocks)
		b.lanes = append(b.lanes, lane)
		b.done.Go(func() { b.run(lane, read) })
	}
	return b
}

func (b *belt) run(lane chan *beltBlock, read func(rows []float32) error) {
	for block := range lane {
		if b.fault.Load() == nil {
			if err := read(block.rows); err != nil {
				b.fault.CompareAndSwap(nil, &err)
			}
		}
		if block.left.Add(-1) == 0 {
			b.free <- block
		}
	}
}

// room gives n floats to fill, for put; what it gave before and was not put is its own again.
func (b *belt) room(n int) []float32 {
	if b.next == nil {
		b.next = <-b.free
	}
	b.next.rows = slices.Grow(b.next.rows[:0], n)[:n]
	return b.next.rows
}

// put sends what room gave past the readers. It gives the error of a reader, perhaps of an earlier block.
func (b *belt) put() error {
	if err := b.fault.Load(); err != nil {
		return *err
	}
	block := b.next
	b.next = nil
	block.left.Store(int32(len(b.lanes)))
	for _, lane := range b.lanes {
		lane <- block
	}
	return nil
}

// close waits until every reader has seen all, and gives the first error. It must be called once.
func (b *belt) close() error {
	for _, lane := range b.lanes {
		close(lane)
	}
	b.done.Wait()
	if err := b.fault.Load(); err != nil {
		return *err
	}
	return nil
}
