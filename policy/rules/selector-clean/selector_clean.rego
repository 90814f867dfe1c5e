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

# A Service and an Upstream for each version work as long as routes ask for no other there.
severity(of, key) := {} if {
	of.otherValues[key]
} else := {"severity": "warn"}

cleared(up, key, value) := sprintf("remove %s from the selector; %s: %s alone can have a Service of its own", [
	key,
	key,
	value,
]) if {
	up.otherValues[key]
} else := sprintf("remove %s from the selector, or subsetSpec from %s %s/%s if only %s is meant", [
	key,
	up.kind,
	up.namespace,
	up.name,
	value,
])

routed(of, key) := sprintf(", and a route picks %s", [of.otherValues[key]]) if {
	of.otherValues[key]
} else := ""
