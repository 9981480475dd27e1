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

// JoinQueries makes Query join, however few the queries and rows are.
func JoinQueries() (restore func()) {
	queries, rows := joinedQueries, joinedRows
	joinedQueries, joinedRows = 1, 2
	return func() { joinedQueries, joinedRows = queries, rows }
}
