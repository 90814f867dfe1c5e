package judge

import (
	"context"
	"reflect"
	"slices"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"aviary.dev/convention"
	"aviary.dev/dialect"
	"aviary.dev/policy/input"
)

// author describes whether the author of the request may have the siblings changed that it changes:
// Aviary acts for the author, who must not get further through it. It asks only if the request
// changes what the siblings will be, or has Aviary delete some. Of a deletion what follows for the weights
// is not asked, but whether another version leads to other paths.
func (c *appChange) author(ctx context.Context, siblings []sibling) (*input.Author, error) {
	if c.request.May == nil || c.request.Operation == Scale {
		return nil, nil
	}
	gone, err := c.removed(ctx)
	changes := c.leadsElsewhere() || c.new != nil && c.changesSiblings()
	if err != nil || len(gone) == 0 && !changes {
		return nil, err
	}
	if c.new == nil && changes {
		if siblings, err = c.siblings(ctx); err != nil {
			return nil, err
		}
	}
	ns, err := c.namespace()
	if err != nil {
		return nil, err
	}
	out := &input.Author{User: c.request.User}
	if ns != nil && (c.new != nil || ns.Labels[convention.KeySelfService] == "true") { // who forbids siblings lets them go
		out.SelfService = ns.Labels[convention.KeySelfService]
	}
	if out.SelfService != "true" && out.SelfService != "false" {
		lacks, unknown := c.lacks(ctx, siblings, gone)
		out.Lacks = &lacks
		if unknown != nil {
			out.Unknown = unknown.Error()
		}
	}
	return out, nil
}

// leadsElsewhere reports whether the app's table gets other paths or is led to by others, or would once this version,
// which says so, leads: that may come without a request.
func (c *appChange) leadsElsewhere() bool {
	if len(c.appBefore.Versions) > 0 && len(c.appAfter.Versions) > 0 && (c.appBefore.APIGroup() != c.appAfter.APIGroup() ||
		!slices.Equal(c.appBefore.Paths(), c.appAfter.Paths())) {
		return true
	}
	if c.new == nil || len(c.new.Paths) == 0 && (c.new.APIGroup == "" || c.new.APIGroup == c.appAfter.APIGroup()) {
		return false
	}
	alone := c.plannedAlone()
	return alone != nil && len(alone.Routes) > 0
}

func (c *appChange) changesSiblings() bool {
	same := func(a, b convention.Share) bool { return a.Percent == b.Percent && a.Version.Name == b.Version.Name }
	if !slices.EqualFunc(c.appBefore.Traffic(nil).Shares, c.plan.Shares, same) {
		return true // which is seen faster than in what comes of it
	}
	if !reflect.DeepEqual(c.written(c.appBefore, c.appBefore.Plan(nil)), c.written(c.appAfter, c.plan)) {
		return true
	}
	before, after := untilHandedOver(c.appBefore), untilHandedOver(c.appAfter)
	return (before != c.appBefore || after != c.appAfter) &&
		!reflect.DeepEqual(c.written(before, before.Plan(nil)), c.written(after, after.Plan(nil)))
}

// written is what of a plan Aviary writes to siblings.
func (c *appChange) written(app *convention.App, p convention.Plan) convention.Plan {
	p.Shares, p.Used = nil, nil // shares name versions, whose other fields don't matter here
	for _, kind := range c.kinds.Written() {
		if kind.Role == dialect.Backend && app.Uses(kind.Use()) {
			p.Backends = slices.DeleteFunc(slices.Clone(p.Backends), func(b convention.Backend) bool {
				return b.Name == convention.BackendName(app.Name)
			})
		}
	}
	if len(p.Backends) == 0 {
		p.Backends = nil
	}
	return p
}

// right is what the author needs for one kind of sibling.
type right struct {
	verb string
	kind *dialect.Kind
}

// lacks returns the rights that the author would need and has not, as "create
// upstreams.gloo.solo.io": one for each kind of sibling, by the first of them, and one for each kind of which some go.
func (c *appChange) lacks(ctx context.Context, siblings, gone []sibling) ([]string, error) {
	var needed []right
	asked := map[schema.GroupKind]bool{}
	for _, s := range siblings {
		if asked[s.id.GroupKind] {
			continue
		}
		asked[s.id.GroupKind] = true
		verb := "create"
		if s.fact != nil {
			verb = "update"
		}
		needed = append(needed, right{verb, s.kind})
	}
	for _, s := range gone {
		if r := (right{"delete", s.kind}); !slices.Contains(needed, r) {
			needed = append(needed, r)
		}
	}
	out := []string{}
	for _, r := range needed {
		ok, err := c.request.May(ctx, r.verb, r.kind.GroupKind())
		if err != nil {
			return out, err
		}
		if !ok {
			out = append(out, r.verb+" "+r.kind.GroupResource().String())
		}
	}
	return out, nil
}
