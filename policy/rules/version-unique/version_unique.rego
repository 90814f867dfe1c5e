# METADATA
# title: Version is one Deployment only
# description: |
#   Two Deployments that say the same app and version share that version's traffic, and which of them its annotations
#   come from is chance. So does a workload without annotations whose Pods have the labels of a version, which is warned
#   of. The parameter allowSplit permits both, for one version over several zones.
# custom:
#   subjects: [deployment]
#   mode: deny
#   params:
#     allowSplit: {default: false, description: "One version may be several Deployments, for example over zones"}
package policy.rules["version-unique"]

# Facts are made in policy/judge/describe.go: app, version.

findings contains {"field": "metadata.annotations[aviary.dev/version]", "message": m, "fix": x, "evidence": true} if {
	duplicates := input.app.duplicates
	duplicates[0]
	not data.params["version-unique"].allowSplit
	not input.operation in {"DELETE", "SCALE"}
	version := input.version.version
	others := concat(", ", duplicates)
	m := sprintf("%s is also the version of Deployment %s in app %s, must be unique", [version, others, input.app.name])
	x := sprintf("choose another version here, or delete Deployment %s first", [others])
}

# Where the workload itself is judged.
findings contains {"field": field, "message": m, "fix": x, "evidence": true, "severity": "warn"} if {
	some join in input.joins
	not data.params["version-unique"].allowSplit
	not input.operation in {"DELETE", "SCALE"}
	field := sprintf("spec.template.metadata.labels[%s]", [join.key])
	m := sprintf("its Pods get traffic of %s of app %s, which is Deployment %s, must have a version of their own", [
		join.version,
		join.app,
		join.deployment,
	])
	x := sprintf("give them another label %s (a selector cannot be changed: apply under a new name), or delete %s %s", [
		join.key,
		input.kind,
		input.name,
	])
}

# Where the version's Deployment is judged.
findings contains {
	"field": "metadata.annotations[aviary.dev/version]",
	"message": m,
	"fix": x,
	"evidence": true,
	"severity": "warn",
} if {
	joined := input.app.joined
	joined[0]
	not data.params["version-unique"].allowSplit
	not input.operation in {"DELETE", "SCALE"}
	others := concat(", ", joined)
	m := sprintf("the Pods of %s get traffic of %s of app %s, too, must have a version of their own", [
		others,
		input.version.version,
		input.app.name,
	])
	x := sprintf("give them another label %s, or delete %s", [input.labels.keys.version, others])
}
