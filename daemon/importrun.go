package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/client"
	"github.com/pentoai/vectory/internal/wire"
)

// foundRun is a training run that another tool has laid down as plain files: what it was, and the folder of what it made.
type foundRun struct {
	experiment wire.AddExperiment
	artifacts  string
	err        error // why it cannot be read
}

// foundRuns are the runs of W&B (run-*/files) and of MLflow (EXPERIMENT/RUN/meta.yaml) below a folder, by name.
func foundRuns(folder string) ([]foundRun, error) {
	var runs []foundRun
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		var run *foundRun
		switch {
		case isFile(path, "files", "config.yaml"), isFile(path, "files", "wandb-metadata.json"):
			run, err = runOfWandb(path)
		case isFile(path, "meta.yaml") && isFolder(filepath.Join(path, "artifacts")):
			run, err = runOfMLflow(path)
		}
		if err != nil {
			run = &foundRun{experiment: wire.AddExperiment{Name: filepath.Base(path)}, err: err}
		}
		if run == nil {
			return nil
		}
		runs = append(runs, *run)
		return fs.SkipDir
	})
	if err == nil && len(runs) == 0 {
		err = catalog.Errorf(catalog.Invalid, "there is no run below '%s'", folder).
			WithHint("a folder of W&B has run-*/files/config.yaml, one of MLflow EXPERIMENT/RUN/meta.yaml")
	}
	return runs, err
}

func isFile(parts ...string) bool {
	info, err := os.Stat(filepath.Join(parts...))
	return err == nil && info.Mode().IsRegular()
}

// runOfWandb reads run-DATE-ID: files/config.yaml has the parameters as KEY: {value: …}, wandb-metadata.json where it ran,
// wandb-summary.json what came of it.
func runOfWandb(folder string) (*foundRun, error) {
	files := filepath.Join(folder, "files")
	config := map[string]any{}
	if err := readYAML(filepath.Join(files, "config.yaml"), &config); err != nil {
		return nil, err
	}
	params := map[string]any{}
	for key, one := range config {
		if setting, ok := one.(map[string]any); ok && key != "_wandb" {
			params[key] = setting["value"]
		}
	}
	var meta struct {
		Host, Program, Python, OS string
		Args                      []string
		Git                       struct{ Commit string }
	}
	if err := readJSON(filepath.Join(files, "wandb-metadata.json"), &meta); err != nil {
		return nil, err
	}
	var summary map[string]any
	if err := readJSON(filepath.Join(files, "wandb-summary.json"), &summary); err != nil {
		return nil, err
	}
	delete(summary, "_wandb")
	id := filepath.Base(folder)
	return &foundRun{artifacts: files, experiment: wire.AddExperiment{Name: id[strings.LastIndex(id, "-")+1:], Params: object(params), GitCommit: meta.Git.Commit,
		Environment: object(map[string]any{"tool": "wandb", "run": id, "host": meta.Host, "command": strings.Join(append([]string{meta.Program}, meta.Args...), " "),
			"python": meta.Python, "platform": meta.OS, "summary": summary})}}, nil
}

// runOfMLflow reads EXPERIMENT/RUN: a file for each of params/, metrics/ (lines of time, value, step) and tags/.
func runOfMLflow(folder string) (*foundRun, error) {
	var meta struct {
		ID   string `yaml:"run_id"`
		Name string `yaml:"run_name"`
		User string `yaml:"user_id"`
	}
	if err := readYAML(filepath.Join(folder, "meta.yaml"), &meta); err != nil {
		return nil, err
	}
	params, metrics := map[string]any{}, map[string]any{}
	if err := eachFile(filepath.Join(folder, "params"), func(key, text string) { params[key] = valueOf(text) }); err != nil {
		return nil, err
	}
	if err := eachFile(filepath.Join(folder, "metrics"), func(key, text string) {
		lines := strings.Split(strings.TrimSpace(text), "\n")
		if last := strings.Fields(lines[len(lines)-1]); len(last) > 1 {
			metrics[key] = valueOf(last[1])
		}
	}); err != nil {
		return nil, err
	}
	tags := map[string]string{}
	if err := eachFile(filepath.Join(folder, "tags"), func(key, text string) { tags[key] = text }); err != nil {
		return nil, err
	}
	name := meta.Name
	if name == "" {
		name = tags["mlflow.runName"]
	}
	if name == "" {
		name = filepath.Base(folder)
	}
	return &foundRun{artifacts: filepath.Join(folder, "artifacts"), experiment: wire.AddExperiment{Name: name, Params: object(params), GitCommit: tags["mlflow.source.git.commit"],
		Environment: object(map[string]any{"tool": "mlflow", "run": meta.ID, "user": meta.User, "command": tags["mlflow.source.name"], "summary": metrics})}}, nil
}

