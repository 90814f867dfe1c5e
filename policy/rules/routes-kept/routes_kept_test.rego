package policy.rules["routes-kept_test"]

import data.policy.rules["routes-kept"] as rule

of(count, tables) := {"kind": "VirtualService", "change": {"cutOff": {"count": count, "tables": tables}}}

test_one if {
	some found in rule.findings with input as of(1, ["RouteTable echo/echo-routes"])
	found.message == concat("", [
		"no requests would come to live routes of 1 table any more: RouteTable echo/echo-routes, must go on leading to",
		" them",
	])
	startswith(found.fix, "first have another parent")
}

test_many if {
	some found in rule.findings with input as of(21, ["a", "b", "c", "d", "e", "f"])
	contains(found.message, "of 21 tables any more: a, b, c, d, e and 16 more,")
}

test_five if {
	some found in rule.findings with input as of(5, ["a", "b", "c", "d", "e"])
	contains(found.message, "a, b, c, d, e, must")
}

# By a list of API groups, or by the configuration.
of_labels(kind) := object.union(of(6, ["a", "b", "c", "d", "e", "f"]), {"kind": kind})

test_a_list_of_groups if {
	rule.findings == {{
		"field": "metadata.annotations[aviary.dev/api-group]",
		"message": concat("", [
			"no requests would come to live routes of 6 tables any more, which get another API group:",
			" a, b, c, d, e and 1 more",
		]),
		"fix": "keep the group in the list until a parent leads to them by the first one",
	}} with input as of_labels("Namespace")
}

test_the_configuration if {
	some found in rule.findings with input as of_labels("Config")
	found.field == "defaults.apiGroup"
	startswith(found.fix, "first have a parent lead to them")
}

test_a_parent_is_no_list if {
	found := rule.findings with input as of_labels("VirtualService")
	{f.field | some f in found} == {"metadata.name"}
}

test_nothing_is_cut_off if {
	count(rule.findings) == 0 with input as {"change": {}}
}
