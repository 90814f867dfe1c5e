package policy.rules["version-unique_test"]

import data.policy.rules["version-unique"] as rule

of(operation, duplicates) := {
	"operation": operation,
	"version": {"version": "v1", "deployment": "echo-v1"},
	"app": {"name": "echo", "duplicates": duplicates},
}

test_duplicate if {
	rule.findings == {{
		"field": "metadata.annotations[aviary.dev/version]",
		"message": "v1 is also the version of Deployment echo-v1-b in app echo, must be unique",
		"fix": "choose another version here, or delete Deployment echo-v1-b first",
		"evidence": true,
	}} with input as of("CREATE", ["echo-v1-b"])
}

test_split_is_allowed_by_parameter if {
	count(rule.findings) == 0 with input as of("CREATE", ["echo-v1-b"])
		with data.params["version-unique"] as {"allowSplit": true}
}

test_unique if {
	count(rule.findings) == 0 with input as of("CREATE", [])
}

test_a_removal_is_never_refused if {
	count(rule.findings) == 0 with input as of("DELETE", ["echo-v1-b"])
}

joining(operation) := {
	"operation": operation,
	"kind": "StatefulSet",
	"name": "echo-db",
	"joins": [{"app": "echo", "version": "v1", "deployment": "echo-v1", "key": "version"}],
}

test_joins if {
	rule.findings == {{
		"field": "spec.template.metadata.labels[version]",
		"message": "its Pods get traffic of v1 of app echo, which is Deployment echo-v1, must have a version of their own",
		"fix": concat("", [
			"give them another label version (a selector cannot be changed: apply under a new name), ",
			"or delete StatefulSet echo-db",
		]),
		"evidence": true,
		"severity": "warn",
	}} with input as joining("AUDIT")
	count(rule.findings) == 1 with input as joining("CREATE")
}

test_joins_nobody if {
	count(rule.findings) == 0 with input as object.union(joining("AUDIT"), {"joins": []})
	count(rule.findings) == 0 with input as joining("SCALE")
	count(rule.findings) == 0 with input as joining("AUDIT")
		with data.params["version-unique"] as {"allowSplit": true}
}

joined(operation, others) := {
	"operation": operation,
	"version": {"version": "v1", "deployment": "echo-v1"},
	"labels": {"keys": {"app": "app", "version": "version"}},
	"app": {"name": "echo", "duplicates": [], "joined": others},
}

test_is_joined if {
	rule.findings == {{
		"field": "metadata.annotations[aviary.dev/version]",
		"message": concat("", [
			"the Pods of DaemonSet a, StatefulSet b get traffic of v1 of app echo, too, ",
			"must have a version of their own",
		]),
		"fix": "give them another label version, or delete DaemonSet a, StatefulSet b",
		"evidence": true,
		"severity": "warn",
	}} with input as joined("UPDATE", ["DaemonSet a", "StatefulSet b"])
}

test_is_joined_by_nobody if {
	count(rule.findings) == 0 with input as joined("UPDATE", [])
	count(rule.findings) == 0 with input as joined("DELETE", ["StatefulSet b"])
	count(rule.findings) == 0 with input as joined("UPDATE", ["StatefulSet b"])
		with data.params["version-unique"] as {"allowSplit": true}
}

test_facts_that_are_missing if {
	count(rule.findings) == 0 with input as {"operation": "CREATE", "app": {"name": "echo"}}
	count(rule.findings) == 0 with input as {"operation": "CREATE"}
}
