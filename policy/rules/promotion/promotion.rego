# METADATA
# title: New primary carries all traffic before it is promoted
# description: |
#   Whatever makes another version the primary must not move traffic by itself: the new one carries all of it already,
#   or the old one has no available replica, or it goes back to a version that was the primary and still is available.
# custom:
#   subjects: [deployment]
#   mode: deny
package policy.rules.promotion

findings contains {"field": field, "message": message, "fix": fix, "evidence": true} if {
	p := input.change.promotion
	p.from
	p.shareBefore < 100 - object.get(input, ["app", "weightSum"], 0)
	not p.carriedAll
	not p.fromAvailable == 0
	not returns(p)
	field := "metadata.annotations[aviary.dev/role]"
	message := sprintf("%s %d %% of the traffic and %s is still available: the new primary must carry 100 %% first", [
		carrier(p),
		p.shareBefore,
		p.from,
	])
	fix := remedy(p)
}

# All the weight, but nobody there to take it: only the traffic in effect counts.
findings contains {"field": field, "message": message, "fix": fix, "evidence": true} if {
	p := input.change.promotion
	p.from
	p.shareBefore >= 100
	not p.carriedAll
	p.toAvailable == 0
	not p.fromAvailable == 0
	field := "metadata.annotations[aviary.dev/role]"
	message := sprintf("%s has no available replica and %s has: the new primary must be available first", [p.to, p.from])
	fix := sprintf("wait until %s is available, then promote", [p.to])
}

returns(p) if {
	p.goingBack
	p.toAvailable > 0
}

carrier(p) := sprintf("%s carries", [p.to]) if not p.implicit

carrier(p) := sprintf("%s would be primary as the oldest version without a role; it carries", [p.to]) if p.implicit

remedy(p) := fix if {
	not p.implicit
	fix := sprintf(`set aviary.dev/weight: "100" on %s and wait until it is available, then promote`, [p.to])
}

remedy(p) := sprintf("set aviary.dev/role: primary on %s to keep it", [p.from]) if {
	p.implicit
	stays(p)
}

remedy(p) := fix if {
	p.implicit
	not stays(p)
	fix := sprintf(
		`set aviary.dev/role: canary and aviary.dev/weight: "100" on %s, wait until it is available, then remove %s`,
		[p.to, p.from],
	)
}

stays(p) if p.from in [v.version | some v in input.app.versions]
