package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/pentoai/vectory/internal/client"
	"github.com/pentoai/vectory/internal/wire"
)

// comparison is what `vectory compare` was told.
type comparison struct {
	request               wire.CompareRequest
	histogram, precompute bool
	worst, best           int
	gates                 gates
	floor, report, rankBy string
}

func (a *app) compare() *cobra.Command {
	var x comparison
	cmd := &cobra.Command{Use: "compare A B", Short: "Compare two spaces by the overlap of nearest neighbours", Args: exactly(2, "the names of two spaces"),
		Long: `Compare two spaces by the overlap of every row's k nearest neighbours: exact, the row itself not
counted, beside what chance would give. When all rows would take longer than VECTORY_PATIENCE (10 minutes),
a sample of them is scored: each with its exact neighbours among all. Spaces of different datasets are matched by id.`,
		Example: "  vectory compare digits/pixels digits/epoch20 --histogram\n  vectory compare a b --min-jaccard 0.6      # exit 3 when it is less",
		RunE: func(cmd *cobra.Command, args []string) error {
			x.request.A, x.request.B = args[0], args[1]
			if err := x.gates.usable(cmd, x.request.By); err != nil {
				return err
			}
			if err := writable(x.report, x.gates.junit, x.gates.markdown); err != nil {
				return err
			}
			c, err := a.client(cmd.Context())
			if err != nil {
				return err
			}
			show, done := a.progress()
			result, err := x.compare(cmd.Context(), c, show)
			if err == nil && x.report != "" {
				err = x.writeReport(cmd.Context(), c, result, show)
			}
			done()
			if err != nil {
				return err
			}
			if err := a.tellComparison(cmd, c, &x, result); err != nil {
				return err
			}
			return x.gates.check(result)
		}}
	f := cmd.Flags()
	count(f, &x.request.K, "k", "k", 10, "neighbours of each row")
	f.StringVar(&x.request.MetricA, "metric-a", "", "metric in A (-ma; default: the space's own)")
	f.StringVar(&x.request.MetricB, "metric-b", "", "metric in B (-mb)")
	f.StringVar(&x.request.Preset, "preset", "", "the numbers of a tool: vectory (the original: self counted, euclidean), resi or platonic (cosine)")
	f.StringVar(&x.floor, "floor", "", "other runs of A's model, with commas between, or an experiment that has some: how much seeds differ, beside the score")
	f.StringSliceVar(&x.request.By, "by", nil, "the same per value of this column")
	f.StringSliceVar(&x.request.Measures, "measure", nil, "measures by name, or all (see: vectory measures)")
	f.IntVar(&x.request.Sample, "sample", 0, "score N rows, looked up among all rows, with an interval for the score of all")
	f.BoolVar(&x.request.Exact, "exact", false, "score all rows, however long it takes")
	f.StringVar(&x.request.Engine, "engine", "local", "who looks for neighbours: local (exact), or elasticsearch: indices of both spaces")
	f.StringVar(&x.request.IndexA, "index-a", "", "with elasticsearch: the index of A (default: its best)")
	f.StringVar(&x.request.IndexB, "index-b", "", "with elasticsearch: the index of B")
	f.BoolVar(&x.histogram, "histogram", false, "draw it in the terminal")
	f.IntVar(&x.worst, "worst", 0, "show the N rows that agree least")
	f.IntVar(&x.best, "best", 0, "show the N rows that agree most")
	f.StringVar(&x.report, "report", "", "write the maps and all numbers to this HTML file, which opens offline")
	f.StringVar(&x.rankBy, "rank-by", "", "by which measure of a row --worst and --best go (alone: --worst 10; default jaccard; see: vectory measures)")
	x.gates.flags(f)
	f.BoolVar(&x.precompute, "precompute", false, "run and keep, print no score")
	return cmd
}

// compare asks for the comparison and for what runs of A's model differ by, if some are named.
func (x *comparison) compare(ctx context.Context, c *client.Client, show func(wire.Job)) (wire.Comparison, error) {
	result, err := c.Compare(ctx, x.request, show)
	if err != nil || x.floor == "" {
		return result, err
	}
	floor, err := c.Floor(ctx, result.Key, x.floor, show)
	result.Floor = &floor
	return result, err
}

