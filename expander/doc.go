// Package expander makes plans so: a leader-elected controller that keeps the Service, the backends
// and the table of every app as the convention plans them.
//
//	versions ──convention.NewApp──▶ app ──readiness gate──▶ weights in effect ──App.Plan──▶ plan
//	plan ──Dialect.Siblings──▶ objects ──apply──▶ cluster
//
// An app whose writes fail for long is blocked: that is told in an Event and on a sibling, and lanes see to it that it
// costs other namespaces nothing.
//
// It reads Deployments that persisted and trusts no request. It writes only what differs, and only
// objects that are managed by Aviary. It does not ask whether the author of a Deployment may have
// them written: admission does, by the rule may-expand. So a Deployment that admission never judged
// gets its siblings unasked, but for those in kube-system and Aviary's own namespace.
package expander
