package main

import (
	"os"
	"path/filepath"
)

// writable refuses files whose folder is not there: before the work, not after it. Empty paths were not asked for.
func writable(paths ...string) error {
	for _, path := range paths {
		if path == "" {
			continue
		}
		if folder := filepath.Dir(path); !isFolder(folder) {
			return usage("%s cannot be written: %s is no folder", path, folder)
		}
		if isFolder(path) {
			return usage("%s cannot be written: it is a folder", path)
		}
	}
	return nil
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
