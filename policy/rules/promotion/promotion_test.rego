package policy.rules.promotion_test

import data.policy.rules.promotion as rule

of(facts) := {
	"operation": "UPDATE",
	"app": {"versions": [{"version": "v1"}, {"version": "v2"}], "weightSum": 0},
	"change": {"promotion": object.union(
		{
			"from": "v1",
			"to": "v2",
			"implicit": false,
			"shareBefore": 10,
			"carriedAll": false,
			"fromAvailable": 1,
			"toAvailable": 1,
			"goingBack": false,
		},
		facts,
	)},
}

finding(message, fix) := {
	"field": "metadata.annotations[aviary.dev/role]",
	"message": message,
	"fix": fix,
	"evidence": true,
}

test_too_early if {
	rule.findings == {finding(
		"v2 carries 10 % of the traffic and v1 is still available: the new primary must carry 100 % first",
		`set aviary.dev/weight: "100" on v2 and wait until it is available, then promote`,
	)} with input as of({})
}

test_all_the_weight_but_nobody_there if {
	rule.findings == {finding(
		"v2 has no available replica and v1 has: the new primary must be available first",
		"wait until v2 is available, then promote",
	)} with input as of({"shareBefore": 100, "toAvailable": 0})
}

test_all_the_weight_and_the_pods_to_take_it if {
	count(rule.findings) == 0 with input as of({"shareBefore": 100})
	count(rule.findings) == 0 with input as of({"shareBefore": 100, "toAvailable": 0, "fromAvailable": 0})
}

test_not_implicit_when_the_old_one_goes if {
	gone := object.union(of({}), {"app": {"versions": [{"version": "v2"}]}})
	some found in rule.findings with input as gone
	startswith(found.fix, `set aviary.dev/weight: "100" on v2`)
}

test_implicit_while_the_old_one_stays if {
	some found in rule.findings with input as of({"implicit": true, "shareBefore": 0})
	startswith(found.message, "v2 would be primary as the oldest version without a role; it carries 0 %")
	found.fix == "set aviary.dev/role: primary on v1 to keep it"
}

test_implicit_when_the_old_one_goes if {
	gone := object.union(of({"implicit": true, "shareBefore": 0}), {"app": {"versions": [{"version": "v2"}]}})
	some found in rule.findings with input as gone
	found.fix == concat(" ", [
		`set aviary.dev/role: canary and aviary.dev/weight: "100" on v2,`,
		"wait until it is available, then remove v1",
	])
}

test_unknown_availability_does_not_permit if {
	count(rule.findings) == 1 with input as json.remove(of({}), ["change/promotion/fromAvailable"])
}

test_carried_all if {
	count(rule.findings) == 0 with input as of({"shareBefore": 100, "carriedAll": true})
	count(rule.findings) == 0 with input as of({"shareBefore": 10, "carriedAll": true})
	count(rule.findings) == 0 with input as of({"shareBefore": 100, "carriedAll": true, "toAvailable": 0})
}

test_the_old_one_is_down if {
	count(rule.findings) == 0 with input as of({"fromAvailable": 0})
}

test_going_back if {
	count(rule.findings) == 0 with input as of({"goingBack": true})
	count(rule.findings) == 1 with input as of({"goingBack": true, "toAvailable": 0})
}

test_there_was_no_primary if {
	count(rule.findings) == 0 with input as json.remove(of({}), ["change/promotion/from"])
}

test_the_share_does_not_rise if {
	count(rule.findings) == 0 with input as object.union(of({}), {"app": {"weightSum": 90}})
}

test_facts_that_are_missing if {
	count(rule.findings) == 0 with input as {"operation": "UPDATE", "change": {}}
	count(rule.findings) == 0 with input as {"operation": "AUDIT"}
}
