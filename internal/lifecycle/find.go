package lifecycle

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/wire"
)

// ExitLostRace is how a daemon exits that finds its home taken: another one is coming up.
const ExitLostRace = 3

// Daemon is one that answered.
type Daemon struct {
	RunFile
	Status  wire.Status
	Home    string
	Started bool   // by this call
	Warning string // e.g. another release of the same API
}

// direct never takes a proxy: the daemon is on this machine.
var direct = &http.Client{Transport: &http.Transport{Proxy: nil}}

// Find gives the daemon that is up; ok is false when there is none.
func Find(ctx context.Context, s Settings) (d Daemon, ok bool, err error) {
	d.Home = s.Home
	if s.URL != "" {
		d.RunFile = RunFile{URL: strings.TrimRight(s.URL, "/"), Token: s.Token}
		d.Status, err = ask(ctx, d.RunFile, 10*time.Second)
		if err != nil {
			return d, false, &catalog.Error{Code: catalog.Unavailable, Message: "no daemon answers at VECTORY_URL=" + s.URL + ": " + err.Error(),
				Hint: "check VECTORY_URL and VECTORY_TOKEN, or unset them to use the daemon of this machine", Err: err}
		}
		d.PID, d.Instance, d.Version, d.API = d.Status.PID, d.Status.Instance, d.Status.Version, d.Status.API
		return d, true, nil
	}
	run, ok := Home{s.Home}.readRunFile()
	if !ok {
		return d, false, nil
	}
	d.RunFile = run
	d.Status, err = ask(ctx, run, time.Second)
	// A port may have gone to another program, so only the instance of the file counts.
	return d, err == nil && d.Status.Instance == run.Instance, nil
}

func ask(ctx context.Context, r RunFile, patience time.Duration) (status wire.Status, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	reply, err := call(ctx, r, http.MethodGet, "/api/v1/status")
	if err != nil {
		return status, err
	}
	defer reply.Body.Close()
	if reply.StatusCode != http.StatusOK {
		return status, errors.New("it answers " + reply.Status)
	}
	return status, json.NewDecoder(io.LimitReader(reply.Body, 1<<20)).Decode(&status)
}

func call(ctx context.Context, r RunFile, method, path string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, method, r.URL+path, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+r.Token)
	return direct.Do(request)
}

// Up gives the daemon, starting it when none is up. self is the command that starts one, e.g. the
// path of this program and "serve", "--detached".
func Up(ctx context.Context, s Settings, self []string) (Daemon, error) {
	d, ok, err := Find(ctx, s)
	if err != nil {
		return d, err
	}
	if ok {
		if d.API == wire.API {
			return withWarning(d), nil
		}
		if err := makeWay(ctx, s, d); err != nil {
			return d, err
		}
	}
	home, err := OpenHome(s.Home)
	if err != nil {
		return d, err
	}
	return start(ctx, s, home, self)
}

func withWarning(d Daemon) Daemon {
	if d.Version != wire.Version {
		d.Warning = "the daemon is version " + d.Version + ", this is " + wire.Version + "; to renew it: vectory stop && vectory up"
	}
	return d
}

// makeWay stops a daemon that speaks another API, unless it is busy or not ours to stop.
func makeWay(ctx context.Context, s Settings, d Daemon) error {
	mismatch := catalog.Errorf(catalog.Conflict, "the daemon at %s is version %s (API %d), this is %s (API %d)", d.URL, d.Version, d.API, wire.Version, wire.API)
	if s.URL != "" {
		return mismatch.WithHint("install the same version on both sides")
	}
	if d.Status.Jobs > 0 || d.Status.Clients > 0 {
		return mismatch.WithHint("it is busy; when it is done: vectory stop && vectory up")
	}
	_, err := Stop(ctx, s)
	return err
}

