// Package server is the HTTP door: routes, guards, errors to status. It promises that nothing but
// /healthz, the view's files and the exchange of a ticket answers without the token or a session, and
// nothing at all to a foreign Host or to another site's page. It holds no rules,
// no maths and no SQL: a handler binds, calls the workspace, maps the error and writes.
package server

import (
	"io/fs"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/wire"
	"github.com/pentoai/vectory/internal/workspace"
)

// Options are what the house tells its door.
type Options struct {
	Workspace *workspace.Workspace
	Token     string
	Port      int
	MaxUpload int64
	Status    wire.Status         // what does not change: pid, url, version, instance, home, start
	Busy      func() (end func()) // told of every request, for the idle clock
	Stop      func()              // asked for by POST /shutdown
	LogLines  func(n int) []string
	Pages     fs.FS           // the view's files
	Stopping  <-chan struct{} // closed when the daemon ends: websockets are told
}

type server struct {
	Options
	w        *workspace.Workspace
	guard    guard
	sessions *sessions
	clients  atomic.Int64
	handler  http.Handler // the whole of it, for requests that come by the websocket
}

// New makes the handler of the daemon.
func New(o Options) *gin.Engine {
	gin.SetMode(gin.ReleaseMode)
	s := &server{Options: o, w: o.Workspace, sessions: newSessions()}
	s.guard = guard{token: o.Token, port: strconv.Itoa(o.Port), sessions: s.sessions, pages: readPages(o.Pages)}
	e := gin.New()
	e.UseRawPath = true // names may hold an escaped slash
	e.UnescapePathValues = true
	e.ContextWithFallback = true // a handler's context ends with its request
	e.HandleMethodNotAllowed = true
	e.RedirectTrailingSlash = false // it would answer before the guard
	_ = e.SetTrustedProxies(nil)
	e.Use(s.identify, recovery, s.guard.check, s.count)
	e.NoRoute(s.guard.pages.serve)
	e.NoMethod(func(c *gin.Context) {
		c.AbortWithStatusJSON(http.StatusMethodNotAllowed, wire.ErrorReply{Error: wire.Error{Code: catalog.Invalid, Message: "the method is not allowed here"}})
	})
	e.GET(healthPath, func(c *gin.Context) { c.JSON(http.StatusOK, gin.H{"ok": true}) })
	s.routes(e.Group("/api/v1"))
	s.handler = e
	return e
}

func (s *server) routes(api *gin.RouterGroup) {
	api.GET("/status", s.status)
	api.GET("/logs", s.logs)
	api.POST("/shutdown", s.shutdown)
	api.POST("/tickets", s.issueTicket)
	api.POST("/session", s.openSession)

	api.GET("/datasets", s.listDatasets)
	api.POST("/datasets", s.addDataset)
	api.GET("/datasets/:name", s.showDataset)
	api.DELETE("/datasets/:name", s.deleteDataset)
	api.GET("/datasets/:name/rows", s.datasetRows)
	api.GET("/datasets/:name/columns/:column", s.datasetColumn)
	api.GET("/datasets/:name/media/:row/:column", s.media)

	api.GET("/experiments", s.listExperiments)
	api.POST("/experiments", s.addExperiment)
	api.GET("/experiments/:name", s.showExperiment)
	api.DELETE("/experiments/:name", s.deleteExperiment)

	api.GET("/spaces", s.listSpaces)
	api.PUT("/spaces/:name", s.addSpace)
	api.GET("/spaces/:name", s.showSpace)
	api.DELETE("/spaces/:name", s.deleteSpace)
	api.GET("/spaces/:name/vectors", s.vectors)
	api.GET("/spaces/:name/neighbours", s.neighbours)
	api.GET("/spaces/:name/grade", s.grade)
	api.GET("/spaces/:name/drift", s.drift)
	api.GET("/spaces/:name/changes", s.changes)
	api.GET("/spaces/:name/duplicates", s.duplicates)
	api.GET("/measures", s.measures)
	api.POST("/query", s.query)

	api.GET("/comparisons", s.listComparisons)
	api.POST("/comparisons", s.compare)
	api.GET("/comparisons/:key", s.showComparison)
	api.DELETE("/comparisons/:key", s.deleteComparison)
	api.GET("/comparisons/:key/rows", s.comparisonRows)
	api.GET("/comparisons/:key/flow", s.comparisonFlow)
	api.GET("/comparisons/:key/floor", s.comparisonFloor)
	api.GET("/comparisons/:key/items", s.comparisonItems)
	api.GET("/comparisons/:key/report", s.report)
	api.GET("/spaces/:name/report", s.spaceReport)

	api.GET("/selections", s.listSelections)
	api.POST("/selections", s.addSelection)
	api.PATCH("/selections/:id", s.changeSelection)
	api.DELETE("/selections/:id", s.deleteSelection)

	api.POST("/matrix", s.matrix)
	api.GET("/indices", s.listIndices)
	api.POST("/indices", s.loadIndex)
	api.DELETE("/indices/:name", s.deleteIndex)
	api.GET("/elastic", s.elastic)
	api.GET("/ws", s.socket)

	api.GET("/layouts", s.listLayouts)
	api.POST("/layouts", s.layout)
	api.GET("/layouts/:id", s.showLayout)
	api.DELETE("/layouts/:id", s.deleteLayout)
	api.GET("/layouts/:id/frame", s.layoutFrame)
	api.GET("/layouts/:id/table", s.layoutTable)
	api.POST("/layouts/:id/control", s.controlLayout)
	api.POST("/layouts/:id/transform", s.transformLayout)
	api.GET("/history", s.history)
	api.POST("/gc", s.collectGarbage)
	api.POST("/doctor", s.doctor)
	api.POST("/backups", s.backup)

	api.GET("/jobs", s.listJobs)
	api.GET("/jobs/:id", s.showJob)
	api.DELETE("/jobs/:id", s.cancelJob)
}

