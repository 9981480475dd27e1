package main

import (
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/pentoai/vectory/internal/wire"
)

// projection is what `vectory project` was told.
type projection struct {
	request   wire.LayoutRequest
	seed      int64
	minDist   float64
	out, draw string
}

func (a *app) project() *cobra.Command {
	var x projection
	cmd := &cobra.Command{Use: "project SPACE|A B", Short: "Lay a space out in two or three dimensions, or two spaces together",
		Long: `Lay a space out in two or three dimensions, and say what the layout gets wrong. Two spaces are laid out together
(joint-umap): a row that kept its neighbours stays where it is in both, so that what moves really moved. The same seed
gives the same bytes, on any number of threads.

-o writes the coordinates as .npy: n×dims, of two spaces n×2·dims, A's before B's.`,
		Example: "  vectory project digits/pixels -o coords.npy --png digits.png\n  vectory project digits/pixels digits/epoch20 -o both.npy",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) < 1 || len(args) > 2 {
				return usage("%s needs one space or two; see: %s --help", cmd.CommandPath(), cmd.CommandPath())
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return a.runProject(cmd, args, &x) }}
	f := cmd.Flags()
	f.StringVar(&x.request.Method, "method", "", "pca, umap or joint-umap (default: joint-umap of two spaces, else umap)")
	count(f, &x.request.Dims, "dims", "", 2, "2 or 3")
	f.Int64Var(&x.seed, "seed", 42, "another seed, another layout")
	f.StringVar(&x.request.Metric, "metric", "", "metric of the neighbours (default: each space's own)")
	count(f, &x.request.K, "k", "k", 15, "neighbours, the row itself counted")
	f.IntVar(&x.request.Epochs, "epochs", 0, "how long it settles (default: by the number of rows)")
	f.Float64Var(&x.minDist, "min-dist", 0.1, "how near points may lie, 0 to 1")
	f.StringVar(&x.request.Label, "label", "", "a column: how well neighbours know it, here and in the space")
	f.StringVarP(&x.out, "output", "o", "", "write the coordinates to this .npy file")
	f.StringVar(&x.draw, "png", "", "draw the first two coordinates to this file")
	return cmd
}

func (a *app) runProject(cmd *cobra.Command, args []string, x *projection) error {
	for _, path := range []string{x.out, x.draw} { // before the work, not after it
		if folder := filepath.Dir(path); path != "" && !isFolder(folder) {
			return usage("%s cannot be written: %s is no folder", path, folder)
		}
	}
	x.request.Spaces, x.request.Seed, x.request.MinDist = args, &x.seed, &x.minDist
	c, err := a.client(cmd.Context())
	if err != nil {
		return err
	}
	show, done := a.progress()
	l, err := c.Layout(cmd.Context(), x.request, show)
	done()
	if err != nil {
		return err
	}
	if x.out != "" {
		coords, err := c.Frame(cmd.Context(), l.ID, "coords")
		if err != nil {
			return err
		}
		if err := os.WriteFile(x.out, coords, 0o644); err != nil { //nolint:gosec // for others to read
			return fmt.Errorf("the coordinates cannot be written: %w", err)
		}
	}
	if x.draw != "" {
		var sides [][]byte
		for _, column := range []string{"coords_a", "coords_b"}[:len(args)] {
			coords, err := c.Frame(cmd.Context(), l.ID, column)
			if err != nil {
				return err
			}
			sides = append(sides, coords)
		}
		if err := drawing(x.draw, sides, l.Dims); err != nil {
			return err
		}
	}
	if a.json {
		return a.writeJSON(l)
	}
	a.tellLayout(l)
	return nil
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

func (a *app) tellLayout(l wire.Layout) {
	a.printf("%s in %d dimensions: %d rows, seed %d, made in %.2f s\n", l.Method, l.Dims, l.Rows, l.Seed, l.TookS)
	for i, q := range l.Quality {
		a.printf("  %s: trustworthiness %.4f, continuity %.4f, %.0f %% of the 15 nearest are near here too", l.Spaces[i], q.Trustworthiness, q.Continuity, 100*q.Recall)
		if q.LabelHere != nil && q.LabelThere != nil {
			a.printf(", label known to neighbours %.1f %% here, %.1f %% in the space", 100**q.LabelHere, 100**q.LabelThere)
		}
		a.printf("\n")
	}
	if l.Displacement != nil {
		a.printf("  the median row moved by %.3f of the layout's radius", *l.Displacement)
		if l.NullBand != nil {
			a.printf("; below %.3f movement means nothing", *l.NullBand)
		}
		a.printf("\n")
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

// drawing writes the layouts beside each other, on the same scale.
func drawing(path string, sides [][]byte, dims int) error {
	const size, margin = 800, 30
	img := image.NewRGBA(image.Rect(0, 0, size*len(sides), size))
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
			x := float64(s*size) + size/2 + (float64(side[i])-(low[0]+high[0])/2)*scale
			y := size/2 - (float64(side[i+1])-(low[1]+high[1])/2)*scale
			dot(img, x, y, []color.RGBA{{0, 114, 178, 255}, {213, 94, 0, 255}}[s])
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
