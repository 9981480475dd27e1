package knn

import (
	"context"

	"github.com/pentoai/vectory/internal/catalog"
)

// Ranks tells for each pair (rows[i], targets[i]) of rows of x which neighbour of the first the second is:
// 1 for the nearest, by (distance, row number), the row itself not counted. Every distance to rows[i] is
// computed exactly. Both take part; p.K and p.Queries play no part. Errors: those of [SelfJoin].
func Ranks(ctx context.Context, x Matrix, rows, targets []int32, p Params) ([]int32, error) {
	p.K = 1
	if err := check(x, p); err != nil {
		return nil, err
	}
	if len(rows) != len(targets) {
		return nil, catalog.Errorf(catalog.Internal, "%d rows have %d targets", len(rows), len(targets))
	}
	all := taking(x, p)
	g, err := newGauge(ctx, x, all, p)
	if err != nil {
		return nil, err
	}
	others := g.listed(len(all))
	for i, row := range all {
		others.set(g, i, row)
	}
	ranks := make([]int32, len(rows))
	err = inParallel(ctx, threads(p, len(rows)), len(rows), func() func(task int) error {
		one := g.listed(1)
		pairs, values := make([]uint32, rankAtOnce), make([]float64, rankAtOnce)
		for i := range pairs {
			pairs[i] = uint32(i)
		}
		return func(task int) error {
			row, target := rows[task], targets[task]
			one.set(g, 0, row)
			limit := g.distance(g.rank(row, target))
			most := above(g.rank(row, target))
			count := int32(1)
			for from := 0; from < len(all); from += rankAtOnce {
				part := all[from:min(from+rankAtOnce, len(all))]
				g.ranksOf(p, one, others.from(from, len(part)), part, pairs, values)
				for i, other := range part {
					if other == row || values[i] > most {
						continue
					}
					if d := g.distance(values[i]); d < limit || d == limit && other < target {
						count++
					}
				}
			}
			ranks[task] = count
			return nil
		}
	})
	return ranks, err
}

// from is a part of the list.
func (l listed) from(at, n int) listed {
	part := listed{rows: l.rows[at : at+n]}
	if l.scales != nil {
		part.scales = l.scales[at : at+n]
	}
	return part
}

// ranksOf puts the rank values of one row and each of others into out.
func (g *gauge) ranksOf(p Params, one, others listed, rows []int32, pairs []uint32, out []float64) {
	if p.Kernel != nil {
		g.ranks(p.Kernel, one, others, pairs[:len(rows)], out)
		return
	}
	for i, row := range rows {
		out[i] = g.rank(one.rows[0], row)
	}
}
