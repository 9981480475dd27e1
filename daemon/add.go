package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pentoai/vectory/internal/client"
	"github.com/pentoai/vectory/internal/wire"
)

// addition is what `vectory add` was told.
type addition struct {
	dataset, vectors string // paths
	glob, stepFrom   string
	ids              string // a file of ids
	datasetName      string
	idField          string
	idFieldIndex     int
	space            wire.AddSpace
	step             int64
	load             bool
	index            wire.LoadRequest
}

// flagAliases are the original tool's and the article's other spellings.
var flagAliases = map[string]string{"dataset": "input", "embedding-name": "space-name", "embedding-space-name": "space-name"}

// aliases lets flags be called by other names too.
func aliases(of map[string]string) func(*pflag.FlagSet, string) pflag.NormalizedName {
	return func(_ *pflag.FlagSet, name string) pflag.NormalizedName {
		if to, ok := of[name]; ok {
			name = to
		}
		return pflag.NormalizedName(name)
	}
}

func (a *app) add() *cobra.Command {
	var x addition
	cmd := &cobra.Command{Use: "add -i DATASET.csv -e VECTORS.npy", Short: "Track a dataset, an experiment and a space in one line",
		Long: `Track a dataset, an experiment and an embedding space in one line: all or nothing.

Row i of the matrix belongs to line i of the CSV (its header not counted). Everything is copied, so
that the files may change or go. The same again is no error.`,
		Example: `  vectory add -i items.csv -e minilm.npy --model-name all-MiniLM-L6-v2
  vectory add --dataset-name items -e tfidf.npy      # to a dataset that is tracked already
  vectory add --dataset-name items --glob 'run/epoch-*.npy' --step-from name --experiment-name run`,
		Args: exactly(0, "flags, and no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runAdd(cmd, &x) }}
	f := cmd.Flags()
	f.SetNormalizeFunc(aliases(flagAliases))
	f.StringVarP(&x.dataset, "input", "i", "", "the dataset: CSV, TSV, JSON lines, parquet or feather (also --dataset, -d)")
	f.StringVarP(&x.dataset, "input-d", "d", "", "the same as -i")
	_ = f.MarkHidden("input-d")
	f.StringVarP(&x.vectors, "embeddings", "e", "", "the matrix: .npy, .npz, .safetensors, parquet or feather")
	f.StringVar(&x.glob, "glob", "", "many matrices by a pattern, a space each, called like the files (with --experiment-name: RUN/FILE)")
	f.StringVar(&x.stepFrom, "step-from", "", "with --glob: name, the last number of a file's name is its step")
	f.StringVar(&x.space.Array, "array", "", "which array of an .npz, tensor of a .safetensors, column of parquet or feather")
	f.StringVar(&x.space.Dtype, "dtype", "", "bfloat16, for an .npy that holds it as raw bytes (all other types are told by the file)")
	f.StringVar(&x.datasetName, "dataset-name", "", "name of the dataset (default: file name)")
	f.StringVar(&x.space.Experiment, "experiment-name", "", "name of the experiment")
	f.StringVar(&x.space.Model, "model-name", "", "the model")
	f.StringVar(&x.space.TrainDataset, "train-dataset", "", "name of the dataset that the model was trained on")
	f.StringVar(&x.space.Name, "space-name", "", "name of the space (default: file name; also --embedding-name)")
	f.StringVar(&x.ids, "ids", "", "a file with an id a line: row i of the matrix is that item of --dataset-name, which may have more")
	f.StringVar(&x.idField, "id-field", "", "the id column (default: a column called id, else the row number)")
	f.IntVar(&x.idFieldIndex, "id-field-idx", 0, "the id column by position, from 0")
	f.StringVarP(&x.space.Params, "params", "p", "", "experiment parameters: JSON, or the path of a JSON file")
	f.IntVar(&x.space.Dims, "dims", 0, "refuse another number of columns")
	f.Int64Var(&x.step, "step", 0, "position in a training run")
	f.StringVar(&x.space.Metric, "metric", "", "euclidean, cosine or dot (default: cosine for normalised rows, else euclidean)")
	f.BoolVar(&x.load, "load", false, "load the space into Elasticsearch, too, under its own name")
	f.StringVar(&x.index.Model, "model", "", "with --load: exact, hnsw or lsh (default exact)")
	f.StringVar(&x.index.Similarity, "similarity", "", "with --load: cosine or euclidean (default: by the metric)")
	f.BoolVar(&x.space.Replace, "replace", false, "new content under an old name; the old one is kept in history")
	return cmd
}

func (a *app) runAdd(cmd *cobra.Command, x *addition) error {
	files, err := x.files(cmd)
	if err != nil {
		return err
	}
	if x.dataset == "" && x.datasetName == "" {
		return usage("say which dataset: -i DATASET.csv, or --dataset-name of a tracked one")
	}
	if cmd.Flags().Changed("step") {
		x.space.Step = &x.step
	}
	if err := x.readParams(); err != nil {
		return err
	}
	var index *int
	if cmd.Flags().Changed("id-field-idx") {
		index = &x.idFieldIndex
	}
	if x.ids != "" && (x.dataset != "" || x.glob != "") {
		return usage("--ids names items of a tracked dataset: say --dataset-name and -e, and no -i or --glob")
	}
	for _, path := range []string{x.dataset, x.vectors, x.ids} {
		if err := mustBeFile(path); err != nil {
			return err
		}
	}
	x.sayWhere(cmd.Context())
	c, err := a.client(cmd.Context())
	if err != nil {
		return err
	}
	if x.glob != "" {
		return a.addFiles(cmd, c, x, files, index)
	}
	added, notes, err := x.send(cmd.Context(), c, index)
	if err != nil {
		return err
	}
	if err := a.loadAdded(cmd, x, added); err != nil {
		return err
	}
	if a.json {
		return a.writeJSON(added)
	}
	a.tellAdded(added, notes)
	a.printf("Done\n")
	return nil
}

// loadAdded loads the space into Elasticsearch when --load was said.
func (a *app) loadAdded(cmd *cobra.Command, x *addition, added wire.AddedSpace) error {
	if !x.load {
		return nil
	}
	x.index.Name, x.index.Space = added.Space.Name, added.Space.Name
	ix, err := a.loadWith(cmd, x.index)
	if err == nil && !a.json {
		a.tellIndex(ix)
	}
	return err
}

func mustBeFile(path string) error {
	if path == "" {
		return nil
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return usage("File '%s' does not exist.", path)
	case err != nil:
		return usage("File '%s' cannot be read: %s", path, err)
	case info.IsDir():
		return usage("'%s' is a folder, not a file", path)
	}
	return nil
}

// readParams takes JSON as it stands, and reads anything else as a file.
func (x *addition) readParams() error {
	if x.space.Params == "" || strings.HasPrefix(strings.TrimSpace(x.space.Params), "{") {
		return nil
	}
	text, err := os.ReadFile(x.space.Params)
	if err != nil {
		return usage("--params: '%s' is neither a JSON object nor a file that can be read", x.space.Params)
	}
	x.space.Params = string(text)
	return nil
}

func fileName(path string) string {
	base := filepath.Base(path)
	return strings.TrimSuffix(base, filepath.Ext(base))
}

// send stages the dataset, then sends the vectors, which make both visible at once.
func (x *addition) send(ctx context.Context, c *client.Client, idFieldIndex *int) (added wire.AddedSpace, notes []string, err error) {
	if x.space.Name == "" {
		x.space.Name = fileName(x.vectors)
	}
	x.space.Dataset = x.datasetName
	if x.dataset != "" {
		if x.datasetName == "" {
			x.datasetName = fileName(x.dataset)
		}
		folder, err := filepath.Abs(filepath.Dir(x.dataset))
		if err != nil {
			return added, nil, err
		}
		staged, err := sendFile(x.dataset, func(f *os.File, size int64) (wire.AddedDataset, error) {
			return c.AddDataset(ctx, wire.AddDataset{Name: x.datasetName, IDField: x.idField, IDFieldIndex: idFieldIndex, MediaRoot: folder,
				Replace: x.space.Replace, Staged: true}, f, size)
		})
		if err != nil {
			return added, nil, err
		}
		x.space.StagedDataset, x.space.Dataset, notes = staged.Staged, "", staged.Notes
	}
	if x.ids != "" {
		staged, err := x.sendIDs(ctx, c)
		if err != nil {
			return added, nil, err
		}
		x.space.StagedDataset, x.space.Dataset, notes = staged.Staged, "", staged.Notes
	}
	added, err = sendFile(x.vectors, func(f *os.File, size int64) (wire.AddedSpace, error) { return c.AddSpace(ctx, x.space, f, size) })
	return added, append(notes, added.Notes...), err
}

// sendIDs sends the lines of the file as a CSV of one column.
func (x *addition) sendIDs(ctx context.Context, c *client.Client) (staged wire.AddedDataset, err error) {
	text, err := os.ReadFile(x.ids)
	if err != nil {
		return staged, err
	}
	var table bytes.Buffer
	out := csv.NewWriter(&table)
	_ = out.Write([]string{"id"}) // into memory
	for line := range strings.Lines(strings.TrimPrefix(string(text), "\ufeff")) {
		if id := strings.TrimRight(line, "\r\n"); id != "" {
			_ = out.Write([]string{id})
		}
	}
	out.Flush()
	return c.AddDataset(ctx, wire.AddDataset{PartOf: x.datasetName, Replace: x.space.Replace, Staged: true}, &table, int64(table.Len()))
}

func sendFile[T any](path string, send func(f *os.File, size int64) (T, error)) (out T, err error) {
	f, err := os.Open(path)
	if err != nil {
		return out, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return out, err
	}
	return send(f, info.Size())
}

func (a *app) tellAdded(added wire.AddedSpace, notes []string) {
	s := added.Space
	how := "added"
	if !added.Created {
		how = "already tracked, with the same content:"
	}
	a.printf("%s space '%s': %d rows × %d dimensions, metric %s", how, s.Name, s.Rows, s.Dims, s.Metric)
	if s.Dataset != nil {
		a.printf(", dataset '%s'", *s.Dataset)
	}
	if s.Experiment != nil {
		a.printf(", experiment '%s'", *s.Experiment)
	}
	a.printf("\n")
	a.tellNotes(notes)
}
