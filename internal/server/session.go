package server

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/wire"
)

const (
	ticketLife  = 5 * time.Minute // from `vectory run` to the browser, perhaps by copy and paste over ssh
	sessionLife = 7 * 24 * time.Hour
	maxTickets  = 64 // more are not asked for by people; the oldest goes
	ticketPath  = "/api/v1/session"
)

// sessions hold the browsers' way in. The holder of the token asks for a ticket; whoever brings the
// ticket first gets a session cookie, and the ticket is gone. The token itself never reaches a browser.
// Both live in memory only: a new daemon wants a new ticket.
type sessions struct {
	mu      sync.Mutex
	tickets map[string]time.Time // code to its end
	keys    map[string]time.Time // cookie value to its end
	now     func() time.Time
}

func newSessions() *sessions {
	return &sessions{tickets: map[string]time.Time{}, keys: map[string]time.Time{}, now: time.Now}
}

// issue gives a ticket and when it ends.
func (s *sessions) issue() (code string, until time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep()
	if len(s.tickets) >= maxTickets {
		oldest := ""
		for code, until := range s.tickets {
			if oldest == "" || until.Before(s.tickets[oldest]) {
				oldest = code
			}
		}
		delete(s.tickets, oldest)
	}
	code, until = rand.Text(), s.now().Add(ticketLife)
	s.tickets[code] = until
	return code, until
}

// redeem takes a ticket for a session key. A map lookup leaks no more of a 128-bit random code than
// whether it is right.
func (s *sessions) redeem(code string) (key string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep()
	if _, ok := s.tickets[code]; !ok {
		return "", false
	}
	delete(s.tickets, code)
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
	for _, kept := range []map[string]time.Time{s.tickets, s.keys} {
		for code, until := range kept {
			if !s.now().Before(until) {
				delete(kept, code)
			}
		}
	}
}

func (s *server) issueTicket(c *gin.Context) {
	var req wire.TicketRequest
	if err := bindJSON(c, &req); err != nil {
		writeError(c, err)
		return
	}
	code, until := s.sessions.issue()
	fragment := "ticket=" + code
	if req.Compare != "" {
		fragment += "&compare=" + url.QueryEscape(req.Compare)
	}
	c.JSON(http.StatusCreated, wire.Ticket{Ticket: code, URL: s.Status.URL + "/#" + fragment, ExpiresAt: until.UTC()})
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
