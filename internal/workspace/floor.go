package workspace

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/jobs"
	"github.com/pentoai/vectory/internal/wire"
)

// maxRuns bounds the runs of a floor: every pair of them is compared.
const maxRuns = 10

// Floor tells how much runs of one model differ, A of a kept comparison and those that are named, or gives the job that finds
// it out: every pair of runs is compared as the comparison was, in A's metric. A name is that of a space, or of an experiment,
// which stands for its spaces of A's dataset and step.
func (w *Workspace) Floor(ctx context.Context, key string, names []string) (wire.FloorReply, error) {
	kept, err := w.mustComparison(ctx, key)
	if err != nil {
		return wire.FloorReply{}, err
	}
	runs, err := w.runs(ctx, key, names)
	if err != nil {
		return wire.FloorReply{}, err
	}
	req := wire.CompareRequest{MetricA: string(kept.MetricA), MetricB: string(kept.MetricA), K: kept.K, Measures: []string{"jaccard"}, Engine: kept.Engine, Exact: kept.Exact}
	if kept.Preset != nil {
		req.Preset = *kept.Preset
	}
	if kept.SampledRows != nil {
		req.Sample, req.Exact = *kept.SampledRows, false
	}
	var pairs []*comparing
	all := sha256.New()
	for i, a := range runs {
		for _, b := range runs[i+1:] {
			req.A, req.B = a, b
			c, err := w.wantedComparison(ctx, req)
			if err != nil {
				return wire.FloorReply{}, err
			}
			fmt.Fprintln(all, a, b, c.key())
			pairs = append(pairs, c)
		}
	}
	same := hex.EncodeToString(all.Sum(nil))
	if floor, ok := w.floors.get(same); ok {
		return wire.FloorReply{Floor: &floor}, nil
	}
	job, err := w.jobs.Submit(jobs.Wanted{Kind: "floor", Title: strings.Join(runs, ", "), Same: same}, func(ctx context.Context, report jobs.Report) (string, error) {
		floor, err := w.makeFloor(ctx, pairs, report)
		if err == nil {
			floor.With = strings.Join(runs[1:], ", ")
			w.floors.put(same, floor)
		}
		return same, err
	})
	return wire.FloorReply{Job: &job}, err
}

// makeFloor compares the pairs that were not, and sums them up.
func (w *Workspace) makeFloor(ctx context.Context, pairs []*comparing, report jobs.Report) (wire.Floor, error) {
	floor := wire.Floor{Pairs: []wire.FloorPair{}}
	count := float64(len(pairs))
	for at, c := range pairs {
		kept, err := w.keptComparison(ctx, c.key())
		if err == nil && kept == nil {
			if err = w.makeComparison(ctx, c, func(stage string, p float64) { report(stage, (float64(at)+p)/count) }); err == nil {
				kept, err = w.keptComparison(ctx, c.key())
			}
		}
		if err == nil && kept == nil {
			err = gone(nil)
		}
		if err != nil {
			return floor, err
		}
		score := kept.Jaccard
		floor.Pairs = append(floor.Pairs, wire.FloorPair{A: c.a.space.Name, B: c.b.space.Name, Jaccard: score.Mean})
		if len(pairs) == 1 {
			floor.Jaccard, floor.Range = score, [2]float64{score.Mean, score.Mean}
			return floor, nil
		}
		floor.Jaccard.Mean += score.Mean / count
		floor.Jaccard.Chance += score.Chance / count
	}
	scores := make([]float64, len(pairs))
	for at, pair := range floor.Pairs {
		scores[at] = pair.Jaccard
	}
	floor.Range = [2]float64{slices.Min(scores), slices.Max(scores)}
	if chance := floor.Jaccard.Chance; chance < 1 {
		floor.Jaccard.Adjusted = ref((floor.Jaccard.Mean - chance) / (1 - chance))
	}
	return floor, nil
}

// runs are the spaces that are compared: A of the comparison, then those that are named.
func (w *Workspace) runs(ctx context.Context, key string, names []string) (runs []string, err error) {
	err = w.book.View(ctx, func(tx Tx) error {
		row, ok, err := tx.Comparison(key)
		if err != nil || !ok {
			return gone(err)
		}
		a, ok, err := tx.SpaceByID(row.AID)
		if err != nil || !ok {
			return gone(err)
		}
		runs = []string{a.Name}
		for _, name := range names {
			some, err := runsOf(tx, a, name)
			if err != nil {
				return err
			}
			runs = append(runs, some...)
		}
		return nil
	})
	switch {
	case err != nil:
		return nil, err
	case len(runs) < 2:
		return nil, catalog.Errorf(catalog.Invalid, "no other run of '%s' is named", runs[0])
	case len(runs) > maxRuns:
		return nil, catalog.Errorf(catalog.Invalid, "%d runs are too many: every pair of them would be compared", len(runs)).WithHint("name at most %d besides '%s'", maxRuns-1, runs[0])
	}
	return runs, nil
}

// runsOf are the spaces that a name stands for.
func runsOf(tx Tx, a catalog.Space, name string) (runs []string, err error) {
	space, ok, err := tx.Space(name)
	if err != nil {
		return nil, err
	}
	if ok {
		return []string{space.Name}, nil
	}
	experiment, ok, err := tx.Experiment(name)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, catalog.Errorf(catalog.NotFound, "no space or experiment is called '%s'", name).WithHint("see: vectory ls spaces, vectory ls experiments")
	}
	spaces, err := tx.SpacesOfExperiment(experiment.ID)
	for _, s := range spaces {
		sameStep := a.Step == nil || s.Step != nil && *s.Step == *a.Step
		if s.ID != a.ID && s.Rows == a.Rows && sameStep && (a.Dataset == nil) == (s.Dataset == nil) && (a.Dataset == nil || *a.Dataset == *s.Dataset) {
			runs = append(runs, s.Name)
		}
	}
	if err == nil && len(runs) == 0 {
		err = catalog.Errorf(catalog.NotFound, "experiment '%s' has no other space of the dataset and step of '%s'", name, a.Name).WithHint("name the spaces: --floor=A2,A3")
	}
	return runs, err
}
