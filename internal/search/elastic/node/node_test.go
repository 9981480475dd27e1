package node

import (
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pentoai/vectory/internal/catalog"
)

// engine puts a program in the place of docker: it answers with words, by the command that it is given.
func engine(t *testing.T, answers string) {
	t.Helper()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "docker"), []byte("#!/bin/sh\ncase $1 in\n"+answers+"\nesac\n"), 0o700); err != nil { //nolint:gosec // a program
		t.Fatal(err)
	}
	t.Setenv("PATH", folder)
}

func TestAContainerIsOpenOnThisMachineOnly(t *testing.T) {
	args := container{Node{Port: 9222, Heap: "1g", Image: "image:1", Container: "vectory-elasticsearch-1"}}.arguments("/home/a")
	for _, want := range []string{"127.0.0.1:9222:9200", "vectory.home=/home/a", "action.auto_create_index=-vectory-*,+*", "discovery.type=single-node", "ES_JAVA_OPTS=-Xms1g -Xmx1g"} {
		if !slices.Contains(args, want) {
			t.Errorf("%q is not among %q", want, args)
		}
	}
	if args[len(args)-1] != "image:1" {
		t.Errorf("the image comes last: %q", args)
	}
}

func TestAnEngineThatDoesNotAnswerIsNamed(t *testing.T) {
	engine(t, "info) echo no daemon >&2; exit 1;;")
	home := t.TempDir()
	_, _, err := Up(t.Context(), home, Wanted{}, func(string) {})
	if catalog.CodeOf(err) != catalog.Unavailable || !strings.Contains(err.Error(), "docker is there and does not answer") {
		t.Errorf("%v", err)
	}
	if _, known, _ := Find(home); known {
		t.Error("what was not started is remembered")
	}
}

func TestAContainerOfSomebodyElseIsLeftAlone(t *testing.T) {
	removed := filepath.Join(t.TempDir(), "removed")
	engine(t, "info) ;;\nimage) ;;\nps) echo it;;\ninspect) echo;;\n*) echo $1 >> "+removed+";;")
	_, _, err := Up(t.Context(), t.TempDir(), Wanted{}, func(string) {})
	if !strings.Contains(err.Error(), "was not made by vectory") {
		t.Errorf("%v", err)
	}
	if text, err := os.ReadFile(removed); err == nil {
		t.Errorf("it was asked to %s", text)
	}
}

// An engine is asked step by step: the image that is not here is fetched before the start, which has its time then; a container
// that ends is not waited for; it is stopped and its volume deleted by name.
func TestWhatAnEngineIsAsked(t *testing.T) {
	asked := filepath.Join(t.TempDir(), "asked")
	home := t.TempDir()
	engine(t, `info) ;;
image) exit 1;;
ps) if [ -e `+asked+`.made ]; then echo it; fi;;
inspect) echo "false $VECTORY_TEST_HOME";;
pull|stop|rm|volume) echo "$@" >> `+asked+`;;
run) : > `+asked+`.made; echo "$1" >> `+asked+`;;`)
	t.Setenv("VECTORY_TEST_HOME", home)
	var told []string
	_, _, err := Up(t.Context(), home, Wanted{Image: "image:1"}, func(what string) { told = append(told, what) })
	if catalog.CodeOf(err) != catalog.Unavailable || !strings.Contains(err.Error(), "has ended before it answered") {
		t.Errorf("%v", err)
	}
	if len(told) != 2 || !strings.Contains(told[0], "fetching image:1, once") || !strings.Contains(told[1], "starting Elasticsearch") {
		t.Errorf("told %q", told)
	}
	if _, err := Down(t.Context(), home, true); err != nil {
		t.Error(err)
	}
	name := containerName(home)
	text, err := os.ReadFile(asked)
	if want := "pull image:1\nrun\nstop --time 30 " + name + "\nrm " + name + "\nvolume rm " + name + "\n"; err != nil || string(text) != want {
		t.Errorf("asked:\n%s\nwant:\n%s%v", text, want, err)
	}
}

