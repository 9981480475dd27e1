//go:build !linux

package lifecycle

// machineMemory is the memory of this machine in bytes; 0: not known.
func machineMemory() int64 { return 0 }
