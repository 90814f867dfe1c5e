// Package expander makes plans so: a leader-elected controller that keeps the Service, the backends
// and the table of every app as the convention plans them.
//
//	versions ──convention.App──▶ gate ──▶ plan ──Dialect.Siblings──▶ objects ──apply──▶ cluster
//
// It reads Deployments that persisted and trusts no request. It writes only what differs, and only
// objects that are managed by Aviary.
package expander
