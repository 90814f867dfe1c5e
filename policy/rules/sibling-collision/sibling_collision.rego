# METADATA
# title: Siblings take nobody's name
# description: |
#   Aviary never overwrites or adopts an object that it did not make. An object that has a sibling's name without
#   Aviary's mark must go, or the app takes another name.
# custom:
#   subjects: [deployment]
#   mode: deny
#   fixed: true
package policy.rules["sibling-collision"]

findings contains {"field": field, "message": message, "fix": fix, "evidence": true} if {
	some s in input.siblings
	s.exists
	not s.ours
	not input.operation in {"DELETE", "SCALE"}
	field := "metadata.annotations[aviary.dev/app]"
	message := sprintf("%s %s/%s exists and is not Aviary's, must not be overwritten", [s.kind, s.namespace, s.name])
	fix := way_out(s)
}

way_out(s) := fix if {
	s.kind in {"Service", "Upstream"}
	fix := "delete it, or choose another app name"
}

way_out(s) := fix if {
	not s.kind in {"Service", "Upstream"}
	fix := sprintf("delete it to hand its routes over (kubectl delete %s %s -n %s), or choose another app name", [
		lower(s.kind),
		s.name,
		s.namespace,
	])
}
