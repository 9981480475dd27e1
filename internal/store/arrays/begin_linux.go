package arrays

import (
	"os"
	"syscall"
)

const syncFileRangeWrite = 2 // SYNC_FILE_RANGE_WRITE of linux/fs.h

// beginWriting asks the kernel to write a part of the file to the disk now. It promises nothing and takes no fault away
// from the fsync that must follow: that one alone says that the bytes are there.
func beginWriting(f *os.File, from, n int64) {
	_ = syscall.SyncFileRange(int(f.Fd()), from, n, syncFileRangeWrite)
}
