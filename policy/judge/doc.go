// Package judge decides about one object or one change: it asks a [fact.Reader] for the facts, puts
// them into the input document (policy/README.md) and has the rules evaluated. Webhook, audit,
// re-judgement and command line call the same method; only where the facts come from differs. What a
// dialect's objects mean is for the dialect to say, by the table of kinds.
package judge
