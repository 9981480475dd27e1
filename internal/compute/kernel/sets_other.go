//go:build !amd64

package kernel

func available() []*Set { return nil }
