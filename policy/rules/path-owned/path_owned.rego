# METADATA
# title: Path is not served by another team's table
# description: |
#   The tables of all teams under one domain come into one list. A path that two of them have goes to whichever stands
#   first, which nobody decides. A table may not have the path of another namespace's table. A path beneath the other's
#   takes a part of that team's requests away, which is a warning.
# custom:
#   subjects: [routes, deployment]
#   mode: deny
package policy.rules["path-owned"]

findings contains finding if {
	some c in input.conflicts
	c.compatible
	finding := object.union({"field": c.field, "evidence": true}, text(c))
}

text(c) := {"message": message, "fix": fix} if {
	c.relation == "same"
	message := sprintf(
		"path %s is %s's too, under %s, must be one that no other namespace has",
		[c.path, c.table, c.under],
	)
	fix := sprintf(
		"take another path, such as /%s%s, or agree with namespace %s",
		[input.namespace, plain(c.path), c.owner],
	)
}

text(c) := {"message": message, "fix": fix, "severity": "warn"} if {
	c.relation == "beneath"
	message := sprintf(
		"path %s lies beneath %s, which is %s's, under %s, and takes its requests",
		[c.path, c.theirs, c.table, c.under],
	)
	fix := sprintf("agree with namespace %s, or take a path that is not beneath %s", [c.owner, c.theirs])
}

# A regular expression or an exact path is given as the prefix that it may stand for.
plain(path) := path if startswith(path, "/")

plain(path) := trim_prefix(path, "=") if startswith(path, "=")

plain(path) := "" if startswith(path, "~")
