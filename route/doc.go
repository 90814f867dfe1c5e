// Package route is the one normal form of "a request like this goes to those versions", whatever dialect said it:
// Gloo's RouteTable today, Gateway API's HTTPRoute next. It imports nothing of Aviary's and knows no dialect.
//
// A [Table] is one routing object. Its routes are tried in order and the first whose matcher fits wins, as in Envoy.
package route
