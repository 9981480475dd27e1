// Package viewer is the web view: src/ (TypeScript), dist/ (built from it and committed, so that Go
// needs no Node), tests/ (a real browser against the real daemon). It promises that the files work
// offline and under a policy that runs no inline script. How to change it: `npm ci && npm run build`
// here; `npm run check` holds dist equal to a fresh build.
package viewer

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Files are the built files: index.html, app.js, app.css and the icon.
func Files() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // the folder is compiled in
	}
	return files
}
