package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/kernel"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/jobs"
	"github.com/pentoai/vectory/internal/lifecycle"
	"github.com/pentoai/vectory/internal/search/elastic"
	"github.com/pentoai/vectory/internal/search/elastic/node"
	"github.com/pentoai/vectory/internal/server"
	"github.com/pentoai/vectory/internal/store/arrays"
	"github.com/pentoai/vectory/internal/store/backup"
	"github.com/pentoai/vectory/internal/store/columnar"
	"github.com/pentoai/vectory/internal/store/sqlite"
	"github.com/pentoai/vectory/internal/viewer"
	"github.com/pentoai/vectory/internal/wire"
	"github.com/pentoai/vectory/internal/workspace"
)

func sqliteVersion() string { return sqlite.Version() }

func serveCommand() *cobra.Command {
	detached := false
	cmd := &cobra.Command{Use: "serve", Short: "Run the daemon in the foreground", Args: exactly(0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			settings, err := lifecycle.Load(os.Getenv)
			if err != nil {
				return err
			}
			return serve(cmd.Context(), settings, detached)
		}}
	cmd.Flags().BoolVar(&detached, "detached", false, "log to standard error as JSON; used by `vectory up`")
	return cmd
}

// readColumnsCommand is the process that the daemon starts to read a parquet or arrow file.
func readColumnsCommand() *cobra.Command {
	return &cobra.Command{Use: readColumns, Hidden: true, Args: exactly(1, "a task"),
		RunE: func(_ *cobra.Command, args []string) error { return columnar.Serve(args[0], os.Stdout) }}
}

const readColumns = "read-columns"

// foreignReader starts this very program, also when another version lies in its place by now.
func foreignReader() (r columnar.Reader, err error) {
	r = columnar.Reader{Program: "/proc/self/exe", Args: []string{os.Args[0], readColumns}}
	if runtime.GOOS != "linux" {
		r.Program, err = os.Executable()
	}
	return r, err
}

// serve puts the house together and runs it until ctx ends, POST /shutdown, or idleness.
func serve(ctx context.Context, settings lifecycle.Settings, detached bool) error {
	setLogger(detached)
	kernels, err := kernel.Named(settings.Kernel)
	if err != nil {
		return fmt.Errorf("VECTORY_KERNEL: %w", err)
	}
	if settings.Memory > 0 {
		debug.SetMemoryLimit(settings.Memory) // near it, garbage is collected sooner
	}
	home, err := lifecycle.OpenHome(settings.Home)
	if err != nil {
		return err
	}
	release, ok, err := home.Lock()
	if err != nil {
		return err
	}
	if !ok {
		return exitError{lifecycle.ExitLostRace, catalog.Errorf(catalog.Conflict, "another daemon has the home %s", home.Path)}
	}
	defer release()
	ctx, stop := context.WithCancel(ctx)
	defer stop()

	book, err := sqlite.Open(ctx, home.Database())
	if err != nil {
		return err
	}
	defer func() { logIf("close the catalogue", book.Close()) }()
	files, err := arrays.Open(home.Store())
	if err != nil {
		return err
	}
	if files.Foreign, err = foreignReader(); err != nil {
		return err
	}
	var idle lifecycle.Idle
	runner := jobs.New(1, idle.Begin)
	defer runner.Close()
	cluster := elastic.Open(elastic.Config{URL: settings.Elastic.URL, APIKey: settings.Elastic.APIKey, Username: settings.Elastic.Username, Password: settings.Elastic.Password,
		CA: settings.Elastic.CA, Fingerprint: settings.Elastic.Fingerprint, Local: func() string { return node.URL(home.Path) }})
	space, err := workspace.New(ctx, bookAdapter{book}, filesAdapter{files}, searchAdapter{cluster}, runner, workspace.Machine{Threads: settings.Threads, Kernel: kernels, Memory: settings.Memory, Patience: settings.Patience, Checkpoint: settings.Checkpoint})
	if err != nil {
		return err
	}
	// 127.0.0.1 and nothing else: there is no setting that opens the daemon to the network.
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", fmt.Sprintf("127.0.0.1:%d", settings.Port))
	if err != nil {
		return catalog.Errorf(catalog.Unavailable, "cannot listen on 127.0.0.1:%d: %w", settings.Port, err).WithHint("choose another VECTORY_PORT, or 0 for any free one")
	}
	run := lifecycle.RunFile{PID: os.Getpid(), URL: "http://" + listener.Addr().String(), Token: lifecycle.Secret(), Instance: lifecycle.Secret()[:16],
		Version: wire.Version, API: wire.API, StartedAt: time.Now().UTC()}
	door := server.New(server.Options{Workspace: space, Token: run.Token, Port: listener.Addr().(*net.TCPAddr).Port, MaxUpload: settings.MaxUpload,
		Status: wire.Status{PID: run.PID, URL: run.URL, Version: run.Version, API: run.API, Instance: run.Instance, Home: home.Path, StartedAt: run.StartedAt},
		Busy:   idle.Begin, Stop: stop, Stopping: ctx.Done(), Pages: viewer.Files(), LogLines: func(n int) []string { return lifecycle.LastLines(home.Log(), n) }})
	if err := home.KeepRunFile(ctx, run); err != nil {
		return err
	}
	defer home.RemoveRunFile(run.Instance)
	slog.Info("daemon is up", "url", run.URL, "pid", run.PID, "home", home.Path, "version", run.Version)
	go space.WatchIndices(ctx)
	go func() {
		idle.Wait(ctx, settings.Idle)
		stop()
	}()
	return listen(ctx, listener, door, runner)
}

