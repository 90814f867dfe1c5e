package policy.rules["one-action_test"]

import data.policy.rules["one-action"] as rule

of(what, set) := {"choices": [{"field": "spec.routes[0]", "of": what, "set": set}]}

finding(message, fix) := {"field": "spec.routes[0]", "message": message, "fix": fix}

test_no_action if {
	rule.findings == {finding(
		"the route has no action, must have one",
		"add a routeAction, or a redirectAction, directResponseAction or delegateAction",
	)} with input as of("action", [])
}

test_two_actions if {
	rule.findings == {finding(
		"the route has 2 actions (routeAction.single, redirectAction), must have one",
		"keep routeAction.single and remove redirectAction, or the other way round",
	)} with input as of("action", ["routeAction.single", "redirectAction"])
}

test_two_paths if {
	rule.findings == {finding(
		"the matcher has 2 paths (prefix, exact), must have one",
		"keep prefix and remove exact, or the other way round",
	)} with input as of("path", ["prefix", "exact"])
}

test_two_types if {
	rule.findings == {finding(
		"the Upstream has 2 types (kube, static), must have one",
		"keep kube and remove static, or the other way round: Gloo takes static",
	)} with input as of("backend", ["kube", "static"])
}

test_two_kinds if {
	rule.findings == {finding(
		"the destination has 2 kinds (upstream, kube), must have one",
		"keep upstream and remove kube, or the other way round",
	)} with input as of("destination", ["upstream", "kube"])
}

test_no_kind if {
	rule.findings == {finding(
		"the destination has no kind, must have one",
		"name an upstream",
	)} with input as of("destination", [])
}

test_one_of_each if {
	count(rule.findings) == 0 with input as {}
	count(rule.findings) == 0 with input as {"choices": []}
}
