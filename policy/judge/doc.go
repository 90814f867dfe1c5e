// Package judge decides about one object or one change: it asks an inventory for the facts, puts them into the input
// document (policy/README.md) and has the rules evaluated. Webhook, audit and command line call the same function; only
// where the facts come from differs.
package judge
