package main

import (
	"encoding/xml"
	"fmt"
	"math"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pentoai/vectory/internal/wire"
)

// minGroupRows is how many rows a group needs to be held against a gate: below, its score says little.
const minGroupRows = 30

// gates are what a pipeline asks of a comparison, and where it wants the answer.
type gates struct {
	minOverlap, minJaccard, maxDrop, failOnGroup float64
	junit, markdown                              string
	asked                                        map[string]bool
}

func (g *gates) flags(f *pflag.FlagSet) {
	f.Float64Var(&g.minOverlap, "min-overlap", 0, "exit 3 when the mean overlap is less")
	f.Float64Var(&g.minJaccard, "min-jaccard", 0, "exit 3 when the mean Jaccard is less")
	f.Float64Var(&g.maxDrop, "max-drop", 0, "exit 3 when the mean Jaccard is more than this below the floor (--floor; else below 1)")
	f.Float64Var(&g.failOnGroup, "fail-on-group", 0, "exit 3 when a group of 30 rows or more (--by) has a lower mean Jaccard")
	f.StringVar(&g.junit, "junit", "", "write the gates to this file as JUnit XML")
	f.StringVar(&g.markdown, "markdown", "", "write the comparison and its gates to this file as Markdown")
}

// usable refuses gates that cannot be.
func (g *gates) usable(cmd *cobra.Command, by []string) error {
	g.asked = map[string]bool{}
	for name, value := range map[string]float64{"min-overlap": g.minOverlap, "min-jaccard": g.minJaccard, "max-drop": g.maxDrop, "fail-on-group": g.failOnGroup} {
		g.asked[name] = cmd.Flags().Changed(name)
		if g.asked[name] && !(value >= 0 && value <= 1) {
			return usage("--%s %g is not between 0 and 1", name, value)
		}
	}
	if g.asked["fail-on-group"] && len(by) == 0 {
		return usage("--fail-on-group needs groups: name a column with --by")
	}
	return nil
}

// gate is one condition and how it stands.
type gate struct {
	name string
	met  bool
	text string
}

// list holds the comparison against every gate that was asked for.
func (g *gates) list(c wire.Comparison) (list []gate) {
	add := func(name string, at, value float64, met bool) {
		list = append(list, gate{fmt.Sprintf("--%s %g", name, at), met, fmt.Sprintf("it is %.6f", value)})
	}
	if g.asked["min-overlap"] {
		add("min-overlap", g.minOverlap, c.Overlap.Mean, c.Overlap.Mean >= g.minOverlap)
	}
	if g.asked["min-jaccard"] {
		add("min-jaccard", g.minJaccard, c.Jaccard.Mean, c.Jaccard.Mean >= g.minJaccard)
	}
	if g.asked["max-drop"] {
		from := 1.0
		if c.Floor != nil {
			from = c.Floor.Jaccard.Mean
		}
		add("max-drop", g.maxDrop, from-c.Jaccard.Mean, from-c.Jaccard.Mean <= g.maxDrop)
	}
	if g.asked["fail-on-group"] {
		list = append(list, g.groups(c))
	}
	return list
}

// groups finds the groups below the gate.
func (g *gates) groups(c wire.Comparison) gate {
	out := gate{name: fmt.Sprintf("--fail-on-group %g", g.failOnGroup), met: true}
	lowest := math.Inf(1)
	var below []string
	for _, group := range c.Groups {
		if group.Rows < minGroupRows {
			continue
		}
		lowest = min(lowest, group.Jaccard)
		if group.Jaccard < g.failOnGroup {
			below = append(below, fmt.Sprintf("%s=%s (%.6f, %d rows)", group.Column, group.Value, group.Jaccard, group.Rows))
		}
	}
	switch {
	case len(below) > 0:
		out.met, out.text = false, "below it: "+strings.Join(below, ", ")
	case math.IsInf(lowest, 1):
		out.text = "no group has 30 rows"
	default:
		out.text = fmt.Sprintf("the lowest group has %.6f", lowest)
	}
	return out
}

