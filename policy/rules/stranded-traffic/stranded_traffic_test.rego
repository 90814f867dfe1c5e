package policy.rules["stranded-traffic_test"]

import data.policy.rules["stranded-traffic"] as rule

v1(replicas) := {"version": "v1", "deployment": "echo-v1", "role": "primary", "replicas": replicas}

v2 := {"version": "v2", "deployment": "echo-v2", "role": "canary", "replicas": 1}

of(operation, versions, change) := {
	"operation": operation,
	"namespace": "echo",
	"name": "echo-v1",
	"app": {"name": "echo", "versions": versions},
	"change": change,
}

lost := {"lost": {"version": "v1", "share": 100}, "lastVersion": false, "switchOff": false}

by_hand := {"stranded": [{
	"object": "RouteTable echo/hand-made",
	"kind": "RouteTable",
	"namespace": "echo",
	"name": "hand-made",
	"field": "spec.routes[0]",
	"version": "v1",
	"backend": "upstream echo/echo",
	"others": ["v2"],
}]}

test_removal_of_the_primary if {
	rule.findings == {{
		"field": "metadata.name",
		"message": "v1 carries 100 % of the traffic of app echo and may not be removed while it does",
		"fix": concat(" ", [
			"promote v2 first (role: primary), or shift weight to it;",
			"if the whole app is going: kubectl annotate deployment echo-v1 aviary.dev/retire=true -n echo",
		]),
		"evidence": true,
	}} with input as of("DELETE", [v2], lost)
}

test_a_canary_that_carries_nothing_yet_is_waited_for if {
	broken := object.union(v2, {"weight": 100, "available": 0})
	some found in rule.findings with input as of("SCALE", [v1(0), broken], object.union(lost, {"scaled": true}))
	found.fix == "wait until v2, to which all traffic shall go, has an available replica"
	every change in [{"available": 1}, {"weight": 50}, {"role": "standby"}] {
		other := object.union(broken, change)
		some told in rule.findings with input as of("SCALE", [v1(0), other], object.union(lost, {"scaled": true}))
		startswith(told.fix, "promote v2 first")
	}
	gone := object.union(broken, {"replicas": 0})
	some told in rule.findings with input as of("SCALE", [v1(0), gone], object.union(lost, {"scaled": true}))
	startswith(told.fix, "promote another version first")
}

test_the_table_lags if {
	lag := {"object": "RouteTable echo-routes", "follows": "v1 primary, v2 canary 10"}
	some found in rule.findings with input as of("SCALE", [v1(0), v2], {"lost": object.union(lost.lost, {"lag": lag})})
	found.message == `RouteTable echo-routes still gives v1 100 % and follows "v1 primary, v2 canary 10"`
	found.fix == "wait until it follows what the Deployments say"
	soon := {"lost": object.union(lost.lost, {"lag": object.union(lag, {"deployment": "echo-v1"})})}
	some hint in rule.findings with input as of("SCALE", [v1(0), v2], soon)
	endswith(hint.fix, "; after 10 s an Event of Deployment echo-v1 says why, or Aviary has no leader")
	known := object.union(lag, {"deployment": "echo-v1", "since": "3m", "why": "policy no-tables refuses"})
	some told in rule.findings with input as of("SCALE", [v1(0), v2], {"lost": object.union(lost.lost, {"lag": known})})
	endswith(told.message, " since 3m (policy no-tables refuses)")
	told.fix == "wait until it follows what the Deployments say"
	refused := {"lost": object.union(lost.lost, {"lag": json.remove(known, ["since"])})}
	some at_once in rule.findings with input as of("SCALE", [v1(0), v2], refused)
	endswith(at_once.message, `follows "v1 primary, v2 canary 10" (policy no-tables refuses)`)
}

