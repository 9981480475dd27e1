package server

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/wire"
)

// statuses is the one table from codes to HTTP.
var statuses = map[catalog.Code]int{
	catalog.Invalid:      http.StatusUnprocessableEntity,
	catalog.Unauthorized: http.StatusUnauthorized,
	catalog.Forbidden:    http.StatusForbidden,
	catalog.NotFound:     http.StatusNotFound,
	catalog.Conflict:     http.StatusConflict,
	catalog.TooLarge:     http.StatusRequestEntityTooLarge,
	catalog.Canceled:     499,
	catalog.Internal:     http.StatusInternalServerError,
	catalog.Unavailable:  http.StatusServiceUnavailable,
	catalog.NoSpace:      http.StatusInsufficientStorage,
}

// writeError answers with err. What is not a catalog.Error, and every internal one, goes to the log.
func writeError(c *gin.Context, err error) {
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		err = catalog.Errorf(catalog.TooLarge, "the body is larger than %d bytes", tooLarge.Limit).WithHint("raise VECTORY_MAX_UPLOAD")
	case errors.Is(err, context.Canceled) && catalog.CodeOf(err) == catalog.Internal:
		err = catalog.Errorf(catalog.Canceled, "canceled")
	}
	code := catalog.CodeOf(err)
	if code == catalog.Internal {
		slog.Error("request failed", "method", c.Request.Method, "path", c.Request.URL.Path, "error", err)
	}
	if c.Writer.Written() {
		return // too late to say anything: the reply is cut short
	}
	c.AbortWithStatusJSON(statuses[code], wire.ErrorReply{Error: *wire.ErrorOf(err)})
}
