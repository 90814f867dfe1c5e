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

# Facts are made in policy/judge/table.go, resolve.go: routes.

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
} else := {about_weight(d, fix) | some d in bad} if {
	bad := faulty(route)
	count(bad) > 0
	fix := mend(route, bad)
} else := {about_list(route, message, correction(route, largest(route), rest(route)))} if {
	message := sprintf("weights sum to %d (%s), must be %d", [total - rest(route), shares(route), total])
}

about_list(route, message, fix) := {"field": route.destinationsField, "message": message, "fix": fix}

# The field of a destination is known; its weight stands beside it.
about_weight(d, fix) := {
	"field": concat("", [trim_suffix(d.field, ".destination"), ".weight"]),
	"message": sprintf("weight of %s %s, must be from 0 to %d", [name(d), stated(d), total]),
	"fix": fix,
}

faulty(route) := {d | some d in route.destinations; not in_range(d)}

in_range(d) if {
	d.weight >= 0
	d.weight <= total
}

stated(d) := sprintf("is %d", [d.weight])

stated(d) := "is missing" if not d.weight

name(d) := d.label if {
	d.label != ""
} else := "the destination that names nothing"

# What is left for the faulty ones, or, where there are none, what all together are short of.
rest(route) := total - sum([d.weight | some d in route.destinations; in_range(d)])

largest(route) := [d | some d in route.destinations; d.weight == top][0] if {
	top := max([w | w := route.destinations[_].weight])
}

shares(route) := concat(", ", [sprintf("%s: %d", [name(d), d.weight]) | some d in route.destinations])

# A sum that is off by a fifth or less is a slip in one weight, most likely in that of a version which has half or
# more. What else is written are shares of another sum, and the fix keeps them.
correction(route, d, short) := sprintf("raise %s to %d", [name(d), d.weight + short]) if {
	short > 0
	slip(route, d, short)
} else := sprintf("lower %s to %d", [name(d), d.weight + short]) if {
	slip(route, d, short)
} else := kept(route) if {
	true
} else := anew

slip(_, d, short) if {
	abs(short) * 5 <= total
	d.weight * 2 >= total
}

slip(route, _, _) if count(route.destinations) == 1

# Of weights that are all there, the same shares; else what the missing one can have without taking over.
mend(route, bad) := kept(route) if {
	true
} else := sprintf("set weight %d on %s", [left, name(d)]) if {
	count(bad) == 1
	some d in bad
	left := rest(route)
	left >= 0
	modest(route, left)
} else := anew

modest(_, left) if left * 2 <= total

modest(route, _) if count(route.destinations) == 1

anew := sprintf("set weights from 0 to %d that sum to %d", [total, total])

# Most destinations for which a fix names the weights, and the highest sum that Gloo holds without wrapping
# (docs/gloo-api.md, Weights).
most := 10

highest := 4294967295

# The weights that sum to the total at the same shares: to a gateway a share is weight / sum. None above 0 becomes 0.
kept(route) := sprintf("for %s shares set %s%s", [same, listed(route, weights), more]) if {
	given := [d.weight | some d in route.destinations]
	count(given) == count(route.destinations)
	count(given) <= most
	min(given) >= 0
	whole := sum(given)
	whole > 0
	whole <= highest
	weights := scaled(given, whole)
	same := likeness(given, whole)
	more := raised(route, whole)
}

listed(route, weights) := concat(", ", [sprintf("%s: %d", [name(d), weights[i]]) | some i, d in route.destinations])

likeness(given, whole) := "the same" if {
	every w in given { (w * total) % whole == 0 }
} else := "about the same"

# Where rounding counts: a share too small for a weight of 1.
raised(route, whole) := sprintf(" (%s %s less now)", [concat(", ", small), verb]) if {
	small := [name(d) | some d in route.destinations; tiny(d.weight, whole)]
	count(small) > 0
	verb := {true: "has", false: "have"}[count(small) == 1]
} else := ""

tiny(w, whole) if {
	w > 0
	w * total < whole
}

# What rounding down leaves goes to those that lost most by it; what it lacks, because of those that are raised to 1,
# comes from the largest.
scaled(given, whole) := [n | some i, w in base; n := w + spread(i, lost, base, left)] if {
	base := [least(w, whole) | some w in given]
	left := total - sum(base)
	max(base) + left > 0
	lost := [loss(w, whole) | some w in given]
}

least(w, whole) := 1 if {
	tiny(w, whole)
} else := floor((w * total) / whole)

loss(w, whole) := 0 if {
	tiny(w, whole)
} else := (w * total) % whole

spread(i, lost, base, left) := 1 if {
	count([j | some j, l in lost; ahead(l, j, lost[i], i)]) < left
} else := min([left, 0]) if {
	i == [j | some j, w in base; w == max(base)][0]
} else := 0

ahead(l, _, mine, _) if l > mine

ahead(l, j, mine, i) if {
	l == mine
	j < i
}
