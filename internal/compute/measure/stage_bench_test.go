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
			rows := measure.NewRows(x, y, catalog.Euclidean, catalog.Euclidean, x.Rows, machine())
			found, err := rows.Pair(b.Context(), ta, tb, k, every)
			if err == nil {
				err = rows.Null(b.Context(), found, ta, tb, k, every)
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
			rsa := func(name string) bool { return name == "rsa" }
			if err := p.Null(p.Pair(rsa), rsa, machine()); err != nil {
				return err
			}
			_, err = measure.DistanceCorrelation(b.Context(), x, y, machine())
			return err
		}},
		{"kernels", func() error {
			_, err := measure.RBFCKA(b.Context(), x, y, machine())
			return err
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

// BenchmarkGrade times what `vectory grade --label` adds to a warm neighbour table, stage by stage, for 4,000 rows of 384
// dimensions with 45 labels.
func BenchmarkGrade(b *testing.B) {
	r := rand.New(rand.NewPCG(2, 2))
	const rows, count, k = 4000, 45, 10
	x, labels := normal(r, rows, 384), make([]int32, rows)
	for i := range labels {
		labels[i] = int32(r.IntN(count))
		x.Row(i)[labels[i]] += 3
	}
	t := table(b, x, k)
	stages := []struct {
		name string
		run  func() error
	}{
		{"shape", func() error { _, err := measure.Shape(b.Context(), x, machine()); return err }},
		{"uniformity", func() error { measure.Uniformity(x, machine()); return nil }},
		{"lists", func() error {
			measure.Hubness(t, k)
			measure.IntrinsicDimension(t, x, catalog.Euclidean, k)
			measure.Labels(t, labels, count, k)
			return nil
		}},
		{"silhouette", func() error { measure.Silhouette(x, labels, count); return nil }},
		{"retrieval", func() error {
			_, err := measure.Retrieval(b.Context(), x, catalog.Cosine, labels, count, machine())
			return err
		}},
		{"clusters", func() error {
			_, err := measure.Clusters(b.Context(), x, catalog.Cosine, labels, count, machine())
			return err
		}},
		{"probe", func() error {
			_, err := measure.Probe(b.Context(), x, labels, count, machine())
			return err
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

// BenchmarkMillion times the measures that read lists only, of a million rows: the headline with its chance and z, the
// others, and the curve.
func BenchmarkMillion(b *testing.B) {
	const rows, k = 1_000_000, 10
	r := rand.New(rand.NewPCG(3, 3))
	draw := func() *knn.Table {
		t := &knn.Table{Rows: rows, K: k, IDs: make([]int32, rows*k)}
		for i := range t.IDs {
			t.IDs[i] = int32((i/k + 1 + r.IntN(50)*k + i%k) % rows) // near rows, each once
		}
		return t
	}
	x, y := draw(), draw()
	b.ResetTimer()
	for b.Loop() {
		if _, err := measure.Compare(x, y, k); err != nil {
			b.Fatal(err)
		}
		found, err := measure.Lists(x, y, k)
		if err == nil {
			err = measure.NullOfLists(found, x, y, k, machine())
		}
		if err == nil {
			_, err = measure.Curve(x, y, k)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}
