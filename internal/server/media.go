package server

import (
	"bytes"
	"image"
	_ "image/gif" // decoders of what datasets hold
	_ "image/jpeg"
	"image/png"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // a decoder too

	"github.com/pentoai/vectory/internal/catalog"
)

const (
	maxMediaBytes  = 32 << 20
	maxMediaPixels = 64 << 20 // a small file can claim to be a huge picture
	thumbnailSide  = 256
)

// media answers with the picture that a cell of a dataset names, made anew as a small PNG: what a file
// on the disk calls itself, or hides beside its pixels, never reaches the browser. A sound goes as it is, under the type
// that its first bytes tell and no other, which a browser plays and never runs.
func (s *server) media(c *gin.Context) {
	row, err := strconv.Atoi(c.Param("row"))
	if err != nil {
		writeError(c, catalog.Errorf(catalog.Invalid, "row %q is no whole number", c.Param("row")))
		return
	}
	root, path, err := s.w.MediaPath(c, c.Param("name"), row, c.Param("column"))
	if err != nil {
		writeError(c, err)
		return
	}
	content, err := readWithin(root, path)
	if err != nil {
		writeError(c, err)
		return
	}
	kind := soundOf(content)
	if kind == "" {
		kind = "image/png"
		content, err = shrunk(content, path)
	}
	if err != nil {
		writeError(c, err)
		return
	}
	c.Header("Cache-Control", "private, max-age=3600")
	c.Header("Content-Type", kind)
	http.ServeContent(c.Writer, c.Request, "", time.Time{}, bytes.NewReader(content)) // players ask for parts
}

// soundOf gives the media type of a sound by its first bytes; "": it is none.
func soundOf(content []byte) string {
	at := func(offset int, sign string) bool {
		return len(content) >= offset+len(sign) && string(content[offset:offset+len(sign)]) == sign
	}
	switch {
	case at(0, "RIFF") && at(8, "WAVE"):
		return "audio/wav"
	case at(0, "OggS"):
		return "audio/ogg"
	case at(0, "fLaC"):
		return "audio/flac"
	case at(4, "ftypM4A"):
		return "audio/mp4"
	case at(0, "ID3"), len(content) > 2 && content[0] == 0xff && content[1]&0xe6 == 0xe2: // MPEG, layer III
		return "audio/mpeg"
	}
	return ""
}

// thumbnail reads the picture at path within root and shrinks it to at most 256 pixels a side. os.Root
// keeps ".." and links from leaving the folder.
func thumbnail(root, path string) ([]byte, error) {
	content, err := readWithin(root, path)
	if err != nil {
		return nil, err
	}
	return shrunk(content, path)
}

// shrunk makes a small PNG of a picture's bytes.
func shrunk(content []byte, path string) ([]byte, error) {
	size, _, err := image.DecodeConfig(bytes.NewReader(content))
	if err != nil {
		return nil, catalog.Errorf(catalog.Invalid, "'%s' is no picture that can be shown (PNG, JPEG, GIF or WebP) and no sound (WAV, MP3, Ogg, FLAC or M4A)", path)
	}
	if size.Width < 1 || size.Height < 1 || size.Width > maxMediaPixels/size.Height {
		return nil, catalog.Errorf(catalog.TooLarge, "'%s' has %d × %d pixels", path, size.Width, size.Height)
	}
	picture, _, err := image.Decode(bytes.NewReader(content))
	if err != nil {
		return nil, catalog.Errorf(catalog.Invalid, "'%s' is a damaged picture: %s", path, err)
	}
	var out bytes.Buffer
	err = png.Encode(&out, shrink(picture))
	return out.Bytes(), err
}

func shrink(picture image.Image) image.Image {
	w, h := picture.Bounds().Dx(), picture.Bounds().Dy()
	longest := max(w, h)
	if longest <= thumbnailSide {
		return picture
	}
	small := image.NewNRGBA(image.Rect(0, 0, max(1, w*thumbnailSide/longest), max(1, h*thumbnailSide/longest)))
	draw.ApproxBiLinear.Scale(small, small.Bounds(), picture, picture.Bounds(), draw.Src, nil)
	return small
}

func readWithin(root, path string) ([]byte, error) {
	missing := catalog.Errorf(catalog.NotFound, "the media file '%s' is not in '%s'", path, root)
	if filepath.IsAbs(path) {
		relative, err := filepath.Rel(root, path)
		if err != nil {
			return nil, missing
		}
		path = relative
	}
	folder, err := os.OpenRoot(root)
	if err != nil {
		return nil, catalog.Errorf(catalog.NotFound, "the folder of the dataset's media, '%s', is gone", root)
	}
	defer folder.Close()
	info, err := folder.Stat(filepath.FromSlash(path))
	if err != nil || !info.Mode().IsRegular() { // a pipe would hold us for ever
		return nil, missing
	}
	if info.Size() > maxMediaBytes {
		return nil, catalog.Errorf(catalog.TooLarge, "the media file '%s' has %d bytes", path, info.Size())
	}
	f, err := folder.Open(filepath.FromSlash(path))
	if err != nil {
		return nil, missing
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxMediaBytes))
}
