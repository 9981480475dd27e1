package server

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/gorilla/websocket"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/wire"
	"github.com/pentoai/vectory/internal/workspace"
)

const (
	socketPath  = "/api/v1/ws"
	subprotocol = "vectory.v1"
	socketRead  = 64 << 10         // bytes of a message that is read
	socketWrite = 10 * time.Second // a message that takes longer ends the connection
	socketPing  = 20 * time.Second
	socketQuiet = time.Minute           // without a sign of life the other side is gone
	framePace   = 50 * time.Millisecond // between two frames of a stream
	framesAhead = 2                     // frames of a stream that may be on their way
	maxStreams  = 64
	maxAsked    = 32 // requests that are answered at once; further ones wait
)

var upgrader = websocket.Upgrader{
	Subprotocols: []string{subprotocol},
	CheckOrigin:  func(*http.Request) bool { return true }, // the guard has looked at it already
	Error: func(w http.ResponseWriter, _ *http.Request, status int, reason error) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(wire.ErrorReply{Error: wire.Error{Code: catalog.Invalid, Message: reason.Error()}})
	},
}

// watcher is one websocket. One goroutine reads, one writes, one follows each stream; a follower waits for
// the writer, and looks at its thing only when the last frames were drawn: who is slow sees fewer, always
// the newest, and holds up nobody else.
type watcher struct {
	s    *server
	conn *websocket.Conn
	end  context.CancelFunc
	out  chan message
	free chan struct{} // a token for each request that may be answered

	mu      sync.Mutex
	streams map[string]*stream
	last    int // number of the newest stream
	wg      sync.WaitGroup
}

type message struct {
	kind int
	data []byte
}

// stream is something that a watcher follows.
type stream struct {
	name   string
	number int
	end    context.CancelFunc
	free   chan struct{} // a token for each frame that may be sent
}

// release lets one more frame be sent.
func (st *stream) release() {
	select {
	case st.free <- struct{}{}:
	default: // acknowledged more than was sent
	}
}

func (s *server) socket(c *gin.Context) {
	conn, err := upgrader.Upgrade(c.Writer, c.Request, nil)
	if err != nil {
		return // answered
	}
	ctx, end := context.WithCancel(c.Request.Context())
	w := &watcher{s: s, conn: conn, end: end, out: make(chan message), free: make(chan struct{}, maxAsked), streams: map[string]*stream{}}
	w.wg.Go(func() { w.write(ctx) })
	w.say(ctx, wire.SocketEvent{T: "welcome", Instance: s.Status.Instance, Version: wire.Version})
	w.read(ctx)
	end()
	w.wg.Wait()
}

// read takes requests until the connection ends.
func (w *watcher) read(ctx context.Context) {
	w.conn.SetReadLimit(socketRead)
	alive := func(string) error { return w.conn.SetReadDeadline(time.Now().Add(socketQuiet)) }
	w.conn.SetPongHandler(alive)
	for alive("") == nil {
		_, text, err := w.conn.ReadMessage()
		if err != nil {
			return
		}
		var req wire.SocketRequest
		if err := json.Unmarshal(text, &req); err != nil {
			w.refuse(ctx, "", catalog.Errorf(catalog.Invalid, "the message is not JSON: %w", err))
			continue
		}
		w.obey(ctx, req)
	}
}

func (w *watcher) obey(ctx context.Context, req wire.SocketRequest) {
	switch req.T {
	case "watch":
		if err := w.watch(ctx, req.Stream); err != nil {
			w.refuse(ctx, req.Stream, err)
		}
	case "ask":
		w.ask(ctx, req)
	case "unwatch":
		w.forget(w.find(req.Stream))
	case "ack":
		if st := w.find(req.Stream); st != nil {
			st.release()
		}
	default: // of a later version
	}
}

