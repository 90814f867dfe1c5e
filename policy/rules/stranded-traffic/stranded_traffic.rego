# METADATA
# title: Change does not leave a route without a workload
# description: |
#   After a removal, a scaling to 0, a change of labels, role or weight, no route may send traffic to a version without
#   a workload, and an app that had a route must keep one. What the live table gives a version must first go to versions
#   with an available replica. Scaling an app's only running version to 0 is a warning
#   (switching off), and the last version may go unless a hand-made route names it. A change may not drop a path that
#   the app serves. The parameter scalers names users who are never refused a scaling (an autoscaler to zero).
# custom:
#   subjects: [deployment]
#   mode: deny
#   params: {scalers: ["system:serviceaccount:keda:keda-operator"]}
package policy.rules["stranded-traffic"]

findings contains capped({"field": field(labels), "message": message, "fix": fix, "evidence": true}) if {
	some s in input.change.stranded
	labels := "spec.template.metadata.labels"
	message := sprintf("%s (%s) sends traffic to %s of %s, which would have no workload", [
		s.object,
		s.field,
		s.version,
		s.backend,
	])
	fix := sprintf("route to %s there first%s", [heir(s.version, s.others), table(s)])
}

findings contains capped({"field": field(role), "message": message, "fix": fix, "evidence": true}) if {
	lost := input.change.lost
	not input.change.lastVersion
	role := "metadata.annotations[aviary.dev/role]"
	message := loss(lost)
	fix := sprintf("%s%s", [way(lost), whole])
}

findings contains finding if {
	dropped := input.change.dropped
	lead := object.get(input.change, "lead", "the primary")
	finding := dropping({
		"field": "metadata.annotations[aviary.dev/paths]",
		"message": sprintf("app %s would no longer serve %s", [input.app.name, concat(", ", dropped)]),
		"fix": sprintf("keep it in aviary.dev/paths of %s", [lead]),
		"evidence": true,
	})
}

# Going back to a version that was primary is no reason to refuse what it never served.
dropping(finding) := object.union(finding, {"severity": "warn"}) if {
	input.change.leadReturns
} else := object.union(
	finding,
	{"fix": sprintf(`%s, or say aviary.dev/override: "stranded-traffic: <reason>" if it is meant`, [finding.fix])},
)

capped(finding) := finding if not lenient

capped(finding) := object.union(finding, {"severity": "warn"}) if lenient

lenient if input.change.switchOff

lenient if {
	scaled
	input.user in data.params["stranded-traffic"].scalers
}

# The way out if all of it is to go.
whole := sprintf("; if the whole app is going: kubectl annotate deployment %s aviary.dev/retire=true -n %s", [
	input.name,
	input.namespace,
]) if input.operation == "DELETE"

whole := "" if input.operation != "DELETE"

table(s) := sprintf("; if the table is going too: kubectl annotate %s %s aviary.dev/retire=true -n %s", [
	lower(s.kind),
	s.name,
	s.namespace,
]) if input.operation == "DELETE"

table(_) := "" if input.operation != "DELETE"

# Where the request says it: what is removed, what is scaled, else the given field.
field(_) := "metadata.name" if input.operation == "DELETE"

field(_) := "spec.replicas" if scaled

field(otherwise) := otherwise if {
	input.operation != "DELETE"
	not scaled
}

scaled if input.change.scaled

loss(lost) := sprintf("app %s would lose the route that it has", [input.app.name]) if not lost.version

loss(lost) := sprintf("%s still gives %s %s and follows %q%s", [
	lost.lag.object,
	lost.version,
	part(lost),
	lost.lag.follows,
	blocked(lost.lag),
])

loss(lost) := sprintf("%s carries %d %% of the traffic of app %s and may not be %s while it does", [
	lost.version,
	lost.share,
	input.app.name,
	deed,
]) if {
	lost.version
	not lost.lag
}

part(lost) := sprintf("%d %%", [lost.share]) if lost.share > 0

part(lost) := "the requests with its headers" if lost.share == 0

blocked(lag) := sprintf(" since %s (%s)", [lag.since, lag.why]) if {
	lag.since
} else := sprintf(" (%s)", [lag.why]) if {
	lag.why
} else := ""

way(lost) := "the weights make no route that it could follow: lower one first" if {
	lost.lag.unroutable
} else := sprintf("wait until it follows what the Deployments say%s", [unexplained(lost.lag)]) if {
	lost.lag
} else := sprintf("%swhen %s is available: %s", [raise(lost.heir), lost.heir, again]) if {
	lost.heir
	lost.heir != lost.version
} else := handover(object.get(lost, "version", ""))

# A table lags for a moment in any case; what keeps it longer is told elsewhere as long as it is not known here.
unexplained(lag) := sprintf("; after 10 s an Event of Deployment %s says why, or Aviary has no leader", [
	lag.deployment,
]) if {
	lag.deployment
	not lag.why
} else := ""

raise(heir) := sprintf("%s has 0 replicas, so scale it up; ", [heir]) if {
	some v in input.app.versions
	v.version == heir
	v.replicas == 0
} else := ""

again := sprintf("kubectl delete deployment %s -n %s", [input.name, input.namespace]) if {
	input.operation == "DELETE"
} else := "do it again"

deed := "removed" if input.operation == "DELETE"

deed := "scaled to 0" if scaled

deed := "taken out of the route" if {
	input.operation != "DELETE"
	not scaled
}

handover(version) := sprintf("wait until %s, to which all traffic shall go, has an available replica", [first]) if {
	first := idle[0]
} else := sprintf("promote %s first (role: primary), or shift weight to it", [heir(version, heirs)])

# Canaries that state 100 % and carry nothing yet.
idle := [v.version |
	some v in input.app.versions
	v.role == "canary"
	v.weight == 100
	v.replicas > 0
	v.available == 0
]

# Who could take over: the first of the others.
heir(version, all) := first if {
	first := others(version, all)[0]
} else := "another version"

others(version, all) := [other | some other in all; other != version]

# The app's versions that stay and run.
heirs := [v.version |
	some v in input.app.versions
	v.replicas > 0
	v.role != "shadow"
]