// reportLayouts are the maps of a report: the one that tells movement, and the one without a choice in it.
var reportLayouts = []string{"joint-umap", "pca"}

// writeReport lays both spaces out, where they are not yet, and writes the page with all that it shows.
func (x *comparison) writeReport(ctx context.Context, c *client.Client, result wire.Comparison, show func(wire.Job)) error {
	for _, method := range reportLayouts {
		layout := wire.LayoutRequest{Spaces: []string{result.A, result.B}, Method: method}
		if result.MetricA == result.MetricB {
			layout.Metric = string(result.MetricA)
		}
		if _, err := c.Layout(ctx, layout, show); err != nil {
			return err
		}
	}
	page, err := c.Report(ctx, result.Key)
	if err != nil {
		return err
	}
	if err := os.WriteFile(x.report, page, 0o644); err != nil { //nolint:gosec // for others to read
		return fmt.Errorf("the report cannot be written: %w", err)
	}
	return nil
}

func (a *app) tellComparison(cmd *cobra.Command, c *client.Client, x *comparison, result wire.Comparison) error {
	if err := x.gates.write(result); err != nil {
		return err
	}
	if x.precompute && !a.json {
		return nil
	}
	lists, err := x.lists(cmd.Context(), c, result.Key)
	if err != nil {
		return err // before anything is printed: a measure that rows do not have is an error, not an ending
	}
	if a.json {
		return a.writeJSON(struct {
			wire.Comparison

			Worst []wire.ComparisonItem `json:"worst,omitempty"`
			Best  []wire.ComparisonItem `json:"best,omitempty"`
		}{result, lists[0].Items, lists[1].Items})
	}
	a.scores(result)
	if x.histogram {
		a.bars(result)
	}
	if err := a.measureTable(cmd, c, result.Measures); err != nil {
		return err
	}
	a.groupTable(result.Groups)
	for _, list := range lists {
		if list.Items != nil {
			a.itemTable(list, x.rankBy)
		}
	}
	a.printf("The mean of the Jaccard similarity for each query is %v\n", result.Jaccard.Mean)
	return nil
}

// lists asks for the rows that agree least and those that agree most, as many of each as are wanted.
func (x *comparison) lists(ctx context.Context, c *client.Client, key string) (lists [2]wire.ComparisonItems, err error) {
	if x.rankBy != "" && x.worst == 0 && x.best == 0 {
		x.worst = 10
	}
	for i, list := range []struct {
		order string
		n     int
	}{{"worst", x.worst}, {"best", x.best}} {
		if list.n == 0 {
			continue
		}
		if lists[i], err = c.Items(ctx, key, list.order, x.rankBy, list.n); err != nil {
			return lists, err
		}
	}
	return lists, nil
}

