package server

import (
	"crypto/subtle"
	"net"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/gorilla/websocket"

	"github.com/pentoai/vectory/internal/catalog"
)

// guard refuses first. It stands before routing, so that unknown paths are guarded too.
type guard struct {
	token    string
	port     string
	sessions *sessions
	pages    pages
}

const healthPath = "/healthz"

// check is the middleware. Order matters: a foreign Host is refused before anything is looked at,
// since a page that rebinds its own name to 127.0.0.1 agrees with itself in every other header.
func (g guard) check(c *gin.Context) {
	r := c.Request
	code, invited := invitation(r)
	switch {
	case invited: // it alone decides
		origin := ""
		if said := r.Header["Origin"]; len(said) == 1 {
			origin = said[0]
		}
		if !g.sessions.admit(code, origin, r.Host) {
			writeError(c, catalog.Errorf(catalog.Unauthorized, "the ticket was used already, is too old, or is of another page"))
		}
	case !g.ownHost(r.Host):
		writeError(c, catalog.Errorf(catalog.Forbidden, "requests for the host %q are not served", r.Host).WithHint("use http://127.0.0.1:%s; a tunnel needs that port at its own end too: ssh -L %s:127.0.0.1:%s", g.port, g.port, g.port))
	case !g.ownOrigin(r.Header) && !g.followedLink(r):
		writeError(c, catalog.Errorf(catalog.Forbidden, "requests from other sites are not served"))
	case !g.open(r) && !g.hasToken(r.Header.Get("Authorization")) && !g.hasSession(r):
		writeError(c, catalog.Errorf(catalog.Unauthorized, "the token is missing or wrong").WithHint("`vectory up --json` tells the token; in a browser: vectory run"))
	}
}

// invitation gives the ticket that a notebook's page brings to the websocket: as a subprotocol, since a page can
// set nothing else there, and an address would stand in the logs of a proxy.
func invitation(r *http.Request) (code string, ok bool) {
	if r.Method != http.MethodGet || r.URL.Path != socketPath {
		return "", false
	}
	for _, protocol := range websocket.Subprotocols(r) {
		if code, ok = strings.CutPrefix(protocol, "ticket."); ok {
			return code, true
		}
	}
	return "", false
}

// open tells what answers without a token: the health check, the files of the page, which hold no
// data, and the exchange of a ticket, which is itself the key.
func (g guard) open(r *http.Request) bool {
	switch r.Method {
	case http.MethodGet:
		return r.URL.Path == healthPath || g.pages.has(r.URL.Path)
	case http.MethodPost:
		return r.URL.Path == ticketPath
	}
	return false
}

// ownHost accepts 127.0.0.1, localhost and [::1] with our own port, nothing else: no wildcard, no
// other spelling of the address.
func (g guard) ownHost(host string) bool {
	name, port, err := net.SplitHostPort(host)
	if err != nil || port != g.port {
		return false
	}
	switch strings.ToLower(strings.TrimSuffix(name, ".")) {
	case "127.0.0.1", "localhost", "::1":
		return true
	}
	return false
}

// ownOrigin refuses what a browser sends on behalf of another page. Programs send neither header.
func (g guard) ownOrigin(h http.Header) bool {
	if values, ok := h["Origin"]; ok {
		for _, origin := range values {
			host, found := strings.CutPrefix(origin, "http://")
			if !found || !g.ownHost(host) {
				return false
			}
		}
		return true
	}
	site := h.Get("Sec-Fetch-Site")
	return site == "" || site == "same-origin" || site == "none"
}

// followedLink lets a person come from anywhere by a link to the page, e.g. from a notebook: the whole
// window shows our page then, and its files hold no data.
func (g guard) followedLink(r *http.Request) bool {
	_, hasOrigin := r.Header["Origin"]
	return !hasOrigin && r.Method == http.MethodGet && g.pages.has(r.URL.Path) &&
		r.Header.Get("Sec-Fetch-Mode") == "navigate" && r.Header.Get("Sec-Fetch-Dest") == "document"
}

func (g guard) hasToken(header string) bool {
	token, ok := strings.CutPrefix(header, "Bearer ")
	return ok && subtle.ConstantTimeCompare([]byte(token), []byte(g.token)) == 1
}

// cookieName holds the port, because cookies of one host are shared by all its ports.
func (g guard) cookieName() string { return "vectory-" + g.port }

func (g guard) hasSession(r *http.Request) bool {
	cookie, err := r.Cookie(g.cookieName())
	return err == nil && g.sessions.known(cookie.Value)
}
