# METADATA
# title: A route names deployed versions only
# description: |
#   A subset that no pod has makes Gloo fall back to any pod, or answer 503. Every version that a route sends traffic
#   to must have a workload. It is a warning while no version of the upstream serves, because none is deployed or none
#   has an available pod (a first installation, in any order), and for a destination that gets no traffic.
# custom:
#   subjects: [routes]
#   mode: deny
package policy.rules["version-deployed"]

findings contains finding if {
	input.routes[i].destinations[j].deployed == false
	d := input.routes[i].destinations[j]
	finding := object.union(complaint(d, object.get(d, "others", [])), {"field": d.field, "evidence": true})
}

findings contains {"field": d.field, "message": message, "fix": "try again", "evidence": true} if {
	_ := input.routes[_].destinations[_].unknown # rare, and so found faster than in the walk below
	some d in input.routes[_].destinations
	message := sprintf("cannot tell whether %s is deployed: %s", [version(d), d.unknown])
}

complaint(d, []) := object.union(
	{
		"message": sprintf("no workload has %s (deployed: none)", [version(d)]),
		"fix": sprintf("apply the Deployment of %s", [d.label]),
	},
	first_installation(d),
)

# What follows a first installation has followed by the time that the object has settled.
first_installation(d) := {} if {
	input.settled
	d.receives
} else := {"severity": "warn"}

complaint(d, others) := object.union(
	{
		"message": sprintf("no workload has %s (deployed: %s)", [version(d), concat(", ", others)]),
		"fix": sprintf("apply the Deployment of %s first, or route to %s", [d.label, concat(" or ", others)]),
	},
	still_starting(d),
) if {
	others != []
	d.receives
}

still_starting(d) := first_installation(d) if d.waiting

still_starting(d) := {} if not d.waiting

complaint(d, others) := {
	"message": sprintf("no workload has %s (deployed: %s)", [version(d), concat(", ", others)]),
	"fix": sprintf("apply the Deployment of %s before it gets traffic, or remove the destination", [d.label]),
	"severity": "warn",
} if {
	others != []
	not d.receives
}

version(d) := sprintf("%s of upstream %s/%s", [subset(d), d.upstream.namespace, d.upstream.name])

version(d) := subset(d) if not d.upstream

subset(d) := concat(" ", ["version", d.label]) if {
	count(d.subset) == 1
	some value in d.subset
	value == d.label
} else := concat(" ", ["subset", concat(", ", [concat("=", [k, v]) | some k, v in d.subset])]) if {
	count(d.subset) > 0
} else := d.label
