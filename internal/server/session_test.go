package server

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/pentoai/vectory/internal/wire"
)

const owner = "Bearer " + testToken

// post sends JSON, as the holder of token and from the site's own page when cookie is set.
func post(h http.Handler, path, token, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Host = "127.0.0.1:" + testPort
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", token)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func ticketOf(t *testing.T, h http.Handler, body string) wire.Ticket {
	t.Helper()
	w := post(h, "/api/v1/tickets", owner, body)
	var ticket wire.Ticket
	if w.Code != http.StatusCreated || json.Unmarshal(w.Body.Bytes(), &ticket) != nil {
		t.Fatalf("POST /tickets: %d %s", w.Code, w.Body)
	}
	return ticket
}

func withCookie(h http.Handler, method, path, cookie string, header http.Header) int {
	r := httptest.NewRequest(method, path, nil)
	r.Host = "127.0.0.1:" + testPort
	for name, values := range header {
		r.Header[name] = values
	}
	r.Header.Set("Cookie", cookie)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code
}

func TestATicketOpensOneSession(t *testing.T) {
	h := door(t)
	ticket := ticketOf(t, h, `{"compare":"abc/+ "}`)
	if want := "http://127.0.0.1:4711/#ticket=" + ticket.Ticket + "&compare=abc%2F%2B+"; ticket.URL != want {
		t.Errorf("the page's address is %s, want %s", ticket.URL, want)
	}
	w := post(h, "/api/v1/session", "", `{"ticket":"`+ticket.Ticket+`"}`)
	if w.Code != http.StatusNoContent {
		t.Fatalf("POST /session: %d %s", w.Code, w.Body)
	}
	cookie := w.Result().Cookies()[0]
	if cookie.Name != "vectory-4711" || !cookie.HttpOnly || cookie.SameSite != http.SameSiteStrictMode || cookie.Path != "/" || cookie.Domain != "" {
		t.Errorf("the cookie is %+v", cookie)
	}
	if strings.Contains(w.Header().Get("Set-Cookie"), testToken) {
		t.Error("the token reached the browser")
	}
	pair := cookie.Name + "=" + cookie.Value
	if got := withCookie(h, "GET", "/api/v1/nothing", pair, http.Header{"Sec-Fetch-Site": {"same-origin"}}); got != http.StatusNotFound {
		t.Errorf("with the cookie: %d", got)
	}
	if w := post(h, "/api/v1/session", "", `{"ticket":"`+ticket.Ticket+`"}`); w.Code != http.StatusUnauthorized {
		t.Errorf("the second use of a ticket: %d", w.Code)
	}
}

func TestTicketsAreForTheHolderOfTheToken(t *testing.T) {
	h := door(t)
	if w := post(h, "/api/v1/tickets", "", `{}`); w.Code != http.StatusUnauthorized {
		t.Errorf("POST /tickets without the token: %d", w.Code)
	}
	for _, ticket := range []string{"", "guessed", strings.Repeat("A", 26)} {
		if w := post(h, "/api/v1/session", "", `{"ticket":"`+ticket+`"}`); w.Code != http.StatusUnauthorized {
			t.Errorf("the ticket %q: %d", ticket, w.Code)
		}
	}
}

// Cookies of 127.0.0.1 are shared by all its ports, and SameSite knows no ports: only the headers tell
// another local program's page from ours.
func TestACookieDoesNotHelpAnotherSite(t *testing.T) {
	h := door(t)
	w := post(h, "/api/v1/session", "", `{"ticket":"`+ticketOf(t, h, `{}`).Ticket+`"}`)
	pair := "vectory-4711=" + w.Result().Cookies()[0].Value
	for _, header := range []http.Header{{"Sec-Fetch-Site": {"same-site"}}, {"Sec-Fetch-Site": {"cross-site"}}, {"Origin": {"http://127.0.0.1:8888"}}, {"Origin": {"http://evil.com"}}} {
		if got := withCookie(h, "GET", "/api/v1/spaces", pair, header); got != http.StatusForbidden {
			t.Errorf("with %v: %d", header, got)
		}
	}
	for _, pair := range []string{"vectory-4711=", "vectory-4711=guessed", "vectory-4712=" + pair[13:]} {
		if got := withCookie(h, "GET", "/api/v1/spaces", pair, nil); got != http.StatusUnauthorized {
			t.Errorf("the cookie %s: %d", pair, got)
		}
	}
}

// A link in a notebook may lead to the page; nothing else may be asked for from there.
func TestALinkMayLeadToThePage(t *testing.T) {
	h := door(t)
	visit := http.Header{"Sec-Fetch-Site": {"cross-site"}, "Sec-Fetch-Mode": {"navigate"}, "Sec-Fetch-Dest": {"document"}}
	framed := http.Header{"Sec-Fetch-Site": {"cross-site"}, "Sec-Fetch-Mode": {"navigate"}, "Sec-Fetch-Dest": {"iframe"}}
	for _, c := range []struct {
		path   string
		header http.Header
		want   int
	}{{"/", visit, http.StatusOK}, {"/", framed, http.StatusForbidden}, {"/api/v1/spaces", visit, http.StatusForbidden}, {"/healthz", visit, http.StatusForbidden}} {
		w := try(h, attempt{"GET", c.path, "localhost:4711", owner}, c.header)
		if w.Code != c.want {
			t.Errorf("%s with %v: %d, want %d", c.path, c.header, w.Code, c.want)
		}
	}
}

func TestTicketsAndSessionsEnd(t *testing.T) {
	s := newSessions()
	now := time.Unix(1e9, 0)
	s.now = func() time.Time { return now }
	late, _ := s.issue()
	now = now.Add(ticketLife)
	if _, ok := s.redeem(late); ok {
		t.Error("a ticket outlived its time")
	}
	code, _ := s.issue()
	key, ok := s.redeem(code)
	if !ok || !s.known(key) {
		t.Fatal("a fresh ticket was refused")
	}
	now = now.Add(sessionLife)
	if s.known(key) {
		t.Error("a session outlived its time")
	}
	first, _ := s.issue()
	for range maxTickets {
		now = now.Add(time.Second)
		s.issue()
	}
	if len(s.tickets) != maxTickets {
		t.Errorf("%d tickets are kept", len(s.tickets))
	}
	if _, ok := s.redeem(first); ok {
		t.Error("the oldest of too many tickets was kept")
	}
}

func TestPagesAreServedWithTheirPolicy(t *testing.T) {
	h := door(t)
	w := try(h, attempt{"GET", "/", "localhost:4711", ""}, nil)
	if got := w.Header().Get("Content-Security-Policy"); got != pagePolicy || strings.Contains(got, "unsafe") {
		t.Errorf("the page's policy is %q", got)
	}
	if kind := w.Header().Get("Content-Type"); kind != "text/html; charset=utf-8" {
		t.Errorf("the page is %q", kind)
	}
	again := try(h, attempt{"GET", "/", "localhost:4711", ""}, http.Header{"If-None-Match": {w.Header().Get("ETag")}})
	if again.Code != http.StatusNotModified || again.Body.Len() != 0 {
		t.Errorf("an unchanged page: %d, %d bytes", again.Code, again.Body.Len())
	}
	if got := try(h, attempt{"GET", "/healthz", "localhost:4711", ""}, nil).Header().Get("Content-Security-Policy"); !strings.HasPrefix(got, "default-src 'none'") {
		t.Errorf("the policy of a reply that is no page is %q", got)
	}
}
