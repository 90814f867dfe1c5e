// Package webhook answers the API server: [Mutate] fills in what a Deployment or a table leaves
// out, [Validate] admits, warns or refuses. Neither writes anything, so the answer to a dry run is
// the same.
package webhook
