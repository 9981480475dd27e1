package lifecycle

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pentoai/vectory/internal/catalog"
)

func env(pairs ...string) func(string) string {
	return func(name string) string {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}

func TestSettingsHaveDefaultsThatServe(t *testing.T) {
	t.Setenv("HOME", "/people/me")
	s, err := Load(env())
	if err != nil {
		t.Fatal(err)
	}
	want := Settings{Home: "/people/me/.vectory", Idle: 30 * time.Minute, Patience: 10 * time.Minute, Checkpoint: 20 * time.Second, Memory: machineMemory() / 2, MaxUpload: 64e9, StartTimeout: 30 * time.Second}
	if s != want {
		t.Errorf("%+v", s)
	}
}

func TestSettingsAreRead(t *testing.T) {
	s, err := Load(env("VECTORY_HOME", "/h", "VECTORY_IDLE", "0", "VECTORY_PORT", "4711", "VECTORY_THREADS", "3", "VECTORY_MAX_UPLOAD", "1.5 GiB", "VECTORY_START_TIMEOUT", "90s", "VECTORY_PATIENCE", "2h", "VECTORY_CHECKPOINT", "5m", "VECTORY_MEMORY", "3GB",
		"VECTORY_URL", "http://127.0.0.1:1", "VECTORY_TOKEN", "t"))
	if err != nil {
		t.Fatal(err)
	}
	want := Settings{Home: "/h", Port: 4711, Threads: 3, Patience: 2 * time.Hour, Checkpoint: 5 * time.Minute, Memory: 3e9, MaxUpload: 3 << 29, StartTimeout: 90 * time.Second, URL: "http://127.0.0.1:1", Token: "t"}
	if s != want {
		t.Errorf("%+v", s)
	}
}

func TestABadSettingIsNamed(t *testing.T) {
	for variable, values := range map[string][]string{
		"VECTORY_IDLE": {"soon", "-1s", "5"}, "VECTORY_PORT": {"x", "-1", "65536", "1.5"}, "VECTORY_THREADS": {"all", "-2", "5000"},
		"VECTORY_MAX_UPLOAD": {"big", "0", "-1GB", "1e40", "GB", "NaN"}, "VECTORY_START_TIMEOUT": {"1 minute"}, "VECTORY_PATIENCE": {"ages"}, "VECTORY_CHECKPOINT": {"often"}, "VECTORY_MEMORY": {"half", "-3GB"},
	} {
		for _, value := range values {
			_, err := Load(env("VECTORY_HOME", "/h", variable, value))
			if catalog.CodeOf(err) != catalog.Invalid || !strings.Contains(err.Error(), variable+`="`+value+`"`) {
				t.Errorf("%s=%s: %v", variable, value, err)
			}
		}
	}
}

func TestSecretsAreNotShown(t *testing.T) {
	for _, s := range Table(env("VECTORY_TOKEN", "hush", "ELASTICSEARCH_API_KEY", "hush", "ELASTICSEARCH_PASSWORD", "hush", "ELASTICSEARCH_URL", "https://ann:hush@host:9200")) {
		if strings.Contains(s.Value, "hush") {
			t.Errorf("%s shows it", s.Variable)
		}
		if s.Meaning == "" {
			t.Errorf("%s has no meaning", s.Variable)
		}
	}
}

func TestAHomeThatCannotBeUsedSaysWhyAndWhatToDo(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{file, filepath.Join(file, "below"), "/proc/vectory"} { // no one writes to /proc, not even root
		_, err := OpenHome(path)
		if catalog.CodeOf(err) != catalog.Unavailable || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", path, err)
		}
	}
	if os.Getuid() != 0 { // root writes to what is read-only
		folder := t.TempDir()
		if err := os.Chmod(folder, 0o500); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenHome(folder); catalog.CodeOf(err) != catalog.Unavailable {
			t.Errorf("a read-only home: %v", err)
		}
	}
}

func TestAHomeIsPrivateAndLeavesNoProbe(t *testing.T) {
	home, err := OpenHome(filepath.Join(t.TempDir(), "a", "b"))
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(home.Path)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if left, _ := os.ReadDir(home.Path); len(left) != 0 {
		t.Errorf("left %v", left)
	}
}
