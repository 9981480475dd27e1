package server

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/pentoai/vectory/internal/wire"
)

func (s *server) listIndices(c *gin.Context) {
	list, err := s.w.Indices(c, boolQuery(c, "check"))
	reply(c, http.StatusOK, wire.Indices{Indices: list}, err)
}

func (s *server) loadIndex(c *gin.Context) {
	var req wire.LoadRequest
	if err := bindJSON(c, &req); err != nil {
		writeError(c, err)
		return
	}
	ix, err := s.w.LoadIndex(c, req)
	if err == nil && ix.Job != nil {
		reply(c, http.StatusAccepted, ix, nil)
		return
	}
	reply(c, http.StatusOK, ix, err)
}

func (s *server) deleteIndex(c *gin.Context) {
	deleted, err := s.w.DeleteIndex(c, c.Param("name"))
	reply(c, http.StatusOK, deleted, err)
}

func (s *server) elastic(c *gin.Context) {
	health, err := s.w.Elastic(c)
	reply(c, http.StatusOK, health, err)
}