// check turns gates that are not met into exit 3.
func (g *gates) check(c wire.Comparison) error {
	var missed []string
	for _, one := range g.list(c) {
		if !one.met {
			missed = append(missed, fmt.Sprintf("the gate %s was not met: %s", one.name, one.text))
		}
	}
	if len(missed) == 0 {
		return nil
	}
	return exitError{exitGate, fmt.Errorf("%s", strings.Join(missed, "; "))}
}

// write puts the answer into the files that were asked for.
func (g *gates) write(c wire.Comparison) error {
	for _, file := range []struct {
		path string
		text func(wire.Comparison) ([]byte, error)
	}{{g.junit, g.junitText}, {g.markdown, g.markdownText}} {
		if file.path == "" {
			continue
		}
		text, err := file.text(c)
		if err != nil {
			return err
		}
		if err := os.WriteFile(file.path, text, 0o644); err != nil { //nolint:gosec // a report, for others to read
			return fmt.Errorf("the report cannot be written: %w", err)
		}
	}
	return nil
}

type junitSuite struct {
	XMLName  xml.Name    `xml:"testsuite"`
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Time     float64     `xml:"time,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Failure *junitFailure `xml:"failure"`
	Out     string        `xml:"system-out,omitempty"`
}

type junitFailure struct {
	Message string `xml:"message,attr"`
}

// junitText is one test case for each gate.
func (g *gates) junitText(c wire.Comparison) ([]byte, error) {
	suite := junitSuite{Name: "vectory compare", Time: c.TookS}
	for _, one := range g.list(c) {
		item := junitCase{Class: c.A + " vs " + c.B, Name: one.name, Out: one.text}
		if !one.met {
			suite.Failures++
			item.Failure = &junitFailure{one.text}
		}
		suite.Cases = append(suite.Cases, item)
	}
	suite.Tests = len(suite.Cases)
	text, err := xml.MarshalIndent(suite, "", "  ")
	return append([]byte(xml.Header), append(text, '\n')...), err
}

// markdownText is what a person reads beside a change.
func (g *gates) markdownText(c wire.Comparison) ([]byte, error) {
	var b strings.Builder
	cell := strings.NewReplacer("|", `\|`, "\n", " ", "<", "&lt;").Replace
	fmt.Fprintf(&b, "### `%s` against `%s`\n\n%d rows, k=%d, %s and %s\n\n", cell(c.A), cell(c.B), c.Rows, c.K, c.MetricA, c.MetricB)
	fmt.Fprintf(&b, "| | value | chance | 95 %% interval |\n|---|---:|---:|---:|\n")
	interval := "–"
	if ci := c.Jaccard.CI95; ci != nil {
		interval = fmt.Sprintf("%.4f to %.4f", ci[0], ci[1])
	}
	fmt.Fprintf(&b, "| Jaccard | **%.4f** | %.4f | %s |\n| overlap | %.4f | %.4f | |\n", c.Jaccard.Mean, c.Jaccard.Chance, interval, c.Overlap.Mean, c.Overlap.Chance)
	if c.Floor != nil {
		fmt.Fprintf(&b, "| floor: `%s` | %.4f | | |\n", cell(c.Floor.With), c.Floor.Jaccard.Mean)
	}
	if list := g.list(c); len(list) > 0 {
		fmt.Fprintf(&b, "\n| gate | | |\n|---|---|---|\n")
		for _, one := range list {
			mark := "met"
			if !one.met {
				mark = "**not met**"
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", one.name, mark, cell(one.text))
		}
	}
	if len(c.Groups) > 0 {
		fmt.Fprintf(&b, "\n| group | rows | Jaccard |\n|---|---:|---:|\n")
		for _, group := range c.Groups {
			fmt.Fprintf(&b, "| %s=%s | %d | %.4f |\n", cell(group.Column), cell(group.Value), group.Rows, group.Jaccard)
		}
	}
	for _, warning := range c.Warnings {
		fmt.Fprintf(&b, "\n> %s\n", cell(warning))
	}
	return []byte(b.String()), nil
}
