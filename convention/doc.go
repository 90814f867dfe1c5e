// Package convention turns annotated Deployments into an app, and an app into the plan of what stands beside it:
//
//	Deployments ──Read──▶ Versions ──NewApp──▶ App ──Plan──▶ Service, backends, routes
//
// Everything here is pure: no client, no clock, no randomness; the same versions in any order give the same plan.
// docs/annotations.md says what the annotations mean; design questions are answered in docs/adr.
package convention