func (w *watcher) watch(ctx context.Context, name string) error {
	kind, id, _ := strings.Cut(name, ":")
	follow := map[string]func(context.Context, *stream, string){"job": w.followJob, "layout": w.followLayout}[kind]
	if follow == nil {
		return catalog.Errorf(catalog.Invalid, "there is no stream %q", name).WithHint("job:ID or layout:ID")
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.streams[name] != nil {
		return nil
	}
	if len(w.streams) >= maxStreams {
		return catalog.Errorf(catalog.Conflict, "%d streams are watched, and more cannot be", maxStreams)
	}
	ctx, end := context.WithCancel(ctx)
	w.last++
	st := &stream{name: name, number: w.last, end: end, free: make(chan struct{}, framesAhead)}
	for range framesAhead {
		st.free <- struct{}{}
	}
	w.streams[name] = st
	w.wg.Go(func() {
		follow(ctx, st, id)
		w.forget(st)
	})
	return nil
}

func (w *watcher) find(name string) *stream {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.streams[name]
}

func (w *watcher) forget(st *stream) {
	if st == nil {
		return
	}
	st.end()
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.streams[st.name] == st {
		delete(w.streams, st.name)
	}
}

// followJob tells of every change until the job has ended.
func (w *watcher) followJob(ctx context.Context, st *stream, id string) {
	wait := time.Duration(0)
	for ctx.Err() == nil {
		job, err := w.s.w.Jobs().Get(ctx, id, wait)
		if err != nil {
			w.refuse(ctx, st.name, err)
			return
		}
		w.say(ctx, wire.SocketEvent{T: "job", Stream: st.name, Number: st.number, Job: &job})
		if !job.EndedAt.IsZero() {
			w.say(ctx, wire.SocketEvent{T: "end", Stream: st.name, Number: st.number})
			return
		}
		wait = time.Second
	}
}

// followLayout sends frames until the layout is done.
func (w *watcher) followLayout(ctx context.Context, st *stream, id string) {
	for sequence := uint32(1); ; sequence++ {
		select {
		case <-st.free:
		case <-ctx.Done():
			return
		}
		l, places, changed, err := w.s.w.WatchLayout(ctx, id)
		if err != nil {
			w.refuse(ctx, st.name, err)
			return
		}
		w.say(ctx, wire.SocketEvent{T: "layout", Stream: st.name, Number: st.number, Layout: &l})
		if changed == nil {
			w.say(ctx, wire.SocketEvent{T: "end", Stream: st.name, Number: st.number})
			return
		}
		if len(places) == 0 {
			st.release() // no frame was sent
		} else if err := w.sendFrame(ctx, uint32(st.number), sequence, l, places); err != nil {
			w.refuse(ctx, st.name, err)
			return
		}
		pause := time.NewTimer(framePace)
		select {
		case <-changed:
		case <-ctx.Done():
		}
		select {
		case <-pause.C:
		case <-ctx.Done():
			return
		}
	}
}

func (w *watcher) sendFrame(ctx context.Context, number, sequence uint32, l wire.Layout, places []workspace.Frame) error {
	chunks, err := encodeFrame(number, sequence, l, places)
	for _, chunk := range chunks {
		w.send(ctx, message{websocket.BinaryMessage, chunk})
	}
	return err
}

func (w *watcher) refuse(ctx context.Context, stream string, err error) {
	if ctx.Err() == nil {
		w.say(ctx, wire.SocketEvent{T: "error", Stream: stream, Error: wire.ErrorOf(err)})
	}
}

func (w *watcher) say(ctx context.Context, event wire.SocketEvent) {
	text, err := json.Marshal(event)
	if err == nil {
		w.send(ctx, message{websocket.TextMessage, text})
	}
}

// send waits for the writer.
func (w *watcher) send(ctx context.Context, m message) {
	select {
	case w.out <- m:
	case <-ctx.Done():
	}
}

// write is the only writer. It ends the connection, and with it the reader.
func (w *watcher) write(ctx context.Context) {
	defer w.conn.Close()
	defer w.end()
	ping := time.NewTicker(socketPing)
	defer ping.Stop()
	for {
		var err error
		select {
		case m := <-w.out:
			err = errors.Join(w.conn.SetWriteDeadline(time.Now().Add(socketWrite)), w.conn.WriteMessage(m.kind, m.data))
		case <-ping.C:
			err = w.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(socketWrite))
		case <-w.s.Stopping:
			bye := websocket.FormatCloseMessage(websocket.CloseServiceRestart, "the daemon stops")
			_ = w.conn.WriteControl(websocket.CloseMessage, bye, time.Now().Add(time.Second))
			return
		case <-ctx.Done():
			return
		}
		if err != nil {
			return
		}
	}
}
