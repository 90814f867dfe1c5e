# METADATA
# title: Weights of a version split sum to 100
# description: |
#   Weights are relative shares to a gateway, so a typo moves traffic without a word. The weights of a list whose
#   destinations are versions of one app must all be there and sum to the total. For other weighted lists it is a
#   warning.
# custom:
#   subjects: [routes]
#   mode: deny
#   params:
#     total: {default: 100, minimum: 1, maximum: 1000000, description: What the weights of a version split sum to}
package policy.rules["weights-sum"]

findings contains finding if {
	some route in input.routes
	route.sum != data.params["weights-sum"].total
	some found in wrong(route)
	finding := object.union(found, severity(route))
}

total := data.params["weights-sum"].total

severity(route) := {} if route.split

severity(route) := {"severity": "warn"} if not route.split

wrong(route) := {about_list(route, "the weighted list is empty, must have at least one destination", fix)} if {
	count(object.get(route, "destinations", [])) == 0
	fix := sprintf("add a destination with weight %d", [total])
} else := {about_weight(d, bad, left) | some d in bad} if {
	bad := faulty(route)
	count(bad) > 0
	left := rest(route)
} else := {about_list(route, message, correction(largest(route), rest(route)))} if {
	message := sprintf("weights sum to %d (%s), must be %d", [total - rest(route), shares(route), total])
}

about_list(route, message, fix) := {"field": route.destinationsField, "message": message, "fix": fix}

# The field of a destination is known; its weight stands beside it.
about_weight(d, bad, left) := {
	"field": concat("", [trim_suffix(d.field, ".destination"), ".weight"]),
	"message": sprintf("weight of %s %s, must be from 0 to %d", [d.label, stated(d), total]),
	"fix": completion(d, bad, left),
}

faulty(route) := {d | some d in route.destinations; not in_range(d)}

in_range(d) if {
	d.weight >= 0
	d.weight <= total
}

stated(d) := sprintf("is %d", [d.weight])

stated(d) := "is missing" if not d.weight

# What is left for the faulty ones, or, where there are none, what all together are short of.
rest(route) := total - sum([d.weight | some d in route.destinations; in_range(d)])

largest(route) := [d | some d in route.destinations; d.weight == top][0] if {
	top := max([w | w := route.destinations[_].weight])
}

shares(route) := concat(", ", [sprintf("%s: %d", [d.label, d.weight]) | some d in route.destinations])

correction(d, short) := sprintf("raise %s to %d", [d.label, d.weight + short]) if {
	short > 0
} else := sprintf("lower %s to %d", [d.label, d.weight + short]) if {
	d.weight + short >= 0
} else := sprintf("lower the weights until they sum to %d", [total])

completion(d, bad, left) := sprintf("set weight %d on %s", [left, d.label]) if {
	count(bad) == 1
	left >= 0
} else := sprintf("set weights from 0 to %d that sum to %d", [total, total])
