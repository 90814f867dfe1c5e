# METADATA
# title: Version that a route names is deployed
# description: |
#   A subset that no pod has makes Gloo fall back to any pod, or answer 503. Every version that a route sends traffic
#   to must have a workload. It is a warning while no version behind the Upstream or Service serves, because none is
#   deployed or none has an available pod (a first installation, in any order), and for a destination that gets no
#   traffic.
# custom:
#   subjects: [routes]
#   mode: deny
#   absence: true
package policy.rules["version-deployed"]

# Facts are made in policy/judge: routes in table.go, resolve.go; settled in decision.go.

findings contains finding if {
	input.routes[i].destinations[j].deployed == false
	d := input.routes[i].destinations[j]
	not asleep(d)
	finding := object.union(text(d, object.get(d, "others", [])), about(d))
}

# Aviary gives a canary at 0 replicas no traffic; its place in the list is kept for it.
asleep(d) if {
	input.kept
	not d.receives
}

about(d) := {"field": d.field, "annotation": decider(d), "evidence": true}

decider(d) := "aviary.dev/weight" if {
	d.weight
} else := "aviary.dev/role"

findings contains object.union(about(d), {"message": message, "fix": "try again"}) if {
	_ := input.routes[_].destinations[_].unknown # rare, and so found faster than in the walk below
	some d in input.routes[_].destinations
	message := sprintf("cannot tell whether %s is deployed: %s", [version(d), d.unknown])
}

text(d, []) := object.union(
	{
		"message": sprintf("no workload %s (deployed: none)", [belongs(d)]),
		"fix": wake(d, sprintf("apply the Deployment of %s", [d.label])),
	},
	first_installation(d),
)

# What follows a first installation has followed by the time that the object has settled.
first_installation(d) := {} if {
	input.settled
	d.receives
} else := {"severity": "warn"}

text(d, others) := object.union(
	{
		"message": sprintf("no workload %s (deployed: %s)", [belongs(d), concat(", ", others)]),
		"fix": wake(d, sprintf("apply the Deployment of %s first, or route to %s", [d.label, concat(" or ", others)])),
	},
	still_starting(d),
) if {
	others != []
	d.receives
}

still_starting(d) := first_installation(d) if d.waiting

still_starting(d) := {} if not d.waiting

text(d, others) := {
	"message": sprintf("no workload %s (deployed: %s)", [belongs(d), concat(", ", others)]),
	"fix": sprintf("apply the Deployment of %s before it gets traffic, or remove the destination", [d.label]),
	"severity": "warn",
} if {
	others != []
	not d.receives
}

wake(d, _) := sprintf("scale that up, or give what %s gets to another version", [d.label]) if input.kept

wake(_, fix) := fix if not input.kept

# What no workload does.
belongs(d) := sprintf("is behind %s", [backend(d)]) if {
	not d.subset
	d.label == d.backend.name
} else := sprintf("has %s", [version(d)])

version(d) := sprintf("%s of %s %s/%s", [subset(d), b.noun, b.namespace, b.name]) if {
	b := d.backend
	d.subset
} else := backend(d) if {
	d.label == d.backend.name
} else := sprintf("%s of %s", [subset(d), backend(d)]) if {
	d.backend
} else := subset(d)

backend(d) := sprintf("%s %s/%s", [d.backend.noun, d.backend.namespace, d.backend.name])

subset(d) := concat(" ", ["version", d.label]) if {
	count(d.subset) == 1
	some value in d.subset
	value == d.label
} else := concat(" ", ["version", d.label]) if {
	not d.subset # a version with a Service of its own
} else := concat(" ", ["subset", concat(", ", [concat("=", [k, v]) | some k, v in d.subset])]) if {
	count(d.subset) > 0
} else := d.label
