package wire

import (
	"regexp"
	"strconv"

	clientpython "github.com/pentoai/vectory/client-python"
)

// Headers that every reply of the daemon carries, so that each side can tell who it talks to.
const (
	HeaderVersion  = "X-Vectory-Version"
	HeaderAPI      = "X-Vectory-Api"
	HeaderInstance = "X-Vectory-Instance"
)

// Version is the release, API the number of the HTTP interface. Both come from
// client-python/vectory/_version.py, which the Python package imports.
var (
	Version = mustMatch(`(?m)^__version__ = "([^"]+)"$`)
	API     = mustNumber(mustMatch(`(?m)^API = (\d+)$`))
)

func mustMatch(pattern string) string {
	m := regexp.MustCompile(pattern).FindStringSubmatch(clientpython.VersionFile)
	if m == nil {
		panic("client-python/vectory/_version.py does not match " + pattern)
	}
	return m[1]
}

func mustNumber(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		panic(err)
	}
	return n
}
