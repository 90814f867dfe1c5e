// Package policy turns the facts about one object, or one change, into findings: what is wrong,
// where, and how to fix it.
//
// The rules are Rego, one folder each under rules/, found without registration ([Rules]). An
// [Engine] compiles those that a [Config] leaves on and evaluates them over an input document;
// README.md describes the document and the form of a rule. The package collects no facts itself and
// does no I/O but that of [LoadConfig], [ReadFolder] and [Source].
package policy
