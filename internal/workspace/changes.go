package workspace

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pentoai/vectory/internal/wire"
)

// Changes tells in words what differs between two spaces and what made them.
func (w *Workspace) Changes(ctx context.Context, from, to string) (wire.Changes, error) {
	reply := wire.Changes{From: from, To: to, Changes: []wire.Change{}}
	a, err := w.Space(ctx, from)
	if err != nil {
		return reply, err
	}
	b, err := w.Space(ctx, to)
	if err != nil {
		return reply, err
	}
	add := func(what, before, after string) {
		if before != after {
			reply.Changes = append(reply.Changes, wire.Change{What: what, From: before, To: after})
		}
	}
	add("rows", fmt.Sprint(a.Rows), fmt.Sprint(b.Rows))
	add("dimensions", fmt.Sprint(a.Dims), fmt.Sprint(b.Dims))
	add("vectors", a.SHA256[:12], b.SHA256[:12])
	add("metric", string(a.Metric), string(b.Metric))
	add("type handed in", a.DtypeIn, b.DtypeIn)
	add("step", orNone(a.Step), orNone(b.Step))
	add("dataset", orNone(a.Dataset), orNone(b.Dataset))
	if da, db := a.Lineage.Dataset, b.Lineage.Dataset; da != nil && db != nil {
		add("content of the dataset", da.SHA256[:12], db.SHA256[:12])
		add("columns of the dataset", strings.Join(da.Columns, ", "), strings.Join(db.Columns, ", "))
	}
	add("experiment", orNone(a.Experiment), orNone(b.Experiment))
	if ea, eb := a.Lineage.Experiment, b.Lineage.Experiment; ea != nil && eb != nil {
		add("model", ea.Model, eb.Model)
		add("train dataset", orNone(ea.TrainDataset), orNone(eb.TrainDataset))
		add("commit", orNone(ea.GitCommit), orNone(eb.GitCommit))
		addKeys(add, "parameter ", ea.Params, eb.Params)
		addKeys(add, "environment ", ea.Environment, eb.Environment)
	}
	add("rows of zeros", fmt.Sprint(a.Health.ZeroRows), fmt.Sprint(b.Health.ZeroRows))
	add("duplicate rows", fmt.Sprint(a.Health.DuplicateRows), fmt.Sprint(b.Health.DuplicateRows))
	add("columns of one value", fmt.Sprint(a.Health.ConstantDims), fmt.Sprint(b.Health.ConstantDims))
	if sa, sb := a.Health.Spread, b.Health.Spread; sa != nil && sb != nil {
		add("columns that hardly vary", fmt.Sprint(sa.WeakDims), fmt.Sprint(sb.WeakDims))
		add("effective rank", fmt.Sprintf("%.3g", sa.EffectiveRank), fmt.Sprintf("%.3g", sb.EffectiveRank))
	}
	reply.Same = len(reply.Changes) == 0
	return reply, nil
}

func orNone[T any](v *T) string {
	if v == nil {
		return "none"
	}
	return fmt.Sprint(*v)
}

// addKeys compares two JSON objects key by key, nested ones with dots.
func addKeys(add func(what, before, after string), prefix string, a, b json.RawMessage) {
	before, after := map[string]string{}, map[string]string{}
	flatten(before, "", a)
	flatten(after, "", b)
	keys := slices.Sorted(maps.Keys(before))
	for key := range after {
		if _, ok := before[key]; !ok {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	for _, key := range keys {
		x, okX := before[key]
		y, okY := after[key]
		if !okX {
			x = "none"
		}
		if !okY {
			y = "none"
		}
		add(prefix+key, x, y)
	}
}

func flatten(into map[string]string, prefix string, raw json.RawMessage) {
	var object map[string]json.RawMessage
	if json.Unmarshal(raw, &object) != nil {
		var v any
		if json.Unmarshal(raw, &v) == nil {
			into[strings.TrimSuffix(prefix, ".")] = plain(v)
		}
		return
	}
	for key, value := range object {
		flatten(into, prefix+key+".", value)
	}
}
