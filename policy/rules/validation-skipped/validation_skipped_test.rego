package policy.rules["validation-skipped_test"]

import data.policy.rules["validation-skipped"] as rule

test_skipped if {
	rule.findings == {{
		"field": "metadata.annotations[gateway.solo.io/skip_validation]",
		"message": `"true" turns Gloo's own validation of this object off, must be absent`,
		"fix": "remove the annotation",
	}} with input as {"validationSkipped": true}
}

test_not_skipped if {
	count(rule.findings) == 0 with input as {}
	count(rule.findings) == 0 with input as {"validationSkipped": false}
}
