package server

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/gin-gonic/gin"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/wire"
)

// TestWhoMayNameAFile: who has the token and the very file open, and nobody else.
func TestWhoMayNameAFile(t *testing.T) {
	folder := t.TempDir()
	write := func(name, content string) (path, mark string) {
		path = filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if mark, err = wire.FileMark(f); err != nil {
			t.Fatal(err)
		}
		return path, mark
	}
	mine, mark := write("mine", "one")
	twin, twinMark := write("twin", "one")
	large, largeMark := write("large", "more than ten bytes")
	for _, c := range []struct {
		name, token, path, mark string
		want                    catalog.Code
	}{
		{"the token and the mark", "t", mine, mark, ""},
		{"no token, as a page has", "", mine, mark, catalog.Forbidden},
		{"another token", "u", mine, mark, catalog.Forbidden},
		{"no mark", "t", mine, "", catalog.Unavailable},
		{"the mark of a file of the same content", "t", mine, twinMark, catalog.Unavailable},
		{"the path of a file of the same content", "t", twin, mark, catalog.Unavailable},
		{"nothing there", "t", mine + "x", mark, catalog.Unavailable},
		{"a folder", "t", folder, mark, catalog.Unavailable},
		{"a device that never ends", "t", "/dev/zero", mark, catalog.Unavailable},
		{"more than may be sent", "t", large, largeMark, catalog.TooLarge},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &server{Options: Options{MaxUpload: 10}, guard: guard{token: "t"}}
			ctx, _ := gin.CreateTestContext(httptest.NewRecorder())
			ctx.Request = httptest.NewRequest(http.MethodPut, "/", nil)
			if c.token != "" {
				ctx.Request.Header.Set("Authorization", "Bearer "+c.token)
			}
			body, size, err := s.carried(ctx, wire.HandOver{Path: c.path, Mark: c.mark})
			if c.want != "" {
				if catalog.CodeOf(err) != c.want {
					t.Fatalf("got %v, want %s", err, c.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer body.Close()
			if got, err := io.ReadAll(body); string(got) != "one" || size != 3 || err != nil {
				t.Errorf("got %q, %d, %v", got, size, err)
			}
		})
	}
}
