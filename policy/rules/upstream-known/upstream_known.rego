# METADATA
# title: A route's upstreams exist
# description: |
#   Gloo only warns of an upstream that is not there, and answers 500. It is a warning here too, because Helm and
#   `kubectl apply -f` of a folder may send the route before its upstream.
# custom:
#   subjects: [routes]
#   mode: warn
package policy.rules["upstream-known"]

findings contains {"field": d.field, "message": message, "fix": fix, "evidence": true} if {
	input.routes[i].destinations[j].upstream.exists == false
	d := input.routes[i].destinations[j]
	up := d.upstream
	message := sprintf("upstream %s/%s does not exist", [up.namespace, up.name])
	fix := sprintf("apply Upstream %s in namespace %s, or correct the name or the namespace", [up.name, up.namespace])
}
