package policy.rules["upstream-known_test"]

import data.policy.rules["upstream-known"] as rule

table(facts) := {"routes": [{"destinations": [{
	"field": "spec.routes[0].routeAction.single",
	"label": "v1",
	"backend": object.union({"kind": "Upstream", "noun": "upstream", "namespace": "echo", "name": "ecko"}, facts),
}]}]}

test_missing_upstream if {
	rule.findings == {{
		"field": "spec.routes[0].routeAction.single",
		"annotation": "aviary.dev/use",
		"message": "upstream echo/ecko does not exist",
		"fix": "apply Upstream ecko in namespace echo, or correct the name or the namespace",
		"evidence": true,
	}} with input as table({"exists": false})
}

test_missing_service if {
	some found in rule.findings with input as table({
		"kind": "Service",
		"noun": "Service",
		"name": "echo-v2",
		"exists": false,
	})
	found.message == "Service echo/echo-v2 does not exist"
	found.fix == "apply Service echo-v2 in namespace echo, or correct the name or the namespace"
}

test_upstream_that_exists if {
	count(rule.findings) == 0 with input as table({"exists": true})
}

unserved(facts) := {"unserved": [object.union(
	{"kind": "Upstream", "noun": "upstream", "namespace": "echo", "name": "echo"},
	facts,
)]}

test_a_mirror if {
	rule.findings == {{
		"field": "spec.routes[0].options.shadowing.upstream",
		"annotation": "aviary.dev/use",
		"message": "upstream echo/echo does not exist",
		"fix": "apply Upstream echo in namespace echo, or correct the name or the namespace",
		"evidence": true,
	}} with input as unserved({"lacks": "backend", "field": "spec.routes[0].options.shadowing.upstream"})
}

test_no_namespace if {
	some found in rule.findings with input as unserved({"lacks": "backend", "namespace": "", "field": "x"})
	found.message == "upstream echo does not exist: no namespace is named"
	found.fix == "name the namespace of Upstream echo"
}

test_no_name if {
	some found in rule.findings with input as unserved({"lacks": "backend", "name": "", "field": "x"})
	found.message == "no upstream is named: nobody gets the copy"
	found.fix == "name the Upstream, or remove the mirror"
}

test_no_service if {
	lack := unserved({"lacks": "service", "service": "echo/ecko"})
	some found in rule.findings with input as object.union(lack, {"backend": {"pods": true}})
	found.field == "spec.kube.serviceName"
	found.message == "Service echo/ecko, whose endpoints upstream echo/echo takes, does not exist"
	some routed in rule.findings with input as unserved({"lacks": "service", "service": "echo/ecko", "field": "x"})
	routed.field == "x"
}

port(facts) := unserved(object.union({"lacks": "port", "service": "echo/echo", "port": 8080, "ports": ["80"]}, facts))

test_no_port if {
	some found in rule.findings with input as port({})
	found.field == "spec.kube.servicePort"
	found.message == "Service echo/echo does not list port 8080, which upstream echo/echo names: it lists 80"
	found.fix == "list port 8080 in spec.ports of Service echo/echo, or name 80"
	some none in rule.findings with input as unserved({"lacks": "port", "service": "echo/echo", "port": 8080})
	endswith(none.message, "it lists none")
	endswith(none.fix, "or name a Service that lists one")
	some direct in rule.findings with input as port({"kind": "Service", "noun": "Service", "field": "x"})
	direct.message == "Service echo/echo does not list port 8080: it lists 80"
}

test_a_port_goes if {
	service := {"service": {"selector": {}, "backends": []}}
	some found in rule.findings with input as object.union(port({"by": "RouteTable echo/x"}), service)
	found.field == "spec.ports"
	found.message == concat(" ", [
		"Service echo/echo does not list port 8080,",
		"which upstream echo/echo names for RouteTable echo/x: it lists 80",
	])
	found.fix == "list both ports first: keep 8080 beside 80 in spec.ports until upstream echo/echo names another"
	table := {"kind": "RouteTable", "noun": "RouteTable", "name": "x", "by": "RouteTable echo/x"}
	some direct in rule.findings with input as object.union(port(table), service)
	contains(direct.message, "port 8080, which RouteTable echo/x names: it")
}

test_no_container_lists_the_target if {
	facts := {"lacks": "target", "service": "echo/echo", "port": 80, "target": "9090"}
	lack := unserved(object.union(facts, {"ports": ["http (8080)"]}))
	some found in rule.findings with input as object.union(lack, {"backend": {"pods": true}})
	found.field == "spec.kube.servicePort"
	found.message == concat(" ", [
		"port 80 of Service echo/echo leads to 9090, which no container behind it lists:",
		"they list http (8080)",
	])
	found.fix == concat(" ", [
		"set its targetPort to one of those; to change it, list both ports first: add 9090 to a container's ports,",
		"then change the Service, then take the old one out",
	])
	by := unserved(object.union(facts, {"by": "RouteTable echo/x"}))
	some service in rule.findings with input as object.union(by, {"service": {"selector": {}, "backends": []}})
	service.field == "spec.ports"
	endswith(service.message, "no container behind it lists, and RouteTable echo/x leads there: they list none")
	startswith(service.fix, "set its targetPort to a number that they listen to; to change it,")
}

test_nobody if {
	lack := unserved({"lacks": "workload", "labels": "app=echo", "by": "RouteTable echo/x"})
	some found in rule.findings with input as lack
	found.field == "spec.kube.selector"
	found.message == concat(" ", [
		"nobody is behind upstream echo/echo, to which RouteTable echo/x leads:",
		"no workload with app=echo asks for pods",
	])
	some service in rule.findings with input as object.union(lack, {"service": {"selector": {}, "backends": []}})
	service.field == "spec.selector"
}

