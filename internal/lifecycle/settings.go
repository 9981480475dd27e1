// Package lifecycle makes sure that there is one daemon per home: where things live, settings, the
// lock that is held for life, the run file that tells doors where the daemon listens, find-or-start,
// stop, the idle clock. It knows nothing of spaces.
package lifecycle

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/pentoai/vectory/internal/catalog"
)

// Setting is a line of the one table of settings, as `vectory config` prints it.
type Setting struct {
	Variable string `json:"variable"`
	Default  string `json:"default"`
	Meaning  string `json:"meaning"`
	Value    string `json:"value"`
}

var table = []Setting{
	{Variable: "VECTORY_HOME", Default: "~/.vectory", Meaning: "where everything is kept"},
	{Variable: "VECTORY_URL", Meaning: "use the daemon at this address instead of the home's own"},
	{Variable: "VECTORY_TOKEN", Meaning: "the token of that daemon"},
	{Variable: "VECTORY_IDLE", Default: "30m", Meaning: "stop after this long without client or job; 0 = never"},
	{Variable: "VECTORY_PORT", Default: "0", Meaning: "port on 127.0.0.1; 0 = any free one"},
	{Variable: "VECTORY_THREADS", Default: "0", Meaning: "threads for computing; 0 = all cores"},
	{Variable: "VECTORY_KERNEL", Meaning: "force a kernel for computing: avx512, avx2 or go; empty = the best of this processor"},
	{Variable: "VECTORY_MEMORY", Meaning: "cap of the memory for computing, such as 8GB; empty = half of the machine's"},
	{Variable: "VECTORY_PATIENCE", Default: "10m", Meaning: "a comparison that would take longer scores a sample of the rows, unless --exact"},
	{Variable: "VECTORY_CHECKPOINT", Default: "20s", Meaning: "how often a long search for neighbours is kept, to go on after the daemon has died; 0 = never"},
	{Variable: "VECTORY_MAX_UPLOAD", Default: "64GB", Meaning: "largest body taken"},
	{Variable: "ELASTICSEARCH_URL", Meaning: "the cluster that spaces are loaded into, such as http://127.0.0.1:9200"},
	{Variable: "ELASTICSEARCH_API_KEY", Meaning: "who asks there: a key,"},
	{Variable: "ELASTICSEARCH_USERNAME", Meaning: "or a user with a password"},
	{Variable: "ELASTICSEARCH_PASSWORD", Meaning: "the password"},
	{Variable: "ELASTICSEARCH_CA", Meaning: "PEM file of the authority that signed the cluster's certificate,"},
	{Variable: "ELASTICSEARCH_FINGERPRINT", Meaning: "or the certificate's SHA-256"},
	{Variable: "VECTORY_START_TIMEOUT", Default: "30s", Meaning: "how long a start may take"},
}

// Settings are the parsed values.
type Settings struct {
	Home         string // absolute
	URL, Token   string
	Idle         time.Duration
	Port         int
	Threads      int
	Kernel       string
	Memory       int64 // bytes; 0: no cap
	Patience     time.Duration
	Checkpoint   time.Duration
	MaxUpload    int64
	StartTimeout time.Duration
	Elastic      Elastic
}

// Table gives the settings with their present values; the token is not shown.
func Table(env func(string) string) []Setting {
	list := make([]Setting, len(table))
	for i, s := range table {
		s.Value = env(s.Variable)
		if s.Value == "" {
			s.Value = s.Default
		} else if secret(s.Variable) {
			s.Value = "(set)"
		} else if at := strings.LastIndex(s.Value, "@"); at >= 0 && strings.HasSuffix(s.Variable, "_URL") {
			s.Value = "(credentials)" + s.Value[at:]
		}
		list[i] = s
	}
	return list
}

func secret(variable string) bool {
	return variable == "VECTORY_TOKEN" || variable == "ELASTICSEARCH_API_KEY" || variable == "ELASTICSEARCH_PASSWORD"
}

