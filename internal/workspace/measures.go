package workspace

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/measure"
	"github.com/pentoai/vectory/internal/jobs"
	"github.com/pentoai/vectory/internal/wire"
)

// Measures lists what can be measured.
func (w *Workspace) Measures() wire.MeasureList {
	list := wire.MeasureList{Measures: []wire.MeasureInfo{}}
	for _, info := range measure.Registry {
		sent := wire.MeasureInfo{Name: info.Name, Of: info.Of, Meaning: info.Meaning, Range: info.Range, Better: info.Better, Needs: info.Needs,
			Ignores: info.Ignores, Source: info.Source, Rows: info.Rows, Exact: info.Sample == ""}
		if info.Sample != "" {
			sent.Sample = &info.Sample
		}
		list.Measures = append(list.Measures, sent)
	}
	return list
}

// usual are the measures of a comparison when nobody names any: what is quick.
var usual = []string{"r_nx", "r_nx_auc", "rbo", "rank_similarity", "joint_rank_jaccard", "cka", "cka_debiased", "procrustes"}

// quickMoments is how many multiplications the usual measures may take unasked: well below a second.
const quickMoments = 3e10

// verbOf says which command gives the measures that are not of a pair.
var verbOf = map[string]string{"space": "vectory grade SPACE", "row": "vectory compare A B --worst 20 --rank-by NAME", "drift": "vectory drift A B"}

// wantedMeasures resolves names; nil: the usual ones.
func wantedMeasures(names []string) ([]string, error) {
	if len(names) == 0 {
		return nil, nil
	}
	var all, list []string
	for _, info := range measure.Registry {
		if info.Of == "pair" {
			all = append(all, info.Name)
		}
	}
	for _, name := range names {
		switch {
		case name == "all":
			return all, nil
		case slices.Contains(all, name):
			list = append(list, name)
		default:
			if info, known := measure.InfoOf(name); known {
				return nil, catalog.Errorf(catalog.Invalid, "'%s' does not measure a pair of spaces: %s", name, info.Meaning).WithHint("ask with: %s", verbOf[info.Of])
			}
			return nil, catalog.Errorf(catalog.Invalid, "unknown measure '%s'", name).WithHint("one of %s, or all", strings.Join(all, ", "))
		}
	}
	slices.Sort(list)
	return slices.Compact(list), nil
}

// measures computes what the comparison was asked for, beside the headline.
func (w *Workspace) measures(ctx context.Context, c *comparing, m *measured, report jobs.Report) (map[string]wire.Measure, error) {
	names, asked := c.measures, true
	if names == nil {
		names, asked = usual, false
	}
	want := func(name string) bool { return slices.Contains(names, name) }
	results := map[string]measure.Result{}
	take := func(more map[string]measure.Result, err error) error {
		for name, r := range more {
			if want(name) {
				results[name] = r
			}
		}
		return err
	}
	report("measures of neighbours", 0)
	lists, err := measure.Lists(m.a, m.b, c.listed())
	if err != nil {
		return nil, err
	}
	maps.Copy(lists, m.headline())
	if asked {
		if err := measure.NullOfLists(lists, m.a, m.b, c.listed(), w.measuring()); err != nil {
			return nil, err
		}
	}
	if err := take(lists, nil); err != nil {
		return nil, err
	}
	if err := w.ofRows(ctx, m, want, asked, take); err != nil {
		return nil, err
	}
	if want("cka_rbf") {
		found, err := measure.RBFCKA(ctx, m.ofA.x, m.ofB.x, w.measuring())
		if err := take(map[string]measure.Result{"cka_rbf": found}, err); err != nil {
			return nil, err
		}
	}
	if want("distance_correlation") {
		found, err := measure.DistanceCorrelation(ctx, m.ofA.x, m.ofB.x, w.measuring())
		if err := take(map[string]measure.Result{"distance_correlation": found}, err); err != nil {
			return nil, err
		}
	}
	if want("rsa") {
		p, err := measure.NewPairwise(ctx, m.ofA.x, m.ofB.x, w.measuring())
		if err != nil {
			return nil, err
		}
		only := func(name string) bool { return name == "rsa" }
		found := p.Pair(only)
		if err := p.Null(found, only, w.measuring()); err != nil {
			return nil, err
		}
		if err := take(found, nil); err != nil {
			return nil, err
		}
	}
	if err := w.imbalances(ctx, m, want, take); err != nil {
		return nil, err
	}
	report("measures of inner products", 0.3)
	if err := w.moments(ctx, m, want, asked, take, results); err != nil {
		return nil, err
	}
	return wireMeasures(results), nil
}

// measuring is what measures may use.
func (w *Workspace) measuring() measure.Machine {
	return measure.Machine{Threads: w.machine.Threads, Kernel: w.machine.Kernel}
}

// measured is what the measures of a comparison read.
type measured struct {
	a, b      *knn.Table
	ofA, ofB  tableOf
	agreement *measure.Agreement
	sums      *measure.Moments // nil: not needed
}

