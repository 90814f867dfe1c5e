// Package audit judges what is already there: manifests in files, a live cluster, or files laid over
// one. The verdicts are those of admission, because the rules and the judge are the same; only where
// the facts come from differs.
package audit
