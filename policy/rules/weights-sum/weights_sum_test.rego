package policy.rules["weights-sum_test"]

import data.policy.rules["weights-sum"] as rule

destination(i, label, weight) := object.union(nameless(i, label), {"weight": weight})

nameless(i, label) := {
	"field": sprintf("spec.routes[0].routeAction.multi.destinations[%d].destination", [i]),
	"label": label,
	"subset": {"version": label},
}

table(split, destinations) := {"routes": [{
	"field": "spec.routes[0]",
	"destinationsField": "spec.routes[0].routeAction.multi.destinations",
	"weighted": true,
	"split": split,
	"sum": total(destinations),
	"destinations": destinations,
}]}

total(destinations) := sum([d.weight | some d in destinations]) if {
	every d in destinations { d.weight >= 0 }
} else := -1

two(a, b) := table(true, [destination(0, "v1", a), destination(1, "v2", b)])

list_finding(message, fix) := {
	"field": "spec.routes[0].routeAction.multi.destinations",
	"message": message,
	"fix": fix,
}

weight_finding(i, message, fix) := {
	"field": sprintf("spec.routes[0].routeAction.multi.destinations[%d].weight", [i]),
	"message": message,
	"fix": fix,
}

test_sum_too_low if {
	rule.findings == {list_finding(
		"weights sum to 90 (v1: 60, v2: 30), must be 100",
		"raise v1 to 70",
	)} with input as two(60, 30)
}

test_sum_too_high if {
	rule.findings == {list_finding(
		"weights sum to 140 (v1: 90, v2: 50), must be 100",
		"for about the same shares set v1: 64, v2: 36",
	)} with input as two(90, 50)
}

test_sum_a_little_too_high if {
	some finding in rule.findings with input as two(90, 20)
	finding.fix == "lower v1 to 80"
}

test_sum_too_high_for_one_to_mend if {
	of_four := table(true, [destination(i, sprintf("v%d", [i]), 60) | some i in [0, 1, 2, 3]])
	some finding in rule.findings with input as of_four
	finding.fix == "for the same shares set v0: 25, v1: 25, v2: 25, v3: 25"
}

test_sum_too_high_by_all_that_the_largest_has if {
	three := table(true, [destination(0, "v1", 60), destination(1, "v2", 50), destination(2, "v3", 50)])
	some finding in rule.findings with input as three
	finding.fix == "for about the same shares set v1: 38, v2: 31, v3: 31"
}

test_all_zero if {
	rule.findings == {list_finding(
		"weights sum to 0 (v1: 0, v2: 0), must be 100",
		"set weights from 0 to 100 that sum to 100",
	)} with input as two(0, 0)
}

test_one_destination_has_one_right_weight if {
	some finding in rule.findings with input as table(true, [destination(0, "v1", 0)])
	finding.fix == "raise v1 to 100"
}

test_a_slip_is_a_fifth_at_most if {
	fixes := {[a, b]: f.fix |
		some [a, b] in [[50, 30], [50, 29], [90, 30], [90, 31]]
		some f in rule.findings with input as two(a, b)
	}
	fixes == {
		[50, 30]: "raise v1 to 70",
		[50, 29]: "for about the same shares set v1: 63, v2: 37",
		[90, 30]: "lower v1 to 70",
		[90, 31]: "for about the same shares set v1: 74, v2: 26",
	}
}

test_relative_weights_keep_their_shares if {
	fixes := {[a, b]: f.fix |
		some [a, b] in [[1, 1], [3, 1], [1, 3], [90, 5], [45, 45], [900, 100], [5, 80]]
		some f in rule.findings with input as two(a, b)
	}
	fixes == {
		[1, 1]: "for the same shares set v1: 50, v2: 50",
		[3, 1]: "for the same shares set v1: 75, v2: 25",
		[1, 3]: "for the same shares set v1: 25, v2: 75",
		[90, 5]: "raise v1 to 95",
		[45, 45]: "for the same shares set v1: 50, v2: 50",
		[900, 100]: "for the same shares set v1: 90, v2: 10",
		[5, 80]: "raise v2 to 95",
	}
}

test_shares_are_rounded_to_the_total if {
	three := table(true, [destination(i, sprintf("v%d", [i]), 1) | some i in [1, 2, 3]])
	some finding in rule.findings with input as three
	finding.fix == "for about the same shares set v1: 34, v2: 33, v3: 33"
}

test_no_share_becomes_0 if {
	small := table(true, [destination(0, "v1", 999), destination(1, "v2", 1), destination(2, "v3", 0)])
	fixes := {f.fix | some f in rule.findings with input as small}
	fixes == {"for about the same shares set v1: 99, v2: 1, v3: 0 (v2 has less now)"}
}

test_a_total_too_small_for_all_has_no_shares if {
	fixes := {f.fix | some f in rule.findings} with input as table(
		true,
		[destination(i, sprintf("v%d", [i]), 1) | some i in [1, 2, 3]],
	)
		with data.params["weights-sum"] as {"total": 2}
	fixes == {"set weights from 0 to 2 that sum to 2"}
}

test_a_sum_that_wraps_has_no_shares if {
	fixes := {f.fix | some f in rule.findings with input as two(4294967295, 1)}
	fixes == {"set weights from 0 to 100 that sum to 100"}
}

test_ten_destinations_are_listed if {
	ten := table(true, [destination(i, sprintf("v%d", [i]), 1) | some i in numbers.range(1, 10)])
	some finding in rule.findings with input as ten
	startswith(finding.fix, "for the same shares set v1: 10, v2: 10,")
}

