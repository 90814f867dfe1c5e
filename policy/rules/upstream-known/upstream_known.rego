# METADATA
# title: Upstream or Service of a route exists
# description: |
#   Gloo only warns of a route whose Upstream is not there, and answers 500. It is a warning here too, because Helm and
#   `kubectl apply -f` of a folder may send the route before what it leads to.
# custom:
#   subjects: [routes]
#   mode: warn
package policy.rules["upstream-known"]

findings contains {"field": d.field, "message": message, "fix": fix, "evidence": true} if {
	input.routes[i].destinations[j].backend.exists == false
	d := input.routes[i].destinations[j]
	b := d.backend
	message := sprintf("%s %s/%s does not exist", [b.noun, b.namespace, b.name])
	fix := sprintf("apply %s %s in namespace %s, or correct the name or the namespace", [b.kind, b.name, b.namespace])
}
