//go:build race

package main

// raceDetector tells scripts that what Go computes takes many times as long.
const raceDetector = true
