# METADATA
# title: RouteTable is selected by a VirtualService or RouteTable
# description: |
#   A table that no VirtualService and no other table selects or references serves nothing, and Gloo reports it as
#   accepted. While no object selects or references tables at all, the rule finds nothing of that. It also tells whoever
#   references a table that is not there, and the Deployment of which Aviary would write a table that nothing selects.
# custom:
#   subjects: [routes, deployment]
#   mode: warn
package policy.rules["table-selected"]

# Facts are made in policy/judge: absent in named.go; apiGroup in api_group.go; app, version in describe.go;
# delegated, selectors in table.go.

findings contains object.union(found, {"message": message, "fix": fix}) if {
	input.delegated == false
	not input.version
	found := {"field": "metadata.labels", "annotation": "aviary.dev/api-group"}
	message := sprintf("nothing selects or references this %s, so it serves nothing", [input.noun])
	fix := remedy(selecting, input.selectors)
}

selecting := "set the group that one selects" if {
	input.kept
} else := "label it so that one does"

findings contains {"field": input.apiGroup.field, "message": message, "fix": fix, "evidence": true} if {
	input.delegated == false
	input.version
	message := sprintf("nothing selects or references the table that Aviary writes for %s%s, so it will serve nothing", [
		input.app.name,
		grouped(input.apiGroup),
	])
	fix := remedy("set the group that one selects", input.selectors)
}

findings contains {"field": a.field, "message": message, "fix": fix, "evidence": true} if {
	some a in input.absent
	message := sprintf("hands requests on to %s, which does not exist, so the route serves nothing", [named(a)])
	fix := sprintf("apply it, or correct the name or the namespace of the %s", [a.noun])
}

named(a) := sprintf("%s %s/%s", [a.noun, a.namespace, a.name]) if {
	a.namespace != ""
} else := sprintf("%s %s of no namespace", [a.noun, a.name])

grouped(group) := sprintf(" in group %s", [group.value]) if {
	group.value
} else := ""

remedy(_, selectors) := "have a parent reference it, or select it in its namespace" if count(selectors) == 0

remedy(how, selectors) := sprintf("%s: %s", [how, concat("; ", array.slice(selectors, 0, 3))]) if count(selectors) > 0