// headline repeats the scores of the agreement under their names.
func (m *measured) headline() map[string]measure.Result {
	of := func(s measure.Score) measure.Result {
		return measure.Result{Value: s.Mean, Chance: &s.Chance, CI95: s.CI95}
	}
	j, o := of(m.agreement.Jaccard), of(m.agreement.Overlap)
	j.Z, o.Z = m.agreement.Z, m.agreement.Z // of the number of shared neighbours
	out := map[string]measure.Result{"jaccard": j, "overlap": o, "r_nx": {Reason: "needs k < rows − 1"}}
	if r := m.agreement.RNX; r != nil {
		scaled := measure.Result{Value: *r, Chance: ref(0.0), Z: m.agreement.Z}
		if ci := o.CI95; ci != nil {
			of, k := m.agreement.Of, m.agreement.K
			scaled.CI95 = &[2]float64{*measure.RNX(ci[0], of, k), *measure.RNX(ci[1], of, k)}
		}
		out["r_nx"] = scaled
	}
	return out
}

// ofRows adds the measures that read the rows beside the lists.
func (w *Workspace) ofRows(ctx context.Context, m *measured, want func(string) bool, asked bool, take func(map[string]measure.Result, error) error) error {
	if !slices.ContainsFunc(measure.RowNames, want) {
		return nil
	}
	rows := measure.NewRows(m.ofA.x, m.ofB.x, m.ofA.metric, m.ofB.metric, m.a.Lists(), w.measuring())
	found, err := rows.Pair(ctx, m.a, m.b, m.agreement.K, want)
	if err == nil && asked {
		err = rows.Null(ctx, found, m.a, m.b, m.agreement.K, want)
	}
	if err != nil {
		return err
	}
	return take(found, nil)
}

func (w *Workspace) imbalances(ctx context.Context, m *measured, want func(string) bool, take func(map[string]measure.Result, error) error) error {
	for _, d := range []struct {
		name     string
		from, to *knn.Table
		of       tableOf
	}{{"imbalance_a_to_b", m.a, m.b, m.ofB}, {"imbalance_b_to_a", m.b, m.a, m.ofA}} {
		if !want(d.name) {
			continue
		}
		r, err := measure.Imbalance(ctx, d.from, d.to, d.of.x, knn.Params{Metric: d.of.metric, Threads: w.machine.Threads, Kernel: w.machine.Kernel})
		if err := take(map[string]measure.Result{d.name: r}, err); err != nil {
			return err
		}
	}
	return nil
}

// moments adds the measures that need every inner product. Unasked they are left for later when they would
// take long.
func (w *Workspace) moments(ctx context.Context, m *measured, want func(string) bool, asked bool, take func(map[string]measure.Result, error) error, results map[string]measure.Result) error {
	var names []string
	for _, info := range measure.Registry {
		if info.Moments && info.Of == "pair" && want(info.Name) {
			names = append(names, info.Name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	if !asked && measure.MomentWork(m.ofA.x.Rows, m.ofA.x.Dims, m.ofB.x.Dims) > quickMoments {
		for _, name := range names {
			results[name] = measure.Result{Reason: "takes longer in spaces of this size: ask for it by its name, " + name}
		}
		return nil
	}
	var err error
	if m.sums, err = w.sumsOf(ctx, m.ofA.content, m.ofB.content, m.ofA.x, m.ofB.x); err != nil {
		return err
	}
	found := m.sums.Pair(want)
	if asked {
		if err := m.sums.Null(ctx, found, m.ofA.x, m.ofB.x, want, w.measuring()); err != nil {
			return err
		}
	}
	return take(found, nil)
}

// keptSums is how many bytes of sums stay in memory.
const keptSums = 128 << 20

// sumsOf gives the sums of two spaces, those made last without another look at the rows: they hang on neither k nor metrics, and
// whoever asks for a pair often asks for more of it.
func (w *Workspace) sumsOf(ctx context.Context, contentA, contentB string, x, y knn.Matrix) (*measure.Moments, error) {
	key := fmt.Sprintf("%s %d %s %d", contentA, x.Dims, contentB, y.Dims)
	if sums, ok := w.lastSums.get(key); ok {
		return sums, nil
	}
	sums, err := measure.NewMoments(ctx, x, y, w.measuring())
	if err == nil && sums.Bytes() <= keptSums {
		w.lastSums.put(key, sums)
	}
	return sums, err
}

// wireMeasures are the results as they travel.
func wireMeasures(results map[string]measure.Result) map[string]wire.Measure {
	out := make(map[string]wire.Measure, len(results))
	for name, r := range results {
		info, _ := measure.InfoOf(name)
		if r.Reason != "" {
			out[name] = wire.Measure{Reason: &r.Reason}
			continue
		}
		sent := wire.Measure{Value: &r.Value, Chance: r.Chance, Adjusted: info.Adjusted(r), Z: r.Z, P: r.P, CI95: r.CI95, Range: info.Range, Ranks: r.Ranks}
		if r.Note != "" {
			sent.Note = &r.Note
		}
		out[name] = sent
	}
	return out
}
