# METADATA
# title: Version has enough pods for its share of the traffic
# description: |
#   A canary of weight w needs w % of the primary's available pods, rounded up, or its part of the requests is slower
#   than the rest. A primary that gets traffic back needs them by the version that carried most of it. A version to
#   which a route that people keep sends traffic needs one, where others have some.
# custom:
#   subjects: [deployment, routes]
#   mode: warn
package policy.rules.capacity

# Facts are made in policy/judge: app, version in describe.go; change.carrier, change.rises in traffic_shares.go;
# unready in unready.go, resolve.go (idle).

findings contains {"field": field, "message": message, "fix": fix, "evidence": true} if {
	some rise in input.change.rises
	reference := reference_of(rise)
	needed := pods(rise.to, reference.available)
	rise.available < needed
	message := shortage(rise.version, rise.available, rise.to, reference, needed)
	fix := remedy(rise.version, needed)
}

# Under audit nothing rises; the canary is judged by what it has. One at 0 replicas gets nothing, or an autoscaler wakes
# it.
findings contains {"field": weight, "message": message, "fix": fix, "evidence": true} if {
	input.operation == "AUDIT"
	input.version.role == "canary"
	input.version.weight > 0
	canary := member(input.version.version)
	not canary.replicas == 0
	reference := member(input.app.primary)
	needed := pods(canary.weight, reference.available)
	canary.available < needed
	message := shortage(canary.version, canary.available, canary.weight, reference, needed)
	fix := remedy(canary.version, needed)
}

# Where people keep the table, nobody waits for the pods but they.
findings contains {"field": u.field, "message": message, "fix": fix, "evidence": true} if {
	some u in input.unready
	message := sprintf("version %s of %s has no available replica%s", [u.version, u.backend, instead(u)])
	fix := wait(u)
}

instead(u) := sprintf(" and would get traffic of %s", [concat(", ", u.others)]) if {
	u.moved
} else := sprintf(" and gets traffic (available: %s)", [concat(", ", u.others)])

wait(u) := sprintf("wait until %s has one before it gets traffic", [u.version]) if {
	u.moved
} else := sprintf("route to %s until %s has one", [concat(" or ", u.others), u.version])

# The version whose pods show how many all of the traffic takes.
reference_of(rise) := member(input.app.primary) if rise.role == "canary"

reference_of(rise) := input.change.carrier if {
	rise.role == "primary"
	input.change.carrier.version != rise.version
}

member(name) := v if {
	some v in input.app.versions
	v.version == name
}

pods(percent, all) := ceil((percent * all) / 100)

shortage(version, available, share, reference, needed) := sprintf(
	"%s has %d available, and %d %% of the %d that %s has are %d",
	[version, available, share, reference.available, reference.version, needed],
)

remedy(version, needed) := sprintf("wait until %s has %d available", [version, needed]) if {
	member(version).replicas >= needed
} else := sprintf("scale %s to %d first, and wait until they are available", [version, needed])

weight := "metadata.annotations[aviary.dev/weight]"

# Where the request moves the traffic.
default field := "metadata.annotations[aviary.dev/role]"

field := "metadata.name" if input.operation == "DELETE"

field := weight if {
	input.operation != "DELETE"
	input.version.role == "canary"
}