test_labels_that_exclude_each_other if {
	some found in rule.findings with input as unserved({
		"lacks": "overlap",
		"labels": "app=a",
		"serviceLabels": "app=b",
		"service": "echo/echo",
	})
	found.field == "spec.kube.selector"
	found.message == "upstream echo/echo selects app=a and its Service echo/echo selects app=b: no pod has both"
}

# A list of two, of which one is missing.
two(first, second, dialect) := {"dialect": dialect, "routes": [{"weighted": true, "destinations": [first, second]}]}

missing := {
	"field": "a",
	"subset": {"version": "v1"},
	"backend": {"kind": "Upstream", "noun": "upstream", "namespace": "echo", "name": "ecko", "exists": false},
}

there := {"field": "b", "backend": {"exists": true}}

test_a_list_that_is_cut if {
	some found in rule.findings with input as two(missing, there, "gloo")
	found.message == "upstream echo/ecko does not exist, and Gloo sends nothing to the destinations after it"
	every document in [
		two(there, missing, "gloo"),
		two(missing, there, "toy"),
		two(json.remove(missing, ["subset"]), there, "gloo"),
		json.remove(two(missing, there, "gloo"), ["routes/0/weighted"]),
	] {
		{f.message | some f in rule.findings} == {"upstream echo/ecko does not exist"} with input as document
	}
}

test_facts_that_are_missing if {
	count(rule.findings) == 0 with input as table({})
	count(rule.findings) == 0 with input as {"routes": [{"destinations": [{"label": "v1"}]}]}
	count(rule.findings) == 0 with input as {}
}

nobody(facts) := {
	"kind": "Service",
	"namespace": "echo",
	"service": {"selector": {}, "backends": []},
	"unserved": [object.union(
		{
			"kind": "Service",
			"noun": "Service",
			"namespace": "echo",
			"name": "echo",
			"lacks": "workload",
			"labels": "app=fox",
		},
		facts,
	)],
}

test_only_tables_that_hold_it_refuse if {
	every holders in [["echo"], ["fox", "gloo-system"]] {
		some found in rule.findings with input as nobody({"by": "RouteTable fox/by-hand", "holders": holders})
			with data.params["foreign-upstream"] as {"allowed": ["gloo-system"]}
		not found.severity
	}
	every facts in [{"by": "RouteTable fox/by-hand"}, {"by": "RouteTable fox/by-hand", "holders": ["fox"]}] {
		some found in rule.findings with input as nobody(facts)
			with data.params["foreign-upstream"] as {"allowed": ["gloo-system"]}
		found.severity == "warn"
	}
	some alone in rule.findings with input as nobody({})
	not alone.severity
}

# Whatever else is known of it, what it lacks decides.
lacking(lacks) := unserved({
	"lacks": lacks,
	"field": "x",
	"service": "echo/echo",
	"port": 8080,
	"target": "9090",
	"ports": ["80"],
	"labels": "app=a",
	"serviceLabels": "app=b",
})

test_what_is_lacking_decides if {
	told := {lacks: [found.annotation, found.message] |
		some lacks in ["workload", "target", "port", "service", "overlap"]
		some found in rule.findings with input as lacking(lacks)
	}
	told == {
		"workload": ["aviary.dev/app", "nobody is behind upstream echo/echo: no workload with app=a asks for pods"],
		"target": ["aviary.dev/target-port", concat(" ", [
			"port 8080 of Service echo/echo leads to 9090,",
			"which no container behind it lists: they list 80",
		])],
		"port": ["aviary.dev/port", concat(" ", [
			"Service echo/echo does not list port 8080,",
			"which upstream echo/echo names: it lists 80",
		])],
		"service": ["aviary.dev/use", "Service echo/echo, whose endpoints upstream echo/echo takes, does not exist"],
		"overlap": ["aviary.dev/use", concat(" ", [
			"upstream echo/echo selects app=a and its Service echo/echo selects app=b:",
			"no pod has both",
		])],
	}
}

test_what_is_lacking_decides_the_fix if {
	begins := {
		"workload": "apply a workload whose pods have app=a, or correct the selector",
		"target": "set its targetPort to one of those; to change it, list both ports first",
		"port": "list port 8080 in spec.ports of Service echo/echo, or name 80",
		"service": "apply Service echo/echo, or correct the name or the namespace of the Service in upstream echo/echo",
		"overlap": "correct the selector of one of them: Gloo takes those of the Service's pods",
	}
	every lacks, text in begins {
		some found in rule.findings with input as lacking(lacks)
		startswith(found.fix, text)
	}
	of_one := object.union(begins, {"target": "call the port 9090 in the containers of v1, or set targetPort"})
	every lacks, text in of_one {
		some found in rule.findings
			with input as {"unserved": [object.union(lacking(lacks).unserved[0], {"version": "v1"})]}
		startswith(found.fix, text)
	}
}

# Aviary would put back what it writes, so the way out is another object.
test_of_what_aviary_writes if {
	fixes := {lacks: found.fix |
		some lacks in ["workload", "target", "port", "service", "overlap", "backend"]
		some found in rule.findings with input as object.union(lacking(lacks), {"kept": true})
	}
	fixes == {
		"workload": "scale one of the app's Deployments up",
		"target": "set it, or targetPort of a Service that is not Aviary's, to one of those",
		"port": "set it to 80, or list port 8080 in a Service that is not Aviary's",
		"service": "apply Service echo/echo",
		"overlap": "correct the selector of Service echo/echo, if it is not Aviary's",
		"backend": "apply Upstream echo in namespace echo, or correct the name or the namespace",
	}
}
