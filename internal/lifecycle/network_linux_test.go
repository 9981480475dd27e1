package lifecycle

import "testing"

func TestTheTableOfMountsTellsTheProgramOfAFileSystem(t *testing.T) {
	const mounts = `24 1 254:0 / / rw,relatime - ext4 /dev/root rw
49 27 0:40 / /mnt/far rw,nosuid,nodev,relatime - fuse.sshfs far@10.77.0.2:/home/far rw,user_id=0,group_id=0
50 27 0:41 / /mnt/a\040-\040b rw shared:7 - fuseblk /dev/sdb1 rw
a broken line
`
	for _, test := range []struct {
		major, minor uint32
		kind, system string
	}{
		{254, 0, "ext4", ""},
		{0, 40, "fuse.sshfs", "sshfs"},
		{0, 41, "fuseblk", ""},
		{0, 4, "", ""},
	} {
		kind := mountedAs(mounts, test.major, test.minor)
		if kind != test.kind || remoteFuse[kind] != test.system {
			t.Errorf("%d:%d is %q, %q", test.major, test.minor, kind, remoteFuse[kind])
		}
	}
}
