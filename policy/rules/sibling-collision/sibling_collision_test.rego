package policy.rules["sibling-collision_test"]

import data.policy.rules["sibling-collision"] as rule

of(operation, sibling) := {
	"operation": operation,
	"siblings": [object.union({"kind": "Service", "namespace": "echo", "name": "echo", "use": "service"}, sibling)],
}

existing := {"exists": true, "managed": false}

finding(what, fix) := {
	"field": "metadata.annotations[aviary.dev/app]",
	"message": sprintf("%s exists and is not Aviary's, must not be overwritten", [what]),
	"fix": fix,
	"evidence": true,
}

test_existing_service if {
	rule.findings == {finding(
		"Service echo/echo",
		"use it as it is (aviary.dev/use: service), delete it, or choose another app name",
	)} with input as of("CREATE", existing)
}

test_a_route_table_is_never_adopted if {
	sibling := object.union(existing, {"kind": "RouteTable", "name": "echo-routes"})
	table := json.remove(of("CREATE", sibling), ["siblings/0/use"])
	rule.findings == {finding(
		"RouteTable echo/echo-routes",
		"delete it to hand its routes over (kubectl delete routetable echo-routes -n echo), or choose another app name",
	)} with input as table
}

test_a_shadows_upstream_is_never_adopted if {
	sibling := object.union(existing, {"kind": "Upstream", "name": "echo-shadow-v2", "shadow": "v2"})
	rule.findings == {finding("Upstream echo/echo-shadow-v2", concat("", [
		"delete it (kubectl delete upstream echo-shadow-v2 -n echo), ",
		"or take another name for version v2 or for the app",
	]))} with input as json.remove(of("CREATE", sibling), ["siblings/0/use"])
}

test_a_used_service_that_fits if {
	count(rule.findings) == 0 with input as of("CREATE", {"exists": true, "used": true, "unfit": []})
}

test_a_used_service_that_does_not_fit if {
	used := {"exists": true, "used": true, "unfit": ["it has no port 80"]}
	some found in rule.findings with input as of("CREATE", used)
	found.message == "Service echo/echo cannot be used: it has no port 80"
	not found.severity
}

test_a_used_service_that_is_missing_is_a_warning if {
	some found in rule.findings with input as of("CREATE", {"exists": false, "used": true, "unfit": []})
	found.severity == "warn"
}

test_what_is_not_managed_is_somebody_elses if {
	count(rule.findings) == 1 with input as of("CREATE", {"exists": true})
}

test_managed_or_not_there if {
	count(rule.findings) == 0 with input as of("CREATE", {"exists": true, "managed": true})
	count(rule.findings) == 0 with input as of("CREATE", {"exists": false, "managed": false})
}

test_a_removal_is_never_refused if {
	count(rule.findings) == 0 with input as of("DELETE", existing)
	used := {"used": true, "unfit": ["it has no port 80"]}
	count(rule.findings) == 0 with input as of("SCALE", object.union(used, {"exists": true}))
	count(rule.findings) == 0 with input as of("DELETE", {"exists": false, "used": true, "unfit": []})
}

test_facts_that_are_missing if {
	count(rule.findings) == 0 with input as of("CREATE", {})
	count(rule.findings) == 0 with input as {"operation": "CREATE"}
}
