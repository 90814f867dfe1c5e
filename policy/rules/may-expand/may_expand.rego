# METADATA
# title: Author may create the objects that Aviary creates for them
# description: |
#   Aviary makes Services, Upstreams and RouteTables for the author of a Deployment. Whoever may not create or update
#   those in the namespace must not get them by way of Aviary, nor may who can't delete them have Aviary delete them. An
#   administrator who labels the Namespace aviary.dev/self-service "true" answers for all authors there; "false"
#   forbids. It is asked only when the request changes what the siblings will be. What goes with a Deployment that is
#   deleted is not asked about.
# custom:
#   subjects: [deployment]
#   mode: deny
#   fixed: true
package policy.rules["may-expand"]

# Facts are made in policy/judge/author.go, removed.go: author.

findings contains {"field": field, "message": message, "fix": fix, "evidence": true} if {
	input.author.selfService == "false"
	field := "metadata.annotations[aviary.dev/app]"
	message := sprintf("namespace %s forbids siblings (label aviary.dev/self-service: \"false\")", [input.namespace])
	fix := "have an administrator change the label, or remove the annotation"
}

findings contains {"field": field, "message": message, "fix": fix, "evidence": true} if {
	lacks := input.author.lacks
	count(lacks) > 0
	field := "metadata.annotations[aviary.dev/app]"
	message := sprintf("%s may not %s in namespace %s, which this change would have Aviary do", [
		input.author.user,
		concat(", ", lacks),
		input.namespace,
	])
	fix := sprintf("have an administrator grant that, or label the namespace (kubectl label namespace %s %s)%s", [
		input.namespace,
		"aviary.dev/self-service=true",
		by_oneself(lacks),
	])
}

# What goes with its Deployments goes without Aviary.
by_oneself(lacks) := "; or delete the Deployments, the primary last, with which their siblings go" if {
	some lack in lacks
	startswith(lack, "delete ")
} else := ""

findings contains {"field": field, "message": message, "fix": "try again", "evidence": true} if {
	unknown := input.author.unknown
	field := "metadata.annotations[aviary.dev/app]"
	message := sprintf("cannot tell whether %s may have siblings made: %s", [input.author.user, unknown])
}
