package measure_test

import (
	"math/rand/v2"
	"testing"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
	"github.com/pentoai/vectory/internal/compute/measure"
)

// BenchmarkStages times what `vectory compare --measure all` adds to warm neighbour tables, stage by stage, for two
// spaces of 7,600 rows, 384 and 256 dimensions.
func BenchmarkStages(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	x := normal(r, 7600, 384)
	y := knn.Matrix{Rows: x.Rows, Dims: 256, Data: make([]float32, x.Rows*256)}
	for i := range y.Rows {
		for c := range y.Row(i) {
			y.Row(i)[c] = x.Row(i)[c] + float32(r.NormFloat64())/2
		}
	}
	const k = 10
	ta, tb := table(b, x, k), table(b, y, k)
	stages := []struct {
		name string
		run  func() error
	}{
		{"lists", func() error {
			found, err := measure.Lists(ta, tb, k)
			if err == nil {
				err = measure.NullOfLists(found, ta, tb, k, machine())
			}
			return err
		}},
		{"rows", func() error {
			of := func(a, c *knn.Table, y knn.Matrix, on measure.Machine) (map[string]measure.Result, error) {
				near, err := measure.SecondOrderCosine(b.Context(), a, c, x, y, k, false, on)
				if err != nil {
					return nil, err
				}
				spaced, err := measure.NeighbourDistances(b.Context(), a, c, x, y, catalog.Euclidean, catalog.Euclidean, k, on)
				return map[string]measure.Result{"second_order_cosine": near, "neighbour_distances": spaced}, err
			}
			found, err := of(ta, tb, y, machine())
			if err == nil {
				err = measure.NullOfRows(found, ta, tb, y, k, x.Dims+y.Dims, machine(), of)
			}
			return err
		}},
		{"imbalance", func() error {
			_, err := measure.Imbalance(b.Context(), ta, tb, y, knn.Params{Metric: catalog.Euclidean, Kernel: machine().Kernel})
			return err
		}},
		{"pairs", func() error {
			p, err := measure.NewPairwise(b.Context(), x, y, machine())
			if err != nil {
				return err
			}
			return p.Null(p.Pair(every), every, machine())
		}},
		{"moments", func() error {
			m, err := measure.NewMoments(b.Context(), x, y, machine())
			if err != nil {
				return err
			}
			found := m.Pair(every)
			return m.Null(b.Context(), found, x, y, every, machine())
		}},
	}
	for _, stage := range stages {
		b.Run(stage.name, func(b *testing.B) {
			for b.Loop() {
				if err := stage.run(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func table(b *testing.B, x knn.Matrix, k int) *knn.Table {
	t, err := knn.SelfJoin(b.Context(), x, knn.Params{K: k, Metric: catalog.Euclidean, Kernel: machine().Kernel})
	if err != nil {
		b.Fatal(err)
	}
	return t
}
