package server

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/store/columnar"
	"github.com/pentoai/vectory/internal/store/npy"
	"github.com/pentoai/vectory/internal/wire"
	"github.com/pentoai/vectory/internal/workspace"
)

func (s *server) listDatasets(c *gin.Context) {
	list, err := s.w.Datasets(c)
	reply(c, http.StatusOK, wire.Datasets{Datasets: list}, err)
}

func (s *server) addDataset(c *gin.Context) {
	var req wire.AddDataset
	if err := bindQuery(c, &req); err != nil {
		writeError(c, err)
		return
	}
	if kind := c.ContentType(); kind != "text/csv" {
		writeError(c, catalog.Errorf(catalog.Invalid, "the body is %q; text/csv is needed", kind))
		return
	}
	body, _, err := s.carried(c, req.HandOver)
	if err != nil {
		writeError(c, err)
		return
	}
	defer body.Close()
	added, err := s.w.AddDataset(c, req, body)
	replyAdded(c, added.Created, added, err)
}

func (s *server) showDataset(c *gin.Context) {
	d, err := s.w.Dataset(c, c.Param("name"))
	reply(c, http.StatusOK, d, err)
}

func (s *server) deleteDataset(c *gin.Context) {
	deleted, err := s.w.DeleteDataset(c, c.Param("name"), deleteOptions(c))
	reply(c, http.StatusOK, deleted, err)
}

func deleteOptions(c *gin.Context) workspace.DeleteOptions {
	return workspace.DeleteOptions{Recursive: boolQuery(c, "recursive"), DryRun: boolQuery(c, "dry_run")}
}

// partQuery reads from and to; without them, the first hundred.
func partQuery(c *gin.Context) (from, to int, err error) {
	if from, err = intQuery(c, "from", 0); err != nil {
		return 0, 0, err
	}
	to, err = intQuery(c, "to", from+100)
	return from, to, err
}

func (s *server) datasetRows(c *gin.Context) {
	from, to, err := partQuery(c)
	if err != nil {
		writeError(c, err)
		return
	}
	rows, err := s.w.DatasetRows(c, workspace.RowsOf{Dataset: c.Param("name"), Filter: c.Query("filter"), From: from, To: to})
	reply(c, http.StatusOK, rows, err)
}

func (s *server) datasetColumn(c *gin.Context) {
	column, err := s.w.DatasetColumn(c, c.Param("name"), c.Param("column"))
	reply(c, http.StatusOK, column, err)
}

func (s *server) history(c *gin.Context) {
	n, err := intQuery(c, "n", 50)
	if err != nil {
		writeError(c, err)
		return
	}
	h, err := s.w.History(c, c.Query("name"), n)
	reply(c, http.StatusOK, h, err)
}

func (s *server) doctor(c *gin.Context) {
	d, err := s.w.Doctor(c, boolQuery(c, "fix"), c.Query("report"))
	if err == nil && d.Report == nil {
		reply(c, http.StatusAccepted, d, nil)
		return
	}
	reply(c, http.StatusOK, d, err)
}

func (s *server) backup(c *gin.Context) {
	var req wire.BackupRequest
	if err := bindJSON(c, &req); err != nil {
		writeError(c, err)
		return
	}
	b, err := s.w.Backup(c, req.Folder)
	reply(c, http.StatusCreated, b, err)
}

func (s *server) collectGarbage(c *gin.Context) {
	g, err := s.w.CollectGarbage(c, boolQuery(c, "all"))
	reply(c, http.StatusOK, g, err)
}

func (s *server) listExperiments(c *gin.Context) {
	list, err := s.w.Experiments(c, c.Query("where"))
	reply(c, http.StatusOK, wire.Experiments{Experiments: list}, err)
}

func (s *server) addExperiment(c *gin.Context) {
	var req wire.AddExperiment
	if err := bindJSON(c, &req); err != nil {
		writeError(c, err)
		return
	}
	added, err := s.w.AddExperiment(c, req)
	replyAdded(c, added.Created, added, err)
}

func (s *server) showExperiment(c *gin.Context) {
	e, err := s.w.Experiment(c, c.Param("name"))
	reply(c, http.StatusOK, e, err)
}

func (s *server) deleteExperiment(c *gin.Context) {
	deleted, err := s.w.DeleteExperiment(c, c.Param("name"), deleteOptions(c))
	reply(c, http.StatusOK, deleted, err)
}

func (s *server) listSpaces(c *gin.Context) {
	list, err := s.w.Spaces(c)
	reply(c, http.StatusOK, wire.Spaces{Spaces: list}, err)
}

func (s *server) addSpace(c *gin.Context) {
	req := wire.AddSpace{}
	if err := bindQuery(c, &req); err != nil {
		writeError(c, err)
		return
	}
	if err := isArray(c); err != nil {
		writeError(c, err)
		return
	}
	req.Name = c.Param("name")
	body, size, err := s.carried(c, req.HandOver)
	if err != nil {
		writeError(c, err)
		return
	}
	defer body.Close()
	added, err := s.w.AddSpace(c, req, body, size)
	replyAdded(c, added.Created, added, err)
}

