package policy.rules["enum-known_test"]

import data.policy.rules["enum-known"] as rule

of(facts) := {"enums": [object.union(
	{
		"field": "spec.kube.subsetSpec.fallbackPolicy",
		"value": "NOPE",
		"names": ["ANY_ENDPOINT", "DEFAULT_SUBSET", "NO_FALLBACK"],
	},
	facts,
)]}

finding(message, fix) := {"field": "spec.kube.subsetSpec.fallbackPolicy", "message": message, "fix": fix}

test_no_such_word if {
	rule.findings == {finding(
		`"NOPE" must be one of ANY_ENDPOINT, DEFAULT_SUBSET, NO_FALLBACK`,
		"write one of these, or remove it: Gloo then takes ANY_ENDPOINT",
	)} with input as of({})
}

test_the_word_in_other_letters if {
	rule.findings == {finding(
		`"no-fallback" must be one of ANY_ENDPOINT, DEFAULT_SUBSET, NO_FALLBACK`,
		"write NO_FALLBACK",
	)} with input as of({"value": "no-fallback", "meant": "NO_FALLBACK"})
}

test_all_known if {
	count(rule.findings) == 0 with input as {"enums": []}
}

test_facts_that_are_missing if {
	count(rule.findings) == 0 with input as {}
}
