package policy.rules["annotations-valid_test"]

import data.policy.rules["annotations-valid"] as rule

found := {
	"field": "metadata.annotations[aviary.dev/weight]",
	"message": `"120" must be a whole number from 0 to 100`,
	"fix": `set aviary.dev/weight to a number such as "10"`,
}

notice := object.union(found, {"severity": "warn"})

of(role, weight, sum_now) := {
	"operation": "UPDATE",
	"version": {"version": "v3", "deployment": "echo-v3", "role": role, "weight": weight},
	"app": {
		"name": "echo",
		"versions": [
			{"version": "v1", "role": "primary", "weight": 0},
			{"version": "v2", "role": "canary", "weight": sum_now - weight},
			{"version": "v3", "role": role, "weight": weight},
		],
		"weightSum": sum_now,
		"shadows": [],
	},
}

shadows(role) := object.union(of(role, 0, 0), {"app": {"shadows": ["v2", "v3"]}})

test_findings_are_passed_on if {
	rule.findings == {found, notice} with input as {"operation": "CREATE", "findings": [found, notice]}
}

test_weights_over_100 if {
	rule.findings == {{
		"field": "metadata.annotations[aviary.dev/weight]",
		"message": "canary weights sum to 120 (v2: 60, v3: 60), must be at most 100",
		"fix": `set aviary.dev/weight: "40" on v3`,
		"evidence": true,
	}} with input as of("canary", 60, 120)
}

test_the_others_alone_are_over_100 if {
	some finding in rule.findings with input as of("canary", 10, 120)
	finding.fix == "lower the weights of the other canaries first"
}

test_the_others_alone_are_at_100 if {
	some finding in rule.findings with input as of("canary", 20, 120)
	finding.fix == `set aviary.dev/weight: "0" on v3`
}

test_two_shadows if {
	rule.findings == {{
		"field": "metadata.annotations[aviary.dev/role]",
		"message": "app echo has the shadows v2 and v3, must have at most one",
		"fix": "set aviary.dev/role: standby on v3",
		"evidence": true,
	}} with input as shadows("shadow")
}

test_weights_of_100 if {
	count(rule.findings) == 0 with input as of("canary", 40, 100)
}

test_one_shadow if {
	count(rule.findings) == 0 with input as object.union(of("shadow", 0, 0), {"app": {"shadows": ["v3"]}})
}

test_another_version_is_not_blamed if {
	count(rule.findings) == 0 with input as of("standby", 0, 120)
	count(rule.findings) == 0 with input as shadows("standby")
}

test_a_removal_declares_nothing if {
	count(rule.findings) == 0 with input as {"operation": "DELETE", "findings": [found]}
	count(rule.findings) == 0 with input as {"operation": "SCALE", "findings": [found]}
	count(rule.findings) == 0 with input as object.union(of("canary", 60, 120), {"operation": "SCALE"})
	count(rule.findings) == 0 with input as object.union(shadows("shadow"), {"operation": "SCALE"})
}

test_facts_that_are_missing if {
	count(rule.findings) == 0 with input as {"operation": "CREATE"}
	count(rule.findings) == 0 with input as {"operation": "CREATE", "findings": []}
}
