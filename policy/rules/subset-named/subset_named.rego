# METADATA
# title: Route names a subset of an Upstream that has versions
# description: |
#   A destination without a subset, on an upstream that has subsets, sends to the pods of every version: the moment a
#   new version is deployed it gets its share of everybody's traffic. Where the upstream has no fallback, nobody
#   answers; where it has a default subset, that does, and the rule finds nothing. Nor does it where the upstream has
#   the pods of one version only.
# custom:
#   subjects: [routes]
#   dialects: [gloo]
#   mode: deny
package policy.rules["subset-named"]

# Facts are made in policy/judge/table.go, resolve.go: routes.

findings contains {"field": d.field, "message": message, "fix": fix, "evidence": true} if {
	input.routes[i].destinations[j].unnamed
	d := input.routes[i].destinations[j]
	d.backend.subsets
	up := d.backend
	consequence := outcome(object.get(up, "fallback", "all"))
	message := sprintf(
		"%s %s/%s has versions and the destination names none, must name one, or %s",
		[up.noun, up.namespace, up.name, consequence],
	)
	fix := sprintf("name the version in its subset%s", [example(up)])
}

# A default subset answers in place of one that is not named (docs/gloo-api.md, Upstream), and so does the only version
# that its selector or its Service's picks.
outcome("all") := "a new version gets traffic at once"

outcome("none") := "every request is answered with 503, because it has no fallback"

# Another destination on that Upstream shows how.
example(up) := sprintf(" (as %s does: %s)", [same(up)[0].field, same(up)[0].label])

example(up) := "" if count(same(up)) == 0

same(up) := [o |
	some o in input.routes[_].destinations
	o.subset
	o.backend.namespace == up.namespace
	o.backend.name == up.name
]
