# METADATA
# title: RouteTable does not outrank other teams' tables
# description: |
#   Gloo sorts the routes of several tables by the number of their methods first, so a route with methods comes before
#   another team's without, even where its path is shorter; and it puts tables with a lower spec.weight before all
#   others.
# custom:
#   subjects: [routes]
#   mode: deny
#   kept: true
package policy.rules["table-priority"]

# Facts are made in policy/judge: conflicts in path_conflicts.go (a table's), path_unreached.go (a root's) and
# planned_conflicts.go (a Deployment's); order in table.go.

findings contains finding if {
	input.order != 0
	finding := {
		"field": "spec.weight",
		"message": sprintf("weight %d orders this table among all others of its parent, must be 0", [input.order]),
		"fix": "remove it; a share of the traffic is set by the weights of a route's destinations",
		"severity": "warn",
	}
}

findings contains finding if {
	some c in input.conflicts
	c.methods[0]
	outranks(c)
	finding := object.union(severity(c), {
		"field": sprintf("%s.methods", [c.field]),
		"message": message(c),
		"fix": sprintf("remove methods, or take a path that is not %s's", [name(c.table)]),
		"evidence": true,
	})
}

# Another namespace's root leads to whatever has its labels: so it holds nobody.
severity(c) := {} if c.invited

severity(c) := {"severity": "warn"} if not c.invited

# Requests of another namespace's go to it on account of the methods.
outranks(c) if c.relation in {"same", "above"}

outranks(c) if {
	c.relation == "takes"
	c.ahead
}

# The table without its noun and route: namespace/name.
name(table) := regex.find_n(`[^ ]+/[^ ]+`, table, 1)[0]

message(c) := sprintf("%s on %s come before %s of %s, under %s, must have no methods there", [
	concat(", ", c.methods), c.path, c.theirs, c.table, c.under,
]) if {
	c.ahead
}

message(c) := sprintf("%s on %s, which is %s's too, under %s, must have no methods there", [
	concat(", ", c.methods), c.path, c.table, c.under,
]) if {
	not c.ahead
}
