# METADATA
# title: RouteTable is selected by a VirtualService or RouteTable
# description: |
#   A table that no VirtualService and no other table selects or references serves nothing, and Gloo reports it as
#   accepted. While no object selects or references tables at all, the rule finds nothing.
# custom:
#   subjects: [routes]
#   mode: warn
package policy.rules["table-selected"]

findings contains {"field": "metadata.labels", "message": message, "fix": fix} if {
	input.delegated == false
	message := sprintf("nothing selects or references this %s, so it serves nothing", [input.noun])
	fix := remedy(input.selectors)
}

remedy(selectors) := fix if {
	count(selectors) == 0
	fix := "have a parent reference it, or select it in its namespace"
}

remedy(selectors) := sprintf("label it so that one does: %s", [concat("; ", array.slice(selectors, 0, 3))]) if {
	count(selectors) > 0
}
