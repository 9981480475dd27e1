package server

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"

	"github.com/gin-gonic/gin"

	"github.com/pentoai/vectory/internal/catalog"
)

// pageFile is one file of the view, read once: the files are few and small.
type pageFile struct {
	content []byte
	kind    string
	etag    string
}

// pages are the files of the view by path; "/" is index.html.
type pages map[string]pageFile

// pagePolicy lets the page run its own script and style and nothing else, and lets nobody frame it.
const pagePolicy = "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// readPages reads the files. They are compiled in, so that a failure is a mistake of ours.
func readPages(files fs.FS) pages {
	found := pages{}
	if files == nil {
		return found
	}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(files, name)
		sum := sha256.Sum256(content)
		found["/"+name] = pageFile{content, mime.TypeByExtension(path.Ext(name)), `"` + hex.EncodeToString(sum[:8]) + `"`}
		return err
	})
	if err != nil {
		panic("the view cannot be read: " + err.Error())
	}
	if index, ok := found["/index.html"]; ok {
		found["/"] = index
	}
	return found
}

func (p pages) has(path string) bool { _, ok := p[path]; return ok }

// serve answers a path that is no route: a file of the view, or 404.
func (p pages) serve(c *gin.Context) {
	file, ok := p[c.Request.URL.Path]
	if !ok || c.Request.Method != http.MethodGet {
		writeError(c, catalog.Errorf(catalog.NotFound, "there is no such path"))
		return
	}
	h := c.Writer.Header()
	h.Set("Content-Security-Policy", pagePolicy)
	h.Set("Cache-Control", "no-cache") // kept, and asked about each time
	h.Set("ETag", file.etag)
	if c.GetHeader("If-None-Match") == file.etag {
		c.Status(http.StatusNotModified)
		return
	}
	c.Data(http.StatusOK, file.kind, file.content)
}
