// Package openreports publishes what re-judgement found as OpenReports (openreports.io), one report
// a namespace, where the cluster serves that kind.
package openreports
