// Package audit judges what is already there: manifests in files, a live cluster, or files laid over one. The verdicts
// are those of admission, because the rules and the judge are the same; only where the facts come from differs.
//
// [Standing] does so in the cluster, on the replica that leads: each persisted change together with what it touches, and
// everything when it takes over and at an interval. It is driven by the watch and not by a webhook's memory, so it also
// finds what two requests that crossed, or a webhook that was away, let through.
package audit
