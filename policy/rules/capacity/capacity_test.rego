package policy.rules.capacity_test

import data.policy.rules.capacity as rule

of(operation, facts) := object.union(
	{
		"operation": operation,
		"version": {"version": "v2", "role": "canary", "weight": 50},
		"app": {"primary": "v1", "versions": [
			{"version": "v1", "role": "primary", "available": 5, "weight": 0},
			{"version": "v2", "role": "canary", "available": 2, "weight": 50},
		]},
	},
	facts,
)

rise(facts) := {"change": {
	"rises": [object.union({"version": "v2", "role": "canary", "from": 10, "to": 50, "available": 2}, facts)],
	"carrier": {"version": "v1", "available": 5},
}}

back(available) := {"change": {
	"rises": [{"version": "v1", "role": "primary", "from": 10, "to": 100, "available": available}],
	"carrier": {"version": "v2", "available": 9},
}}

finding(field, message, fix) := {"field": field, "message": message, "fix": fix, "evidence": true}

test_too_few_pods if {
	rule.findings == {finding(
		"metadata.annotations[aviary.dev/weight]",
		"v2 has 2 available, and 50 % of the 5 that v1 has are 3",
		"scale v2 to 3 first, and wait until they are available",
	)} with input as of("UPDATE", rise({}))
}

test_they_only_start if {
	some found in rule.findings with input as of("UPDATE", object.union(
		rise({}),
		{"app": {"primary": "v1", "versions": [
			{"version": "v1", "role": "primary", "available": 5, "weight": 0},
			{"version": "v2", "role": "canary", "available": 2, "replicas": 3, "weight": 50},
		]}},
	))
	found.fix == "wait until v2 has 3 available"
}

test_none_of_none if {
	asleep := {"app": {"primary": "v1", "versions": [
		{"version": "v1", "role": "primary", "available": 5, "weight": 0},
		{"version": "v2", "role": "canary", "available": 0, "replicas": 0, "weight": 50},
	]}}
	count(rule.findings) == 0 with input as of("AUDIT", asleep)
}

test_just_enough if {
	count(rule.findings) == 0 with input as of("UPDATE", rise({"available": 3}))
	count(rule.findings) == 0 with input as of("UPDATE", rise({"to": 40}))
}

test_back_to_a_primary_that_was_scaled_down if {
	rule.findings == {finding(
		"metadata.annotations[aviary.dev/weight]",
		"v1 has 1 available, and 100 % of the 9 that v2 has are 9",
		"scale v1 to 9 first, and wait until they are available",
	)} with input as of("UPDATE", back(1))
	some gone in rule.findings with input as json.remove(of("DELETE", back(1)), ["version"])
	gone.field == "metadata.name"
	some promoted in rule.findings with input as json.remove(of("UPDATE", back(1)), ["version"])
	promoted.field == "metadata.annotations[aviary.dev/role]"
}

test_back_to_a_primary_that_stayed if {
	count(rule.findings) == 0 with input as of("UPDATE", back(9))
}

test_the_primary_takes_back_a_part_of_what_it_mostly_has if {
	mostly := {"change": {
		"rises": [{"version": "v1", "role": "primary", "from": 90, "to": 100, "available": 5}],
		"carrier": {"version": "v1", "available": 5},
	}}
	count(rule.findings) == 0 with input as of("UPDATE", mostly)
}

test_audit if {
	count(rule.findings) == 1 with input as of("AUDIT", {})
	enough := {"app": {"primary": "v1", "versions": [
		{"version": "v1", "role": "primary", "available": 5, "weight": 0},
		{"version": "v2", "role": "canary", "available": 3, "weight": 50},
	]}}
	count(rule.findings) == 0 with input as of("AUDIT", enough)
	count(rule.findings) == 0 with input as of("AUDIT", {"version": {"weight": 0}})
	count(rule.findings) == 0 with input as of("AUDIT", {"version": {"role": "standby"}})
}

by_hand(facts) := {"unready": [object.union(
	{
		"field": "spec.routes[0].routeAction.single",
		"version": "v2",
		"backend": "upstream echo/echo",
		"others": ["v1"],
	},
	facts,
)]}

test_a_route_moves_to_nobody if {
	rule.findings == {finding(
		"spec.routes[0].routeAction.single",
		"version v2 of upstream echo/echo has no available replica and would get traffic of v1",
		"wait until v2 has one before it gets traffic",
	)} with input as by_hand({"moved": true})
}

test_a_route_that_stays_at_nobody if {
	rule.findings == {finding(
		"spec.routes[0].routeAction.single",
		"version v2 of upstream echo/echo has no available replica and gets traffic (available: v0, v1)",
		"route to v0 or v1 until v2 has one",
	)} with input as by_hand({"others": ["v0", "v1"]})
}

test_facts_that_are_missing if {
	unknown := json.remove(of("UPDATE", rise({})), ["change/rises/0/available"])
	count(rule.findings) == 0 with input as unknown
	count(rule.findings) == 0 with input as json.remove(of("AUDIT", {}), ["app/primary"])
	count(rule.findings) == 0 with input as {"operation": "UPDATE", "change": {}}
	count(rule.findings) == 0 with input as {}
}
