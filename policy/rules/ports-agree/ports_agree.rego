# METADATA
# title: Every version serves the app's target port
# description: |
#   One Service stands before all versions of an app. A version whose containers and sidecars don't serve its
#   target port, by the same name or the same number, answers nobody who is sent to it.
# custom:
#   subjects: [deployment]
#   mode: deny
package policy.rules["ports-agree"]

# Facts are made in policy/judge/describe.go: app.

findings contains {"field": field, "message": message, "fix": fix, "evidence": true} if {
	input.app.versions[i].serves == false
	port := input.app.targetPort
	not input.operation in {"DELETE", "SCALE"}
	v := input.app.versions[i]
	v.role in {"primary", "canary", "shadow"}
	field := "metadata.annotations[aviary.dev/target-port]"
	message := sprintf("%s (Deployment %s) does not serve the target port %s of app %s", [
		v.version,
		v.deployment,
		port,
		input.app.name,
	])
	fix := sprintf("list a containerPort %s in %s, or give the ports of all versions the same name", [port, v.deployment])
}
