package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/wire"
)

// The disk is full, at whatever write that shows: the reply says so, what was there stays readable, and when there is
// room again the daemon goes on.
func TestTheDiskIsFull(t *testing.T) {
	disk := mountDisk(t, 48<<20)
	h := &house{home: filepath.Join(disk, "home")}
	h.start(t)
	defer func() { h.kill() }()
	m := &model{spaces: map[string]uint64{}}
	add := func(name string, seed uint64) error {
		content := spaceOf(seed)
		_, err := h.client.AddSpace(t.Context(), wire.AddSpace{Name: name}, bytes.NewReader(content), int64(len(content)))
		if err == nil {
			m.acknowledge(name, &seed)
		}
		return err
	}
	refused := 0
	// Ever other room is left, so that the first write that fails is each of them in turn.
	for round := range 40 {
		fill(t, disk, int64(round)*4096)
		for i := range 6 {
			seed := uint64(100*round + i)
			switch err := add(spaceName(2, round, i), seed); {
			case catalog.CodeOf(err) == catalog.NoSpace:
				refused++
			case err != nil:
				t.Fatalf("round %d: %v", round, err)
			}
		}
		m.verify(t, h.client, false)
		if err := os.Remove(filepath.Join(disk, "filler")); err != nil {
			t.Fatal(err)
		}
		if t.Failed() {
			t.FailNow()
		}
	}
	if refused < 20 {
		t.Errorf("the disk was full %d times only", refused)
	}
	if err := add("afterwards", 1); err != nil {
		t.Errorf("with room again: %v", err)
	}
	h.kill()
	h.start(t)
	m.verify(t, h.client, true)
	t.Logf("refused %d times, %d spaces kept", refused, len(m.spaces))
}
