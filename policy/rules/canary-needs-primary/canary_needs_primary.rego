# METADATA
# title: Canary has a primary version beside it
# description: |
#   Without a primary there is nobody for the traffic that the canaries don't take. Only a sole canary with weight 100
#   needs none. While the app has no route yet it is a warning: the primary may be the next file.
# custom:
#   subjects: [deployment]
#   mode: deny
package policy.rules["canary-needs-primary"]

# Facts are made in policy/judge/describe.go: app; hadRoute in app_change.go.

findings contains {"field": "metadata.annotations[aviary.dev/role]", "message": m, "fix": x, "evidence": true} if {
	input.app.canaries[0]
	not input.app.primary
	alone
	input.app.hadRoute
	m := message
	x := fix
}

findings contains {
	"field": "metadata.annotations[aviary.dev/role]",
	"message": m,
	"fix": x,
	"evidence": true,
	"severity": "warn",
} if {
	input.app.canaries[0]
	not input.app.primary
	alone
	not input.app.hadRoute
	m := message
	x := fix
}

alone if {
	input.operation in {"CREATE", "UPDATE", "AUDIT"}
	not takes_all
}

takes_all if {
	count(input.app.canaries) == 1
	input.app.weightSum == 100
}

message := sprintf("app %s has no primary beside %s, must have one unless a sole canary has weight 100", [
	input.app.name,
	concat(", ", [
	sprintf("%s (weight %d)", [v.version, v.weight]) |
		some v in input.app.versions
		v.role == "canary"
	]),
])

fix := sprintf("set aviary.dev/role: primary on %s", [candidates[0]]) if {
	count(candidates) > 0
} else := sprintf(`apply the primary first, or set aviary.dev/weight: "100" on %s`, [input.app.canaries[0]]) if {
	count(input.app.canaries) == 1
} else := "apply the primary first (aviary.dev/role: primary)"

# Who can be the primary: a standby, one with running replicas before the others.
candidates := array.concat(
	[v.version | some v in input.app.versions; v.role == "standby"; v.available > 0],
	[v.version | some v in input.app.versions; v.role == "standby"; not v.available > 0],
)
