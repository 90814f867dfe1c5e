package policy.rules["freezes-others_test"]

import data.policy.rules["freezes-others"] as rule

fault(facts) := {"faults": [object.union({"field": "spec.routes[0]", "value": "x", "reach": "all"}, facts)]}

# The message of a fault and its fix.
said(facts) := [f.message, f.fix] if {
	some f in rule.findings with input as fault(facts)
}

test_regex if {
	rule.findings == {{
		"field": "spec.routes[0]",
		"annotation": "aviary.dev/paths",
		"message": concat("", [
			`"(" is no RE2 expression (missing closing )), must be one: `,
			"with it the gateway refuses every team's routes",
		]),
		"fix": "correct the expression",
	}} with input as fault({"kind": "regex", "value": "(", "why": "missing closing )"})
}

ends(reach, text) if said({"kind": "list", "reach": reach})[0] == concat("", [start, text])

start := "the list is empty, must have a destination: with it "

test_reach if {
	ends("all", "the gateway refuses every team's routes")
	ends("root", "no team's changes under the same domains go live")
	ends("listener", "no change under any domain of the listener goes live")
	ends("kind", "no team's changes of objects of this kind go live")
	ends("checked", "strict validation refuses other teams' changes")
}

starts(facts, text) if startswith(said(facts)[0], concat("", [text, ": with it the gateway"]))

idle := "is of a redirect or a direct response, which Gloo takes for an error"

test_every_kind_is_said if {
	starts({"kind": "regex-size", "why": "has 5000 bytes"}, `the expression "x" has 5000 bytes`)
	starts({"kind": "name"}, `"x" is no name of a header or parameter, must be one`)
	starts({"kind": "status", "value": "0"}, "the status is 0, must be from 200 to 599")
	starts({"kind": "list"}, "the list is empty, must have a destination")
	starts({"kind": "weights"}, "no weight is above 0, one must be")
	starts({"kind": "matchers", "value": "2"}, "a route that delegates has 2 matchers, must have one at most")
	starts({"kind": "prefix"}, "the matcher of a route that delegates has another path than a prefix, must have one")
	starts({"kind": "path-missing"}, "the matcher has no path, must have one")
	starts({"kind": "path", "why": "has //"}, `path "x" has //, must be one that requests can have`)
	starts({"kind": "duration"}, `"x" must be a duration`)
	starts({"kind": "duration", "why": "is negative"}, `"x" is negative, must be a duration from 0 on`)
	starts({"kind": "percentage", "value": "150"}, "the percentage is 150, must be from 0 to 100")
	starts({"kind": "mirror", "why": "names no upstream, must name one"}, "the mirror names no upstream, must name one")
	starts({"kind": "mirror-idle"}, concat(" ", ["the mirror", idle]))
	starts({"kind": "mirror-idle", "why": "of X"}, concat(" ", ["the mirror of X", idle]))
	starts({"kind": "namespace"}, `the reference to "x" has no namespace, must have one`)
	starts({"kind": "domain"}, "the domain is empty, must not be")
	starts({"kind": "domain-twice"}, `domain "x" stands twice, must stand once`)
}

kinds := [
	"regex", "regex-size", "name", "status", "list", "weights", "matchers", "prefix", "path-missing", "path", "duration",
	"percentage", "mirror", "mirror-idle", "namespace", "domain", "domain-twice",
]

# Of a table that Aviary writes nothing can be split; any other fix stays.
test_in_a_table_that_aviary_keeps if {
	fixes := {[kept, kind]: f.fix |
		some kept in [true, false]
		some kind in ["regex", "regex-size"]
		some f in rule.findings with input as object.union(fault({"kind": kind, "why": "w"}), {"kept": kept})
	}
	fixes == {
		[true, "regex"]: "correct the expression",
		[false, "regex"]: "correct the expression",
		[true, "regex-size"]: "write fewer or shorter expressions",
		[false, "regex-size"]: "write fewer or shorter expressions, or split the object",
	}
}

