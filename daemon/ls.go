package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/client"
	"github.com/pentoai/vectory/internal/wire"
)

func (a *app) ls() *cobra.Command {
	kinds := []string{"datasets", "experiments", "spaces", "indices", "comparisons", "jobs"}
	var where string
	cmd := &cobra.Command{Use: "ls [" + strings.Join(kinds, "|") + "]", Short: "List what is tracked", ValidArgs: kinds,
		Example: "  vectory ls experiments --where 'params.lr<0.01, model=resnet50'",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 || len(args) == 1 && !strings.Contains(" "+strings.Join(kinds, " ")+" ", " "+args[0]+" ") {
				return usage("ls takes one of: %s", strings.Join(kinds, ", "))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if where != "" && (len(args) == 0 || args[0] != "experiments") {
				return usage("--where picks experiments: vectory ls experiments --where '%s'", where)
			}
			c, err := a.client(cmd.Context())
			if err != nil {
				return err
			}
			if where != "" {
				list, err := c.Experiments(cmd.Context(), where)
				return a.listing(list, err, func() { a.tables(wire.Lists{Experiments: list.Experiments}, "experiments") })
			}
			if len(args) == 1 && args[0] == "comparisons" {
				list, err := c.Comparisons(cmd.Context())
				return a.listing(list, err, func() { a.comparisonTable(list.Comparisons) })
			}
			if len(args) == 1 && args[0] == "jobs" {
				list, err := c.Jobs(cmd.Context())
				return a.listing(list, err, func() { a.jobTable(list.Jobs) })
			}
			all, err := c.List(cmd.Context())
			if err != nil {
				return err
			}
			if len(args) == 0 {
				return a.listing(all, nil, func() { a.tables(all, "datasets", "experiments", "spaces", "indices") })
			}
			one := map[string]any{"datasets": all.Datasets, "experiments": all.Experiments, "spaces": all.Spaces, "indices": all.Indices}[args[0]]
			return a.listing(map[string]any{args[0]: one}, nil, func() { a.tables(all, args[0]) })
		}}
	cmd.Flags().StringVar(&where, "where", "", "experiments that fit all conditions: a field or a parameter, =, !=, <, <=, > or >=, a value; several with commas")
	return cmd
}

func (a *app) listing(v any, err error, table func()) error {
	if err != nil {
		return err
	}
	if a.json {
		return a.writeJSON(v)
	}
	table()
	return nil
}

// table prints rows under a title; without rows it says so.
func (a *app) table(title string, rows int, header string, row func(i int) []any) {
	a.printf("%s\n", title)
	if rows == 0 {
		a.printf("  No rows\n\n")
		return
	}
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "  "+strings.ReplaceAll(header, " ", "\t"))
	for i := range rows {
		cells := row(i)
		text := make([]string, len(cells))
		for j, cell := range cells {
			text[j] = fmt.Sprint(cell)
		}
		fmt.Fprintln(w, "  "+strings.Join(text, "\t"))
	}
	_ = w.Flush()
	a.printf("\n")
}

func orDash[T any](p *T) any {
	if p == nil {
		return "-"
	}
	return *p
}

func (a *app) tables(all wire.Lists, kinds ...string) {
	for _, kind := range kinds {
		switch kind {
		case "datasets":
			a.table("Datasets", len(all.Datasets), "name rows id_field columns", func(i int) []any {
				d := all.Datasets[i]
				return []any{d.Name, d.Rows, orDash(d.IDField), strings.Join(d.Columns, ",")}
			})
		case "experiments":
			a.table("Experiments", len(all.Experiments), "name model train_dataset params", func(i int) []any {
				e := all.Experiments[i]
				return []any{e.Name, e.Model, orDash(e.TrainDataset), string(e.Params)}
			})
		case "spaces":
			a.table("Spaces", len(all.Spaces), "name rows dims metric dataset experiment step health", func(i int) []any {
				s := all.Spaces[i]
				return []any{s.Name, s.Rows, s.Dims, s.Metric, orDash(s.Dataset), orDash(s.Experiment), orDash(s.Step), healthText(s.Health, s.Rows, s.Dims)}
			})
		case "indices":
			a.indexTable(all.Indices)
		}
	}
}

