package policy.rules["ports-agree_test"]

import data.policy.rules["ports-agree"] as rule

app(role, serves) := {
	"name": "echo",
	"targetPort": "8080",
	"versions": [
		{"version": "v1", "deployment": "echo-v1", "role": "primary", "serves": true},
		{"version": "v2", "deployment": "echo-v2", "role": role, "serves": serves},
	],
}

messages(document) := {f.message | some f in rule.findings with input as document}

test_canary_on_another_port if {
	found := messages({"operation": "CREATE", "app": app("canary", false)})
	found == {"v2 (Deployment echo-v2) does not serve the target port 8080 of app echo"}
}

test_same_port if messages({"operation": "CREATE", "app": app("canary", true)}) == set()

test_standby_gets_nothing if messages({"operation": "CREATE", "app": app("standby", false)}) == set()

test_deletion if messages({"operation": "DELETE", "app": app("canary", false)}) == set()

test_port_of_a_used_service_is_not_known if {
	messages({"operation": "CREATE", "app": object.remove(app("canary", false), ["targetPort"])}) == set()
}