// isArray refuses a body that is said to be something else.
func isArray(c *gin.Context) error {
	if kind := c.ContentType(); kind != "application/octet-stream" {
		return catalog.Errorf(catalog.Invalid, "the body is %q; application/octet-stream (the file of a matrix) is needed", kind)
	}
	return nil
}

func (s *server) showSpace(c *gin.Context) {
	detail, err := s.w.Space(c, c.Param("name"))
	reply(c, http.StatusOK, detail, err)
}

func (s *server) changes(c *gin.Context) {
	changes, err := s.w.Changes(c, c.Param("name"), c.Query("to"))
	reply(c, http.StatusOK, changes, err)
}

func (s *server) duplicates(c *gin.Context) {
	from, to, err := partQuery(c)
	if err != nil {
		writeError(c, err)
		return
	}
	d, err := s.w.Duplicates(c, c.Param("name"), from, to)
	reply(c, http.StatusOK, d, err)
}

func (s *server) deleteSpace(c *gin.Context) {
	deleted, err := s.w.DeleteSpace(c, c.Param("name"), deleteOptions(c))
	reply(c, http.StatusOK, deleted, err)
}

// vectors answers rows=0,5,7 with an .npy of those rows.
func (s *server) vectors(c *gin.Context) {
	if asksTable(c) {
		s.streamTable(c, func() (*workspace.Table, error) { return s.w.SpaceTable(c, c.Param("name")) })
		return
	}
	if _, some := c.GetQuery("rows"); !some {
		x, release, err := s.w.AllVectors(c, c.Param("name"))
		if err != nil {
			writeError(c, err)
			return
		}
		defer release()
		writeArray(c, x.Data, x.Rows, x.Dims)
		return
	}
	var rows []int
	for text := range strings.SplitSeq(c.Query("rows"), ",") {
		row, err := strconv.Atoi(text)
		if err != nil {
			writeError(c, catalog.Errorf(catalog.Invalid, "rows=%q is no list of row numbers", c.Query("rows")).WithHint("for example rows=0,5,7"))
			return
		}
		rows = append(rows, row)
	}
	x, err := s.w.Vectors(c, c.Param("name"), rows)
	if err != nil {
		writeError(c, err)
		return
	}
	writeArray(c, x.Data, x.Rows, x.Dims)
}

// asksTable tells a request for a table from one for an array.
func asksTable(c *gin.Context) bool { return c.Query("format") != "" && c.Query("format") != "npy" }

// streamTable answers with a table as CSV, or as parquet with format=parquet. What fails before it begins is an error;
// later the connection breaks off, so that no one takes a part for the whole.
func (s *server) streamTable(c *gin.Context, open func() (*workspace.Table, error)) {
	format := c.DefaultQuery("format", "csv")
	if format != "csv" && format != "parquet" {
		writeError(c, catalog.Errorf(catalog.Invalid, "format=%q is unknown", format).WithHint("csv and parquet are written"))
		return
	}
	t, err := open()
	if err != nil {
		writeError(c, err)
		return
	}
	defer t.Close()
	c.Header("Content-Type", map[string]string{"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}[format])
	c.Status(http.StatusOK)
	if format == "csv" {
		err = t.WriteCSV(c, c.Writer)
	} else {
		err = columnar.Write(c, c.Writer, t.Rows, columnsOf(t))
	}
	if err != nil {
		panic(http.ErrAbortHandler)
	}
}

func columnsOf(t *workspace.Table) []columnar.Column {
	list := make([]columnar.Column, len(t.Columns))
	for i, c := range t.Columns {
		list[i] = columnar.Column{Name: c.Name, Text: c.Text, Integer: c.Integer, Single: c.Single, Double: c.Double, Vector: c.Vector}
	}
	return list
}

// writeArray answers with an .npy file.
func writeArray[T npy.Value](c *gin.Context, data []T, shape ...int) {
	c.Header("Content-Type", "application/x-npy")
	c.Status(http.StatusOK)
	if err := npy.Write(c.Writer, data, shape...); err != nil {
		writeError(c, err)
	}
}

func (s *server) neighbours(c *gin.Context) {
	q := workspace.NeighboursOf{Space: c.Param("name"), Metric: c.Query("metric"), Engine: c.Query("engine"), Index: c.Query("index"), Where: c.Query("where")}
	var err error
	if q.K, err = kQuery(c); err != nil {
		writeError(c, err)
		return
	}
	if id, ok := c.GetQuery("id"); ok {
		q.ID = &id
	}
	if _, ok := c.GetQuery("row"); ok {
		row, err := intQuery(c, "row", -1)
		if err != nil {
			writeError(c, err)
			return
		}
		q.Row = &row
	}
	n, err := s.w.Neighbours(c, q)
	reply(c, http.StatusOK, n, err)
}

func (s *server) query(c *gin.Context) {
	var q wire.Query
	if err := bindJSON(c, &q); err != nil {
		writeError(c, err)
		return
	}
	answer, err := s.w.Query(c, q)
	reply(c, http.StatusOK, answer, err)
}
