package judge

import (
	"slices"

	"aviary.dev/convention"
	"aviary.dev/fact"
	"aviary.dev/policy/input"
)

// Leaves reports whether a version leaves its app, or is a version of another name after the request.
func (r Request) Leaves() bool {
	old, now := versionIn(r.Old), versionIn(r.New)
	return r.Operation != Audit && old != nil && (now == nil || appOf(old) != appOf(now) || old.Name != now.Name)
}

// lost tells whether traffic would go to nobody; nil if not. Where Aviary keeps the app's table only a version that
// goes can lose any: whatever else is said, the hand-over and the gate see to it that nobody without a replica gets
// more.
func (c *appChange) lost(before, after convention.Plan) *input.Lost {
	switch {
	case !c.appBefore.Live().Exists:
		return c.lostByPlan(before, after)
	case c.old != nil && (c.request.TakesAway() || c.request.Leaves()):
		return c.takenAway()
	}
	return nil
}

// takenAway tells whether what the live table gives the version that goes would be lost; nil if not. It may go if the
// table gives it nothing, or if that follows what the app says and all that the version has goes to versions that have
// an available replica, or if nobody has one anyway.
func (c *appChange) takenAway() *input.Lost {
	live := c.appBefore.Live()
	if !live.Gives(c.old.Name) {
		return nil
	}
	lost := lostShare(c.old.Name, live.Shares[c.old.Name])
	var nobody bool
	if lost.Heir, nobody = c.heirless(live); nobody {
		return lost
	}
	if lost.Lag = c.lag(); lost.Lag != nil {
		return lost
	}
	return nil
}

// heirless reports whether, in a table that followed, something of what the version has would go to nobody; and to
// whom it shall go, if that is told.
func (c *appChange) heirless(live convention.LiveTable) (heir string, nobody bool) {
	now := c.without().HandedOver(func(*convention.Version) bool { return false })
	plan := now.Traffic(now.InEffect())
	if plan.State != convention.Routed {
		return "", true
	}
	if heir := now.TakingOver(); heir != nil && live.Record.Last() == c.old.Name {
		return heir.Name, true // another one would step in: a promotion by deletion
	}
	if !slices.ContainsFunc(c.appBefore.Versions, (*convention.Version).Serves) {
		return "", false // nobody could take traffic anyway
	}
	for _, x := range plan.Shares {
		if x.Version.Name == c.old.Name && x.Percent > 0 {
			return "", true
		}
		if x.Percent > live.Shares[x.Version.Name] && !x.Version.Serves() && !x.Version.Ungated {
			return x.Version.Name, true
		}
	}
	return "", false
}

// without is the app after the request, in which the version that goes has no replica left.
func (c *appChange) without() *convention.App {
	if c.new == nil || c.new.Wanted() {
		return c.appAfter
	}
	gone := *c.new
	gone.Available = 0
	var workloads []*fact.Workload
	for _, w := range c.workloads {
		if w.Version == c.new {
			copied := *w
			copied.Version, w = &gone, &copied
		}
		workloads = append(workloads, w)
	}
	ns, _ := c.namespace() // which was read before
	return newApp(c.app, workloads, ns, c.settings).Beside(c.appBefore.Live())
}

// lostByPlan tells whether the route of an app that has no table yet would be gone, or send a share of the traffic to a
// version without pods that it did not send there before; nil for neither.
func (c *appChange) lostByPlan(before, after convention.Plan) *input.Lost {
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
