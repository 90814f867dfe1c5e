# METADATA
# title: Route has exactly one action
# description: |
#   Gloo's CRDs let a route have no action or two, a matcher two paths and a destination two kinds. Of two, Gloo takes
#   the one that its API lists later and says nothing; a route without an action is an error once it is reached. The
#   same goes for an Upstream of two types.
# custom:
#   subjects: [routes, backend]
#   dialects: [gloo]
#   mode: deny
#   kept: true
package policy.rules["one-action"]

# Facts are made in policy/judge/backend.go, table.go: choices.

findings contains {"field": c.field, "message": message, "fix": fix} if {
	some c in input.choices
	message := sprintf("the %s %s, must have one", [bearer[c.of], state(c)])
	fix := remedy(c)
}

bearer := {"action": "route", "path": "matcher", "destination": "destination", "backend": "Upstream"}

thing := {"action": "action", "path": "path", "destination": "kind", "backend": "type"}

state(c) := sprintf("has no %s", [thing[c.of]]) if count(c.set) == 0

state(c) := sprintf("has %d %ss (%s)", [count(c.set), thing[c.of], concat(", ", c.set)]) if count(c.set) > 0

remedy(c) := add[c.of] if count(c.set) == 0

remedy(c) := sprintf("keep %s and remove %s, or the other way round%s", [c.set[0], concat(", ", rest), taken(c)]) if {
	count(c.set) > 0
	rest := array.slice(c.set, 1, count(c.set))
}

taken(c) := sprintf(": Gloo takes %s", [c.set[count(c.set) - 1]]) if {
	c.of == "backend"
} else := ""

add := {
	"action": "add a routeAction, or a redirectAction, directResponseAction or delegateAction",
	"path": "add a prefix",
	"destination": "name an upstream",
}
