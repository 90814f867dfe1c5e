// Package webhook answers the API server: [Mutate] fills in what a Deployment leaves out, [Validate] admits, warns or
// refuses. Neither writes anything, so a dry run gives the same answer.
package webhook
