package server

import (
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/pentoai/vectory/internal/wire"
	"github.com/pentoai/vectory/internal/workspace"
)

func (s *server) measures(c *gin.Context) {
	reply(c, http.StatusOK, s.w.Measures(), nil)
}

func (s *server) grade(c *gin.Context) {
	k, err := kQuery(c)
	if err != nil {
		writeError(c, err)
		return
	}
	answer, err := s.w.Grade(c, workspace.GradeOf{Space: c.Param("name"), Metric: c.Query("metric"), Label: c.Query("label"), K: k})
	status := http.StatusOK
	if answer.Job != nil {
		status = http.StatusAccepted
	}
	reply(c, status, answer, err)
}

func (s *server) drift(c *gin.Context) {
	answer, err := s.w.Drift(c, c.Param("name"), c.Query("to"))
	status := http.StatusOK
	if answer.Job != nil {
		status = http.StatusAccepted
	}
	reply(c, status, answer, err)
}

func (s *server) listComparisons(c *gin.Context) {
	list, err := s.w.Comparisons(c)
	reply(c, http.StatusOK, wire.Comparisons{Comparisons: list}, err)
}

func (s *server) compare(c *gin.Context) {
	var req wire.CompareRequest
	if err := bindJSON(c, &req); err != nil {
		writeError(c, err)
		return
	}
	answer, err := s.w.Compare(c, req)
	status := http.StatusOK
	if answer.Job != nil {
		status = http.StatusAccepted
	}
	reply(c, status, answer, err)
}

func (s *server) showComparison(c *gin.Context) {
	comparison, err := s.w.Comparison(c, c.Param("key"))
	reply(c, http.StatusOK, comparison, err)
}

func (s *server) deleteComparison(c *gin.Context) {
	deleted, err := s.w.DeleteComparison(c, c.Param("key"), boolQuery(c, "dry_run"))
	reply(c, http.StatusOK, deleted, err)
}

func (s *server) comparisonRows(c *gin.Context) {
	if asksTable(c) {
		var names []string
		if list := c.Query("column"); list != "" {
			names = strings.Split(list, ",")
		}
		s.streamTable(c, func() (*workspace.Table, error) { return s.w.ComparisonTable(c, c.Param("key"), names) })
		return
	}
	column, err := s.w.ComparisonColumn(c, c.Param("key"), c.Query("column"))
	switch {
	case err != nil:
		writeError(c, err)
	case column.Floats != nil:
		writeArray(c, column.Floats, len(column.Floats))
	default:
		writeArray(c, column.Integers, len(column.Integers))
	}
}

func (s *server) matrix(c *gin.Context) {
	var req wire.MatrixRequest
	if err := bindJSON(c, &req); err != nil {
		writeError(c, err)
		return
	}
	m, err := s.w.Matrix(c, req)
	if err == nil && m.Matrix == nil {
		reply(c, http.StatusAccepted, m, nil)
		return
	}
	reply(c, http.StatusOK, m, err)
}

func (s *server) comparisonFlow(c *gin.Context) {
	flow, err := s.w.ComparisonFlow(c, c.Param("key"), c.Query("column"))
	reply(c, http.StatusOK, flow, err)
}

func (s *server) comparisonFloor(c *gin.Context) {
	answer, err := s.w.Floor(c, c.Param("key"), namesOf(c.Query("with")))
	status := http.StatusOK
	if answer.Job != nil {
		status = http.StatusAccepted
	}
	reply(c, status, answer, err)
}

// namesOf are names with commas between.
func namesOf(list string) (names []string) {
	for name := range strings.SplitSeq(list, ",") {
		if name = strings.TrimSpace(name); name != "" {
			names = append(names, name)
		}
	}
	return names
}

func (s *server) comparisonItems(c *gin.Context) {
	if _, ok := c.GetQuery("row"); ok {
		row, err := intQuery(c, "row", -1)
		if err != nil {
			writeError(c, err)
			return
		}
		items, err := s.w.ComparisonItem(c, c.Param("key"), row)
		reply(c, http.StatusOK, items, err)
		return
	}
	limit, err := intQuery(c, "limit", 20)
	if err != nil {
		writeError(c, err)
		return
	}
	items, err := s.w.ComparisonItems(c, workspace.ItemsOf{Key: c.Param("key"), Order: c.DefaultQuery("order", "worst"), Column: c.Query("column"),
		Limit: limit, Lists: boolQuery(c, "lists")})
	reply(c, http.StatusOK, items, err)
}

func (s *server) listJobs(c *gin.Context) {
	reply(c, http.StatusOK, wire.Jobs{Jobs: s.w.Jobs().List()}, nil)
}

// maxWait bounds a long poll.
const maxWait = 60

func (s *server) showJob(c *gin.Context) {
	wait, err := intQuery(c, "wait", 0)
	if err != nil {
		writeError(c, err)
		return
	}
	job, err := s.w.Jobs().Get(c, c.Param("id"), time.Duration(min(max(wait, 0), maxWait))*time.Second)
	reply(c, http.StatusOK, job, err)
}

func (s *server) cancelJob(c *gin.Context) {
	job, err := s.w.Jobs().Cancel(c.Param("id"))
	reply(c, http.StatusOK, job, err)
}
