// Package fact holds what is kept of an object: small values with what the rules and the plan need
// and nothing else, so that a large cluster fits in little memory. Kubernetes' own kinds become
// facts here, a dialect's kinds in its folder. A [Reader] answers questions about all of them,
// wherever they come from.
package fact
