package client

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/wire"
)

// odd is a daemon that the real one is not: another version, or one that fails.
func odd(t *testing.T, handle http.HandlerFunc) *Client {
	t.Helper()
	s := httptest.NewServer(handle)
	t.Cleanup(s.Close)
	return New(s.URL, "token")
}

func TestAnotherAPIIsRefusedWithBothVersions(t *testing.T) {
	for _, api := range []string{"99", "", "x"} {
		c := odd(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set(wire.HeaderAPI, api)
			w.Header().Set(wire.HeaderVersion, "9.9.9")
			_, _ = w.Write([]byte(`{"spaces":[]}`))
		})
		_, err := c.List(t.Context())
		if catalog.CodeOf(err) != catalog.Conflict || !strings.Contains(err.Error(), "9.9.9") || !strings.Contains(err.Error(), wire.Version) {
			t.Errorf("API %q: %v", api, err)
		}
	}
}

func TestErrorsComeBackAsTheyWereMade(t *testing.T) {
	for _, c := range []struct {
		name, body string
		want       catalog.Error
	}{
		{"ours", `{"error":{"code":"conflict","message":"taken","hint":"--replace"}}`, catalog.Error{Code: catalog.Conflict, Message: "taken", Hint: "--replace"}},
		{"no JSON", `<html>`, catalog.Error{Code: catalog.Internal, Message: "the daemon answered 409 Conflict"}},
		{"no error in it", `{}`, catalog.Error{Code: catalog.Internal, Message: "the daemon answered 409 Conflict"}},
	} {
		client := odd(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set(wire.HeaderAPI, strconv.Itoa(wire.API))
			w.WriteHeader(http.StatusConflict)
			_, _ = w.Write([]byte(c.body))
		})
		_, err := client.Jobs(t.Context())
		got, ok := err.(*catalog.Error) //nolint:errorlint // the client gives this very type
		if !ok || got.Code != c.want.Code || got.Message != c.want.Message || got.Hint != c.want.Hint {
			t.Errorf("%s: %#v", c.name, err)
		}
	}
}

func TestADaemonThatIsGoneIsSaidToBeGone(t *testing.T) {
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := New("http://"+l.Addr().String(), "token")
	_ = l.Close()
	if _, err := c.Jobs(t.Context()); catalog.CodeOf(err) != catalog.Unavailable || !strings.Contains(err.Error(), "does not answer") {
		t.Errorf("the error is %v", err)
	}
}

func TestTheAskerWhoLeavesCancelsTheJob(t *testing.T) {
	ctx, leave := context.WithCancel(t.Context())
	canceled := make(chan string, 1)
	c := odd(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(wire.HeaderAPI, strconv.Itoa(wire.API))
		switch r.Method {
		case http.MethodPost:
			w.WriteHeader(http.StatusAccepted)
			_, _ = w.Write([]byte(`{"job":{"id":"j1","state":"running"}}`))
		case http.MethodGet:
			leave()
			<-r.Context().Done()
		case http.MethodDelete:
			canceled <- r.URL.Path
			_, _ = w.Write([]byte(`{}`))
		}
	})
	_, err := c.Compare(ctx, wire.CompareRequest{A: "a", B: "b"}, func(wire.Job) {})
	if catalog.CodeOf(err) != catalog.Canceled {
		t.Errorf("the error is %v", err)
	}
	if got := <-canceled; got != "/api/v1/jobs/j1" {
		t.Errorf("canceled %s", got)
	}
}
