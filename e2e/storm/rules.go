package storm

import "slices"

// refuses reports whether the rule may deny the change in this world.
func refuses(rule string, c Change, w World) bool {
	if c.Table != nil {
		switch rule {
		case "weights-sum":
			return c.Sum != 0 && c.Sum != 100
		case "version-deployed":
			return slices.ContainsFunc(c.Table.Receives, func(v string) bool { return !w.deployed(v) })
		}
		return false
	}
	after, fits := c.apply(w)
	if !fits { // A CREATE of what exists fails anyway, so any verdict is right.
		return c.After != nil
	}
	switch rule {
	case "annotations-valid":
		_, sum := after.canaries()
		return sum > 100
	case "canary-needs-primary":
		canaries, sum := after.canaries()
		return len(canaries) > 0 && after.declared() == nil && (len(canaries) > 1 || sum != 100)
	case "promotion":
		return promotes(c, w, after)
	case "stranded-traffic":
		return c.removes() && strands(c, w) || !after.routed() && w.routed() || handsToNobody(w, after)
	}
	return false
}

// handsToNobody reports whether, without a table, another version without replicas would be the primary: the plan is
// judged then.
func handsToNobody(before, after World) bool {
	from, to := before.declared(), after.declared()
	return before.live() == nil && to != nil && to.Replicas == 0 && (from == nil || from.Name != to.Name)
}

// strandsByHand reports whether a hand-made route would send traffic to a version that isn't
// deployed any more, or in whose place nobody could answer any more.
func strandsByHand(c Change, before World) bool {
	after, fits := c.apply(before)
	removed := func(v string) bool { return before.deployed(v) && !after.deployed(v) }
	anybody := func(w World) bool {
		return slices.ContainsFunc(w.Versions, func(v *Version) bool { return w.deployed(v.Name) })
	}
	last := anybody(before) && !anybody(after)
	return fits && slices.ContainsFunc(before.Tables, func(t *Table) bool {
		return !t.Generated && (last && len(t.Receives) > 0 || slices.ContainsFunc(t.Receives, removed))
	})
}

// promotes reports whether a promotion may be denied: the live table did not give the new primary
// everything, or it has no Pod. To go back is always right, and so it is if nobody was available.
func promotes(c Change, before, after World) bool {
	from, to := before.declared(), after.declared()
	if from == nil && before.live() == nil {
		from = before.lastPromoted()
	}
	if from == nil || to == nil || from.Name == to.Name || before.known(to.Name) {
		return false
	}
	t := before.live()
	if !from.serves() && !before.incumbent().serves() && (t != nil || !before.remembers()) {
		return false
	}
	return t == nil || c.After != nil || !to.serves() || t.Shares[to.Name] < 100
}

// promotesWrongly reports whether a promotion must be denied. It is silent where any reading of the
// rule lets the request pass.
func promotesWrongly(c Change, before, after World) bool {
	from, to, t := before.declared(), after.declared(), before.live()
	if t == nil || from == nil || !from.serves() || !promotes(c, before, after) {
		return false
	}
	if p := before.incumbent(); p != nil && (!p.serves() || p.Name == to.Name) {
		return false
	}
	rest, others := 100, 0
	for _, v := range after.Versions {
		switch {
		case v.Name == to.Name:
		case v.Role == "canary":
			rest -= v.Weight
		default:
			others += t.Shares[v.Name]
		}
	}
	return t.Shares[to.Name] < rest && (others > 0 || !to.serves())
}

// strands reports whether a removal may be denied: the live table gives the version requests, and
// lags, or gives them to nobody then. Without a table the plan is judged.
func strands(c Change, before World) bool {
	x := before.named(c)
	t := before.live()
	if t == nil {
		return true
	}
	heir := before.heir(c, x.Name)
	return t.gives(x.Name) && (before.step(t) != inStep || heir == nil || !heir.serves() && before.served())
}

// strandsWrongly reports whether a removal must be denied. The last version may always go, and what is at 0 already is
// not taken away.
func strandsWrongly(c Change, before, after World) bool {
	x, t := before.named(c), before.live()
	others := slices.ContainsFunc(after.Versions, func(v *Version) bool { return v.Name != x.Name && v.Replicas > 0 })
	if t == nil || !t.gives(x.Name) || !others || c.Edit != nil && x.Replicas == 0 {
		return false
	}
	return before.step(t) == behind || x.serves() && !after.served()
}

// named returns the version that a change is about; it must exist.
func (w World) named(c Change) *Version {
	i := slices.IndexFunc(w.Versions, func(v *Version) bool { return v.Deployment == c.Deployment })
	return w.Versions[i]
}
