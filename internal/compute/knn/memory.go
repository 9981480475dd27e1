package knn

// Memory is how many bytes a self-join needs at most beside the matrix, its result included: codes, panels
// and what is known of every row, and the lists of the rows that are asked about. The plain Go path keeps
// longer lists and no codes.
func Memory(rows, dims int, p Params) int64 {
	lists := rows
	if p.Queries != nil {
		lists = len(p.Queries)
	}
	if p.Kernel == nil || dims > maxCodedDims {
		return int64(rows)*40 + int64(lists)*int64(12*(2*p.K+16)+8*p.K) + 64<<20
	}
	const perRow, perScores = 260, 4 * 32 // ids, hashes, lengths, limits; scores while rows are put in order
	dense := denseBytes(rows, dims+15)
	if dense > mostDense {
		dense = 0
	}
	return int64(rows)*int64(3*(dims+31)+perRow+perScores) + dense + int64(lists)*int64(32*p.K) + 64<<20
}
