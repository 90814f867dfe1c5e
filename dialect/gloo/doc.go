// Package gloo is Gloo's dialect: its objects become facts ([Dialect.Kinds]), and a convention.Plan becomes its objects
// ([Dialect.Siblings]). All that says RouteTable, VirtualService, Upstream or UpstreamGroup stands here: how tables
// delegate, what stands behind an Upstream, which texts Gloo can't read. docs/gloo-api.md has the facts of Gloo that
// this rests on.
//
//   - read*.go, delegation.go, types.go: what objects say. objects.go: their lists.
//   - parents.go, pickers.go, above.go, way*.go, ring.go: who leads to a table. take.go: what is dropped on the way.
//     order.go, choice.go: who answers.
//   - endpoints.go, subset.go: what stands behind a backend.
//   - fault*.go, unfit.go, domains.go: what Gloo or Envoy can't read, and whom that hurts.
//   - siblings.go, write.go: what a plan is written as.
//
// The types are written by hand after Gloo's proto files (v1.22) and hold only what is read. They are for reading: what
// is written back to an object of somebody else's is patched, never encoded from here, or options would be lost.
package gloo
