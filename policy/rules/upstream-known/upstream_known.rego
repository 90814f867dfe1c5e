# METADATA
# title: Upstream or Service of a route exists and has endpoints
# description: |
#   Gloo only warns of a route whose Upstream is not there, and answers 500. It says less of one whose Service is not
#   there, has not the port that the Upstream names, has no pods, or leads to a port that they don't list: nobody
#   answers. The same goes for mirrors. It is a warning here too, because Helm and `kubectl apply -f` of a folder may
#   send the route before what it leads to.
# custom:
#   subjects: [routes, backend, service]
#   mode: warn
#   absence: true
package policy.rules["upstream-known"]

# Facts are made in policy/judge: routes in table.go, resolve.go; service in service.go; unserved in unserved.go,
# target.go.

findings contains object.union(found, {"message": message, "fix": fix}) if {
	input.routes[i].destinations[j].backend.exists == false
	d := input.routes[i].destinations[j]
	message := concat("", [absent(d.backend), cut(input.routes[i], j)])
	fix := apply(d.backend)
	found := {"field": d.field, "annotation": named(d.backend), "evidence": true}
}

findings contains object.union(finding, severity(u)) if {
	some u in input.unserved
	finding := {
		"field": field(u), "annotation": decider(u), "message": message(u), "fix": way_out(u), "evidence": true,
	}
}

decider(u) := "aviary.dev/port" if {
	u.lacks == "port"
} else := "aviary.dev/target-port" if {
	u.lacks == "target"
} else := "aviary.dev/app" if {
	u.lacks == "workload"
} else := named(u)

# Aviary leaves no name out.
named(b) := "aviary.dev/use" if {
	b.name != ""
} else := ""

# A backend or a Service is not held by tables of other namespaces, unless that is open to all.
severity(u) := {} if {
	not u.by
} else := {} if {
	some namespace in u.holders
	namespace in array.concat([input.namespace], data.params["foreign-upstream"].allowed)
} else := {"severity": "warn"}

# Gloo does not look beyond a destination whose subset it can't find.
cut(r, j) := ", and Gloo sends nothing to the destinations after it" if {
	input.dialect == "gloo"
	r.weighted
	r.destinations[j].subset
	j < count(r.destinations) - 1
} else := ""

absent(b) := sprintf("no %s is named: nobody gets the copy", [b.noun]) if {
	b.name == ""
} else := sprintf("%s %s does not exist: no namespace is named", [b.noun, b.name]) if {
	b.namespace == ""
} else := sprintf("%s %s/%s does not exist", [b.noun, b.namespace, b.name])

apply(b) := sprintf("name the %s, or remove the mirror", [b.kind]) if {
	b.name == ""
} else := sprintf("name the namespace of %s %s", [b.kind, b.name]) if {
	b.namespace == ""
} else := sprintf("apply %s %s in namespace %s, or correct the name or the namespace", [b.kind, b.name, b.namespace])

# Where a table leads there; else what the backend, or the Service, says.
field(u) := u.field if {
	u.field
} else := {"port": "spec.ports", "target": "spec.ports", "workload": "spec.selector"}[u.lacks] if {
	input.service
} else := {
	"service": "spec.kube.serviceName",
	"port": "spec.kube.servicePort",
	"target": "spec.kube.servicePort",
	"workload": "spec.kube.selector",
	"overlap": "spec.kube.selector",
}[u.lacks]

message(u) := absent(u) if {
	u.lacks == "backend"
} else := sprintf("the copy names no subset, and %s has no fallback for that: nobody gets it", [name(u)]) if {
	u.lacks == "fallback"
} else := sprintf("Service %s, whose endpoints %s takes, does not exist", [u.service, name(u)]) if {
	u.lacks == "service"
} else := sprintf("Service %s does not list port %d, which %s: it lists %s", [u.service, u.port, by(u), listed(u)]) if {
	u.lacks == "port"
	u.kind != "Service"
} else := sprintf("Service %s does not list port %d: it lists %s", [u.service, u.port, listed(u)]) if {
	u.lacks == "port"
} else := sprintf("port %d of Service %s leads to %s, which no container %s lists%s: they list %s", [
	u.port,
	u.service,
	u.target,
	whose(u),
	led_by(u),
	listed(u),
]) if {
	u.lacks == "target"
} else := sprintf("%s selects %s and its Service %s selects %s: no pod has both", [
	name(u),
	u.labels,
	u.service,
	u.serviceLabels,
]) if {
	u.lacks == "overlap"
} else := sprintf("nobody is behind %s%s: no workload with %s asks for pods", [name(u), led(u), u.labels])

way_out(u) := fix(u) if not input.kept

# What Aviary writes is right once the Deployments are, and what the app uses of others.
way_out(u) := kept_fix(u) if input.kept

kept_fix(u) := "scale one of the app's Deployments up" if {
	u.lacks == "workload"
} else := "set it, or targetPort of a Service that is not Aviary's, to one of those" if {
	u.lacks == "target"
} else := sprintf("set it to %s, or list port %d in a Service that is not Aviary's", [choice(u), u.port]) if {
	u.lacks == "port"
} else := sprintf("apply Service %s", [u.service]) if {
	u.lacks == "service"
} else := sprintf("correct the selector of Service %s, if it is not Aviary's", [u.service]) if {
	u.lacks == "overlap"
} else := fix(u)

fix(u) := apply(u) if {
	u.lacks == "backend"
} else := sprintf("mirror to another %s, without subsets: a mirror can name none", [u.noun]) if {
	u.lacks == "fallback"
} else := sprintf("apply Service %s, or correct the name or the namespace of the Service in %s", [
	u.service,
	name(u),
]) if {
	u.lacks == "service"
} else := sprintf("list both ports first: keep %d beside %s in spec.ports until %s names another", [
	u.port,
	listed(u),
	name(u),
]) if {
	u.lacks == "port"
	input.service
	u.ports
} else := sprintf("call the port %s in the containers of %s, or set targetPort to a number", [u.target, u.version]) if {
	u.lacks == "target"
	u.version
} else := sprintf("%s; to change it, list both ports first: add %s to a container's ports, %s", [
	aim(u),
	u.target,
	"then change the Service, then take the old one out",
]) if {
	u.lacks == "target"
} else := sprintf("list port %d in spec.ports of Service %s, or name %s", [u.port, u.service, choice(u)]) if {
	u.lacks == "port"
} else := sprintf("correct the selector of one of them: Gloo takes those of the Service's pods that %s selects", [
	name(u),
]) if {
	u.lacks == "overlap"
} else := sprintf("apply a workload whose pods have %s, or correct the selector", [u.labels])

name(u) := sprintf("%s %s/%s", [u.noun, u.namespace, u.name])

# Who names a port, and for whose routes; a table that names it at the Service itself does so for its own.
by(u) := sprintf("%s names", [name(u)]) if {
	name(u) == object.get(u, "by", name(u))
} else := sprintf("%s names for %s", [name(u), u.by])

led(u) := sprintf(", to which %s leads", [u.by]) if {
	u.by
} else := ""

aim(u) := "set its targetPort to one of those" if {
	some port in u.ports
	not contains(port, "/") # of another protocol
} else := "set its targetPort to a number that they listen to"

led_by(u) := sprintf(", and %s leads there", [u.by]) if {
	u.by
} else := ""

whose(u) := sprintf("of %s", [u.version]) if {
	u.version
} else := "behind it"

listed(u) := concat(", ", u.ports) if {
	u.ports
} else := "none"

choice(u) := concat(" or ", u.ports) if {
	u.ports
} else := "a Service that lists one"
