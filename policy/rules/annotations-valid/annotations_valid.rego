# METADATA
# title: Annotations are valid, and canary weights sum to 100 at most
# description: |
#   What reading the annotations found (values, unknown keys, what cannot be derived), and what they say together: the
#   canaries' weights sum to 100 at most, and at most one version is a shadow. On the table that Aviary keeps, nobody
#   else changes Aviary's records.
# custom:
#   subjects: [deployment, routes]
#   mode: deny
#   kept: true
package policy.rules["annotations-valid"]

# Facts are made in policy/judge: app, version in describe.go; findings in app_change.go (describeFindings), with the
# words of convention/.

findings contains found if {
	some found in input.findings
	declared
}

findings contains {"field": "metadata.annotations[aviary.dev/weight]", "message": m, "fix": x, "evidence": true} if {
	input.app.weightSum > 100
	declared
	input.version.role == "canary"
	canaries := [v | some v in input.app.versions; v.role == "canary"]
	shares := concat(", ", [sprintf("%s: %d", [v.version, v.weight]) | some v in canaries])
	m := sprintf("canary weights sum to %d (%s), must be at most 100", [input.app.weightSum, shares])
	x := lowering(input.version, (100 + input.version.weight) - input.app.weightSum)
}

findings contains {"field": "metadata.annotations[aviary.dev/role]", "message": m, "fix": x, "evidence": true} if {
	input.app.shadows[1]
	declared
	input.version.role == "shadow"
	m := sprintf("app %s has the shadows %s, must have at most one", [input.app.name, concat(" and ", input.app.shadows)])
	x := sprintf(`set aviary.dev/role: standby on %s`, [input.version.version])
}

# A removal or a change of replicas declares nothing.
declared if not input.operation in {"DELETE", "SCALE"}

lowering(version, weight) := sprintf(`set aviary.dev/weight: "%d" on %s`, [weight, version.version]) if weight >= 0

lowering(_, weight) := "lower the weights of the other canaries first" if weight < 0
