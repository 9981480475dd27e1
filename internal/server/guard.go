package server

import (
	"crypto/subtle"
	"net"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/pentoai/vectory/internal/catalog"
)

// guard refuses first. It stands before routing, so that unknown paths are guarded too.
type guard struct {
	token string
	port  string
}

const openPath = "/healthz" // the only path without a token

// check is the middleware. Order matters: a foreign Host is refused before anything is looked at,
// since a page that rebinds its own name to 127.0.0.1 agrees with itself in every other header.
func (g guard) check(c *gin.Context) {
	r := c.Request
	switch {
	case !g.ownHost(r.Host):
		writeError(c, catalog.Errorf(catalog.Forbidden, "requests for the host %q are not served", r.Host).WithHint("use http://127.0.0.1:%s", g.port))
	case !g.ownOrigin(r.Header):
		writeError(c, catalog.Errorf(catalog.Forbidden, "requests from other sites are not served"))
	case r.URL.Path != openPath && !g.hasToken(r.Header.Get("Authorization")):
		writeError(c, catalog.Errorf(catalog.Unauthorized, "the token is missing or wrong").WithHint("`vectory up --json` tells the token"))
	}
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

func (g guard) hasToken(header string) bool {
	token, ok := strings.CutPrefix(header, "Bearer ")
	return ok && subtle.ConstantTimeCompare([]byte(token), []byte(g.token)) == 1
}
