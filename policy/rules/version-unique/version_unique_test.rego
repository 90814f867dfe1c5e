package policy.rules["version-unique_test"]

import data.policy.rules["version-unique"] as rule

of(operation, duplicates) := {
	"operation": operation,
	"version": {"version": "v1", "deployment": "echo-v1"},
	"app": {"name": "echo", "duplicates": duplicates},
}

test_duplicate if {
	rule.findings == {{
		"field": "metadata.annotations[aviary.dev/version]",
		"message": "v1 is also the version of Deployment echo-v1-b in app echo, must be unique",
		"fix": "choose another version here, or delete Deployment echo-v1-b first",
		"evidence": true,
	}} with input as of("CREATE", ["echo-v1-b"])
}

test_split_is_allowed_by_parameter if {
	count(rule.findings) == 0 with input as of("CREATE", ["echo-v1-b"])
		with data.params["version-unique"] as {"allowSplit": true}
}

test_unique if {
	count(rule.findings) == 0 with input as of("CREATE", [])
}

test_a_removal_is_never_refused if {
	count(rule.findings) == 0 with input as of("DELETE", ["echo-v1-b"])
}

test_facts_that_are_missing if {
	count(rule.findings) == 0 with input as {"operation": "CREATE", "app": {"name": "echo"}}
	count(rule.findings) == 0 with input as {"operation": "CREATE"}
}
