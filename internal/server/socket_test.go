package server

import (
	"encoding/binary"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/pentoai/vectory/internal/wire"
)

const (
	labOrigin = "http://127.0.0.1:8888"
	ownHost   = "127.0.0.1:" + testPort
	proxyHost = "hub.example"
)

// knock opens the websocket as a browser would, with the headers said; it gives the status of a refusal.
func knock(t *testing.T, h http.Handler, path string, header http.Header) (*websocket.Conn, int) {
	t.Helper()
	behind := httptest.NewServer(h)
	t.Cleanup(behind.Close)
	dialer := websocket.Dialer{NetDial: func(network, _ string) (net.Conn, error) { return net.Dial(network, behind.Listener.Addr().String()) }}
	conn, reply, err := dialer.Dial("ws://"+ownHost+path, header)
	if reply == nil {
		t.Fatal(err)
	}
	_ = reply.Body.Close()
	if err != nil {
		return nil, reply.StatusCode
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn, http.StatusSwitchingProtocols
}

func invited(origin, host, code string) http.Header {
	header := http.Header{"Host": {host}, "Sec-WebSocket-Protocol": {"vectory.v1, ticket." + code}}
	if origin != "" {
		header.Set("Origin", origin)
	}
	return header
}

func invite(t *testing.T, h http.Handler, origin, host string) string {
	t.Helper()
	said := ticketOf(t, h, `{"origin":"`+origin+`","host":"`+host+`"}`)
	if want := "ws://" + host + "/api/v1/ws"; said.URL != want || time.Until(said.ExpiresAt) > time.Minute {
		t.Errorf("the invitation is %+v, want %s within a minute", said, want)
	}
	return said.Ticket
}

func TestAnInvitationOpensOneSocketForOneOriginAtOneHost(t *testing.T) {
	for _, c := range []struct {
		name, invitedOrigin, invitedHost, origin, host string
		want                                           int
	}{
		{"the page that was invited", labOrigin, ownHost, labOrigin, ownHost, 101},
		{"through a proxy", "https://" + proxyHost, proxyHost, "https://" + proxyHost, proxyHost, 101},
		{"another site with a stolen ticket", labOrigin, ownHost, "http://evil.example", ownHost, 401},
		{"another local program's page", labOrigin, ownHost, "http://127.0.0.1:8889", ownHost, 401},
		{"the same page by another name", labOrigin, ownHost, "http://localhost:8888", ownHost, 401},
		{"with https for http", labOrigin, ownHost, "https://127.0.0.1:8888", ownHost, 401},
		{"a longer origin", labOrigin, ownHost, labOrigin + ".evil.example", ownHost, 401},
		{"a sandboxed frame", labOrigin, ownHost, "null", ownHost, 401},
		{"no browser at all", labOrigin, ownHost, "", ownHost, 401},
		{"a page of our own", labOrigin, ownHost, "http://" + ownHost, ownHost, 401},
		{"a name rebound to 127.0.0.1", labOrigin, ownHost, labOrigin, "rebind.example:" + testPort, 401},
		{"a rebound name that agrees with itself", labOrigin, ownHost, "http://rebind.example:" + testPort, "rebind.example:" + testPort, 401},
		{"the proxy's host for a direct ticket", labOrigin, ownHost, labOrigin, proxyHost, 401},
		{"our host for a proxy's ticket", "https://" + proxyHost, proxyHost, "https://" + proxyHost, ownHost, 401},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := door(t)
			code := invite(t, h, c.invitedOrigin, c.invitedHost)
			conn, got := knock(t, h, socketPath, invited(c.origin, c.host, code))
			if got != c.want {
				t.Fatalf("%d, want %d", got, c.want)
			}
			if conn != nil && conn.Subprotocol() != "vectory.v1" {
				t.Errorf("the daemon speaks %q: the ticket must not come back", conn.Subprotocol())
			}
			// Rightly or wrongly used, it is gone.
			if _, got := knock(t, h, socketPath, invited(c.invitedOrigin, c.invitedHost, code)); got != http.StatusUnauthorized {
				t.Errorf("the second use: %d", got)
			}
		})
	}
}

func TestAnInvitationIsForTheSocketOnly(t *testing.T) {
	for _, path := range []string{"/api/v1/spaces", "/api/v1/ws/", "/api/v1/ws/x", "/API/v1/ws", "/", "/healthz"} {
		h := door(t)
		code := invite(t, h, labOrigin, ownHost)
		if _, got := knock(t, h, path, invited(labOrigin, ownHost, code)); got != http.StatusForbidden {
			t.Errorf("%s: %d", path, got)
		}
		w := try(h, attempt{"POST", socketPath, ownHost, ""}, invited(labOrigin, ownHost, code))
		if w.Code != http.StatusForbidden {
			t.Errorf("POST: %d", w.Code)
		}
	}
	h := door(t)
	code := invite(t, h, labOrigin, ownHost)
	if w := post(h, ticketPath, "", `{"ticket":"`+code+`"}`); w.Code != http.StatusUnauthorized {
		t.Errorf("an invitation opened a session: %d", w.Code)
	}
	if _, got := knock(t, h, socketPath, invited(labOrigin, ownHost, ticketOf(t, h, `{}`).Ticket)); got != http.StatusUnauthorized {
		t.Errorf("the ticket of a session opened a websocket elsewhere: %d", got)
	}
	for _, code := range []string{"", "guessed", strings.Repeat("A", 26), testToken} {
		if _, got := knock(t, h, socketPath, invited(labOrigin, ownHost, code)); got != http.StatusUnauthorized {
			t.Errorf("the ticket %q: %d", code, got)
		}
	}
	if _, got := knock(t, door(t), socketPath, invited(labOrigin, ownHost, invite(t, h, labOrigin, ownHost))); got != http.StatusUnauthorized {
		t.Errorf("the ticket of another daemon: %d", got)
	}
}

