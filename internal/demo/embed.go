// Package demo carries the small real data that `vectory demo` and the tests run on. It promises the
// files as they are (origin and licence: data/README.md), and does nothing with them.
package demo

import "embed"

// Data holds README.md, digits/ (items.csv, thumbnails.zip, four spaces) and words/ (items.csv, two
// spaces): row i of every .npy is line i of its items.csv.
//
//go:embed data
var Data embed.FS
