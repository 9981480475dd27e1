// Package catalog holds the nouns of Vectory and their rules: datasets, experiments, embedding spaces,
// comparisons, names, metrics, and the one error type. It promises to depend on nothing but the
// standard library, and it neither stores nor sends nor computes anything.
package catalog
