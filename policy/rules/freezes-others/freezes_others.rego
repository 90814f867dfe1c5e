# METADATA
# title: Nothing keeps others' changes from going live
# description: |
#   Some mistakes in one object stop more than that object: Gloo keeps the last good version of the whole
#   VirtualService above it, or Envoy refuses all routes, and what anybody else changes does not go live until the
#   mistake is mended. A fault that no request comes to yet is a warning, and so are two VirtualServices of one
#   namespace with one domain, and an UpstreamGroup that may still be applied.
# custom:
#   subjects: [routes, backend]
#   mode: deny
#   kept: true
#   params:
#     bodyBytes:
#       default: 4096
#       minimum: 4096
#       maximum: 1048576
#       description: Bytes of a direct response's body, as maxDirectResponseBodySizeBytes of the Gateway allows
#     isolatedTLS:
#       default: false
#       description: Whether Gloo's Settings, or all Gateways, say isolateVirtualHostsBySslConfig
package policy.rules["freezes-others"]

# Facts are made in policy/judge: change.exposed, sharedNames in server_names.go; change.woken in woken.go; faults, ring
# in faults.go; missing in missing.go; settled in decision.go; sharedDomains in domains.go.

findings contains finding if {
	some f in input.faults
	not allowed(f)
	told := {"field": f.field, "message": sprintf("%s: with it %s", [what(f), consequence[f.reach]]), "fix": fix(f)}
	finding := object.union(object.union(told, severity(f)), decider(f))
}

limit := data.params["freezes-others"].bodyBytes

allowed(f) if {
	f.kind == "body"
	to_number(f.value) <= limit
}

# Nobody was harmed by it, as no requests came there before.
findings contains finding if {
	some w in input.change.woken
	not w.fault.kind == "mirror-idle"
	finding := {
		"field": w.field,
		"evidence": true,
		"message": sprintf("requests come to %s by this, and %s: with it %s", [
			w.of, what(w.fault), consequence[w.fault.reach],
		]),
		"fix": sprintf("first mend %s at %s, or lead nobody there", [w.of, w.fault.field]),
	}
}

decider(f) := {"annotation": "aviary.dev/paths"} if {
	f.kind in {"regex", "regex-size", "path"}
} else := {}

# It does no harm until requests come to it, and an idle mirror none but where validation is strict: the route serves.
severity(f) := {"severity": "warn"} if harmless(f)

severity(f) := {} if not harmless(f)

harmless(f) if f.dormant

harmless(f) if f.kind == "mirror-idle"

consequence := {
	"all": "the gateway refuses every team's routes",
	"root": "no team's changes under the same domains go live",
	"listener": "no change under any domain of the listener goes live",
	"kind": "no team's changes of objects of this kind go live",
	"checked": "strict validation refuses other teams' changes",
}

what(f) := sprintf("%q is no RE2 expression (%s), must be one", [f.value, f.why]) if f.kind == "regex"

what(f) := sprintf("the expression %q %s", [f.value, f.why]) if f.kind == "regex-size"

what(f) := sprintf("%q is no name of a header or parameter, must be one", [f.value]) if f.kind == "name"

what(f) := sprintf("the status is %s, must be from 200 to 599", [f.value]) if f.kind == "status"

what(f) := sprintf("the body has %s bytes, must have at most %d", [f.value, limit]) if f.kind == "body"

what(f) := "the list is empty, must have a destination" if f.kind == "list"

what(f) := "no weight is above 0, one must be" if f.kind == "weights"

what(f) := sprintf("a route that delegates has %s matchers, must have one at most", [f.value]) if f.kind == "matchers"

what(f) := "the matcher of a route that delegates has another path than a prefix, must have one" if f.kind == "prefix"

what(f) := "the matcher has no path, must have one" if f.kind == "path-missing"

what(f) := sprintf("path %q %s, must be one that requests can have", [f.value, f.why]) if f.kind == "path"

what(f) := sprintf("%q must be a duration", [f.value]) if {
	f.kind == "duration"
	not f.why
}

what(f) := sprintf("%q %s, must be a duration from 0 on", [f.value, f.why]) if f.kind == "duration"

what(f) := sprintf("the percentage is %s, must be from 0 to 100", [f.value]) if f.kind == "percentage"

what(f) := sprintf("the mirror %s", [f.why]) if f.kind == "mirror"

what(f) := sprintf("the mirror %sis of a redirect or a direct response, which Gloo takes for an error", [from(f)]) if {
	f.kind == "mirror-idle"
}

from(f) := concat("", [f.why, " "]) if {
	f.why
} else := ""

what(f) := sprintf("the reference to %q has no namespace, must have one", [f.value]) if f.kind == "namespace"

what(f) := "the domain is empty, must not be" if f.kind == "domain"

what(f) := sprintf("domain %q stands twice, must stand once", [f.value]) if f.kind == "domain-twice"

