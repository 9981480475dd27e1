package main

import (
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/pentoai/vectory/internal/client"
	"github.com/pentoai/vectory/internal/wire"
)

func (a *app) measures() *cobra.Command {
	return &cobra.Command{Use: "measures", Short: "List what can be measured of two spaces, or of one", Args: exactly(0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.client(cmd.Context())
			if err != nil {
				return err
			}
			list, err := c.Measures(cmd.Context())
			if err != nil {
				return err
			}
			if a.json {
				return a.writeJSON(list)
			}
			for _, of := range []struct{ kind, title string }{{"pair", "Of two spaces: vectory compare A B --measure NAME,…|all"},
				{"row", "Of their rows: vectory compare A B --worst 20 --rank-by NAME"}, {"space", "Of one space: vectory grade SPACE"}, {"drift", "Of two samples of one space: vectory drift A B"}} {
				var some []wire.MeasureInfo
				for _, info := range list.Measures {
					if info.Of == of.kind {
						some = append(some, info)
					}
				}
				a.table(of.title, len(some), "name meaning rows sampled source", func(i int) []any {
					info := some[i]
					rows, sampled := "", "exact"
					if info.Rows {
						rows = "yes"
					}
					if info.Sample != nil {
						sampled = *info.Sample
					}
					return []any{info.Name, info.Meaning, rows, sampled, info.Source}
				})
			}
			return nil
		}}
}

func (a *app) grade() *cobra.Command {
	var label, metric string
	var k int
	cmd := &cobra.Command{Use: "grade SPACE", Short: "Measure the quality of one space: shape, hubs, dimension, labels", Args: exactly(1, "the name of a space"),
		Long: `Measure one space: how many dimensions it uses, whether a few rows are everyone's neighbour, its intrinsic
dimension, and, with --label COLUMN, how well the neighbours know a row's label, beside chance.`,
		Example: "  vectory grade digits/epoch20 --label label",
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.client(cmd.Context())
			if err != nil {
				return err
			}
			query := url.Values{"k": {strconv.Itoa(k)}}
			for name, value := range map[string]string{"label": label, "metric": metric} {
				if value != "" {
					query.Set(name, value)
				}
			}
			show, done := a.progress()
			grade, err := c.Grade(cmd.Context(), args[0], query, show)
			done()
			if err != nil {
				return err
			}
			if a.json {
				return a.writeJSON(grade)
			}
			a.printf("%s: %d rows × %d dimensions, %s, k=%d\n", grade.Space, grade.Rows, grade.Dims, grade.Metric, grade.K)
			if h := grade.Health; h.ZeroRows+h.DuplicateRows+h.ConstantDims > 0 {
				a.printf("  %d rows of zeros, %d duplicate rows, %d columns of one value\n", h.ZeroRows, h.DuplicateRows, h.ConstantDims)
			}
			if err := a.measureTable(cmd, c, grade.Measures); err != nil {
				return err
			}
			a.table("Most frequent neighbours", len(grade.Hubs), "id row lists", func(i int) []any { return []any{grade.Hubs[i].ID, grade.Hubs[i].Row, grade.Hubs[i].Lists} })
			if len(grade.Outliers) > 0 {
				a.table(fmt.Sprintf("Farthest from what is around them: isolation is the distance to neighbour %d, of that of their neighbours", grade.K), len(grade.Outliers), "id row distance isolation", func(i int) []any {
					o := grade.Outliers[i]
					return []any{o.ID, o.Row, fmt.Sprintf("%.4g", o.Distance), fmt.Sprintf("%.2f", o.Isolation)}
				})
			}
			return nil
		}}
	f := cmd.Flags()
	f.StringVar(&label, "label", "", "a column of the dataset that says what is alike")
	f.StringVar(&metric, "metric", "", "metric of the neighbours (default: the space's own)")
	count(f, &k, "k", "k", 10, "neighbours of each row")
	return cmd
}

