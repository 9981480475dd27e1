package main

import (
	"cmp"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/pentoai/vectory/internal/client"
	"github.com/pentoai/vectory/internal/wire"
)

// checkpoint is one file of --glob.
type checkpoint struct {
	path, name string
	step       *int64
}

var lastNumber = regexp.MustCompile(`(\d+)\D*$`)

// files checks which vectors were asked for, and lists those of --glob by step, else by name. Whatever
// is wrong with one of them is told before any is sent.
func (x *addition) files(cmd *cobra.Command) ([]checkpoint, error) {
	if (x.vectors == "") == (x.glob == "") {
		return nil, usage("say which vectors: -e VECTORS.npy, or --glob 'run/epoch-*.npy'")
	}
	if x.glob == "" {
		if x.stepFrom != "" {
			return nil, usage("--step-from goes with --glob; a single space has --step N")
		}
		return nil, nil
	}
	if x.space.Name != "" || cmd.Flags().Changed("step") {
		return nil, usage("--glob names the spaces by their files: leave --space-name and --step out")
	}
	if x.stepFrom != "" && x.stepFrom != "name" {
		return nil, usage("--step-from '%s' is unknown: name takes the last number of a file's name", x.stepFrom)
	}
	paths, err := filepath.Glob(x.glob)
	if err != nil {
		return nil, usage("--glob '%s': %s", x.glob, err)
	}
	if len(paths) == 0 {
		return nil, usage("--glob '%s' fits no file", x.glob)
	}
	list := make([]checkpoint, 0, len(paths))
	taken := map[string]string{}
	for _, path := range paths {
		if err := mustBeFile(path); err != nil {
			return nil, err
		}
		f := checkpoint{path: path, name: fileName(path)}
		if x.space.Experiment != "" {
			f.name = x.space.Experiment + "/" + f.name
		}
		key := "the name '" + f.name + "'"
		if x.stepFrom != "" {
			if f.step, err = stepOf(path); err != nil {
				return nil, err
			}
			key = "step " + strconv.FormatInt(*f.step, 10)
		}
		if other, ok := taken[key]; ok {
			return nil, usage("'%s' and '%s' both have %s", other, path, key)
		}
		taken[key] = path
		list = append(list, f)
	}
	slices.SortFunc(list, func(a, b checkpoint) int {
		if a.step != nil && b.step != nil {
			return cmp.Compare(*a.step, *b.step)
		}
		return cmp.Compare(a.path, b.path)
	})
	return list, nil
}

func stepOf(path string) (*int64, error) {
	found := lastNumber.FindStringSubmatch(fileName(path))
	if found == nil {
		return nil, usage("--step-from name: there is no number in '%s'", filepath.Base(path))
	}
	step, err := strconv.ParseInt(found[1], 10, 64)
	if err != nil {
		return nil, usage("--step-from name: the number in '%s' is too large", filepath.Base(path))
	}
	return &step, nil
}

// addFiles tracks a space for each file; what was added stays when a later one fails, and the same
// command goes on from there.
func (a *app) addFiles(cmd *cobra.Command, c *client.Client, x *addition, files []checkpoint, idFieldIndex *int) error {
	all := struct {
		Added []wire.AddedSpace `json:"added"`
	}{[]wire.AddedSpace{}}
	for i, f := range files {
		x.vectors, x.space.Name, x.space.Step = f.path, f.name, f.step
		added, notes, err := x.send(cmd.Context(), c, idFieldIndex)
		if err != nil {
			if i > 0 {
				a.note("'%s' failed; the %d before it are tracked", f.path, i)
			}
			return err
		}
		x.dataset, x.space.StagedDataset = "", "" // tracked with the first
		if err := a.loadAdded(cmd, x, added); err != nil {
			return err
		}
		all.Added = append(all.Added, added)
		if !a.json {
			a.tellAdded(added, notes)
		}
	}
	if a.json {
		return a.writeJSON(all)
	}
	a.printf("Done\n")
	return nil
}

// sayWhere records where an experiment's spaces come from, when the command speaks of one.
func (x *addition) sayWhere(ctx context.Context) {
	if x.space.Experiment == "" && x.space.Model == "" && x.space.Params == "" && x.space.TrainDataset == "" {
		return
	}
	x.space.GitCommit = commit(ctx)
	host, _ := os.Hostname()
	environment, _ := json.Marshal(map[string]string{ // strings always marshal
		"command": strings.Join(os.Args, " "), "host": host, "platform": runtime.GOOS + "/" + runtime.GOARCH, "vectory": wire.Version})
	x.space.Environment = string(environment)
}

// commit is that of the working folder, with "-dirty" when tracked files differ from it; "" outside a
// repository, without git, or when git takes too long.
func commit(ctx context.Context) string {
	ctx, done := context.WithTimeout(ctx, 2*time.Second)
	defer done()
	describe := exec.CommandContext(ctx, "git", "describe", "--always", "--abbrev=40", "--dirty", "--exclude=*")
	describe.Env = append(os.Environ(), "GIT_OPTIONAL_LOCKS=0")
	described, err := describe.Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(described))
}
