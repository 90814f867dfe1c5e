// Package stories shows, on a real control plane with a real Aviary, what a team does and what it
// sees. Each story is a test; they share one control plane, and each has namespaces of its own.
//
//	go test ./stories -run TestSixSteps -v
//
// e2e/README.md lists the stories and says how to run and write one.
package stories
