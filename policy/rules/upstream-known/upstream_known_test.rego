package policy.rules["upstream-known_test"]

import data.policy.rules["upstream-known"] as rule

table(upstream) := {"routes": [{"destinations": [{
	"field": "spec.routes[0].routeAction.single",
	"label": "v1",
	"upstream": object.union({"namespace": "echo", "name": "ecko"}, upstream),
}]}]}

test_missing_upstream if {
	rule.findings == {{
		"field": "spec.routes[0].routeAction.single",
		"message": "upstream echo/ecko does not exist",
		"fix": "apply Upstream ecko in namespace echo, or correct the name or the namespace",
		"evidence": true,
	}} with input as table({"exists": false})
}

test_upstream_that_exists if {
	count(rule.findings) == 0 with input as table({"exists": true})
}

test_facts_that_are_missing if {
	count(rule.findings) == 0 with input as table({})
	count(rule.findings) == 0 with input as {"routes": [{"destinations": [{"label": "v1"}]}]}
	count(rule.findings) == 0 with input as {}
}
