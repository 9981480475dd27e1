package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pentoai/vectory/internal/wire"
)

func (a *app) matrix() *cobra.Command {
	var req wire.MatrixRequest
	cmd := &cobra.Command{Use: "matrix [SPACES…]", Short: "Compare every pair of spaces, or an experiment along its steps",
		Long: `Compare every pair of the spaces that are named, of those of a --dataset, or of all. Every space's neighbours are
looked for once. --timeline EXPERIMENT shows how each step agrees with the step before, the first and the last.`,
		Example: "  vectory matrix digits/pixels digits/epoch05 digits/epoch20\n  vectory matrix --dataset digits --measure cka_debiased\n  vectory matrix --timeline digits",
		RunE: func(cmd *cobra.Command, args []string) error {
			if req.Timeline != "" && len(args) > 0 {
				return usage("--timeline takes the spaces of the experiment: name no others")
			}
			req.Spaces = args
			c, err := a.client(cmd.Context())
			if err != nil {
				return err
			}
			show, done := a.progress()
			m, err := c.Matrix(cmd.Context(), req, show)
			done()
			return a.listing(m, err, func() {
				if m.Timeline != nil {
					a.timeline(m)
					return
				}
				a.matrixTable(m)
			})
		}}
	f := cmd.Flags()
	f.StringVar(&req.Dataset, "dataset", "", "the spaces of this dataset; of a timeline, only those")
	f.StringVar(&req.Timeline, "timeline", "", "the spaces of this experiment, by step")
	f.StringVar(&req.Measure, "measure", "jaccard", "which measure (see: vectory measures)")
	f.StringVar(&req.Metric, "metric", "", "metric in every space (default: each one's own)")
	count(f, &req.K, "k", "k", 10, "neighbours of each row")
	return cmd
}

func number(v *float64) string {
	if v == nil {
		return "-"
	}
	return fmt.Sprintf("%.4f", *v)
}

// matrixTable numbers the columns, since names are long.
func (a *app) matrixTable(m wire.Matrix) {
	header := []string{"no", "space"}
	for i := range m.Spaces {
		header = append(header, fmt.Sprint(i+1))
	}
	a.table(fmt.Sprintf("%s, k=%d", m.Measure, m.K), len(m.Spaces), strings.Join(header, " "), func(i int) []any {
		cells := []any{i + 1, m.Spaces[i]}
		for _, v := range m.Values[i] {
			cells = append(cells, number(v))
		}
		return cells
	})
}

func (a *app) timeline(m wire.Matrix) {
	a.table(fmt.Sprintf("%s of experiment %s, k=%d", m.Measure, *m.Experiment, m.K), len(m.Timeline), "step space with_previous with_first with_last", func(i int) []any {
		p := m.Timeline[i]
		return []any{p.Step, p.Space, number(p.Previous), number(p.First), number(p.Last)}
	})
}
