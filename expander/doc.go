// Package expander makes plans so: a leader-elected controller that keeps the Service, the Upstreams and the RouteTable
// of every app as the convention plans them.
//
//	versions ──convention.App──▶ gate ──▶ plan ──gloo.Siblings──▶ objects ──apply──▶ cluster
//
// It reads Deployments that persisted and trusts no request. It writes only what differs, and only objects that carry
// Aviary's mark.
package expander