// healthText says in a few words what was noticed about the values.
func healthText(h catalog.Health, rows, dims int) string {
	var list []string
	for _, f := range []struct {
		n    int
		what string
	}{{h.ZeroRows, "zero rows"}, {h.DuplicateRows, "duplicate rows"}, {h.ConstantDims, "constant dims"}} {
		if f.n > 0 {
			list = append(list, fmt.Sprintf("%s: %d", f.what, f.n))
		}
	}
	if h.OddNorms(rows) {
		list = append(list, fmt.Sprintf("norms: %.3g to %.3g", h.NormMin, h.NormMax))
	}
	if h.EqualNorms() && !h.UnitRows() && rows > 1 {
		list = append(list, fmt.Sprintf("equal norms: %.3g", h.NormMax))
	}
	if h.Spread != nil && h.Spread.WeakDims > 0 {
		list = append(list, fmt.Sprintf("weak dims: %d", h.Spread.WeakDims))
	}
	if h.AlikeRows() {
		list = append(list, fmt.Sprintf("rows nearly equal: spread %.2g", h.Spread.Share))
	}
	switch rank, effective := h.FewDirections(); {
	case rank:
		list = append(list, fmt.Sprintf("rank: %d of %d", h.Spread.Rank, dims))
	case effective:
		list = append(list, fmt.Sprintf("effective rank: %.2g of %d", h.Spread.EffectiveRank, dims))
	}
	if len(list) == 0 {
		return "ok"
	}
	return strings.Join(list, ", ")
}

func (a *app) comparisonTable(list []wire.Comparison) {
	a.table("Comparisons", len(list), "a b k metrics rows jaccard chance with key", func(i int) []any {
		c := list[i]
		return []any{c.A, c.B, c.K, string(c.MetricA) + "/" + string(c.MetricB), c.Rows, fmt.Sprintf("%.4f", c.Jaccard.Mean), fmt.Sprintf("%.4f", c.Jaccard.Chance), askedText(c), c.Key[:12]}
	})
}

// askedText says what else was asked of a comparison: what tells it from another of the same spaces, k and metrics.
func askedText(c wire.Comparison) string {
	var list []string
	if c.Preset != nil {
		list = append(list, "preset "+*c.Preset)
	}
	if c.SampledRows != nil {
		list = append(list, fmt.Sprintf("a sample of %d", *c.SampledRows))
	}
	if c.Engine != "local" {
		list = append(list, strings.TrimRight(c.Engine+" "+c.IndexA+" "+c.IndexB, " "))
	}
	var columns []string
	for _, g := range c.Groups {
		if !slices.Contains(columns, g.Column) {
			columns = append(columns, g.Column)
		}
	}
	if len(columns) > 0 {
		list = append(list, "by "+strings.Join(columns, ", "))
	}
	const few = 2 // measures, told by name
	switch n := len(c.Measures); {
	case n > few:
		list = append(list, fmt.Sprintf("%d measures", n))
	case n > 0:
		list = append(list, "measured: "+strings.Join(slices.Sorted(maps.Keys(c.Measures)), ", "))
	}
	return strings.Join(list, "; ")
}

func (a *app) jobTable(list []wire.Job) {
	a.table("Jobs", len(list), "id kind title state progress stage", func(i int) []any {
		j := list[i]
		return []any{j.ID, j.Kind, j.Title, j.State, fmt.Sprintf("%.0f%%", 100*j.Progress), j.Stage}
	})
}

func (a *app) show() *cobra.Command {
	var duplicates bool
	cmd := &cobra.Command{Use: "show NAME [OTHER]", Short: "Show a space, dataset or experiment in full; with two spaces, what differs",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 && len(args) != 2 {
				return usage("show takes a name, or the names of two spaces")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.client(cmd.Context())
			if err != nil {
				return err
			}
			if duplicates {
				if len(args) == 2 {
					return usage("--duplicates is of one space")
				}
				d, err := c.Duplicates(cmd.Context(), args[0])
				return a.listing(d, err, func() { a.tellDuplicates(d) })
			}
			if len(args) == 2 {
				changes, err := c.Changes(cmd.Context(), args[0], args[1])
				return a.listing(changes, err, func() { a.tellChanges(changes) })
			}
			var missing error
			for _, kind := range []client.Kind{client.Spaces, client.Datasets, client.Experiments} {
				var thing json.RawMessage
				err := c.Show(cmd.Context(), kind, args[0], &thing)
				if catalog.CodeOf(err) == catalog.NotFound {
					if missing == nil {
						missing = err
					}
					continue
				}
				if err != nil {
					return err
				}
				return a.showThing(thing)
			}
			return missing
		}}
	cmd.Flags().BoolVar(&duplicates, "duplicates", false, "of a space: which rows hold the very same values, the hundred largest groups")
	return cmd
}