test_the_heir_is_not_available if {
	heir := {"lost": object.union(lost.lost, {"heir": "v2"})}
	some found in rule.findings with input as of("DELETE", [v2], heir)
	startswith(found.fix, "when v2 is available: kubectl delete deployment echo-v1 -n echo; if the")
	some told in rule.findings with input as of("SCALE", [v1(0), v2], heir)
	told.fix == "when v2 is available: do it again"
	off := object.union(v2, {"replicas": 0})
	some at_0 in rule.findings with input as of("SCALE", [v1(0), off], heir)
	at_0.fix == "v2 has 0 replicas, so scale it up; when v2 is available: do it again"
	itself := {"lost": object.union(lost.lost, {"heir": "v1"})}
	some other in rule.findings with input as of("SCALE", [v1(0), v2], itself)
	startswith(other.fix, "promote v2 first")
}

test_removal_with_nobody_to_take_over if {
	shadow := object.union(v2, {"role": "shadow"})
	some found in rule.findings with input as of("DELETE", [shadow], lost)
	startswith(found.fix, "promote another version first (role: primary), or shift weight to it")
}

test_a_version_without_replicas_takes_nothing_over if {
	idle := object.union(v2, {"replicas": 0})
	some found in rule.findings with input as of("DELETE", [idle], lost)
	startswith(found.fix, "promote another version first")
}

test_scaling_to_zero if {
	scaled := object.union(lost, {"scaled": true})
	some found in rule.findings with input as of("SCALE", [v1(0), v2], scaled)
	found.field == "spec.replicas"
	found.message == "v1 carries 100 % of the traffic of app echo and may not be scaled to 0 while it does"
	some applied in rule.findings with input as of("UPDATE", [v1(0), v2], scaled)
	applied == found
}

test_change_of_role if {
	some found in rule.findings with input as of("UPDATE", [v1(1), v2], lost)
	found.field == "metadata.annotations[aviary.dev/role]"
	endswith(found.message, "may not be taken out of the route while it does")
	some beside_idle in rule.findings with input as of("UPDATE", [v1(1), object.union(v2, {"replicas": 0})], lost)
	beside_idle.field == "metadata.annotations[aviary.dev/role]"
}

test_lost_without_a_version if {
	some found in rule.findings with input as of("UPDATE", [v1(1)], {"lost": {"share": 100}})
	found.message == "app echo would lose the route that it has"
}

test_hand_made_route if {
	rule.findings == {{
		"field": "metadata.name",
		"message": concat(" ", [
			"RouteTable echo/hand-made (spec.routes[0]) sends traffic to v1 of upstream echo/echo,",
			"which would have no workload",
		]),
		"fix": concat(" ", [
			"route to v2 there first;",
			"if the table is going too: kubectl annotate routetable hand-made aviary.dev/retire=true -n echo",
		]),
		"evidence": true,
	}} with input as of("DELETE", [v2], by_hand)
}

test_hand_made_route_of_a_workload_without_annotations if {
	some found in rule.findings with input as of("UPDATE", [], by_hand)
	found.field == "spec.template.metadata.labels"
	startswith(found.fix, "route to v2 there first")
	alone := {"stranded": [object.union(by_hand.stranded[0], {"others": []})], "scaled": true}
	some scaled in rule.findings with input as of("UPDATE", [], alone)
	scaled.field == "spec.replicas"
	startswith(scaled.fix, "route to another version there first")
}

of_no_version := {"stranded": [object.remove(by_hand.stranded[0], ["version"])]}

test_a_route_that_names_no_version if {
	some found in rule.findings with input as of("DELETE", [], of_no_version)
	endswith(found.message, "sends traffic to upstream echo/echo, which would have no workload")
	startswith(found.fix, "route elsewhere there first, or deploy another workload behind it; if the table")
}

test_the_last_in_place_of_a_version if {
	last := {"stranded": [object.union(by_hand.stranded[0], {"last": true})]}
	some found in rule.findings with input as of("SCALE", [], last)
	contains(found.message, "v1 of upstream echo/echo, which has no workload, and echo-v1 is the last that answers in ")
	found.fix == "deploy v1 or route elsewhere there first"
}