test_the_highest_sum_has_shares if {
	fixes := {f.fix | some f in rule.findings with input as two(4294967294, 1)}
	fixes == {"for about the same shares set v1: 99, v2: 1 (v2 has less now)"} # as a whole one is far less than 1 %
}

# A hundredth is not too small for a weight, and what others are raised by comes from the largest alone.
test_small_shares if {
	fixes := {weights: f.fix |
		some weights in [[198, 2], [2, 198], [1, 1, 998], [1, 998, 1], [998, 1, 1]]
		some f in rule.findings with input as table(true, [destination(i, sprintf("v%d", [i]), w) | some i, w in weights])
	}
	fixes == {
		[198, 2]: "for the same shares set v0: 99, v1: 1",
		[2, 198]: "for the same shares set v0: 1, v1: 99",
		[1, 1, 998]: "for about the same shares set v0: 1, v1: 1, v2: 98 (v0, v1 have less now)",
		[1, 998, 1]: "for about the same shares set v0: 1, v1: 98, v2: 1 (v0, v2 have less now)",
		[998, 1, 1]: "for about the same shares set v0: 98, v1: 1, v2: 1 (v1, v2 have less now)",
	}
}

test_many_destinations_are_not_listed if {
	many := table(true, [destination(i, sprintf("v%d", [i]), 1) | some i in numbers.range(1, 11)])
	fixes := {f.fix | some f in rule.findings with input as many}
	fixes == {"set weights from 0 to 100 that sum to 100"}
}

test_a_destination_without_a_name if {
	texts := {[f.message, f.fix] | some f in rule.findings with input as table(false, [nameless(0, "")])}
	texts == {[
		"weight of the destination that names nothing is missing, must be from 0 to 100",
		"set weight 100 on the destination that names nothing",
	]}
}

test_outside if {
	rule.findings == {weight_finding(
		1,
		"weight of v2 is 120, must be from 0 to 100",
		"for about the same shares set v1: 33, v2: 67",
	)} with input as two(60, 120)
}

test_negative_with_the_right_sum if {
	count(rule.findings) == 2 with input as two(110, -10)
}

test_a_negative_one_is_not_hidden_by_a_right_sum if {
	three := table(true, [destination(0, "v1", 60), destination(1, "v2", 50), destination(2, "v3", -10)])
	rule.findings == {weight_finding(
		2,
		"weight of v3 is -10, must be from 0 to 100",
		"set weights from 0 to 100 that sum to 100",
	)} with input as three
}

test_missing if {
	rule.findings == {weight_finding(
		1,
		"weight of v2 is missing, must be from 0 to 100",
		"set weight 40 on v2",
	)} with input as table(true, [destination(0, "v1", 60), nameless(1, "v2")])
}

test_missing_takes_no_more_than_half if {
	fixes := {f.fix | some f in rule.findings with input as table(true, [destination(0, "v1", 1), nameless(1, "v2")])}
	fixes == {"set weights from 0 to 100 that sum to 100"}
}

test_missing_may_be_half if {
	fixes := {f.fix | some f in rule.findings with input as table(true, [destination(0, "v1", 50), nameless(1, "v2")])}
	fixes == {"set weight 50 on v2"}
}

test_missing_with_the_right_sum if {
	rule.findings == {weight_finding(
		1,
		"weight of v2 is missing, must be from 0 to 100",
		"set weight 0 on v2",
	)} with input as table(true, [destination(0, "v1", 100), nameless(1, "v2")])
}

test_missing_beside_a_route_without_weights if {
	single := {"field": "spec.routes[1]", "destinations": [nameless(0, "v1")]}
	missing := table(true, [destination(0, "v1", 100), nameless(1, "v2")])
	count(rule.findings) == 1 with input as {"routes": array.concat(missing.routes, [single])}
}

test_two_missing_beside_a_large_one if {
	three := table(true, [destination(0, "v1", 60), nameless(1, "v2"), nameless(2, "v3")])
	{f.fix | some f in rule.findings} == {"set weights from 0 to 100 that sum to 100"} with input as three
}

test_two_missing if {
	findings := rule.findings with input as table(true, [nameless(0, "v1"), nameless(1, "v2")])
	count(findings) == 2
	{f | f := findings[_].fix} == {"set weights from 0 to 100 that sum to 100"}
}

test_empty_list if {
	rule.findings == {object.union(
		list_finding("the weighted list is empty, must have at least one destination", "add a destination with weight 100"),
		{"severity": "warn"},
	)} with input as table(false, [])
}

test_other_lists_are_warned_of if {
	some finding in rule.findings with input as table(false, [destination(0, "echo", 60), destination(1, "foxtrot", 30)])
	finding.severity == "warn"
}

test_only_the_wrong_route_is_named if {
	wrong := two(60, 30).routes[0]
	right := object.union(two(70, 30).routes[0], {"destinationsField": "right"})
	count(rule.findings) == 1 with input as {"routes": [right, wrong]}
}

test_total_is_a_parameter if {
	count(rule.findings) == 0 with input as two(600, 400) with data.params["weights-sum"] as {"total": 1000}
}

test_right if {
	count(rule.findings) == 0 with input as two(70, 30)
	count(rule.findings) == 0 with input as two(100, 0)
	count(rule.findings) == 0 with input as table(true, [destination(0, "v1", 100)])
}

test_unweighted_routes_are_not_judged if {
	count(rule.findings) == 0 with input as {"routes": [{"field": "spec.routes[0]", "destinations": [nameless(0, "v1")]}]}
	count(rule.findings) == 0 with input as {"routes": []}
	count(rule.findings) == 0 with input as {}
}