// Without a ticket the socket is as closed to others as ever.
func TestWithoutAnInvitationTheGuardStands(t *testing.T) {
	h := door(t)
	token := []string{"Bearer " + testToken}
	for name, header := range map[string]http.Header{
		"another origin":     {"Origin": {labOrigin}, "Authorization": token},
		"another host":       {"Host": {"rebind.example:" + testPort}, "Authorization": token},
		"a ticket elsewhere": {"Origin": {labOrigin}, "Authorization": token, "Cookie": {"ticket=" + invite(t, h, labOrigin, ownHost)}},
	} {
		if _, got := knock(t, h, socketPath, header); got != http.StatusForbidden {
			t.Errorf("%s: %d", name, got)
		}
	}
	if _, got := knock(t, h, socketPath, http.Header{"Authorization": token}); got != http.StatusSwitchingProtocols {
		t.Errorf("the holder of the token: %d", got)
	}
}

func TestInvitationsAreForTheHolderOfTheToken(t *testing.T) {
	h := door(t)
	if w := post(h, "/api/v1/tickets", "", `{"origin":"`+labOrigin+`","host":"`+ownHost+`"}`); w.Code != http.StatusUnauthorized {
		t.Errorf("without the token: %d", w.Code)
	}
	for _, body := range []string{
		`{"origin":"` + labOrigin + `"}`, `{"host":"` + ownHost + `"}`, `{"origin":"null","host":"x"}`, `{"origin":"*","host":"x"}`,
		`{"origin":"http://*","host":""}`, `{"origin":"http://x/","host":"x"}`, `{"origin":"http://u@x","host":"x"}`, `{"origin":"http://x","host":"x/y"}`,
		`{"origin":"http://x?y","host":"x"}`, `{"origin":"x","host":"x"}`,
	} {
		if w := post(h, "/api/v1/tickets", owner, body); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", body, w.Code, w.Body)
		}
	}
}

func TestInvitationsEnd(t *testing.T) {
	s := newSessions()
	now := time.Unix(1e9, 0)
	s.now = func() time.Time { return now }
	code, _ := s.invite(labOrigin, ownHost)
	now = now.Add(inviteLife)
	if s.admit(code, labOrigin, ownHost) {
		t.Error("an invitation outlived its time")
	}
	if code, _ = s.invite(labOrigin, ownHost); !s.admit(code, labOrigin, ownHost) {
		t.Error("a fresh invitation was refused")
	}
}

// answered asks over the socket and gives the answer's meta and body.
func answered(t *testing.T, conn *websocket.Conn, req wire.SocketRequest) (meta wire.AnswerMeta, body string) {
	t.Helper()
	req.T = "ask"
	if err := conn.WriteJSON(req); err != nil {
		t.Fatal(err)
	}
	for {
		_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
		kind, data, err := conn.ReadMessage()
		if err != nil {
			t.Fatal(err)
		}
		if kind == websocket.TextMessage {
			continue // welcome
		}
		if got := int(binary.LittleEndian.Uint32(data[8:])); data[5] != answerKind || got != req.Number {
			t.Fatalf("a message of kind %d, number %d", data[5], got)
		}
		end := frameHeader + binary.LittleEndian.Uint32(data[20:])
		if err := json.Unmarshal(data[frameHeader:end], &meta); err != nil {
			t.Fatal(err)
		}
		return meta, string(data[end:])
	}
}

// Package tests of the real workspace are in daemon; here only the limits are looked at. vectory/_widget.py's relay has a
// test of the same name for the same list.
func TestTheSocketRefusesWhatPlotsHaveNoNeedOf(t *testing.T) {
	h := door(t)
	conn, _ := knock(t, h, socketPath, invited(labOrigin, ownHost, invite(t, h, labOrigin, ownHost)))
	for i, c := range [][2]string{
		{"POST", "shutdown"}, {"POST", "tickets"}, {"POST", "session"}, {"POST", "gc"}, {"POST", "backups"}, {"DELETE", "spaces/x"}, {"PUT", "spaces/x"},
		{"POST", "comparisons/../shutdown"}, {"GET", "spaces/../../healthz"}, {"GET", "../status"}, {"GET", "ws"}, {"GET", "spaces HTTP/1.1\r\nX: y"},
		{"PATCH", "jobs/x"}, {"", "spaces"}, {"get", "spaces"}, {"POST", "/shutdown"}, {"POST", "%73hutdown"}, {"POST", "comparisons%2F..%2Fshutdown"},
		{"CONNECT", "spaces"}, {"GET X", "spaces"}, {"DELETE", "jobs/../spaces/x"}, {"DELETE", "jobs%2f..%2fspaces"},
	} {
		meta, body := answered(t, conn, wire.SocketRequest{Number: i + 1, Method: c[0], Path: c[1], Body: json.RawMessage(`{}`)})
		if meta.Status != http.StatusForbidden || !strings.Contains(body, `"forbidden"`) {
			t.Errorf("%s %s: %d %s", c[0], c[1], meta.Status, body)
		}
	}
	meta, body := answered(t, conn, wire.SocketRequest{Number: 99, Method: "GET", Path: "nothing?x=1"})
	if meta.Status != http.StatusNotFound || !strings.Contains(meta.Type, "json") {
		t.Errorf("what is allowed: %d %s %s", meta.Status, meta.Type, body)
	}
	if strings.Contains(body, testToken) {
		t.Error("the token came back")
	}
}
