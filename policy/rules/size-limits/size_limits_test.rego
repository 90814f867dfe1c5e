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
		"annotation": "aviary.dev/paths",
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
		"annotation": "aviary.dev/paths",
		"message": "RouteTable echo/echo-routes would have 2016 destinations, must have at most 2000",
		"fix": "state fewer paths, or fewer canaries",
		"evidence": true,
		"severity": "deny",
	}} with input as planned({"destinations": 2016})
}

test_in_a_table_that_aviary_keeps if {
	some f in rule.findings with input as object.union(table({}), {"kept": true})
	f.fix == "state fewer paths, or fewer canaries"
}

test_planned_bytes if {
	rule.findings == {{
		"field": "metadata.annotations[aviary.dev/paths]",
		"annotation": "aviary.dev/paths",
		"message": "RouteTable echo/echo-routes would have 1600000 bytes, must have at most 1500000",
		"fix": "state fewer paths, fewer canaries, or shorter headers",
		"evidence": true,
		"severity": "deny",
	}} with input as planned({"bytes": 1600000, "destinationsBefore": 800})
}

test_too_much_of_one_table if {
	rule.findings == {
		{
			"field": "spec.routes",
			"annotation": "aviary.dev/paths",
			"message": "RouteTable echo/echo has 4001 matchers, must have at most 4000",
			"fix": "split it",
			"evidence": false,
			"severity": "deny",
		},
		{
			"field": "spec.routes",
			"annotation": "aviary.dev/paths",
			"message": "RouteTable echo/echo has 1001 delegations, must have at most 1000",
			"fix": "let one selector pick several tables, or split it",
			"evidence": false,
			"severity": "deny",
		},
		{
			"field": "spec.routes",
			"annotation": "aviary.dev/paths",
			"message": "RouteTable echo/echo has 65537 bytes of regular expressions, must have at most 65536",
			"fix": "use prefixes, or split it",
			"evidence": false,
			"severity": "deny",
		},
	} with input as table({"destinations": 200, "matchers": 4001, "delegations": 1001, "regexBytes": 65537})
	count(rule.findings) == 0 with input as table({
		"destinations": 200, "matchers": 4000, "delegations": 1000, "regexBytes": 65536,
	})
}

test_too_much_of_one_table_that_shrinks if {
	every f in rule.findings {
		f.severity == "warn"
	} with input as table({"matchers": 4001, "matchersBefore": 4002, "destinationsBefore": 2001})
	severities := {f.severity | some f in rule.findings} with input as table({
		"matchers": 4001, "matchersBefore": 4002,
		"delegations": 1001, "delegationsBefore": 1000,
		"destinationsBefore": 2001,
	})
	severities == {"warn", "deny"}
}

crowd(facts) := {"namespace": "b", "size": {
	"object": "RouteTable b/one", "field": "spec.routes", "destinations": 1, "inNamespace": facts,
}}

test_too_much_in_a_namespace if {
	rule.findings == {
		{
			"field": "spec.routes",
			"annotation": "aviary.dev/paths",
			"message": "namespace b has 5001 delegations in all tables, must have at most 5000",
			"fix": "remove what nobody needs, or raise namespaceDelegations of size-limits",
			"evidence": false,
			"severity": "deny",
		},
		{
			"field": "spec.routes",
			"annotation": "aviary.dev/paths",
			"message": "namespace b has 50001 matchers in all tables (a regex counts as 20), must have at most 50000",
			"fix": "remove what nobody needs, or raise namespaceMatchers of size-limits",
			"evidence": false,
			"severity": "deny",
		},
		{
			"field": "spec.routes",
			"annotation": "aviary.dev/paths",
			"message": "namespace b has 33554433 bytes of routing objects in Aviary's memory, must have at most 33554432",
			"fix": "remove what nobody needs, or raise namespaceBytes of size-limits",
			"evidence": false,
			"severity": "deny",
		},
	} with input as crowd({"delegations": 5001, "matchers": 50001, "bytes": 33554433})
	count(rule.findings) == 0 with input as crowd({"delegations": 5000, "matchers": 50000, "bytes": 33554432})
}

test_too_much_in_a_namespace_of_the_platform if {
	platform := object.union(crowd({"delegations": 5001, "bytes": 33554433}), {"namespace": "gloo-system"})
	severities := {f.severity | some f in rule.findings} with input as platform
		with data.params["foreign-upstream"] as {"allowed": ["gloo-system"]}
	severities == {"warn"}
	others := {f.severity | some f in rule.findings} with input as platform
		with data.params["foreign-upstream"] as {"allowed": ["edge"]}
	others == {"deny"}
}

test_a_namespace_that_does_not_grow if {
	some f in rule.findings with input as crowd({"delegations": 6000, "delegationsBefore": 6000})
	f.severity == "warn"
	some g in rule.findings with input as crowd({"delegations": 6000, "delegationsBefore": 5999})
	g.severity == "deny"
}

test_ways_that_are_not_followed if {
	some f in rule.findings with input as table({"destinations": 1, "unfollowed": true})
	f.severity == "warn"
	f.message == "RouteTable echo/echo gets requests by more ways than are followed, so conflicts may be missed"
}

test_matchers_that_are_not_compared if {
	some f in rule.findings with input as table({"destinations": 1, "uncompared": true})
	f.severity == "warn"
	startswith(f.message, "RouteTable echo/echo meets more matchers of its namespace than are compared")
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
