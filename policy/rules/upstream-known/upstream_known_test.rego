package policy.rules["upstream-known_test"]

import data.policy.rules["upstream-known"] as rule

table(facts) := {"routes": [{"destinations": [{
	"field": "spec.routes[0].routeAction.single",
	"label": "v1",
	"backend": object.union({"kind": "Upstream", "noun": "upstream", "namespace": "echo", "name": "ecko"}, facts),
}]}]}

test_missing_upstream if {
	rule.findings == {{
		"field": "spec.routes[0].routeAction.single",
		"message": "upstream echo/ecko does not exist",
		"fix": "apply Upstream ecko in namespace echo, or correct the name or the namespace",
		"evidence": true,
	}} with input as table({"exists": false})
}

test_missing_service if {
	some found in rule.findings with input as table({
		"kind": "Service",
		"noun": "Service",
		"name": "echo-v2",
		"exists": false,
	})
	found.message == "Service echo/echo-v2 does not exist"
	found.fix == "apply Service echo-v2 in namespace echo, or correct the name or the namespace"
}

test_upstream_that_exists if {
	count(rule.findings) == 0 with input as table({"exists": true})
}

test_facts_that_are_missing if {
	count(rule.findings) == 0 with input as table({})
	count(rule.findings) == 0 with input as {"routes": [{"destinations": [{"label": "v1"}]}]}
	count(rule.findings) == 0 with input as {}
}
