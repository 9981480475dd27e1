package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/gorilla/websocket"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/pentoai/vectory/internal/wire"
)

// socket follows a layout of a space over the websocket of the daemon whose address stands in a file that
// `vectory up --json` wrote: socket FILE SPACE. Beside it look on: a watcher that never acknowledges, and one that never
// even reads while it has asked for much.
func socket(ts *testscript.TestScript, _ bool, args []string) {
	var daemon struct{ URL, Token, Instance string }
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &daemon))
	dial := func(token, origin string) (*websocket.Conn, int) {
		header := http.Header{}
		if token != "" {
			header.Set("Authorization", "Bearer "+token)
		}
		if origin != "" {
			header.Set("Origin", origin)
		}
		dialer := websocket.Dialer{Subprotocols: []string{"vectory.v1"}}
		conn, answer, err := dialer.Dial("ws"+strings.TrimPrefix(daemon.URL, "http")+"/api/v1/ws", header) //nolint:bodyclose // gorilla has read it
		if err == nil {
			return conn, http.StatusSwitchingProtocols
		}
		if answer == nil {
			ts.Fatalf("dial: %v", err)
		}
		return nil, answer.StatusCode
	}
	if _, status := dial("", ""); status != http.StatusUnauthorized {
		ts.Fatalf("without a token: %d", status)
	}
	if _, status := dial(daemon.Token, "http://evil.example"); status != http.StatusForbidden {
		ts.Fatalf("from another site: %d", status)
	}

	conn, _ := dial(daemon.Token, daemon.URL)
	defer conn.Close()
	slow, _ := dial(daemon.Token, "")
	defer slow.Close()
	if e := event(ts, conn); e.T != "welcome" || e.Version != wire.Version || e.Instance == "" || conn.Subprotocol() != "vectory.v1" {
		ts.Fatalf("the first event is %+v", e)
	}
	event(ts, slow)
	stuck, _ := dial(daemon.Token, "")
	defer stuck.Close()
	ts.Check(conn.WriteMessage(websocket.TextMessage, []byte("{nonsense")))
	if e := event(ts, conn); e.Error == nil || e.Error.Code != "invalid" {
		ts.Fatalf("nonsense is answered with %+v", e)
	}
	for _, stream := range []string{"weather:today", "job:none", "layout:none"} {
		ts.Check(conn.WriteJSON(wire.SocketRequest{T: "watch", Stream: stream}))
		if e := event(ts, conn); e.Error == nil || e.Stream != stream {
			ts.Fatalf("%s is answered with %+v", stream, e)
		}
	}

	var begun wire.LayoutReply
	post(ts, daemon.URL, daemon.Token, "layouts", `{"spaces":["`+args[1]+`"],"epochs":600}`, &begun)
	for i := range 200 { // some 20 MB, more than the kernel takes for a reader that does not read
		ts.Check(stuck.WriteJSON(wire.SocketRequest{T: "ask", Number: i + 1, Method: http.MethodGet, Path: "datasets/digits/rows?from=0&to=1797"}))
	}
	for _, watcher := range []*websocket.Conn{stuck, conn, slow} {
		ts.Check(watcher.WriteJSON(wire.SocketRequest{T: "watch", Stream: "layout:" + begun.Layout.ID}))
		ts.Check(watcher.WriteJSON(wire.SocketRequest{T: "watch", Stream: "job:" + begun.Job.ID}))
	}
	frames, job := followed(ts, conn, 2, true)
	unseen, _ := followed(ts, slow, 1, false) // its layout stream waits for the acknowledgement for ever
	_, err := fmt.Fprintf(ts.Stdout(), "job %s, more frames for who acknowledges: %t, the slow one got %d\n", job.State, frames > unseen, unseen)
	ts.Check(err)

	post(ts, daemon.URL, daemon.Token, "shutdown", "", nil)
	_, _, err = conn.ReadMessage()
	var closed *websocket.CloseError
	if !errors.As(err, &closed) || closed.Code != websocket.CloseServiceRestart {
		ts.Fatalf("a daemon that stops says %v", err)
	}
}

// followed reads until so many streams have ended, and counts the whole frames.
func followed(ts *testscript.TestScript, conn *websocket.Conn, streams int, ack bool) (frames int, job wire.Job) {
	names := map[uint32]string{}
	for streams > 0 {
		kind, data, err := conn.ReadMessage()
		ts.Check(err)
		if kind == websocket.BinaryMessage {
			frames++ // the digits fit into one message
			if ack {
				ts.Check(conn.WriteJSON(wire.SocketRequest{T: "ack", Stream: names[uint32(data[8])]}))
			}
			continue
		}
		var e wire.SocketEvent
		ts.Check(json.Unmarshal(data, &e))
		names[uint32(e.Number)] = e.Stream
		switch {
		case e.Error != nil:
			ts.Fatalf("%s: %+v", e.Stream, e.Error)
		case e.T == "end":
			streams--
		case e.Job != nil:
			job = *e.Job
		}
	}
	return frames, job
}

func event(ts *testscript.TestScript, conn *websocket.Conn) (e wire.SocketEvent) {
	ts.Check(conn.ReadJSON(&e))
	return e
}

func post(ts *testscript.TestScript, url, token, path, body string, out any) {
	request, err := http.NewRequest(http.MethodPost, url+"/api/v1/"+path, bytes.NewReader([]byte(body)))
	ts.Check(err)
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultTransport.RoundTrip(request)
	ts.Check(err)
	defer answer.Body.Close()
	if answer.StatusCode >= 300 {
		ts.Fatalf("POST %s: %s", path, answer.Status)
	}
	if out != nil {
		ts.Check(json.NewDecoder(answer.Body).Decode(out))
	}
}
