# METADATA
# title: A parent takes each route
# description: |
#   A parent hands on only requests that fit its own matcher, and Gloo drops every route below whose matchers don't
#   repeat it: the path must begin with the parent's, and its headers, query parameters, methods and caseSensitive must
#   be there again. A route that every parent drops gets no requests. Told at the table, and at the Deployment whose
#   table would be so.
# custom:
#   subjects: [routes, deployment]
#   mode: deny
package policy.rules["parent-accepts"]

# Facts are made in policy/judge: routes in table.go, resolve.go; unaccepted in unaccepted.go.

findings contains object.union(found, {"message": message(d), "fix": fix(d)}) if {
	some d in input.unaccepted
	found := {"field": d.field, "annotation": "aviary.dev/paths", "evidence": true}
}

message(d) := sprintf("no request comes to %s: %s takes only %s, so Gloo drops the route", [d.when, d.by, d.wants])

fix(d) := sprintf("%s, or have the parent take it", [d.fix]) if by_hand

by_hand if {
	input.routes
	not input.kept
}

# Of an app only the paths can be chosen.
fix(d) := sprintf("%s in aviary.dev/paths, or have the parent take %s", [d.fix, d.when]) if {
	not by_hand
	d.for == "prefix"
}

fix(d) := sprintf("have the parent take %s", [d.when]) if {
	not by_hand
	d.for != "prefix"
}
