# METADATA
# title: Version is one Deployment only
# description: |
#   Two Deployments that say the same app and version share that version's traffic, and which of them its annotations
#   come from is chance. The parameter allowSplit permits it, for one version over several zones.
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