func (a *app) tellDuplicates(d wire.Duplicates) {
	a.printf("%d of %d rows of '%s' repeat an earlier row exactly, in %d groups\n", d.DuplicateRows, d.Rows, d.Space, d.GroupsTotal)
	const few = 8
	for _, g := range d.Groups {
		more := ""
		if g.Size > few {
			more = ", …"
		}
		a.printf("  %d rows: %s%s\n", g.Size, strings.Join(g.IDs[:min(few, len(g.IDs))], ", "), more)
	}
	if left := d.GroupsTotal - len(d.Groups); left > 0 {
		a.printf("  and %d smaller groups\n", left)
	}
}

func (a *app) tellChanges(changes wire.Changes) {
	if changes.Same {
		a.printf("nothing differs between '%s' and '%s'\n", changes.From, changes.To)
		return
	}
	a.printf("from '%s' to '%s':\n", changes.From, changes.To)
	const wide = 24 // longer ones stand on lines of their own
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	for _, c := range changes.Changes {
		if len(c.From) <= wide && len(c.To) <= wide {
			fmt.Fprintf(w, "  %s\t%s\t→ %s\n", c.What, c.From, c.To)
		}
	}
	_ = w.Flush()
	for _, c := range changes.Changes {
		if len(c.From) > wide || len(c.To) > wide {
			a.printf("  %s\n      %s\n    → %s\n", c.What, c.From, c.To)
		}
	}
}

// showThing prints the JSON document, indented for a person.
func (a *app) showThing(thing json.RawMessage) error {
	if a.json {
		return a.writeJSON(thing)
	}
	out := json.NewEncoder(a.stdout)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	return out.Encode(thing)
}

// remove makes `vectory dataset|experiment|embeddings delete NAME`.
func (a *app) remove(noun string, kind client.Kind) *cobra.Command {
	parent := &cobra.Command{Use: noun, Short: "Delete: vectory " + noun + " delete NAME"}
	var recursive, yes, dryRun bool
	cmd := &cobra.Command{Use: "delete NAME", Short: "Delete one, with its history", Args: exactly(1, "a name"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.client(cmd.Context())
			if err != nil {
				return err
			}
			if dryRun {
				plan, err := c.Delete(cmd.Context(), kind, args[0], true, true)
				return a.listing(plan, err, func() {
					for _, t := range plan.Deleted {
						a.printf("would delete %s '%s'\n", t.Kind, t.Name)
					}
				})
			}
			if recursive && !yes {
				plan, err := c.Delete(cmd.Context(), kind, args[0], true, true)
				if err != nil {
					return err
				}
				if err := a.confirm(plan); err != nil {
					return err
				}
			}
			deleted, err := c.Delete(cmd.Context(), kind, args[0], recursive, false)
			if err != nil {
				return err
			}
			if a.json {
				return a.writeJSON(deleted)
			}
			for _, t := range deleted.Deleted {
				a.printf("deleted %s '%s'\n", t.Kind, t.Name)
			}
			return nil
		}}
	cmd.Flags().BoolVar(&recursive, "recursive", false, "delete what depends on it too")
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "tell what would go, dependants too, and change nothing")
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "do not ask")
	parent.AddCommand(cmd)
	return parent
}

// confirm shows what would go and asks; with nobody to ask it goes on only for a single thing.
func (a *app) confirm(plan wire.Deleted) error {
	if len(plan.Deleted) <= 1 {
		return nil
	}
	for _, t := range plan.Deleted {
		a.note("  %s '%s'", t.Kind, t.Name)
	}
	if !isTerminal(os.Stdin) {
		return catalog.Errorf(catalog.Invalid, "this would delete the %d things above", len(plan.Deleted)).WithHint("say --yes to delete them")
	}
	fmt.Fprintf(a.stderr, "Delete these %d things? [y/N] ", len(plan.Deleted))
	answer, _ := bufio.NewReader(os.Stdin).ReadString('\n')
	if strings.ToLower(strings.TrimSpace(answer)) != "y" {
		return exitError{exitFailed, errors.New("nothing was deleted")}
	}
	return nil
}