// scores prints the numbers with what they have to be read against.
func (a *app) scores(c wire.Comparison) {
	how := "computed in " + fmt.Sprintf("%.2f s", c.TookS)
	if c.Cached {
		how = "kept from an earlier run"
	}
	which := "exact"
	if c.Engine != "local" {
		which += ", by " + c.Engine
	}
	if !c.Exact && c.SampledRows == nil {
		which = "approximate, by " + c.Engine
	}
	if c.SampledRows != nil {
		which = fmt.Sprintf("a sample of %d of them", *c.SampledRows)
	}
	a.printf("%s (%s) against %s (%s): %d rows, k=%d, %s, %s\n", c.A, c.MetricA, c.B, c.MetricB, c.Rows, c.K, which, how)
	if c.EstimateS != nil {
		a.printf("  all rows would take about %s: --exact scores them, --sample N another number of rows\n", time.Duration(*c.EstimateS*float64(time.Second)).Round(time.Second))
	}
	a.printf("  Jaccard  %.4f", c.Jaccard.Mean)
	if ci := c.Jaccard.CI95; ci != nil {
		a.printf("   95 %% interval %.4f to %.4f", ci[0], ci[1])
	}
	a.printf("\n  chance   %.4f", c.Jaccard.Chance)
	if c.Jaccard.Adjusted != nil {
		a.printf("   adjusted for it %.4f", *c.Jaccard.Adjusted)
	}
	if c.Jaccard.Z != nil {
		a.printf("   z %.0f", *c.Jaccard.Z)
	}
	if f := c.Floor; f != nil {
		a.printf("\n  floor    %.4f   %s", f.Jaccard.Mean, floorText(c))
	}
	a.printf("\n  overlap  %.4f   chance %.4f\n", c.Overlap.Mean, c.Overlap.Chance)
	a.tellNotes(c.Warnings)
	if c.Coverage < 1 {
		a.printf("  matched by id: %.1f %% of all ids are in both (missing in %s: %d, in %s: %d)\n", 100*c.Coverage, c.A, c.Excluded.MissingInA, c.B, c.Excluded.MissingInB)
	}
	if z := c.Excluded.ZeroRows; z[0]+z[1] > 0 {
		a.printf("  left out: rows that are all zeros have no direction (%d in %s, %d in %s)\n", z[0], c.A, z[1], c.B)
	}
	if c.Ties.ShareOfRows > 0 {
		a.printf("  %.1f %% of the rows tie at place %d: the lower row counts as nearer", 100*c.Ties.ShareOfRows, c.K)
		if e := c.Ties.ExpectedJaccard; e != nil {
			a.printf(" (in random order the Jaccard would be %.4f)", *e)
		}
		a.printf("\n")
	}
}

// floorText says between which runs the floor lies, and what that says of the score.
func floorText(c wire.Comparison) string {
	f := c.Floor
	runs := fmt.Sprintf("two runs of the same model, %s and %s", c.A, f.With)
	if len(f.Pairs) > 1 {
		runs = fmt.Sprintf("%.4f to %.4f between runs of the same model: %s, %s (%d pairs)", f.Range[0], f.Range[1], c.A, f.With, len(f.Pairs))
	}
	if c.Jaccard.Mean >= f.Range[0] {
		return runs + "; these two spaces agree as much"
	}
	return runs
}

// bars draws the rows by the number of neighbours shared: the values that a score can take.
func (a *app) bars(c wire.Comparison) {
	most := 1
	for _, n := range c.Values {
		most = max(most, n)
	}
	a.printf("\n  shared  rows\n")
	for shared, n := range c.Values {
		if len(c.Values) > 31 && n == 0 {
			continue
		}
		a.printf("  %6d  %6d %s\n", shared, n, strings.Repeat("█", (50*n+most-1)/most))
	}
	a.printf("\n")
}

func (a *app) groupTable(groups []wire.Group) {
	if len(groups) == 0 {
		return
	}
	a.printf("\n")
	a.table("Groups", len(groups), "column value rows jaccard interval chance_within unlike_the_rest", func(i int) []any {
		g := groups[i]
		within := "-"
		if g.ChanceWithin != nil {
			within = fmt.Sprintf("%.4f", *g.ChanceWithin)
		}
		interval, unlike := "-", "-"
		if g.CI95 != nil {
			interval = fmt.Sprintf("%.4f–%.4f", g.CI95[0], g.CI95[1])
		}
		switch {
		case g.Rows < minGroupRows:
			unlike = "(few rows)"
		case g.Q != nil:
			unlike = "no"
			if *g.Q < 0.05 {
				unlike = fmt.Sprintf("yes (q %.2g)", *g.Q)
			}
		}
		return []any{g.Column, g.Value, g.Rows, fmt.Sprintf("%.4f", g.Jaccard), interval, within, unlike}
	})
}

