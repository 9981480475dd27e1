package projection

import (
	"context"
	"math"
	"slices"

	"github.com/pentoai/vectory/internal/compute/knn"
)

// Fresh are rows X that are not in a layout of the rows Old, and of each the K nearest of these, nearest first. Each is
// placed for itself, by its vector and the layout alone: whatever comes with it, it lies at the same place. One that
// equals a near row lies where that one does. The rows of the layout do not move. In one of principal components they are placed
// by the [Axes] of its rows.
type Fresh struct {
	X, Old    knn.Matrix
	K         int
	IDs       []int32   // X.Rows×K
	Distances []float64 // X.Rows×K
}

// placing is a fresh row on its way, at the average of its nearest rows to begin with.
type placing struct {
	row     []float32
	ids     []int32
	weights []float32 // of the nearest rows
	at      []float64
}

const (
	placeUMAPEpochs = 60
	placeSteps      = 100
	placeRate       = 0.25 // of UMAP, to begin with: as umap-learn's transform
)

// PlaceUMAP puts fresh rows into a layout that Run made with the same parameters. A row's weights are those of umap-learn's
// transform (ρ = 0); it is drawn to its nearest rows and pushed from rows that its content chooses.
func PlaceUMAP(ctx context.Context, fresh Fresh, old Layout, p Params, on Machine) (Layout, error) {
	f := newForce(Curve(p.MinDist, p.Spread))
	target := math.Log2(float64(max(fresh.K, 2)))
	weigh := func(distances, weights []float32) {
		var mean float64
		for _, d := range distances {
			mean += float64(d) / float64(len(distances))
		}
		sigma := smoothRow(distances, 0, target, 1e-3*mean)
		for j, d := range distances {
			weights[j] = membership(d, 0, sigma)
		}
	}
	return fresh.place(ctx, old, on, weigh, func(x *placing) {
		at := make([]float32, old.Dims)
		for c, v := range x.at {
			at[c] = float32(v)
		}
		state := contentOf(x.row, p.Seed)
		most := slices.Max(x.weights)
		for epoch := range placeUMAPEpochs {
			alpha := placeRate * (1 - float32(epoch)/placeUMAPEpochs)
			for j, id := range x.ids {
				if share := x.weights[j] / most; int(share*float32(epoch+1)) == int(share*float32(epoch)) {
					continue // it has no turn in this epoch
				}
				state = f.stir(at, old, id, alpha, state)
			}
		}
		for c, v := range at {
			x.at[c] = float64(v)
		}
	})
}

// stir draws a point to one row and pushes it from as many others as in a layout.
func (f *force) stir(at []float32, old Layout, id int32, alpha float32, state uint64) uint64 {
	other := old.Row(int(id))
	pull := f.attraction.at(gap(at, other))
	for c := range at {
		at[c] += clipped(pull*(at[c]-other[c])) * alpha
	}
	for range negatives {
		state += golden
		other := old.Row(int((mix(state) >> 32) * uint64(old.Rows()) >> 32))
		push := f.repulsion.at(gap(at, other))
		for c := range at {
			at[c] += clipped(push*(at[c]-other[c])) * alpha
		}
	}
	return state
}

// contentOf is a hash of seed and values.
func contentOf(row []float32, seed uint64) uint64 {
	state := mix(seed + golden)
	for _, v := range row {
		state = mix(state^uint64(math.Float32bits(v)))*golden + 1
	}
	return state
}

// PlaceTSNE puts fresh rows into a layout that TSNE made: each goes down the gradient of its own divergence, its affinities
// against 1/(1+d²) to every row of the layout.
func PlaceTSNE(ctx context.Context, fresh Fresh, old Layout, perplexity float64, on Machine) (Layout, error) {
	entropy := math.Log(math.Max(math.Min(perplexity, float64(fresh.K)/3), 1))
	still := newStill(old, on)
	weigh := func(distances, weights []float32) { gaussian(distances, entropy, weights) }
	return fresh.place(ctx, old, on, weigh, func(x *placing) {
		var step [2]float64
		for range placeSteps {
			px, py, all := still.push(x.at[0], x.at[1])
			gx, gy := -px/all, -py/all
			for j, id := range x.ids {
				dx, dy := x.at[0]-float64(old.Points[2*id]), x.at[1]-float64(old.Points[2*id+1])
				w := float64(x.weights[j]) / (1 + dx*dx + dy*dy)
				gx, gy = gx+w*dx, gy+w*dy
			}
			step[0], step[1] = tsneMomentum*step[0]-gx, tsneMomentum*step[1]-gy
			x.at[0], x.at[1] = still.within(x.at[0]+step[0], 0), still.within(x.at[1]+step[1], 1)
		}
	})
}

