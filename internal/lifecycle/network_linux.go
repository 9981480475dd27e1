package lifecycle

import (
	"fmt"
	"os"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// remote are the file systems of a server elsewhere, as statfs tells them. The last three are not in the kernel's list.
var remote = map[int64]string{
	unix.NFS_SUPER_MAGIC: "NFS", unix.SMB_SUPER_MAGIC: "SMB", unix.CIFS_SUPER_MAGIC: "SMB", unix.SMB2_SUPER_MAGIC: "SMB", unix.AFS_SUPER_MAGIC: "AFS",
	unix.CEPH_SUPER_MAGIC: "Ceph", 0x0bd00bd0: "Lustre", 0x47504653: "GPFS", 0x19830326: "BeeGFS",
}

// remoteFuse are those of programs, by the type that the table of mounts tells.
var remoteFuse = map[string]string{
	"fuse.sshfs": "sshfs", "fuse.rclone": "rclone", "fuse.s3fs": "s3fs", "fuse.glusterfs": "GlusterFS", "fuse.ceph-fuse": "Ceph", "fuse.juicefs": "JuiceFS",
}

// remoteSystem names the network file system that a folder lies on; "": none that is known.
func remoteSystem(folder string) string {
	var info syscall.Statfs_t
	if syscall.Statfs(folder, &info) != nil {
		return ""
	}
	kind := int64(uint32(info.Type)) //nolint:gosec // the type is 32 bits wide, with its sign on some machines
	if kind != unix.FUSE_SUPER_MAGIC {
		return remote[kind]
	}
	var of syscall.Stat_t
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil || syscall.Stat(folder, &of) != nil {
		return ""
	}
	return remoteFuse[mountedAs(string(mounts), unix.Major(of.Dev), unix.Minor(of.Dev))]
}

// mountedAs finds the type of a device in the table of mounts: "36 35 0:40 / /mnt rw,relatime - fuse.sshfs host: rw".
func mountedAs(mounts string, major, minor uint32) string {
	for line := range strings.Lines(mounts) {
		where, what, ok := strings.Cut(line, " - ")
		fields, kind := strings.Fields(where), strings.Fields(what)
		if ok && len(fields) > 2 && len(kind) > 0 && fields[2] == fmt.Sprintf("%d:%d", major, minor) {
			return kind[0]
		}
	}
	return ""
}
