package policy.rules["path-owned_test"]

import data.policy.rules["path-owned"] as rule

of(facts) := {"namespace": "fox", "conflicts": [object.union(
	{
		"field": "spec.routes[0].matchers[0]",
		"lead": "",
		"relation": "same",
		"path": "/echo",
		"theirs": "/echo",
		"compatible": true,
		"ahead": false,
		"methods": [],
		"table": "RouteTable echo/echo-routes (spec.routes[0])",
		"owner": "echo",
		"under": "VirtualService gloo-system/public",
		"invited": true,
	},
	facts,
)]}

test_same_path if {
	message := concat("", [
		"path /echo is RouteTable echo/echo-routes (spec.routes[0])'s too, under VirtualService gloo-system/public, ",
		"must be one that no other namespace has",
	])
	rule.findings == {{
		"field": "spec.routes[0].matchers[0]",
		"annotation": "aviary.dev/paths",
		"message": message,
		"fix": "take another path, such as /fox/echo, or agree with namespace echo",
		"evidence": true,
	}} with input as of({})
}

test_once_it_leads if {
	some own in rule.findings with input as of({"field": "metadata.annotations[aviary.dev/paths]", "lead": "v2"})
	startswith(own.message, "once version v2 leads the app: path /echo is ")
	own.fix == "take another path, such as /fox/echo, or agree with namespace echo"
	some gone in rule.findings with input as of({"field": "metadata.name", "lead": "v2"})
	gone.message == own.message
	gone.fix == "in aviary.dev/paths of version v2, take another path, such as /fox/echo, or agree with namespace echo"
}

test_under_a_root_of_others if {
	some found in rule.findings with input as of({"invited": false})
	found.severity == "warn"
	endswith(found.message, "; VirtualService gloo-system/public is another namespace's, so it holds nothing of fox")
	some led in rule.findings with input as of({"invited": false, "lead": "v2"})
	led.severity == "warn"
}

test_exact_and_regex if {
	some exact in rule.findings with input as of({"path": "=/echo"})
	startswith(exact.fix, "take another path, such as /fox/echo,")
	some regex in rule.findings with input as of({"path": "~/e.*"})
	startswith(regex.fix, "take another path, such as /fox,")
}

test_beneath_is_a_warning if {
	message := concat("", [
		"path /echo/x lies beneath /echo, which is RouteTable echo/echo-routes (spec.routes[0])'s, ",
		"under VirtualService gloo-system/public, and takes its requests",
	])
	rule.findings == {{
		"field": "spec.routes[0].matchers[0]",
		"annotation": "aviary.dev/paths",
		"message": message,
		"fix": "agree with namespace echo, or take a path that is not beneath /echo",
		"severity": "warn",
		"evidence": true,
	}} with input as of({"path": "/echo/x", "relation": "beneath"})
}

test_a_regular_expression_beneath_is_a_warning if {
	some found in rule.findings with input as of({"path": "~/[^/]+/x", "relation": "beneath"})
	found.severity == "warn"
	startswith(found.message, "path ~/[^/]+/x fits paths beneath /echo,")
}

test_other_conditions if {
	count(rule.findings) == 0 with input as of({"compatible": false})
}

test_above if {
	count(rule.findings) == 0 with input as of({"path": "/", "relation": "above"})
}

test_nobody_near if {
	count(rule.findings) == 0 with input as {}
}

message_of(facts) := found.message if {
	some found in rule.findings with input as of(facts)
}

test_takes if {
	some found in rule.findings with input as of({"relation": "takes", "path": "~/echo.*"})
	not found.severity
	found.message == concat("", [
		"path ~/echo.* takes requests of /echo, which is RouteTable echo/echo-routes (spec.routes[0])'s, under ",
		"VirtualService gloo-system/public, must leave them to it",
	])
}

test_put_first_by_another_matcher if {
	some found in rule.findings with input as of({"relation": "lifted", "path": "/"})
	not found.severity
	found.fix == "give this matcher a route of its own, which Gloo tries after /echo"
	found.message == concat("", [
		"path / takes requests of /echo, which is RouteTable echo/echo-routes (spec.routes[0])'s, under ",
		"VirtualService gloo-system/public, as its route's other matchers put it first, must not",
	])
}

test_unreached if {
	facts := {"relation": "unreached", "path": "/echo/x"}
	message_of(facts) == concat("", [
		"no request reaches path /echo/x: /echo of RouteTable echo/echo-routes (spec.routes[0]) takes them all and is ",
		"tried first, under VirtualService gloo-system/public",
	])
	some others in rule.findings with input as of(facts)
	others.fix == "move this route, or what leads to it, before that one, or agree with namespace echo"
	some own in rule.findings with input as of(object.union(facts, {"owner": "fox"}))
	own.fix == "move this route, or what leads to it, before that one"
}

test_warned_of if {
	every relation in ["within", "unreached", "undecided", "answers", "silent"] {
		some found in rule.findings with input as of({"relation": relation})
		found.severity == "warn"
	}
}

test_who_answers if {
	endswith(message_of({"relation": "answers"}), "this route answers, and that one gets nothing")
	endswith(message_of({"relation": "silent"}), "that route answers, and this one gets nothing")
}

test_regular_expressions if {
	contains(message_of({"relation": "within"}), "fits /echo")
	contains(message_of({"relation": "undecided"}), "can't be told of two regular expressions")
}

test_incompatible if {
	count(rule.findings) == 0 with input as of({"relation": "takes", "compatible": false})
}

handed(over) := {"namespace": "fox", "change": {"handed": [object.union(
	{
		"to": "RouteTable fox/inner",
		"served": true,
		"conflict": {
			"field": "spec.routes[0].matchers[0]",
			"relation": "same",
			"path": "/echo",
			"theirs": "/echo",
			"compatible": true,
			"table": "RouteTable echo/echo-routes (spec.routes[0])",
			"owner": "echo",
			"under": "VirtualService gloo-system/public",
			"invited": true,
		},
	},
	over,
)]}}

test_handed_on if {
	some found in rule.findings with input as handed({})
	found.field == "metadata.name"
	found.evidence
	not found.severity
	startswith(found.message, "RouteTable fox/inner gets requests by this: path /echo is RouteTable echo/echo-routes")
	found.fix == "first give RouteTable fox/inner a path of its own, or agree with namespace echo"
}

test_handed_on_where_nobody_was_served if {
	some found in rule.findings with input as handed({"served": false})
	found.severity == "warn"
}

test_handed_on_beneath if {
	some found in rule.findings with input as handed({"conflict": {"relation": "beneath", "path": "/echo/x"}})
	found.severity == "warn"
}

test_handed_on_and_incompatible if {
	count(rule.findings) == 0 with input as handed({"conflict": {"compatible": false}})
}

# A path of up to 100 characters is shown whole.
test_a_long_path if {
	whole := concat("", ["/", replace(sprintf("%099d", [0]), "0", "a")])
	some found in rule.findings with input as of({"path": whole})
	startswith(found.message, sprintf("path %s is ", [whole]))
	some clipped in rule.findings with input as of({"path": concat("", [whole, "b"])})
	startswith(clipped.message, sprintf("path %s… is ", [whole]))
}
