# METADATA
# title: Route names a subset of an Upstream that has versions
# description: |
#   A destination without a subset, on an upstream that has subsets, sends to the pods of every version: the moment a
#   new version is deployed it gets its share of everybody's traffic.
# custom:
#   subjects: [routes]
#   dialects: [gloo]
#   mode: deny
package policy.rules["subset-named"]

findings contains {"field": d.field, "message": message, "fix": fix, "evidence": true} if {
	input.routes[i].destinations[j].unnamed
	d := input.routes[i].destinations[j]
	d.backend.subsets
	up := d.backend
	message := sprintf(
		"%s %s/%s has versions and the destination names none, must name one, or a new version gets traffic at once",
		[up.noun, up.namespace, up.name],
	)
	fix := sprintf("name the version in its subset%s", [example(up)])
}

# Another destination on that Upstream shows how.
example(up) := sprintf(" (as %s does: %s)", [same(up)[0].field, same(up)[0].label])

example(up) := "" if count(same(up)) == 0

same(up) := [o |
	some o in input.routes[_].destinations
	o.subset
	o.backend.namespace == up.namespace
	o.backend.name == up.name
]