// Elastic is where the search cluster is and who asks.
type Elastic struct{ URL, APIKey, Username, Password, CA, Fingerprint string }

// Load reads the settings from the environment. Errors: invalid, naming the variable.
func Load(env func(string) string) (Settings, error) {
	get := func(variable string) string {
		for _, s := range Table(env) {
			if s.Variable == variable {
				return s.Value
			}
		}
		return ""
	}
	s := Settings{URL: env("VECTORY_URL"), Token: env("VECTORY_TOKEN"), Kernel: env("VECTORY_KERNEL"),
		Elastic: Elastic{URL: env("ELASTICSEARCH_URL"), APIKey: env("ELASTICSEARCH_API_KEY"), Username: env("ELASTICSEARCH_USERNAME"), Password: env("ELASTICSEARCH_PASSWORD"),
			CA: env("ELASTICSEARCH_CA"), Fingerprint: env("ELASTICSEARCH_FINGERPRINT")}}
	var err error
	if s.Home, err = homeFolder(env); err != nil {
		return s, err
	}
	if s.Idle, err = duration("VECTORY_IDLE", get("VECTORY_IDLE")); err != nil {
		return s, err
	}
	if s.StartTimeout, err = duration("VECTORY_START_TIMEOUT", get("VECTORY_START_TIMEOUT")); err != nil {
		return s, err
	}
	if s.Patience, err = duration("VECTORY_PATIENCE", get("VECTORY_PATIENCE")); err != nil {
		return s, err
	}
	if s.Checkpoint, err = duration("VECTORY_CHECKPOINT", get("VECTORY_CHECKPOINT")); err != nil {
		return s, err
	}
	if s.Port, err = number("VECTORY_PORT", get("VECTORY_PORT"), 65535); err != nil {
		return s, err
	}
	if s.Threads, err = number("VECTORY_THREADS", get("VECTORY_THREADS"), 1024); err != nil {
		return s, err
	}
	if s.Memory, err = memory(get("VECTORY_MEMORY")); err != nil {
		return s, err
	}
	s.MaxUpload, err = size("VECTORY_MAX_UPLOAD", get("VECTORY_MAX_UPLOAD"))
	return s, err
}

func homeFolder(env func(string) string) (string, error) {
	home := env("VECTORY_HOME")
	if home == "" {
		user, err := os.UserHomeDir()
		if err != nil {
			return "", catalog.Errorf(catalog.Invalid, "there is no home folder: HOME is not set").WithHint("set VECTORY_HOME to a folder that can be written")
		}
		home = filepath.Join(user, ".vectory")
	}
	return filepath.Abs(home)
}

func duration(variable, text string) (time.Duration, error) {
	if text == "0" {
		return 0, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return 0, catalog.Errorf(catalog.Invalid, "%s=%q is no duration", variable, text).WithHint("for example 30m, 90s, 2h, or 0")
	}
	return d, nil
}

func number(variable, text string, limit int) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > limit {
		return 0, catalog.Errorf(catalog.Invalid, "%s=%q is no whole number from 0 to %d", variable, text, limit)
	}
	return n, nil
}

// memory is the cap, half of the machine unless said.
func memory(text string) (int64, error) {
	if text == "" {
		return machineMemory() / 2, nil
	}
	return size("VECTORY_MEMORY", text)
}

func size(variable, text string) (int64, error) {
	units := []struct {
		name  string
		bytes float64
	}{{"KIB", 1 << 10}, {"MIB", 1 << 20}, {"GIB", 1 << 30}, {"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"B", 1}, {"", 1}}
	upper := strings.ToUpper(strings.TrimSpace(text))
	for _, u := range units {
		if digits, ok := strings.CutSuffix(upper, u.name); ok {
			if n, err := strconv.ParseFloat(strings.TrimSpace(digits), 64); err == nil && n > 0 && n*u.bytes < 1<<60 {
				return int64(n * u.bytes), nil
			}
		}
	}
	return 0, catalog.Errorf(catalog.Invalid, "%s=%q is no size", variable, text).WithHint("for example 8GB or 512MiB")
}
