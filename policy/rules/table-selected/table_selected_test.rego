package policy.rules["table-selected_test"]

import data.policy.rules["table-selected"] as rule

message := "nothing selects or references this RouteTable, so it serves nothing"

of(facts) := object.union({"noun": "RouteTable"}, facts)

test_nobody_selects if {
	rule.findings == {{
		"field": "metadata.labels",
		"annotation": "aviary.dev/api-group",
		"message": message,
		"fix": "label it so that one does: VirtualService gloo-system/public selects apiGroup=example",
	}} with input as of({"delegated": false, "selectors": ["VirtualService gloo-system/public selects apiGroup=example"]})
}

test_nobody_has_a_selector if {
	rule.findings == {{
		"field": "metadata.labels",
		"annotation": "aviary.dev/api-group",
		"message": message,
		"fix": "have a parent reference it, or select it in its namespace",
	}} with input as of({"delegated": false, "selectors": []})
}

test_three_are_enough if {
	some finding in rule.findings with input as of({"delegated": false, "selectors": ["a", "b", "c", "d"]})
	finding.fix == "label it so that one does: a; b; c"
}

# What a Deployment's group means is said of versions only.
test_of_a_table_with_a_group if {
	facts := {"app": {"name": "echo"}, "apiGroup": {"field": "metadata.labels", "value": "exmaple"}}
	found := rule.findings with input as of(object.union(facts, {"delegated": false, "selectors": []}))
	{f.message | some f in found} == {message}
}

test_selected if {
	count(rule.findings) == 0 with input as of({"delegated": true})
}

planned(facts) := object.union(
	{
		"kind": "Deployment",
		"version": {"version": "v1"},
		"app": {"name": "echo"},
		"apiGroup": {"field": "metadata.annotations[aviary.dev/api-group]", "value": "exmaple"},
	},
	facts,
)

test_of_what_aviary_writes if {
	rule.findings == {{
		"field": "metadata.annotations[aviary.dev/api-group]",
		"message": concat(" ", [
			"nothing selects or references the table that Aviary writes for echo in group exmaple,",
			"so it will serve nothing",
		]),
		"fix": "set the group that one selects: VirtualService gloo-system/public selects apiGroup=example",
		"evidence": true,
	}} with input as planned({
		"delegated": false,
		"selectors": ["VirtualService gloo-system/public selects apiGroup=example"],
	})
}

test_of_what_aviary_writes_without_a_group if {
	findings := rule.findings with input as json.remove(planned({"delegated": false, "selectors": []}), ["apiGroup/value"])
	{[f.message, f.fix] | some f in findings} == {[
		"nothing selects or references the table that Aviary writes for echo, so it will serve nothing",
		"have a parent reference it, or select it in its namespace",
	]}
}

test_aviarys_table_is_selected if {
	count(rule.findings) == 0 with input as planned({"delegated": true, "selectors": []})
	count(rule.findings) == 0 with input as planned({"delegated": true})
	count(rule.findings) == 0 with input as planned({})
}

test_a_table_that_is_not_there if {
	absent := {"field": "spec.routes[0].delegateAction", "noun": "RouteTable", "namespace": "fox", "name": "fox"}
	findings := rule.findings with input as of({"absent": [absent, object.union(absent, {"namespace": ""})]})
	{f.message | some f in findings} == {
		"hands requests on to RouteTable fox/fox, which does not exist, so the route serves nothing",
		"hands requests on to RouteTable fox of no namespace, which does not exist, so the route serves nothing",
	}
}

test_nothing_delegates if {
	count(rule.findings) == 0 with input as {}
}
