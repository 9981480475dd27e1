package server

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/pentoai/vectory/internal/jobs"
	"github.com/pentoai/vectory/internal/wire"
)

const (
	testToken = "secret"
	testPort  = "4711"
)

// testPages stand for the view.
var testPages = fstest.MapFS{"index.html": {Data: []byte("<!doctype html>")}, "app.js": {Data: []byte("// script")}}

// open is what answers without a token.
func open(a attempt) bool {
	switch a.method + " " + a.path {
	case "GET /healthz", "GET /", "GET /index.html", "GET /app.js", "POST /api/v1/session":
		return true
	}
	return false
}

// door is the real router; what lies behind it is never reached by a refused request.
func door(t *testing.T) http.Handler {
	t.Helper()
	runner := jobs.New(1, func() func() { return func() {} })
	t.Cleanup(runner.Close)
	return New(Options{Token: testToken, Port: 4711, MaxUpload: 1 << 20, Busy: func() func() { return func() {} }, Pages: testPages,
		Status: wire.Status{URL: "http://127.0.0.1:4711"},
		Stop:   func() { t.Error("a refused request stopped the daemon") }})
}

type attempt struct{ method, path, host, token string }

func try(h http.Handler, a attempt, header http.Header) *httptest.ResponseRecorder {
	r := httptest.NewRequest(a.method, a.path, strings.NewReader("{}"))
	r.Host = a.host
	for name, values := range header {
		r.Header[name] = values
	}
	if a.token != "" {
		r.Header.Set("Authorization", a.token)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// paths gives every route of the router, with values for its parameters, and two that do not exist.
func paths(t *testing.T) []attempt {
	t.Helper()
	o := New(Options{Port: 4711, Busy: func() func() { return func() {} }})
	list := []attempt{{method: "GET", path: "/"}, {method: "GET", path: "/index.html"}, {method: "GET", path: "/app.js"}, {method: "POST", path: "/"},
		{method: "GET", path: "/app.js/"}, {method: "GET", path: "//app.js"}, {method: "GET", path: "/../app.js"}, {method: "PATCH", path: "/api/v1/nothing"}}
	for _, route := range o.Routes() {
		path := strings.NewReplacer(":name", "x", ":key", "x", ":id", "x", ":row", "1", ":column", "x").Replace(route.Path)
		list = append(list, attempt{method: route.Method, path: path})
	}
	if len(list) < 25 {
		t.Fatalf("only %d routes were found", len(list))
	}
	return list
}

func TestForeignHostsAreRefusedEverywhere(t *testing.T) {
	h := door(t)
	hosts := []string{"", "evil.com", "evil.com:4711", "localhost.evil.com:4711", "127.0.0.1.nip.io:4711", "0.0.0.0:4711", "[::]:4711",
		"[::ffff:127.0.0.1]:4711", "2130706433:4711", "0x7f.1:4711", "127.1:4711", "127.0.0.2:4711", "127.0.0.1", "localhost", "127.0.0.1:80",
		"127.0.0.1:47110", "localhost:04711", "user@localhost:4711", "www.localhost:4711", "localhost.com:4711", "xlocalhost:4711",
		"192.168.0.1:4711", "host.local:4711", "[::1]", "[::1]:1", "::1:4711", "localhost:4711:4711", " localhost:4711", "localhost..:4711"}
	for _, a := range paths(t) {
		for _, host := range hosts {
			a.host, a.token = host, "Bearer "+testToken
			if w := try(h, a, nil); w.Code != http.StatusForbidden {
				t.Errorf("%s %s with Host %q: %d", a.method, a.path, host, w.Code)
			}
		}
	}
}

// Who comes through a tunnel that has another port at its end is told what to do.
func TestATunnelWithAnotherPortIsExplained(t *testing.T) {
	w := try(door(t), attempt{"GET", "/api/v1/spaces", "127.0.0.1:9000", "Bearer " + testToken}, nil)
	if !strings.Contains(w.Body.String(), "ssh -L 4711:127.0.0.1:4711") {
		t.Errorf("the refusal is %s", w.Body)
	}
}

func TestOtherSitesAreRefusedEverywhere(t *testing.T) {
	h := door(t)
	for _, a := range paths(t) {
		for _, header := range []http.Header{
			{"Origin": {"http://evil.com"}}, {"Origin": {"null"}}, {"Origin": {"http://localhost:8888"}}, {"Origin": {"https://localhost:4711"}},
			{"Origin": {"http://localhost:4711.evil.com"}}, {"Origin": {""}}, {"Origin": {"http://127.0.0.1:4711", "http://evil.com"}},
			{"Sec-Fetch-Site": {"cross-site"}}, {"Sec-Fetch-Site": {"same-site"}},
		} {
			a.host, a.token = "127.0.0.1:"+testPort, "Bearer "+testToken
			w := try(h, a, header)
			if w.Code != http.StatusForbidden {
				t.Errorf("%s %s with %v: %d", a.method, a.path, header, w.Code)
			}
			if got := w.Header().Get("Access-Control-Allow-Origin"); got != "" {
				t.Errorf("%s %s answers a foreign site with Access-Control-Allow-Origin %q", a.method, a.path, got)
			}
		}
	}
}

func TestNothingThatHoldsDataAnswersWithoutTheToken(t *testing.T) {
	h := door(t)
	for _, a := range paths(t) {
		if a.path == "/api/v1/session" {
			continue // a door of its own: TestATicketOpensOneSession
		}
		for _, token := range []string{"", "Bearer ", "Bearer secre", "Bearer secrets", "bearer secret", "secret", "Basic c2VjcmV0"} {
			a.host, a.token = "localhost:"+testPort, token
			want := http.StatusUnauthorized
			if open(a) {
				want = http.StatusOK
			}
			w := try(h, a, nil)
			if w.Code != want {
				t.Errorf("%s %s with %q: %d, want %d", a.method, a.path, token, w.Code, want)
			}
			if w.Header().Get(wire.HeaderAPI) == "" {
				t.Errorf("%s %s tells no API number", a.method, a.path)
			}
		}
	}
}

func TestTheOwnerIsLetIn(t *testing.T) {
	h := door(t)
	for _, host := range []string{"127.0.0.1:4711", "localhost:4711", "LOCALHOST:4711", "localhost.:4711", "[::1]:4711"} {
		for _, header := range []http.Header{nil, {"Origin": {"http://" + host}}, {"Sec-Fetch-Site": {"same-origin"}}, {"Sec-Fetch-Site": {"none"}}} {
			w := try(h, attempt{"GET", "/api/v1/nothing", host, "Bearer " + testToken}, header)
			if w.Code != http.StatusNotFound {
				t.Errorf("Host %q, %v: %d", host, header, w.Code)
			}
		}
	}
}

func TestBodiesThatABrowserSendsUnaskedAreRefused(t *testing.T) {
	h := door(t)
	for _, path := range []string{"/api/v1/comparisons", "/api/v1/query", "/api/v1/experiments", "/api/v1/datasets"} {
		for _, kind := range []string{"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"} {
			w := try(h, attempt{"POST", path, "localhost:4711", "Bearer " + testToken}, http.Header{"Content-Type": {kind}})
			if w.Code != http.StatusUnprocessableEntity {
				t.Errorf("POST %s as %q: %d", path, kind, w.Code)
			}
		}
	}
}