// itemTable lists rows; by names the measure that put them in order, "" being the Jaccard.
func (a *app) itemTable(items wire.ComparisonItems, by string) {
	title := map[string]string{"worst": "Rows that agree least", "best": "Rows that agree most"}[items.Order]
	columns := "id shared jaccard columns"
	if by != "" {
		columns = "id " + by + " shared jaccard columns"
	}
	a.table(title, len(items.Items), columns, func(i int) []any {
		item := items.Items[i]
		line := []any{item.ID, item.Shared, fmt.Sprintf("%.3f", item.Jaccard), columnText(item.Columns)}
		if by != "" && item.Value != nil {
			line = slices.Insert(line, 1, any(fmt.Sprintf("%.4f", *item.Value)))
		}
		return line
	})
}

// columnText is a line of what a row says.
func columnText(columns map[string]string) string {
	names := make([]string, 0, len(columns))
	for name := range columns {
		names = append(names, name)
	}
	slices.Sort(names)
	var parts []string
	for _, name := range names {
		if !strings.EqualFold(name, "id") {
			parts = append(parts, name+"="+columns[name])
		}
	}
	text := []rune(strings.Join(strings.Fields(strings.Join(parts, " ")), " "))
	if len(text) > 80 {
		text = append(text[:79], '…')
	}
	return string(text)
}

func (a *app) neighbours() *cobra.Command {
	var id, metric, engine, where string
	var in, indices []string
	row, k := 0, 10
	cmd := &cobra.Command{Use: "neighbours SPACE", Aliases: []string{"neighbors"}, Short: "List the nearest neighbours of one item", Args: exactly(1, "the name of a space"),
		RunE: func(cmd *cobra.Command, args []string) error {
			query := url.Values{"k": {strconv.Itoa(k)}, "metric": {metric}, "engine": {engine}, "where": {where}}
			switch byID, byRow := cmd.Flags().Changed("id"), cmd.Flags().Changed("row"); {
			case byID == byRow:
				return usage("say whose neighbours: --id ID or --row N")
			case byID:
				query.Set("id", id)
			default:
				query.Set("row", strconv.Itoa(row))
			}
			c, err := a.client(cmd.Context())
			if err != nil {
				return err
			}
			var answers []wire.Neighbours
			spaces := slices.Concat(args, in)
			if len(indices) > 0 && len(indices) != len(spaces) {
				return usage("name an index for each of the spaces, in the same order: --index A,B (\"\": the best of a space)")
			}
			for i, space := range spaces {
				if len(indices) > 0 {
					query.Set("index", indices[i])
				}
				n, err := c.Neighbours(cmd.Context(), space, query)
				if err != nil {
					return err
				}
				answers = append(answers, n)
			}
			switch {
			case a.json && len(in) > 0:
				return a.writeJSON(wire.QueryReply{Results: answers})
			case a.json:
				return a.writeJSON(answers[0])
			}
			for _, n := range answers {
				a.neighbourTable(n)
			}
			return nil
		}}
	f := cmd.Flags()
	f.StringVar(&id, "id", "", "the item's id")
	f.IntVar(&row, "row", 0, "the item's row, from 0")
	count(f, &k, "k", "k", 10, "how many")
	f.StringVar(&metric, "metric", "", "euclidean, cosine or dot (default: the space's own)")
	f.StringSliceVar(&in, "in", nil, "ask in these spaces too")
	f.StringVar(&engine, "engine", "local", "local (exact), or elasticsearch: an index of the space")
	f.StringSliceVar(&indices, "index", nil, "which index, one for each space (default: the best of the space)")
	f.StringVar(&where, "where", "", "with elasticsearch: only rows whose columns fit, such as label=3 or size>2; several with commas")
	return cmd
}

func (a *app) neighbourTable(n wire.Neighbours) {
	how := ""
	if n.Engine != "" {
		how = ", by the index " + n.Index
		if n.Approximate {
			how += ", which may miss some"
		}
	}
	a.table(fmt.Sprintf("%s: nearest to '%s' (row %d), %s%s", n.Space, *n.ID, *n.Row, n.Metric, how), len(n.Neighbours), "row id distance", func(i int) []any {
		return []any{n.Neighbours[i].Row, n.Neighbours[i].ID, fmt.Sprintf("%.6g", n.Neighbours[i].Distance)}
	})
}
