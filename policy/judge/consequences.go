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
	if out.Dropped = c.dropped(); len(out.Dropped) > 0 {
		if l := c.appAfter.Lead(); l != nil {
			out.Lead = l.Name
		}
	}
	c.trafficShares(out)
	out.LastVersion = len(c.appAfter.Versions) == 0
	out.SwitchOff = c.new != nil && c.old != nil && c.old.Wanted() && !c.new.Wanted() &&
		!slices.ContainsFunc(c.appAfter.Versions, (*convention.Version).Wanted)
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

// promotion describes a change of the effective primary that moves traffic to the new one; nil for
// none.
func (c *appChange) promotion(before, after convention.Plan) *input.Promotion {
	from, _ := c.appBefore.Primary()
	to, implicit := c.appAfter.Primary()
	if from == nil || to == nil || from.Name == to.Name || after.Of(to.Name) <= before.Of(to.Name) {
		return nil
	}
	return &input.Promotion{
		From:          from.Name,
		To:            to.Name,
		Implicit:      implicit,
		ShareBefore:   before.Of(to.Name),
		CarriedAll:    before.Of(to.Name) == 100,
		FromAvailable: int(from.Available),
		ToAvailable:   int(to.Available),
		GoingBack: c.table != nil && to.Serves() &&
			convention.WasPrimaryAs(c.table.WasPrimary, to.Name, to.Hash()),
	}
}

// lost tells whether the app's own route would be gone, or send a share of the traffic to a version
// without pods that it did not send there before; nil for neither.
func (c *appChange) lost(before, after convention.Plan) *input.Lost {
	if after.State != convention.Routed {
		return c.lostRoute(before, after)
	}
	primary, _ := c.appAfter.Primary()
	p, _ := c.appBefore.Primary()
	if primary == nil && p != nil && p.Serves() && before.Of(p.Name) > 0 && after.Of(p.Name) == 0 {
		return lostShare(p.Name, before.Of(p.Name)) // the sole canary has weight 100, but does not carry it yet
	}
	if c.old == nil {
		return nil // an app that starts at 0 replicas strands nobody
	}
	for _, x := range c.appAfter.Traffic(c.appAfter.InEffect()).Shares {
		had := c.appBefore.Version(x.Version.Name)
		idle := had == nil || !had.Wanted()
		if x.Percent == 0 || x.Version.Wanted() || x.Version != primary && primary != nil && (primary.Wanted() || idle) {
			continue // a canary may always go: the gate takes its weight to 0
		}
		if had != nil && idle && before.Of(had.Name) >= x.Percent {
			continue // so it was
		}
		return lostShare(x.Version.Name, x.Percent)
	}
	return nil
}

// lostRoute tells whether an app that makes no plan would lose a route that it had.
func (c *appChange) lostRoute(before, after convention.Plan) *input.Lost {
	if !c.hadRoute() || before.State == after.State || c.new != nil && after.State == convention.Invalid {
		return nil // what makes the version that is applied invalid is a finding of its own
	}
	if p, _ := c.appBefore.Primary(); p != nil {
		return lostShare(p.Name, before.Of(p.Name))
	}
	return &input.Lost{}
}

func lostShare(version string, percent int) *input.Lost {
	return &input.Lost{Version: version, Share: input.Some(percent)}
}
