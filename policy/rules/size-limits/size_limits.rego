# METADATA
# title: Table is not too large to be judged, written and stored
# description: |
#   A table has at most so many destinations, and one that Aviary writes has at most so many bytes. What the API server
#   would not store is refused at the Deployment that would make it so, before the rollout goes on without its routes. A
#   table above a bound that does not grow is a warning.
# custom:
#   subjects: [routes, deployment]
#   mode: deny
#   kept: true
#   params:
#     destinations:
#       default: 2000
#       minimum: 100
#       maximum: 20000
#       description: Destinations of one table; a route without any counts as one
#     bytes:
#       default: 1500000
#       minimum: 524288
#       maximum: 100000000
#       description: Bytes of a table that Aviary writes, as JSON; etcd stores 1572864 (--max-request-bytes)
package policy.rules["size-limits"]

findings contains finding if {
	input.size.destinations > limits.destinations
	finding := told(input.size.destinations, limits.destinations, "destinations", "or fewer canaries")
}

findings contains finding if {
	input.size.bytes > limits.bytes
	finding := told(input.size.bytes, limits.bytes, "bytes", "fewer canaries, or shorter headers")
}

limits := data.params["size-limits"]

told(n, limit, unit, others) := {
	"field": input.size.field,
	"message": message(n, limit, unit),
	"fix": fix(others),
	"evidence": planned,
	"severity": severity(unit),
}

message(n, limit, unit) := sprintf("%s %s %d %s, must have at most %d", [input.size.object, has, n, unit, limit])

default planned := false

planned if input.size.planned

has := "would have" if planned

has := "has" if not planned

fix(others) := sprintf("state fewer paths, %s", [others]) if planned

fix(_) := "split it" if not planned

severity(unit) := "warn" if unit in ungrown

severity(unit) := "deny" if not unit in ungrown

# What was as large before is not the request's doing.
ungrown contains "destinations" if input.size.destinationsBefore >= input.size.destinations

ungrown contains "bytes" if input.size.bytesBefore >= input.size.bytes
