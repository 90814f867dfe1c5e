package judge

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/route"
)

// Change is what became of one object; nil for one that was or is not there.
type Change struct{ Old, New fact.Fact }

// Affected names the objects whose verdict the changes of facts may change: the objects themselves, the routes that
// reach them, the other versions of their apps, the tables with which they may have a conflict, and those that they led
// to or lead to now; of a Namespace those whose API groups it lists. Indexes find them, but for those led to, which are
// looked for once.
func (j *Judge) Affected(ctx context.Context, changes []Change, facts *inventory.Store) (ids []route.ID, err error) {
	var leading []*fact.Table
	for _, c := range changes {
		near, err := j.affectedNear(ctx, c, facts)
		if err != nil {
			return nil, err
		}
		ids = append(ids, near...)
		leading = append(leading, c.leading()...)
	}
	below, err := j.below(ctx, leading, facts)
	return append(ids, below...), err
}

// affectedNear are those that indexes find.
func (j *Judge) affectedNear(ctx context.Context, c Change, facts *inventory.Store) (ids []route.ID, err error) {
	for _, f := range []fact.Fact{c.Old, c.New} {
		if f == nil {
			continue
		}
		near, err := j.near(ctx, f, facts)
		if err != nil {
			return nil, err
		}
		ids = append(append(ids, f.Identity()), near...)
	}
	if ns, ok := c.New.(*fact.Namespace); ok {
		was, _ := c.Old.(*fact.Namespace)
		return inListOf(ctx, ids, was, ns, facts)
	}
	before, after := tableOf(c.Old), tableOf(c.New)
	if t := cmp.Or(before, after); t != nil && (before == nil || after == nil) {
		naming, err := j.naming(ctx, t, facts)
		if err != nil {
			return nil, err
		}
		ids = append(ids, naming...)
	}
	return ids, nil
}

// leading are the states of a table that leads elsewhere, or otherwise, than before.
func (c Change) leading() (out []*fact.Table) {
	before, after := tableOf(c.Old), tableOf(c.New)
	if sameWays(parent(before), parent(after)) && (parent(after) == nil || sameRequests(before, after)) {
		return nil
	}
	for _, t := range []*fact.Table{before, after} {
		if t != nil && t.Parent != nil {
			out = append(out, t)
		}
	}
	return out
}

// inListOf adds the tables of a Namespace whose list of API groups changes.
func inListOf(
	ctx context.Context, ids []route.ID, was, now *fact.Namespace, facts fact.Reader,
) ([]route.ID, error) {
	if was != nil && slices.Equal(was.APIGroups, now.APIGroups) {
		return ids, nil
	}
	tables, err := facts.TablesLed(ctx, fact.Led{Namespace: now.Name}, 0, func(*fact.Table) bool { return true })
	return identities(ids, tables), err
}

// near are the objects that an index finds.
func (j *Judge) near(ctx context.Context, f fact.Fact, facts fact.Reader) (ids []route.ID, err error) {
	var backends []route.ID
	switch f := f.(type) {
	case *fact.Workload:
		var versions []*fact.Workload
		if backends, err = j.backendsOf(ctx, f, facts); err == nil && f.Version != nil {
			if versions, err = facts.App(ctx, appOf(f.Version)); err == nil {
				ids = identities(ids, versions)
				versions, err = j.joining(ctx, facts, f.Version)
			}
		}
		ids = identities(ids, versions)
	case *fact.Table:
		var near []*fact.Table
		if near, err = neighbours(ctx, f, facts); err == nil && f.App != "" { // whose primary the record tells
			var versions []*fact.Workload
			versions, err = facts.App(ctx, fact.AppOf(f))
			ids = identities(ids, versions)
		}
		ids = identities(ids, near)
		if err == nil {
			ids, err = servicesUnder(ctx, ids, f, facts)
		}
		if err == nil {
			near, err = besideOrReferring(ctx, f, facts)
			ids = identities(ids, near)
		}
		if err == nil {
			ids, err = j.rootsBehind(ctx, ids, f, facts)
		}
	case *fact.Backend:
		backends = []route.ID{f.ID}
		if f.Service.Name != "" { // which lists its port or not
			ids = append(ids, (&fact.Service{Ref: f.Service}).Identity())
		}
	case *fact.Service:
		var over []*fact.Backend
		over, err = facts.BackendsOf(ctx, f.Ref)
		backends = identities([]route.ID{f.Identity()}, over)
	case *fact.Namespace: // see [inListOf]
	default:
		return nil, fmt.Errorf("what a %T affects is not said", f)
	}
	for _, id := range backends {
		var tables []*fact.Table
		if err == nil {
			tables, err = facts.TablesTo(ctx, id)
		}
		ids = identities(ids, tables)
	}
	return ids, err
}

