package policy.rules["labels-agree_test"]

import data.policy.rules["labels-agree"] as rule

keys := {"app": "app.kubernetes.io/name", "version": "version"}

names := {"app": "echo", "version": "v1"}

of(template, selector) := {
	"operation": "CREATE",
	"labels": {"keys": keys, "want": names, "template": template, "selector": selector},
}

test_template_differs if {
	rule.findings == {{
		"field": "spec.template.metadata.labels[version]",
		"message": `"v2" must be "v1", the version that the annotations say`,
		"fix": `set it to "v1", or annotate aviary.dev/version: v2`,
	}} with input as of({"app": "echo", "version": "v2"}, names)
}

test_template_lacks_a_label if {
	rule.findings == {{
		"field": "spec.template.metadata.labels[app.kubernetes.io/name]",
		"message": `is missing, must be "echo", the app that the annotations say`,
		"fix": "add the label app.kubernetes.io/name: echo to the pod template",
	}} with input as of({"version": "v1"}, names)
}

test_selector_differs if {
	rule.findings == {{
		"field": "spec.selector.matchLabels[app.kubernetes.io/name]",
		"message": `"foxtrot" must be "echo", the app that the annotations say`,
		"fix": `set it to "echo" (a selector cannot be changed: apply under a new name), or annotate aviary.dev/app: foxtrot`,
	}} with input as of(names, {"app": "foxtrot", "version": "v1"})
}

test_selector_without_version_is_a_warning if {
	rule.findings == {{
		"field": "spec.selector.matchLabels",
		"message": "lacks version: it matches the pods of every version",
		"fix": "add version: v1 (a selector cannot be changed: apply under a new name)",
		"severity": "warn",
	}} with input as of(names, {"app": "echo"})
}

test_all_agree if {
	count(rule.findings) == 0 with input as of(names, names)
}

test_selector_of_other_labels_is_warned_of_only if {
	findings := rule.findings with input as of(names, {})
	{f.severity | some f in findings} == {"warn"}
	count(findings) == 1
}

test_a_removal_declares_nothing if {
	wrong := of({"app": "foxtrot"}, {})
	count(rule.findings) == 0 with input as object.union(wrong, {"operation": "DELETE"})
	other := of(names, {"app": "foxtrot", "version": "v1"})
	count(rule.findings) == 0 with input as object.union(other, {"operation": "SCALE"})
}

test_facts_that_are_missing if {
	count(rule.findings) == 0 with input as {"operation": "CREATE"}
	without_selector := json.remove(of(names, names), ["labels/selector"])
	count(rule.findings) == 0 with input as without_selector
	without_version := json.remove(of(names, names), ["labels/want/version"])
	count(rule.findings) == 0 with input as without_version
}
