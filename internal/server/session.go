package server

import (
	"crypto/rand"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/wire"
)

const (
	ticketLife  = 5 * time.Minute // from `vectory run` to the browser, perhaps by copy and paste over ssh
	sessionLife = 7 * 24 * time.Hour
	inviteLife  = 30 * time.Second // from the kernel to the notebook's page, which waits for it
	maxTickets  = 64               // more are not asked for; the one that ends first goes
	ticketPath  = "/api/v1/session"
)

// sessions hold the browsers' way in. The holder of the token asks for a ticket; whoever brings the
// ticket first gets a session cookie, and the ticket is gone. The token itself never reaches a browser.
// Both live in memory only: a new daemon wants a new ticket. An invitation is a ticket of another kind:
// it lets one page elsewhere, a notebook's, open one websocket, and opens no session.
type sessions struct {
	mu      sync.Mutex
	tickets map[string]ticket    // by code
	keys    map[string]time.Time // cookie value to its end
	now     func() time.Time
}

// ticket is what a code stands for. With an origin it is an invitation: that origin may open a websocket
// at that host, as the browser spells both, and nothing else.
type ticket struct {
	until        time.Time
	origin, host string
}

func newSessions() *sessions {
	return &sessions{tickets: map[string]ticket{}, keys: map[string]time.Time{}, now: time.Now}
}

// issue gives a ticket for a session and when it ends.
func (s *sessions) issue() (code string, until time.Time) {
	return s.keep(ticket{until: s.now().Add(ticketLife)})
}

// invite gives a ticket for a websocket and when it ends.
func (s *sessions) invite(origin, host string) (code string, until time.Time) {
	return s.keep(ticket{until: s.now().Add(inviteLife), origin: origin, host: host})
}

func (s *sessions) keep(t ticket) (code string, until time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep()
	if len(s.tickets) >= maxTickets {
		oldest := ""
		for code, t := range s.tickets {
			if oldest == "" || t.until.Before(s.tickets[oldest].until) {
				oldest = code
			}
		}
		delete(s.tickets, oldest)
	}
	code = rand.Text()
	s.tickets[code] = t
	return code, t.until
}

// take gives what a code stands for, once: whoever brings it, rightly or not, has used it up. A map lookup
// leaks no more of a 128-bit random code than whether it is right.
func (s *sessions) take(code string) (ticket, bool) {
	s.sweep()
	t, ok := s.tickets[code]
	delete(s.tickets, code)
	return t, ok
}

// admit takes an invitation of this very page.
func (s *sessions) admit(code, origin, host string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.take(code)
	return ok && t.origin != "" && t.origin == origin && t.host == host
}

// redeem takes a ticket for a session key.
func (s *sessions) redeem(code string) (key string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t, ok := s.take(code); !ok || t.origin != "" {
		return "", false
	}
	key = rand.Text() + rand.Text()
	s.keys[key] = s.now().Add(sessionLife)
	return key, true
}

func (s *sessions) known(key string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	until, ok := s.keys[key]
	return ok && s.now().Before(until)
}

func (s *sessions) sweep() {
	over := func(until time.Time) bool { return !s.now().Before(until) }
	maps.DeleteFunc(s.tickets, func(_ string, t ticket) bool { return over(t.until) })
	maps.DeleteFunc(s.keys, func(_ string, until time.Time) bool { return over(until) })
}

func (s *server) issueTicket(c *gin.Context) {
	var req wire.TicketRequest
	if err := bindJSON(c, &req); err != nil {
		writeError(c, err)
		return
	}
	if req.Origin != "" || req.Host != "" {
		s.issueInvitation(c, req)
		return
	}
	code, until := s.sessions.issue()
	fragment := "ticket=" + code
	if req.Compare != "" {
		fragment += "&compare=" + url.QueryEscape(req.Compare)
	}
	c.JSON(http.StatusCreated, wire.Ticket{Ticket: code, URL: s.Status.URL + "/#" + fragment, ExpiresAt: until.UTC()})
}

// issueInvitation lets a page elsewhere in: the holder of the token says which, and at what host it will ask.
func (s *server) issueInvitation(c *gin.Context, req wire.TicketRequest) {
	origin, err := url.Parse(req.Origin)
	if err != nil || origin.Scheme == "" || origin.Host == "" || origin.Scheme+"://"+origin.Host != req.Origin {
		writeError(c, catalog.Errorf(catalog.Invalid, "%q is no origin of a page", req.Origin).WithHint("as location.origin tells it: http://127.0.0.1:8888"))
		return
	}
	if req.Host == "" || strings.ContainsAny(req.Host, "/ @") {
		writeError(c, catalog.Errorf(catalog.Invalid, "%q is no host", req.Host).WithHint("as the browser will send it: 127.0.0.1:%s", s.guard.port))
		return
	}
	code, until := s.sessions.invite(req.Origin, req.Host)
	c.JSON(http.StatusCreated, wire.Ticket{Ticket: code, URL: "ws://" + req.Host + socketPath, ExpiresAt: until.UTC()})
}

func (s *server) openSession(c *gin.Context) {
	var req wire.SessionRequest
	if err := bindJSON(c, &req); err != nil {
		writeError(c, err)
		return
	}
	key, ok := s.sessions.redeem(req.Ticket)
	if !ok {
		writeError(c, catalog.Errorf(catalog.Unauthorized, "the ticket was used already, or is too old").WithHint("open the page anew with: vectory run"))
		return
	}
	http.SetCookie(c.Writer, &http.Cookie{Name: s.guard.cookieName(), Value: key, Path: "/", MaxAge: int(sessionLife.Seconds()), HttpOnly: true, SameSite: http.SameSiteStrictMode})
	c.Status(http.StatusNoContent)
}
