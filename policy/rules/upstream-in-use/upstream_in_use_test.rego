package policy.rules["upstream-in-use_test"]

import data.policy.rules["upstream-in-use"] as rule

user(facts) := object.union(
	{
		"object": "RouteTable echo/by-hand",
		"kind": "RouteTable",
		"namespace": "echo",
		"name": "by-hand",
		"field": "spec.routes[0].routeAction.single",
		"more": 0,
		"keys": ["version"],
	},
	facts,
)

of(operation, kind, users) := {
	"operation": operation,
	"kind": kind,
	"namespace": "echo",
	"name": "echo",
	"change": {"users": users},
}

way_out := concat(" ", [
	"route elsewhere there, or delete RouteTable echo/by-hand, first;",
	"if it is going too: kubectl annotate routetable by-hand aviary.dev/retire=true -n echo",
])

test_an_upstream_goes if {
	rule.findings == {{
		"field": "metadata.name",
		"message": "RouteTable echo/by-hand uses Upstream echo/echo (spec.routes[0].routeAction.single and 3 more)",
		"fix": way_out,
		"evidence": true,
	}} with input as of("DELETE", "Upstream", [user({"more": 3, "backend": "Upstream echo/echo"})])
}

test_the_table_is_kept_by_aviary if {
	some finding in rule.findings with input as of("DELETE", "Upstream", [user({"app": "echo"})])
	finding.fix == concat(" ", [
		"take upstream out of aviary.dev/use of app echo's Deployments first;",
		`if the app is going too: aviary.dev/retire: "true" on one of them`,
	])
}

test_a_service_goes if {
	rule.findings == {{
		"field": "metadata.name",
		"message": concat(" ", [
			"RouteTable echo/by-hand uses Service echo/echo through Upstream echo/echo",
			"(spec.routes[0].routeAction.single)",
		]),
		"fix": way_out,
		"evidence": true,
	}} with input as of("DELETE", "Service", [user({"backend": "Upstream echo/echo"})])
}

test_a_service_that_routes_name_goes if {
	some finding in rule.findings with input as of("DELETE", "Service", [user({})])
	finding.message == "RouteTable echo/by-hand uses Service echo/echo (spec.routes[0].routeAction.single)"
}

test_the_keys_go if {
	rule.findings == {{
		"field": "spec.kube.subsetSpec",
		"message": concat(" ", [
			"RouteTable echo/by-hand (spec.routes[0].routeAction.single) picks pods by version,",
			"which no selector would list any more",
		]),
		"fix": "keep {keys: [version]} in subsetSpec.selectors until that route names no subset",
		"evidence": true,
	}} with input as of("UPDATE", "Upstream", [user({"backend": "Upstream echo/echo"})])
}

test_the_type_changes if {
	facts := of("UPDATE", "Upstream", [user({})])
	static := object.union(facts, {"backend": {"pods": false}})
	{f.fix | some f in rule.findings} == {"keep the type kube until that route names no subset"} with input as static
	both := object.union(static, {"choices": [{"field": "spec", "of": "backend", "set": ["kube", "static"]}]})
	fixes := {f.fix | some f in rule.findings} with input as both
	fixes == {"remove static, which Gloo takes in place of kube: only kube has subsets"}
}

test_a_group_goes if {
	some finding in rule.findings with input as of("DELETE", "UpstreamGroup", [user({"keys": []})])
	finding.message == "RouteTable echo/by-hand uses UpstreamGroup echo/echo (spec.routes[0].routeAction.single)"
	not finding.severity
}

test_an_upstream_whose_service_is_gone if {
	idle := object.union(of("DELETE", "Upstream", [user({})]), {"change": {"idle": true}})
	{f.severity | some f in rule.findings} == {"warn"} with input as idle
}

test_only_copies if {
	rule.findings == {{
		"field": "metadata.name",
		"message": concat(" ", [
			"RouteTable echo/by-hand sends copies of requests to Upstream echo/echo",
			"(spec.routes[0].routeAction.single)",
		]),
		"fix": "take the mirror out there, if the copies are no longer wanted",
		"severity": "warn",
		"evidence": true,
	}} with input as of("DELETE", "Upstream", [user({"mirror": true})])
	some kept in rule.findings with input as of("DELETE", "Upstream", [user({"mirror": true, "app": "echo"})])
	startswith(kept.fix, "take upstream out of aviary.dev/use of app echo's Deployments first")
	some idle in rule.findings with input as object.union(
		of("DELETE", "Upstream", [user({"mirror": true})]),
		{"change": {"idle": true}},
	)
	idle.severity == "warn"
}

test_each_user_is_named if {
	other := {"object": "VirtualService echo/public"}
	count(rule.findings) == 2 with input as of("DELETE", "Upstream", [user({}), user(other)])
}

of_fox := user({"object": "RouteTable fox/by-hand", "namespace": "fox", "reached": true})

test_another_namespace_holds_nothing if {
	not_ours := "; that RouteTable is namespace fox's, so it holds nothing of namespace echo"
	every users in [[of_fox], [object.union(of_fox, {"app": "fox"})], [object.union(of_fox, {"mirror": true})]] {
		some found in rule.findings with input as of("DELETE", "Upstream", users)
			with data.params["foreign-upstream"] as {"allowed": ["gloo-system"]}
		found.severity == "warn"
		endswith(found.message, not_ours)
		found.fix == "go on, or have namespace fox route elsewhere there first"
	}
	some keys in rule.findings with input as of("UPDATE", "Upstream", [of_fox])
		with data.params["foreign-upstream"] as {"allowed": ["gloo-system"]}
	keys.severity == "warn"
	endswith(keys.message, not_ours)
}

test_one_that_is_open_to_all_holds_by_what_is_led_to if {
	every operation in ["DELETE", "UPDATE"] {
		some found in rule.findings with input as of(operation, "Upstream", [of_fox])
			with data.params["foreign-upstream"] as {"allowed": ["fox"]}
		not found.severity
		some unled in rule.findings with input as of(operation, "Upstream", [object.union(of_fox, {"reached": false})])
			with data.params["foreign-upstream"] as {"allowed": ["fox"]}
		unled.severity == "warn"
		endswith(unled.message, "; nothing leads to that RouteTable, so it holds nothing of namespace echo")
	}
}

test_nobody_uses_it if {
	count(rule.findings) == 0 with input as of("DELETE", "Upstream", [])
	count(rule.findings) == 0 with input as of("UPDATE", "Upstream", [])
}

test_a_new_upstream_takes_nothing_away if {
	count(rule.findings) == 0 with input as of("CREATE", "Upstream", [user({})])
}

test_facts_that_are_missing if {
	count(rule.findings) == 0 with input as {"operation": "DELETE", "kind": "Service"}
	count(rule.findings) == 0 with input as {"operation": "AUDIT", "kind": "Upstream"}
	count(rule.findings) == 0 with input as {}
}
