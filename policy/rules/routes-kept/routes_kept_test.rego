package policy.rules["routes-kept_test"]

import data.policy.rules["routes-kept"] as rule

of(count, tables) := {"change": {"cutOff": {"count": count, "tables": tables}}}

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

test_nothing_is_cut_off if {
	count(rule.findings) == 0 with input as {"change": {}}
}
