// Package gloo is Gloo's dialect: its objects become facts ([Dialect.Kinds]), and a convention.Plan becomes its objects
// ([Dialect.Siblings]). All that says RouteTable, VirtualService, Upstream or UpstreamGroup stands here: how tables
// delegate, what stands behind an Upstream, which texts Gloo can't read. docs/gloo-api.md has the facts of Gloo that
// this rests on.
//
// The types are written by hand after Gloo's proto files (v1.22) and hold only what is read. They are for reading: what
// is written back to an object of somebody else's is patched, never encoded from here, or options would be lost.
package gloo