// eachFile gives the files below a folder, which need not be there, by their path in it.
func eachFile(folder string, take func(key, text string)) error {
	if !isFolder(folder) {
		return nil
	}
	return filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		key, _ := filepath.Rel(folder, path) // path is below it
		take(filepath.ToSlash(key), strings.TrimSpace(string(text)))
		return err
	})
}

// valueOf is a number, a truth value or nothing where the text is one as JSON has it; Python writes True, False and None.
func valueOf(text string) any {
	switch text {
	case "True", "False":
		return text == "True"
	case "None":
		return nil
	}
	var number json.Number
	if json.Unmarshal([]byte(text), &number) == nil {
		return number
	}
	if v, err := strconv.ParseFloat(text, 64); err == nil && v-v == 0 { // 1e-3 and .5, but neither NaN nor Inf
		return v
	}
	return text
}

func object(of map[string]any) json.RawMessage {
	text, err := json.Marshal(of)
	if err != nil { // a YAML key that is no text, a NaN
		text, _ = json.Marshal(map[string]string{"unreadable": err.Error()})
	}
	return text
}

// readYAML and readJSON leave into as it is when there is no such file.
func readYAML(path string, into any) error {
	return readFile(path, func(text []byte) error { return yaml.Unmarshal(text, into) })
}

func readJSON(path string, into any) error {
	return readFile(path, func(text []byte) error {
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.UseNumber()
		return decoder.Decode(into)
	})
}

func readFile(path string, read func([]byte) error) error {
	text, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		return nil
	}
	if err == nil {
		err = read(text)
	}
	if err != nil {
		return catalog.Errorf(catalog.Invalid, "'%s' cannot be read: %w", path, err)
	}
	return nil
}

// arrayEndings are those of files that may hold a matrix.
var arrayEndings = []string{".npy", ".npz", ".safetensors", ".parquet", ".feather", ".arrow"}

// importRuns takes in the runs below a folder: each is an experiment, and each of its arrays a space of it.
func importRuns(ctx context.Context, c *client.Client, folder string, req wire.AddSpace) ([]imported, error) {
	runs, err := foundRuns(folder)
	if err != nil {
		return nil, err
	}
	var list importing
	for _, run := range runs {
		if run.err != nil {
			_ = list.note("experiment", run.experiment.Name, false, run.err) // it ends nothing
			continue
		}
		added, err := c.AddExperiment(ctx, run.experiment)
		if err := list.note("experiment", run.experiment.Name, added.Created, err); err != nil {
			return list, err
		}
		var paths []string
		err = filepath.WalkDir(run.artifacts, func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() && slices.Contains(arrayEndings, strings.ToLower(filepath.Ext(path))) {
				paths = append(paths, path)
			}
			return err
		})
		if err != nil {
			return list, err
		}
		for _, path := range paths {
			inside, _ := filepath.Rel(run.artifacts, path) // path is below it
			req.Name = run.experiment.Name + "/" + filepath.ToSlash(strings.TrimSuffix(inside, filepath.Ext(inside)))
			req.Experiment = run.experiment.Name
			added, err := sendFile(path, func(f *os.File, size int64) (wire.AddedSpace, error) { return c.AddSpace(ctx, req, f, size) })
			if err := list.note("space", req.Name, added.Created, err); err != nil {
				return list, err
			}
		}
	}
	return list, nil
}
