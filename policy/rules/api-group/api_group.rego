# METADATA
# title: API group is one that the Namespace may use
# description: |
#   The API group decides which parent selects the routes, so on whose domain they are served. It must be one of the
#   Namespace's list, where it has one, and a change of it must not take live routes away. Where only parents of other
#   namespaces led to them, that is a warning, unless the parameter allowed of foreign-upstream names one.
# custom:
#   subjects: [routes, deployment]
#   mode: deny
package policy.rules["api-group"]

# Facts are made in policy/judge/api_group.go: apiGroup.

findings contains {"field": group.field, "annotation": key, "message": message, "fix": fix, "evidence": true} if {
	group := input.apiGroup
	value := group.value
	allowed := group.allowed
	not value in allowed
	not input.operation in {"DELETE", "SCALE"}
	message := sprintf("%q may not be used in namespace %s, must be one of: %s", [
		value,
		input.namespace,
		concat(", ", allowed),
	])
	fix := permitted(group, input.namespace)
}

findings contains object.union(finding, severity(group)) if {
	group := input.apiGroup
	group.selectedBefore
	group.selectedAfter == false
	before := object.get(group, "before", "")
	after := object.get(group, "value", "")
	before != after
	finding := {
		"field": group.field,
		"annotation": key,
		"message": concat("", [
			sprintf("%s takes live routes away: nothing selects them any more", [change(before, after)]),
			by(group),
		]),
		"fix": restoration(before),
		"evidence": true,
	}
}

key := "aviary.dev/api-group"

severity(group) := {} if {
	held(group)
} else := {"severity": "warn"}

by(group) := "" if {
	held(group)
} else := sprintf("; only parents of namespace %s did, which hold nothing of namespace %s", [
	concat(", ", group.ledBy),
	input.namespace,
])

# A parent of another namespace holds the label only where that is open to all.
held(group) if not group.ledBy

held(group) if {
	some namespace in group.ledBy
	namespace in array.concat([input.namespace], data.params["foreign-upstream"].allowed)
}

permitted(group, namespace) := choice(group.before, group.value, namespace) if {
	group.before in group.allowed
} else := choice(group.allowed[0], group.value, namespace) if {
	count(group.allowed) > 0
} else := sprintf("have %q added to the list of namespace %s", [group.value, namespace])

choice(usable, value, namespace) := sprintf(
	"set it to %q, or have %q added to the list of namespace %s",
	[usable, value, namespace],
)

change(before, after) := sprintf("the change from %q to %q", [before, after]) if {
	before != ""
	after != ""
}

change(before, "") := sprintf("the removal of %q", [before])

change("", after) := sprintf("the new value %q", [after])

restoration(before) := sprintf("set it back to %q", [before]) if before != ""

restoration("") := "remove it again"
