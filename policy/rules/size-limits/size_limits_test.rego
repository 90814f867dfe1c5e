package policy.rules["size-limits_test"]

import data.policy.rules["size-limits"] as rule

table(facts) := {"size": object.union(
	{"object": "RouteTable echo/echo", "field": "spec.routes", "destinations": 2001},
	facts,
)}

planned(facts) := {"size": object.union(
	{
		"object": "RouteTable echo/echo-routes",
		"field": "metadata.annotations[aviary.dev/paths]",
		"planned": true,
		"destinations": 800,
	},
	facts,
)}

test_too_many_destinations if {
	rule.findings == {{
		"field": "spec.routes",
		"message": "RouteTable echo/echo has 2001 destinations, must have at most 2000",
		"fix": "split it",
		"evidence": false,
		"severity": "deny",
	}} with input as table({})
}

test_just_enough if {
	count(rule.findings) == 0 with input as table({"destinations": 2000})
	count(rule.findings) == 0 with input as planned({"destinations": 2000, "bytes": 1500000})
}

test_grown if {
	some f in rule.findings with input as table({"destinationsBefore": 2000})
	f.severity == "deny"
}

test_not_grown_is_a_warning if {
	some f in rule.findings with input as table({"destinationsBefore": 2001})
	f.severity == "warn"
	some g in rule.findings with input as planned({"bytes": 1600000, "bytesBefore": 1600001})
	g.severity == "warn"
}

test_planned_destinations if {
	rule.findings == {{
		"field": "metadata.annotations[aviary.dev/paths]",
		"message": "RouteTable echo/echo-routes would have 2016 destinations, must have at most 2000",
		"fix": "state fewer paths, or fewer canaries",
		"evidence": true,
		"severity": "deny",
	}} with input as planned({"destinations": 2016})
}

test_planned_bytes if {
	rule.findings == {{
		"field": "metadata.annotations[aviary.dev/paths]",
		"message": "RouteTable echo/echo-routes would have 1600000 bytes, must have at most 1500000",
		"fix": "state fewer paths, fewer canaries, or shorter headers",
		"evidence": true,
		"severity": "deny",
	}} with input as planned({"bytes": 1600000, "destinationsBefore": 800})
}

test_bounds_are_parameters if {
	limits := {"destinations": 100, "bytes": 524288}
	count(rule.findings) == 2 with input as planned({"bytes": 524289}) with data.params["size-limits"] as limits
	count(rule.findings) == 0 with input as planned({"destinations": 100}) with data.params["size-limits"] as limits
}

test_facts_that_are_missing if {
	count(rule.findings) == 0 with input as {}
	count(rule.findings) == 0 with input as planned({})
}
