package workspace

import (
	"context"
	"strconv"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/vec"
	"github.com/pentoai/vectory/internal/wire"
)

const (
	mostGroups  = 1000 // in one reply
	mostOfGroup = 100  // rows of a group that are listed
)

// Duplicates gives groups [from, to) of the rows of a space that hold the same values, the largest first.
func (w *Workspace) Duplicates(ctx context.Context, name string, from, to int) (wire.Duplicates, error) {
	defer w.urgent.begin()()
	reply := wire.Duplicates{Space: name, From: from, Groups: []wire.DuplicateGroup{}}
	if from < 0 || to < from || to-from > mostGroups {
		return reply, catalog.Errorf(catalog.Invalid, "groups %d to %d cannot be listed: from is 0 or more, and to is at most %d more", from, to, mostGroups)
	}
	var of side
	if err := w.book.View(ctx, func(tx Tx) (err error) { of, err = lookUp(tx, name, ""); return err }); err != nil {
		return reply, err
	}
	reply.Rows = of.space.Rows
	groups, err := w.sameRows(of.space)
	if err != nil {
		return reply, err
	}
	reply.GroupsTotal = len(groups)
	for _, g := range groups {
		reply.DuplicateRows += len(g) - 1
	}
	groups = groups[min(from, len(groups)):min(to, len(groups))]
	if len(groups) == 0 {
		return reply, nil
	}
	id, done, err := w.idsOf(ctx, of)
	if err != nil {
		return reply, err
	}
	defer done()
	for _, g := range groups {
		shown := wire.DuplicateGroup{Size: len(g)}
		for _, row := range g[:min(len(g), mostOfGroup)] {
			shown.Rows, shown.IDs = append(shown.Rows, int(row)), append(shown.IDs, id(int(row)))
		}
		reply.Groups = append(reply.Groups, shown)
	}
	return reply, nil
}

// sameRows looks through the matrix only where its health says that there is something to find.
func (w *Workspace) sameRows(s catalog.Space) ([][]int32, error) {
	if s.Health.DuplicateRows == 0 {
		return nil, nil
	}
	key := s.SHA256 + "/" + strconv.Itoa(s.Dims)
	if groups, ok := w.same.get(key); ok {
		return groups, nil
	}
	x, release, err := w.files.Matrix(s.SHA256, s.Rows, s.Dims)
	if err != nil {
		return nil, err
	}
	defer release()
	groups := vec.Same(x.Data, s.Dims)
	w.same.put(key, groups)
	return groups, nil
}
