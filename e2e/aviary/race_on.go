//go:build race

package aviary

// raceEnabled says whether this process, and so Aviary, is built with the race detector.
const raceEnabled = true
