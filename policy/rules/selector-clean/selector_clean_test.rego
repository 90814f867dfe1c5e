package policy.rules["selector-clean_test"]

import data.policy.rules["selector-clean"] as rule

upstream(facts) := {"kind": "Upstream", "namespace": "echo", "backend": object.union(
	{
		"pods": true,
		"selector": {"app": "echo"},
		"subsetKeys": [["version"]],
		"service": {"namespace": "echo", "name": "echo", "selector": {"app": "echo"}},
	},
	facts,
)}

service(selector, keys, facts) := {"kind": "Service", "namespace": "echo", "service": {
	"selector": selector,
	"backends": [object.union({"kind": "Upstream", "namespace": "echo", "name": "echo", "subsetKeys": keys}, facts)],
}}

one := {"app": "echo", "version": "v1"}

other := {"otherValues": [by_hand]}

by_hand := {"key": "version", "value": "v2", "object": "RouteTable echo/by-hand", "namespace": "echo"}

of_fox := {"key": "version", "value": "v2", "object": "RouteTable fox/by-hand", "namespace": "fox", "reached": true}

test_in_the_upstreams_selector if {
	rule.findings == {{
		"field": "spec.kube.selector[version]",
		"message": concat(" ", [
			"version: v1 stands in the selector and is a subset key too,",
			"so no other version has endpoints, and a route picks v2",
		]),
		"fix": "remove version from the selector, or subsetSpec if only v1 is meant",
		"evidence": true,
	}} with input as upstream(object.union(other, {"selector": one}))
}

test_in_the_selector_of_its_service if {
	rule.findings == {{
		"field": "spec.kube.serviceName",
		"message": concat(" ", [
			"Service echo/echo selects version: v1, and version is a subset key,",
			"so no other version has endpoints, and a route picks v2",
		]),
		"fix": "remove version from the selector of Service echo/echo first, or name a Service of all versions",
		"evidence": true,
	}} with input as object.union({"operation": "CREATE"}, of_one(other))
}

of_one(facts) := upstream({"service": object.union({"namespace": "echo", "name": "echo", "selector": one}, facts)})

test_in_an_audit_the_service_tells_it if {
	count(rule.findings) == 0 with input as object.union({"operation": "AUDIT"}, of_one(other))
	count(rule.findings) == 1 with input as object.union({"operation": "AUDIT"}, service(one, [["version"]], other))
}

test_no_route_picks_another_version if {
	every doc in [
		upstream({"selector": one}),
		object.union({"operation": "UPDATE"}, of_one({})),
		service(one, [["version"]], {"otherValues": [object.union(by_hand, {"key": "stage", "value": "beta"})]}),
	] {
		{[f.severity, contains(f.message, "picks")] | some f in rule.findings} == {["warn", false]} with input as doc
	}
	some f in rule.findings with input as service(one, [["version"]], {})
	f.fix == "remove version from the selector, or subsetSpec from Upstream echo/echo if only v1 is meant"
}

test_from_the_services_side if {
	rule.findings == {{
		"field": "spec.selector[version]",
		"message": concat(" ", [
			"the Service selects version: v1, and version is a subset key of Upstream echo/echo:",
			"no other version has endpoints, and a route picks v2",
		]),
		"fix": "remove version from the selector; version: v1 alone can have a Service of its own",
		"evidence": true,
	}} with input as service(one, [["version"]], other)
}

test_a_route_of_another_namespace if {
	doc := service(one, [["version"]], {"otherValues": [of_fox]})
	some found in rule.findings with input as doc with data.params["foreign-upstream"] as {"allowed": ["gloo-system"]}
	found.severity == "warn"
	endswith(found.message, ", and RouteTable fox/by-hand, which holds nothing of namespace echo, picks v2")
	endswith(found.fix, "if only v1 is meant")
	some held in rule.findings with input as doc with data.params["foreign-upstream"] as {"allowed": ["fox"]}
	not held.severity
	endswith(held.message, "and a route picks v2")
	idle := service(one, [["version"]], {"otherValues": [object.union(of_fox, {"reached": false})]})
	some unled in rule.findings with input as idle with data.params["foreign-upstream"] as {"allowed": ["fox"]}
	unled.severity == "warn"
}

test_a_key_of_two_sets_is_one_finding if {
	count(rule.findings) == 1 with input as upstream({"selector": one, "subsetKeys": [["version"], ["stage", "version"]]})
}

test_one_version_without_subsets if {
	count(rule.findings) == 0 with input as upstream({"selector": one, "subsetKeys": []})
	count(rule.findings) == 0 with input as service(one, [], {})
}

test_clean if {
	count(rule.findings) == 0 with input as upstream({})
	count(rule.findings) == 0 with input as service({"app": "echo"}, [["version"]], {})
}

test_facts_that_are_missing if {
	count(rule.findings) == 0 with input as {"kind": "Upstream", "backend": {"pods": false}}
	count(rule.findings) == 0 with input as upstream({"service": {"namespace": "echo", "name": "echo"}})
	count(rule.findings) == 0 with input as {"kind": "Service", "service": {"selector": one}}
	count(rule.findings) == 0 with input as {}
}
