package arrays

import (
	"errors"
	"slices"
	"testing"
	"time"
)

func TestABeltShowsEveryBlockToEveryReaderInOrder(t *testing.T) {
	var want, fast, slow []float32
	b := newBelt(
		func(rows []float32) error { fast = append(fast, rows...); return nil },
		func(rows []float32) error {
			time.Sleep(time.Millisecond)
			slow = append(slow, rows...)
			return nil
		})
	block := make([]float32, 7)
	for i := range 50 {
		for j := range block {
			block[j] = float32(100*i + j)
		}
		want = append(want, block[:1+i%7]...)
		b.room(3)[0] = -1 // not put: given again
		copy(b.room(1+i%7), block)
		if err := b.put(); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.close(); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(fast, want) || !slices.Equal(slow, want) {
		t.Errorf("the readers saw %d and %d values of %d, or in another order", len(fast), len(slow), len(want))
	}
}

func TestABeltStopsAtTheFirstFault(t *testing.T) {
	full := errors.New("the disk is full")
	seen := 0
	b := newBelt(
		func([]float32) error { seen++; return full },
		func([]float32) error { time.Sleep(time.Millisecond); return nil })
	var err error
	for i := 0; i < 1000 && err == nil; i++ {
		b.room(1)[0] = 1
		err = b.put()
	}
	if !errors.Is(err, full) {
		t.Errorf("put goes on: %v", err)
	}
	if err := b.close(); !errors.Is(err, full) || seen != 1 {
		t.Errorf("close gives %v after %d reads", err, seen)
	}
}