// servicesUnder adds the Services to which the table's routes lead, whose ports matter only to those that do. Of many
// backends only some are followed.
func servicesUnder(ctx context.Context, ids []route.ID, t *fact.Table, facts fact.Reader) ([]route.ID, error) {
	from := len(ids)
	for i := range t.Routes {
		for _, to := range t.Routes[i].Destinations {
			if !to.Backend.Known() || len(ids)-from >= maxNamed {
				continue
			}
			id := to.Backend.ID
			if id.GroupKind != fact.ServiceKind {
				b, err := facts.Backend(ctx, id)
				if err != nil {
					return nil, err
				}
				if b == nil || b.Service.Name == "" {
					continue
				}
				id = (&fact.Service{Ref: b.Service}).Identity()
			}
			if !slices.Contains(ids[from:], id) {
				ids = append(ids, id)
			}
		}
	}
	return ids, nil
}

// besideOrReferring are the roots that serve a domain of the root's, or have its encryption or one of its server names,
// or the tables that refer to the list.
func besideOrReferring(ctx context.Context, t *fact.Table, facts fact.Reader) (out []*fact.Table, err error) {
	if t.Led {
		return nil, nil
	}
	if t.Entry == nil {
		return facts.TablesTo(ctx, t.ID)
	}
	for _, key := range t.Entry.Keys() {
		roots, err := facts.RootsOf(ctx, key)
		if err != nil {
			return nil, err
		}
		out = append(out, roots...)
	}
	return out, nil
}

// below are the tables that the tables lead to, by way of others, too.
func (j *Judge) below(ctx context.Context, tables []*fact.Table, facts *inventory.Store) (ids []route.ID, err error) {
	of := map[dialect.Dialect][]*fact.Table{}
	for _, t := range tables {
		in := j.kinds.Dialect(t.GroupKind)
		of[in] = append(of[in], t)
	}
	for in, tables := range of {
		parents, err := in.Parents(ctx, facts)
		if err != nil {
			return nil, err
		}
		led, err := facts.TablesLed(ctx, fact.Led{Namespace: fact.AllNamespaces}, 0, parents.Below(tables...))
		if err != nil {
			return nil, err
		}
		ids = identities(ids, led)
	}
	return ids, nil
}

// parent is how the table hands on requests, be it until it is gone; nil if it does not.
func parent(t *fact.Table) fact.Parent {
	if t == nil {
		return nil
	}
	return t.Parent
}

// sameWays reports whether both lead to the same tables in the same way.
func sameWays(a, b fact.Parent) bool {
	if a == nil {
		a, b = b, a
	}
	return a == nil || a.Same(b)
}

func identities[F fact.Fact](ids []route.ID, of []F) []route.ID {
	for _, f := range of {
		ids = append(ids, f.Identity())
	}
	return ids
}

// backendsOf returns what destinations may name to reach the workload: the backends and Services
// that hold its pods, and the backend that by convention would.
func (j *Judge) backendsOf(ctx context.Context, w *fact.Workload, facts fact.Reader) ([]route.ID, error) {
	found := map[route.ID]struct{}{}
	into, err := facts.BackendsInto(ctx, w.Namespace)
	if err != nil {
		return nil, err
	}
	for _, b := range into {
		selector, err := selectorOf(ctx, b, facts)
		if err != nil {
			return nil, err
		}
		if selector != nil && w.Carries(selector) {
			found[b.ID] = struct{}{}
		}
	}
	services, err := facts.ServicesRouted(ctx, w.Namespace)
	if err != nil {
		return nil, err
	}
	for _, s := range services {
		if len(s.Selector) > 0 && !s.External && w.Carries(s.Selector) {
			found[s.Identity()] = struct{}{}
		}
	}
	if app := w.Labels[j.settings.Keys.App]; app != "" {
		for _, kind := range j.kinds.Written() {
			if kind.Role == dialect.Backend {
				id := route.ID{GroupKind: kind.GroupKind(), Ref: route.Ref{Namespace: w.Namespace, Name: app}}
				found[id] = struct{}{}
			}
		}
	}
	return slices.Collect(maps.Keys(found)), nil
}

// selectorOf returns the labels of the pods behind a backend; nil if there are none to be found.
func selectorOf(ctx context.Context, b *fact.Backend, facts fact.Reader) (map[string]string, error) {
	if len(b.Selector) > 0 {
		return b.Selector, nil
	}
	s, err := facts.Service(ctx, b.Service)
	if s == nil || len(s.Selector) == 0 {
		return nil, err
	}
	return s.Selector, nil
}
