package projection

// Memory is how many bytes the layout of some spaces of so many rows needs at most, beside their matrices and neighbour
// tables: for principal components what the columns vary together, then the graph of each, as it is made, its edges with
// their turns, and the points with what is shown of them. lists is how many neighbours each row is drawn to; turns
// tells whether its edges take turns (UMAP, of one space or many) or act at once (t-SNE, PaCMAP).
func Memory(rows, columns, dims, lists, spaces int, turns bool) int64 {
	const perEdge, perTurn, perRow = 32, 32, 160
	edges, each := 2*int64(rows)*int64(lists), int64(perEdge)
	if turns {
		each += perTurn
	}
	covariance := 24 * int64(columns) * int64(columns)
	return covariance + int64(spaces)*(edges*each+int64(rows)*int64(perRow+16*dims))
}