larger := {"kind": "body", "value": "4097"}

test_body_beyond_the_parameter if {
	some f in rule.findings with input as fault(larger) with data.params["freezes-others"] as {"bodyBytes": 4096}
	startswith(f.message, "the body has 4097 bytes, must have at most 4096: with it the gateway")
	f.fix == "shorten the body, or have a backend answer"
}

test_body_within_the_parameter if {
	count(rule.findings) == 0 with input as fault(larger) with data.params["freezes-others"] as {"bodyBytes": 4097}
}

test_every_kind_has_one_finding_with_a_fix if {
	every kind in kinds {
		count(rule.findings) == 1 with input as fault({"kind": kind, "why": "is wrong"})
		said({"kind": kind, "why": "is wrong"})[1] != ""
	}
}

test_dormant_is_a_warning if {
	some f in rule.findings with input as fault({"kind": "list", "dormant": true})
	f.severity == "warn"
	some g in rule.findings with input as fault({"kind": "list"})
	not g.severity
}

ring(facts) := {"ring": object.union({"field": "spec.routes", "tables": ["a/x", "b/y"]}, facts)}

test_ring if {
	rule.findings == {{
		"field": "spec.routes",
		"message": concat("", [
			"the table delegates to itself (a/x → b/y → a/x), must not: ",
			"with it no team's changes under the same domains go live",
		]),
		"fix": "remove one of these delegations, or have its selector pick other tables",
		"evidence": true,
	}} with input as ring({})
}

test_dormant_ring if {
	some f in rule.findings with input as ring({"dormant": true})
	f.severity == "warn"
}

shared(facts) := {"namespace": "echo", "sharedDomains": [object.union(
	{"field": "spec.virtualHost.domains[0]", "domain": "*", "root": "VirtualService fox/www", "owner": "fox"},
	facts,
)]}

test_domain_of_another_namespace if {
	rule.findings == {{
		"field": "spec.virtualHost.domains[0]",
		"message": concat("", [
			`domain "*" is VirtualService fox/www's too, must be one's alone: `,
			"with both no change under any domain of the listener goes live",
		]),
		"fix": "take another domain, or have VirtualService fox/www lead to these routes",
		"evidence": true,
	}} with input as shared({})
}

test_domain_of_several if {
	some f in rule.findings with input as shared({"more": 2})
	contains(f.message, "is VirtualService fox/www's too and 2 others', must")
}

test_domain_of_the_own_namespace_is_a_warning if {
	some f in rule.findings with input as shared({"owner": "echo"})
	f.severity == "warn"
	f.fix == "delete VirtualService fox/www once this one has its routes"
}

test_domain_of_what_goes_is_a_warning if {
	some f in rule.findings with input as shared({"going": true})
	f.severity == "warn"
	f.fix == "see that VirtualService fox/www goes, which is being deleted"
	some n in rule.findings with input as named({"going": true})
	[n.severity, n.fix] == [f.severity, f.fix]
}

test_domain_with_another_certificate if {
	count(rule.findings) == 1 with input as shared({"apart": true})
		with data.params["freezes-others"] as {"bodyBytes": 4096, "isolatedTLS": false}
}

test_domain_where_gloo_isolates if {
	isolates := {"bodyBytes": 4096, "isolatedTLS": true}
	count(rule.findings) == 0 with input as shared({"apart": true}) with data.params["freezes-others"] as isolates
	count(rule.findings) == 1 with input as shared({}) with data.params["freezes-others"] as isolates
}

named(facts) := {"namespace": "echo", "sharedNames": [object.union(
	{"field": "spec.sslConfig.sniDomains[0]", "name": "a.example", "root": "VirtualService fox/www", "owner": "fox"},
	facts,
)]}

