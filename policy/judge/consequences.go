package judge

import (
	"slices"

	"aviary.dev/convention"
	"aviary.dev/policy/input"
	"aviary.dev/route"
)

// consequences adds what the change does to traffic.
func (c *appChange) consequences(out *input.Change) {
	before, after := c.appBefore.Traffic(c.appBefore.InEffect()), c.plan
	out.Promotion = c.promotion(before, after)
	out.Lost = c.lost(before, after)
	out.Moved = c.moved()
	if out.Dropped = c.dropped(); len(out.Dropped) > 0 {
		if l := c.appAfter.Lead(); l != nil {
			out.Lead, out.LeadReturns = l.Name, c.returns(l)
		}
	}
	c.trafficShares(out)
	out.LastVersion = len(c.appAfter.Versions) == 0
	out.SwitchOff = c.new != nil && c.old != nil && c.old.Wanted() && !c.new.Wanted() &&
		!slices.ContainsFunc(c.appAfter.Versions, (*convention.Version).Wanted)
}

// returns reports whether the request makes a version that was primary before lead again.
func (c *appChange) returns(l *convention.Version) bool {
	before := c.appBefore.Lead()
	return (before == nil || before.Name != l.Name) && c.wasPrimary(l)
}

// dropped returns the paths that the app's route had and would no longer serve.
func (c *appChange) dropped() []string {
	if c.appBefore.State() != convention.Routed || c.appAfter.State() != convention.Routed {
		return nil
	}
	var out []string
	for _, had := range c.appBefore.Paths() {
		served := slices.ContainsFunc(c.appAfter.Paths(), func(p route.Path) bool {
			return c.dialect.Semantics().Covers(route.Matcher{Path: p}, route.Matcher{Path: had})
		})
		if !served {
			out = append(out, had.String())
		}
	}
	return out
}
