package policy.rules["canary-needs-primary_test"]

import data.policy.rules["canary-needs-primary"] as rule

canary(version, weight) := {"version": version, "role": "canary", "weight": weight, "available": 1}

of(operation, had_route, versions) := {
	"operation": operation,
	"app": {
		"name": "echo",
		"versions": versions,
		"canaries": [v.version | some v in versions; v.role == "canary"],
		"weightSum": sum([v.weight | some v in versions; v.role == "canary"]),
		"hadRoute": had_route,
	},
}

finding(beside, fix) := {
	"field": "metadata.annotations[aviary.dev/role]",
	"message": sprintf("app echo has no primary beside %s, must have one unless a sole canary has weight 100", [beside]),
	"fix": fix,
	"evidence": true,
}

test_sole_canary if {
	rule.findings == {finding(
		"v2 (weight 10)",
		`apply the primary first, or set aviary.dev/weight: "100" on v2`,
	)} with input as of("UPDATE", true, [canary("v2", 10)])
}

test_a_running_standby_is_proposed if {
	idle := {"version": "v0", "role": "standby", "weight": 0, "available": 0}
	running := {"version": "v1", "role": "standby", "weight": 0, "available": 1}
	rule.findings == {finding(
		"v2 (weight 10)",
		"set aviary.dev/role: primary on v1",
	)} with input as of("UPDATE", true, [idle, running, canary("v2", 10)])
}

test_an_idle_standby_is_better_than_none if {
	idle := {"version": "v0", "role": "standby", "weight": 0, "available": 0}
	some found in rule.findings with input as of("UPDATE", true, [idle, canary("v2", 10)])
	found.fix == "set aviary.dev/role: primary on v0"
}

test_two_canaries_of_100 if {
	rule.findings == {finding(
		"v2 (weight 50), v3 (weight 50)",
		"apply the primary first (aviary.dev/role: primary)",
	)} with input as of("UPDATE", true, [canary("v2", 50), canary("v3", 50)])
}

test_before_the_first_route_it_is_a_warning if {
	some found in rule.findings with input as of("CREATE", false, [canary("v2", 10)])
	found.severity == "warn"
}

test_sole_canary_with_all_traffic if {
	count(rule.findings) == 0 with input as of("UPDATE", true, [canary("v2", 100)])
}

test_with_a_primary if {
	every had_route in [true, false] {
		with_primary := object.union(of("UPDATE", had_route, [canary("v2", 10)]), {"app": {"primary": "v1"}})
		count(rule.findings) == 0 with input as with_primary
	}
}

test_other_rules_judge_removals if {
	count(rule.findings) == 0 with input as of("DELETE", true, [canary("v2", 10)])
	count(rule.findings) == 0 with input as of("SCALE", true, [canary("v2", 10)])
}

test_facts_that_are_missing if {
	count(rule.findings) == 0 with input as of("CREATE", true, [])
	count(rule.findings) == 0 with input as of("CREATE", false, [{"version": "v1", "role": "standby", "available": 1}])
	count(rule.findings) == 0 with input as {"operation": "CREATE"}
}