// identify puts the headers on every reply, refusals included.
func (s *server) identify(c *gin.Context) {
	h := c.Writer.Header()
	h.Set(wire.HeaderVersion, wire.Version)
	h.Set(wire.HeaderAPI, strconv.Itoa(wire.API))
	h.Set(wire.HeaderInstance, s.Status.Instance)
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
}

func recovery(c *gin.Context) {
	defer func() {
		if p := recover(); p == http.ErrAbortHandler { //nolint:errorlint // the very value means it
			panic(p)
		} else if p != nil {
			slog.Error("handler panicked", "panic", p, "stack", string(debug.Stack()))
			writeError(c, catalog.Errorf(catalog.Internal, "the request failed unexpectedly").WithHint("the log has the details: vectory logs"))
		}
	}()
	c.Next()
}

// count keeps the daemon awake while a request is served and lets only so much in.
func (s *server) count(c *gin.Context) {
	defer s.Busy()()
	s.clients.Add(1)
	defer s.clients.Add(-1)
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, s.MaxUpload)
	c.Next()
}

func (s *server) status(c *gin.Context) {
	status := s.Status
	status.Running = true
	status.Jobs = s.w.Jobs().Active()
	status.Clients = int(s.clients.Load()) - 1
	var err error
	status.Datasets, status.Spaces, err = s.w.Counts(c)
	reply(c, http.StatusOK, status, err)
}

func (s *server) logs(c *gin.Context) {
	n, err := intQuery(c, "n", 100)
	reply(c, http.StatusOK, wire.Logs{Lines: s.LogLines(min(n, 1000))}, err)
}

func (s *server) shutdown(c *gin.Context) {
	c.JSON(http.StatusAccepted, gin.H{"stopping": true})
	// After the reply is on its way.
	time.AfterFunc(20*time.Millisecond, s.Stop)
}

// reply writes v, or err.
func reply(c *gin.Context, status int, v any, err error) {
	if err != nil {
		writeError(c, err)
		return
	}
	c.JSON(status, v)
}

// replyAdded answers 201 for a new thing and 200 for one that stood there already.
func replyAdded(c *gin.Context, created bool, v any, err error) {
	status := http.StatusOK
	if created {
		status = http.StatusCreated
	}
	reply(c, status, v, err)
}

func intQuery(c *gin.Context, name string, otherwise int) (int, error) {
	text, ok := c.GetQuery(name)
	if !ok || text == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, catalog.Errorf(catalog.Invalid, "%s=%q is no whole number", name, text)
	}
	return n, nil
}

// kQuery reads how many neighbours are asked for. Package workspace takes 0 for "not said", so that one who says 0 is told here.
func kQuery(c *gin.Context) (int, error) {
	k, err := intQuery(c, "k", workspace.DefaultK)
	if err == nil && k < 1 {
		err = catalog.Errorf(catalog.Invalid, "k=%d cannot be: at least one neighbour is needed", k)
	}
	return k, err
}

func boolQuery(c *gin.Context, name string) bool {
	yes, err := strconv.ParseBool(c.DefaultQuery(name, "false"))
	return err == nil && yes
}

// bindQuery fills v from the query parameters.
func bindQuery(c *gin.Context, v any) error {
	if err := c.ShouldBindQuery(v); err != nil {
		return catalog.Errorf(catalog.Invalid, "a query parameter cannot be read: %s", err)
	}
	return nil
}
