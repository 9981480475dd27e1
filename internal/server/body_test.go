package server

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/wire"
)

func bound(t *testing.T, body string, v any) string {
	t.Helper()
	c, _ := gin.CreateTestContext(httptest.NewRecorder())
	c.Request = httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	c.Request.Header.Set("Content-Type", "application/json")
	err := bindJSON(c, v)
	if err == nil {
		return ""
	}
	var said *catalog.Error
	if !errors.As(err, &said) || said.Code != catalog.Invalid {
		t.Fatalf("%q: %v is not told as invalid", body, err)
	}
	return said.Message + " | " + said.Hint
}

func TestABodyThatCannotBeReadIsToldInWords(t *testing.T) {
	for body, want := range map[string]string{
		``:                                "the body is empty",
		`[1]`:                             "the body is a JSON array, not an object",
		`{"spaces": "a"}`:                 `"spaces" is a JSON string; a list is needed`,
		`{"spaces": ["a"], "k": 2.5}`:     `"k" is a JSON number 2.5; a whole number is needed`,
		`{"spaces": ["a"], "id": 7}`:      `"id" is a JSON number; a string is needed`,
		`{"spaces": ["a"], "metrics": 1}`: `"metrics" that is not known here | did you mean "metric"? The fields are: spaces, vector, id, ids, k`,
		`{"spaces": ["a"}`:                "the body is no JSON, at byte 16",
		`{"spaces": ["a"]`:                "the body is no JSON",
		`{"spaces": ["a"]} {}`:            "the body goes on after its JSON object",
	} {
		if said := bound(t, body, &wire.Query{}); !strings.Contains(said, want) {
			t.Errorf("%s is answered by %q, without %q", body, said, want)
		}
	}
	var q wire.Query
	if said := bound(t, `{"spaces": ["a"], "ids": ["x", "y"], "k": 3}`+"\n", &q); said != "" || len(q.IDs) != 2 || q.K != 3 {
		t.Errorf("a good body gave %+v and %q", q, said)
	}
}
