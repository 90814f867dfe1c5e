// Package route is the one normal form of "a request like this goes to those backends", whatever
// dialect said it. Dialects turn their objects into a [Table]; a [Semantics] says how they compare
// matchers and which route comes first. It imports nothing of Aviary's and knows no dialect.
package route
