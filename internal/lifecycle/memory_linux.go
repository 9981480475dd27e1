package lifecycle

import "syscall"

// machineMemory is the memory of this machine in bytes; 0: not known.
func machineMemory() int64 {
	var info syscall.Sysinfo_t
	if syscall.Sysinfo(&info) != nil {
		return 0
	}
	return int64(info.Totalram) * int64(info.Unit)
}
