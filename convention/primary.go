package convention

import "cmp"

// Beside returns the app as it is beside its table, which says who the incumbent is.
func (a *App) Beside(live LiveTable) *App {
	out := *a
	out.live = live
	out.appoint()
	return &out
}

func (a *App) appoint() {
	a.incumbent = a.findIncumbent()
	a.primary, a.implicit = declaredPrimary(a.aged, a.incumbent)
}

// Incumbent is the living version that carried the app's main routes last; nil if that one is gone, or not known.
func (a *App) Incumbent() *Version { return a.incumbent }

// declaredPrimary picks, of versions sorted by age, who is the primary by what they say. Of those that state it, it is
// the one that was promoted last; of those without a stamp the incumbent, then the oldest, then the lesser name. If
// none states it, the incumbent stays it; without one it is the oldest without a role. Implicit tells that it is the
// latter, so that a new cluster would choose the same one.
func declaredPrimary(byAge []*Version, incumbent *Version) (p *Version, implicit bool) {
	for _, v := range byAge {
		if v.Role == Primary && (p == nil || v.PromotedAt.After(p.PromotedAt) ||
			v == incumbent && v.PromotedAt.Equal(p.PromotedAt)) {
			p = v
		}
	}
	first := firstWithoutRole(byAge)
	switch {
	case p != nil:
		return p, false
	case incumbent != nil:
		return incumbent, incumbent == first
	}
	return first, first != nil
}

func firstWithoutRole(byAge []*Version) *Version {
	for _, v := range byAge {
		if v.Role == "" {
			return v
		}
	}
	return nil
}

// findIncumbent asks the record, whether the table stands or is gone. Where nobody remembers, it is a living version
// that was promoted; where the record is of an Aviary that noted something else, its rule counts.
func (a *App) findIncumbent() *Version {
	switch {
	case a.live.Exists && (a.live.old() || len(a.live.Record) == 0):
		return a.incumbentOfOld()
	case len(a.live.Record) > 0:
		return a.Version(a.live.Record.Last())
	}
	return a.lastPromoted()
}

// incumbentOfOld is the primary by the rule that was in force when the table was written: of those that state it the
// one promoted last, the youngest or greatest name of several; else the oldest without a role; else the sole version
// on the main routes.
func (a *App) incumbentOfOld() *Version {
	var p *Version
	for _, v := range a.aged {
		if v.Role == Primary && (p == nil || !v.PromotedAt.Before(p.PromotedAt)) {
			p = v
		}
	}
	if p != nil {
		return p
	}
	if v := firstWithoutRole(a.aged); v != nil {
		return v
	}
	for version, percent := range a.live.Shares {
		if percent == 100 {
			return a.Version(version)
		}
	}
	return nil
}

// lastPromoted is the version with the newest stamp, whatever role it states now; one that serves before one that does
// not. What has not been stored, as in a file, is not counted.
func (a *App) lastPromoted() *Version {
	var best *Version
	for _, v := range a.aged {
		switch {
		case v.UID == "" || v.PromotedAt.IsZero():
		case best == nil, v.Serves() && !best.Serves(),
			v.Serves() == best.Serves() && v.PromotedAt.After(best.PromotedAt):
			best = v
		}
	}
	return best
}

// TakingOver is the version that is declared primary and waits until it may take over; nil for none.
func (a *App) TakingOver() *Version { return a.heir }

// under returns the app with another primary in effect, while the declared one waits with the share that it has.
func (a *App) under(p *Version) *App {
	out := *a
	out.primary, out.implicit, out.heir = p, false, a.primary
	return &out
}

// HandedOver returns the app as its routes should be now. Whoever carried them last stays primary in every respect,
// until the declared one has been available for some time, has all of the traffic already, or is the only one of the
// two that is available. If the incumbent is gone and the declared one not available, the available version with the
// largest share steps in. Steady tells whether a version has been available for long enough.
func (a *App) HandedOver(steady func(*Version) bool) *App {
	p, i := a.primary, a.incumbent
	switch {
	case p == nil, p == i, p.Ungated, p.Serves() && (i == nil || !i.Serves() || steady(p)), a.live.Shares[p.Name] == 100:
		return a
	case i != nil:
		return a.under(i)
	case len(a.live.Record) == 0:
		return a // nobody had the traffic before
	}
	if v := a.largestAvailable(); v != nil {
		return a.under(v)
	}
	return a
}

// largestAvailable is the available version that the table gives most of the traffic, then the one that asks for most,
// then one that says primary; nil if nobody may have any.
func (a *App) largestAvailable() *Version {
	var best *Version
	for _, v := range a.Versions {
		may := a.live.Shares[v.Name] > 0 || v.Role == Canary || v.Role == Primary
		if v.Serves() && may && (best == nil || a.asksMore(v, best)) {
			best = v
		}
	}
	return best
}

func (a *App) asksMore(v, o *Version) bool {
	return cmp.Or(cmp.Compare(a.live.Shares[v.Name], a.live.Shares[o.Name]), cmp.Compare(v.Weight, o.Weight)) > 0
}
