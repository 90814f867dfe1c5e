# METADATA
# title: Canary weight rises in limited steps
# description: |
#   A canary's weight may rise by no more than maxStep points at once, so that each step is seen before the next. It may
#   fall by any amount. While the primary has no available replica, or there is none, the canary may take all at once.
# custom:
#   subjects: [deployment]
#   mode: "off"
#   params: {maxStep: 50}
package policy.rules["weight-step"]

# Facts are made in policy/judge: app in describe.go; change.weight in traffic_shares.go.

findings contains {"field": field, "message": message, "fix": fix, "evidence": true} if {
	step := input.change.weight
	step.to - step.from > max_step
	serving
	field := "metadata.annotations[aviary.dev/weight]"
	message := sprintf("weight rises from %d to %d, by %d points, must rise by at most %d at once", [
		step.from,
		step.to,
		step.to - step.from,
		max_step,
	])
	fix := sprintf("set %d first, and %d when that went well", [step.from + max_step, step.to])
}

max_step := data.params["weight-step"].maxStep

# There is a primary that could keep the traffic.
serving if {
	some v in input.app.versions
	v.version == input.app.primary
	v.available > 0
}
