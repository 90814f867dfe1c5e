package policy.rules["<<.Name>>_test"]

import data.policy.rules["<<.Name>>"] as rule

app_of(versions) := {"app": {"name": "echo", "versions": [{"version": v} | some v in versions]}}

params := {"maxVersions": 2}

# It finds.
test_too_many if {
	rule.findings == {{
		"field": "metadata.annotations[aviary.dev/version]",
		"message": "app echo has 3 versions (v1, v2, v3), must have at most 2",
		"fix": "delete the Deployment of a version that gets no traffic",
	}} with input as app_of(["v1", "v2", "v3"])
		with data.params["<<.Name>>"] as params
}

# A near miss: as close to a finding as can be.
test_as_many_as_allowed if {
	count(rule.findings) == 0 with input as app_of(["v1", "v2"])
		with data.params["<<.Name>>"] as params
}

# A field is missing: what is not known is not found wrong.
test_facts_that_are_missing if {
	count(rule.findings) == 0 with input as {"app": {"name": "echo"}}
	count(rule.findings) == 0 with input as {}
}
