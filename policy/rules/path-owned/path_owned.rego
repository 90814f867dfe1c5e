# METADATA
# title: Path is not served by another team's table
# description: |
#   The tables of all teams under one domain come into one list. A path that two of them have goes to whichever stands
#   first, which nobody decides. A table may not have the path of another namespace's table, nor take its requests
#   with a regular expression, by a weight that puts it first, or by a route's other matchers that do. A path beneath
#   the other's takes a part of that team's requests away, which is a warning, and so is a path that two tables of one
#   namespace have. Nor may a parent hand requests on to a table so that it takes them from one of another namespace.
# custom:
#   subjects: [routes, deployment]
#   mode: deny
#   kept: true
package policy.rules["path-owned"]

# Facts are made in policy/judge: change.handed in handed_on.go; conflicts in path_conflicts.go (a table's),
# path_unreached.go (a root's) and planned_conflicts.go (a Deployment's); their relation in path_relation.go.

findings contains finding if {
	some c in input.conflicts
	c.compatible
	about := {"field": c.field, "annotation": "aviary.dev/paths", "evidence": true}
	finding := object.union(about, unless_invited(c, led(c, text(brief(c)))))
}

# A parent gives a table the path. Where nobody was served there before, who leads to both may be about to say which.
findings contains finding if {
	some h in input.change.handed
	h.conflict.compatible
	told := text(brief(h.conflict))
	about := {
		"field": "metadata.name",
		"evidence": true,
		"message": sprintf("%s gets requests by this: %s", [h.to, told.message]),
		"fix": sprintf("first give %s a path of its own, or agree with namespace %s", [h.to, h.conflict.owner]),
	}
	finding := object.union(object.union(told, about), unless_served(h))
}

unless_served(h) := {} if h.served

unless_served(h) := {"severity": "warn"} if not h.served

unless_invited(c, told) := told if c.invited

# Another namespace's root leads to whatever has its labels: so anybody could hold up everybody's paths.
unless_invited(c, told) := object.union(told, {"severity": "warn", "message": message}) if {
	not c.invited
	message := sprintf("%s; %s is another namespace's, so it holds nothing of %s", [
		told.message, c.under, input.namespace,
	])
}

led(c, told) := told if c.lead == ""

# The version leads by this request, or may lead without any.
led(c, told) := object.union(told, {"message": message, "fix": fix}) if {
	c.lead != ""
	message := sprintf("once version %s leads the app: %s", [c.lead, told.message])
	fix := sprintf("%s%s", [elsewhere(c), told.fix])
}

elsewhere(c) := "" if c.field != "metadata.name"

elsewhere(c) := sprintf("in aviary.dev/paths of version %s, ", [c.lead]) if c.field == "metadata.name"

# A regular expression may have a kilobyte.
brief(c) := object.union(c, {"path": clipped(c.path), "theirs": clipped(c.theirs)})

clipped(path) := sprintf("%s…", [substring(path, 0, 100)]) if {
	count(path) > 100
} else := path

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
		"path %s %s beneath %s, which is %s's, under %s, and takes its requests",
		[c.path, lies(c.path), c.theirs, c.table, c.under],
	)
	fix := sprintf("agree with namespace %s, or take a path that is not beneath %s", [c.owner, c.theirs])
}

text(c) := {"message": message, "fix": fix} if {
	c.relation == "takes"
	message := sprintf(
		"path %s takes requests of %s, which is %s's, under %s, must leave them to it",
		[c.path, c.theirs, c.table, c.under],
	)
	fix := sprintf(
		"take a path that does not fit %s, with no weight of the table below the other's, or agree with namespace %s",
		[c.theirs, c.owner],
	)
}

text(c) := {"message": message, "fix": fix} if {
	c.relation == "lifted"
	message := sprintf(
		"path %s takes requests of %s, which is %s's, under %s, as its route's other matchers put it first, must not",
		[c.path, c.theirs, c.table, c.under],
	)
	fix := sprintf("give this matcher a route of its own, which Gloo tries after %s", [c.theirs])
}

text(c) := {"message": message, "fix": fix, "severity": "warn"} if {
	c.relation == "within"
	message := sprintf(
		"path %s fits %s, which is %s's, under %s, and takes its requests",
		[c.path, c.theirs, c.table, c.under],
	)
	fix := sprintf("agree with namespace %s, or take a path that does not fit %s", [c.owner, c.theirs])
}

text(c) := {"message": message, "fix": fix, "severity": "warn"} if {
	c.relation == "undecided"
	message := sprintf(
		"whether path %s takes requests of %s, which is %s's, under %s, can't be told of two regular expressions",
		[c.path, c.theirs, c.table, c.under],
	)
	fix := sprintf(
		"begin each with a segment of its own in plain text and a slash, such as /echo/.*, or agree with namespace %s",
		[c.owner],
	)
}

text(c) := {"message": message, "fix": fix, "severity": "warn"} if {
	c.relation == "answers"
	message := sprintf("path %s is %s's too, under %s: this route answers, and that one gets nothing", [
		c.path, c.table, c.under,
	])
	fix := "have one route of the path"
}

text(c) := {"message": message, "fix": fix, "severity": "warn"} if {
	c.relation == "silent"
	message := sprintf("path %s is %s's too, under %s: that route answers, and this one gets nothing", [
		c.path, c.table, c.under,
	])
	fix := "have one route of the path"
}

text(c) := {"message": message, "fix": fix, "severity": "warn"} if {
	c.relation == "unreached"
	message := sprintf(
		"no request reaches path %s: %s of %s takes them all and is tried first, under %s",
		[c.path, c.theirs, c.table, c.under],
	)
	fix := sprintf("move this route, or what leads to it, before that one%s", [unless_own(c.owner)])
}

unless_own(owner) := "" if owner == input.namespace

unless_own(owner) := sprintf(", or agree with namespace %s", [owner]) if owner != input.namespace

lies(path) := "fits paths" if startswith(path, "~")

lies(path) := "lies" if not startswith(path, "~")

# A regular expression or an exact path is given as the prefix that it may stand for.
plain(path) := path if startswith(path, "/")

plain(path) := trim_prefix(path, "=") if startswith(path, "=")

plain(path) := "" if startswith(path, "~")
