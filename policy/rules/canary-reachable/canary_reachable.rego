# METADATA
# title: Route is not shadowed, and a header route has a fallback
# description: |
#   Envoy takes the first route that fits. A route after one that takes all of its requests gets none, so a header
#   route stands before the route without headers (its fallback). The fallback has the same path and the same methods,
#   or sorting may separate the two. A matcher without a path makes Gloo drop the route. What a parent of the table may
#   explain is a warning while nothing selects or references the table.
# custom:
#   subjects: [routes]
#   mode: deny
package policy.rules["canary-reachable"]

findings contains object.union({"field": o.field, "message": message(o), "fix": fix(o)}, severity(o)) if {
	some o in input.obstacles
}

# A parent that is still to come may hand down the path, or hand on only requests with the header.
severity(o) := {"severity": "warn"} if o.open

severity(o) := {} if not o.open

message(o) := sprintf(
	"no request reaches it (%s): a route before it (%s) takes %s, must come later",
	[o.label, o.byLabel, o.when],
) if {
	o.kind == "shadowed"
}

message(o) := sprintf("the matcher (%s) has no path, must have one, or Gloo drops the route", [o.when]) if {
	o.kind == "pathless"
}

message(o) := sprintf(
	"only requests of %s are routed, must have a route beside it for those without its headers",
	[o.when],
) if {
	o.kind == "lone"
}

fix(o) := sprintf("move it before %s (%s), or make their matchers differ", [o.by, o.byLabel]) if o.kind == "shadowed"

fix(o) := "add prefix: with the path of the route that takes the rest" if o.kind == "pathless"

fix(o) := sprintf("add a route for %s after it, with no headers, to the primary", [o.rest]) if o.kind == "lone"
