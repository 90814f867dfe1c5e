package policy.rules["table-selected_test"]

import data.policy.rules["table-selected"] as rule

message := "nothing selects or references this RouteTable, so it serves nothing"

of(facts) := object.union({"noun": "RouteTable"}, facts)

test_nobody_selects if {
	rule.findings == {{
		"field": "metadata.labels",
		"message": message,
		"fix": "label it so that one does: VirtualService gloo-system/public selects apiGroup=example",
	}} with input as of({"delegated": false, "selectors": ["VirtualService gloo-system/public selects apiGroup=example"]})
}

test_nobody_has_a_selector if {
	rule.findings == {{
		"field": "metadata.labels",
		"message": message,
		"fix": "have a parent reference it, or select it in its namespace",
	}} with input as of({"delegated": false, "selectors": []})
}

test_three_are_enough if {
	some finding in rule.findings with input as of({"delegated": false, "selectors": ["a", "b", "c", "d"]})
	finding.fix == "label it so that one does: a; b; c"
}

test_selected if {
	count(rule.findings) == 0 with input as of({"delegated": true})
}

test_nothing_delegates if {
	count(rule.findings) == 0 with input as {}
}
