package knn_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/knn"
)

// interrupt runs a join until its n-th checkpoint and gives what was to be kept of it; nil: it was done before.
func interrupt(t *testing.T, x knn.Matrix, p knn.Params, n int) *knn.Partial {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var kept *knn.Partial
	seen := 0
	p.Checkpoint = func(save func() *knn.Partial) {
		if seen++; seen == n {
			kept = save()
			cancel()
		}
	}
	if _, err := knn.SelfJoin(ctx, x, p); kept != nil && catalog.CodeOf(err) != catalog.Canceled {
		t.Fatalf("interrupted at checkpoint %d: %v", n, err)
	}
	return kept
}

// goneOn goes on from r and gives the share of the work that was left.
func goneOn(t *testing.T, x knn.Matrix, p knn.Params, r *knn.Partial) (*knn.Table, float64) {
	t.Helper()
	first := int64(-1)
	var all int64
	p.Resume = r
	p.Progress = func(done, total int64) {
		if all = total; first < 0 {
			first = done
		}
	}
	table, err := knn.SelfJoin(context.Background(), x, p)
	if err != nil {
		t.Fatal(err)
	}
	return table, 1 - float64(first)/float64(all)
}

func TestAnInterruptedJoinGoesOnAndGivesTheSameBytes(t *testing.T) {
	twice := gaussian(1600, 24, 3)
	copy(twice.Data[800*24:], twice.Data[:700*24]) // equal rows are joined once
	for _, c := range []struct {
		name string
		x    knn.Matrix
		p    knn.Params
	}{
		{"euclidean", gaussian(2100, 48, 1), knn.Params{K: 10, Metric: catalog.Euclidean}},
		{"cosine of a few", gaussian(2100, 17, 2), knn.Params{K: 3, Metric: catalog.Cosine, Queries: []int32{0, 5, 700, 701, 1999}}},
		{"dot with equal rows", twice, knn.Params{K: 12, Metric: catalog.Dot}},
	} {
		for _, path := range paths() {
			for _, at := range []int{1, 2} {
				t.Run(fmt.Sprintf("%s, %s, checkpoint %d", c.name, pathName(path), at), func(t *testing.T) {
					p := c.p
					p.Kernel, p.Threads = path, 2
					kept := interrupt(t, c.x, p, at)
					if kept == nil {
						t.Fatalf("the join has fewer than %d checkpoints", at)
					}
					p.Threads = 3
					got, left := goneOn(t, c.x, p, kept)
					if diff := cmp.Diff(joinOn(t, c.x, c.p), got); diff != "" {
						t.Errorf("-whole +resumed\n%s", diff)
					}
					if left >= 1 || !kept.Used {
						t.Errorf("all of the work was done again: %.3f, used %t", left, kept.Used)
					}
				})
			}
		}
	}
}

func TestAPartialResultOfAnotherJoinIsNotUsed(t *testing.T) {
	x := gaussian(2100, 48, 1)
	for _, path := range paths() {
		p := knn.Params{K: 10, Metric: catalog.Euclidean, Kernel: path}
		kept := interrupt(t, x, p, 2)
		if kept == nil {
			t.Fatalf("%s: no checkpoint", pathName(path))
		}
		other := gaussian(2100, 48, 9)
		damaged := &knn.Partial{Join: kept.Join, Tiles: kept.Tiles, IDs: slices.Clone(kept.IDs)}
		damaged.IDs[7] = 2100
		short := &knn.Partial{Join: kept.Join, Tiles: kept.Tiles, IDs: kept.IDs[1:]}
		longer := p
		longer.K = 11
		for _, c := range []struct {
			name string
			x    knn.Matrix
			p    knn.Params
			r    *knn.Partial
		}{{"another k", x, longer, kept}, {"a number that is no row", x, p, damaged}, {"too few numbers", x, p, short}} {
			got, left := goneOn(t, c.x, c.p, c.r)
			if diff := cmp.Diff(joinOn(t, c.x, c.p), got); diff != "" {
				t.Errorf("%s, %s: -whole +resumed\n%s", pathName(path), c.name, diff)
			}
			if left < 0.95 || c.r.Used {
				t.Errorf("%s, %s: only %.3f of the work was done, used %t", pathName(path), c.name, left, c.r.Used)
			}
		}
		// Of other values with the same rows: the caller names partial results by content, and the numbers are
		// ranked anew, so that even then every list holds rows at their true distances.
		got, _ := goneOn(t, other, p, kept)
		if got.Rows != 2100 {
			t.Errorf("%s: %d rows", pathName(path), got.Rows)
		}
	}
}
