package policy.rules["may-expand_test"]

import data.policy.rules["may-expand"] as rule

request := {"operation": "CREATE", "namespace": "echo"}

by(author) := object.union(request, {"author": author})

messages(document) := {f.message | some f in rule.findings with input as document}

test_rights_missing if {
	found := messages(by({"user": "eve", "lacks": ["create upstreams.gloo.solo.io", "create services"]}))
	want := "create upstreams.gloo.solo.io, create services"
	found == {sprintf("eve may not %s in namespace echo, which this change would have Aviary do", [want])}
}

test_rights_to_delete_missing if {
	some found in rule.findings with input as by({"user": "eve", "lacks": ["delete routetables.gateway.solo.io"]})
	contains(found.message, "eve may not delete routetables.gateway.solo.io in namespace echo")
	endswith(found.fix, "; or delete the Deployments, the primary last, with which their siblings go")
	some create in rule.findings with input as by({"user": "eve", "lacks": ["create services"]})
	endswith(create.fix, "aviary.dev/self-service=true)")
}

test_rights_there if messages(by({"user": "ann", "lacks": []})) == set()

test_namespace_answers_for_all if messages(by({"user": "eve", "selfService": "true"})) == set()

test_namespace_forbids if {
	count(messages(by({"user": "ann", "selfService": "false"}))) == 1
}

test_unknown_is_no_yes if {
	found := messages(by({"user": "ann", "lacks": [], "unknown": "timed out"}))
	found == {"cannot tell whether ann may have siblings made: timed out"}
}

test_nobody_asks if messages(request) == set()
