package storm

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// declared returns the primary by what the Deployments say: of those that say so the one that was
// promoted last, then the incumbent, the older, the lesser name. If none says so it is the
// incumbent, else the oldest without a role.
func (w World) declared() *Version {
	var stated, without []*Version
	for _, v := range w.Versions {
		switch v.Role {
		case "primary":
			stated = append(stated, v)
		case "":
			without = append(without, v)
		}
	}
	incumbent := w.incumbent()
	if len(stated) == 0 && incumbent != nil {
		return incumbent
	}
	first := func(of []*Version) *Version {
		return slices.MinFunc(of, func(a, b *Version) int {
			return cmp.Or(-cmp.Compare(a.Promoted, b.Promoted), -cmp.Compare(is(a, incumbent), is(b, incumbent)),
				cmp.Compare(a.Created, b.Created), cmp.Compare(a.Deployment, b.Deployment))
		})
	}
	switch {
	case len(stated) > 0:
		return first(stated)
	case len(without) > 0:
		return first(without)
	}
	return nil
}

// is returns 1 if both are the same version.
func is(a, b *Version) int {
	if a == b {
		return 1
	}
	return 0
}

// incumbent returns the version that was the primary in effect last, if it still exists.
func (w World) incumbent() *Version {
	name := w.record().incumbent()
	if name == "" {
		return nil
	}
	return w.version(name)
}

// recorded reports whether it is on record that the version was the primary. Without the table only
// the leader may remember.
func (w World) recorded(name string) bool {
	t := w.live()
	return t != nil && slices.Contains(t.WasPrimary, name)
}

// known reports whether the version may be gone back to: by the record, or by its own stamp.
func (w World) known(name string) bool {
	v := w.version(name)
	return w.recorded(name) || v != nil && v.Promoted != ""
}

// lastPromoted returns the version that serves and has the newest stamp, or nil. A replica that does not lead takes it
// for the incumbent where the table is gone, which remembers another one.
func (w World) lastPromoted() (last *Version) {
	for _, v := range w.Versions {
		if v.serves() && v.Promoted != "" && (last == nil || v.Promoted > last.Promoted) {
			last = v
		}
	}
	return last
}

// remembers reports whether a version that serves has a stamp: without the table, a replica that does not lead takes
// the one that was promoted last for the incumbent.
func (w World) remembers() bool { return w.lastPromoted() != nil }

// heir returns the version that has what another one had once that is removed, or scaled to 0; nil for none. At 0 a
// primary is one still.
func (w World) heir(c Change, removed string) *Version {
	after := w.without(removed)
	if c.Edit != nil {
		after, _ = c.apply(w)
	}
	declared := after.declared()
	if p := after.incumbent(); p != nil && (p.serves() || !declared.serves()) {
		return p
	}
	return declared
}

// step says how a table stands to what the Deployments say.
type step int

const (
	behind step = iota
	unclear
	inStep
)

// step compares what the table was made of with the versions. It is unclear if the table only
// leaves versions out that get nothing.
func (w World) step(t *Table) step {
	if t.Follows == "" {
		return inStep
	}
	followed := map[string]string{}
	for entry := range strings.SplitSeq(t.Follows, ", ") {
		name, said, _ := strings.Cut(entry, " ")
		followed[name] = said
	}
	out := inStep
	declared := w.declared()
	for _, v := range w.Versions {
		said, named := followed[v.Name]
		switch delete(followed, v.Name); {
		case !named && v.Role == "standby":
			out = unclear
		case !named || !slices.Contains(v.words(v == declared), said):
			return behind
		}
	}
	if len(followed) > 0 {
		return behind
	}
	return out
}

// words returns what a table may say of the version's role and weight.
func (v *Version) words(declared bool) []string {
	switch {
	case v.Role == "primary" && !declared:
		return []string{"superseded"}
	case v.Role == "canary" && v.Weight == 0:
		return []string{"canary 0", "canary", primaryIf(declared)}
	case v.Role == "canary":
		return []string{fmt.Sprintf("canary %d", v.Weight), primaryIf(declared)}
	}
	return []string{v.Role, primaryIf(declared)}
}

// primaryIf returns the role of a version that is the primary although it doesn't say so.
func primaryIf(declared bool) string {
	if declared {
		return "primary"
	}
	return "-"
}
