//go:build race

package aviary

// raceEnabled makes the kit build Aviary as its own tests are built.
const raceEnabled = true
