# METADATA
# title: Upstream, UpstreamGroup or Service in use is not removed
# description: |
#   An Upstream or UpstreamGroup that routes name may not be removed, nor may the subset keys by which they pick pods,
#   nor a Service whose endpoints they use. Routes that are being deleted, or whose app is gone, don't count. An
#   Upstream whose Service is gone serves nobody: its removal is a warning, as is that of one to which routes only send
#   copies of requests, and that of one which only tables of other namespaces use, unless the parameter allowed of
#   foreign-upstream names the namespace and something leads to the table.
# custom:
#   subjects: [backend, service]
#   mode: deny
package policy.rules["upstream-in-use"]

# Facts are made in policy/judge: change.idle in backend.go; change.users in users.go.

findings contains object.union(finding, severity(u)) if {
	input.operation == "DELETE"
	some u in input.change.users
	finding := {
		"field": "metadata.name",
		"message": sprintf("%s %s %s%s (%s)%s", [u.object, does(u), thing, way(u), place(u), whose(u)]),
		"fix": way_out(u),
		"evidence": true,
	}
}

severity(u) := {"severity": "warn"} if {
	harmless(u)
} else := {}

# What takes the endpoints of a Service that is gone has none to lose, and discovery cleans up after Services.
harmless(_) if input.change.idle

# Nobody waits for the answer to a copy.
harmless(u) if u.mirror

harmless(u) if not speaks(u)

# A table of another namespace holds only where that is open to all, and something leads to the table.
speaks(u) if u.namespace == input.namespace

speaks(u) if {
	u.reached
	u.namespace in allowed
}

allowed := data.params["foreign-upstream"].allowed

whose(u) := "" if {
	speaks(u)
} else := sprintf("; nothing leads to that %s, so it holds nothing of namespace %s", [u.kind, input.namespace]) if {
	u.namespace in allowed
} else := sprintf("; that %s is namespace %s's, so it holds nothing of namespace %s", [
	u.kind,
	u.namespace,
	input.namespace,
])

does(u) := "sends copies of requests to" if {
	u.mirror
} else := "uses"

findings contains object.union(finding, of_table(u)) if {
	input.operation == "UPDATE"
	some u in input.change.users
	keys := concat(", ", u.keys)
	finding := {
		"field": "spec.kube.subsetSpec",
		"message": concat("", [
			sprintf("%s (%s) picks pods by %s, which no selector would list any more", [u.object, place(u), keys]),
			whose(u),
		]),
		"fix": keep(keys),
		"evidence": true,
	}
}

# They are listed still, and not asked for.
keep(keys) := sprintf("remove %s, which Gloo takes in place of kube: only kube has subsets", [others]) if {
	some c in input.choices
	others := concat(" and ", [type | some type in c.set; type != "kube"])
} else := "keep the type kube until that route names no subset" if {
	input.backend.pods == false
} else := sprintf("keep {keys: [%s]} in subsetSpec.selectors until that route names no subset", [keys])

of_table(u) := {} if {
	speaks(u)
} else := {"severity": "warn"}

way_out(u) := sprintf("go on, or have namespace %s route elsewhere there first", [u.namespace]) if not speaks(u)

way_out(u) := "take the mirror out there, if the copies are no longer wanted" if {
	u.mirror
	not u.app
	speaks(u)
}

way_out(u) := sprintf(
	"route elsewhere there, or delete %s, first; if it is going too: kubectl annotate %s %s aviary.dev/retire=true -n %s",
	[u.object, lower(u.kind), u.name, u.namespace],
) if {
	not u.mirror
	not u.app
	speaks(u)
}

# Aviary writes such a table again, whatever is done to it.
way_out(u) := sprintf("take %s out of aviary.dev/use of app %s's Deployments first; %s", [
	lower(input.kind),
	u.app,
	`if the app is going too: aviary.dev/retire: "true" on one of them`,
]) if speaks(u)

thing := sprintf("%s %s/%s", [input.kind, input.namespace, input.name])

# How the route comes to a Service.
way(u) := sprintf(" through %s", [u.backend]) if {
	input.kind == "Service"
	u.backend
} else := ""

place(u) := u.field if u.more == 0

place(u) := sprintf("%s and %d more", [u.field, u.more]) if u.more > 0
