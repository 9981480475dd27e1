package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// mountDisk makes an ext4 in a file and mounts it; where that is not allowed the test is skipped.
func mountDisk(t *testing.T, size int64) string {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("a disk of its own is not mounted: this is not root")
	}
	image := filepath.Join(t.TempDir(), "disk.img")
	f, err := os.Create(image)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(f.Truncate(size), f.Close()); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), "mkfs.ext4", "-q", "-F", "-m", "0", image).CombinedOutput(); err != nil {
		t.Skipf("a disk of its own is not made: mkfs.ext4: %v %s", err, out)
	}
	disk := strings.TrimSuffix(image, ".img")
	if err := os.Mkdir(disk, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := mount(t, disk); err != nil {
		t.Skipf("a disk of its own is not mounted: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(disk, unix.MNT_DETACH) })
	return disk
}

func mount(t *testing.T, disk string) error {
	out, err := exec.CommandContext(t.Context(), "mount", "-o", "loop", disk+".img", disk).CombinedOutput()
	if err != nil {
		return errors.Join(err, errors.New(strings.TrimSpace(string(out))))
	}
	return nil
}

func unmount(t *testing.T, disk string) {
	t.Helper()
	var out []byte
	var err error
	for range 100 { // the killed process may hold it for a moment
		if out, err = exec.CommandContext(t.Context(), "umount", disk).CombinedOutput(); err == nil {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("umount: %v %s", err, out)
}

// shutDown stops a file system at once, without writing its journal out.
func shutDown(t *testing.T, disk string) {
	t.Helper()
	d, err := os.Open(disk)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	const request, noLogFlush = 0x8004587d, 2 // EXT4_IOC_SHUTDOWN
	if err := unix.IoctlSetPointerInt(int(d.Fd()), request, noLogFlush); err != nil {
		t.Skipf("power loss is not simulated: the file system cannot be shut down: %v", err)
	}
}

// freeze stops a process and waits until each of its threads stands still: one that is in an fsync, or that a loaded machine
// does not let run, ends its call first.
func freeze(t *testing.T, p *os.Process) {
	t.Helper()
	if err := p.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	for until := time.Now().Add(time.Minute); time.Now().Before(until); time.Sleep(time.Millisecond) {
		threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", p.Pid))
		if err != nil || len(threads) == 0 {
			t.Fatalf("process %d has no threads: %v", p.Pid, err)
		}
		if !slices.ContainsFunc(threads, func(path string) bool { return !standsStill(path) }) {
			return
		}
	}
	t.Fatalf("process %d does not stand still", p.Pid)
}

// standsStill tells whether a thread is stopped, by the letter after its name in /proc; a thread that has ended is.
func standsStill(stat string) bool {
	text, err := os.ReadFile(stat)
	if err != nil {
		return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ESRCH)
	}
	_, state, _ := strings.Cut(string(text[bytes.LastIndexByte(text, ')')+1:]), " ")
	return strings.HasPrefix(state, "T")
}

// fill leaves so many bytes of a disk.
func fill(t *testing.T, disk string, leave int64) {
	t.Helper()
	var s syscall.Statfs_t
	if err := syscall.Statfs(disk, &s); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(filepath.Join(disk, "filler"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	size := int64(s.Bavail)*s.Bsize - leave
	if err := syscall.Fallocate(int(f.Fd()), 0, 0, max(size, 4096)); err != nil && !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
}

// A file system that is shut down without its journal is what a disk holds after a power cut: whatever was not
// fsynced is gone.
func TestRoundsOfPowerLoss(t *testing.T) {
	disk := mountDisk(t, 256<<20)
	h := &house{home: filepath.Join(disk, "home")}
	rounds(t, h, crashRounds(30), func(t *testing.T) {
		// The daemon is frozen first: an fsync may answer well while the file system goes down.
		freeze(t, h.daemon.Process)
		shutDown(t, disk)
		h.kill()
		unmount(t, disk)
		if err := mount(t, disk); err != nil {
			t.Fatal(err)
		}
	})
}
