# METADATA
# title: Labels and selector match the annotations
# description: |
#   Routes find a version by its pods' labels. The pod template, and the selector where it has these keys, must say the
#   same app and version as the annotations. A selector without the version matches the pods of every version, which is
#   a warning.
# custom:
#   subjects: [deployment]
#   mode: deny
package policy.rules["labels-agree"]

# Facts are made in policy/judge/describe.go: labels.

findings contains {"field": field, "message": message, "fix": fix} if {
	not input.labels.agree
	some fact, want in input.labels.want
	got := input.labels.template[fact]
	got != want
	declared
	field := sprintf("spec.template.metadata.labels[%s]", [input.labels.keys[fact]])
	message := sprintf("%q must be %q, the %s that the annotations say", [got, want, fact])
	fix := sprintf("set it to %q, or annotate aviary.dev/%s: %s", [want, fact, got])
}

findings contains {"field": field, "message": message, "fix": fix} if {
	not input.labels.agree
	some fact, want in input.labels.want
	not input.labels.template[fact]
	declared
	field := sprintf("spec.template.metadata.labels[%s]", [input.labels.keys[fact]])
	message := sprintf("is missing, must be %q, the %s that the annotations say", [want, fact])
	fix := sprintf("add the label %s: %s to the pod template", [input.labels.keys[fact], want])
}

findings contains {"field": field, "message": message, "fix": fix} if {
	not input.labels.agree
	some fact, want in input.labels.want
	got := input.labels.selector[fact]
	got != want
	declared
	field := sprintf("spec.selector.matchLabels[%s]", [input.labels.keys[fact]])
	message := sprintf("%q must be %q, the %s that the annotations say", [got, want, fact])
	fix := sprintf("set it to %q (a selector cannot be changed: apply under a new name), or annotate aviary.dev/%s: %s", [
		want,
		fact,
		got,
	])
}

findings contains {"field": "spec.selector.matchLabels", "message": m, "fix": x, "severity": "warn"} if {
	not input.labels.agree
	want := input.labels.want.version
	selector := input.labels.selector
	not selector.version
	declared
	key := input.labels.keys.version
	m := sprintf("lacks %s: it matches the pods of every version", [key])
	x := sprintf("add %s: %s (a selector cannot be changed: apply under a new name)", [key, want])
}

declared if not input.operation in {"DELETE", "SCALE"}
