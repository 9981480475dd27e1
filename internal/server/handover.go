package server

import (
	"io"
	"log/slog"

	"github.com/gin-gonic/gin"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/store/npy"
	"github.com/pentoai/vectory/internal/wire"
)

// carried gives the file that a request carries, and its size: its body, or the file that it names, opened here. Only who
// has the token may name one; the page of a browser may not.
//
// The file's bytes are always read once into a file of the store, hashed on the way. A hard link would not do: the user
// can write through it, and so change what is kept. A clone or a copy in the kernel would not either: the store holds
// rows without their header, and what is hashed and what is kept must be the same bytes while somebody writes to the file.
func (s *server) carried(c *gin.Context, h wire.HandOver) (body io.ReadCloser, size int64, err error) {
	if h.Path == "" {
		// Closing the body is the server's: it then knows whether the connection still holds the rest of one that was refused
		// half-way, and ends it. Closed here, within its limit, that rest would be read as the next request.
		return io.NopCloser(c.Request.Body), c.Request.ContentLength, nil
	}
	if !s.guard.hasToken(c.GetHeader("Authorization")) {
		return nil, 0, catalog.Errorf(catalog.Forbidden, "a page cannot name a file of this machine").WithHint("send its bytes")
	}
	file, err := npy.OpenFile(h.Path)
	if err != nil {
		return nil, 0, notHere(err)
	}
	mark, err := wire.FileMark(file.File)
	if err == nil && mark != h.Mark {
		err = catalog.Errorf(catalog.Unavailable, "another file lies there")
	}
	if err == nil && file.Size > s.MaxUpload {
		_ = file.Close()
		return nil, 0, catalog.Errorf(catalog.TooLarge, "the file is larger than %d bytes", s.MaxUpload).WithHint("raise VECTORY_MAX_UPLOAD")
	}
	if err != nil {
		_ = file.Close()
		return nil, 0, notHere(err)
	}
	slog.Info("reading a file where it lies", "path", h.Path, "bytes", file.Size)
	return file, file.Size, nil
}

// notHere tells a client to send the bytes.
func notHere(err error) error {
	return &catalog.Error{Code: catalog.Unavailable, Message: "the daemon does not find that very file under its path", Hint: "send its bytes", Err: err}
}
