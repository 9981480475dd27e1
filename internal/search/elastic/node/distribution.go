package node

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/pentoai/vectory/internal/catalog"
)

// distribution runs a node from an unpacked distribution, which is only read: settings, data and logs are in a folder of
// their own.
type distribution struct{ Node }

// unprivileged is the user as whom root runs the node, which refuses root: a number that nobody has.
const unprivileged = 9200

// ownFolder is where a node keeps its things: in the home; root's homes, which another user cannot enter, get one outside.
func ownFolder(home string) string {
	if os.Getuid() == 0 {
		return filepath.Join("/var/lib", containerName(home))
	}
	return filepath.Join(home, "elasticsearch")
}

// settings of every node: loopback is set where it runs. The disk's limits are sizes, since a share of a large disk that a
// person works on is no reason to stop.
func settings() []string {
	return []string{
		"cluster.name: vectory",
		"xpack.security.enabled: false",
		"action.auto_create_index: -vectory-*,+*",
		"cluster.routing.allocation.disk.watermark.low: 2gb",
		"cluster.routing.allocation.disk.watermark.high: 1gb",
		"cluster.routing.allocation.disk.watermark.flood_stage: 500mb",
	}
}

func (d distribution) program() string { return filepath.Join(d.Distribution, "bin", "elasticsearch") }
func (d distribution) pidFile() string { return filepath.Join(d.Folder, "pid") }
func (d distribution) temp() string    { return filepath.Join(d.Folder, "tmp") }

// mark is a file that says that the folder is ours to delete.
func (d distribution) mark() string { return filepath.Join(d.Folder, ".vectory") }

func (d distribution) check(context.Context, func(string)) error {
	if info, err := os.Stat(d.program()); err != nil || info.IsDir() {
		return catalog.Errorf(catalog.Invalid, "%s is no unpacked Elasticsearch: it has no bin/elasticsearch", d.Distribution).WithHint("name the folder that has bin, lib and modules: --home DIR")
	}
	if files, err := os.ReadDir(d.Folder); err == nil && len(files) > 0 {
		if _, err := os.Stat(d.mark()); err != nil {
			return catalog.Errorf(catalog.Conflict, "the folder %s holds something else", d.Folder).WithHint("name an empty one: --data DIR")
		}
	}
	_, err := d.java()
	return err
}

// java is the home of a JDK where the distribution brings none; "": it brings one.
func (d distribution) java() (string, error) {
	if home := os.Getenv("ES_JAVA_HOME"); home != "" {
		return home, nil
	}
	if _, err := os.Stat(filepath.Join(d.Distribution, "jdk")); err == nil {
		return "", nil
	}
	if _, err := os.Stat(filepath.Join(d.Distribution, "jdk.app")); err == nil { // macOS
		return "", nil
	}
	if home := os.Getenv("JAVA_HOME"); home != "" {
		return home, nil
	}
	if program, err := exec.LookPath("java"); err == nil {
		if program, err = filepath.EvalSymlinks(program); err == nil {
			return filepath.Dir(filepath.Dir(program)), nil
		}
	}
	return "", catalog.Errorf(catalog.Unavailable, "the distribution brings no Java, and none is here").WithHint("set ES_JAVA_HOME to a JDK: 17 or newer, 21 or newer for Elasticsearch 9")
}

func (d distribution) start(ctx context.Context, _ string) error {
	if err := d.prepare(); err != nil {
		return err
	}
	java, err := d.java()
	if err != nil {
		return err
	}
	console, err := os.Create(filepath.Join(d.Folder, "console.log"))
	if err != nil {
		return err
	}
	defer console.Close()
	// It becomes a daemon once it has started.
	c := exec.CommandContext(ctx, d.program(), "-d", "-p", d.pidFile()) //nolint:gosec // the user's own program
	c.Dir, c.Stdout, c.Stderr = d.Folder, console, console
	c.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + d.Folder, "LANG=C.UTF-8", "ES_PATH_CONF=" + filepath.Join(d.Folder, "config"),
		"ES_TMPDIR=" + d.temp(), "ES_JAVA_OPTS=-Xms" + d.Heap + " -Xmx" + d.Heap}
	if java != "" {
		c.Env = append(c.Env, "ES_JAVA_HOME="+java)
	}
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if os.Getuid() == 0 {
		c.SysProcAttr.Credential = &syscall.Credential{Uid: unprivileged, Gid: unprivileged}
	}
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGKILL) } // with what it has started
	if err := c.Run(); err != nil {
		if ctx.Err() != nil {
			return catalog.Errorf(catalog.Canceled, "the start of Elasticsearch was stopped: %w", context.Cause(ctx))
		}
		said := catalog.Errorf(catalog.Unavailable, "Elasticsearch does not start: %s", d.complaint(err))
		if strings.Contains(said.Message, "required Java version") {
			return said.WithHint("set ES_JAVA_HOME to a newer JDK: 21 or newer for Elasticsearch 9")
		}
		return said.WithHint("its logs: %s and %s", console.Name(), d.log())
	}
	return nil
}

