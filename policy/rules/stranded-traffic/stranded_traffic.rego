# METADATA
# title: Change does not leave a route without a workload
# description: |
#   After a removal, a scaling to 0, a change of labels, role or weight, no route may send traffic to a version without
#   a workload, and an app that had a route must keep one. What the live table gives a version must first go to
#   versions with an available replica. Scaling an app's only running version to 0 is a warning (switching off), and
#   the last version may go unless a hand-made route names it. A change may not drop a path that the app serves. A
#   change of an Upstream's or a Service's selector, type or Service may not leave a route without a workload that had
#   one. Routes of other namespaces only warn, unless the parameter allowed of foreign-upstream names the namespace and
#   something leads to the table. The parameter scalers names users who are never refused a scaling (an autoscaler to
#   zero).
# custom:
#   subjects: [deployment, backend, service]
#   mode: deny
#   params:
#     scalers:
#       - system:serviceaccount:keda:keda-operator
#       - system:serviceaccount:kube-system:horizontal-pod-autoscaler
package policy.rules["stranded-traffic"]

# Which key of input.change a message is of, and which file of policy/judge makes it:
#   ".. sends traffic to ..": stranded (stranded.go: routes that people write; stranded_backend.go: where a Service or a
#   backend changes, also those that Aviary writes)
#   ".. carries ..", ".. still gives ..", ".. would lose the route ..": lost (lost.go), of the app's own route
#   ".. would no longer serve ..": dropped (consequences.go), of the app's own paths

findings contains held(s, capped({"field": field(labels), "message": message, "fix": fix, "evidence": true})) if {
	some s in input.change.stranded
	not s.lacks
	labels := "spec.template.metadata.labels"
	message := sprintf("%s (%s) sends traffic to %s, which %s%s", [s.object, s.field, target(s), fate(s), whose(s)])
	fix := sprintf("%s%s", [detour(s), table(s)])
}

findings contains held(s, {"field": at, "message": message, "fix": fix, "evidence": true}) if {
	some s in input.change.stranded
	at := picks[s.lacks]
	message := concat("", [
		sprintf("%s (%s) sends traffic to %s, which would %s", [s.object, s.field, target(s), lacking(s)]),
		whose(s),
	])
	fix := sprintf("first %s%s", [remedy(s), elsewhere(s)])
}

held(s, finding) := finding if {
	speaks(s)
} else := object.union(finding, {
	"severity": "warn",
	"fix": sprintf("go on, or have namespace %s route elsewhere there first", [s.namespace]),
})

# A table of another namespace holds only where that is open to all, and something leads to the table.
speaks(s) if s.namespace == input.namespace

speaks(s) if {
	s.reached
	s.namespace in allowed
}

allowed := data.params["foreign-upstream"].allowed

whose(s) := "" if {
	speaks(s)
} else := sprintf("; nothing leads to that %s, so it holds nothing of namespace %s", [s.kind, input.namespace]) if {
	s.namespace in allowed
} else := sprintf("; that %s is namespace %s's, so it holds nothing of namespace %s", [
	s.kind,
	s.namespace,
	input.namespace,
])

target(s) := sprintf("%s of %s", [s.version, s.backend]) if {
	s.version
} else := s.backend

fate(s) := sprintf("has no workload, and %s is the last that answers in its place", [input.name]) if {
	s.last
} else := "would have no workload"

detour(s) := sprintf("deploy %s or route elsewhere there first", [s.version]) if {
	s.last
} else := sprintf("route to %s there first", [heir(s.version, s.others)]) if {
	s.version
} else := "route elsewhere there first, or deploy another workload behind it"

# Where a Service, or a backend, says whom it picks.
picks := {
	"pods": "spec.type",
	"workload": "spec.selector",
	"version": "spec.selector",
	"fallback": "spec.selector",
	"overlap": "spec.selector",
} if {
	input.service
} else := {
	"service": "spec.kube.serviceName",
	"pods": "spec.kube.serviceName",
	"workload": "spec.kube.selector",
	"version": "spec.kube.selector",
	"fallback": "spec.kube.subsetSpec",
	"overlap": "spec.kube.selector",
}

lacking(s) := sprintf("have no endpoints: Service %s does not exist", [s.service]) if {
	s.lacks == "service"
} else := sprintf("have no workload: Service %s is an alias, behind which there are no pods", [s.service]) if {
	s.lacks == "pods"
} else := sprintf("have no workload: its selector and that of Service %s exclude each other", [s.service]) if {
	s.lacks == "overlap"
} else := "not answer where no version is named" if {
	s.lacks == "fallback"
	not s.version
} else := sprintf("have no workload: none with %s asks for pods", [s.labels])

# What to do before the change. Two selectors that must agree can't be changed in one request.
remedy(s) := sprintf("apply Service %s", [s.service]) if {
	s.lacks == "service"
} else := "route there to a backend of the other host" if {
	s.lacks == "pods"
} else := sprintf("take the selector out of %s, then change that of the Service, then give %s the new one", [
	s.backend,
	s.backend,
]) if {
	s.lacks == "overlap"
} else := "name a version there" if {
	s.lacks == "fallback"
	not s.version
} else := sprintf("deploy a workload whose pods have %s", [s.labels])

elsewhere(s) := sprintf(", or take %s out of aviary.dev/use of app %s's Deployments", [lower(input.kind), s.app]) if {
	s.app
} else := "" if {
	s.lacks == "pods"
} else := sprintf(", or route to %s there", [s.others[0]]) if {
	s.others[0]
} else := ", or route elsewhere there"

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
