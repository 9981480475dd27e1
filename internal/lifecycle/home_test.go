package lifecycle

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/wire"
)

func home(t *testing.T) Home {
	t.Helper()
	h, err := OpenHome(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestAHomeElsewhereIsRefused(t *testing.T) {
	there := t.TempDir()
	asked := ""
	systemOf = func(folder string) string { asked = folder; return "NFS" }
	t.Cleanup(func() { systemOf = remoteSystem })
	path := filepath.Join(there, "a", "b")
	_, err := OpenHome(path)
	if catalog.CodeOf(err) != catalog.Unavailable || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "NFS") {
		t.Errorf("got %v", err)
	}
	if asked != there {
		t.Errorf("asked of %s, not of what is there: %s", asked, there)
	}
	if _, err := os.Stat(filepath.Join(there, "a")); err == nil {
		t.Error("a folder was made in it")
	}
	if system := remoteSystem(there); system != "" {
		t.Errorf("a folder of this machine lies on %s", system)
	}
}

func TestOneHoldsTheLock(t *testing.T) {
	h := home(t)
	release, ok, err := h.Lock()
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	if _, ok, err := h.Lock(); ok || err != nil {
		t.Errorf("a second one holds it: %v, %v", ok, err)
	}
	release()
	again, ok, err := h.Lock()
	if err != nil || !ok {
		t.Fatalf("it cannot be taken again: %v, %v", ok, err)
	}
	again()
}

func TestTheRunFileIsForItsOwnerOnly(t *testing.T) {
	h := home(t)
	want := RunFile{PID: 1, URL: "http://127.0.0.1:1", Token: Secret(), Instance: "i", Version: wire.Version, API: wire.API, StartedAt: time.Now().UTC().Round(0)}
	if err := h.writeRunFile(want); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(h.runFile())
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if got, ok := h.readRunFile(); !ok || got != want {
		t.Errorf("%+v, %v", got, ok)
	}
	h.RemoveRunFile("another's")
	if _, ok := h.readRunFile(); !ok {
		t.Error("another instance removed it")
	}
	h.RemoveRunFile("i")
	if _, ok := h.readRunFile(); ok {
		t.Error("it was not removed")
	}
}

func TestARunFileThatIsNotWholeIsNone(t *testing.T) {
	h := home(t)
	for _, text := range []string{"", "{", "null", "[]", `{"url":"http://127.0.0.1:1"}`, `{"token":"x"}`} {
		if err := os.WriteFile(h.runFile(), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, ok := h.readRunFile(); ok {
			t.Errorf("%q was taken", text)
		}
	}
}

// Cleaners of temporary folders and people remove or empty it; doors would wait for a daemon that is up.
func TestALostRunFileComesBack(t *testing.T) {
	h := home(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	if err := h.KeepRunFile(ctx, RunFile{URL: "http://127.0.0.1:1", Token: "t", Instance: "mine"}); err != nil {
		t.Fatal(err)
	}
	for name, harm := range map[string]func() error{
		"removed": func() error { return os.Remove(h.runFile()) },
		"emptied": func() error { return os.Truncate(h.runFile(), 0) },
		"foreign": func() error {
			return h.writeRunFile(RunFile{URL: "http://127.0.0.1:2", Token: "x", Instance: "theirs"})
		},
	} {
		if err := harm(); err != nil {
			t.Fatal(err)
		}
		back := false
		for range 100 {
			if r, ok := h.readRunFile(); ok && r.Instance == "mine" {
				back = true
				break
			}
			time.Sleep(50 * time.Millisecond)
		}
		if !back {
			t.Errorf("%s: it did not come back", name)
		}
	}
}

func TestADaemonThatDiesAtOnceIsReportedWithItsLastWords(t *testing.T) {
	h := home(t)
	settings := Settings{Home: h.Path, StartTimeout: 20 * time.Second}
	_, err := Up(t.Context(), settings, []string{"/bin/sh", "-c", "echo the reason >&2; exit 1"})
	var known *catalog.Error
	if !errors.As(err, &known) || !strings.Contains(known.Message, "the reason") || !strings.Contains(known.Hint, h.Log()) {
		t.Errorf("the error is %v", err)
	}
}

// Ours looks while the one before still has the home, and goes; then that one goes too, and nobody would come.
func TestADaemonThatGoesDownMeanwhileIsReplaced(t *testing.T) {
	h := home(t)
	up := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(wire.Status{Instance: "new"})
	}))
	t.Cleanup(up.Close)
	if err := h.writeRunFile(RunFile{URL: up.URL, Token: "t", Instance: "new", API: wire.API, Version: wire.Version}); err != nil {
		t.Fatal(err)
	}
	ready := h.runFile() + ".ready" // the second daemon puts it in place
	if err := os.Rename(h.runFile(), ready); err != nil {
		t.Fatal(err)
	}
	release, ok, err := h.Lock()
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	tried := filepath.Join(h.Path, "tried")
	go func() {
		for {
			if _, err := os.Stat(tried); err == nil {
				release()
				return
			}
			time.Sleep(time.Millisecond)
		}
	}()
	script := `if [ -e "$0" ]; then mv "$1" "$2"; while [ -e "$2" ]; do sleep 0.05; done; else touch "$0"; exit 3; fi`
	settings := Settings{Home: h.Path, StartTimeout: time.Minute}
	if d, err := Up(t.Context(), settings, []string{"/bin/sh", "-c", script, tried, ready, h.runFile()}); err != nil || d.Instance != "new" {
		t.Errorf("%+v, %v", d, err)
	}
}

func TestNobodyIsFoundWhereNobodyIs(t *testing.T) {
	h := home(t)
	if err := h.writeRunFile(RunFile{URL: "http://127.0.0.1:1", Token: "t", Instance: "dead"}); err != nil {
		t.Fatal(err)
	}
	if d, ok, err := Find(t.Context(), Settings{Home: h.Path}); ok || err != nil {
		t.Errorf("%+v, %v", d, err)
	}
	if was, err := Stop(t.Context(), Settings{Home: h.Path}); was || err != nil {
		t.Errorf("stopped %v, %v", was, err)
	}
}

func TestIdlenessCountsFromTheLastActivity(t *testing.T) {
	var i Idle
	for range 10 {
		i.pass()
	}
	first, second := i.Begin(), i.Begin()
	if i.pass() != 0 {
		t.Error("idle while active")
	}
	first()
	first() // ending twice is ending once
	if i.pass() != 0 {
		t.Error("idle while one is still active")
	}
	second()
	for want := 1; want <= 5; want++ {
		if got := i.pass(); got != want {
			t.Errorf("%d ticks, want %d", got, want)
		}
	}
}

func TestWaitingForIdlenessEnds(t *testing.T) {
	var i Idle
	i.Wait(t.Context(), time.Millisecond) // returns by itself
	ctx, stop := context.WithCancel(t.Context())
	stop()
	defer i.Begin()()
	i.Wait(ctx, time.Hour) // returns with its context
	i.Wait(ctx, 0)
}
