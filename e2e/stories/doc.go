// Package stories tells, on a real control plane with a real Aviary, what a team
// does and what it sees. Everything is in the tests; they share one control
// plane, and each has namespaces of its own.
//
//	go test ./stories -run TestSixSteps -v
//
// With AVIARY_E2E_KUBECONFIG they use a cluster that exists, whose API server
// must be able to reach this machine (AVIARY_E2E_ADDRESS, by default 127.0.0.1).
package stories
