package judge

import (
	"cmp"
	"context"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"aviary.dev/inventory"
	"aviary.dev/route"
)

// stranded is a hand-made route that would send traffic to nobody.
type stranded struct {
	table    inventory.ID
	field    string
	version  string
	upstream route.Ref
	others   []string // The versions that would still be deployed.
}

// TakesAway reports whether the request takes a workload away from what it serves, or out of its app: allowing that on
// what a cache says may strand a route that the cache has not seen yet.
func (r Request) TakesAway() bool {
	old, _ := r.Old.(*inventory.Workload)
	if old == nil || !old.Deployed() || r.Operation == Audit {
		return false
	}
	now, _ := r.New.(*inventory.Workload)
	return now == nil || !now.Deployed() || !now.Carries(old.Labels) || appOf(old.Version) != appOf(now.Version)
}

// scaled reports whether the request takes a workload from some replicas to none.
func (r Request) scaled() bool {
	old, _ := r.Old.(*inventory.Workload)
	now, _ := r.New.(*inventory.Workload)
	return old != nil && now != nil && old.Replicas > 0 && now.Replicas == 0
}

// stranded finds the routes that the workload serves now and that nobody would serve after the request.
func (j *Judge) stranded(ctx context.Context, r Request, before, after inventory.Reader) ([]stranded, error) {
	if !r.TakesAway() {
		return nil, nil // it goes on serving all that it served
	}
	old := r.Old.(*inventory.Workload)
	refs, err := j.upstreamsOf(ctx, old, after)
	if err != nil {
		return nil, err
	}
	var out []stranded
	res := &resolver{facts: after, app: j.settings.Keys.App}
	for ref := range refs {
		tables, err := after.TablesTo(ctx, ref)
		if err != nil {
			return nil, err
		}
		for _, t := range tables {
			if t.Retire || t.App != "" && t.Identity() == tableID(route.Ref{Namespace: t.Ref.Namespace, Name: t.App}) {
				continue // it is planned anew
			}
			out = append(out, strandedIn(ctx, t, ref, old, res)...)
		}
	}
	if len(out) == 0 {
		return nil, nil
	}
	if going, err := j.retiring(ctx, old, before, after); going || err != nil {
		return nil, err
	}
	slices.SortFunc(out, func(a, b stranded) int {
		return cmp.Or(cmp.Compare(a.table.Namespace, b.table.Namespace), cmp.Compare(a.table.Name, b.table.Name), cmp.Compare(a.field, b.field), cmp.Compare(a.version, b.version))
	})
	return slices.CompactFunc(out, func(a, b stranded) bool {
		return a.table == b.table && a.field == b.field && a.version == b.version && a.upstream == b.upstream
	}), nil
}

// retiring reports whether the workload's app is going, or went before the request.
func (j *Judge) retiring(ctx context.Context, w *inventory.Workload, worlds ...inventory.Reader) (bool, error) {
	if w.Version == nil {
		return false, nil
	}
	for _, facts := range worlds {
		app, err := App(ctx, facts, appOf(w.Version), j.settings)
		if err != nil || app.Retiring() {
			return true, err
		}
	}
	return false, nil
}

// strandedIn finds the table's routes through one upstream that the workload served.
func strandedIn(ctx context.Context, t *inventory.Table, upstream route.Ref, old *inventory.Workload, after *resolver) []stranded {
	var out []stranded
	for _, x := range t.Routes {
		for _, d := range x.Destinations {
			if d.Upstream != upstream || !x.Receives(d) || len(d.Subset) == 0 || !old.Carries(d.Subset) {
				continue
			}
			if to := after.resolve(ctx, d); to.deployed != nil && !*to.deployed {
				out = append(out, stranded{t.Identity(), x.Field, label(d), upstream, to.others})
			}
		}
	}
	return out
}

// upstreamsOf gives the Upstreams that hold the workload's pods, and the one that by convention would.
func (j *Judge) upstreamsOf(ctx context.Context, w *inventory.Workload, facts inventory.Reader) (map[route.Ref]struct{}, error) {
	refs := map[route.Ref]struct{}{}
	into, err := facts.UpstreamsInto(ctx, w.Namespace)
	if err != nil {
		return nil, err
	}
	for _, u := range into {
		_, selector, err := endpoints(ctx, facts, u, u.Ref, j.settings.Keys.App)
		if err != nil {
			return nil, err
		}
		if selector != nil && w.Carries(selector) {
			refs[u.Ref] = struct{}{}
		}
	}
	if app := w.Labels[j.settings.Keys.App]; app != "" {
		refs[route.Ref{Namespace: w.Namespace, Name: app}] = struct{}{}
	}
	return refs, nil
}

func (j *Judge) strandedTerms(list []stranded) []*ast.Term {
	out := make([]*ast.Term, 0, len(list))
	for _, s := range list {
		o := j.build.Object()
		o.String("object", s.table.Kind+" "+s.table.String())
		o.String("kind", s.table.Kind)
		o.String("namespace", s.table.Namespace)
		o.String("name", s.table.Name)
		o.String("field", s.field)
		o.String("version", s.version)
		o.String("upstream", s.upstream.String())
		o.Strings("others", s.others)
		out = append(out, o.Done())
	}
	return out
}
