# METADATA
# title: Subset of a route is declared by its Upstream
# description: |
#   Gloo picks pods by a subset only if a selector in the upstream's subsetSpec lists exactly the subset's keys. Else
#   every pod gets traffic, or none. Of a weighted list, Gloo then leaves out what comes after such a destination. Only
#   a kube upstream can declare any.
# custom:
#   subjects: [routes, backend]
#   dialects: [gloo]
#   mode: deny
package policy.rules["subset-declared"]

# Facts are made in policy/judge: change.users in users.go; routes in table.go, resolve.go.

findings contains object.union(found, {"message": message, "fix": fix}) if {
	input.routes[i].destinations[j].declared == false
	d := input.routes[i].destinations[j]
	message := concat("", [undeclared(d), cut(input.routes[i], j)])
	fix := remedy(d)
	found := {"field": d.field, "annotation": "aviary.dev/use", "evidence": true}
}

# The Upstream comes after its routes: what they name is known only now. Who applies it did not write them.
findings contains {"field": field, "message": message, "fix": fix, "evidence": true, "severity": "warn"} if {
	input.operation == "CREATE"
	field := "spec.kube.subsetSpec"
	some u in input.change.users
	message := sprintf("%s (%s) names a subset by %s, which no selector lists exactly", [u.object, u.field, list(u.keys)])
	fix := sprintf("add {keys: [%s]} to subsetSpec.selectors, or correct that route", [list(u.keys)])
}

# Gloo does not look beyond such a destination, so that it and those before it get the traffic of those after it.
cut(r, j) := sprintf("%s nothing to the destinations after it", [instead(r.destinations[j])]) if {
	r.weighted
	j < count(r.destinations) - 1
	r.destinations[j].backend
} else := ""

# What is said of the destination itself comes before it.
instead(d) := ", and sends" if {
	d.backend.pods == false
} else := ", and" if {
	count(declared(d)) == 0
} else := ", so Gloo sends"

undeclared(d) := sprintf("a %s destination has no subsets, so Gloo ignores %s and sends to every pod", [
	other(d),
	subset(d),
]) if {
	other(d)
} else := sprintf("%s %s/%s is not of type kube and has no subsets, so Gloo ignores %s", [
	d.backend.noun,
	d.backend.namespace,
	d.backend.name,
	subset(d),
]) if {
	d.backend.pods == false
} else := sprintf("%s %s/%s declares no subsets, so Gloo ignores %s and sends to every pod", [
	d.backend.noun,
	d.backend.namespace,
	d.backend.name,
	subset(d),
]) if {
	count(declared(d)) == 0
} else := sprintf("%s %s/%s declares subsets by %s, none by exactly %s", [
	d.backend.noun,
	d.backend.namespace,
	d.backend.name,
	concat(" and by ", declared(d)),
	list(object.keys(d.subset)),
])

remedy(d) := sprintf("name no other Upstream than one with {keys: [%s]} in subsetSpec.selectors", [
	list(object.keys(d.subset)),
]) if {
	input.kept
} else := "route to an Upstream with a subsetSpec, or remove the subset" if {
	other(d)
} else := "route to an Upstream of type kube with a subsetSpec, or remove the subset" if {
	d.backend.pods == false
} else := sprintf("add {keys: [%s]} to subsetSpec.selectors of Upstream %s/%s first, or remove the subset", [
	list(object.keys(d.subset)),
	d.backend.namespace,
	d.backend.name,
]) if {
	count(declared(d)) == 0
} else := sprintf("name exactly %s, or add {keys: [%s]} to subsetSpec.selectors of Upstream %s/%s first", [
	concat(" or ", declared(d)),
	list(object.keys(d.subset)),
	d.backend.namespace,
	d.backend.name,
])

# A destination that is no Upstream, by the key under which it stands.
other(d) := d.opaque

other(d) := "kube" if d.backend.kind == "Service"

declared(d) := [list(keys) | some keys in object.get(d.backend, "subsetKeys", [])]

subset(d) := concat(", ", [concat("=", [k, v]) | some k, v in d.subset])

list(keys) := concat(", ", sort(keys))
