# METADATA
# title: A RouteTable is led to
# description: |
#   A table that no VirtualService and no other table selects or references serves nothing, and Gloo reports it as
#   accepted. While nothing in the inventory delegates at all, the rule has nothing to say.
# custom:
#   subjects: [routes]
#   mode: warn
package policy.rules["table-selected"]

findings contains {"field": "metadata.labels", "message": message, "fix": fix} if {
	input.delegated == false
	message := "no VirtualService or RouteTable selects or references this table, so it serves nothing"
	fix := remedy(input.selectors)
}

remedy(selectors) := fix if {
	count(selectors) == 0
	fix := "let a VirtualService or RouteTable reference it by delegateAction.ref, or select it in its namespace"
}

remedy(selectors) := sprintf("label it so that one does: %s", [concat("; ", array.slice(selectors, 0, 3))]) if {
	count(selectors) > 0
}
