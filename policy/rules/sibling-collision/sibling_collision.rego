# METADATA
# title: Aviary's objects do not overwrite existing ones
# description: |
#   Aviary never overwrites or adopts an object that it did not create. An object that has the name of one that the app
#   needs, and that Aviary does not manage, must go, or the app takes another name.
# custom:
#   subjects: [deployment]
#   mode: deny
#   fixed: true
package policy.rules["sibling-collision"]

# Facts are made in policy/judge/siblings.go, adopted.go: siblings.

findings contains {"field": field, "message": message, "fix": fix, "evidence": true} if {
	some s in input.siblings
	s.exists
	not s.managed
	not s.used
	not input.operation in {"DELETE", "SCALE"}
	field := "metadata.annotations[aviary.dev/app]"
	message := sprintf("%s %s/%s exists and is not Aviary's, must not be overwritten", [s.kind, s.namespace, s.name])
	fix := way_out(s)
}

# What the app uses must fit; it is never written to.
findings contains {"field": field, "message": message, "fix": fix, "evidence": true} if {
	some s in input.siblings
	s.used
	count(s.unfit) > 0
	not input.operation in {"DELETE", "SCALE"}
	field := "metadata.annotations[aviary.dev/use]"
	message := sprintf("%s %s/%s cannot be used: %s", [s.kind, s.namespace, s.name, concat("; ", s.unfit)])
	fix := sprintf("change it so that it fits, or remove %s from the annotation", [s.use])
}

findings contains {"field": field, "message": message, "fix": fix, "evidence": true, "severity": "warn"} if {
	some s in input.siblings
	s.used
	not s.exists
	not input.operation in {"DELETE", "SCALE"}
	field := "metadata.annotations[aviary.dev/use]"
	message := sprintf("%s %s/%s does not exist, so nobody is reached yet", [s.kind, s.namespace, s.name])
	fix := sprintf("create it, or remove %s from the annotation", [s.use])
}

way_out(s) := sprintf("use it as it is (aviary.dev/use: %s), delete it, or choose another app name", [s.use])

# Only what is for all versions can be somebody else's.
way_out(s) := sprintf("delete it (kubectl delete %s %s -n %s), or take another name for version %s or for the app", [
	lower(s.kind), s.name, s.namespace, s.shadow,
]) if {
	s.shadow
}

way_out(s) := fix if {
	not s.use
	not s.shadow
	fix := sprintf("delete it to hand its routes over (kubectl delete %s %s -n %s), or choose another app name", [
		lower(s.kind),
		s.name,
		s.namespace,
	])
}
