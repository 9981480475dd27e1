package knn

import (
	"bytes"
	"context"
	"hash/maphash"
	"slices"
	"unsafe"
)

// groups are the rows that take part, those with the same bytes together. A join looks at the first
// row of each only: m equal rows would else cost m² exact ranks, since none is nearer than another.
type groups struct {
	first   []int32 // the first row of each group, in rising order
	members [][]int32
}

// collapse finds equal rows; nil members: there are none.
func collapse(ctx context.Context, x Matrix, rows []int32, p Params) (groups, error) {
	hashes := make([]uint64, len(rows))
	seed := maphash.MakeSeed()
	const part = 1024
	tasks := (len(rows) + part - 1) / part
	err := inParallel(ctx, threads(p, tasks), tasks, func() func(task int) error {
		return func(task int) error {
			for i := task * part; i < min((task+1)*part, len(rows)); i++ {
				hashes[i] = maphash.Bytes(seed, bytesOf(x.Row(int(rows[i]))))
			}
			return nil
		}
	})
	if err != nil {
		return groups{}, err
	}
	size := 1
	for size < 2*len(rows) {
		size *= 2
	}
	slots := make([]int32, size) // 1 + place in `rows` of a group's first row
	firstOf := make([]int32, len(rows))
	repeated := false
	for i, h := range hashes {
		at := int(h) & (size - 1)
		for slots[at] != 0 {
			if other := slots[at] - 1; hashes[other] == h && bytes.Equal(bytesOf(x.Row(int(rows[other]))), bytesOf(x.Row(int(rows[i])))) {
				break
			}
			at = (at + 1) & (size - 1)
		}
		if slots[at] == 0 {
			slots[at] = int32(i) + 1
		} else {
			repeated = true
		}
		firstOf[i] = slots[at] - 1
	}
	if !repeated {
		return groups{first: rows}, nil
	}
	return gatherGroups(rows, firstOf), nil
}

// gatherGroups lists the members of each group. More than k+1 of a group are never anyone's
// neighbours, but each needs its own list, so all are kept.
func gatherGroups(rows, firstOf []int32) groups {
	var g groups
	group := make([]int32, len(rows))
	for i, first := range firstOf {
		if int(first) == i {
			group[i] = int32(len(g.first))
			g.first = append(g.first, rows[i])
			g.members = append(g.members, nil)
		}
		at := group[first]
		g.members[at] = append(g.members[at], rows[i])
	}
	return g
}

// bytesOf views numbers as bytes.
func bytesOf[T int8 | float32](v []T) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(&v[0])), len(v)*int(unsafe.Sizeof(v[0])))
}

// expand turns the list of a group's first row into those of all its wanted members. list holds first rows
// only, the min(k, groups−1) nearest. The k nearest of all rows are members of these groups or of the
// row's own: each group counts with at least its first row, and of groups at one distance those
// with the lower first rows were kept.
func (g *groups) expand(k int, gauge *gauge, first int32, list []neighbour, want wanted, emit func(row int32, list []neighbour) error) error {
	own := g.of(first)
	self := neighbour{distance: gauge.distance(gauge.rank(first, first))}
	var others []neighbour
	for _, n := range list {
		for _, id := range some(g.of(n.id), k) {
			others = append(others, neighbour{distance: n.distance, id: id})
		}
	}
	var all []neighbour
	for _, row := range own {
		if want != nil && !want[row] {
			continue
		}
		all = append(all[:0], others...)
		for _, id := range some(own, k+1) {
			if id != row {
				self.id = id
				all = append(all, self)
			}
		}
		slices.SortFunc(all, byDistance)
		if err := emit(row, all[:k]); err != nil {
			return err
		}
	}
	return nil
}

// wanted marks the first rows of the groups that have a wanted member.
func (g *groups) wanted(want wanted) wanted {
	if want == nil {
		return nil
	}
	first := make(wanted, len(want))
	for i, members := range g.members {
		first[g.first[i]] = slices.ContainsFunc(members, func(row int32) bool { return want[row] })
	}
	return first
}

// of gives the members of the group of a first row.
func (g *groups) of(first int32) []int32 {
	at, _ := slices.BinarySearch(g.first, first)
	return g.members[at]
}

func some(list []int32, n int) []int32 { return list[:min(n, len(list))] }
