package knn

// ChoosePrefix makes every join look for directions and choose by itself, however few its rows are.
func ChoosePrefix() (restore func()) {
	from := prefixFrom
	prefixFrom = 2
	return func() { prefixFrom = from }
}

// ForcePrefix makes every join sieve by a prefix of dims columns, where the rows have enough; 0: as usual.
func ForcePrefix(dims int) (restore func()) {
	from := prefixFrom
	forcePrefix = dims
	if dims > 0 {
		prefixFrom = 2
	}
	return func() { prefixFrom, forcePrefix = from, 0 }
}

// ForceDense makes every join by a prefix sieve all columns of a panel from that share of its pairs on (above 1: never);
// 0: as usual.
func ForceDense(share float64) (restore func()) {
	forceDense = share
	return func() { forceDense = 0 }
}

// PlaneFrom makes a tree serve from so many rows of few columns on.
func PlaneFrom(rows int) (restore func()) {
	from := planeFrom
	planeFrom = rows
	return func() { planeFrom = from }
}

// JoinQueries makes Query join, however few the queries and rows are.
func JoinQueries() (restore func()) {
	queries, rows := joinedQueries, joinedRows
	joinedQueries, joinedRows = 1, 2
	return func() { joinedQueries, joinedRows = queries, rows }
}

// Nearest offers rows 0, 1, … at these distances to a list of k and gives it in order.
func Nearest(k int, distances []float64) (ids []int32) {
	l := newNearest(k, make([]neighbour, roomFor(k)))
	for id, d := range distances {
		l.offer(neighbour{d, int32(id)})
	}
	for _, n := range l.sorted() {
		ids = append(ids, n.id)
	}
	return ids
}
