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
		return len(canaries) > 0 && after.primary() == nil && (len(canaries) > 1 || sum != 100)
	case "promotion":
		return promotes(w, after)
	case "stranded-traffic":
		return strands(c, w, after)
	}
	return false
}

// promotes reports whether another version becomes primary and gets a larger share, although it
// didn't carry all traffic and the old primary is available. A return to an earlier primary that is
// available is allowed.
func promotes(before, after World) bool {
	from, to := before.primary(), after.primary()
	if from == nil || to == nil || from.Name == to.Name {
		return false
	}
	share := before.shares(true)[to.Name]
	return after.shares(false)[to.Name] > share && share < 100 && from.serves() &&
		(!to.serves() || !before.wasPrimary(to.Name))
}

// strands reports whether a hand-made route, or the app's own, would send traffic to a version that
// isn't deployed, or whether the app would have no route.
func strands(c Change, before, after World) bool {
	removed := func(v string) bool { return before.deployed(v) && !after.deployed(v) }
	for _, t := range before.Tables {
		if !t.Generated && slices.ContainsFunc(t.Receives, removed) {
			return true
		}
	}
	if len(after.Versions) == 0 || c.After != nil {
		return false
	}
	if after.state() != "routed" {
		return (before.generated() || before.state() == "routed") && before.state() != after.state() &&
			(c.Edit == nil || after.state() != "invalid")
	}
	if p := before.primary(); p != nil && after.primary() == nil && p.serves() &&
		before.shares(true)[p.Name] > 0 && after.shares(false)[p.Name] == 0 {
		return true
	}
	p := after.primary()
	for name, percent := range after.shares(true) {
		ran := before.deployed(name)
		canary := p != nil && p.Name != name
		if percent == 0 || after.deployed(name) || canary && (after.deployed(p.Name) || !ran) {
			continue
		}
		if ran || before.shares(true)[name] < percent {
			return true
		}
	}
	return false
}
