package policy.rules["routes-kept_test"]

import data.policy.rules["routes-kept"] as rule

of(count, tables) := {"kind": "VirtualService", "change": {"cutOff": [{"count": count, "tables": tables}]}}

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
of_labels(kind, facts) := {"kind": kind, "change": {"cutOff": [object.union(
	{"count": 6, "tables": ["a", "b", "c", "d", "e", "f"]},
	facts,
)]}}

test_a_list_of_groups if {
	rule.findings == {{
		"field": "metadata.annotations[aviary.dev/api-group]",
		"message": concat("", [
			"no requests would come to live routes of 6 tables any more, which get another API group:",
			" a, b, c, d, e and 1 more",
		]),
		"fix": "keep the group in the list until a parent leads to them by the first one",
	}} with input as of_labels("Namespace", {})
}

test_the_configuration if {
	some found in rule.findings with input as of_labels("Config", {})
	found.field == "defaults.apiGroup"
	startswith(found.fix, "first have a parent lead to them")
}

test_a_parent_is_no_list if {
	found := rule.findings with input as of_labels("VirtualService", {})
	{f.field | some f in found} == {"metadata.name"}
}

test_nothing_is_cut_off if {
	count(rule.findings) == 0 with input as {"change": {}}
}

# Who leads to the tables.
by_ways(ways) := of_labels("Namespace", {"ways": ways})

test_by_another_namespace if {
	some found in rule.findings with input as by_ways([["fox"], ["fox", "gloo-system"]])
		with data.params["foreign-upstream"] as {"allowed": ["gloo-system"]}
	found.severity == "warn"
	endswith(found.message, "; they come only by parents of namespace fox, which hold nothing here")
}

test_by_one_that_is_open_to_all if {
	some found in rule.findings with input as by_ways([["fox"], ["gloo-system"]])
		with data.params["foreign-upstream"] as {"allowed": ["gloo-system"]}
	not found.severity
	endswith(found.message, "and 1 more")
}

test_an_empty_list_opens_nothing if {
	some found in rule.findings with input as by_ways([["gloo-system"]])
		with data.params["foreign-upstream"] as {"allowed": []}
	found.severity == "warn"
}

# Domains.
given_up(facts) := {"kind": "VirtualService", "change": {"cutOff": [object.union(
	{"count": 1, "tables": ["RouteTable echo/echo-routes"], "domains": ["shop.example"]},
	facts,
)]}}

test_the_only_domain if {
	some found in rule.findings with input as given_up({})
	not found.severity
	found.message == concat("", [
		"requests for shop.example would come to no live route of 1 table any more: RouteTable echo/echo-routes,",
		" must go on coming",
	])
}

test_one_of_several_domains if {
	some found in rule.findings with input as given_up({"partly": true})
	found.severity == "warn"
	startswith(found.fix, "serve it, here or by another parent")
}

test_many_domains if {
	some found in rule.findings with input as given_up({"domains": ["a", "b", "c", "d", "e", "f"]})
	startswith(found.message, "requests for a, b, c, d, e and 1 more would")
}

test_five_domains if {
	some found in rule.findings with input as given_up({"domains": ["a", "b", "c", "d", "e"]})
	startswith(found.message, "requests for a, b, c, d, e would")
}

test_a_wildcard_that_no_other_domain_narrows if {
	some found in rule.findings with input as given_up({"domains": ["*.example"]})
	startswith(found.message, "requests for *.example would")
}

test_a_wildcard if {
	some found in rule.findings with input as given_up({"domains": ["*.example"], "partly": true})
	startswith(found.message, "requests for *.example, but for hosts that other domains name, would")
}

# What is not followed may lead there.
test_more_leads_there if {
	every facts in [{"far": true}, {"far": true, "domains": ["shop.example"]}] {
		some found in rule.findings with input as {"kind": "VirtualService", "change": {"cutOff": [object.union(
			{"count": 1, "tables": ["RouteTable echo/echo-routes"]},
			facts,
		)]}}
		found.severity == "warn"
		contains(found.message, "by the ways that Aviary follows, which are not all")
	}
}

test_more_leads_there_by_a_label if {
	some found in rule.findings with input as of_labels("Namespace", {"far": true})
	found.severity == "warn"
}
