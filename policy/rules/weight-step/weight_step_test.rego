package policy.rules["weight-step_test"]

import data.policy.rules["weight-step"] as rule

of(from, to, available) := {
	"app": {"primary": "v1", "versions": [
		{"version": "v1", "role": "primary", "available": available},
		{"version": "v2", "role": "canary", "available": 1},
	]},
	"change": {"weight": {"from": from, "to": to}},
}

test_too_far if {
	rule.findings == {{
		"field": "metadata.annotations[aviary.dev/weight]",
		"message": "weight rises from 10 to 70, by 60 points, must rise by at most 50 at once",
		"fix": "set 60 first, and 70 when that went well",
		"evidence": true,
	}} with input as of(10, 70, 1)
}

test_the_whole_step if {
	count(rule.findings) == 0 with input as of(10, 60, 1)
	count(rule.findings) == 0 with input as of(0, 50, 1)
}

test_max_step_is_a_parameter if {
	count(rule.findings) == 1 with input as of(10, 31, 1) with data.params["weight-step"] as {"maxStep": 20}
}

test_the_primary_is_down if {
	count(rule.findings) == 0 with input as of(0, 100, 0)
}

test_there_is_no_primary if {
	count(rule.findings) == 0 with input as json.remove(of(0, 100, 1), ["app/primary"])
}

test_facts_that_are_missing if {
	count(rule.findings) == 0 with input as json.remove(of(0, 100, 1), ["change/weight"])
	count(rule.findings) == 0 with input as {}
}
