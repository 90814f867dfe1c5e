# METADATA
# title: New primary carries all traffic before it is promoted
# description: |
#   Whatever makes another version the primary must not move traffic by itself: by the live table the new one carries
#   all of it already, or the old one has no available replica, or it goes back to a version that was the primary with
#   the same containers. The rule also warns: of what a request takes from the version applied, of a version that says
#   primary beside the one that is it, and in audits of an app in which no version says so.
# custom:
#   subjects: [deployment]
#   mode: deny
package policy.rules.promotion

# Facts are made in policy/judge: app, version in describe.go; change.moved, change.promotion in promotion.go;
# change.scaled in app_change.go.

role := "metadata.annotations[aviary.dev/role]"

findings contains {"field": role, "message": message, "fix": fix, "evidence": true} if {
	p := input.change.promotion
	p.shareBefore < needed
	not p.fromAvailable == 0
	not p.goingBack
	[message, fix] := reason(p)
}

# Somebody else is it: nothing moves until that one says another role.
findings contains {"field": role, "message": message, "fix": fix, "severity": "warn", "evidence": true} if {
	input.version.role == "superseded"
	input.version.version != input.app.primary # another Deployment of the same version
	not input.change.scaled
	message := sprintf("%s keeps the traffic: %s says primary as well, and is superseded", [
		input.app.primary,
		input.version.version,
	])
	fix := sprintf("set another role on %s, then %s takes over; or set another role here", [
		deployment(input.app.primary),
		input.version.version,
	])
}

findings contains {"field": role, "message": message, "fix": fix, "severity": "warn", "evidence": true} if {
	input.operation == "AUDIT"
	input.app.unstated
	input.version.version == input.app.primary
	message := sprintf("no version of app %s states primary: %s is it because it was, and a new cluster would not know", [
		input.app.name,
		input.app.primary,
	])
	fix := "set aviary.dev/role: primary on the version that shall be it"
}

findings contains {"field": field, "message": message, "fix": fix, "severity": "warn", "evidence": true} if {
	moved := input.change.moved
	field := moved_by(moved)
	message := sprintf("%s: %d %% goes %s", [moved.what, moved.percent, receivers(moved)])
	fix := "apply what was there before if this is not meant"
}

# What the new primary must carry: all that no canary has.
needed := 100 - object.get(input, ["app", "weightSum"], 0)

reason(p) := [message, fix] if {
	p.stamp
	message := sprintf("%s brings the time of a promotion, aviary.dev/promoted-at, and %s is available", [p.to, p.from])
	fix := "leave aviary.dev/promoted-at out"
} else := [message, fix] if {
	p.toAvailable == 0
	p.declared >= needed
	message := sprintf("%s has no available replica and %s has: the new primary must be available first", [p.to, p.from])
	fix := sprintf("wait until %s is available, then promote", [p.to])
} else := [message, fix] if {
	p.lag
	p.declared >= needed
	message := sprintf("%s still gives %s %d %% and follows %q%s", [
		p.lag.object,
		p.to,
		p.shareBefore,
		p.lag.follows,
		blocked(p.lag),
	])
	fix := sprintf("promote when %s gives %s 100 %%; its annotation aviary.dev/summary tells%s", [
		p.lag.object,
		p.to,
		unexplained(p.lag),
	])
} else := [message, remedy(p)] if {
	message := sprintf("%s %d %% of the traffic and %s is still available: the new primary must carry 100 %% first", [
		carrier(p),
		p.shareBefore,
		p.from,
	])
}

blocked(lag) := sprintf(" since %s (%s)", [lag.since, lag.why]) if {
	lag.since
} else := sprintf(" (%s)", [lag.why]) if {
	lag.why
} else := ""

# A table lags for a moment in any case; what keeps it longer is told elsewhere as long as it is not known here.
unexplained(lag) := sprintf("; after 10 s an Event of Deployment %s says why, or Aviary has no leader", [
	lag.deployment,
]) if {
	lag.deployment
	not lag.why
} else := ""

carrier(p) := sprintf("%s carries", [p.to]) if not p.implicit

carrier(p) := sprintf("%s would be primary as the oldest version without a role; it carries", [p.to]) if p.implicit

remedy(p) := fix if {
	not p.implicit
	p.declared < needed
	fix := sprintf(`set aviary.dev/weight: "100" on %s and wait until it is available, then promote`, [p.to])
}

# The table follows, and the gate keeps the weight back.
remedy(p) := fix if {
	not p.implicit
	p.declared >= needed
	fix := sprintf("promote when the table gives %s %d %%: within 10 s, while it stays available", [p.to, needed])
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

deployment(version) := [v.deployment | some v in input.app.versions; v.version == version][0]

moved_by(moved) := "metadata.annotations[aviary.dev/weight]" if startswith(moved.what, "weight ")

moved_by(moved) := role if not startswith(moved.what, "weight ")

receivers(moved) := sprintf("back to %s", [concat(" and ", moved.to)]) if moved.to

receivers(moved) := "to nobody" if not moved.to
