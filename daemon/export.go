package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pentoai/vectory/internal/client"
	"github.com/pentoai/vectory/internal/wire"
)

func (a *app) export() *cobra.Command {
	var output string
	var columns []string
	req := wire.CompareRequest{}
	cmd := &cobra.Command{Use: "export SPACE|A B -o FILE", Short: "Write a space as .npy, CSV or parquet, or the rows of a comparison as CSV or parquet",
		Long: `Of a space: its vectors, float32 and in order, as .npy; or as CSV or parquet with the ids. Of two spaces: a line for each item
that both have, with its rows, its shared neighbours and every measure that its neighbour lists give.`,
		Example: `  vectory export digits/pixels -o pixels.npy
  vectory export digits/pixels digits/epoch20 -o rows.csv --columns jaccard,second_order_cosine`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 && len(args) != 2 {
				return usage("export takes the name of a space, or of two that are compared")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			ending := strings.ToLower(filepath.Ext(output))
			switch {
			case output == "":
				return usage("say where to: -o FILE.npy, -o FILE.csv or -o FILE.parquet")
			case len(args) == 1 && ending != ".npy" && ending != ".csv" && ending != ".parquet":
				return usage("-o %s: a space is written as .npy, .csv or .parquet", output)
			case len(args) == 2 && ending != ".csv" && ending != ".parquet":
				return usage("-o %s: the rows of a comparison are written as .csv or .parquet", output)
			case len(args) == 1 && columns != nil:
				return usage("--columns are those of a comparison: name two spaces")
			}
			if err := writable(output); err != nil {
				return err
			}
			c, err := a.client(cmd.Context())
			if err != nil {
				return err
			}
			if len(args) == 2 {
				req.A, req.B = args[0], args[1]
				return a.exportComparison(cmd, c, req, columns, output)
			}
			return a.exported(output, func(to io.Writer) error {
				return c.ExportSpace(cmd.Context(), args[0], formatOf(output), to)
			})
		}}
	f := cmd.Flags()
	f.StringVarP(&output, "output", "o", "", "the file: .npy, .csv or .parquet")
	f.StringSliceVar(&columns, "columns", nil, "of a comparison: measures that have rows (default: those of the neighbour lists)")
	count(f, &req.K, "k", "k", 10, "of a comparison: neighbours")
	f.StringVar(&req.MetricA, "metric-a", "", "metric of A (default: its own)")
	f.StringVar(&req.MetricB, "metric-b", "", "metric of B")
	return cmd
}

// formatOf is what a table is asked for by the ending of its file; "": an array.
func formatOf(path string) string {
	return map[string]string{".csv": "csv", ".parquet": "parquet"}[strings.ToLower(filepath.Ext(path))]
}

func (a *app) exportComparison(cmd *cobra.Command, c *client.Client, req wire.CompareRequest, columns []string, output string) error {
	show, done := a.progress()
	comparison, err := c.Compare(cmd.Context(), req, show)
	done()
	if err != nil {
		return err
	}
	return a.exported(output, func(to io.Writer) error {
		return c.ExportComparison(cmd.Context(), comparison.Key, formatOf(output), strings.Join(columns, ","), to)
	})
}

// exported writes a file beside its place and puts it there when it is whole.
func (a *app) exported(path string, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".vectory-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }() // moved away when all went well
	if err := write(f); err != nil {
		_ = f.Close()
		return err
	}
	size, _ := f.Seek(0, io.SeekEnd)
	if err := f.Chmod(0o644); err != nil { //nolint:gosec // a file for the user, as others that they write
		_ = f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	if a.json {
		return a.writeJSON(map[string]any{"path": path, "bytes": size})
	}
	a.printf("%s: %s\n", path, bytesText(size))
	return nil
}
