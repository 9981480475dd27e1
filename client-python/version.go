// Package clientpython lets the Go program read the version that the Python package states, so that
// it stands in one file only: vectory/_version.py.
package clientpython

import _ "embed"

// VersionFile is the text of vectory/_version.py.
//
//go:embed vectory/_version.py
var VersionFile string
