package server

import (
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/wire"
)

func (s *server) listSelections(c *gin.Context) {
	list, err := s.w.Selections(c, c.Query("space"), c.Query("comparison"))
	reply(c, http.StatusOK, wire.Selections{Selections: list}, err)
}

func (s *server) addSelection(c *gin.Context) {
	var req wire.SelectionRequest
	if err := bindJSON(c, &req); err != nil {
		writeError(c, err)
		return
	}
	l, err := s.w.AddSelection(c, req)
	reply(c, http.StatusCreated, l, err)
}

func (s *server) changeSelection(c *gin.Context) {
	id, err := selectionID(c)
	if err != nil {
		writeError(c, err)
		return
	}
	var req wire.SelectionRequest
	if err := bindJSON(c, &req); err != nil {
		writeError(c, err)
		return
	}
	l, err := s.w.ChangeSelection(c, id, req)
	reply(c, http.StatusOK, l, err)
}

func (s *server) deleteSelection(c *gin.Context) {
	id, err := selectionID(c)
	if err != nil {
		writeError(c, err)
		return
	}
	deleted, err := s.w.DeleteSelection(c, id)
	reply(c, http.StatusOK, deleted, err)
}

func selectionID(c *gin.Context) (int64, error) {
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return 0, catalog.Errorf(catalog.NotFound, "there is no selection %q", c.Param("id"))
	}
	return id, nil
}