func (a *app) drift() *cobra.Command {
	return &cobra.Command{Use: "drift A B", Short: "Tell whether new items of one model are like the old ones", Args: exactly(2, "the names of two spaces of one model"),
		Long: `Compare two spaces of one model and different items: is B drawn like A? A classifier that tries to tell them
apart, distances between the samples beside chance, and the rows of B that lie farthest from anything in A.`,
		Example: "  vectory drift january/minilm june/minilm",
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.client(cmd.Context())
			if err != nil {
				return err
			}
			show, done := a.progress()
			drift, err := c.Drift(cmd.Context(), args[0], args[1], show)
			done()
			if err != nil {
				return err
			}
			if a.json {
				return a.writeJSON(drift)
			}
			a.printf("%s (%d rows) to %s (%d rows), %d dimensions\n", drift.A, drift.Rows[0], drift.B, drift.Rows[1], drift.Dims)
			a.tellNotes(drift.Warnings)
			if p := drift.Measures["drift_energy"].P; p != nil {
				a.printf("  chance gives an energy distance as large with p = %.3f\n", *p)
			}
			if err := a.measureTable(cmd, c, drift.Measures); err != nil {
				return err
			}
			a.table("Rows of B that are farthest from A", len(drift.Novel), "id row distance", func(i int) []any {
				return []any{drift.Novel[i].ID, drift.Novel[i].Row, fmt.Sprintf("%.4g", drift.Novel[i].Distance)}
			})
			return nil
		}}
}

// measureTable prints measures in the order of the registry, each with chance, interval and meaning.
func (a *app) measureTable(cmd *cobra.Command, c *client.Client, measures map[string]wire.Measure) error {
	known, err := c.Measures(cmd.Context())
	if err != nil {
		return err
	}
	var shown []wire.MeasureInfo
	for _, info := range known.Measures {
		if _, ok := measures[info.Name]; ok {
			shown = append(shown, info)
		}
	}
	if len(shown) == 0 {
		return nil
	}
	a.printf("\n")
	header := "name value chance adjusted beyond_it interval meaning"
	ranked := slices.ContainsFunc(shown, func(info wire.MeasureInfo) bool { return measures[info.Name].Ranks != nil })
	if ranked {
		header = "name value chance adjusted beyond_it interval ranks meaning"
	}
	a.table("Measures", len(shown), header, func(i int) []any {
		m := measures[shown[i].Name]
		line := func(value, chance, adjusted, beyond, interval, meaning string) []any {
			ranks := []any{}
			switch {
			case m.Ranks != nil:
				ranks = append(ranks, fmt.Sprintf("%d, %d", m.Ranks[0], m.Ranks[1]))
			case ranked:
				ranks = append(ranks, "-")
			}
			return slices.Concat([]any{shown[i].Name, value, chance, adjusted, beyond, interval}, ranks, []any{meaning})
		}
		if m.Value == nil {
			return line("-", "-", "-", "-", "-", *m.Reason)
		}
		chance, adjusted, beyond, interval := "-", "-", "-", "-"
		switch {
		case m.Z != nil:
			beyond = fmt.Sprintf("z %.0f", *m.Z)
			if z := math.Round(*m.Z*10)/10 + 0; math.Abs(z) < 10 { // −0 is 0
				beyond = fmt.Sprintf("z %.1f", z)
			}
		case m.P != nil:
			beyond = fmt.Sprintf("p %.2g", *m.P)
		}
		if m.Chance != nil {
			chance = fmt.Sprintf("%.4f", *m.Chance)
		}
		if m.Adjusted != nil {
			adjusted = fmt.Sprintf("%.4f", *m.Adjusted)
		}
		if m.CI95 != nil {
			interval = fmt.Sprintf("%.4f–%.4f", m.CI95[0], m.CI95[1])
		}
		return line(fmt.Sprintf("%.4f", *m.Value), chance, adjusted, beyond, interval, shown[i].Meaning)
	})
	return nil
}
