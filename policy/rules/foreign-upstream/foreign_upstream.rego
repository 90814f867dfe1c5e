# METADATA
# title: A route leads to its own namespace
# description: |
#   Gloo lets any table route to any namespace's upstreams and Services, and any upstream take any Service's endpoints,
#   without that team's consent. Warned of is what leads out of the object's own namespace, except to the allowed ones;
#   objects that stand in an allowed namespace may lead anywhere.
# custom:
#   subjects: [routes]
#   mode: warn
#   params:
#     allowed: {default: [gloo-system], description: Namespaces open to all}
package policy.rules["foreign-upstream"]

findings contains {"field": f.field, "message": message, "fix": fix} if {
	some f in input.foreign
	not input.namespace in allowed
	message := sprintf("%s %s/%s %s, must be in %s", [f.kind, f.namespace, f.name, stranger(f), concat(" or ", home)])
	fix := sprintf("route to an upstream in namespace %s that takes a Service of its own", [input.namespace])
}

allowed := {ns | some ns in data.params["foreign-upstream"].allowed}

home := array.concat([input.namespace], sort(allowed))

known := allowed | {input.namespace}

stranger(f) := "is in another namespace" if {
	not f.namespace in known
} else := sprintf("takes its endpoints from namespace %s", [f.into]) if {
	not f.into in known
}
