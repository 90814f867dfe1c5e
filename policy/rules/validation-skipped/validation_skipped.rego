# METADATA
# title: Gloo's own validation is not skipped
# description: |
#   The annotation gateway.solo.io/skip_validation lets an object past Gloo's own webhook, with mistakes that then hold
#   up every change under the same domain.
# custom:
#   subjects: [routes]
#   dialects: [gloo]
#   mode: warn
#   kept: true
package policy.rules["validation-skipped"]

# Facts are made in policy/judge/table.go: validationSkipped.

findings contains finding if {
	input.validationSkipped == true
	finding := {
		"field": "metadata.annotations[gateway.solo.io/skip_validation]",
		"message": `"true" turns Gloo's own validation of this object off, must be absent`,
		"fix": "remove the annotation",
	}
}
