package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
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
		_ = h.daemon.Process.Signal(syscall.SIGSTOP)
		time.Sleep(15 * time.Millisecond)
		shutDown(t, disk)
		h.kill()
		unmount(t, disk)
		if err := mount(t, disk); err != nil {
			t.Fatal(err)
		}
	})
}
