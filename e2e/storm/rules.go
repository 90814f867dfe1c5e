package storm

import "slices"

// Change is what a request does to one object. A Deployment without After and Edit is deleted.
type Change struct {
	Deployment string
	// After is the version that a CREATE adds; Edit is what an UPDATE changes.
	After *Version
	Edit  func(*Version)
	// Table is the RouteTable that the request writes.
	Table *Table
	// Sum is the sum of the weights of a hand-made route; 0 if it has none.
	Sum int
}

// apply returns the world after the change, or false if the change is impossible in this world.
func (c Change) apply(w World) (World, bool) {
	i := slices.IndexFunc(w.Versions, func(v *Version) bool { return v.Deployment == c.Deployment })
	out := World{Versions: slices.Clone(w.Versions), Tables: w.Tables}
	switch {
	case c.After != nil && i >= 0:
		return w, false
	case c.After != nil:
		out.Versions = append(out.Versions, c.After)
	case i < 0:
		return w, false
	case c.Edit != nil:
		edited := *w.Versions[i]
		c.Edit(&edited)
		out.Versions[i] = &edited
	default:
		out.Versions = slices.Delete(out.Versions, i, i+1)
	}
	return out, true
}

// refuses reports whether the rule denies the change in this world.
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
	now, fits := c.apply(w)
	if !fits { // A creation of what exists fails, whatever admission says to it before.
		return c.After != nil
	}
	switch rule {
	case "annotations-valid":
		_, sum := now.canaries()
		return sum > 100
	case "canary-needs-primary":
		canaries, sum := now.canaries()
		return len(canaries) > 0 && now.primary() == nil && (len(canaries) > 1 || sum != 100)
	case "promotion":
		return promotes(w, now)
	case "stranded-traffic":
		return strands(c, w, now)
	}
	return false
}

// promotes reports whether another version becomes primary and gets a larger share, although it
// didn't carry all traffic and the old primary is available. A return to an earlier primary that is
// available is allowed.
func promotes(before, now World) bool {
	from, to := before.primary(), now.primary()
	if from == nil || to == nil || from.Name == to.Name {
		return false
	}
	was := before.shares(true)[to.Name]
	return now.shares(false)[to.Name] > was && was < 100 && from.serves() && (!to.serves() || !before.wasPrimary(to.Name))
}

// strands reports whether a hand-made route, or the app's own, would send traffic to a version that
// isn't deployed, or whether the app would have no route.
func strands(c Change, before, now World) bool {
	for _, t := range before.Tables {
		if !t.Generated && slices.ContainsFunc(t.Receives, func(v string) bool { return before.deployed(v) && !now.deployed(v) }) {
			return true
		}
	}
	if len(now.Versions) == 0 || c.After != nil {
		return false
	}
	if now.state() != "routed" {
		return (before.generated() || before.state() == "routed") && before.state() != now.state() && (c.Edit == nil || now.state() != "invalid")
	}
	if p := before.primary(); p != nil && now.primary() == nil && p.serves() && before.shares(true)[p.Name] > 0 && now.shares(false)[p.Name] == 0 {
		return true
	}
	p := now.primary()
	for name, percent := range now.shares(true) {
		ran := before.deployed(name)
		canary := p != nil && p.Name != name
		if percent == 0 || now.deployed(name) || canary && (now.deployed(p.Name) || !ran) {
			continue
		}
		if ran || before.shares(true)[name] < percent {
			return true
		}
	}
	return false
}
