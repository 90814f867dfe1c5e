// Package rejudge judges stored objects once more whenever something that they rest on has changed,
// on the replica that leads: a [Rejudger] finds what broke a rule after it was admitted, tells of
// it in Events and metrics, and hands on what it found.
package rejudge
