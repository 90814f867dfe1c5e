# METADATA
# title: A route picks pods by keys that its upstream declares
# description: |
#   Gloo picks pods by a subset only if a selector in the upstream's subsetSpec lists exactly the subset's keys. Else it
#   ignores the subset, so every pod gets traffic, or it refuses the route and freezes the domain. Only a kube upstream
#   can declare any.
# custom:
#   subjects: [routes, upstream]
#   mode: deny
package policy.rules["subset-declared"]

findings contains {"field": d.field, "message": message, "fix": fix, "evidence": true} if {
	input.routes[i].destinations[j].declared == false
	d := input.routes[i].destinations[j]
	message := complaint(d)
	fix := remedy(d)
}

# An upstream that comes after its routes: what they name is known only now. Whoever applies it didn't write them.
findings contains {"field": field, "message": message, "fix": fix, "evidence": true, "severity": "warn"} if {
	input.kind == "Upstream"
	input.operation == "CREATE"
	field := "spec.kube.subsetSpec"
	some u in input.change.users
	message := sprintf("%s (%s) names a subset by %s, which no selector lists exactly", [u.object, u.field, list(u.keys)])
	fix := sprintf("add {keys: [%s]} to subsetSpec.selectors, or correct that route", [list(u.keys)])
}

complaint(d) := sprintf("a %s destination has no subsets, so Gloo ignores %s and sends to every pod", [
	d.other,
	subset(d),
]) if {
	d.other
} else := sprintf("upstream %s/%s is not of type kube and has no subsets, so Gloo ignores %s", [
	d.upstream.namespace,
	d.upstream.name,
	subset(d),
]) if {
	d.upstream.kube == false
} else := sprintf("upstream %s/%s declares no subsets, so Gloo ignores %s and sends to every pod", [
	d.upstream.namespace,
	d.upstream.name,
	subset(d),
]) if {
	count(declared(d)) == 0
} else := sprintf("upstream %s/%s declares subsets by %s, none by exactly %s", [
	d.upstream.namespace,
	d.upstream.name,
	concat(" and by ", declared(d)),
	list(object.keys(d.subset)),
])

remedy(d) := "route to an Upstream with a subsetSpec, or remove the subset" if {
	d.other
} else := "route to an Upstream of type kube with a subsetSpec, or remove the subset" if {
	d.upstream.kube == false
} else := sprintf("add {keys: [%s]} to subsetSpec.selectors of Upstream %s/%s first, or remove the subset", [
	list(object.keys(d.subset)),
	d.upstream.namespace,
	d.upstream.name,
]) if {
	count(declared(d)) == 0
} else := sprintf("name exactly %s, or add {keys: [%s]} to subsetSpec.selectors of Upstream %s/%s first", [
	concat(" or ", declared(d)),
	list(object.keys(d.subset)),
	d.upstream.namespace,
	d.upstream.name,
])

declared(d) := [list(keys) | some keys in object.get(d.upstream, "subsetKeys", [])]

subset(d) := concat(", ", [concat("=", [k, v]) | some k, v in d.subset])

list(keys) := concat(", ", sort(keys))
