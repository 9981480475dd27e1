package wire

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"syscall"
)

// HandOver are query parameters of the requests that carry a file: instead of sending its bytes, a client on the same
// file system names it. The daemon reads it once, from end to end, into its own store; it never keeps the path. It answers
// unavailable where what it finds there is not the file that the client has: then the bytes are sent.
type HandOver struct {
	Path string `form:"path"` // absolute; "": the body is the file
	Mark string `form:"mark"` // FileMark of the file that the client has open
}

// FileMark tells a file from others, on this machine and on another: a hash of its device, inode, size, time of change, and
// of its first, middle and last 64 KiB. Errors: it is no regular file, or cannot be read.
func FileMark(f *os.File) (string, error) {
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", fmt.Errorf("%s is no regular file", f.Name())
	}
	hash := sha256.New()
	fmt.Fprintln(hash, info.Size(), info.ModTime().UnixNano())
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		fmt.Fprintln(hash, stat.Dev, stat.Ino)
	}
	const some = 64 << 10
	for _, at := range []int64{0, info.Size() / 2, max(0, info.Size()-some)} {
		if _, err := io.Copy(hash, io.NewSectionReader(f, at, some)); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}
