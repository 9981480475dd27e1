// Package node runs one Elasticsearch on this machine for one home of vectory: in a container where an engine is there, or
// from an unpacked distribution. It promises that the node listens on 127.0.0.1 only, that it keeps its port and its data
// from one start to the next, that what is started is written down before it runs, and that only what stands written there
// is ever stopped or deleted.
//
// The node has no users and no encryption: whoever can open a port of this machine can read it, as with the daemon's own
// computations anybody on this machine with the same rights can.
package node

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/pentoai/vectory/internal/catalog"
)

// Node is what was started, as it is remembered.
type Node struct {
	URL          string `json:"url"`
	Port         int    `json:"port"`
	Engine       string `json:"engine"` // docker or podman; "": a distribution
	Image        string `json:"image,omitempty"`
	Container    string `json:"container,omitempty"`
	Distribution string `json:"distribution,omitempty"` // its folder
	Folder       string `json:"folder,omitempty"`       // settings, data and logs of a distribution
	Heap         string `json:"heap"`
	Running      bool   `json:"running"` // when it was asked
}

// Wanted says what is to run; what is left empty is as it was the last time.
type Wanted struct {
	Distribution string // folder of an unpacked one; "": in a container
	Folder       string // where a distribution keeps its data; "": beside the home
	Image        string
	Heap         string // such as 1g
	Port         int
}

// DefaultImage is what runs in a container.
const DefaultImage = "docker.elastic.co/elasticsearch/elasticsearch:8.19.20"

const (
	defaultHeap = "1g"
	usualPort   = 9200
	patience    = 4 * time.Minute // on a busy machine a start takes one
)

func record(home string) string { return filepath.Join(home, "elasticsearch.json") }

// Find gives what was started for a home; ok is false when nothing was.
func Find(home string) (n Node, ok bool, err error) {
	text, err := os.ReadFile(record(home))
	if errors.Is(err, fs.ErrNotExist) {
		return n, false, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &n)
	}
	if err != nil {
		return n, false, catalog.Errorf(catalog.Internal, "%s cannot be read: %s", record(home), err).WithHint("delete it; then vectory elastic up")
	}
	return n, true, nil
}

// URL is where the node of a home listens, whether it runs or not; "": there is none.
func URL(home string) string {
	n, _, err := Find(home)
	if err != nil {
		return ""
	}
	return n.URL
}

// remember writes a node down, in one step.
func remember(home string, n Node) error {
	text, err := json.MarshalIndent(n, "", "  ")
	if err != nil {
		return err
	}
	temp := record(home) + ".new"
	if err := os.WriteFile(temp, text, 0o600); err != nil {
		return err
	}
	return os.Rename(temp, record(home))
}

// Up starts the node of a home, or says that it runs. tell hears what takes long.
func Up(ctx context.Context, home string, w Wanted, tell func(string)) (n Node, started bool, err error) {
	unlock, err := lock(home)
	if err != nil {
		return n, false, err
	}
	defer unlock()
	n, known, err := Find(home)
	if err != nil {
		return n, false, err
	}
	if known && n.runner().running(ctx) {
		n.Running = true
		return n, false, w.sameAs(n)
	}
	if err := n.adopt(ctx, home, w); err != nil {
		return n, false, err
	}
	if n.Port, err = freePort(w.Port, n.Port); err != nil {
		return n, false, err
	}
	n.URL = "http://127.0.0.1:" + strconv.Itoa(n.Port)
	n.Running = true
	if err := n.runner().check(ctx, tell); err != nil {
		return n, false, err
	}
	if err := remember(home, n); err != nil {
		return n, false, err
	}
	tell("starting Elasticsearch at " + n.URL + ": this takes half a minute")
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err = n.runner().start(ctx, home); err == nil {
		err = n.answers(ctx)
	}
	if err == nil {
		return n, true, nil
	}
	n.Running = false
	undo := n.runner().stop(context.WithoutCancel(ctx))
	return n, false, errors.Join(err, undo, remember(home, n))
}

// sameAs refuses to take a node for another that was asked for.
func (w Wanted) sameAs(n Node) error {
	same := (w.Distribution == "" || w.Distribution == n.Distribution) && (w.Image == "" || w.Image == n.Image) &&
		(w.Heap == "" || w.Heap == n.Heap) && (w.Port == 0 || w.Port == n.Port)
	if same {
		return nil
	}
	return catalog.Errorf(catalog.Conflict, "another Elasticsearch of this home runs at %s", n.URL).WithHint("vectory elastic down, then up again")
}

