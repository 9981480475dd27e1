package lifecycle

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"github.com/pentoai/vectory/internal/catalog"
)

// Home is a folder that one daemon at a time owns.
type Home struct{ Path string }

// systemOf is remoteSystem; tests have no server elsewhere.
var systemOf = remoteSystem

// OpenHome makes the folder if it is missing and checks that it can be written. One on a network file system is
// refused: locks that keep two daemons apart, and the database's shared memory, hold on one machine only.
func OpenHome(path string) (Home, error) {
	h := Home{path}
	if system := systemOf(existing(path)); system != "" {
		return h, catalog.Errorf(catalog.Unavailable, "the home %s lies on a network file system (%s), where a database cannot be kept safe", path, system).
			WithHint("set VECTORY_HOME to a folder on a disk of this machine; what lies in the old one can be copied there")
	}
	if err := os.MkdirAll(path, 0o700); err != nil {
		return h, unusable(path, err)
	}
	probe, err := os.CreateTemp(path, ".probe-*")
	if err != nil {
		return h, unusable(path, err)
	}
	_ = probe.Close()
	return h, os.Remove(probe.Name())
}

// existing is the folder, or the nearest above it that is there.
func existing(folder string) string {
	for {
		if _, err := os.Stat(folder); err == nil || folder == filepath.Dir(folder) {
			return folder
		}
		folder = filepath.Dir(folder)
	}
}

func unusable(path string, err error) error {
	return &catalog.Error{Code: catalog.Unavailable, Message: "the home " + path + " cannot be used: " + err.Error(),
		Hint: "make it writable, or set VECTORY_HOME to another folder", Err: err}
}

// Database is the catalogue's file.
func (h Home) Database() string { return filepath.Join(h.Path, "vectory.db") }

// Store is the folder of the immutable files.
func (h Home) Store() string { return filepath.Join(h.Path, "store") }

// Log is the daemon's log.
func (h Home) Log() string { return filepath.Join(h.Path, "daemon.log") }

// Demo is where the demo's files are unpacked.
func (h Home) Demo() string { return filepath.Join(h.Path, "demo") }

// runFile names the host: homes are shared between machines.
func (h Home) runFile() string {
	host, err := os.Hostname()
	if err != nil {
		host = "localhost"
	}
	return filepath.Join(h.Path, "daemon-"+filepath.Base(host)+".json")
}

func (h Home) lock() *flock.Flock { return flock.New(filepath.Join(h.Path, "daemon.lock")) }

// Lock takes the home for the life of the process; ok is false when another daemon has it. The kernel
// drops the lock at any death, and the file is never removed: both keep two daemons apart.
func (h Home) Lock() (release func(), ok bool, err error) {
	lock := h.lock()
	ok, err = lock.TryLock()
	if err != nil {
		return nil, false, unusable(h.Path, err)
	}
	return func() { _ = lock.Unlock() }, ok, nil
}

// isFree tells whether no daemon has the home.
func (h Home) isFree() bool {
	release, free, err := h.Lock()
	if err != nil || !free {
		return false
	}
	release()
	return true
}

// RunFile tells doors where the daemon listens and how to speak to it.
type RunFile struct {
	PID       int       `json:"pid"`
	URL       string    `json:"url"`
	Token     string    `json:"token"`
	Instance  string    `json:"instance"`
	Version   string    `json:"version"`
	API       int       `json:"api"`
	StartedAt time.Time `json:"started_at"`
}

// Secret is 32 random bytes in hexadecimal.
func Secret() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}

// readRunFile gives the run file; ok is false when there is none or it is not whole.
func (h Home) readRunFile() (r RunFile, ok bool) {
	text, err := os.ReadFile(h.runFile())
	if err != nil {
		return r, false
	}
	return r, json.Unmarshal(text, &r) == nil && r.URL != "" && r.Token != ""
}

// writeRunFile puts the file there in one step, readable by its owner only.
func (h Home) writeRunFile(r RunFile) error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	temp, err := os.CreateTemp(h.Path, ".run-*") // 0600
	if err != nil {
		return unusable(h.Path, err)
	}
	defer os.Remove(temp.Name())
	if _, err := temp.Write(text); err != nil {
		return unusable(h.Path, err)
	}
	if err := temp.Close(); err != nil {
		return unusable(h.Path, err)
	}
	return os.Rename(temp.Name(), h.runFile())
}

// KeepRunFile writes the run file and, until ctx ends, writes it again when something removed or
// changed it: without it doors would wait for a daemon that is up. At the end it removes its own.
func (h Home) KeepRunFile(ctx context.Context, r RunFile) error {
	if err := h.writeRunFile(r); err != nil {
		return err
	}
	go func() {
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				if now, ok := h.readRunFile(); !ok || now.Instance != r.Instance {
					_ = h.writeRunFile(r)
				}
			}
		}
	}()
	return nil
}

// RemoveRunFile removes the run file if it is that of the instance.
func (h Home) RemoveRunFile(instance string) {
	if now, ok := h.readRunFile(); ok && now.Instance == instance {
		_ = os.Remove(h.runFile())
	}
}