// complaint is the line in which the node says why.
func (d distribution) complaint(err error) string {
	text, _ := os.ReadFile(filepath.Join(d.Folder, "console.log"))
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	for _, word := range []string{"Caused by:", "xception", "ERROR", "rror:"} {
		if at := slices.IndexFunc(lines, func(l string) bool { return strings.Contains(l, word) }); at >= 0 {
			return strings.TrimSpace(lines[at])
		}
	}
	return first(lines[len(lines)-1], err.Error())
}

// prepare writes the folder: the distribution's own settings of Java and of the log, and ours.
func (d distribution) prepare() error {
	config := filepath.Join(d.Folder, "config")
	if err := os.RemoveAll(config); err != nil {
		return err
	}
	for _, folder := range []string{d.Folder, config, filepath.Join(config, "jvm.options.d"), filepath.Join(d.Folder, "data"), filepath.Join(d.Folder, "logs"), d.temp()} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return err
		}
	}
	if err := os.WriteFile(d.mark(), []byte("made by `vectory elastic up`\n"), 0o600); err != nil {
		return err
	}
	for _, name := range []string{"jvm.options", "log4j2.properties"} {
		if err := copyFile(filepath.Join(d.Distribution, "config", name), filepath.Join(config, name)); err != nil {
			return err
		}
	}
	lines := append(settings(), "discovery.type: single-node", "network.host: 127.0.0.1", fmt.Sprintf("http.port: %d", d.Port), "transport.port: 0",
		"path.data: "+filepath.Join(d.Folder, "data"), "path.logs: "+filepath.Join(d.Folder, "logs"))
	for module, setting := range map[string]string{"ingest-geoip": "ingest.geoip.downloader.enabled: false", "x-pack-ml": "xpack.ml.enabled: false"} {
		if _, err := os.Stat(filepath.Join(d.Distribution, "modules", module)); err == nil { // a setting of no module is refused
			lines = append(lines, setting)
		}
	}
	if err := os.WriteFile(filepath.Join(config, "elasticsearch.yml"), []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		return err
	}
	_ = os.Remove(d.pidFile())
	if os.Getuid() != 0 {
		return nil
	}
	return filepath.WalkDir(d.Folder, func(path string, _ fs.DirEntry, err error) error {
		return errors.Join(err, os.Lchown(path, unprivileged, unprivileged))
	})
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// pid is the process of the node, if it is alive.
func (d distribution) pid() (int, bool) {
	text, err := os.ReadFile(d.pidFile())
	if err != nil {
		return 0, false
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	return pid, err == nil && pid > 1 && d.alive(pid)
}

// alive reports whether a process is the node's. A number may have gone to another program: the node carries our folder in its words.
func (d distribution) alive(pid int) bool {
	words, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/cmdline")
	if errors.Is(err, fs.ErrNotExist) {
		if _, there := os.Stat("/proc/self"); there == nil {
			return false
		}
		words, err = exec.Command("ps", "-ww", "-o", "command=", "-p", strconv.Itoa(pid)).Output() //nolint:noctx // where there is no /proc
	}
	return err == nil && strings.Contains(string(words), "-Djava.io.tmpdir="+d.temp())
}

func (d distribution) running(context.Context) bool {
	_, ok := d.pid()
	return ok
}

func (d distribution) stop(ctx context.Context) error {
	pid, ok := d.pid()
	if !ok {
		return nil
	}
	if err := syscall.Kill(pid, syscall.SIGTERM); err != nil {
		return catalog.Errorf(catalog.Forbidden, "the process %d of Elasticsearch cannot be ended: %s", pid, err)
	}
	late := time.After(30 * time.Second)
	for d.alive(pid) { // it deletes the file with its number before it has let go of its data
		select {
		case <-time.After(100 * time.Millisecond):
		case <-late:
			if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
				return err
			}
			late = nil
		case <-ctx.Done():
			return catalog.Errorf(catalog.Canceled, "Elasticsearch is still stopping: %w", context.Cause(ctx))
		}
	}
	return nil
}

func (d distribution) purge(context.Context) error {
	if _, err := os.Stat(d.mark()); err != nil {
		return nil // never made, or not ours
	}
	return os.RemoveAll(d.Folder)
}
