# METADATA
# title: Selector does not contain a subset key
# description: |
#   A key by which routes pick versions may stand neither in the selector of the Upstream that declares it nor in that
#   of its Service: the pods of one version would be endpoints and those of every other would not. As long as no route
#   picks another version there, that is a warning. An Upstream that declares no subsets may select one version.
# custom:
#   subjects: [backend, service]
#   dialects: [gloo]
#   mode: deny
package policy.rules["selector-clean"]

# Facts are made in policy/judge: backend in backend.go; service in service.go.

findings contains finding if {
	up := input.backend
	some key in declared(up)
	value := up.selector[key]
	finding := object.union(severity(up, key), {
		"field": sprintf("spec.kube.selector[%s]", [key]),
		"message": sprintf("%s: %s stands in the selector and is a subset key too, so no other %s has endpoints%s", [
			key,
			value,
			key,
			routed(up, key),
		]),
		"fix": sprintf("remove %s from the selector, or subsetSpec if only %s is meant", [key, value]),
		"evidence": true,
	})
}

# In an audit the Service tells it.
findings contains finding if {
	input.operation != "AUDIT"
	s := input.backend.service
	some key in declared(input.backend)
	value := s.selector[key]
	finding := object.union(severity(s, key), {
		"field": "spec.kube.serviceName",
		"message": sprintf("Service %s/%s selects %s: %s, and %s is a subset key, so no other %s has endpoints%s", [
			s.namespace,
			s.name,
			key,
			value,
			key,
			key,
			routed(s, key),
		]),
		"fix": sprintf("remove %s from the selector of Service %s/%s first, or name a Service of all versions", [
			key,
			s.namespace,
			s.name,
		]),
		"evidence": true,
	})
}

findings contains finding if {
	some up in input.service.backends
	some key in declared(up)
	value := input.service.selector[key]
	finding := object.union(severity(up, key), {
		"field": sprintf("spec.selector[%s]", [key]),
		"message": sprintf("the Service selects %s: %s, and %s is a subset key of %s %s/%s: no other %s has endpoints%s", [
			key,
			value,
			key,
			up.kind,
			up.namespace,
			up.name,
			key,
			routed(up, key),
		]),
		"fix": cleared(up, key, value),
		"evidence": true,
	})
}

declared(up) := {key | key := up.subsetKeys[_][_]}

# A Service and an Upstream for each version work as long as routes ask for no other there. What tables ask that hold
# nothing here does not count.
severity(of, key) := {} if {
	count(held(of, key)) > 0
} else := {"severity": "warn"}

held(of, key) := [v | some v in of.otherValues; v.key == key; speaks(v)]

# A table of another namespace holds only where that is open to all, and something leads to the table.
speaks(v) if v.namespace == input.namespace

speaks(v) if {
	v.reached
	v.namespace in data.params["foreign-upstream"].allowed
}

cleared(up, key, value) := sprintf("remove %s from the selector; %s: %s alone can have a Service of its own", [
	key,
	key,
	value,
]) if {
	count(held(up, key)) > 0
} else := sprintf("remove %s from the selector, or subsetSpec from %s %s/%s if only %s is meant", [
	key,
	up.kind,
	up.namespace,
	up.name,
	value,
])

routed(of, key) := sprintf(", and a route picks %s", [v.value]) if {
	v := held(of, key)[0]
} else := sprintf(", and %s, which holds nothing of namespace %s, picks %s", [v.object, input.namespace, v.value]) if {
	v := [v | some v in of.otherValues; v.key == key][0]
} else := ""
