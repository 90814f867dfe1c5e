package policy.rules.promotion_test

import data.policy.rules.promotion as rule

of(facts) := {
	"operation": "UPDATE",
	"app": {"versions": [{"version": "v1"}, {"version": "v2"}], "weightSum": 0},
	"change": {"promotion": object.union(
		{
			"from": "v1",
			"to": "v2",
			"implicit": false,
			"shareBefore": 10,
			"declared": 10,
			"fromAvailable": 1,
			"toAvailable": 1,
			"goingBack": false,
		},
		facts,
	)},
}

finding(message, fix) := {
	"field": "metadata.annotations[aviary.dev/role]",
	"message": message,
	"fix": fix,
	"evidence": true,
}

test_too_early if {
	rule.findings == {finding(
		"v2 carries 10 % of the traffic and v1 is still available: the new primary must carry 100 % first",
		`set aviary.dev/weight: "100" on v2 and wait until it is available, then promote`,
	)} with input as of({})
}

test_all_the_weight_but_nobody_there if {
	rule.findings == {finding(
		"v2 has no available replica and v1 has: the new primary must be available first",
		"wait until v2 is available, then promote",
	)} with input as of({"shareBefore": 0, "declared": 100, "toAvailable": 0})
}

test_the_table_lags if {
	lag := {"object": "RouteTable echo-routes", "follows": "v1 primary, v2 canary 10"}
	fix := "promote when RouteTable echo-routes gives v2 100 %; its annotation aviary.dev/summary tells"
	rule.findings == {finding(
		`RouteTable echo-routes still gives v2 10 % and follows "v1 primary, v2 canary 10"`,
		fix,
	)} with input as of({"declared": 100, "lag": lag})
	rule.findings == {finding(
		`RouteTable echo-routes still gives v2 10 % and follows "v1 primary, v2 canary 10" since 3m (no)`,
		fix,
	)} with input as of({"declared": 100, "lag": object.union(lag, {"since": "3m", "why": "no", "deployment": "echo-v1"})})
	some at_once in rule.findings with input as of({"declared": 100, "lag": object.union(lag, {"why": "no"})})
	endswith(at_once.message, `follows "v1 primary, v2 canary 10" (no)`)
	told := concat("; ", [fix, "after 10 s an Event of Deployment echo-v1 says why, or Aviary has no leader"])
	some found in rule.findings with input as of({"declared": 100, "lag": object.union(lag, {"deployment": "echo-v1"})})
	found.fix == told
}

test_a_lag_does_not_excuse_a_low_weight if {
	lag := {"object": "RouteTable echo-routes", "follows": "v1 primary, v2 canary 10"}
	some found in rule.findings with input as of({"declared": 20, "lag": lag})
	startswith(found.message, "v2 carries 10 %")
}

test_all_the_weight_and_the_gate_keeps_it_back if {
	rule.findings == {finding(
		"v2 carries 0 % of the traffic and v1 is still available: the new primary must carry 100 % first",
		"promote when the table gives v2 100 %: within 10 s, while it stays available",
	)} with input as of({"shareBefore": 0, "declared": 100})
}

test_all_the_weight_and_the_pods_to_take_it if {
	count(rule.findings) == 0 with input as of({"shareBefore": 100})
	count(rule.findings) == 0 with input as of({"declared": 100, "toAvailable": 0, "fromAvailable": 0})
}

test_superseded if {
	app := {"app": {
		"primary": "v2",
		"versions": [{"version": "v1", "deployment": "echo-v1"}, {"version": "v2", "deployment": "echo-v2"}],
	}}
	rule.findings == {{
		"field": "metadata.annotations[aviary.dev/role]",
		"message": "v2 keeps the traffic: v1 says primary as well, and is superseded",
		"fix": "set another role on echo-v2, then v1 takes over; or set another role here",
		"severity": "warn",
		"evidence": true,
	}} with input as object.union(app, {"version": {"version": "v1", "role": "superseded"}})
	superseded := object.union(app, {"version": {"version": "v1", "role": "superseded"}})
	every near in [
		{"version": {"role": "standby"}},
		{"version": {"version": "v2"}}, # another Deployment of the same version
		{"change": {"scaled": true}},
	] {
		count(rule.findings) == 0 with input as object.union(superseded, near)
	}
}

test_unstated_in_audits if {
	facts := {
		"operation": "AUDIT",
		"version": {"version": "v1", "role": "primary"},
		"app": {"name": "echo", "primary": "v1", "unstated": true, "versions": []},
	}
	some found in rule.findings with input as facts
	found.severity == "warn"
	startswith(found.message, "no version of app echo states primary: v1 is it because it was")
	count(rule.findings) == 0 with input as object.union(facts, {"operation": "UPDATE"})
	count(rule.findings) == 0 with input as object.union(facts, {"version": {"version": "v2", "role": "standby"}})
	count(rule.findings) == 0 with input as json.remove(facts, ["app/unstated"])
}

test_moved if {
	moved := {"what": "weight 100 → 10", "percent": 90, "to": ["v1"]}
	rule.findings == {{
		"field": "metadata.annotations[aviary.dev/weight]",
		"message": "weight 100 → 10: 90 % goes back to v1",
		"fix": "apply what was there before if this is not meant",
		"severity": "warn",
		"evidence": true,
	}} with input as {"change": {"moved": moved}}
	some found in rule.findings with input as {"change": {"moved": {"what": "canary → standby", "percent": 10}}}
	found.field == "metadata.annotations[aviary.dev/role]"
	found.message == "canary → standby: 10 % goes to nobody"
}

test_not_implicit_when_the_old_one_goes if {
	gone := object.union(of({}), {"app": {"versions": [{"version": "v2"}]}})
	some found in rule.findings with input as gone
	startswith(found.fix, `set aviary.dev/weight: "100" on v2`)
}

test_implicit_while_the_old_one_stays if {
	some found in rule.findings with input as of({"implicit": true, "shareBefore": 0})
	startswith(found.message, "v2 would be primary as the oldest version without a role; it carries 0 %")
	found.fix == "set aviary.dev/role: primary on v1 to keep it"
	some weighted in rule.findings with input as of({"implicit": true, "shareBefore": 0, "declared": 100})
	weighted.fix == found.fix
}

test_implicit_when_the_old_one_goes if {
	gone := object.union(of({"implicit": true, "shareBefore": 0}), {"app": {"versions": [{"version": "v2"}]}})
	some found in rule.findings with input as gone
	found.fix == concat(" ", [
		`set aviary.dev/role: canary and aviary.dev/weight: "100" on v2,`,
		"wait until it is available, then remove v1",
	])
}

test_unknown_availability_does_not_permit if {
	count(rule.findings) == 1 with input as json.remove(of({}), ["change/promotion/fromAvailable"])
}

test_the_old_one_is_down if {
	count(rule.findings) == 0 with input as of({"fromAvailable": 0})
}

test_going_back if {
	count(rule.findings) == 0 with input as of({"goingBack": true})
	count(rule.findings) == 0 with input as of({"goingBack": true, "toAvailable": 0})
}

test_there_was_no_primary if {
	count(rule.findings) == 0 with input as json.remove(of({}), ["change/promotion/from"])
}

test_the_share_does_not_rise if {
	count(rule.findings) == 0 with input as object.union(of({}), {"app": {"weightSum": 90}})
}

test_facts_that_are_missing if {
	count(rule.findings) == 0 with input as {"operation": "UPDATE", "change": {}}
	count(rule.findings) == 0 with input as {"operation": "AUDIT"}
}
