package policy.rules["foreign-upstream_test"]

import data.policy.rules["foreign-upstream"] as rule

of(facts) := {"namespace": "fox", "crossNamespace": [object.union(
	{
		"field": "spec.routes[0].routeAction.single",
		"kind": "Upstream",
		"noun": "upstream",
		"namespace": "echo",
		"name": "echo",
		"into": "echo",
	},
	facts,
)]}

finding(message) := {
	"field": "spec.routes[0].routeAction.single",
	"message": message,
	"fix": "route to an upstream in namespace fox that takes a Service of its own",
}

test_in_another_namespace if {
	some f in rule.findings with input as of({})
	f == finding("upstream echo/echo is in another namespace, must be in fox or gloo-system")
}

test_pointing_into_another_namespace if {
	some f in rule.findings with input as of({"namespace": "fox"})
	f == finding("upstream fox/echo takes its endpoints from namespace echo, must be in fox or gloo-system")
	count(rule.findings) == 1 with input as of({"namespace": "gloo-system"})
}

test_a_service_in_another_namespace if {
	some f in rule.findings with input as of({"kind": "Service", "noun": "Service"})
	f.message == "Service echo/echo is in another namespace, must be in fox or gloo-system"
	f.fix == "route to a Service in namespace fox"
}

test_missing_or_of_another_type if {
	count(rule.findings) == 1 with input as {"namespace": "fox", "crossNamespace": [json.remove(
		of({}).crossNamespace[0],
		["into"],
	)]}
	count(rule.findings) == 0 with input as {"namespace": "fox", "crossNamespace": [json.remove(
		of({"namespace": "gloo-system"}).crossNamespace[0],
		["into"],
	)]}
}

test_allowed if {
	count(rule.findings) == 0 with input as of({"namespace": "gloo-system", "into": "gloo-system"})
	count(rule.findings) == 0 with input as of({"namespace": "gloo-system", "into": "fox"})
}

test_of_the_platform if {
	count(rule.findings) == 0 with input as object.union(of({}), {"namespace": "gloo-system"})
}

test_parameter if {
	count(rule.findings) == 0 with input as of({}) with data.params["foreign-upstream"] as {"allowed": ["echo"]}
	count(rule.findings) == 0 with input as object.union(of({}), {"namespace": "edge"})
		with data.params["foreign-upstream"] as {"allowed": ["edge"]}
}

test_all_at_home if {
	count(rule.findings) == 0 with input as {"namespace": "fox"}
}
