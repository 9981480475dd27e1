package server

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/gorilla/websocket"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/wire"
)

// ask answers a request that comes by the websocket as HTTP would answer the holder of the token, within the
// limits of a widget: it stands in a page whose other contents are not ours. While too many are answered,
// nothing more is read.
func (w *watcher) ask(ctx context.Context, req wire.SocketRequest) {
	select {
	case w.free <- struct{}{}:
	case <-ctx.Done():
		return
	}
	w.wg.Go(func() {
		defer func() { <-w.free }()
		a := w.s.answer(ctx, req)
		body, err := encodeMeta(wire.AnswerMeta{Status: a.status, Type: a.header.Get("Content-Type")}, a.body.Len())
		if err != nil {
			w.refuse(ctx, "", err)
			return
		}
		metaBytes := len(body)
		for _, chunk := range chunked(answerKind, append(body, a.body.Bytes()...), metaBytes, uint32(req.Number), 1) {
			w.send(ctx, message{websocket.BinaryMessage, chunk})
		}
	})
}

func (s *server) answer(ctx context.Context, req wire.SocketRequest) *answer {
	a := &answer{header: http.Header{}, status: http.StatusOK}
	r, err := http.NewRequestWithContext(ctx, req.Method, "/api/v1/"+req.Path, bytes.NewReader(req.Body))
	if err != nil || !asksLittle(req) {
		a.refuse(catalog.Errorf(catalog.Forbidden, "a widget does not %s %s", req.Method, req.Path))
		return a
	}
	r.Host = "127.0.0.1:" + s.guard.port
	r.Header.Set("Authorization", "Bearer "+s.Token)
	if len(req.Body) > 0 {
		r.Header.Set("Content-Type", "application/json")
	}
	s.handler.ServeHTTP(a, r)
	return a
}

// asksLittle tells what plots have need of: to read, to have something computed, to cancel a job. The Python
// package's relay has the same limits.
func asksLittle(req wire.SocketRequest) bool {
	path, _, _ := strings.Cut(req.Path, "?")
	parts := strings.Split(path, "/")
	if parts[0] == "ws" || slices.Contains(parts, "..") {
		return false
	}
	switch req.Method {
	case http.MethodGet:
		return true
	case http.MethodPost:
		return slices.Contains([]string{"comparisons", "layouts", "query"}, parts[0])
	case http.MethodDelete:
		return parts[0] == "jobs"
	}
	return false
}

// answer keeps what a handler writes.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *answer) Header() http.Header         { return a.header }
func (a *answer) WriteHeader(status int)      { a.status = status }
func (a *answer) Write(b []byte) (int, error) { return a.body.Write(b) }

func (a *answer) refuse(err error) {
	a.status = statuses[catalog.CodeOf(err)]
	a.header.Set("Content-Type", "application/json")
	_ = json.NewEncoder(&a.body).Encode(wire.ErrorReply{Error: *wire.ErrorOf(err)})
}
