# METADATA
# title: Selector does not contain a subset key
# description: |
#   A key by which routes pick versions may stand neither in the selector of the Upstream that declares it nor in that
#   of its Service: the pods of one version would be endpoints and those of every other would not. An Upstream that
#   declares no subsets may select one version.
# custom:
#   subjects: [backend, service]
#   dialects: [gloo]
#   mode: deny
package policy.rules["selector-clean"]

findings contains {"field": field, "message": message, "fix": fix} if {
	up := input.backend
	some key in declared(up)
	value := up.selector[key]
	field := sprintf("spec.kube.selector[%s]", [key])
	message := sprintf("%s: %s stands in the selector and is a subset key too, so no other %s has endpoints", [
		key,
		value,
		key,
	])
	fix := sprintf("remove %s from the selector, or subsetSpec if only %s is meant", [key, value])
}

findings contains {"field": "spec.kube.serviceName", "message": message, "fix": fix, "evidence": true} if {
	up := input.backend
	some key in declared(up)
	value := up.service.selector[key]
	message := sprintf("Service %s/%s selects %s: %s, and %s is a subset key, so no other %s has endpoints", [
		up.service.namespace,
		up.service.name,
		key,
		value,
		key,
		key,
	])
	fix := sprintf("remove %s from the selector of Service %s/%s first, or name a Service of all versions", [
		key,
		up.service.namespace,
		up.service.name,
	])
}

findings contains {"field": field, "message": message, "fix": fix, "evidence": true} if {
	some up in input.service.backends
	some key in declared(up)
	value := input.service.selector[key]
	field := sprintf("spec.selector[%s]", [key])
	message := sprintf("the Service selects %s: %s, and %s is a subset key of %s %s/%s: no other %s has endpoints", [
		key,
		value,
		key,
		up.kind,
		up.namespace,
		up.name,
		key,
	])
	fix := sprintf("remove %s from the selector; %s: %s alone can have a Service of its own", [key, key, value])
}

declared(up) := {key | key := up.subsetKeys[_][_]}
