package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/pentoai/vectory/internal/client"
	"github.com/pentoai/vectory/internal/lifecycle"
)

// house is a home with a real daemon of this very program, a process that can be killed.
type house struct {
	home   string
	daemon *exec.Cmd
	client *client.Client
}

// start starts the daemon and waits until it answers.
func (h *house) start(t testing.TB) {
	t.Helper()
	program, err := exec.LookPath("vectory")
	if err != nil {
		t.Fatal(err)
	}
	said := filepath.Join(filepath.Dir(h.home), "daemon.log")
	log, err := os.OpenFile(said, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	h.daemon = exec.CommandContext(context.Background(), program, "serve")
	h.daemon.Env = append(os.Environ(), "VECTORY_HOME="+h.home, "VECTORY_IDLE=5m")
	h.daemon.Stderr = log
	if err := h.daemon.Start(); err != nil {
		t.Fatal(err)
	}
	settings, err := lifecycle.Load(func(name string) string { return map[string]string{"VECTORY_HOME": h.home}[name] })
	if err != nil {
		t.Fatal(err)
	}
	for until := time.Now().Add(2 * time.Minute); time.Now().Before(until); time.Sleep(2 * time.Millisecond) {
		d, ok, err := lifecycle.Find(context.Background(), settings)
		if err == nil && ok && d.PID == h.daemon.Process.Pid {
			h.client = client.New(d.URL, d.Token)
			return
		}
		if h.daemon.Process.Signal(syscall.Signal(0)) != nil {
			break
		}
	}
	h.kill()
	text, _ := os.ReadFile(said)
	t.Fatalf("the daemon does not come up:\n%s", text)
}

func (h *house) kill() {
	_ = h.daemon.Process.Kill()
	_ = h.daemon.Wait()
}