fix(f) := "write fewer or shorter expressions" if {
	input.kept
	f.kind == "regex-size"
} else := remedy[f.kind]

remedy := {
	"regex": "correct the expression",
	"regex-size": "write fewer or shorter expressions, or split the object",
	"name": "name the header or parameter, or remove the condition",
	"status": "write the HTTP status of the answer, such as 404",
	"body": "shorten the body, or have a backend answer",
	"list": "add a destination with a weight",
	"weights": "set a weight above 0",
	"matchers": "write a route with the same delegation for each matcher",
	"prefix": "write a prefix such as /echo, or remove the matcher for all paths",
	"path-missing": "add a prefix, / for all paths",
	"path": "write the path as requests have it",
	"duration": "write a number and its unit, such as 15s",
	"percentage": "write a number from 0 to 100",
	"mirror": "remove shadowing, or have it name an upstream",
	"mirror-idle": "remove shadowing, or say it only where an upstream answers",
	"namespace": "add the namespace to the reference",
	"domain": "remove it, or write * for all domains",
	"domain-twice": "remove one of them",
}

findings contains finding if {
	r := input.ring
	finding := object.union(
		{
			"field": r.field,
			"message": sprintf(
				"the table delegates to itself (%s), must not: with it %s",
				[concat(" → ", array.concat(r.tables, [r.tables[0]])), consequence.root],
			),
			"fix": "remove one of these delegations, or have its selector pick other tables",
			"evidence": true,
		},
		severity(r),
	)
}

findings contains finding if {
	some s in input.sharedDomains
	not isolated(s)
	finding := object.union(
		{
			"field": s.field,
			"message": sprintf(
				"domain %q is %s's too%s, must be one's alone: with both %s",
				[s.domain, s.root, further(s), consequence.listener],
			),
			"fix": separation(s),
			"evidence": true,
		},
		shared(s),
	)
}

# With one sslConfig each they have lists of domains of their own, where Gloo is told so.
isolated(s) if {
	s.apart
	data.params["freezes-others"].isolatedTLS
}

further(s) := sprintf(" and %d others'", [s.more]) if s.more

further(s) := "" if not s.more

# An object is renamed by making the new one first, and what goes serves until it is gone.
shared(s) := {"severity": "warn"} if s.owner == input.namespace

shared(s) := {"severity": "warn"} if s.going

shared(s) := {} if {
	s.owner != input.namespace
	not s.going
}

separation(s) := sprintf("see that %s goes, which is being deleted", [s.root]) if {
	s.going
} else := sprintf("delete %s once this one has its routes", [s.root]) if {
	s.owner == input.namespace
} else := sprintf("take another domain, or have %s lead to these routes", [s.root])

findings contains finding if {
	some s in input.sharedNames
	finding := object.union(
		{
			"field": s.field,
			"message": sprintf("%s: with both %s", [names(s), consequence.listener]),
			"fix": name_of_its_own(s),
			"evidence": true,
		},
		shared(s),
	)
}

names(s) := sprintf("server name %q is %s's too%s, which has another sslConfig, must be one's alone", [
	s.name, s.root, further(s),
]) if {
	s.name != ""
} else := sprintf("the sslConfig is for every server name, as is another one, %s's%s, must name its own", [
	s.root, further(s),
])

name_of_its_own(s) := separation(s) if {
	shared(s) == {"severity": "warn"}
} else := sprintf("list other names in sslConfig.sniDomains, or have the sslConfig of %s", [s.root])

# While one of them is for every name, so are all with its sslConfig.
findings contains finding if {
	some e in input.change.exposed
	finding := object.union(
		{
			"field": e.field,
			"message": sprintf(
				"by this %s have server name %q with two sslConfigs, must not: with both %s",
				[concat(" and ", e.roots), e.name, consequence.listener],
			),
			"fix": "first take the name out of one of them, or give both one sslConfig",
			"evidence": true,
		},
		unless_frozen(e),
	)
}

unless_frozen(e) := {"severity": "warn"} if e.frozen

unless_frozen(e) := {} if not e.frozen

findings contains finding if {
	some m in input.missing
	finding := object.union(
		{
			"field": m.field,
			"message": sprintf(
				"%s %s/%s does not exist, %smust exist: without it %s",
				[m.noun, m.namespace, m.name, cut(m), consequence.all],
			),
			"fix": sprintf("apply %s %s in namespace %s first", [m.kind, m.name, m.namespace]),
			"evidence": true,
		},
		missing(m),
	)
}

cut(m) := "so the list ends here and has no weight above 0, " if m.cuts

cut(m) := "" if not m.cuts

# In files all that is needed is there; in a cluster it may follow.
missing(m) := {} if {
	input.operation == "AUDIT"
	not input.settled
	not m.dormant
} else := {"severity": "warn"}