// adopt puts what is wanted over what was there the last time.
func (n *Node) adopt(ctx context.Context, home string, w Wanted) (err error) {
	n.Heap = first(w.Heap, n.Heap, defaultHeap)
	if w.Distribution != "" {
		n.Engine, n.Image, n.Container = "", "", ""
		n.Distribution = w.Distribution
	}
	if n.Distribution != "" && w.Image == "" {
		n.Folder = first(w.Folder, n.Folder, ownFolder(home))
		return nil
	}
	if n.Engine == "" {
		if n.Engine, err = findEngine(ctx); err != nil {
			return err
		}
	}
	n.Distribution, n.Folder = "", ""
	n.Image, n.Container = first(w.Image, n.Image, DefaultImage), containerName(home)
	return nil
}

func first(words ...string) string {
	for _, w := range words {
		if w != "" {
			return w
		}
	}
	return ""
}

// Down stops the node of a home. With purge its data are deleted and it is forgotten.
func Down(ctx context.Context, home string, purge bool) (was Node, err error) {
	unlock, err := lock(home)
	if err != nil {
		return was, err
	}
	defer unlock()
	n, known, err := Find(home)
	if err != nil || !known {
		return n, err
	}
	was = n
	was.Running = n.runner().running(ctx)
	if was.Running {
		if err := n.runner().stop(ctx); err != nil {
			return was, err
		}
	}
	if !purge {
		n.Running = false
		return was, remember(home, n)
	}
	if err := n.runner().purge(ctx); err != nil {
		return was, err
	}
	return was, os.Remove(record(home))
}

// runner is the one of the two ways to run a node.
type runner interface {
	check(ctx context.Context, tell func(string)) error // before anything is written down; it may fetch what runs
	start(ctx context.Context, home string) error
	stop(ctx context.Context) error
	running(ctx context.Context) bool
	purge(ctx context.Context) error
}

func (n Node) runner() runner {
	if n.Engine != "" {
		return container{n}
	}
	return distribution{n}
}

// lock keeps two starts of one home apart; the system drops it at any death.
func lock(home string) (func(), error) {
	if err := os.MkdirAll(home, 0o700); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(filepath.Join(home, "elasticsearch.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = file.Close()
		return nil, catalog.Errorf(catalog.Conflict, "another command is starting or stopping the Elasticsearch of this home").WithHint("wait until it has ended")
	}
	return func() { _ = file.Close() }, nil
}

// freePort gives the port that is wanted, or the one of the last time: indices are known by their address. Else the
// usual one, or any that is free.
func freePort(wanted, last int) (int, error) {
	for _, port := range []int{wanted, last} {
		if port == 0 {
			continue
		}
		if !isFree(port) {
			return 0, catalog.Errorf(catalog.Conflict, "port %d of 127.0.0.1 is taken by another program", port).WithHint("end it, or choose another: --port")
		}
		return port, nil
	}
	if isFree(usualPort) {
		return usualPort, nil
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // closed at once
	if err != nil {
		return 0, err
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port, nil
}

func isFree(port int) bool {
	listener, err := net.Listen("tcp", "127.0.0.1:"+strconv.Itoa(port)) //nolint:noctx // closed at once
	if err != nil {
		return false
	}
	_ = listener.Close()
	return true
}

// answers waits until the node takes requests.
func (n Node) answers(ctx context.Context) error {
	direct := &http.Client{Transport: &http.Transport{Proxy: nil}} // it is on this machine
	defer direct.CloseIdleConnections()
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, n.URL+"/_cluster/health?wait_for_status=yellow&timeout=2s", nil)
		if err != nil {
			return err
		}
		reply, err := direct.Do(request)
		if err == nil {
			_ = reply.Body.Close()
			if reply.StatusCode == http.StatusOK {
				return nil
			}
		}
		if !n.runner().running(ctx) && ctx.Err() == nil {
			return catalog.Errorf(catalog.Unavailable, "Elasticsearch has ended before it answered").WithHint("its log: %s", n.log())
		}
		select {
		case <-ctx.Done():
			return catalog.Errorf(catalog.Unavailable, "Elasticsearch does not answer at %s: %w", n.URL, context.Cause(ctx)).WithHint("its log: %s", n.log())
		case <-time.After(250 * time.Millisecond):
		}
	}
}

func (n Node) log() string {
	if n.Engine != "" {
		return n.Engine + " logs " + n.Container
	}
	return filepath.Join(n.Folder, "logs")
}