# A change of a Service or a backend, after which something is lacking.
picks(lacks, facts, more) := object.union(
	{
		"operation": "UPDATE",
		"kind": "Service",
		"namespace": "echo",
		"change": {"stranded": [object.union(
			by_hand.stranded[0],
			object.union({"lacks": lacks, "labels": "app=fox", "service": "echo/fox", "others": []}, facts),
		)]},
	},
	more,
)

# The table is another namespace's.
of_namespace(namespace, facts) := {"stranded": [object.union(
	by_hand.stranded[0],
	object.union({"namespace": namespace, "object": sprintf("RouteTable %s/hand-made", [namespace])}, facts),
)]}

open_to_all := {"allowed": ["gloo-system"]}

test_a_table_of_another_namespace if {
	message := concat("", [
		"RouteTable fox/hand-made (spec.routes[0]) sends traffic to v1 of upstream echo/echo, which would have no workload",
		"; that RouteTable is namespace fox's, so it holds nothing of namespace echo",
	])
	rule.findings == {{
		"field": "metadata.name",
		"message": message,
		"fix": "go on, or have namespace fox route elsewhere there first",
		"severity": "warn",
		"evidence": true,
	}} with input as of("DELETE", [v2], of_namespace("fox", {"reached": true}))
		with data.params["foreign-upstream"] as open_to_all
}

test_a_table_of_a_namespace_that_is_open_to_all if {
	some found in rule.findings with input as of("DELETE", [v2], of_namespace("gloo-system", {"reached": true}))
		with data.params["foreign-upstream"] as open_to_all
	not found.severity
	startswith(found.fix, "route to v2 there first;")
	some unled in rule.findings with input as of("DELETE", [v2], of_namespace("gloo-system", {"reached": false}))
		with data.params["foreign-upstream"] as open_to_all
	unled.severity == "warn"
	endswith(unled.message, "; nothing leads to that RouteTable, so it holds nothing of namespace echo")
	some closed in rule.findings with input as of("DELETE", [v2], of_namespace("gloo-system", {"reached": true}))
		with data.params["foreign-upstream"] as {"allowed": []}
	closed.severity == "warn"
}

test_a_service_that_another_namespace_uses if {
	service := {"service": {"selector": {}, "backends": []}}
	some found in rule.findings with input as picks("workload", {"namespace": "fox", "reached": true}, service)
		with data.params["foreign-upstream"] as open_to_all
	found.severity == "warn"
	contains(found.message, "none with app=fox asks for pods; that RouteTable is namespace fox's, so it holds nothing")
}

test_a_service_picks_nobody if {
	service := {"service": {"selector": {}, "backends": []}}
	rule.findings == {{
		"field": "spec.selector",
		"message": concat(" ", [
			"RouteTable echo/hand-made (spec.routes[0]) sends traffic to v1 of upstream echo/echo,",
			"which would have no workload: none with app=fox asks for pods",
		]),
		"fix": "first deploy a workload whose pods have app=fox, or route elsewhere there",
		"evidence": true,
	}} with input as picks("workload", {}, service)
	some other in rule.findings with input as picks("version", {"others": ["v2"]}, service)
	other.fix == "first deploy a workload whose pods have app=fox, or route to v2 there"
	some managed in rule.findings with input as picks("workload", {"app": "echo"}, service)
	endswith(managed.fix, ", or take service out of aviary.dev/use of app echo's Deployments")
	some alias in rule.findings with input as picks("pods", {}, service)
	alias.field == "spec.type"
	endswith(alias.message, "no workload: Service echo/fox is an alias, behind which there are no pods")
	alias.fix == "first route there to a backend of the other host"
}