// start spawns a daemon and waits until one answers. Several callers may do so at once: the lock lets
// one live, the others exit, and all find the one. One that was still going down when ours looked may have had the
// lock as well: where nobody has it any more, another is spawned.
func start(ctx context.Context, s Settings, home Home, self []string) (Daemon, error) {
	log, err := os.OpenFile(home.Log(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return Daemon{}, unusable(home.Path, err)
	}
	defer log.Close()
	child, exit, err := spawn(home, self, log)
	if err != nil {
		return Daemon{}, err
	}
	deadline := time.After(s.StartTimeout)
	for tick := time.Millisecond; ; tick = min(2*tick, 25*time.Millisecond) {
		select {
		case <-ctx.Done():
			return Daemon{}, &catalog.Error{Code: catalog.Canceled, Message: "canceled", Err: ctx.Err()}
		case err := <-exit:
			if child.ProcessState.ExitCode() != ExitLostRace {
				return Daemon{}, startError(home, self, child.Process.Pid, "ended at once: "+endOf(err))
			}
			exit = nil // another one is coming up, or going down
		case <-deadline:
			return Daemon{}, startError(home, self, child.Process.Pid, "did not answer within "+s.StartTimeout.String()+" (VECTORY_START_TIMEOUT)")
		case <-time.After(tick):
			if d, ok, err := Find(ctx, s); err == nil && ok {
				d.Started = d.PID == child.Process.Pid
				return withWarning(d), nil
			}
			if exit == nil && home.isFree() {
				if child, exit, err = spawn(home, self, log); err != nil {
					return Daemon{}, err
				}
			}
		}
	}
}

// spawn starts a daemon; its end is told by the channel.
func spawn(home Home, self []string, log *os.File) (*exec.Cmd, chan error, error) {
	// No context: the daemon outlives this call. No stdin and stdout: a caller that reads our output
	// to its end must not wait for the daemon.
	child := exec.Command(self[0], self[1:]...) //nolint:noctx // see above
	child.Stderr = log
	child.Dir = "/"
	child.Env = append(os.Environ(), "VECTORY_HOME="+home.Path)
	child.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := child.Start(); err != nil {
		return nil, nil, &catalog.Error{Code: catalog.Unavailable, Message: "the daemon cannot be started: " + err.Error(), Err: err}
	}
	exit := make(chan error, 1)
	go func() { exit <- child.Wait() }()
	return child, exit, nil
}

func endOf(err error) string {
	if err == nil {
		return "exit status 0"
	}
	return err.Error()
}

func startError(home Home, self []string, pid int, how string) error {
	message := "the daemon (" + strings.Join(self, " ") + ", pid " + strconv.Itoa(pid) + ") " + how
	if last := LastLines(home.Log(), 5); len(last) > 0 {
		message += "\n  " + strings.Join(last, "\n  ")
	}
	return catalog.Errorf(catalog.Unavailable, "%s", message).WithHint("the log is %s", home.Log())
}

// LastLines gives the last n lines of a file; none when it cannot be read.
func LastLines(path string, n int) []string {
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer f.Close()
	const most = 256 << 10
	if info, err := f.Stat(); err == nil && info.Size() > most {
		_, _ = f.Seek(-most, io.SeekEnd)
	}
	text, err := io.ReadAll(f)
	if err != nil || len(text) == 0 {
		return nil
	}
	lines := strings.Split(strings.TrimRight(string(text), "\n"), "\n")
	return lines[max(0, len(lines)-n):]
}

// Stop asks the home's daemon to stop and waits until it has let go of the home. ok is false when
// none was up.
func Stop(ctx context.Context, s Settings) (ok bool, err error) {
	d, ok, err := Find(ctx, s)
	if err != nil || !ok {
		return false, err
	}
	reply, err := call(ctx, d.RunFile, http.MethodPost, "/api/v1/shutdown")
	if err != nil {
		return false, err
	}
	_ = reply.Body.Close()
	if reply.StatusCode != http.StatusAccepted {
		return false, catalog.Errorf(catalog.Unavailable, "the daemon refused to stop: %s", reply.Status)
	}
	if s.URL != "" {
		return true, nil
	}
	for end := time.Now().Add(15 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if (Home{s.Home}).isFree() {
			return true, nil
		}
	}
	return false, catalog.Errorf(catalog.Unavailable, "the daemon (pid %d) has not stopped after 15 s", d.PID).WithHint("see vectory logs; in need: kill %d", d.PID)
}
