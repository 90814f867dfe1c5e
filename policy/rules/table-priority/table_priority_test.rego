package policy.rules["table-priority_test"]

import data.policy.rules["table-priority"] as rule

of(facts) := {"namespace": "fox", "conflicts": [object.union(
	{
		"field": "spec.routes[0].matchers[0]",
		"relation": "above",
		"path": "/",
		"theirs": "/echo",
		"compatible": true,
		"ahead": true,
		"methods": ["GET"],
		"table": "RouteTable echo/echo-routes (spec.routes[0])",
		"owner": "echo",
		"under": "VirtualService gloo-system/public",
		"invited": true,
	},
	facts,
)]}

finding(message) := {
	"field": "spec.routes[0].matchers[0].methods",
	"message": message,
	"fix": "remove methods, or take a path that is not echo/echo-routes's",
	"evidence": true,
}

test_under_a_root_of_others if {
	some found in rule.findings with input as of({"invited": false})
	found.severity == "warn"
}

test_methods_above if {
	rule.findings == {finding(concat("", [
		"GET on / come before /echo of RouteTable echo/echo-routes (spec.routes[0]), ",
		"under VirtualService gloo-system/public, must have no methods there",
	]))} with input as of({})
}

test_methods_on_the_same_path if {
	rule.findings == {finding(concat("", [
		"GET on /echo, which is RouteTable echo/echo-routes (spec.routes[0])'s too, ",
		"under VirtualService gloo-system/public, must have no methods there",
	]))} with input as of({"path": "/echo", "relation": "same", "ahead": false})
}

test_methods_beneath if {
	count(rule.findings) == 0 with input as of({"relation": "beneath"})
}

test_methods_of_a_regular_expression if {
	count(rule.findings) == 1 with input as of({"relation": "takes"})
	count(rule.findings) == 0 with input as of({"relation": "takes", "ahead": false})
}

test_nobody_else_is_outranked if {
	every relation in ["answers", "silent", "unreached", "lifted"] {
		count(rule.findings) == 0 with input as of({"relation": relation})
	}
}

test_no_methods if {
	count(rule.findings) == 0 with input as of({"methods": [], "relation": "same", "path": "/echo"})
}

test_weight if {
	rule.findings == {{
		"field": "spec.weight",
		"message": "weight -5 orders this table among all others of its parent, must be 0",
		"fix": "remove it; a share of the traffic is set by the weights of a route's destinations",
		"severity": "warn",
	}} with input as {"order": -5}
}

test_nobody_to_outrank if {
	count(rule.findings) == 0 with input as {}
	count(rule.findings) == 0 with input as {"order": 0}
}
