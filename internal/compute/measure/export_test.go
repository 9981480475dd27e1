package measure

// Partitions compares two ways to part the same rows.
func Partitions(a, b []int32) map[string]Result { return partitions(a, b) }
