package workspace

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/wire"
)

// AddExperiment tracks a model with its parameters. The same again is no error; something else under
// a taken name is a conflict unless Replace is set.
func (w *Workspace) AddExperiment(ctx context.Context, req wire.AddExperiment) (wire.AddedExperiment, error) {
	want, err := wantedExperiment(req)
	if err != nil {
		return wire.AddedExperiment{}, err
	}
	var reply wire.AddedExperiment
	err = w.book.Update(ctx, func(tx Tx) (err error) {
		reply.Experiment, reply.Created, err = settleExperiment(tx, want, req.Replace)
		return err
	})
	return reply, err
}

// experimentWish is an experiment as asked for: nil fields were not said.
type experimentWish struct {
	name      string
	model     *string
	train     *string
	params    json.RawMessage
	gitCommit *string
}

func wantedExperiment(req wire.AddExperiment) (experimentWish, error) {
	wish := experimentWish{name: req.Name}
	if err := catalog.CheckName("experiment", req.Name); err != nil {
		return wish, err
	}
	if req.Model != "" {
		wish.model = &req.Model
	}
	if req.TrainDataset != "" {
		wish.train = &req.TrainDataset
	}
	if req.GitCommit != "" {
		wish.gitCommit = &req.GitCommit
	}
	if len(bytes.TrimSpace(req.Params)) == 0 || string(bytes.TrimSpace(req.Params)) == "null" {
		return wish, nil
	}
	var err error
	wish.params, err = canonicalParams(req.Params)
	return wish, err
}

// canonicalParams checks that params are a JSON object and writes it with sorted keys, so that equal
// parameters are equal bytes. Numbers stay as they were written.
func canonicalParams(raw []byte) (json.RawMessage, error) {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var object map[string]any
	if err := decoder.Decode(&object); err != nil || object == nil {
		return nil, catalog.Errorf(catalog.Invalid, "the parameters are not a JSON object: %s", paramsFault(raw, err)).
			WithHint(`for example --params '{"lr": 0.01}' or the path of a .json file`)
	}
	if decoder.More() {
		return nil, catalog.Errorf(catalog.Invalid, "the parameters hold more than one JSON object")
	}
	return json.Marshal(object)
}

func paramsFault(raw []byte, err error) string {
	if err != nil {
		return err.Error()
	}
	return "it is " + strings.TrimSpace(string(raw))
}

// settleExperiment makes the wish current, or finds that it is already.
func settleExperiment(tx Tx, wish experimentWish, replace bool) (catalog.Experiment, bool, error) {
	old, ok, err := tx.Experiment(wish.name)
	if err != nil {
		return old, false, err
	}
	var differs []string
	if ok {
		if differs = wish.differences(old); len(differs) == 0 {
			return old, false, nil
		}
		if !replace {
			return old, false, catalog.Errorf(catalog.Conflict, "an experiment named '%s' is tracked with another %s", wish.name, strings.Join(differs, " and ")).
				WithHint("choose another name, or --replace it")
		}
	}
	var trainID *int64
	if wish.train != nil {
		train, err := mustDataset(tx, *wish.train)
		if err != nil {
			return old, false, err
		}
		trainID = &train.ID
	}
	if ok {
		if err := tx.SupersedeExperiment(old.ID, now()); err != nil {
			return old, false, err
		}
	}
	e := catalog.Experiment{Name: wish.name, Model: wish.name, TrainDataset: wish.train, Params: json.RawMessage("{}"), GitCommit: wish.gitCommit, CreatedAt: now()}
	if wish.model != nil {
		e.Model = *wish.model
	}
	if wish.params != nil {
		e.Params = wish.params
	}
	return e, true, errors.Join(tx.InsertExperiment(&e, trainID), note(tx, verb(ok), "experiment", e.Name, e.Model))
}

// differences names what was asked for and is otherwise in old. The commit is no difference: it moves
// on while a model stays the same.
func (w experimentWish) differences(old catalog.Experiment) []string {
	var list []string
	if w.model != nil && *w.model != old.Model {
		list = append(list, "model ('"+old.Model+"')")
	}
	if w.train != nil && (old.TrainDataset == nil || *w.train != *old.TrainDataset) {
		list = append(list, "train dataset")
	}
	if w.params != nil && !bytes.Equal(w.params, old.Params) {
		list = append(list, "set of parameters")
	}
	return list
}

// Experiments lists the experiments.
func (w *Workspace) Experiments(ctx context.Context) (list []catalog.Experiment, err error) {
	err = w.book.View(ctx, func(tx Tx) error { list, err = tx.Experiments(); return err })
	return list, err
}

// Experiment gives one experiment.
func (w *Workspace) Experiment(ctx context.Context, name string) (e catalog.Experiment, err error) {
	err = w.book.View(ctx, func(tx Tx) error { e, err = mustExperiment(tx, name); return err })
	return e, err
}
