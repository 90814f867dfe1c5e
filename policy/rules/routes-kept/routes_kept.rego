# METADATA
# title: A parent goes on leading to live tables
# description: |
#   A VirtualService, or a table that delegates, may not let go of a table while a route of it sends traffic to a
#   version that has an available replica and no other parent leads requests to that route: its traffic would end with
#   the request, without any change of the table itself. A VirtualService may not give up all domains for which requests
#   came, either; that it gives up some of them is a warning. Nor may a Namespace's list of API groups, or Aviary's
#   configuration, give a table a label by which nobody leads to it.
# custom:
#   subjects: [routes]
#   mode: deny
package policy.rules["routes-kept"]

# Facts are made in policy/judge/cut_off.go: change.cutOff.

findings contains object.union(found, far(c)) if {
	some c in input.change.cutOff
	not input.kind in {"Namespace", "Config"}
	not c.domains
	message := sprintf("no requests would come to live routes of %s any more%s: %s, must go on leading to them", [
		counted(c.count),
		unfollowed(c),
		named(c),
	])
	fix := concat("", [
		"first have another parent, or another route of this one, lead to them; ",
		"to take them off the air, remove the tables first, or say aviary.dev/retire: \"true\" here",
	])
	found := {"field": "metadata.name", "message": message, "fix": fix, "evidence": true}
}

findings contains object.union(found, lower) if {
	some c in input.change.cutOff
	c.domains
	lower := object.union(far(c), partly(c))
	message := sprintf("requests for %s%s would come to no live route of %s any more%s: %s%s", [
		hosts(c.domains),
		but_for(c),
		counted(c.count),
		unfollowed(c),
		named(c),
		must_go_on(lower),
	])
	found := {"field": "metadata.name", "message": message, "fix": instead(c), "evidence": true}
}

# A domain for many hosts may be narrowed to some of them.
but_for(c) := ", but for hosts that other domains name," if {
	c.partly
	some domain in c.domains
	contains(domain, "*")
} else := ""

instead(c) := "serve it, here or by another parent, for as long as anybody asks for it" if c.partly

instead(c) := concat("", [
	"first serve the new domain beside the old one, and give that up when nobody asks for it any more; ",
	"to take the tables off the air, say aviary.dev/retire: \"true\" here",
]) if {
	not c.partly
}

# More leads there than is followed, so requests may come all the same.
far(c) := {"severity": "warn"} if c.far

far(c) := {} if not c.far

unfollowed(c) := " by the ways that Aviary follows, which are not all" if c.far

unfollowed(c) := "" if not c.far

# To give up one of several domains takes the routes from nobody else.
partly(c) := {"severity": "warn"} if c.partly

partly(c) := {} if not c.partly

must_go_on(lower) := ", must go on coming" if lower == {}

must_go_on(lower) := "" if lower != {}

hosts(domains) := concat(", ", domains) if count(domains) <= 5

hosts(domains) := sprintf("%s and %d more", [
	concat(", ", array.slice(domains, 0, 5)),
	count(domains) - 5,
]) if {
	count(domains) > 5
}

# Of a Namespace the cache is right enough: a look at each of its apps would take longer than the request may.
findings contains object.union({"field": field, "message": message, "fix": fix}, severity(c)) if {
	some c in input.change.cutOff
	field := {"Namespace": "metadata.annotations[aviary.dev/api-group]", "Config": "defaults.apiGroup"}[input.kind]
	fix := {
		"Namespace": "keep the group in the list until a parent leads to them by the first one",
		"Config": "first have a parent lead to them by it, or have the apps, or their Namespaces, say the group",
	}[input.kind]
	message := sprintf("no requests would come to live routes of %s any more%s, which get another API group: %s%s", [
		counted(c.count),
		unfollowed(c),
		named(c),
		by(c),
	])
}

severity(c) := far(c) if {
	held(c)
} else := {"severity": "warn"}

by(c) := "" if {
	held(c)
} else := sprintf("; they come only by parents of namespace %s, which hold nothing here", [concat(", ", others)]) if {
	others := sort({namespace | some namespace in c.ways[_]; not namespace in allowed})
}

# Parents of other namespaces hold no label, unless these are open to all.
held(c) if not c.ways

held(c) if {
	some way in c.ways
	every namespace in way { namespace in allowed }
}

allowed := data.params["foreign-upstream"].allowed

counted(n) := "1 table" if n == 1

counted(n) := sprintf("%d tables", [n]) if n > 1

# named names five of them.
named(c) := text if {
	c.count <= 5
	text := concat(", ", c.tables)
}

named(c) := text if {
	c.count > 5
	text := sprintf("%s and %d more", [concat(", ", array.slice(c.tables, 0, 5)), c.count - 5])
}
