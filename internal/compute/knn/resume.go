package knn

import (
	"context"
	"encoding/binary"
	"hash/fnv"
)

// Partial is how far a join has come: what a later run of the same join needs to go on. It holds no more than
// that; a run that it does not fit (other rows, k, kernels or directions) begins anew.
type Partial struct {
	Join  uint64  // which join it is of: a hash over what decides the order of its work
	Tiles int     // pairs of blocks that are done, in that order
	IDs   []int32 // K for each row that is asked about, by block: the nearest so far, −1 where there are fewer

	Spent int64 // nanoseconds that the runs before have taken; told and read by who keeps it
	Used  bool  // set by the join that goes on from it
}

// rounds is in how many parts the pairs of blocks are done when somebody wants to keep what is found: between
// two of them nothing runs, so that the lists are those of the pairs before.
const rounds = 128

// inRounds does the tasks from done on; after each round but the last, p.Checkpoint is told.
func inRounds(ctx context.Context, p Params, done, total int, prepare func() func(task int) error, save func(tiles int) *Partial) error {
	step := total
	if p.Checkpoint != nil {
		step = (total + rounds - 1) / rounds
	}
	for done < total {
		from, n := done, min(step, total-done)
		err := inParallel(ctx, threads(p, n), n, func() func(task int) error {
			run := prepare()
			return func(task int) error { return run(from + task) }
		})
		if err != nil {
			return err
		}
		if done += n; p.Checkpoint != nil && done < total {
			p.Checkpoint(func() *Partial { return save(done) })
		}
	}
	return nil
}

// fits reports whether the partial result is of this join.
func (r *Partial) fits(join uint64, tiles, entries int) bool {
	return r != nil && r.Join == join && r.Tiles >= 0 && r.Tiles <= tiles && len(r.IDs) == entries
}

// fingerprint hashes numbers and lists of numbers in order.
type fingerprint struct{ sum []byte }

func (f *fingerprint) add(numbers ...int32) {
	for _, n := range numbers {
		f.sum = binary.LittleEndian.AppendUint32(f.sum, uint32(n))
	}
}

func (f *fingerprint) value() uint64 {
	h := fnv.New64a()
	_, _ = h.Write(f.sum) // never fails
	return h.Sum64()
}

// print says which join this is: the rows in the order of the blocks, k, the kernels, the codes.
func (j *codedJoin) print(tiles schedule) uint64 {
	var f fingerprint
	f.add(1, int32(j.p.K), j.set.MaxA, int32(j.coder.depth), int32(j.coder.full), int32(j.asked), int32(len(j.blocks)))
	for _, b := range j.blocks {
		f.add(int32(b.n))
		f.add(b.rows[:b.n]...)
	}
	for _, t := range tiles.list {
		f.add(t.a, t.b)
	}
	return f.value()
}

// partial copies the lists. Nothing runs meanwhile.
func (j *codedJoin) partial(join uint64, tiles int) *Partial {
	r := &Partial{Join: join, Tiles: tiles}
	for _, b := range j.blocks[:j.asked] {
		for i := range b.n {
			b.lists[i].cut()
			r.IDs = appendIDs(r.IDs, b.lists[i].entries, j.p.K)
		}
	}
	return r
}

func appendIDs(ids []int32, list []neighbour, k int) []int32 {
	for at := range k {
		id := int32(-1)
		if at < len(list) {
			id = list[at].id
		}
		ids = append(ids, id)
	}
	return ids
}

// restore offers every row what an earlier run had found for it: the ranks are computed again, so that nothing
// but row numbers is taken on trust. It reports false, and has changed nothing, when a number is no row.
func (j *codedJoin) restore(r *Partial) bool {
	if !j.g.known(r.IDs) {
		return false
	}
	ids := r.IDs
	for _, b := range j.blocks[:j.asked] {
		for i := range b.n {
			for _, id := range ids[:j.p.K] {
				if id >= 0 {
					j.offer(b, i, j.g.rank(b.rows[i], id), id)
				}
			}
			b.lists[i].cut()
			j.bound(b, i, j.g.rankWithin(b.lists[i].worst))
			ids = ids[j.p.K:]
		}
	}
	r.Used = true
	return true
}

func (g *gauge) known(ids []int32) bool {
	for _, id := range ids {
		if id < -1 || int(id) >= g.x.Rows {
			return false
		}
	}
	return true
}

// entriesOf is how many ids a partial result of the blocks holds.
func (j *codedJoin) entriesOf() int {
	n := 0
	for _, b := range j.blocks[:j.asked] {
		n += b.n * j.p.K
	}
	return n
}

// print says which join this is.
func (j *join) print() uint64 {
	var f fingerprint
	f.add(2, int32(j.p.K), int32(len(j.lists)))
	for _, block := range j.blocks {
		f.add(int32(len(block)))
		f.add(block...)
	}
	return f.value()
}

// partial ranks the lists and copies them. Nothing runs meanwhile.
func (j *join) partial(join uint64, tiles int) *Partial {
	r := &Partial{Join: join, Tiles: tiles}
	for _, list := range j.lists {
		for i := range list.rows {
			r.IDs = appendIDs(r.IDs, list.finish(i), j.p.K)
		}
	}
	return r
}

// restore gives every row what an earlier run had found for it.
func (j *join) restore(r *Partial) bool {
	if !j.g.known(r.IDs) {
		return false
	}
	ids := r.IDs
	for _, list := range j.lists {
		for i, row := range list.rows {
			for _, id := range ids[:j.p.K] {
				if id >= 0 {
					list.add(i, j.g.rank(row, id), ^id)
				}
			}
			list.rank(i)
			ids = ids[j.p.K:]
		}
	}
	r.Used = true
	return true
}

func (j *join) entriesOf() int {
	n := 0
	for _, list := range j.lists {
		n += len(list.rows) * j.p.K
	}
	return n
}