// PlacePaCMAP puts fresh rows into a layout that PaCMAP made, where the pull of their nearest rows is even.
func PlacePaCMAP(ctx context.Context, fresh Fresh, old Layout, on Machine) (Layout, error) {
	weigh := func(_, weights []float32) {
		for j := range weights {
			weights[j] = 1
		}
	}
	return fresh.place(ctx, old, on, weigh, func(x *placing) {
		for range placeSteps {
			for j, id := range x.ids {
				d := 11.0
				for c, v := range old.Row(int(id)) {
					d += (x.at[c] - float64(v)) * (x.at[c] - float64(v))
				}
				x.weights[j] = float32(1 / (d * d))
			}
			x.average(old)
		}
	})
}

// place weighs the nearest rows of each fresh one and calls settle for it, except where it equals one of them.
func (f Fresh) place(ctx context.Context, old Layout, on Machine, weigh func(distances, weights []float32), settle func(*placing)) (Layout, error) {
	out := Layout{old.Dims, make([]float32, f.X.Rows*old.Dims)}
	on.parallel(f.X.Rows, 16, func(from, to int) {
		distances := make([]float32, f.K)
		x := placing{weights: make([]float32, f.K), at: make([]float64, old.Dims)}
		for i := from; i < to && ctx.Err() == nil; i++ {
			x.row, x.ids = f.X.Row(i), f.IDs[i*f.K:(i+1)*f.K]
			if equal := slices.IndexFunc(x.ids, func(id int32) bool { return slices.Equal(f.Old.Row(int(id)), x.row) }); equal >= 0 {
				copy(out.Row(i), old.Row(int(x.ids[equal])))
				continue
			}
			for j := range distances {
				distances[j] = float32(f.Distances[i*f.K+j])
			}
			weigh(distances, x.weights)
			x.average(old)
			settle(&x)
			for c, v := range x.at {
				out.Row(i)[c] = float32(v)
			}
		}
	})
	if ctx.Err() != nil {
		return out, canceled(ctx)
	}
	return out, nil
}

// average puts it where its nearest rows lie, by weight.
func (x *placing) average(old Layout) {
	clear(x.at)
	var sum float64
	for j, id := range x.ids {
		w := float64(x.weights[j])
		sum += w
		for c, v := range old.Row(int(id)) {
			x.at[c] += w * float64(v)
		}
	}
	for c := range x.at {
		x.at[c] /= sum
	}
}

// still is the push of a t-SNE's rows, which do not move any more, anywhere among them.
type still struct {
	points    []float64
	low, high [2]float64
	field     *field // nil: of few rows every one is added up
	forces    []complex128
	sums      []complex128
}

func newStill(old Layout, on Machine) *still {
	s := &still{points: make([]float64, len(old.Points))}
	for i, v := range old.Points {
		s.points[i] = float64(v)
	}
	s.low, s.high = corners(s.points)
	if old.Rows() <= fieldPairs {
		return s
	}
	s.field = &field{on: on}
	s.field.fit(max(s.high[0]-s.low[0], s.high[1]-s.low[1]))
	s.field.spread(s.points, s.low)
	s.field.convolve(s.field.push)
	s.forces = slices.Clone(s.field.sheet[:s.field.cells*s.field.cells])
	s.field.convolve(s.field.sum)
	s.sums = s.field.sheet
	return s
}

// within keeps a coordinate among the rows.
func (s *still) within(v float64, axis int) float64 { return min(max(v, s.low[axis]), s.high[axis]) }

// push is what all rows push a point by, and Σ 1/(1+d²).
func (s *still) push(x, y float64) (fx, fy, all float64) {
	if s.field != nil {
		f := s.field.at(s.forces, x, y, s.low)
		return real(f), imag(f), max(real(s.field.at(s.sums, x, y, s.low)), 1e-3)
	}
	for j := 0; j < len(s.points); j += 2 {
		dx, dy := x-s.points[j], y-s.points[j+1]
		w := 1 / (1 + dx*dx + dy*dy)
		fx, fy, all = fx+w*w*dx, fy+w*w*dy, all+w
	}
	return fx, fy, all
}
