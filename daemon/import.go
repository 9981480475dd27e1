package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/client"
	"github.com/pentoai/vectory/internal/wire"
)

// imported is what became of one thing of the original tool's.
type imported struct {
	Kind  string      `json:"kind"`
	Name  string      `json:"name"`
	State string      `json:"state"` // added, tracked already, failed
	Error *wire.Error `json:"error"`
}

func (a *app) importOld() *cobra.Command {
	var space wire.AddSpace
	cmd := &cobra.Command{Use: "import OLD.db|FOLDER", Short: "Take in what the original tool, W&B or MLflow tracked",
		Long: `Reads the catalogue of the original tool (main.db in its folder) and takes in the datasets, experiments
and spaces whose files are still there: they are copied, the old catalogue and its files stay as they are.

Of a folder: the runs that W&B (wandb/run-*) or MLflow (mlruns) have laid down below it. Each becomes an experiment with its
parameters, its commit and what came of it, each array among its files (.npy, .npz, .safetensors, .parquet, .feather) a space.

What cannot be taken in is named with its reason, and the rest goes on. The same again is no error.`,
		Example: "  vectory import ~/.vectory-old/main.db\n  vectory import mlruns --dataset-name items",
		Args:    exactly(1, "the path of the old catalogue, or of a folder of runs"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if isFolder(args[0]) {
				return a.importFolder(cmd.Context(), args[0], space)
			}
			old, err := readOriginal(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			c, err := a.client(cmd.Context())
			if err != nil {
				return err
			}
			list, err := importAll(cmd.Context(), c, old, filepath.Dir(args[0]))
			if err != nil {
				return err
			}
			return a.tellImported(list)
		}}
	cmd.Flags().StringVar(&space.Dataset, "dataset-name", "", "of a folder: the tracked dataset whose rows the arrays have")
	return cmd
}

func (a *app) importFolder(ctx context.Context, folder string, space wire.AddSpace) error {
	c, err := a.client(ctx)
	if err != nil {
		return err
	}
	list, err := importRuns(ctx, c, folder, space)
	if err != nil {
		return err
	}
	return a.tellImported(list)
}

// importing is what became of all that was to be taken in.
type importing []imported

// note adds one thing. An error ends the import only when the daemon cannot be spoken to.
func (l *importing) note(kind, name string, created bool, err error) error {
	one := imported{Kind: kind, Name: name, State: "tracked already"}
	switch {
	case catalog.CodeOf(err) == catalog.Unavailable, catalog.CodeOf(err) == catalog.Canceled:
		return err
	case err != nil:
		one.State, one.Error = "failed", wire.ErrorOf(err)
	case created:
		one.State = "added"
	}
	*l = append(*l, one)
	return nil
}

// importAll takes in one thing after the other.
func importAll(ctx context.Context, c *client.Client, old catalog.Original, folder string) ([]imported, error) {
	list := importing{}
	for _, d := range old.Datasets {
		added, err := importDataset(ctx, c, d, folder)
		if err := list.note("dataset", d.Name, added.Created, err); err != nil {
			return list, err
		}
	}
	for _, e := range old.Experiments {
		added, err := importExperiment(ctx, c, e)
		if err := list.note("experiment", e.Name, added.Created, err); err != nil {
			return list, err
		}
	}
	for _, s := range old.Spaces {
		added, err := importSpace(ctx, c, s, folder)
		if err := list.note("space", s.Name, added.Created, err); err != nil {
			return list, err
		}
	}
	return list, nil
}

func importExperiment(ctx context.Context, c *client.Client, e catalog.OriginalExperiment) (wire.AddedExperiment, error) {
	req := wire.AddExperiment{Name: e.Name, Model: e.Model, TrainDataset: e.TrainDataset}
	if e.Params != "" {
		if req.Params = json.RawMessage(e.Params); !json.Valid(req.Params) {
			return wire.AddedExperiment{}, catalog.Errorf(catalog.Invalid, "its parameters are not JSON")
		}
	}
	return c.AddExperiment(ctx, req)
}

func importDataset(ctx context.Context, c *client.Client, d catalog.OriginalDataset, folder string) (wire.AddedDataset, error) {
	path, err := found(d.CSVPath, folder)
	if err != nil {
		return wire.AddedDataset{}, err
	}
	req := wire.AddDataset{Name: d.Name, IDField: d.IDField, MediaRoot: filepath.Dir(path)}
	if req.IDField == "_idx" { // the original's word for row numbers
		req.IDField = ""
	}
	return sendFile(path, func(f *os.File, size int64) (wire.AddedDataset, error) { return c.AddDataset(ctx, req, f, size) })
}

func importSpace(ctx context.Context, c *client.Client, s catalog.OriginalSpace, folder string) (wire.AddedSpace, error) {
	path, err := found(s.Path, folder)
	if err != nil {
		return wire.AddedSpace{}, err
	}
	req := wire.AddSpace{Name: s.Name, Dataset: s.Dataset, Experiment: s.Experiment, Dims: s.Dims}
	return sendFile(path, func(f *os.File, size int64) (wire.AddedSpace, error) { return c.AddSpace(ctx, req, f, size) })
}

// found gives where a file is now: where it was, or beside the old catalogue when both were moved.
func found(path, folder string) (string, error) {
	for _, at := range []string{path, filepath.Join(folder, filepath.Base(path))} {
		if info, err := os.Stat(at); err == nil && info.Mode().IsRegular() {
			return filepath.Abs(at)
		}
	}
	return "", catalog.Errorf(catalog.NotFound, "its file '%s' is not there any more", path).WithHint("put it beside the old catalogue and import again")
}

func (a *app) tellImported(list []imported) error {
	failed := 0
	for _, one := range list {
		if one.Error != nil {
			failed++
		}
	}
	if a.json {
		if err := a.writeJSON(map[string]any{"imported": list}); err != nil {
			return err
		}
	} else {
		a.table("Imported", len(list), "kind name state", func(i int) []any {
			one := list[i]
			state := one.State
			if one.Error != nil {
				state += ": " + one.Error.Message
			}
			return []any{one.Kind, one.Name, state}
		})
	}
	if failed > 0 {
		return catalog.Errorf(catalog.Invalid, "%d of %d things could not be taken in", failed, len(list)).WithHint("they are named above; mend them and import again: what is tracked already is left alone")
	}
	return nil
}
