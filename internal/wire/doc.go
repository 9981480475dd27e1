// Package wire holds what travels between the daemon and its doors: request and reply structs, the
// headers, and openapi.yaml, the contract. Nouns travel as internal/catalog spells them. It promises
// stable JSON names and computes nothing.
package wire
