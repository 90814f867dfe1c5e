package policy.rules["table-selected_test"]

import data.policy.rules["table-selected"] as rule

message := "no VirtualService or RouteTable selects or references this table, so it serves nothing"

test_nobody_selects if {
	rule.findings == {{
		"field": "metadata.labels",
		"message": message,
		"fix": "label it so that one does: VirtualService gloo-system/public selects apiGroup=example",
	}} with input as {"delegated": false, "selectors": ["VirtualService gloo-system/public selects apiGroup=example"]}
}

test_nobody_has_a_selector if {
	rule.findings == {{
		"field": "metadata.labels",
		"message": message,
		"fix": "let a VirtualService or RouteTable reference it by delegateAction.ref, or select it in its namespace",
	}} with input as {"delegated": false, "selectors": []}
}

test_three_are_enough if {
	some finding in rule.findings with input as {"delegated": false, "selectors": ["a", "b", "c", "d"]}
	finding.fix == "label it so that one does: a; b; c"
}

test_led_to if {
	count(rule.findings) == 0 with input as {"delegated": true}
}

test_nothing_delegates if {
	count(rule.findings) == 0 with input as {}
}