func TestAnImageThatCannotBeFetchedIsNamed(t *testing.T) {
	engine(t, "info) ;;\nimage) exit 1;;\npull) echo 'no such host' >&2; exit 1;;")
	home := t.TempDir()
	_, _, err := Up(t.Context(), home, Wanted{}, func(string) {})
	var said *catalog.Error
	if !errors.As(err, &said) || !strings.Contains(said.Message, "no such host") || !strings.Contains(said.Hint, "--image") {
		t.Errorf("%v", err)
	}
	if _, known, _ := Find(home); known {
		t.Error("what was not started is remembered")
	}
}

// unpacked is a folder that looks like a distribution, with a program of its own.
func unpacked(t *testing.T, program string) string {
	t.Helper()
	folder := t.TempDir()
	for name, text := range map[string]string{"bin/elasticsearch": "#!/bin/sh\n" + program + "\n", "config/jvm.options": "", "config/log4j2.properties": "", "jdk/release": ""} {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { //nolint:gosec // another user reads it
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o755); err != nil { //nolint:gosec // a program
			t.Fatal(err)
		}
	}
	return folder
}

func TestAStartThatFailsSaysWhyAndIsNotRunning(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("as root the program runs as a user who cannot enter this folder; the scripts start a real one")
	}
	home := t.TempDir()
	_, _, err := Up(t.Context(), home, Wanted{Distribution: unpacked(t, "echo 'ERROR: bad news'; exit 1")}, func(string) {})
	if catalog.CodeOf(err) != catalog.Unavailable || !strings.Contains(err.Error(), "bad news") {
		t.Errorf("%v", err)
	}
	if n, known, err := Find(home); !known || n.Running || err != nil {
		t.Errorf("remembered: %t, %+v, %v", known, n, err)
	}
	if _, err := Down(t.Context(), home, true); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(ownFolder(home)); err == nil {
		t.Error("its folder is still there")
	}
}

func TestFoldersAndPortsOfOthersAreRefused(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // a test
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	full := t.TempDir()
	if err := os.WriteFile(filepath.Join(full, "letters"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	whole := unpacked(t, "exit 1")
	for name, c := range map[string]struct {
		w    Wanted
		says string
	}{
		"a taken port":       {Wanted{Distribution: whole, Folder: filepath.Join(full, "new"), Port: taken.Addr().(*net.TCPAddr).Port}, "is taken by another program"},
		"a folder in use":    {Wanted{Distribution: whole, Folder: full}, "holds something else"},
		"not a distribution": {Wanted{Distribution: full}, "is no unpacked Elasticsearch"},
	} {
		_, _, err := Up(t.Context(), t.TempDir(), c.w, func(string) {})
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A number may have gone to another program since: this very test's, say.
func TestAProcessThatIsNotTheNodeIsNeverEnded(t *testing.T) {
	d := distribution{Node{Folder: t.TempDir()}}
	for _, pid := range []int{os.Getpid(), 1, -1} {
		if err := os.WriteFile(d.pidFile(), []byte(strconv.Itoa(pid)), 0o600); err != nil {
			t.Fatal(err)
		}
		if d.running(t.Context()) {
			t.Errorf("the process %d is taken for the node", pid)
		}
		if err := d.stop(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

// A node deletes the file with its number before it has let go of its data: it has stopped when its process has ended.
func TestANodeHasStoppedWhenItsProcessHasEnded(t *testing.T) {
	d := distribution{Node{Folder: t.TempDir()}}
	c := exec.CommandContext(t.Context(), "sh", "-c", `trap 'rm pid; sleep 1; exit 0' TERM; echo $$ > new; mv new pid; while :; do sleep 0.05; done`, "-Djava.io.tmpdir="+d.temp()) //nolint:gosec // a test's own words
	c.Dir = d.Folder
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	for !d.running(t.Context()) {
		time.Sleep(10 * time.Millisecond)
	}
	if err := d.stop(t.Context()); err != nil || d.alive(c.Process.Pid) {
		t.Errorf("it is alive: %v", err)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