// readOriginal reads the catalogue of the original tool, for `vectory import`.
var readOriginal = sqlite.ReadOriginal

// listen serves until ctx ends: then new work is refused, jobs are canceled, and requests get a moment
// to end.
func listen(ctx context.Context, listener net.Listener, door http.Handler, runner *jobs.Runner) error {
	var unused unusedConns
	httpServer := &http.Server{Handler: door, ReadHeaderTimeout: 5 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 1 << 20, ConnState: unused.note}
	failed := make(chan error, 1)
	go func() { failed <- httpServer.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	slog.Info("daemon is stopping")
	go runner.Close() // long polls end when their jobs do
	wait, done := context.WithTimeout(context.Background(), 5*time.Second)
	defer done()
	unused.close()
	if err := httpServer.Shutdown(wait); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return httpServer.Close()
}

// unusedConns are connections that browsers open ahead of need. Shutdown would wait for them.
type unusedConns struct {
	mu    sync.Mutex
	conns map[net.Conn]bool
}

func (u *unusedConns) note(conn net.Conn, state http.ConnState) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.conns == nil {
		u.conns = map[net.Conn]bool{}
	}
	if state == http.StateNew {
		u.conns[conn] = true
	} else {
		delete(u.conns, conn)
	}
}

func (u *unusedConns) close() {
	u.mu.Lock()
	defer u.mu.Unlock()
	for conn := range u.conns {
		_ = conn.Close() // it carried nothing
	}
}

func setLogger(detached bool) {
	if detached {
		slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stderr, nil)))
		return
	}
	slog.SetDefault(slog.New(slog.NewTextHandler(os.Stderr, nil)))
}

func logIf(what string, err error) {
	if err != nil {
		slog.Error(what, "error", err)
	}
}

// bookAdapter and filesAdapter hand the stores in under the workspace's own names for them.
type bookAdapter struct{ *sqlite.Store }

func (b bookAdapter) View(ctx context.Context, do func(workspace.Tx) error) error {
	return b.Store.View(ctx, func(tx *sqlite.Tx) error { return do(tx) })
}

func (b bookAdapter) Update(ctx context.Context, do func(workspace.Tx) error) error {
	return b.Store.Update(ctx, func(tx *sqlite.Tx) error { return do(tx) })
}

type searchAdapter struct{ *elastic.Cluster }

func (s searchAdapter) Health(ctx context.Context) (wire.Elastic, error) {
	h, err := s.Cluster.Health(ctx)
	return wire.Elastic{URL: s.Address(), Version: h.Version, Cluster: h.Name, Status: h.Status, Nodes: h.Nodes, DiskFree: h.Free, DiskTotal: h.Total}, err
}

type filesAdapter struct{ *arrays.Store }

func (f filesAdapter) Rows(ctx context.Context, d catalog.Dataset) (workspace.Rows, error) {
	rows, err := f.Store.Rows(ctx, d)
	if err != nil {
		return nil, err // not a nil *Rows in an interface
	}
	return rows, nil
}

func (f filesAdapter) Check(ctx context.Context, kind, name string) (string, error) {
	return f.Store.Check(ctx, arrays.Kind(kind), name)
}

func (f filesAdapter) SetAside(kind, name string) error {
	return f.Store.SetAside(arrays.Kind(kind), name)
}

func (f filesAdapter) Recover(ctx context.Context, kind, name string) (bool, error) {
	return f.Store.Recover(ctx, arrays.Kind(kind), name)
}

func (f filesAdapter) Backup(ctx context.Context, folder string, book workspace.Book) (wire.Backup, error) {
	return backup.Write(ctx, folder, f.Store, book.CopyTo)
}

// restoreHome puts a backup in place of what a home holds; no daemon may have the home. With verifyOnly nothing is
// changed.
func restoreHome(ctx context.Context, settings lifecycle.Settings, folder string, verifyOnly bool) (m backup.Manifest, aside string, err error) {
	if verifyOnly {
		m, err = backup.Verify(ctx, folder)
		return m, "", err
	}
	home, err := lifecycle.OpenHome(settings.Home)
	if err != nil {
		return m, "", err
	}
	release, ok, err := home.Lock()
	if err != nil {
		return m, "", err
	}
	if !ok {
		return m, "", catalog.Errorf(catalog.Conflict, "a daemon has the home %s", home.Path).WithHint("vectory stop, then restore again")
	}
	defer release()
	return backup.Restore(ctx, folder, home.Path)
}

func (f filesAdapter) Matrix(sha256 string, rows, dims int) (knn.Matrix, func(), error) {
	m, err := f.Store.Matrix(sha256, rows, dims)
	if err != nil {
		return knn.Matrix{}, nil, err
	}
	return knn.Matrix{Data: m.Data, Rows: rows, Dims: dims}, func() { logIf("unmap a matrix", m.Close()) }, nil
}

func (f filesAdapter) Table(name string) (*knn.Table, func(), error) {
	t, err := f.Store.Table(name)
	if err != nil {
		return nil, nil, err
	}
	return &t.Table, func() { logIf("unmap a neighbour table", t.Close()) }, nil
}
