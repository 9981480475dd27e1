package lifecycle

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// remote are the file systems of a server elsewhere, as statfs tells them.
var remote = map[int64]string{unix.NFS_SUPER_MAGIC: "NFS", unix.SMB_SUPER_MAGIC: "SMB", unix.CIFS_SUPER_MAGIC: "SMB", unix.SMB2_SUPER_MAGIC: "SMB", unix.AFS_SUPER_MAGIC: "AFS"}

// remoteSystem names the network file system that a folder lies on; "": none that is known.
func remoteSystem(folder string) string {
	var info syscall.Statfs_t
	if syscall.Statfs(folder, &info) != nil {
		return ""
	}
	return remote[int64(uint32(info.Type))] //nolint:gosec // the type is 32 bits wide, with its sign on some machines
}
