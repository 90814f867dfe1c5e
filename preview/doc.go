// Package preview shows what Aviary would make of manifests: annotated Deployments with their
// defaults, the siblings beside them, and what the rules find. No cluster is asked: every version
// counts as available, so the declared weights are the plan.
package preview
