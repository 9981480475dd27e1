package main

import (
	"fmt"
	"math"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/client"
	"github.com/pentoai/vectory/internal/wire"
)

// embeddings is `vectory embeddings delete|load|list-indices|delete-index|delete-all-indices`.
func (a *app) embeddings() *cobra.Command {
	cmd := a.remove("embeddings", client.Spaces)
	cmd.Short = "Delete spaces; load them into Elasticsearch"
	cmd.AddCommand(a.loadIndex(), a.listIndices(), a.deleteIndex(), a.deleteAllIndices())
	return cmd
}

func (a *app) loadIndex() *cobra.Command {
	var req wire.LoadRequest
	cmd := &cobra.Command{Use: "load INDEX SPACE", Short: "Load a space into Elasticsearch under a name", Args: exactly(2, "the name of the index and of the space"),
		Long: `Load a space into Elasticsearch (vectory elastic up, or the one that ELASTICSEARCH_URL names): a copy that can always be made again. Models:
exact (every row is looked at), hnsw (a graph, fast and nearly exact), lsh (hash tables choose candidates, which are scored exactly
in the same request: -L tables of -k functions, slots of width -w; of cosine with -k 1: bits, one a table). The columns of the dataset travel along, so that queries can be filtered.`,
		Example: "  vectory embeddings load digits digits/pixels\n  vectory neighbours digits/pixels --row 5 --engine elasticsearch --where label=3",
		RunE: func(cmd *cobra.Command, args []string) error {
			req.Name, req.Space = args[0], args[1]
			if math.IsNaN(req.Width) || math.IsInf(req.Width, 0) {
				return usage("--width %v is no width of a slot: it is a number above 0", req.Width)
			}
			ix, err := a.loadWith(cmd, req)
			return a.listing(ix, err, func() { a.tellIndex(ix) })
		}}
	f := cmd.Flags()
	f.SetNormalizeFunc(aliases(map[string]string{"num-threads": "threads", "num-shards": "shards"})) // the original tool's
	f.StringVar(&req.Model, "model", "", "exact, hnsw or lsh (default exact)")
	f.StringVar(&req.Similarity, "similarity", "", "cosine or euclidean (default: by the space's metric)")
	f.IntVarP(&req.Threads, "threads", "t", 2, "requests in flight")
	f.IntVarP(&req.Chunk, "chunk-size", "c", 0, "rows of a request at most (default: 2000, or as many as fit 8 MB)")
	f.IntVarP(&req.Bits, "hashes", "k", 0, "lsh: functions of a table (default 8)")
	f.IntVarP(&req.Tables, "tables", "L", 0, "lsh: tables (default 100)")
	f.Float64VarP(&req.Width, "width", "w", 0, "lsh, euclidean: width of a slot (default: by the data)")
	f.IntVarP(&req.Shards, "shards", "n", 1, "shards of the index")
	return cmd
}

func (a *app) loadWith(cmd *cobra.Command, req wire.LoadRequest) (catalog.Index, error) {
	c, err := a.client(cmd.Context())
	if err != nil {
		return catalog.Index{}, err
	}
	show, done := a.progress()
	ix, err := c.LoadIndex(cmd.Context(), req, show)
	done()
	return ix, err
}

func (a *app) tellIndex(ix catalog.Index) {
	a.printf("index '%s': %d rows of '%s', %s, %s, %s\n", ix.Name, ix.Rows, ix.Space, ix.Model, ix.Similarity, ix.State)
	if ix.Excluded > 0 {
		a.printf("  note: %s\n", leftOut(ix))
	}
}

// leftOut names the rows that an index lacks.
func leftOut(ix catalog.Index) string {
	named := strings.Join(ix.ZeroIDs, ", ")
	if more := ix.Excluded - len(ix.ZeroIDs); more > 0 && named != "" {
		named += fmt.Sprintf(" and %d more", more)
	}
	if named != "" {
		named = ": " + named
	}
	if ix.Excluded == 1 {
		return "1 row of zeros was left out, since it has no direction" + named
	}
	return fmt.Sprintf("%d rows of zeros were left out, since they have no direction%s", ix.Excluded, named)
}

func (a *app) listIndices() *cobra.Command {
	return &cobra.Command{Use: "list-indices", Short: "List the indices, as they stand in the cluster", Args: exactly(0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.client(cmd.Context())
			if err != nil {
				return err
			}
			list, err := c.Indices(cmd.Context())
			return a.listing(list, err, func() { a.indexTable(list.Indices) })
		}}
}

func (a *app) indexTable(list []catalog.Index) {
	a.table("Indices", len(list), "name space model similarity rows state reason", func(i int) []any {
		ix := list[i]
		return []any{ix.Name, ix.Space, ix.Model, ix.Similarity, ix.Rows, ix.State, ix.Reason}
	})
}

func (a *app) deleteIndex() *cobra.Command {
	return &cobra.Command{Use: "delete-index NAME", Short: "Delete an index from the cluster", Args: exactly(1, "the name of an index"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.client(cmd.Context())
			if err != nil {
				return err
			}
			deleted, err := c.DeleteIndex(cmd.Context(), args[0])
			return a.listing(deleted, err, func() {
				a.printf("deleted index '%s'\n", args[0])
				a.tellNotes(deleted.Warnings)
			})
		}}
}

func (a *app) deleteAllIndices() *cobra.Command {
	yes := false
	cmd := &cobra.Command{Use: "delete-all-indices", Short: "Delete all indices of this installation from the cluster", Args: exactly(0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.client(cmd.Context())
			if err != nil {
				return err
			}
			all, err := c.List(cmd.Context())
			if err != nil {
				return err
			}
			plan := wire.Deleted{Deleted: []wire.Thing{}}
			for _, ix := range all.Indices {
				plan.Deleted = append(plan.Deleted, wire.Thing{Kind: "index", Name: ix.Name})
			}
			if !yes {
				if err := a.confirm(plan); err != nil {
					return err
				}
			}
			for _, thing := range plan.Deleted {
				deleted, err := c.DeleteIndex(cmd.Context(), thing.Name)
				if err != nil {
					return err
				}
				plan.Warnings = append(plan.Warnings, deleted.Warnings...)
			}
			return a.listing(plan, nil, func() {
				a.printf("deleted %d indices\n", len(plan.Deleted))
				a.tellNotes(plan.Warnings)
			})
		}}
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "do not ask")
	return cmd
}
