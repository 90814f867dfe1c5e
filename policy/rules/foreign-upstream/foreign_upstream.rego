# METADATA
# title: Route does not lead to another namespace
# description: |
#   Gloo lets any table route to any namespace's upstreams and Services, and any upstream take any Service's endpoints,
#   without that team's consent. The rule warns of what leads out of the object's own namespace, except to the allowed
#   ones; objects in an allowed namespace may lead anywhere. Only these hold what they lead to in other namespaces: see
#   stranded-traffic and upstream-in-use.
# custom:
#   subjects: [routes]
#   mode: warn
#   kept: true
#   params:
#     allowed: {default: [gloo-system], description: "Namespaces open to all, whose tables also hold what they lead to"}
package policy.rules["foreign-upstream"]

# Facts are made in policy/judge/cross_namespace.go: crossNamespace.

findings contains {"field": f.field, "message": message, "fix": fix} if {
	some f in input.crossNamespace
	not input.namespace in allowed
	message := sprintf("%s %s/%s %s, must be in %s", [f.noun, f.namespace, f.name, outside(f), concat(" or ", home)])
	fix := sprintf("route to %s in namespace %s%s", [one(f.noun), input.namespace, whose(f)])
}

one(noun) := concat(" ", ["an", noun]) if regex.match(`^[aeiouAEIOU]`, noun)

one(noun) := concat(" ", ["a", noun]) if not regex.match(`^[aeiouAEIOU]`, noun)

# A Service has its own endpoints.
whose(f) := "" if f.kind == "Service"

whose(f) := " that takes a Service of its own" if f.kind != "Service"

allowed := {ns | some ns in data.params["foreign-upstream"].allowed}

home := array.concat([input.namespace], sort(allowed))

known := allowed | {input.namespace}

outside(f) := "is in another namespace" if {
	not f.namespace in known
} else := sprintf("takes its endpoints from namespace %s", [f.into]) if {
	not f.into in known
}
