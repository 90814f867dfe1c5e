package policy.rules["version-deployed_test"]

import data.policy.rules["version-deployed"] as rule

upstream := {
	"kind": "Upstream",
	"noun": "upstream",
	"namespace": "echo",
	"name": "echo",
	"exists": true,
	"pods": true,
	"subsets": true,
}

table(facts) := {"routes": [{"field": "spec.routes[0]", "destinations": [object.union(
	{
		"field": "spec.routes[0].routeAction.single",
		"label": "v9",
		"receives": true,
		"subset": {"version": "v9"},
		"backend": upstream,
	},
	facts,
)]}]}

finding(message, fix) := {
	"field": "spec.routes[0].routeAction.single",
	"annotation": "aviary.dev/role",
	"message": message,
	"fix": fix,
	"evidence": true,
}

warning(message, fix) := object.union(finding(message, fix), {"severity": "warn"})

test_not_deployed if {
	rule.findings == {finding(
		"no workload has version v9 of upstream echo/echo (deployed: v1, v2)",
		"apply the Deployment of v9 first, or route to v1 or v2",
	)} with input as table({"deployed": false, "others": ["v1", "v2"]})
}

test_nothing_deployed_yet if {
	expected := {warning(
		"no workload has version v9 of upstream echo/echo (deployed: none)",
		"apply the Deployment of v9",
	)}
	rule.findings == expected with input as table({"deployed": false, "others": []})
	rule.findings == expected with input as table({"deployed": false})
}

test_first_installation_in_another_order if {
	denial := finding(
		"no workload has version v9 of upstream echo/echo (deployed: v1)",
		"apply the Deployment of v9 first, or route to v1",
	)
	facts := table({"deployed": false, "others": ["v1"], "waiting": true})
	rule.findings == {object.union(denial, {"severity": "warn"})} with input as facts
	rule.findings == {denial} with input as object.union(facts, {"settled": true})
}

test_no_traffic if {
	rule.findings == {warning(
		"no workload has version v9 of upstream echo/echo (deployed: v1)",
		"apply the Deployment of v9 before it gets traffic, or remove the destination",
	)} with input as table({"deployed": false, "others": ["v1"], "receives": false})
}

test_no_traffic_and_nothing_deployed_yet if {
	rule.findings == {warning(
		"no workload has version v9 of upstream echo/echo (deployed: none)",
		"apply the Deployment of v9",
	)} with input as table({"deployed": false, "others": [], "receives": false})
}

test_a_canary_at_0_that_aviary_keeps if {
	facts := object.union(table({"deployed": false, "others": ["v1"], "receives": false}), {"kept": true})
	count(rule.findings) == 0 with input as facts
}

test_what_aviary_keeps if {
	facts := object.union(table({"deployed": false, "others": ["v1"], "weight": 50}), {"kept": true})
	some found in rule.findings with input as facts
	found.annotation == "aviary.dev/weight"
	found.fix == "scale that up, or give what v9 gets to another version"
}

test_unknown if {
	rule.findings == {finding(
		"cannot tell whether version v9 of upstream echo/echo is deployed: list of Deployments timed out",
		"try again",
	)} with input as table({"unknown": "list of Deployments timed out"})
}

test_other_subsets if {
	some named in rule.findings with input as table({"deployed": false, "subset": {"stage": "beta", "version": "v9"}})
	startswith(named.message, "no workload has subset stage=beta, version=v9 of upstream echo/echo")
	facts := {"deployed": false, "subset": {"stage": "beta"}, "label": "stage=beta"}
	some other in rule.findings with input as json.remove(table(facts), ["routes/0/destinations/0/subset/version"])
	startswith(other.message, "no workload has subset stage=beta of upstream echo/echo")
	bare := json.remove(table({"deployed": false, "label": "echo"}), ["routes/0/destinations/0/subset/version"])
	some empty in rule.findings with input as bare
	startswith(empty.message, "no workload has echo of upstream echo/echo")
}

test_without_backend if {
	bare := json.remove(table({"deployed": false, "others": ["v1"]}), ["routes/0/destinations/0/backend"])
	some found in rule.findings with input as bare
	found.message == "no workload has version v9 (deployed: v1)"
}

# A version that has a Service of its own, which a route names.
service(label, facts) := json.remove(
	table(object.union(facts, {"label": label, "backend": {
		"kind": "Service",
		"noun": "Service",
		"namespace": "echo",
		"name": "echo-v2",
	}})),
	["routes/0/destinations/0/subset"],
)

test_a_service_for_one_version if {
	rule.findings == {finding(
		"no workload has version v2 of Service echo/echo-v2 (deployed: v1)",
		"apply the Deployment of v2 first, or route to v1",
	)} with input as service("v2", {"deployed": false, "others": ["v1"]})
	some unknown in rule.findings with input as service("v2", {"unknown": "timed out"})
	unknown.message == "cannot tell whether version v2 of Service echo/echo-v2 is deployed: timed out"
}

test_a_service_without_a_version if {
	some found in rule.findings with input as service("echo-v2", {"deployed": false, "others": []})
	found.message == "no workload is behind Service echo/echo-v2 (deployed: none)"
	some unknown in rule.findings with input as service("echo-v2", {"unknown": "timed out"})
	unknown.message == "cannot tell whether Service echo/echo-v2 is deployed: timed out"
}

test_deployed if {
	count(rule.findings) == 0 with input as table({"deployed": true})
}

test_facts_that_are_missing if {
	count(rule.findings) == 0 with input as table({})
	count(rule.findings) == 0 with input as {"routes": [{"field": "spec.routes[0]"}]}
	count(rule.findings) == 0 with input as {}
}
