package policy.rules["api-group_test"]

import data.policy.rules["api-group"] as rule

of(operation, group) := {
	"operation": operation,
	"namespace": "echo",
	"apiGroup": object.union({"field": "metadata.labels[apiGroup]"}, group),
}

finding(message, fix) := {
	"field": "metadata.labels[apiGroup]",
	"annotation": "aviary.dev/api-group",
	"message": message,
	"fix": fix,
	"evidence": true,
}

test_not_allowed if {
	rule.findings == {finding(
		`"payments" may not be used in namespace echo, must be one of: example, other`,
		`set it to "example", or have "payments" added to the list of namespace echo`,
	)} with input as of("CREATE", {"value": "payments", "allowed": ["example", "other"]})
}

test_not_allowed_any_more_proposes_what_was if {
	some found in rule.findings with input as of(
		"UPDATE",
		{"value": "payments", "before": "other", "allowed": ["example", "other"]},
	)
	startswith(found.fix, `set it to "other"`)
}

test_what_was_is_not_proposed_if_it_is_not_allowed_either if {
	some found in rule.findings with input as of(
		"UPDATE",
		{"value": "payments", "before": "billing", "allowed": ["example", "other"]},
	)
	startswith(found.fix, `set it to "example"`)
}

test_none_allowed if {
	some found in rule.findings with input as of("CREATE", {"value": "payments", "allowed": []})
	found.fix == `have "payments" added to the list of namespace echo`
}

test_removal_takes_routes_away if {
	rule.findings == {finding(
		`the removal of "example" takes live routes away: nothing selects them any more`,
		`set it back to "example"`,
	)} with input as of("UPDATE", {"before": "example", "selectedBefore": true, "selectedAfter": false})
}

test_change_takes_routes_away if {
	rule.findings == {finding(
		`the change from "example" to "other" takes live routes away: nothing selects them any more`,
		`set it back to "example"`,
	)} with input as of("UPDATE", {"before": "example", "value": "other", "selectedBefore": true, "selectedAfter": false})
}

test_new_label_takes_routes_away if {
	rule.findings == {finding(
		`the new value "other" takes live routes away: nothing selects them any more`,
		"remove it again",
	)} with input as of("UPDATE", {"value": "other", "selectedBefore": true, "selectedAfter": false})
}

lost(by) := of("UPDATE", {"before": "mine", "selectedBefore": true, "selectedAfter": false, "ledBy": by})

test_a_parent_of_another_namespace_holds_nothing if {
	some found in rule.findings with input as lost(["fox", "owl"])
		with data.params["foreign-upstream"] as {"allowed": ["gloo-system"]}
	found.severity == "warn"
	endswith(found.message, "; only parents of namespace fox, owl did, which hold nothing of namespace echo")
	every by in [["echo"], ["fox", "gloo-system"]] {
		some held in rule.findings with input as lost(by) with data.params["foreign-upstream"] as {"allowed": ["gloo-system"]}
		not held.severity
	}
}

test_allowed if {
	count(rule.findings) == 0 with input as of("CREATE", {"value": "example", "allowed": ["example"]})
	count(rule.findings) == 0 with input as of("CREATE", {"value": "anything"})
}

test_change_that_stays_selected if {
	count(rule.findings) == 0 with input as of(
		"UPDATE",
		{"before": "example", "value": "other", "selectedBefore": true, "selectedAfter": true},
	)
}

test_nothing_selected_it_before if {
	count(rule.findings) == 0 with input as of(
		"UPDATE",
		{"before": "example", "value": "other", "selectedBefore": false, "selectedAfter": false},
	)
}

test_lost_for_another_reason if {
	count(rule.findings) == 0 with input as of(
		"UPDATE",
		{"before": "example", "value": "example", "selectedBefore": true, "selectedAfter": false},
	)
}

test_a_removal_is_never_refused if {
	count(rule.findings) == 0 with input as of("DELETE", {"value": "payments", "allowed": ["example"]})
}

test_facts_that_are_missing if {
	count(rule.findings) == 0 with input as of("CREATE", {"allowed": ["example"]})
	count(rule.findings) == 0 with input as of("UPDATE", {"before": "example", "selectedBefore": true})
	count(rule.findings) == 0 with input as {"operation": "CREATE"}
}
