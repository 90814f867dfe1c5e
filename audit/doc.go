// Package audit judges what already is there, with the rules and the verdicts of the webhook.
//
// [Standing] does so in the cluster, on the replica that leads: each persisted change together with what it touches, and
// everything when it takes over and at an interval. It is driven by the watch and not by a webhook's memory, so it also
// finds what two requests that crossed, or a webhook that was away, let through.
package audit
