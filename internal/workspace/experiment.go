package workspace

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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
	name        string
	model       *string
	train       *string
	params      json.RawMessage
	gitCommit   *string
	environment json.RawMessage
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
	var err error
	if wish.params, err = canonicalObject("the parameters are", req.Params); err != nil {
		return wish, err
	}
	wish.environment, err = canonicalObject("the environment is", req.Environment)
	return wish, err
}

// canonicalObject checks that raw is a JSON object and writes it with sorted keys, so that equal ones
// are equal bytes. Numbers stay as they were written. nil: nothing was said. what begins an error, as "the parameters are".
func canonicalObject(what string, raw []byte) (json.RawMessage, error) {
	if text := string(bytes.TrimSpace(raw)); text == "" || text == "null" {
		return nil, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var object map[string]any
	if err := decoder.Decode(&object); err != nil || object == nil {
		return nil, catalog.Errorf(catalog.Invalid, "%s not a JSON object: %s", what, objectFault(raw, err)).
			WithHint(`for example --params='{"lr": 0.01}' or the path of a .json file`)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) { // More would take a bracket for an end
		return nil, catalog.Errorf(catalog.Invalid, "%s more than one JSON object: something follows the first, after byte %d", what, decoder.InputOffset())
	}
	if path, at := twice(raw); at > 0 {
		return nil, catalog.Errorf(catalog.Invalid, "%s a JSON object in which %q stands twice, the second time at byte %d", what, path, at).
			WithHint("leave one of them out: it cannot be told which was meant")
	}
	return json.Marshal(object)
}

// twice gives the first key that an object of raw, which is valid JSON, holds a second time (the path to it, with points),
// and the byte behind it, from 0; 0: there is none. A decoder would take the last without a word.
func twice(raw []byte) (path string, at int64) {
	type level struct {
		keys map[string]bool // nil: a list
		key  string          // the last one
		next bool            // a key is next
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	var levels []level
	ended := func() { // a value has ended: a key is next, if it stood in an object
		if n := len(levels); n > 0 {
			levels[n-1].next = levels[n-1].keys != nil
		}
	}
	for {
		token, err := decoder.Token()
		if err != nil {
			return "", 0
		}
		switch token {
		case json.Delim('{'):
			levels = append(levels, level{keys: map[string]bool{}, next: true})
			continue
		case json.Delim('['):
			levels = append(levels, level{})
			continue
		case json.Delim('}'), json.Delim(']'):
			levels = levels[:len(levels)-1]
			ended()
			continue
		}
		top := len(levels) - 1
		key, isText := token.(string)
		if top < 0 || !levels[top].next || !isText {
			ended()
			continue
		}
		if levels[top].keys[key] {
			names := []string{}
			for _, l := range levels[:top] {
				if l.keys != nil {
					names = append(names, l.key)
				}
			}
			return strings.Join(append(names, key), "."), decoder.InputOffset()
		}
		levels[top].keys[key], levels[top].key, levels[top].next = true, key, false
	}
}

func objectFault(raw []byte, err error) string {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Sprintf("at byte %d: %s", syntax.Offset-1, err)
	case errors.As(err, &kind):
		return "it is a JSON " + kind.Value + ", from its byte 0"
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Sprintf("it ends after byte %d, inside the object", len(raw))
	case err != nil:
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
				WithHint("choose another name, or replace it with --replace")
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
	e := catalog.Experiment{Name: wish.name, Model: wish.name, TrainDataset: wish.train, Params: json.RawMessage("{}"), GitCommit: wish.gitCommit, Environment: json.RawMessage("{}"), CreatedAt: now()}
	if wish.model != nil {
		e.Model = *wish.model
	}
	if wish.params != nil {
		e.Params = wish.params
	}
	if wish.environment != nil {
		e.Environment = wish.environment
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

// Experiments lists the experiments that fit all conditions, such as "params.lr<0.01, model=resnet50"; "": all.
func (w *Workspace) Experiments(ctx context.Context, where string) ([]catalog.Experiment, error) {
	conditions, err := parseConditions(where)
	if err != nil {
		return nil, err
	}
	list := []catalog.Experiment{}
	err = w.book.View(ctx, func(tx Tx) error {
		all, err := tx.Experiments()
		for _, e := range all {
			fits, err := holds(e, conditions)
			if err != nil {
				return err
			}
			if fits {
				list = append(list, e)
			}
		}
		return err
	})
	return list, err
}

// Experiment gives one experiment.
func (w *Workspace) Experiment(ctx context.Context, name string) (e catalog.Experiment, err error) {
	err = w.book.View(ctx, func(tx Tx) error { e, err = mustExperiment(tx, name); return err })
	return e, err
}
