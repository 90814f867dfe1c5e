package policy.rules["subset-named_test"]

import data.policy.rules["subset-named"] as rule

upstream(subsets) := {
	"kind": "Upstream",
	"noun": "upstream",
	"namespace": "echo",
	"name": "echo",
	"exists": true,
	"pods": true,
	"subsets": subsets,
}

bare(subsets) := {
	"field": "spec.routes[0].routeAction.single",
	"label": "echo",
	"unnamed": true,
	"backend": upstream(subsets),
}

named := {
	"field": "spec.routes[1].routeAction.single",
	"label": "v1",
	"subset": {"version": "v1"},
	"backend": upstream(true),
}

message := concat(" ", [
	"upstream echo/echo has versions and the destination names none,",
	"must name one, or a new version gets traffic at once",
])

test_no_subset if {
	rule.findings == {{
		"field": "spec.routes[0].routeAction.single",
		"message": message,
		"fix": "name the version in its subset",
		"evidence": true,
	}} with input as {"routes": [{"destinations": [bare(true)]}]}
}

test_without_a_fallback_nobody_answers if {
	strict := object.union(bare(true), {"backend": {"fallback": "none"}})
	{f.message | some f in rule.findings} == {concat(" ", [
		"upstream echo/echo has versions and the destination names none, must name one,",
		"or every request is answered with 503, because it has no fallback",
	])} with input as {"routes": [{"destinations": [strict]}]}
}

test_a_default_subset_answers if {
	pinned := object.union(bare(true), {"backend": {"fallback": "default"}})
	count(rule.findings) == 0 with input as {"routes": [{"destinations": [pinned]}]}
}

test_another_route_shows_how if {
	findings := rule.findings with input as {"routes": [{"destinations": [bare(true)]}, {"destinations": [named]}]}
	{[f.field, f.fix] | some f in findings} == {[
		"spec.routes[0].routeAction.single",
		"name the version in its subset (as spec.routes[1].routeAction.single does: v1)",
	]}
}

test_a_route_to_another_upstream_does_not_show_how if {
	every other in [{"name": "foxtrot"}, {"namespace": "fox"}] {
		foreign := object.union(named, {"backend": other})
		findings := rule.findings with input as {"routes": [{"destinations": [bare(true)]}, {"destinations": [foreign]}]}
		{f.fix | some f in findings} == {"name the version in its subset"}
	}
}

test_all_named if {
	count(rule.findings) == 0 with input as {"routes": [{"destinations": [named]}]}
}

test_upstream_without_subsets if {
	count(rule.findings) == 0 with input as {"routes": [{"destinations": [bare(false)]}]}
}

test_facts_that_are_missing if {
	unread := json.remove(bare(true), ["backend/subsets"])
	count(rule.findings) == 0 with input as {"routes": [{"destinations": [unread]}]}
	count(rule.findings) == 0 with input as {"routes": [{"destinations": [json.remove(unread, ["backend"])]}]}
	count(rule.findings) == 0 with input as {}
}
