package judge

import (
	"context"
	"fmt"
	"slices"

	"aviary.dev/convention"
	"aviary.dev/fact"
	"aviary.dev/policy/input"
)

// TakesOver reports whether the request makes a version the primary, by saying so, of an app that has others. What the
// table gives that version then counts, which a cache may not know yet.
func (r Request) TakesOver(ctx context.Context, facts fact.Reader) (bool, error) {
	now, was := versionIn(r.New), versionIn(r.Old)
	if now == nil || now.Role != convention.Primary || was != nil && was.Role == convention.Primary {
		return false, nil
	}
	versions, err := facts.App(ctx, appOf(now))
	return slices.ContainsFunc(versions, func(w *fact.Workload) bool { return w.ID != r.id() }), err
}

// promotion describes a change of the declared primary that moves traffic to the new one; nil for none. It goes from
// whoever has the traffic in effect.
func (c *appChange) promotion(before, after convention.Plan) *input.Promotion {
	from, _ := c.appBefore.Primary()
	to, implicit := c.appAfter.Primary()
	if c.bringsStamp() {
		to, implicit = c.new, false
	}
	if from == nil || to == nil || from.Name == to.Name {
		return nil
	}
	if i := c.appBefore.Incumbent(); i != nil {
		from = i
	}
	share := c.carried(to, before)
	if from.Name == to.Name || after.Of(to.Name) <= share && !c.bringsStamp() {
		return nil
	}
	return &input.Promotion{
		From:          from.Name,
		To:            to.Name,
		Implicit:      implicit,
		ShareBefore:   share,
		Declared:      convention.Of(c.appBefore.Declared(), to.Name),
		FromAvailable: int(from.Available),
		ToAvailable:   int(to.Available),
		GoingBack:     c.wasPrimary(to),
		Lag:           c.lag(),
		Stamp:         c.bringsStamp(),
	}
}

// bringsStamp reports whether the version is created with the stamp of a promotion, as a restore does: it may then be
// gone back to, so it is judged as if it took over.
func (c *appChange) bringsStamp() bool {
	return c.old == nil && c.new != nil && c.request.Operation == Create && !c.new.PromotedAt.IsZero() &&
		c.new.Role != convention.Primary
}

// carried is the part of the main routes that a version has, in percent: what the live table gives it, if Aviary keeps
// one, and nothing while it has no available replica.
func (c *appChange) carried(v *convention.Version, before convention.Plan) int {
	live := c.appBefore.Live()
	switch {
	case !live.Exists:
		return before.Of(v.Name)
	case !v.Serves() && !v.Ungated:
		return 0
	}
	return live.Shares[v.Name]
}

// wasPrimary reports whether the version may be gone back to: by the record, or by its own stamp.
func (c *appChange) wasPrimary(v *convention.Version) bool {
	return c.appBefore.WasPrimary(v) || c.stamped(v)
}

// stamped reports whether a stamp shows that the version was promoted before, with the containers that it has now.
func (c *appChange) stamped(v *convention.Version) bool {
	if v != c.new {
		return !v.PromotedAt.IsZero()
	}
	return c.old != nil && !c.old.PromotedAt.IsZero() && c.old.Containers() == v.Containers()
}

// moved describes what part of the traffic the request takes from the version applied, as declared; nil for none.
func (c *appChange) moved() *input.Moved {
	if c.old == nil || c.new == nil || c.old.Name != c.new.Name {
		return nil
	}
	before, after := c.appBefore.Declared(), c.appAfter.Declared()
	percent := convention.Of(before, c.new.Name) - convention.Of(after, c.new.Name)
	if len(after) == 0 || percent <= 0 {
		return nil
	}
	out := &input.Moved{Percent: percent, What: c.said()}
	for _, x := range after {
		if x.Percent > convention.Of(before, x.Version.Name) {
			out.To = append(out.To, x.Version.Name)
		}
	}
	return out
}

// said is what the request changes of the version's role or weight: "weight 100 → 10".
func (c *appChange) said() string {
	was, is := c.appBefore.Role(c.old), c.appAfter.Role(c.new)
	if was == is && c.old.Weight != c.new.Weight {
		return fmt.Sprintf("weight %d → %d", c.old.Weight, c.new.Weight)
	}
	return fmt.Sprintf("%s → %s", was, is)
}
