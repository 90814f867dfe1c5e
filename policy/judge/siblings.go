package judge

import (
	"context"

	"aviary.dev/convention"
	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/policy/input"
	"aviary.dev/route"
)

// sibling is an object that the plan needs, as found; its fact is nil if there is none.
type sibling struct {
	id   route.ID
	kind *dialect.Kind
	fact fact.Fact
}

// siblings looks up what has the names that the plan needs.
func (c *appChange) siblings(ctx context.Context) ([]sibling, error) {
	var out []sibling
	for _, s := range c.kinds.Writer().Siblings(c.appAfter, c.plan) {
		f, err := c.find(ctx, s.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, sibling{s.ID, c.kinds.Of(s.GroupKind), f})
	}
	return out, nil
}

// find looks an object up, but for the app's table, which is known.
func (c *appChange) find(ctx context.Context, id route.ID) (fact.Fact, error) {
	switch {
	case id != c.kinds.Table(c.app):
		return fact.Find(ctx, c.after, id)
	case c.table == nil:
		return nil, nil
	}
	return c.table, nil
}

func (c *appChange) describeSiblings(found []sibling) []input.Sibling {
	out := make([]input.Sibling, 0, len(found))
	for _, s := range found {
		state := fact.StateOf(s.fact)
		next := input.Sibling{
			Kind: s.id.Kind, Namespace: s.id.Namespace, Name: s.id.Name, Use: s.kind.Use(),
			Exists: s.fact != nil, Managed: s.fact != nil && state.KeptFor(c.app.Name, c.living),
		}
		if s.kind.Role == dialect.Backend && s.id.Name != convention.BackendName(c.app.Name) {
			next.Use, next.Shadow = "", c.appAfter.With(convention.Shadow)[0].Name
		}
		out = append(out, next)
	}
	return out
}
