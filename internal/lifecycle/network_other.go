//go:build !linux

package lifecycle

// remoteSystem names the network file system that a folder lies on; "": none that is known.
func remoteSystem(string) string { return "" }
