package policy.rules["subset-declared_test"]

import data.policy.rules["subset-declared"] as rule

table(facts) := {"kind": "RouteTable", "routes": [{"destinations": [object.union(
	{"field": "spec.routes[0].routeAction.single", "subset": {"version": "v1"}},
	facts,
)]}]}

upstream(facts) := object.union(
	{"kind": "Upstream", "noun": "upstream", "namespace": "echo", "name": "echo", "exists": true, "pods": true},
	facts,
)

finding(message, fix) := {
	"field": "spec.routes[0].routeAction.single",
	"annotation": "aviary.dev/use",
	"message": message,
	"fix": fix,
	"evidence": true,
}

waiting(operation) := {
	"kind": "Upstream",
	"operation": operation,
	"change": {"users": [{
		"object": "RouteTable echo/by-hand",
		"field": "spec.routes[0].routeAction.single",
		"more": 0,
		"keys": ["stage", "version"],
	}]},
}

test_no_subset_spec if {
	rule.findings == {finding(
		"upstream echo/echo declares no subsets, so Gloo ignores version=v1 and sends to every pod",
		"add {keys: [version]} to subsetSpec.selectors of Upstream echo/echo first, or remove the subset",
	)} with input as table({"declared": false, "backend": upstream({"subsetKeys": []})})
}

test_other_keys if {
	other := upstream({"subsetKeys": [["version"], ["track", "version"]]})
	both := {"subset": {"version": "v1", "stage": "canary"}}
	rule.findings == {finding(
		"upstream echo/echo declares subsets by version and by track, version, none by exactly stage, version",
		concat(" ", [
			"name exactly version or track, version,",
			"or add {keys: [stage, version]} to subsetSpec.selectors of Upstream echo/echo first",
		]),
	)} with input as table(object.union(both, {"declared": false, "backend": other}))
}

# A list with the destination before another one.
before_another(facts) := {"routes": [{"weighted": true, "destinations": [
	table(facts).routes[0].destinations[0],
	{"field": "b"},
]}]}

test_a_list_that_is_cut if {
	some plain in rule.findings with input as before_another({
		"declared": false,
		"backend": upstream({"subsetKeys": []}),
	})
	endswith(plain.message, "and sends to every pod, and nothing to the destinations after it")
	some other in rule.findings with input as before_another({
		"declared": false,
		"backend": upstream({"subsetKeys": [["stage"]]}),
	})
	endswith(other.message, "none by exactly version, so Gloo sends nothing to the destinations after it")
	some static in rule.findings with input as before_another({"declared": false, "backend": upstream({"pods": false})})
	endswith(static.message, "Gloo ignores version=v1, and sends nothing to the destinations after it")
	some consul in rule.findings with input as before_another({"declared": false, "opaque": "consul"})
	endswith(consul.message, "sends to every pod")
}

# Nothing comes after the last one, and without weights there is no other one.
test_nothing_is_cut if {
	undeclared := {"declared": false, "backend": upstream({"subsetKeys": []})}
	[d, other] := before_another(undeclared).routes[0].destinations
	every route in [
		{"weighted": true, "destinations": [other, d]},
		{"weighted": true, "destinations": [d]},
		{"weighted": false, "destinations": [d, other]},
		{"destinations": [d, other]},
	] {
		some found in rule.findings with input as {"routes": [route]}
		endswith(found.message, "and sends to every pod")
	}
}

test_upstream_of_another_type if {
	rule.findings == {finding(
		"upstream echo/echo is not of type kube and has no subsets, so Gloo ignores version=v1",
		"route to an Upstream of type kube with a subsetSpec, or remove the subset",
	)} with input as table({"declared": false, "backend": upstream({"pods": false})})
}

test_service_as_destination if {
	rule.findings == {finding(
		"a kube destination has no subsets, so Gloo ignores version=v1 and sends to every pod",
		"route to an Upstream with a subsetSpec, or remove the subset",
	)} with input as table({"declared": false, "backend": {"kind": "Service", "noun": "Service", "name": "echo"}})
}

test_consul_as_destination if {
	some found in rule.findings with input as table({"declared": false, "opaque": "consul"})
	startswith(found.message, "a consul destination has no subsets")
	found.fix == "route to an Upstream with a subsetSpec, or remove the subset"
}

test_upstream_after_its_routes if {
	rule.findings == {{
		"field": "spec.kube.subsetSpec",
		"message": concat(" ", [
			"RouteTable echo/by-hand (spec.routes[0].routeAction.single) names a subset by stage, version,",
			"which no selector lists exactly",
		]),
		"fix": "add {keys: [stage, version]} to subsetSpec.selectors, or correct that route",
		"evidence": true,
		"severity": "warn",
	}} with input as waiting("CREATE")
}

test_an_update_of_an_upstream_is_for_another_rule if {
	count(rule.findings) == 0 with input as waiting("UPDATE")
}

test_declared if {
	count(rule.findings) == 0 with input as table({"declared": true, "backend": upstream({})})
}

test_facts_that_are_missing if {
	count(rule.findings) == 0 with input as table({"backend": {"namespace": "echo", "name": "echo", "exists": false}})
	count(rule.findings) == 0 with input as {"kind": "Upstream", "operation": "CREATE"}
	count(rule.findings) == 0 with input as {}
}