test_server_name_of_another_namespace if {
	rule.findings == {{
		"field": "spec.sslConfig.sniDomains[0]",
		"message": concat("", [
			`server name "a.example" is VirtualService fox/www's too, which has another sslConfig, must be one's alone: `,
			"with both no change under any domain of the listener goes live",
		]),
		"fix": "list other names in sslConfig.sniDomains, or have the sslConfig of VirtualService fox/www",
		"evidence": true,
	}} with input as named({})
}

test_every_server_name if {
	some f in rule.findings with input as named({"name": "", "more": 1})
	startswith(f.message, concat("", [
		"the sslConfig is for every server name, as is another one, VirtualService fox/www's and 1 others', ",
		"must name its own: with both",
	]))
}

test_server_name_of_the_own_namespace_is_a_warning if {
	some f in rule.findings with input as named({"owner": "echo"})
	f.severity == "warn"
	f.fix == "delete VirtualService fox/www once this one has its routes"
}

exposed(facts) := {"change": {"exposed": [object.union(
	{"field": "metadata.name", "name": "a.example", "roots": ["VirtualService a/a", "VirtualService b/b"]},
	facts,
)]}}

test_exposed if {
	rule.findings == {{
		"field": "metadata.name",
		"message": concat("", [
			"by this VirtualService a/a and VirtualService b/b have server name \"a.example\" with two sslConfigs, ",
			"must not: with both no change under any domain of the listener goes live",
		]),
		"fix": "first take the name out of one of them, or give both one sslConfig",
		"evidence": true,
	}} with input as exposed({"frozen": false})
}

test_exposed_where_nothing_went_live_before_is_a_warning if {
	some f in rule.findings with input as exposed({"frozen": true})
	f.severity == "warn"
}

missing(facts, more) := object.union(more, {"missing": [object.union(
	{"field": "spec.routes[0]", "kind": "UpstreamGroup", "noun": "UpstreamGroup", "namespace": "echo", "name": "g"},
	facts,
)]})

test_missing_in_files if {
	rule.findings == {{
		"field": "spec.routes[0]",
		"message": "UpstreamGroup echo/g does not exist, must exist: without it the gateway refuses every team's routes",
		"fix": "apply UpstreamGroup g in namespace echo first",
		"evidence": true,
	}} with input as missing({}, {"operation": "AUDIT"})
}

test_missing_where_it_may_follow_is_a_warning if {
	every more in [{"operation": "CREATE"}, {"operation": "UPDATE"}, {"operation": "AUDIT", "settled": true}] {
		some f in rule.findings with input as missing({}, more)
		f.severity == "warn"
	}
	some f in rule.findings with input as missing({"dormant": true}, {"operation": "AUDIT"})
	f.severity == "warn"
}

test_missing_backend_that_ends_a_list if {
	some f in rule.findings with input as missing({"cuts": true}, {"operation": "AUDIT"})
	contains(f.message, "does not exist, so the list ends here and has no weight above 0, must exist: without it")
}

test_facts_that_are_missing if {
	count(rule.findings) == 0 with input as {}
	count(rule.findings) == 0 with input as {"faults": [], "sharedDomains": [], "missing": []}
}

test_an_idle_mirror_is_a_warning if {
	{f.severity | some f in rule.findings} == {"warn"} with input as fault({"kind": "mirror-idle"})
}

woken(over) := {"change": {"woken": [object.union(
	{
		"field": "metadata.name",
		"of": "RouteTable fox/kid",
		"fault": {"kind": "list", "reach": "root", "field": "spec.routes[0]", "dormant": false},
	},
	over,
)]}}

test_woken if {
	rule.findings == {{
		"field": "metadata.name",
		"evidence": true,
		"message": concat("", [
			"requests come to RouteTable fox/kid by this, and the list is empty, must have a destination: ",
			"with it no team's changes under the same domains go live",
		]),
		"fix": "first mend RouteTable fox/kid at spec.routes[0], or lead nobody there",
	}} with input as woken({})
	rule.findings == set() with input as woken({"fault": {"kind": "mirror-idle", "reach": "root", "field": "x"}})
}
