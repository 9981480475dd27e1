package server

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/store/npy"
	"github.com/pentoai/vectory/internal/wire"
	"github.com/pentoai/vectory/internal/workspace"
)

func (s *server) layout(c *gin.Context) {
	var req wire.LayoutRequest
	if err := bindJSON(c, &req); err != nil {
		writeError(c, err)
		return
	}
	l, err := s.w.Layout(c, req)
	if err == nil && l.Job != nil {
		reply(c, http.StatusAccepted, l, nil)
		return
	}
	reply(c, http.StatusOK, l, err)
}

func (s *server) listLayouts(c *gin.Context) {
	list, err := s.w.Layouts(c)
	reply(c, http.StatusOK, wire.Layouts{Layouts: list}, err)
}

func (s *server) showLayout(c *gin.Context) {
	l, err := s.w.ShowLayout(c, c.Param("id"))
	reply(c, http.StatusOK, l, err)
}

func (s *server) deleteLayout(c *gin.Context) {
	deleted, err := s.w.DeleteLayout(c, c.Param("id"))
	reply(c, http.StatusOK, deleted, err)
}

func (s *server) controlLayout(c *gin.Context) {
	var req wire.LayoutControl
	if err := bindJSON(c, &req); err != nil {
		writeError(c, err)
		return
	}
	l, err := s.w.ControlLayout(c, c.Param("id"), req.Action)
	reply(c, http.StatusOK, l, err)
}

// layoutFrame answers with one column as .npy: n×dims float32 for coords_a and coords_b, else n values.
func (s *server) layoutFrame(c *gin.Context) {
	f, err := s.w.LayoutColumn(c, c.Param("id"), c.DefaultQuery("column", "coords_a"))
	switch {
	case err != nil:
		writeError(c, err)
	case f.Integers != nil:
		writeArray(c, f.Integers, f.Rows)
	case f.Width == 1:
		writeArray(c, f.Floats, f.Rows)
	default:
		writeArray(c, f.Floats, f.Rows, f.Width)
	}
}

// layoutTable answers with the ids and coordinates as CSV.
func (s *server) layoutTable(c *gin.Context) {
	s.streamTable(c, func() (*workspace.Table, error) { return s.w.LayoutTable(c, c.Param("id")) })
}

// transformLayout takes an .npy of new rows and answers with one of their places.
func (s *server) transformLayout(c *gin.Context) {
	x, err := readRows(c)
	if err != nil {
		writeError(c, err)
		return
	}
	f, err := s.w.TransformLayout(c, c.Param("id"), c.Query("space"), x)
	if err != nil {
		writeError(c, err)
		return
	}
	writeArray(c, f.Floats, f.Rows, f.Width)
}

// readRows reads the body, an .npy file, as a matrix.
func readRows(c *gin.Context) (knn.Matrix, error) {
	if err := isArray(c); err != nil {
		return knn.Matrix{}, err
	}
	var x knn.Matrix
	h, err := npy.Decode(c, c.Request.Body, npy.Options{Size: c.Request.ContentLength}, func(_ npy.Header, _ int, rows []float32) error {
		x.Data = append(x.Data, rows...)
		return nil
	})
	x.Rows, x.Dims = h.Rows, h.Dims
	return x, err
}
