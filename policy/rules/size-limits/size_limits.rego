# METADATA
# title: Object is not too large to be judged, written and stored
# description: |
#   A table has at most so many destinations, matchers, delegations and bytes of regular expressions, and one that
#   Aviary writes has at most so many bytes. All routing objects of a namespace together have at most so many
#   delegations, matchers and bytes of Aviary's memory, so that no team stops the others. What the API server would not
#   store is refused at the Deployment that would make it so, before the rollout goes on without its routes. What is
#   above a bound and does not grow is a warning, and so is a table to which more ways of requests lead than are
#   followed.
# custom:
#   subjects: [routes, deployment, backend]
#   mode: deny
#   kept: true
#   params:
#     destinations:
#       default: 2000
#       minimum: 100
#       maximum: 20000
#       description: Destinations of one table; a route without any counts as one
#     matchers:
#       default: 4000
#       minimum: 100
#       maximum: 40000
#       description: Matchers of one table; a route without any counts as one
#     delegations:
#       default: 1000
#       minimum: 100
#       maximum: 10000
#       description: Delegations of one table; one counts for each namespace that its selector names
#     regexBytes:
#       default: 65536
#       minimum: 4096
#       maximum: 1048576
#       description: Bytes of all regular expressions of one table
#     bytes:
#       default: 1500000
#       minimum: 524288
#       maximum: 100000000
#       description: Bytes of a table that Aviary writes, as JSON; etcd stores 1572864 (--max-request-bytes)
#     namespaceDelegations:
#       default: 5000
#       minimum: 100
#       maximum: 1000000
#       description: Delegations of all tables of a namespace
#     namespaceMatchers:
#       default: 50000
#       minimum: 1000
#       maximum: 10000000
#       description: Matchers of all tables of a namespace
#     namespaceBytes:
#       default: 33554432
#       minimum: 1048576
#       maximum: 1073741824
#       description: About how many bytes of memory all routing objects of a namespace take
package policy.rules["size-limits"]

# Facts are made in policy/judge/size.go, size_namespace.go: size.

findings contains finding if {
	some key, n in input.size
	n > limits[key]
	finding := told(input.size.object, n, {
		"limit": limits[key], "unit": units[key], "fix": fixes[key], "severity": severity(input.size, key),
	})
}

findings contains finding if {
	some key, param in {
		"delegations": "namespaceDelegations", "matchers": "namespaceMatchers", "bytes": "namespaceBytes",
	}
	n := input.size.inNamespace[key]
	n > limits[param]
	finding := told(sprintf("namespace %s", [input.namespace]), n, {
		"limit": limits[param], "unit": shared[key],
		"fix": sprintf("remove what nobody needs, or raise %s of size-limits", [param]),
		"severity": of_all(key),
	})
}

findings contains {
	"field": input.size.field,
	"annotation": "aviary.dev/paths",
	"message": sprintf("%s gets requests by more ways than are followed, so conflicts may be missed", [input.size.object]),
	"fix": "have fewer routes delegate to it",
	"severity": "warn",
} if {
	input.size.unfollowed
}

findings contains {
	"field": input.size.field,
	"annotation": "aviary.dev/paths",
	"message": sprintf("%s meets more matchers of its namespace than are compared, so conflicts with some are not told", [
		input.size.object,
	]),
	"fix": "have fewer matchers at one path",
	"severity": "warn",
} if {
	input.size.uncompared
}

limits := data.params["size-limits"]

told(what, n, of) := {
	"field": input.size.field,
	"annotation": "aviary.dev/paths",
	"message": sprintf("%s %s %d %s, must have at most %d", [what, has, n, of.unit, of.limit]),
	"fix": of.fix,
	"evidence": planned,
	"severity": of.severity,
}

units := {
	"destinations": "destinations", "matchers": "matchers", "delegations": "delegations",
	"regexBytes": "bytes of regular expressions", "bytes": "bytes",
}

shared := {
	"delegations": "delegations in all tables", "matchers": "matchers in all tables (a regex counts as 20)",
	"bytes": "bytes of routing objects in Aviary's memory",
}

fixes := {
	"destinations": "state fewer paths, or fewer canaries",
	"matchers": "state fewer paths, or fewer canaries",
	"delegations": "state fewer paths, or fewer canaries",
	"regexBytes": "state shorter regular expressions",
	"bytes": "state fewer paths, fewer canaries, or shorter headers",
} if {
	by_annotations
}

fixes := {
	"destinations": "split it",
	"matchers": "split it",
	"delegations": "let one selector pick several tables, or split it",
	"regexBytes": "use prefixes, or split it",
	"bytes": "split it",
} if {
	not by_annotations
}

by_annotations if planned

by_annotations if input.kept

default planned := false

planned if input.size.planned

has := "would have" if planned

has := "has" if not planned

# In a namespace of the platform's, Gloo's discovery writes an Upstream for each Service that a tenant makes.
of_all(key) := "warn" if {
	input.namespace in data.params["foreign-upstream"].allowed
} else := severity(input.size.inNamespace, key)

# What was as large before is not the request's doing.
severity(counts, key) := "warn" if before(counts, key) >= counts[key]

severity(counts, key) := "deny" if before(counts, key) < counts[key]

before(counts, key) := object.get(counts, sprintf("%sBefore", [key]), 0)