test_a_backend_picks_nobody if {
	backend := {"kind": "Upstream", "backend": {"pods": true}}
	some found in rule.findings with input as picks("workload", {}, backend)
	found.field == "spec.kube.selector"
	some missing in rule.findings with input as picks("service", {}, backend)
	missing.field == "spec.kube.serviceName"
	endswith(missing.message, "which would have no endpoints: Service echo/fox does not exist")
	startswith(missing.fix, "first apply Service echo/fox, or ")
	some overlap in rule.findings with input as picks("overlap", {}, backend)
	endswith(overlap.message, "no workload: its selector and that of Service echo/fox exclude each other")
	overlap.fix == concat(" ", [
		"first take the selector out of upstream echo/echo, then change that of the Service,",
		"then give upstream echo/echo the new one, or route elsewhere there",
	])
	some fallback in rule.findings with input as picks("fallback", {}, backend)
	fallback.field == "spec.kube.subsetSpec"
	endswith(fallback.message, "none with app=fox asks for pods")
	startswith(fallback.fix, "first deploy a workload whose pods have app=fox")
	unnamed := json.remove(picks("fallback", {}, backend), ["change/stranded/0/version"])
	some all_pods in rule.findings with input as unnamed
	endswith(all_pods.message, "sends traffic to upstream echo/echo, which would not answer where no version is named")
	startswith(all_pods.fix, "first name a version there")
}

test_a_path_may_not_be_dropped if {
	change := {"dropped": ["/old", "=/x"], "lead": "v1"}
	some found in rule.findings with input as of("UPDATE", [v1(1)], change)
	found.field == "metadata.annotations[aviary.dev/paths]"
	found.message == "app echo would no longer serve /old, =/x"
	not found.severity
	contains(found.fix, "aviary.dev/override")
}

test_a_path_is_dropped_by_going_back if {
	change := {"dropped": ["/old"], "lead": "v1", "leadReturns": true}
	some found in rule.findings with input as of("DELETE", [v1(1)], change)
	found.severity == "warn"
	found.fix == "keep it in aviary.dev/paths of v1"
}

test_nothing_that_a_table_could_follow if {
	lag := {"object": "RouteTable echo-routes", "follows": "v1 primary", "unroutable": true}
	some found in rule.findings with input as of("DELETE", [v1(1)], {"lost": object.union(lost.lost, {"lag": lag})})
	startswith(found.fix, "the weights make no route that it could follow: lower one first; if the")
}

test_a_scaler_is_never_refused if {
	keda := "system:serviceaccount:keda:keda-operator"
	document := object.union(of("SCALE", [v1(0), v2], object.union(lost, {"scaled": true})), {"user": keda})
	findings := rule.findings with input as document with data.params["stranded-traffic"].scalers as [keda]
	{f.severity | some f in findings} == {"warn"}
	some found in rule.findings with input as object.union(document, {"user": "ann"})
	not found.severity
	removal := object.union(of("DELETE", [v2], lost), {"user": keda})
	some removed in rule.findings with input as removal with data.params["stranded-traffic"].scalers as [keda]
	not removed.severity
}

test_switching_off_is_a_warning if {
	off := object.union(lost, {"switchOff": true, "stranded": by_hand.stranded})
	findings := rule.findings with input as of("SCALE", [v1(0)], off)
	count(findings) == 2
	{f.severity | some f in findings} == {"warn"}
}

test_the_last_version_may_go if {
	last := object.union(lost, {"lastVersion": true})
	count(rule.findings) == 0 with input as of("DELETE", [], last)
}

test_the_last_version_may_not_go_while_a_hand_made_route_names_it if {
	last := object.union(by_hand, {"lastVersion": true})
	count(rule.findings) == 1 with input as of("DELETE", [], last)
}

test_nothing_stranded if {
	count(rule.findings) == 0 with input as of("DELETE", [v2], {"stranded": [], "lastVersion": false})
}

test_facts_that_are_missing if {
	count(rule.findings) == 0 with input as of("AUDIT", [v1(1)], {})
	count(rule.findings) == 0 with input as {"operation": "AUDIT"}
}
