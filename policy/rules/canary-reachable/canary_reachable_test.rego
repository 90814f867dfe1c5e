package policy.rules["canary-reachable_test"]

import data.policy.rules["canary-reachable"] as rule

finding(field, message, fix) := {"field": field, "annotation": "aviary.dev/paths", "message": message, "fix": fix}

test_shadowed if {
	rule.findings == {finding(
		"spec.routes[1]",
		"no request reaches it (v2): a route before it (v1) takes /echo, must come later",
		"move it before spec.routes[0] (v1), or make their matchers differ",
	)} with input as {"obstacles": [{
		"kind": "shadowed",
		"field": "spec.routes[1]",
		"label": "v2",
		"by": "spec.routes[0]",
		"byLabel": "v1",
		"when": "/echo",
	}]}
}

test_pathless if {
	rule.findings == {finding(
		"spec.routes[0].matchers[0]",
		"the matcher (with stage=canary) has no path, must have one, or Gloo drops the route",
		"add prefix: with the path of the route that takes the rest",
	)} with input as {"obstacles": [{
		"kind": "pathless",
		"field": "spec.routes[0].matchers[0]",
		"label": "v2",
		"when": "with stage=canary",
	}]}
}

test_lone if {
	rule.findings == {finding(
		"spec.routes[0].matchers[0]",
		"only requests of /echo with stage=canary are routed, must have a route beside it for those without its headers",
		"add a route for /echo after it, with no headers, to the primary",
	)} with input as {"obstacles": [{
		"kind": "lone",
		"field": "spec.routes[0].matchers[0]",
		"label": "v2",
		"when": "/echo with stage=canary",
		"rest": "/echo",
	}]}
}

test_absent if {
	rule.findings == {{
		"field": "spec.routes[0].matchers[0]",
		"annotation": "aviary.dev/paths",
		"message": concat("", [
			"/echo with stage=canary and the route for every other value leave out requests without the header,",
			" must have a third",
		]),
		"fix": "add a route for /echo after it, with no headers, to the primary",
		"severity": "warn",
	}} with input as {"obstacles": [{
		"kind": "absent",
		"field": "spec.routes[0].matchers[0]",
		"label": "v2",
		"when": "/echo with stage=canary",
		"rest": "/echo",
	}]}
}

test_sorted if {
	facts := {
		"field": "spec.routes[1]",
		"label": "v2",
		"by": "spec.routes[0]",
		"byLabel": "v1",
		"when": "/echo",
		"beside": "RouteTable fox/fox-routes",
	}
	rule.findings == {
		{
			"field": "spec.routes[1]",
			"annotation": "aviary.dev/paths",
			"message": concat("", [
				"requests reach it (v2) only because RouteTable fox/fox-routes makes Gloo sort: as written,",
				" a route before it (v1) takes /echo",
			]),
			"fix": "give the longer path first: move it before spec.routes[0] (v1)",
			"severity": "warn",
		},
		{
			"field": "spec.routes[1]",
			"annotation": "aviary.dev/paths",
			"message": concat("", [
				"RouteTable fox/fox-routes beside it makes Gloo sort, which puts spec.routes[0] (v1) before it (v2) and takes",
				" its requests of /echo away",
			]),
			"fix": "add a route for /echo with the same headers",
			"severity": "warn",
		},
	} with input as {"obstacles": [
		object.union(facts, {"kind": "hanging"}),
		object.union(facts, {"kind": "overtaken"}),
	]}
}

test_outsorted if {
	rule.findings == {finding(
		"spec.routes[0]",
		concat("", [
			"no request reaches it (v2): RouteTable fox/fox-routes makes Gloo sort by the most specific matcher,",
			" and spec.routes[1] (v1) comes first",
		]),
		"let spec.routes[1] have one matcher, with this route's path and methods; give others routes of their own",
	)} with input as {"obstacles": [{
		"kind": "outsorted",
		"field": "spec.routes[0]",
		"label": "v2",
		"by": "spec.routes[1]",
		"byLabel": "v1",
		"when": "/echo",
		"beside": "RouteTable fox/fox-routes",
	}]}
}

test_unsure if {
	rule.findings == {{
		"field": "spec.routes[0]",
		"annotation": "aviary.dev/paths",
		"message": concat("", [
			"it is not certain that all requests without its headers are routed (v2):",
			" spec.routes[1] (~/echo(/.*)?) may not fit all of its paths",
		]),
		"fix": "add a route with the same path and no headers after it, to the primary",
		"severity": "warn",
	}} with input as {"obstacles": [{
		"kind": "unsure",
		"field": "spec.routes[0]",
		"label": "v2",
		"by": "spec.routes[1]",
		"byLabel": "v1",
		"when": "~/echo(/.*)?",
	}]}
}

test_overwritten if {
	rule.findings == {finding(
		"spec.routes[0].matchers[0]",
		"Gloo serves it at /, and not at /echo: inheritablePathMatchers puts the parent's path in place of its own",
		"remove the path, or set inheritablePathMatchers: false",
	)} with input as {"obstacles": [{
		"kind": "overwritten",
		"field": "spec.routes[0].matchers[0]",
		"label": "v1",
		"when": "/echo",
		"rest": "/",
	}]}
}

test_forgetful if {
	rule.findings == {finding(
		"spec.routes[0].matchers[0]",
		"the matcher (with x=1) has no path: Gloo reads it as / and forgets what else it asks for",
		"add prefix: / beside it",
	)} with input as {"obstacles": [{
		"kind": "forgetful",
		"field": "spec.routes[0].matchers[0]",
		"label": "a delegation",
		"when": "with x=1",
	}]}
}

# Aviary would put the route back: the way out is what it is written from.
test_in_a_table_that_aviary_keeps if {
	facts := {"kind": "lone", "field": "f", "label": "v2", "when": "/echo with stage=canary", "rest": "/echo"}
	fixes := {[kept, found.fix] |
		some kept in [true, false]
		some found in rule.findings with input as {"kept": kept, "obstacles": [facts]}
	}
	fixes == {
		[true, "state other paths, or other headers, for which that is not so"],
		[false, "add a route for /echo after it, with no headers, to the primary"],
	}
}

test_a_parent_may_come if {
	facts := {"kind": "pathless", "field": "f", "label": "v2", "when": "with stage=canary", "open": true}
	some found in rule.findings with input as {"obstacles": [facts]}
	found.severity == "warn"
}

test_nothing_in_the_way if {
	count(rule.findings) == 0 with input as {}
}

alone(over) := {"change": {"alone": [object.union(
	{
		"kind": "lone",
		"table": "RouteTable echo/a-canary",
		"field": "spec.routes[0].matchers[0]",
		"label": "v2",
		"when": "/echo with stage=canary",
		"rest": "/echo",
		"own": true,
	},
	over,
)]}}

test_alone if {
	some found in rule.findings with input as alone({})
	found.field == "metadata.name"
	found.evidence
	not found.severity
	startswith(found.message, "only requests of /echo with stage=canary would be routed (v2), by RouteTable echo/a-canary")
	startswith(found.fix, "first give RouteTable echo/a-canary a route for /echo,")
}

test_alone_in_another_namespace if {
	some found in rule.findings with input as alone({"own": false})
	found.severity == "warn"
}

test_alone_but_for_other_values if {
	some found in rule.findings with input as alone({"kind": "absent"})
	found.severity == "warn"
}

test_nobody_is_left_alone if {
	count(rule.findings) == 0 with input as {"change": {}}
}
