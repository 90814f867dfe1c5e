# METADATA
# title: A parent goes on leading to live tables
# description: |
#   A VirtualService, or a table that delegates, may not let go of a table while a route of it sends traffic to a
#   version that has an available replica and no other parent leads requests to that route: its traffic would end with
#   the request, without any change of the table itself.
# custom:
#   subjects: [routes]
#   mode: deny
package policy.rules["routes-kept"]

findings contains {"field": "metadata.name", "message": message, "fix": fix, "evidence": true} if {
	c := input.change.cutOff
	message := sprintf("no requests would come to live routes of %s any more: %s, must go on leading to them", [
		counted(c.count),
		named(c),
	])
	fix := concat("", [
		"first have another parent, or another route of this one, lead to them; ",
		"to take them off the air, remove the tables first, or say aviary.dev/retire: \"true\" here",
	])
}

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
