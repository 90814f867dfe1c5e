# METADATA
# title: A path belongs to one team
# description: |
#   Gloo puts the tables of all teams under one domain into one list. A path that two of them have goes to whichever
#   stands first, which nobody decides. A table may not have the path of another namespace's table; one beneath it takes
#   a part of that team's requests away, of which it warns.
# custom:
#   subjects: [routes, deployment]
#   mode: deny
package policy.rules["path-owned"]

findings contains finding if {
	some c in input.claims
	c.compatible
	finding := object.union({"field": c.field, "evidence": true}, told(c))
}

told(c) := {"message": message, "fix": fix} if {
	c.relation == "same"
	message := sprintf(
		"path %s is RouteTable %s's too, under %s, must be one that no other namespace has",
		[c.path, c.table, c.under],
	)
	fix := sprintf(
		"take another path, such as /%s%s, or agree with namespace %s",
		[input.namespace, plain(c.path), owner(c)],
	)
}

told(c) := {"message": message, "fix": fix, "severity": "warn"} if {
	c.relation == "beneath"
	message := sprintf(
		"path %s lies beneath %s, which is RouteTable %s's, under %s, and takes its requests",
		[c.path, c.theirs, c.table, c.under],
	)
	fix := sprintf("agree with namespace %s, or take a path that is not beneath %s", [owner(c), c.theirs])
}

owner(c) := split(c.table, "/")[0]

# A regular expression or an exact path is given as the prefix that it may stand for.
plain(path) := path if startswith(path, "/")

plain(path) := trim_prefix(path, "=") if startswith(path, "=")

plain(path) := "" if startswith(path, "~")
