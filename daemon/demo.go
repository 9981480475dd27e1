package main

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/pentoai/vectory/internal/client"
	"github.com/pentoai/vectory/internal/demo"
	"github.com/pentoai/vectory/internal/lifecycle"
	"github.com/pentoai/vectory/internal/wire"
)

// demoSpace is one space of a demo.
type demoSpace struct {
	file, experiment, model, metric string
	step                            int64 // −1: none
}

// demoSet is a demo: spaces of one dataset, the first of which are compared.
type demoSet struct {
	about  string
	spaces []demoSpace
	a, b   string
}

var demos = map[string]demoSet{
	"digits": {"1,797 handwritten digits: their pixels against the hidden layer of a small network", []demoSpace{
		{"pixels", "digits-pixels", "raw pixels", "euclidean", -1},
		{"epoch00", "digits-net", "small network, hidden ReLU layer", "euclidean", 0},
		{"epoch05", "digits-net", "small network, hidden ReLU layer", "euclidean", 5},
		{"epoch20", "digits-net", "small network, hidden ReLU layer", "euclidean", 20},
	}, "pixels", "epoch20"},
	"words": {"4,000 dictionary glosses: a sentence model against TF-IDF", []demoSpace{
		{"minilm", "words-minilm", "all-MiniLM-L6-v2", "cosine", -1},
		{"tfidf", "words-tfidf", "TF-IDF, truncated SVD", "cosine", -1},
	}, "minilm", "tfidf"},
}

func (a *app) demo() *cobra.Command {
	noOpen := false
	cmd := &cobra.Command{Use: "demo [digits|words]", Short: "Track built-in real data, compare two spaces of it and print the score",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 || len(args) == 1 && demos[args[0]].spaces == nil {
				return usage("demo takes one of: digits, words")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			name := "digits"
			if len(args) == 1 {
				name = args[0]
			}
			key, err := a.runDemo(cmd, name)
			if err != nil || noOpen || a.json {
				return err
			}
			return a.openPage(cmd.Context(), key)
		}}
	cmd.Flags().BoolVar(&noOpen, "no-open", false, "do not open a page")
	cmd.Flags().BoolVar(&noOpen, "no-run", false, "the same, as the original tool spelled it")
	cmd.Flags().String("data-path", "", "of the original tool, which fetched its data: nothing is fetched")
	_, _ = cmd.Flags().MarkHidden("no-run"), cmd.Flags().MarkHidden("data-path")
	return cmd
}

// runDemo gives the key of the comparison it made.
func (a *app) runDemo(cmd *cobra.Command, name string) (key string, err error) {
	set := demos[name]
	settings, err := lifecycle.Load(os.Getenv)
	if err != nil {
		return "", err
	}
	c, err := a.client(cmd.Context())
	if err != nil {
		return "", err
	}
	folder := filepath.Join(lifecycle.Home{Path: settings.Home}.Demo(), name)
	if err := unpack(name, folder); err != nil {
		return "", err
	}
	for _, s := range set.spaces {
		if err := addDemoSpace(cmd.Context(), c, name, folder, s); err != nil {
			return "", err
		}
	}
	a.note("%s (files in %s)", set.about, folder)
	show, done := a.progress()
	result, err := c.Compare(cmd.Context(), wire.CompareRequest{A: name + "/" + set.a, B: name + "/" + set.b}, show)
	done()
	if err != nil {
		return "", err
	}
	if err := a.tellComparison(cmd, c, &comparison{histogram: true, worst: 5}, result); err != nil || a.json {
		return result.Key, err
	}
	a.printf("\nThe same by hand:\n  vectory add -i %s -e %s --dataset-name %s --space-name %s/%s --experiment-name %s --model-name '%s'\n  vectory compare %s/%s %s/%s --histogram\n",
		filepath.Join(folder, "items.csv"), filepath.Join(folder, set.a+".npy"), name, name, set.a, set.spaces[0].experiment, set.spaces[0].model, name, set.a, name, set.b)
	return result.Key, nil
}

func addDemoSpace(ctx context.Context, c *client.Client, name, folder string, s demoSpace) error {
	x := addition{dataset: filepath.Join(folder, "items.csv"), vectors: filepath.Join(folder, s.file+".npy"), datasetName: name,
		space: wire.AddSpace{Name: name + "/" + s.file, Experiment: s.experiment, Model: s.model, Metric: s.metric}}
	if s.step >= 0 {
		x.space.Step = &s.step
	}
	_, _, err := x.send(ctx, c, nil)
	return err
}

// unpack writes the demo's files where a user can look at them.
func unpack(name, folder string) error {
	from, err := fs.Sub(demo.Data, "data/"+name)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	return fs.WalkDir(from, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(from, path)
		if err != nil {
			return err
		}
		if filepath.Ext(path) == ".zip" {
			return unzip(content, folder)
		}
		return writeFile(filepath.Join(folder, path), content)
	})
}

// unzip unpacks our own archive of thumbnails.
func unzip(content []byte, folder string) error {
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return err
	}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			return err
		}
		image, err := io.ReadAll(r)
		if err != nil {
			return err
		}
		if err := writeFile(filepath.Join(folder, filepath.FromSlash(f.Name)), image); err != nil {
			return err
		}
	}
	return nil
}

// writeFile leaves a file alone that is there in full.
func writeFile(path string, content []byte) error {
	if info, err := os.Stat(path); err == nil && info.Size() == int64(len(content)) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return os.WriteFile(path, content, 0o600)
}
