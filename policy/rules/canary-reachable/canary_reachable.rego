# METADATA
# title: Route is not shadowed, and a header route has a fallback
# description: |
#   Envoy takes the first route that fits. A route after one that takes all of its requests gets none, so a header
#   route stands before the route without headers (its fallback). The fallback has the same path and the same methods,
#   or sorting may separate the two. A table that has the fallback of another one keeps it. A matcher without a path
#   makes Gloo drop the route. What a parent of the table may explain is a warning while nothing selects or references
#   the table.
# custom:
#   subjects: [routes]
#   mode: deny
package policy.rules["canary-reachable"]

# Facts are made in policy/judge: change.alone in left_alone.go; obstacles in obstacle.go, view.go.

findings contains object.union(found, severity(o)) if {
	some o in input.obstacles
	found := {"field": o.field, "annotation": "aviary.dev/paths", "message": message(o), "fix": way_out(o)}
}

way_out(o) := "state other paths, or other headers, for which that is not so" if {
	input.kept
} else := fix(o)

# What a request leaves of others' header routes. Of another namespace anybody could write one to hold this table.
findings contains object.union(
	{"field": "metadata.name", "message": alone_message(a), "fix": alone_fix(a), "evidence": true},
	alone_severity(a),
) if {
	some a in input.change.alone
}

alone_message(a) := sprintf(
	"only requests of %s would be routed (%s), by %s (%s): this table has the route for those without its headers, %s",
	[a.when, a.label, a.table, a.field, "must keep it"],
)

alone_fix(a) := sprintf(
	"first give %s a route for %s, or take its header route away; or say aviary.dev/retire: \"true\" here",
	[a.table, a.rest],
)

alone_severity(a) := {} if {
	a.own
	not a.kind in warned
}

alone_severity(a) := {"severity": "warn"} if not a.own

alone_severity(a) := {"severity": "warn"} if a.kind in warned

# A parent that is still to come may hand down the path, or hand on only requests with the header.
severity(o) := {"severity": "warn"} if o.open

severity(o) := {"severity": "warn"} if o.kind in warned

severity(o) := {} if {
	not o.open
	not o.kind in warned
}

# It may be that all clients send the header, that what sorting does is meant, and that no request is left.
warned := {"absent", "hanging", "overtaken", "unsure"}

message(o) := sprintf(
	"no request reaches it (%s): a route before it (%s) takes %s, must come later",
	[o.label, o.byLabel, o.when],
) if {
	o.kind == "shadowed"
}

message(o) := sprintf(
	"no request reaches it (%s): %s makes Gloo sort by the most specific matcher, and %s (%s) comes first",
	[o.label, o.beside, o.by, o.byLabel],
) if {
	o.kind == "outsorted"
}

message(o) := sprintf(
	"it is not certain that all requests without its headers are routed (%s): %s (%s) may not fit all of its paths",
	[o.label, o.by, o.when],
) if {
	o.kind == "unsure"
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

message(o) := sprintf(
	"%s and the route for every other value leave out requests without the header, must have a third",
	[o.when],
) if {
	o.kind == "absent"
}

message(o) := sprintf(
	"requests reach it (%s) only because %s makes Gloo sort: as written, a route before it (%s) takes %s",
	[o.label, o.beside, o.byLabel, o.when],
) if {
	o.kind == "hanging"
}

message(o) := sprintf(
	"%s beside it makes Gloo sort, which puts %s (%s) before it (%s) and takes its requests of %s away",
	[o.beside, o.by, o.byLabel, o.label, o.when],
) if {
	o.kind == "overtaken"
}

message(o) := sprintf(
	"the matcher (%s) has no path: Gloo reads it as / and forgets what else it asks for",
	[o.when],
) if {
	o.kind == "forgetful"
}

message(o) := sprintf(
	"Gloo serves it at %s, and not at %s: inheritablePathMatchers puts the parent's path in place of its own",
	[o.rest, o.when],
) if {
	o.kind == "overwritten"
}

fix(o) := "remove the path, or set inheritablePathMatchers: false" if o.kind == "overwritten"

fix(o) := sprintf("give the longer path first: move it before %s (%s)", [o.by, o.byLabel]) if o.kind == "hanging"

fix(o) := sprintf("add a route for %s with the same headers", [o.when]) if o.kind == "overtaken"

fix(o) := sprintf(
	"let %s have one matcher, with this route's path and methods; give others routes of their own",
	[o.by],
) if {
	o.kind == "outsorted"
}

fix(o) := "add a route with the same path and no headers after it, to the primary" if o.kind == "unsure"

fix(o) := "add prefix: / beside it" if o.kind == "forgetful"

fix(o) := sprintf("move it before %s (%s), or make their matchers differ", [o.by, o.byLabel]) if o.kind == "shadowed"

fix(o) := "add prefix: with the path of the route that takes the rest" if o.kind == "pathless"

fix(o) := sprintf("add a route for %s after it, with no headers, to the primary", [o.rest]) if {
	o.kind in {"lone", "absent"}
}
