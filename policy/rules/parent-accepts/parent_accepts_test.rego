package policy.rules["parent-accepts_test"]

import data.policy.rules["parent-accepts"] as rule

dropped := {
	"field": "spec.routes[0].matchers[0]",
	"when": "/till",
	"for": "prefix",
	"by": "VirtualService gloo-system/public (spec.virtualHost.routes[0])",
	"wants": "paths that begin with /api",
	"fix": "begin the path with /api",
}

message := concat("", [
	"no request comes to /till: VirtualService gloo-system/public (spec.virtualHost.routes[0]) takes only paths that",
	" begin with /api, so Gloo drops the route",
])

test_a_table if {
	rule.findings == {{
		"field": "spec.routes[0].matchers[0]",
		"annotation": "aviary.dev/paths",
		"message": message,
		"fix": "begin the path with /api, or have the parent take it",
		"evidence": true,
	}} with input as {"routes": [], "unaccepted": [dropped]}
}

test_an_app if {
	rule.findings == {{
		"field": "metadata.annotations[aviary.dev/paths]",
		"annotation": "aviary.dev/paths",
		"message": message,
		"fix": "begin the path with /api in aviary.dev/paths, or have the parent take /till",
		"evidence": true,
	}} with input as {"unaccepted": [object.union(dropped, {"field": "metadata.annotations[aviary.dev/paths]"})]}
}

test_a_table_that_aviary_keeps if {
	some found in rule.findings with input as {"routes": [], "kept": true, "unaccepted": [dropped]}
	found.fix == "begin the path with /api in aviary.dev/paths, or have the parent take /till"
}

test_an_app_can_not_repeat_headers if {
	some found in rule.findings with input as {"unaccepted": [object.union(dropped, {"for": "headers"})]}
	found.fix == "have the parent take /till"
}

test_nothing_is_dropped if {
	count(rule.findings) == 0 with input as {"routes": []}
}
