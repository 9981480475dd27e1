package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/lifecycle"
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

// The disk is full while a backup is put back, at whatever write that shows: it is told with what to do, and the home is
// what it was. So is a backup to such a disk, of which nothing stays.
func TestBackupAndRestoreToAFullDisk(t *testing.T) {
	disk := mountDisk(t, 48<<20)
	here, there := &house{home: filepath.Join(t.TempDir(), "home")}, &house{home: filepath.Join(disk, "home")}
	m := map[*house]*model{here: {spaces: map[string]uint64{}}, there: {spaces: map[string]uint64{}}}
	for writer, each := range []*house{here, there} {
		each.start(t)
		for i := range 30 {
			seed, name := uint64(100*writer+i), spaceName(writer, 0, i)
			content := spaceOf(seed)
			if _, err := each.client.AddSpace(t.Context(), wire.AddSpace{Name: name}, bytes.NewReader(content), int64(len(content))); err != nil {
				t.Fatal(err)
			}
			m[each].acknowledge(name, &seed)
		}
	}
	defer here.kill()
	folder := filepath.Join(t.TempDir(), "backup")
	if _, err := here.client.Backup(t.Context(), folder); err != nil {
		t.Fatal(err)
	}
	told := func(what string, err error) {
		t.Helper()
		var known *catalog.Error
		if !errors.As(err, &known) || known.Code != catalog.NoSpace || !strings.Contains(known.Hint, "free some space") {
			t.Errorf("%s: %v", what, err)
		}
	}
	settings, err := lifecycle.Load(func(name string) string { return map[string]string{"VECTORY_HOME": there.home}[name] })
	if err != nil {
		t.Fatal(err)
	}
	there.kill()
	refused := 0
	for room := int64(0); ; room += 96 << 10 { // a restore takes some 600 KiB
		fill(t, disk, room)
		full := filepath.Join(disk, "backup")
		if _, err := here.client.Backup(t.Context(), full); err != nil {
			told("backup", err)
			if _, err := os.Stat(full); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("of a backup that failed there stays %v", err)
			}
		} else if err := os.RemoveAll(full); err != nil {
			t.Fatal(err)
		}
		_, _, err := restoreHome(t.Context(), settings, folder, false)
		if err := os.Remove(filepath.Join(disk, "filler")); err != nil {
			t.Fatal(err)
		}
		if err == nil {
			break
		}
		refused++
		told("restore", err)
		if left, _ := filepath.Glob(filepath.Join(there.home, "*restore*")); len(left) > 0 {
			t.Errorf("of a restore that failed there stays %v", left)
		}
		if t.Failed() {
			t.FailNow()
		}
		there.start(t)
		m[there].verify(t, there.client, true)
		there.kill()
	}
	there.start(t)
	defer there.kill()
	m[here].verify(t, there.client, true)
	if refused < 5 {
		t.Errorf("the disk was full %d times only", refused)
	}
}
