package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pentoai/vectory/internal/client"
	"github.com/pentoai/vectory/internal/wire"
)

// projection is what `vectory project` was told.
type projection struct {
	request   wire.LayoutRequest
	seed      int64
	minDist   float64
	fresh, of string // new rows, and the space they are of
	more      int
	out, draw string
}

func (a *app) project() *cobra.Command {
	var x projection
	cmd := &cobra.Command{Use: "project SPACE|A B…", Short: "Lay a space out in two or three dimensions, or several together",
		Long: `Lay a space out in two or three dimensions, and say what the layout gets wrong. Two spaces, or more, are laid out together
(joint-umap): a row that kept its neighbours stays where it is in all, so that what moves really moved. The same seed
gives the same bytes, on any number of threads.

--timeline EXPERIMENT lays out the steps of an experiment in one frame (anchored-umap): each begins where the one before
it ended, and is held to the last three where neighbours stayed. A step that is added later does not move the former ones.

-o writes the coordinates as .npy: n×dims, of several spaces n×spaces·dims, A's before B's; or as .csv or .parquet, with the items' ids. --transform places new rows in the
layout, each for itself, and the layout does not move: then -o writes theirs, and --png draws them over it. Of several spaces
they are of the first, or of the one that --transform-space names.

--more N goes on for N epochs with the same layout without it, gently: a layout of its own, kept beside the first.`,
		Example: "  vectory project digits/pixels -o coords.npy --png digits.png\n  vectory project digits/pixels digits/epoch20 -o both.npy\n  vectory project --timeline digits-mlp --png epochs.png\n  vectory project digits/pixels --transform new.npy -o placed.npy",
		Args: func(cmd *cobra.Command, args []string) error {
			switch {
			case len(args) == 0 && x.request.Timeline == "":
				return usage("%s needs a space, several, or --timeline EXPERIMENT; see: %s --help", cmd.CommandPath(), cmd.CommandPath())
			case len(args) > 0 && x.request.Timeline != "":
				return usage("%s takes spaces or --timeline, not both", cmd.CommandPath())
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return a.runProject(cmd, args, &x) }}
	f := cmd.Flags()
	f.StringVar(&x.request.Method, "method", "", "pca, umap, tsne, pacmap, joint-umap or anchored-umap (default: joint-umap of several spaces, anchored-umap of a timeline, else umap)")
	f.StringVar(&x.request.Timeline, "timeline", "", "an experiment: lay out its spaces that have a step, in one frame")
	count(f, &x.request.Dims, "dims", "", 2, "2 or 3")
	f.StringVar(&x.request.Dataset, "dataset", "", "of a timeline: only its spaces in this dataset (an experiment may have steps in a training and a validation set)")
	f.Int64Var(&x.seed, "seed", 42, "another seed, another layout")
	f.StringVar(&x.request.Metric, "metric", "", "metric of the neighbours (default: each space's own)")
	count(f, &x.request.K, "k", "k", 15, "neighbours, the row itself counted")
	f.IntVar(&x.request.Epochs, "epochs", 0, "how long it settles (default: by the number of rows)")
	f.Float64Var(&x.minDist, "min-dist", 0.1, "how near points may lie, 0 to 1")
	f.Float64Var(&x.request.Perplexity, "perplexity", 0, "of tsne: about how many neighbours each row looks at (default: 30, or what the rows allow)")
	f.StringVar(&x.request.Label, "label", "", "a column: how well neighbours know it, here and in the space")
	f.StringVar(&x.request.Start, "start", "", "where points begin: pca, spectral (of umap: unrolls what is rolled up), or the id of a layout of the same items, so that the map looks like that one (default pca)")
	f.IntVar(&x.request.Reduce, "reduce", 0, "principal components that stand for a wider space while it is laid out; its quality is that of all columns (default: all)")
	f.StringVar(&x.request.Supervise, "supervise", "", "of umap: a column whose equal values are drawn together; what lies apart then says nothing of the space")
	f.StringVar(&x.request.Preset, "preset", "", "compat: umap with umap-learn's own start, number of epochs and learning rate")
	f.IntVar(&x.more, "more", 0, "go on for so many epochs with the layout (of umap, joint-umap and tsne)")
	f.StringVar(&x.fresh, "transform", "", "an .npy of new rows to place in the layout")
	f.StringVar(&x.of, "transform-space", "", "the space that the new rows are of (default: the first)")
	f.StringVarP(&x.out, "output", "o", "", "write the coordinates to this .npy, .csv or .parquet file")
	f.StringVar(&x.draw, "png", "", "draw the first two coordinates to this file")
	return cmd
}

func (a *app) runProject(cmd *cobra.Command, args []string, x *projection) error {
	if err := writable(x.out, x.draw); err != nil {
		return err
	}
	for name, v := range map[string]float64{"min-dist": x.minDist, "perplexity": x.request.Perplexity} {
		if math.IsNaN(v) || math.IsInf(v, 0) { // JSON has no such number
			return usage("--%s %g is no number", name, v)
		}
	}
	if kind := strings.ToLower(filepath.Ext(x.out)); formatOf(x.out) == "" && kind != "" && kind != ".npy" {
		return usage("-o %s: coordinates are written as .npy, .csv or .parquet, not as %s", x.out, kind)
	}
	if x.fresh != "" && formatOf(x.out) == "parquet" {
		return usage("-o %s: the coordinates of new rows are written as .npy or .csv", x.out)
	}
	if err := x.checkFresh(); err != nil {
		return err
	}
	x.request.Spaces, x.request.Seed, x.request.MinDist = args, &x.seed, &x.minDist
	c, err := a.client(cmd.Context())
	if err != nil {
		return err
	}
	show, done := a.progress()
	l, err := c.Layout(cmd.Context(), x.request, show)
	if err == nil && x.more != 0 {
		x.request.Start, x.request.More = l.ID, x.more
		l, err = c.Layout(cmd.Context(), x.request, show)
	}
	done()
	if err != nil {
		return err
	}
	if err := x.write(cmd.Context(), c, l); err != nil {
		return err
	}
	if a.json {
		return a.writeJSON(l)
	}
	a.tellLayout(l)
	return nil
}

// checkFresh refuses what --transform cannot do, before the work.
func (x *projection) checkFresh() error {
	switch {
	case x.fresh == "" && x.of != "":
		return usage("--transform-space says which space the rows of --transform are of, and there are none")
	case x.fresh == "":
		return nil
	case x.out == "" && x.draw == "":
		return usage("--transform needs -o FILE.npy for the places of the new rows, or --png FILE")
	}
	return mustBeFile(x.fresh)
}

// write writes the files that were asked for.
func (x *projection) write(ctx context.Context, c *client.Client, l wire.Layout) error {
	var fresh []byte
	var err error
	if x.fresh != "" {
		if fresh, err = x.placed(ctx, c, l); err != nil {
			return err
		}
	}
	if x.out != "" {
		coords, err := x.coords(ctx, c, l, fresh)
		if err != nil {
			return err
		}
		if err := os.WriteFile(x.out, coords, 0o644); err != nil { //nolint:gosec // for others to read
			return fmt.Errorf("the coordinates cannot be written: %w", err)
		}
	}
	if x.draw == "" {
		return nil
	}
	var sides [][]byte
	for i := range l.Spaces {
		coords, err := c.Frame(ctx, l.ID, "coords_"+wire.LayoutSide(i))
		if err != nil {
			return err
		}
		sides = append(sides, coords)
	}
	if fresh != nil {
		sides = append(sides, fresh)
	}
	return drawing(x.draw, sides, len(l.Spaces), l.Dims)
}

// coords is the content of the file that -o names.
func (x *projection) coords(ctx context.Context, c *client.Client, l wire.Layout, fresh []byte) ([]byte, error) {
	table := formatOf(x.out)
	switch {
	case fresh == nil && table != "":
		return c.LayoutTable(ctx, l.ID, table)
	case fresh == nil:
		return c.Frame(ctx, l.ID, "coords")
	case table == "":
		return fresh, nil
	}
	text := bytes.NewBufferString("row," + strings.Join([]string{"x", "y", "z"}[:l.Dims], ",") + "\n")
	for i, v := range values(fresh) {
		if i%l.Dims == 0 {
			fmt.Fprint(text, i/l.Dims)
		}
		fmt.Fprintf(text, ",%g", v)
		if i%l.Dims == l.Dims-1 {
			fmt.Fprintln(text)
		}
	}
	return text.Bytes(), nil
}

// placed are the coordinates of the rows of a file in a layout.
func (x *projection) placed(ctx context.Context, c *client.Client, l wire.Layout) ([]byte, error) {
	file, err := os.Open(x.fresh)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	return c.Transform(ctx, l.ID, cmp.Or(x.of, l.Spaces[0]), file, info.Size())
}

func (a *app) tellLayout(l wire.Layout) {
	a.printf("%s in %d dimensions: %d rows, seed %d, made in %.2f s\n", l.Method, l.Dims, l.Rows, l.Seed, l.TookS)
	if l.Supervise != "" {
		a.printf("  supervised by %s: that its values lie apart was asked for, and is not found in the space\n", l.Supervise)
	}
	for i, q := range l.Quality {
		if q.AskedRows == 0 {
			a.printf("  %s: too few rows to say how far it can be trusted\n", l.Spaces[i])
			continue
		}
		a.printf("  %s: trustworthiness %.4f, continuity %.4f, of the 5, 15 and 50 nearest %.0f, %.0f and %.0f %% are near here too", l.Spaces[i], q.Trustworthiness, q.Continuity, 100*q.Recall5, 100*q.Recall, 100*q.Recall50)
		if q.AskedRows > 0 && q.AskedRows < l.Rows {
			a.printf(" (found by %d rows, the 15 by all)", q.AskedRows)
		}
		if q.LabelHere != nil && q.LabelThere != nil {
			a.printf(", label known to neighbours %.1f %% here, %.1f %% in the space", 100**q.LabelHere, 100**q.LabelThere)
		}
		a.printf("\n")
	}
	for i, m := range l.Moves {
		a.printf("  the median row moved by %.3f of the layout's radius", m.Displacement)
		if len(l.Moves) > 1 {
			a.printf(" from %s to %s", l.Spaces[i], l.Spaces[i+1])
		}
		a.printf("; of its ten nearest the spaces share %.0f %% (Jaccard)\n", 100*m.Jaccard)
	}
	if l.NullBand != nil {
		a.printf("  below %.3f movement means nothing\n", *l.NullBand)
	}
}

// values reads the float32 of an .npy that the daemon wrote.
func values(npy []byte) []float32 {
	if len(npy) < 10 {
		return nil
	}
	body := npy[min(10+int(binary.LittleEndian.Uint16(npy[8:])), len(npy)):]
	out := make([]float32, len(body)/4)
	for i := range out {
		out[i] = math.Float32frombits(binary.LittleEndian.Uint32(body[4*i:]))
	}
	return out
}

// drawing writes layouts on the same scale, side by side, row by row when there are many; over each other when there are
// more than panels.
func drawing(path string, sides [][]byte, panels, dims int) error {
	size, margin, across := 800, 30, panels
	if panels > 3 {
		across = int(math.Ceil(math.Sqrt(float64(panels))))
		size = max(800*3/across, 100)
	}
	img := image.NewRGBA(image.Rect(0, 0, size*across, size*((panels+across-1)/across)))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	low, high := [2]float64{math.Inf(1), math.Inf(1)}, [2]float64{math.Inf(-1), math.Inf(-1)}
	var points [][]float32
	for _, side := range sides {
		points = append(points, values(side))
		for i, v := range points[len(points)-1] {
			if c := i % dims; c < 2 {
				low[c], high[c] = min(low[c], float64(v)), max(high[c], float64(v))
			}
		}
	}
	scale := float64(size-2*margin) / max(high[0]-low[0], high[1]-low[1], 1e-9)
	for s, side := range points {
		for i := 0; i+1 < len(side); i += dims {
			panel := s % panels
			x := float64(panel%across*size+size/2) + (float64(side[i])-(low[0]+high[0])/2)*scale
			y := float64(panel/across*size+size/2) - (float64(side[i+1])-(low[1]+high[1])/2)*scale
			blue, red := color.RGBA{0, 114, 178, 255}, color.RGBA{213, 94, 0, 255}
			if s == 0 || panels > 2 {
				red = blue
			}
			dot(img, x, y, red)
		}
	}
	file, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("the picture cannot be written: %w", err)
	}
	defer file.Close()
	return png.Encode(file, img)
}

// dot darkens a small disc, so that where points are many it is darker.
func dot(img *image.RGBA, x, y float64, c color.RGBA) {
	const radius, share = 2.5, 0.5
	for py := int(y - radius); py <= int(y+radius)+1; py++ {
		for px := int(x - radius); px <= int(x+radius)+1; px++ {
			if math.Hypot(float64(px)-x, float64(py)-y) > radius || !(image.Point{X: px, Y: py}).In(img.Rect) {
				continue
			}
			old := img.RGBAAt(px, py)
			blend := func(from, to uint8) uint8 { return uint8(float64(from)*(1-share) + float64(to)*share) }
			img.SetRGBA(px, py, color.RGBA{blend(old.R, c.R), blend(old.G, c.G), blend(old.B, c.B), 255})
		}
	}
}
